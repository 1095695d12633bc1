"""Frames of a span, judged and handed over batch by batch."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .blocks import FrameWindows, Scratch, Window, zero_of
from .early_out import judge
from .recipe import shape_of
from .views import NO_RULE, TILE_COLUMNS, TILE_ROWS, Judge, Stored, frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ..cube_header import CubeHeader
    from .pool import Span, Watch
    from .recipe import Recipe

_BATCH_BYTES = 4 << 20
_MOST_FRAMES = 64
_LEAST_FRAMES = 2
_NO_TOTALS = np.zeros((0, 0, 0), np.uint32)


class Batch(NamedTuple):
    """Some frames at hand, with their cosmic rays.

    Attributes
    ----------
    stored, judge : Stored, Judge
        For the kernels.
    bases : ndarray of int64
        Starts of the windows, from frame `first` of the cube on.
    span : tuple of int
        First and last frame (the last not included), and frames of the cube.
    found, ends : ndarray of int64
        Flat indices of the cosmic rays in the window, and where each frame ends among them.
    numbers : slice
        The frames in arrays over all frames.
    """

    stored: Stored
    judge: Judge
    bases: NDArray[np.int64]
    first: int
    span: tuple[int, int, int]
    found: NDArray[np.int64]
    ends: NDArray[np.int64]
    numbers: slice


class Adding(NamedTuple):
    """Where counts are added up while frames are looked at.

    Attributes
    ----------
    groups : ndarray of int16
        Of all frames; those of group -1 are left out and not judged either.
    inner : tuple of int
        Rows of the window that count.
    top : int
        Row of the totals to which the first of them belongs.
    totals : ndarray of uint32, shape (n_groups, rows, columns)
    """

    groups: NDArray[np.int16]
    inner: tuple[int, int]
    top: int
    totals: NDArray[np.uint32]


def around(part: Window, shape: tuple[int, int]) -> Window:
    """Give the part of the frame with the pixels next to it."""
    rows, columns = shape
    return Window(
        max(0, part.first_row - 1),
        min(rows, part.last_row + 1),
        max(0, part.first_column - 1),
        min(columns, part.last_column + 1),
    )


def _inside(part: Window, window: Window, wanted: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    """Pixels of the window that are in the part and wanted."""
    inside = np.zeros(window.shape, np.bool_)
    first, left = part.first_row - window.first_row, part.first_column - window.first_column
    rows, columns = part.shape
    own = inside[first : first + rows, left : left + columns]
    own[:] = True if wanted is None else wanted[part.slices]
    return inside


def needed(first: int, last: int, frames: int) -> tuple[int, int]:
    """Frames to have at hand to judge some: two nearest other ones of each."""
    return max(0, min(first - 1, frames - 3)), min(frames, max(last + 1, 3))


def batch_frames(window: Window, header: CubeHeader) -> int:
    """How many windows are read at once: so many that they stay in the processor's cache."""
    rows, _ = window.shape
    return max(_LEAST_FRAMES, min(_MOST_FRAMES, _BATCH_BYTES // (2 * rows * header.columns)))


class Reader:
    """One window of every frame of some cubes, through one recipe.

    Parameters
    ----------
    cubes : sequence of CubeHeader
        Of one shape.
    recipe : Recipe
        What is made of them.
    part : Window
        Pixels that are judged; those around are read as well.
    wanted : ndarray of bool or None
        Of the cropped frame: pixels to be judged, all of `part` if None.
    mapping : bool or None
        As `blocks.FrameWindows`.
    own : threading.local or None
        Where each thread keeps its scratch memory, to be shared by several readers.
    """

    def __init__(
        self,
        cubes: Sequence[CubeHeader],
        recipe: Recipe,
        part: Window,
        wanted: NDArray[np.bool_] | None = None,
        mapping: bool | None = None,
        own: threading.local | None = None,
    ) -> None:
        self.recipe = recipe
        self._own = own or threading.local()
        self.window = around(part, shape_of(cubes[0], recipe))
        self._mapping = mapping
        self.wanted = frozen(_inside(part, self.window, wanted))
        self._frames = batch_frames(self.window, cubes[0])
        self._judge = lru_cache(maxsize=4)(self._make_judge)

    def _make_judge(self, zero_adu: int) -> Judge:
        return judge(self.recipe, zero_adu, self.window.of(self.recipe.pedestal_e))

    def batches(self, span: Span, watch: Watch, add: Adding | None = None) -> Iterator[Batch]:
        """Read a span of frames and find their cosmic rays.

        Parameters
        ----------
        add : Adding or None
            Counts of all frames of a batch, cosmic rays among them, are added up on the way.

        Raises
        ------
        NightglassError
            If the file cannot be read.
        Cancelled
            If the job was cancelled.
        """
        found = np.empty(2 * self.wanted.size, np.int64)
        ends = np.zeros(self._frames, np.int64)
        for load in self._loads(span, watch):
            yield from self._judged(load, self._suspects(load, add), found, ends)

    def _loads(self, span: Span, watch: Watch) -> Iterator[Batch]:
        """Read a span of frames; cosmic rays are not looked for."""
        header, n_frames = span.cube, span.cube.n_frames
        windows = FrameWindows(
            header, self.recipe, self.window, self._frames + 3, self._scratch(), self._mapping
        )
        rule = self._judge(zero_of(header))
        nothing = np.zeros(0, np.int64)
        for first in range(span.first, span.last, self._frames):
            watch.check()
            last = min(first + self._frames, span.last)
            begin, end = needed(first, last, n_frames)
            bases = frozen(windows.load(begin, end))
            number = span.number + first - span.first
            yield Batch(
                windows.stored, rule, bases, begin, (first, last, n_frames),
                nothing, nothing, slice(number, number + last - first),
            )  # fmt: skip

    def _suspects(self, load: Batch, add: Adding | None) -> NDArray[np.bool_]:
        """Tiles that may hold a cosmic ray, for each frame; counts are added up."""
        from . import scan_kernels

        frames = load.span[1] - load.span[0]
        rows, columns = self.window.shape
        if add is None and load.judge.kind == NO_RULE:
            return np.zeros((frames, 1, 1), np.bool_)
        if add is None and columns <= TILE_COLUMNS:
            return np.ones((frames, 1, 1), np.bool_)
        suspects = np.empty((frames, -(-rows // TILE_ROWS), -(-columns // TILE_COLUMNS)), np.bool_)
        if add is None:
            add = Adding(np.zeros(load.numbers.stop, np.int16), (0, 0), 0, _NO_TOTALS)
        groups = frozen(add.groups[load.numbers])
        scan_kernels.look(*load[:5], groups, add.inner, add.top, add.totals, suspects)
        return suspects

    def _judged(
        self,
        load: Batch,
        suspects: NDArray[np.bool_],
        found: NDArray[np.int64],
        ends: NDArray[np.int64],
    ) -> Iterator[Batch]:
        """Find the rays; in parts if there are more than `found` holds."""
        from . import ray_kernels

        (first, last, n_frames), number = load.span, load.numbers.start
        done = 0
        while first < last:
            suspects = suspects[done:]
            done = ray_kernels.find_rays(
                load.stored, load.judge, load.bases, load.first, (first, last, n_frames),
                self.wanted, frozen(suspects), found, ends,
            )  # fmt: skip
            yield load._replace(
                span=(first, first + done, n_frames),
                found=found,
                ends=ends,
                numbers=slice(number, number + done),
            )
            first, number = first + done, number + done

    def _scratch(self) -> Scratch:
        if not hasattr(self._own, "scratch"):
            self._own.scratch = Scratch()
        scratch: Scratch = self._own.scratch
        return scratch
