"""Sums of frames, pixel by pixel."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...errors import NightglassError
from .apertures import common_shape
from .bands import work_on_bands
from .blocks import Window, zero_of
from .pool import Watch, count_frames, run, threads_of
from .reading import Adding
from .views import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..cube_header import CubeHeader
    from .pool import Span
    from .reading import Reader
    from .recipe import Recipe

# So many counts of 65535 fit into 32 bits.
_MOST_FRAMES = 1 << 16
# Rows that one thread finishes at once.
_PIECE_ROWS = 64


class Stack(NamedTuple):
    """Sums by group.

    Attributes
    ----------
    sum_e : ndarray of float64, shape (n_groups, rows, columns)
        Electrons; cosmic rays left out, nothing put in their place.
    good : ndarray of int64, shape (n_groups, rows, columns)
        Frames that counted.
    frames : ndarray of int64, shape (n_groups,)
        Frames of each group.
    """

    sum_e: NDArray[np.float64]
    good: NDArray[np.int64]
    frames: NDArray[np.int64]


def stack(
    cubes: Sequence[CubeHeader],
    recipe: Recipe,
    *,
    groups: NDArray[np.int16] | None = None,
    n_groups: int = 1,
    clip: bool = False,
    ctx: JobContext | None = None,
    threads: int | None = None,
    mapping: bool | None = None,
) -> Stack:
    """Add up the electrons of each pixel over the frames of each group.

    Counts are added as whole numbers: the result does not depend on the number of threads.

    Parameters
    ----------
    cubes : sequence of CubeHeader
        Frames are numbered through them in this order; a cube may occur twice.
    recipe : Recipe
        Counts to electrons.
    groups : ndarray of int16, shape (n_frames,), or None
        Group of each frame from 0; -1 leaves a frame out. None: all frames in group 0.
    n_groups : int
        How many groups there are.
    clip : bool
        Round the electrons of each frame to whole numbers first (half to even).
    ctx : JobContext or None
        Told of the progress in frames; looked at for a cancel.
    threads : int or None
        None for one per processor.
    mapping : bool or None
        True maps the files, False reads them, None takes the faster way that is safe.

    Returns
    -------
    Stack

    Raises
    ------
    NightglassError
        If there are no cubes, one cannot be read, or they differ in shape.
    ValueError
        If the groups do not fit.
    Cancelled
        If the job was cancelled.
    """
    shape = shape_of_cubes(cubes, recipe)
    total = count_frames(cubes)
    chosen = checked_groups(groups, n_groups, total)
    sums = (_RoundedSums if clip else _CountSums)(recipe, (n_groups, *shape), chosen)
    work_on_bands(
        cubes, recipe, Window(0, shape[0], 0, shape[1]), sums.add,
        n_frames=total, ctx=ctx, threads=threads, mapping=mapping,
    )  # fmt: skip
    frames = np.bincount(chosen[chosen >= 0], minlength=n_groups).astype(np.int64)
    return Stack(*_finished(sums, frames, zero_of(cubes[0]), threads_of(threads)), frames)


def _finished(
    sums: _CountSums | _RoundedSums, frames: NDArray[np.int64], zero_adu: int, threads: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Electrons and frames that counted; by all threads, as it fills much fresh memory."""
    sum_e, good = np.empty(sums.lost.shape), np.empty(sums.lost.shape, np.int64)

    def finish(rows: slice) -> None:
        np.subtract(frames[:, None, None], sums.lost[:, rows], out=good[:, rows])
        sums.fill(rows, good[:, rows], zero_adu, sum_e[:, rows])

    pieces = [slice(begin, begin + _PIECE_ROWS) for begin in range(0, good.shape[1], _PIECE_ROWS)]
    run([partial(finish, rows) for rows in pieces], Watch(None, 0), threads)
    return sum_e, good


def shape_of_cubes(cubes: Sequence[CubeHeader], recipe: Recipe) -> tuple[int, int]:
    """Shape of the cropped frames of cubes that can be added up.

    Raises
    ------
    NightglassError
        If there are none, or they differ in shape or in the way counts are stored.
    """
    if not cubes:
        raise NightglassError("No frames", "There are no cubes.", "Choose a capture.")
    for cube in cubes:
        if zero_of(cube) != zero_of(cubes[0]):
            raise NightglassError(
                "Counts stored in different ways",
                f"{cube.path.name} stores its counts otherwise than {cubes[0].path.name}.",
                "Measure them separately.",
                cube.path,
            )
    return common_shape(cubes, recipe)


