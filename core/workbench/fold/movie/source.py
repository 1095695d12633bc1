"""Images by phase as series that the frame view shows like frames of a capture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ....frames.encoding import Encoding
from ....frames.source import check_index, row_range
from ....frames.times import FrameTime, FrameTimes, unknown_times
from ....timing.pulse.ranges import PhaseRange
from ...stand_in import Label

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from ....lightspeed.fold.movie.phase_images import OnMinusOff, PhaseImages

    Plane = NDArray[np.float32]

_FLOATS = Encoding("<f4")
DIFFERENCE, RATIO = 0, 1
OLD = " (old)"


@dataclass(frozen=True)
class TurnedImages:
    """Images by phase with the phase offset of the fold, bins in the order of their phases.

    Attributes
    ----------
    images : PhaseImages
    offset : float
        Turns added to all phases; whole bins and parts of them.
    path : Path
        First file of the capture.
    shape : tuple of int
        Rows and columns of its frames.
    factor : int
        Rows and columns of the frames in one of the images.
    is_old : bool
        Whether they are of another par file, frequency, number of bins or timing by now.
    """

    images: PhaseImages
    offset: float
    path: Path
    shape: tuple[int, int]
    factor: int
    is_old: bool = False

    @property
    def n_bins(self) -> int:
        """Bins in a turn."""
        return self.images.n_bins

    @property
    def brightest(self) -> int:
        """Place of the bin with the brightest mean frame."""
        counted = self.images.rows_counted.sum(axis=1).astype(np.float64)
        sums = self.images.sums.sum(axis=(1, 2)).astype(np.float64)
        mean = np.divide(sums, counted, out=np.zeros(self.n_bins), where=counted > 0)
        return (int(np.argmax(mean)) - self._first()) % self.n_bins

    def phase(self, place: int) -> float:
        """Middle of a bin, turns; the first one is at most a bin's width above zero."""
        return (self._bin(place) + 0.5) / self.n_bins + self.offset - self._turns(place)

    def frames(self, place: int) -> int:
        """Frames in a bin."""
        return int(self.images.frames[self._bin(place)])

    def mean_adu(self, place: int) -> Plane:
        """Mean frame of a bin in counts with the detector offset, as large as a frame."""
        scale = self.images.scale
        electrons = self.images.mean_e(self._bin(place))
        return self._whole(electrons * scale.adu_per_electron + scale.offset_adu)

    def on_minus_off(self, on: PhaseRange, off: PhaseRange) -> OnMinusOff:
        """Subtract the mean image of some phases from that of others; ranges hold the offset."""
        return self.images.on_minus_off(self._turned_back(on), self._turned_back(off))

    def whole(self, image: NDArray[np.float64]) -> Plane:
        """An image as large as a frame."""
        return self._whole(image)

    def _first(self) -> int:
        """Bin whose middle has the smallest phase."""
        middles = (np.arange(self.n_bins) + 0.5) / self.n_bins + self.offset
        return int(np.argmin(middles - np.floor(middles)))

    def _bin(self, place: int) -> int:
        return (place + self._first()) % self.n_bins

    def _turns(self, place: int) -> float:
        return float(np.floor((self._bin(place) + 0.5) / self.n_bins + self.offset))

    def _turned_back(self, phases: PhaseRange) -> PhaseRange:
        if phases.start == phases.stop:
            return phases
        return PhaseRange(phases.start - self.offset, phases.stop - self.offset)

    def _whole(self, image: NDArray[np.float64]) -> Plane:
        plane = image.astype(np.float32)
        if self.factor > 1:
            plane = plane.repeat(self.factor, axis=0).repeat(self.factor, axis=1)
        plane = np.ascontiguousarray(plane[: self.shape[0], : self.shape[1]])
        plane.flags.writeable = False
        return plane


class _Made:
    """Images that are made when they are read, the last one kept; a `Series`."""

    title = ""
    n_frames = 0

    def __init__(self, images: TurnedImages) -> None:
        self.images = images
        self.path, self.shape, self.encoding = images.path, images.shape, _FLOATS
        self.name = self.title + (OLD if images.is_old else "")
        self.generation = 0
        self._last: tuple[int, Plane] | None = None

    def read_raw(
        self, index: int, rows: slice | None = None, into: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Values of an image; see `FrameSource.read_raw`."""
        check_index(index, self.n_frames)
        last = self._last
        if last is None or last[0] != index:
            last = self._last = index, self._image(index)
        first, end = row_range(rows, self.shape[0])
        part = last[1][first:end]
        if into is None:
            return part
        into[...] = part
        return into

    def read(self, index: int, rows: slice | None = None) -> NDArray[Any]:
        """Values of an image in a fresh array."""
        return self.read_raw(index, rows).copy()

    def frame_time(self, index: int) -> FrameTime | None:
        """None: these images are of no time."""
        check_index(index, self.n_frames)
        return None

    def frame_times(self) -> FrameTimes:
        """Not known."""
        return unknown_times(self.n_frames)

    def close(self) -> None:
        """Nothing is open."""

    def _image(self, index: int) -> Plane:
        raise NotImplementedError


class PhaseSeries(_Made):
    """Mean frame of each bin of phase, counts with the detector offset.

    Parameters
    ----------
    images : TurnedImages
    """

    title = "Phase movie"

    def __init__(self, images: TurnedImages) -> None:
        super().__init__(images)
        self.n_frames = images.n_bins

    def label(self, index: int) -> Label:
        """Phase of an image."""
        phase = self.images.phase(index)
        slug = f"phase{index + 1}of{self.n_frames}"
        return Label("counts", self.name, f"{self.name}  phase {phase:.3f}", slug, "ADU", phase)

    def _image(self, index: int) -> Plane:
        return self.images.mean_adu(index)


class OnMinusOffSeries(_Made):
    """Mean frame on the pulse minus that off it, in counts, and its signal-to-noise ratio.

    Parameters
    ----------
    images : TurnedImages
    on, off : PhaseRange
    """

    title = "On \N{MINUS SIGN} off"
    n_frames = 2

    def __init__(self, images: TurnedImages, on: PhaseRange, off: PhaseRange) -> None:
        super().__init__(images)
        self.on, self.off = on, off
        self._both: OnMinusOff | None = None

    def label(self, index: int) -> Label:
        """Which of the two it is, and of which phases."""
        is_ratio = index == RATIO
        title = f"S/N of {self.name[0].lower()}{self.name[1:]}" if is_ratio else self.name
        caption = f"{title}  on {self.on.text}, off {self.off.text}"
        if is_ratio:
            return Label("ratio", title, caption, "on-minus-off-snr", "")
        return Label("difference", title, caption, "on-minus-off")

    def _image(self, index: int) -> Plane:
        both = self._both
        if both is None:
            both = self._both = self.images.on_minus_off(self.on, self.off)
        if index == RATIO:
            return self.images.whole(both.signal_to_noise)
        return self.images.whole(both.image_e * self.images.images.scale.adu_per_electron)
