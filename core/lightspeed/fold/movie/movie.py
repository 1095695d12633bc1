"""The phase movie: a capture added up into one image for each bin of phase.

Counts are added as whole numbers, so that neither the order of frames and cubes nor the number of
threads matters. A frame goes whole into the bin that holds the phase of the middle of its exposure,
or each of its rows into that of its own phase where the rolling shutter is followed.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from ...reduce.blocks import zero_of
from ...reduce.views import frozen
from ...region_frames import CubeFrames
from .phase_images import PhaseImages
from .plan import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import ArrayLike, NDArray

    from ...calibration import CountScale
    from ...cube_header import CubeHeader
    from ...reduce.blocks import Window
    from .plan import Plan

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]
    Check = Callable[[], None]
    Stored = tuple[NDArray[np.uint16], Places, int, np.uint16]

# So many numbers of 16 bits can be added in 32 bits whatever they are: 65537 x 65535 = 2^32 - 1.
_MOST_ADDED = 65_537
# A thread of its own is worth it from so many bytes of each frame on.
_BAND_BYTES = 16 << 10


class PhaseMovie:
    """Images that grow as cubes are added; one thread at a time.

    Parameters
    ----------
    plan : Plan
    row_delay_turns : array_like of float64, shape (rows of the frames,), or None
        Added to the phase of a frame to get that of each row; see `row_delay_s`.
    threads : int
        Results do not depend on it.

    Attributes
    ----------
    cubes : int
        Cubes added.
    frames : ndarray of int64, shape (n_bins,)
        Frames added, by the phases given.
    frames_without_phase : int
        Frames left out.
    """

    def __init__(
        self, plan: Plan, row_delay_turns: ArrayLike | None = None, threads: int = 1
    ) -> None:
        self.plan = plan
        delays = np.zeros(plan.frame_shape[0]) if row_delay_turns is None else row_delay_turns
        self._delays = np.array(delays, np.float64)
        if self._delays.shape != plan.frame_shape[:1] or not np.isfinite(self._delays).all():
            raise refusal("There must be a finite delay for each row.", "")
        self._bands = list(_bands(plan, threads))
        self.clear()

    def clear(self) -> None:
        """Forget all that was added."""
        shape = (self.plan.n_bins, *self.plan.shape)
        self._sums, self._large = np.zeros(shape, np.uint32), np.zeros(shape, np.uint64)
        self._counted = np.zeros(shape[:2], np.int64)
        self._since_spilt = [0] * len(self._bands)
        self._zero_adu: int | None = None
        self.frames = np.zeros(self.plan.n_bins, np.int64)
        self.cubes = self.frames_without_phase = 0

    def add(self, header: CubeHeader, phases: ArrayLike, check: Check = lambda: None) -> None:
        """Add all frames of a cube.

        Parameters
        ----------
        header : CubeHeader
            Of frames of the planned shape.
        phases : array_like of float64, shape (n_frames,)
            Of the middles of the exposures, turns; a frame without a finite one is left out.
        check : callable
            Called now and then from any thread; ends the work by raising.

        Raises
        ------
        NightglassError
            If the cube does not fit, or cannot be read.

        Notes
        -----
        After an error the movie is as it was before where the cube did not fit, and otherwise
        empty: what had been added of the cube cannot be told apart any more.
        """
        turns = np.asarray(phases, np.float64)
        zero_adu = self._fitting_zero(header, turns)
        frames = np.flatnonzero(np.isfinite(turns))
        try:
            self._add_bands(header, frames, turns[frames], check)
        except BaseException:
            self.clear()
            raise
        self._zero_adu = zero_adu
        self.frames += _per_bin(turns[frames], self.plan.n_bins)
        self.frames_without_phase += turns.size - frames.size
        self.cubes += 1

    def images(self, scale: CountScale, read_noise_e: float) -> PhaseImages:
        """Give what was added so far, as a copy.

        Parameters
        ----------
        scale : CountScale
            Gain and offset.
        read_noise_e : float
            Of one pixel in one frame, electrons.
        """
        columns = self.plan.window.shape[1]
        edges = np.minimum(np.arange(self.plan.shape[1] + 1) * self.plan.factor, columns)
        return PhaseImages(
            sums=self._large + self._sums,
            rows_counted=self._counted.copy(),
            columns_counted=np.diff(edges),
            frames=self.frames.copy(),
            zero_adu=self._zero_adu or 0,
            scale=scale,
            read_noise_e=read_noise_e,
        )

    def _fitting_zero(self, header: CubeHeader, turns: Numbers) -> int:
        zero_adu = zero_of(header)
        told = ""
        if header.shape != self.plan.frame_shape:
            told = f"has frames of {header.shape} instead of {self.plan.frame_shape}"
        elif turns.shape != (header.n_frames,):
            told = f"has {header.n_frames} frames, but there are phases of shape {turns.shape}"
        elif self._zero_adu not in {None, zero_adu}:
            told = "counts from another zero than the cubes before"
        if told:
            raise refusal(f"{header.path.name} {told}.", "Leave this cube out.")
        return zero_adu

    def _add_bands(self, header: CubeHeader, frames: Places, turns: Numbers, check: Check) -> None:
        def work(number: int) -> None:
            self._add_band(number, CubeFrames(header), frames, turns, check)

        if len(self._bands) == 1:
            work(0)
            return
        with ThreadPoolExecutor(len(self._bands), "nightglass-movie") as pool:
            list(pool.map(work, range(len(self._bands))))

    def _add_band(
        self, number: int, source: CubeFrames, frames: Places, turns: Numbers, check: Check
    ) -> None:
        """Add some rows of the frames; no other thread touches those of the images."""
        band = self._bands[number]
        delays = frozen(self._delays[band.first_row : band.last_row])
        step = _MOST_ADDED // self.plan.factor**2
        for span, (flat, starts, stride, flip) in source.batches(frames, band, check):
            for first in range(0, starts.size, step):
                some = frozen(starts[first : first + step])
                phase = frozen(turns[span][first : first + step])
                self._make_room(number, some.size, step)
                self._add(band, (flat, some, stride, flip), phase, delays)

    def _make_room(self, number: int, frames: int, most: int) -> None:
        """Move sums to where they have 64 bits, before so many frames more might overflow them."""
        self._since_spilt[number] += frames
        if self._since_spilt[number] > most:
            rows = self._rows(self._bands[number])
            self._large[:, rows] += self._sums[:, rows]
            self._sums[:, rows] = 0
            self._since_spilt[number] = frames

    def _add(self, band: Window, stored: Stored, phase: Numbers, delays: Numbers) -> None:
        from .movie_kernels import add_frames, add_frames_coarsely

        top, (_, columns), factor = self._rows(band).start, band.shape, self.plan.factor
        images = self._sums, self._counted
        if factor == 1:
            add_frames(*stored, phase, delays, top, *images)
        else:
            add_frames_coarsely(*stored, phase, delays, columns, factor, top, *images)

    def _rows(self, band: Window) -> slice:
        """Rows of the images that some rows of the frames belong to."""
        begin, factor = self.plan.window.first_row, self.plan.factor
        return slice((band.first_row - begin) // factor, -(-(band.last_row - begin) // factor))


def _bands(plan: Plan, threads: int) -> Iterator[Window]:
    """Share rows out among threads, so that each pixel of the images belongs to one of them."""
    (rows, columns), first = plan.window.shape, plan.window.first_row
    parts = min(threads, plan.shape[0], 2 * rows * columns // _BAND_BYTES)
    edges = np.linspace(0, plan.shape[0], max(parts, 1) + 1).astype(int) * plan.factor
    for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        yield plan.window._replace(first_row=first + begin, last_row=first + min(end, rows))


def _per_bin(turns: Numbers, n_bins: int) -> Places:
    places = ((turns - np.floor(turns)) * n_bins).astype(np.int64) % n_bins
    return np.bincount(places, minlength=n_bins)
