"""Compiled whole-number sums over parts of stored frames; to be imported inside functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import int64, types, uint16

from ...compiled import kernel, part, read_only
from .pixel_kernels import decoded

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STORED = (read_only(uint16), read_only(int64), int64, uint16)


_LOW, _EIGHT = np.uint16(0xFF), np.uint16(8)


@part
def _sum_of(numbers: NDArray[np.uint16], flip: np.uint16) -> int:
    """Sum of stored numbers that lie side by side; a row is short enough for 32 bits.

    High and low bytes are added up apart: that takes a fifth of the time of decoding each number.
    """
    high, low, sign = np.uint32(0), np.uint32(0), np.uint32(flip >> _EIGHT)
    for x in range(numbers.size):
        number = numbers[x]
        high = np.uint32(high + np.uint32(np.uint32(number & _LOW) ^ sign))
        low = np.uint32(low + np.uint32(number >> _EIGHT))
    whole: int = int64(high) * 256 + int64(low)
    return whole


@kernel(types.void(*_STORED, read_only(int64, 2), read_only(int64), int64[:, ::1]))
def sum_masks(
    flat: NDArray[np.uint16],
    bases: NDArray[np.int64],
    stride: int,
    flip: np.uint16,
    runs: NDArray[np.int64],
    ends: NDArray[np.int64],
    sums: NDArray[np.int64],
) -> None:
    """Add up the stored numbers under some masks in some windows.

    Parameters
    ----------
    flat, stride, flip
        As `views.Stored`.
    bases : ndarray of int64, shape (n_frames,)
        Where each window starts in `flat`.
    runs : ndarray of int64, shape (n_runs, 3)
        Row, first and last column (not in it) of the runs of all masks, one mask after another.
    ends : ndarray of int64, shape (n_masks,)
        Where the runs of each mask end.
    sums : ndarray of int64, shape (n_masks, n_frames)
        Written.
    """
    for frame in range(bases.size):
        run, base = 0, bases[frame]
        for mask in range(ends.size):
            total = 0
            while run < ends[mask]:
                begin = base + runs[run, 0] * stride
                total += _sum_of(flat[begin + runs[run, 1] : begin + runs[run, 2]], flip)
                run += 1
            sums[mask, frame] = total


@kernel(types.void(*_STORED, int64[:, ::1]))
def sum_windows(
    flat: NDArray[np.uint16],
    bases: NDArray[np.int64],
    stride: int,
    flip: np.uint16,
    image: NDArray[np.int64],
) -> None:
    """Add the stored numbers of some windows to `image`, shape (rows, columns), pixel by pixel."""
    for base in bases:
        for y in range(image.shape[0]):
            begin = base + y * stride
            numbers, row = flat[begin : begin + image.shape[1]], image[y]
            for x in range(row.size):
                row[x] += int64(decoded(numbers[x], flip))
