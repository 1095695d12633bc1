"""Compiled loops over stacks of calibration frames; to be imported inside functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import float32, float64, int64, uint16, void

from ...compiled import kernel, read_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[np.uint16]
    Row = NDArray[np.float32]

_BLOCK = read_only(uint16, 2)
_ROW = read_only(float32)
_WIDTH = 512
_TOP = 65535.0


@kernel(void(uint16[::1], float64, float64))
def rescale(counts: Counts, offset: float, scale: float) -> None:
    """Replace counts by ``(counts - offset) * scale`` as whole numbers within 16 bits."""
    for k in range(counts.size):
        value = np.floor((counts[k] - offset) * scale + 0.5)
        counts[k] = np.uint16(min(max(value, 0.0), _TOP))


@kernel(void(_BLOCK, _ROW, uint16[:, ::1]))
def twice_the_distance(block: Counts, middle: Row, out: Counts) -> None:
    """Write twice the distance of every count from the middle of its pixel, at most 65535.

    Middles are whole or half numbers, so that twice the distance is a whole one.
    """
    for k in range(block.shape[0]):
        row, target = block[k], out[k]
        for x in range(row.size):
            distance = abs(np.float32(row[x]) - middle[x])
            target[x] = np.uint16(min(np.float32(2.0) * distance, np.float32(_TOP)))


@kernel(int64(_BLOCK, _ROW, _ROW, float32[::1]))
def mean_near(block: Counts, middle: Row, reach: Row, out: Row) -> int:
    """Average the counts of a pixel that are within its reach of its middle.

    Sums are whole numbers and exact. Gives how many counts were left out.
    """
    total = np.empty(_WIDTH, np.int64)
    kept = np.empty(_WIDTH, np.int64)
    all_kept = 0
    for begin in range(0, out.size, _WIDTH):
        width = min(_WIDTH, out.size - begin)
        centre, far = middle[begin : begin + width], reach[begin : begin + width]
        total[:], kept[:] = 0, 0
        for k in range(block.shape[0]):
            row = block[k][begin : begin + width]
            for x in range(width):
                near = np.int64(abs(np.float32(row[x]) - centre[x]) <= far[x])
                total[x] += near * np.int64(row[x])
                kept[x] += near
        for x in range(width):
            out[begin + x] = np.float32(np.float64(total[x]) / np.float64(kept[x]))
            all_kept += kept[x]
    return block.size - all_kept
