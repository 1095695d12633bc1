"""Whole-number sums over some frames at a time, whatever the frames are stored in."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from ..frames.positioned import Handle
from .reduce.blocks import zero_of
from .reduce.views import frozen
from .region_spots import around

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from ..frames.source import FrameSource
    from .cube_header import CubeHeader
    from .reduce.blocks import Window
    from .region_spots import PlacedMask

    Numbers = NDArray[np.int64]
    Check = Callable[[], None]

# So much of the frames stays in the cache between the reading and the adding.
_BATCH_BYTES = 512 << 10
# What a read of its own costs, as bytes that could have been copied meanwhile.
_READ_COST_BYTES = 2048
_SIGN = np.uint16(0x8000)
_EIGHT = np.uint16(8)
_own = threading.local()


class MaskSums(NamedTuple):
    """Sums over masks in some frames, shape (n_masks, n_frames) both.

    Attributes
    ----------
    sums : ndarray of int64, or of float64 for images that are no counts
        Counts of all pixels, offset included.
    pixels : ndarray of int64
        How many pixels have a number.
    """

    sums: NDArray[Any]
    pixels: Numbers


class Frames(Protocol):
    """Frames whose pixels can be added up; for one thread."""

    shape: tuple[int, int]

    def mask_sums(self, frames: Numbers, masks: Sequence[PlacedMask], check: Check) -> MaskSums:
        """Add up the pixels of each mask in each frame; `check` is called now and then."""

    def mean(self, frames: Numbers, window: Window, check: Check) -> NDArray[np.float64]:
        """Mean of some frames in a window, shape of the window."""


class CubeFrames:
    """Frames of one cube, read by position and never mapped.

    Parameters
    ----------
    header : CubeHeader

    Raises
    ------
    NightglassError
        If the file cannot be opened, or does not hold whole counts.
    """

    def __init__(self, header: CubeHeader) -> None:
        self.shape = header.shape
        self._header = header
        self._handle = Handle(header.path)
        self._zero_adu = zero_of(header)

    def mask_sums(  # noqa: D102
        self, frames: Numbers, masks: Sequence[PlacedMask], check: Check
    ) -> MaskSums:
        from .reduce import region_kernels

        held = np.array([mask.pixels for mask in masks], np.int64)
        sums = np.empty((len(masks), len(frames)), np.int64)
        window = around(masks)
        runs = [_runs_in(window, mask) for mask in masks]
        laid = frozen(np.concatenate(runs)), frozen(np.cumsum([len(one) for one in runs]))
        for span, stored in self.batches(frames, window, check):
            part = np.empty((len(masks), span.stop - span.start), np.int64)
            region_kernels.sum_masks(*stored, *laid, part)
            sums[:, span] = part
        pixels = np.broadcast_to(held[:, None], sums.shape)
        sums += self._zero_adu * pixels
        return MaskSums(sums, pixels)

    def mean(  # noqa: D102
        self, frames: Numbers, window: Window, check: Check
    ) -> NDArray[np.float64]:
        from .reduce import region_kernels

        total = np.zeros(window.shape, np.int64)
        for _, stored in self.batches(frames, window, check):
            region_kernels.sum_windows(*stored, total)
        image: NDArray[np.float64] = total / len(frames) + self._zero_adu
        return image

    def batches(
        self, frames: Numbers, window: Window, check: Check
    ) -> Iterator[tuple[slice, tuple[NDArray[np.uint16], Numbers, int, np.uint16]]]:
        """Read a window of some frames at a time.

        Gives which of `frames` they are, and what kernels take of them: numbers, where each window
        starts in them, from one row to the next, and the bits to turn over, as `views.Stored`. The
        numbers are there until the next turn.
        """
        header, item = self._header, self._header.encoding.storage.itemsize
        rows, columns = window.shape
        is_narrow = columns * item + _READ_COST_BYTES < header.columns * item
        stride, skip = (columns, 0) if is_narrow else (header.columns, window.first_column)
        size = rows * stride
        step = max(1, min(len(frames), _BATCH_BYTES // (size * item)))
        buffer = _memory(step * size * item).view(header.encoding.storage)
        bases = frozen(np.arange(step) * size)
        flip = _SIGN if item == 2 else np.uint16(0)
        places = self._places(frames, window, is_narrow)
        for first in range(0, len(frames), step):
            check()
            last = min(first + step, len(frames))
            self._read(places[first:last], bases * item, (rows, stride * item), buffer)
            numbers = buffer.view(np.uint16) if item == 2 else buffer.astype(np.uint16) << _EIGHT
            starts = frozen(bases[: last - first] + skip)
            yield slice(first, last), (frozen(numbers), starts, stride, flip)

    def _places(self, frames: Numbers, window: Window, is_narrow: bool) -> Numbers:
        """First byte of each window in the file."""
        header = self._header
        bundle, place = np.divmod(frames, header.frames_per_bundle)
        row = bundle * header.bundle_rows + place * header.rows + window.first_row
        pixel = row * header.columns + (window.first_column if is_narrow else 0)
        return frozen(header.data_offset + pixel * header.encoding.storage.itemsize)

    def _read(
        self, places: Numbers, targets: Numbers, piece: tuple[int, int], buffer: NDArray[Any]
    ) -> None:
        from .reduce import block_kernels

        (pieces, width), row = piece, self._header.columns * self._header.encoding.storage.itemsize
        if width == row:
            pieces, width = 1, pieces * width
        raw = buffer.view(np.uint8)
        done = block_kernels.read_windows(
            self._handle.fileno(), frozen(places), frozen(targets[: len(places)]),
            pieces, width, row, raw,
        )  # fmt: skip
        # What fails is read again in a way that tells what is wrong.
        for place, target in zip(places[done:], targets[done : len(places)], strict=True):
            for number in range(pieces):
                begin = int(target) + number * width
                view = raw[begin : begin + width].data
                self._handle.read_into(int(place) + number * row, view)


class SourceFrames:
    """Frames of any source, one after another; not-a-number counts as no pixel."""

    def __init__(self, source: FrameSource) -> None:
        self.shape = source.shape
        self._source = source

    def mask_sums(  # noqa: D102
        self, frames: Numbers, masks: Sequence[PlacedMask], check: Check
    ) -> MaskSums:
        sums = np.zeros((len(masks), len(frames)))
        pixels = np.zeros(sums.shape, np.int64)
        window = around(masks)
        for place, frame in enumerate(frames):
            check()
            image = self._read(int(frame), window)
            for number, mask in enumerate(masks):
                values = image[_inside(window, mask.window)][mask.inside]
                known = np.isfinite(values)
                sums[number, place] = values[known].sum()
                pixels[number, place] = np.count_nonzero(known)
        return MaskSums(sums, pixels)

    def mean(  # noqa: D102
        self, frames: Numbers, window: Window, check: Check
    ) -> NDArray[np.float64]:
        total, known = np.zeros(window.shape), np.zeros(window.shape)
        for frame in frames:
            check()
            image = self._read(int(frame), window)
            is_known = np.isfinite(image)
            known += is_known
            total[is_known] += image[is_known]
        mean: NDArray[np.float64] = total / np.maximum(known, 1.0)
        return mean

    def _read(self, frame: int, window: Window) -> NDArray[np.float64]:
        rows, columns = window.slices
        return self._source.read(frame, rows)[:, columns].astype(np.float64)


def _memory(size: int) -> NDArray[np.uint8]:
    """Memory of this thread, used again for each cube: a new piece costs a fault a page."""
    known: NDArray[np.uint8] | None = getattr(_own, "memory", None)
    if known is None or len(known) < size:
        known = _own.memory = np.empty(size, np.uint8)
    return known[:size]


def _runs_in(window: Window, mask: PlacedMask) -> Numbers:
    """Runs of pixels of a mask, counted from the corner of a larger window."""
    rows, columns = _inside(window, mask.window)
    corner = np.array((rows.start, columns.start, columns.start))
    runs: Numbers = mask.runs + corner
    return runs


def _inside(window: Window, part: Window) -> tuple[slice, slice]:
    """Where a part of the frame lies in a window around it."""
    top, left = part.first_row - window.first_row, part.first_column - window.first_column
    rows, columns = part.shape
    return slice(top, top + rows), slice(left, left + columns)
