"""The last frames seen as one: mean, sum, median, maximum, standard deviation."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

import numpy as np

from .counts import Counts, counts_of, kernel_view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from ..frames.encoding import Encoding
    from .codes import Plane

StackKind = Literal["mean", "sum", "median", "max", "std"]
STACKS: Final[tuple[StackKind, ...]] = ("mean", "sum", "median", "max", "std")

# The exact sums of squares, times the number of frames, stay below 2**64 with room to spare.
MOST_FRAMES: Final = 4096

# Pixels of a band of rows: its sums stay in the processor's cache while the frames go by.
_BAND_PIXELS = 1 << 18
# Numbers held at once where all frames of a band are needed together.
_BLOCK_NUMBERS = 1 << 22


class Frames(Protocol):
    """What a stack asks of a frame source."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""

    @property
    def encoding(self) -> Encoding:
        """How the stored numbers become values."""

    @property
    def generation(self) -> int:
        """Version of the frames already numbered."""

    def read_raw(self, index: int, rows: slice | None = None) -> NDArray[Any]:
        """Stored numbers of some rows of a frame."""


def _go_on() -> None:
    """Nobody can cancel."""


class FrameStack:
    """The stack of the last `depth` frames up to any frame.

    Sums are whole numbers and exact however long the stack runs; going on by a few frames costs
    only those frames. Not to be used by two threads at once.

    Parameters
    ----------
    source : Frames
    kind : str
        One of `STACKS`. "std" is the sample standard deviation (n - 1), 0 for one frame.
    depth : int
        Number of frames, 1 to `MOST_FRAMES`.

    Raises
    ------
    ValueError
        If the depth is out of range.
    """

    def __init__(self, source: Frames, kind: StackKind, depth: int) -> None:
        if not 1 <= depth <= MOST_FRAMES:
            raise ValueError(f"a stack has 1 to {MOST_FRAMES} frames, not {depth}")
        self._source = source
        self._kind: StackKind = kind
        self._depth = depth
        self._window = range(0)
        self._generation = source.generation
        self._sums = np.zeros((0, 0), np.uint32)
        self._squares = np.zeros((0, 0), np.uint64)

    def window(self, index: int) -> range:
        """Frames in the stack that ends with frame `index`."""
        return range(max(0, index - self._depth + 1), index + 1)

    def image(self, index: int, check: Callable[[], None] = _go_on) -> Plane:
        """The stack that ends with frame `index`, in the frames' units.

        Parameters
        ----------
        index : int
            Frame number from 0.
        check : callable
            Called between pieces of work; may raise to give up.

        Returns
        -------
        float32 ndarray, shape (rows, columns)
            A fresh array. Pixels without a number in a frame are left out of the stack.

        Raises
        ------
        IndexError, NightglassError
            As the source's `read_raw`.
        """
        window = self.window(index)
        example = self._counts(index, slice(0, 1))
        if not example.are_integers:
            return self._from_values(window, check)
        if self._kind in ("mean", "sum", "std"):
            return self._from_sums(window, example, check)
        return self._from_counts(window, example, check)

    def _counts(self, index: int, rows: slice) -> Counts:
        return counts_of(self._source.read_raw(index, rows), self._source.encoding)

    def _bands(self, pixels: int) -> Iterator[slice]:
        rows, columns = self._source.shape
        height = max(1, pixels // columns)
        return (slice(y, min(y + height, rows)) for y in range(0, rows, height))

    # Running sums -----------------------------------------------------------------------------

    def _from_sums(self, window: range, like: Counts, check: Callable[[], None]) -> Plane:
        from . import stack_kernels

        self._move_to(window, check)
        out = np.empty(self._source.shape, np.float32)
        count = len(window)
        if self._kind == "std":
            scale = abs(like.scale)
            stack_kernels.deviations(self._sums, self._squares, count, scale, out)
        elif self._kind == "mean":
            stack_kernels.scaled_sums(self._sums, like.scale / count, like.offset, out)
        else:
            stack_kernels.scaled_sums(self._sums, like.scale, like.offset * count, out)
        return out

    def _move_to(self, window: range, check: Callable[[], None]) -> None:
        """Bring the sums to another window, by the cheaper way."""
        old, generation = self._window, self._source.generation
        gone = [k for k in old if k not in window]
        new = [k for k in window if k not in old]
        fresh = generation != self._generation or len(gone) + len(new) >= len(window)
        if fresh or self._sums.shape != self._source.shape:
            self._sums = np.zeros(self._source.shape, np.uint32)
            if self._kind == "std":
                self._squares = np.zeros(self._source.shape, np.uint64)
            gone, new = [], list(window)
        # Half-changed sums must not pass for good ones if a read fails.
        self._window, self._generation = range(0), -1
        for rows in self._bands(_BAND_PIXELS):
            check()
            self._shift(rows, gone, remove=True)
            self._shift(rows, new, remove=False)
        self._window, self._generation = window, generation

    def _shift(self, rows: slice, frames: list[int], *, remove: bool) -> None:
        from . import stack_kernels

        for k in frames:
            counts = self._counts(k, rows)
            stored = (counts.pixels, counts.swap, counts.flip, remove)
            stack_kernels.add_counts(*stored, self._sums[rows])
            if self._kind == "std":
                stack_kernels.add_squares(*stored, self._squares[rows])

    # Median and maximum -----------------------------------------------------------------------

    def _from_counts(self, window: range, like: Counts, check: Callable[[], None]) -> Plane:
        out = np.empty(self._source.shape, np.float32)
        reduce = self._highest if self._kind == "max" else self._middle
        pixels = min(_BAND_PIXELS, _BLOCK_NUMBERS // len(window))
        for rows in self._bands(pixels):
            check()
            reduce(window, rows, like, out[rows])
        return out

    def _highest(self, window: range, rows: slice, like: Counts, out: Plane) -> None:
        from . import stack_kernels

        highest = np.zeros(out.shape, np.uint16)
        for k in window:
            counts = self._counts(k, rows)
            stack_kernels.raise_counts(counts.pixels, counts.swap, counts.flip, highest)
        out[:] = highest * np.float64(like.scale) + like.offset

    def _middle(self, window: range, rows: slice, like: Counts, out: Plane) -> None:
        from . import stack_kernels

        block = np.empty((len(window), *out.shape), np.uint16)
        for k, plane in zip(window, block, strict=True):
            counts = self._counts(k, rows)
            stack_kernels.unpack(counts.pixels, counts.swap, counts.flip, plane)
        flat = kernel_view(block.reshape(len(window), -1))
        stack_kernels.median_counts(flat, like.scale, like.offset, out.reshape(-1))

    # Anything that is not 16-bit counts -------------------------------------------------------

    def _from_values(self, window: range, check: Callable[[], None]) -> Plane:
        out = np.empty(self._source.shape, np.float32)
        encoding = self._source.encoding
        for rows in self._bands(_BLOCK_NUMBERS // len(window)):
            check()
            block = [encoding.decode(self._source.read_raw(k, rows)) for k in window]
            out[rows] = reduce_values(np.stack(block), self._kind)
        return out


def reduce_values(block: NDArray[np.floating], kind: StackKind) -> NDArray[np.float64]:
    """Stack over the first axis, leaving out what is not a number.

    Parameters
    ----------
    block : ndarray, shape (frames, rows, columns)
    kind : str
        One of `STACKS`.

    Returns
    -------
    float64 ndarray, shape (rows, columns)
        NaN where no frame has a number.
    """
    values = block.astype(np.float64)
    values[~np.isfinite(values)] = np.nan
    with warnings.catch_warnings():
        # numpy warns about pixels without any number; NaN is the answer for those.
        warnings.simplefilter("ignore", RuntimeWarning)
        if kind == "std":
            return _deviation(values)
        if kind == "sum":
            return np.asarray(np.nanmean(values, axis=0) * np.isfinite(values).sum(axis=0))
        functions: dict[str, Callable[..., Any]] = {
            "mean": np.nanmean,
            "median": np.nanmedian,
            "max": np.nanmax,
        }
        return np.asarray(functions[kind](values, axis=0))


def _deviation(values: NDArray[np.float64]) -> NDArray[np.float64]:
    count = np.isfinite(values).sum(axis=0)
    deviation = np.asarray(np.nanstd(values, axis=0, ddof=1))
    return np.where(count == 1, 0.0, deviation)


def difference(frame: NDArray[Any], encoding: Encoding | None, reference: NDArray[Any]) -> Plane:
    """Frame minus reference.

    Parameters
    ----------
    frame : ndarray, shape (rows, columns)
        Stored numbers of `encoding`, or values.
    encoding : Encoding or None
    reference : ndarray, shape (rows, columns)
        Values, for instance an earlier stack.

    Returns
    -------
    float32 ndarray, shape (rows, columns)

    Raises
    ------
    ValueError
        If the two differ in shape.
    """
    if frame.shape != reference.shape:
        raise ValueError(f"the frame is {frame.shape}, the reference {reference.shape}")
    everything = (slice(None), slice(None))
    values = counts_of(frame, encoding).values(everything)
    return np.asarray(values - reference, dtype=np.float32)
