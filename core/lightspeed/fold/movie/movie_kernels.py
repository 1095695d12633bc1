"""Compiled sums of stored frames by phase; to be imported inside functions. One thread.

Windows of frames are those of `reduce.views.Stored`. Each row has a phase of its own, that of the
frame and the delay of the row; `top` is the row of the images to which the first one belongs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import float64, int64, uint16, uint32, void

from ....compiled import kernel, part, read_only
from ...reduce.pixel_kernels import decoded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]
    Stored = NDArray[np.uint16]
    Sums = NDArray[np.uint32]

_STORED = (read_only(uint16), read_only(int64), int64, uint16)
_PHASES = (read_only(float64), read_only(float64))
_IMAGES = (int64, uint32[:, :, ::1], int64[:, ::1])


@part
def _bin_of(turns: float, bins: int) -> int:
    """Bin of a turn; what rounds to a whole turn is in the first."""
    place = int((turns - np.floor(turns)) * bins)
    return place if place < bins else 0


@part
def _add_row(numbers: Stored, flip: np.uint16, row: Sums) -> None:
    for x in range(row.size):
        row[x] += np.uint32(decoded(numbers[x], flip))


@kernel(void(*_STORED, *_PHASES, *_IMAGES))
def add_frames(
    flat: Stored,
    starts: Places,
    stride: int,
    flip: np.uint16,
    phase: Numbers,
    delays: Numbers,
    top: int,
    sums: Sums,
    counted: Places,
) -> None:
    """Add frames to images, pixel by pixel.

    Parameters
    ----------
    flat, starts, stride, flip
        The windows, of one frame each.
    phase : ndarray of float64, shape (n_frames,)
        Turns; finite.
    delays : ndarray of float64, shape (n_rows,)
        Turns of each row of the windows, to be added.
    top : int
    sums : ndarray of uint32, shape (n_bins, rows, columns)
        Changed.
    counted : ndarray of int64, shape (n_bins, rows)
        Rows added; changed.
    """
    bins, columns = sums.shape[0], sums.shape[2]
    for frame in range(starts.size):
        for y in range(delays.size):
            place, begin = _bin_of(phase[frame] + delays[y], bins), starts[frame] + y * stride
            _add_row(flat[begin : begin + columns], flip, sums[place, top + y])
            counted[place, top + y] += 1


@part
def _empty_into(row: Sums, factor: int, target: Sums) -> None:
    """Add up neighbours in a row, and have the row ready for the next one."""
    for x in range(target.size):
        total = np.uint32(0)
        for k in range(x * factor, min((x + 1) * factor, row.size)):
            total += row[k]
        target[x] += total
    row[:] = np.uint32(0)


@kernel(void(*_STORED, *_PHASES, int64, int64, *_IMAGES))
def add_frames_coarsely(
    flat: Stored,
    starts: Places,
    stride: int,
    flip: np.uint16,
    phase: Numbers,
    delays: Numbers,
    columns: int,
    factor: int,
    top: int,
    sums: Sums,
    counted: Places,
) -> None:
    """Add frames as `add_frames`, of `columns` columns, `factor` x `factor` pixels together."""
    bins, rows = sums.shape[0], delays.size
    row = np.zeros(columns, np.uint32)
    for frame in range(starts.size):
        place = _bin_of(phase[frame] + delays[0], bins)
        for y in range(rows):
            begin, target = starts[frame] + y * stride, top + y // factor
            _add_row(flat[begin : begin + columns], flip, row)
            counted[place, target] += 1
            following = _bin_of(phase[frame] + delays[min(y + 1, rows - 1)], bins)
            if following != place or y + 1 == rows or (y + 1) % factor == 0:
                _empty_into(row, factor, sums[place, target])
            place = following