def checked_groups(
    groups: NDArray[np.int16] | None, n_groups: int, total: int
) -> NDArray[np.int16]:
    """Groups of all frames.

    Raises
    ------
    ValueError
        If they do not fit.
    """
    if groups is None:
        return np.zeros(total, np.int16)
    if groups.shape != (total,):
        raise ValueError(f"there are groups of {groups.shape} frames, not of {total}")
    if total and not (groups.min() >= -1 and groups.max() < n_groups):
        raise ValueError(f"groups are -1 to {n_groups - 1}")
    return groups.astype(np.int16)


class _CountSums:
    """Sums of counts."""

    def __init__(
        self, recipe: Recipe, shape: tuple[int, int, int], groups: NDArray[np.int16]
    ) -> None:
        self._recipe = recipe
        self._groups = groups
        self._totals = np.zeros(shape, np.uint32)
        many = groups.size > _MOST_FRAMES
        self._large = np.zeros(shape if many else (0, 0, 0), np.uint64)
        self._waiting = np.zeros(shape[1], np.int64)
        self.lost = np.zeros(shape, np.uint32)

    def add(self, reader: Reader, span: Span, watch: Watch, band: Window) -> None:
        """Add a band of a span of frames."""
        from . import sum_kernels

        self._make_room(band, span.frames)
        inner = inner_rows(reader, band)
        add = Adding(self._groups, inner, band.first_row, self._totals)
        for batch in reader.batches(span, watch, add):
            sum_kernels.take_out(
                *batch[:7], frozen(self._groups[batch.numbers]), inner, band.first_row,
                self._totals, self.lost,
            )  # fmt: skip

    def _make_room(self, band: Window, frames: int) -> None:
        """Move the sums of a band on before they overflow."""
        rows = slice(band.first_row, band.last_row)
        if self._waiting[band.first_row] + frames > _MOST_FRAMES:
            self._large[:, rows] += self._totals[:, rows]
            self._totals[:, rows] = 0
            self._waiting[rows] = 0
        self._waiting[rows] += frames

    def fill(
        self, rows: slice, good: NDArray[np.int64], zero_adu: int, out: NDArray[np.float64]
    ) -> None:
        """Write electrons: (sum of counts - good x offset) / gain - good x pedestal."""
        from . import sum_kernels

        recipe, nothing = self._recipe, np.zeros((0, 0))
        scale = (float(zero_adu), float(recipe.offset_adu), float(recipe.adu_per_electron))
        known = recipe.pedestal_e
        pedestal = frozen(nothing if known is None else np.asarray(known[rows], np.float64))
        for group, count in enumerate(good):
            large = self._large[group, rows] if self._large.size else nothing.astype(np.uint64)
            sum_kernels.to_electrons(
                self._totals[group, rows], large, count, scale, pedestal, out[group]
            )


class _RoundedSums:
    """Sums of whole electrons."""

    def __init__(
        self, recipe: Recipe, shape: tuple[int, int, int], groups: NDArray[np.int16]
    ) -> None:
        del recipe
        self._groups = groups
        self._totals = np.zeros(shape, np.int64)
        self.lost = np.zeros(shape, np.uint32)

    def add(self, reader: Reader, span: Span, watch: Watch, band: Window) -> None:
        """Add a band of a span of frames."""
        from . import sum_kernels

        inner = inner_rows(reader, band)
        for batch in reader.batches(span, watch):
            sum_kernels.add_rounded(
                *batch[:7], frozen(self._groups[batch.numbers]), inner, band.first_row,
                self._totals, self.lost,
            )  # fmt: skip

    def fill(
        self, rows: slice, good: NDArray[np.int64], zero_adu: int, out: NDArray[np.float64]
    ) -> None:
        """Write electrons."""
        del good, zero_adu
        out[:] = self._totals[:, rows]


def inner_rows(reader: Reader, band: Window) -> tuple[int, int]:
    """Rows of the reader's windows that belong to the band."""
    first = band.first_row - reader.window.first_row
    return first, first + band.last_row - band.first_row
