"""Compiled loops over stacks of frames; like `kernels`, to be imported inside functions.

Counts are "offset binary" as `kernels` explains. Sums are whole numbers and exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import boolean, float32, float64, int64, uint16, uint32, uint64, void

from ..compiled import kernel, part, read_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EIGHT = np.uint16(8)
_WIDTH = 512
_COUNTS = read_only(uint16, 2)
_STORED = (_COUNTS, boolean, uint16)


@part
def _unpack(row: NDArray[np.uint16], swap: bool, flip: np.uint16, out: NDArray[Any]) -> None:
    if swap:
        for x in range(row.size):
            value = np.uint16((row[x] << _EIGHT) | (row[x] >> _EIGHT))
            out[x] = np.uint16(value ^ flip)
    else:
        for x in range(row.size):
            out[x] = np.uint16(row[x] ^ flip)


@kernel(void(*_STORED, uint16[:, ::1]))
def unpack(raw: NDArray[np.uint16], swap: bool, flip: np.uint16, out: NDArray[np.uint16]) -> None:
    """Write the counts as native numbers."""
    for y in range(raw.shape[0]):
        _unpack(raw[y], swap, flip, out[y])


@kernel(void(*_STORED, boolean, uint32[:, ::1]))
def add_counts(
    raw: NDArray[np.uint16],
    swap: bool,
    flip: np.uint16,
    remove: bool,
    sums: NDArray[np.uint32],
) -> None:
    """Add the counts to the sums, or take them away."""
    row = np.empty(raw.shape[1], np.uint32)
    for y in range(raw.shape[0]):
        _unpack(raw[y], swap, flip, row)
        total = sums[y]
        if remove:
            for x in range(row.size):
                total[x] -= row[x]
        else:
            for x in range(row.size):
                total[x] += row[x]


@kernel(void(*_STORED, boolean, uint64[:, ::1]))
def add_squares(
    raw: NDArray[np.uint16],
    swap: bool,
    flip: np.uint16,
    remove: bool,
    squares: NDArray[np.uint64],
) -> None:
    """Add the squares of the counts to the sums, or take them away."""
    row = np.empty(raw.shape[1], np.uint64)
    for y in range(raw.shape[0]):
        _unpack(raw[y], swap, flip, row)
        total = squares[y]
        if remove:
            for x in range(row.size):
                total[x] -= row[x] * row[x]
        else:
            for x in range(row.size):
                total[x] += row[x] * row[x]


@kernel(void(*_STORED, uint16[:, ::1]))
def raise_counts(
    raw: NDArray[np.uint16], swap: bool, flip: np.uint16, highest: NDArray[np.uint16]
) -> None:
    """Keep the larger of two counts."""
    row = np.empty(raw.shape[1], np.uint16)
    for y in range(raw.shape[0]):
        _unpack(raw[y], swap, flip, row)
        top = highest[y]
        for x in range(row.size):
            top[x] = max(top[x], row[x])


@part
def _highest_bit(block: NDArray[np.uint16], begin: int, width: int) -> int:
    """Number of the highest bit set in any of the counts."""
    bits = np.uint16(0)
    for k in range(block.shape[0]):
        row = block[k][begin : begin + width]
        for x in range(width):
            bits |= row[x]
    highest = 0
    while bits >> (highest + 1):
        highest += 1
    return highest


@part
def _ranked(
    block: NDArray[np.uint16],
    begin: int,
    rank: np.uint16,
    below: NDArray[np.uint16],
    found: NDArray[np.uint16],
) -> None:
    """The `rank`-th smallest (from 0) of each column, bit by bit from the highest.

    Counting is the same for every pixel, so that it runs on whole vectors; a sort does not.
    """
    found[:] = 0
    for bit in range(_highest_bit(block, begin, found.size), -1, -1):
        step = np.uint16(1 << bit)
        below[:] = 0
        for k in range(block.shape[0]):
            row = block[k][begin : begin + found.size]
            for x in range(found.size):
                below[x] += np.uint16(1) if row[x] < found[x] | step else np.uint16(0)
        for x in range(found.size):
            found[x] |= step if below[x] <= rank else np.uint16(0)


@part
def _next_larger(
    block: NDArray[np.uint16],
    begin: int,
    rank: np.uint16,
    below: NDArray[np.uint16],
    found: NDArray[np.uint16],
    larger: NDArray[np.uint16],
) -> None:
    """The value of the rank after `rank`, given the value of `rank`."""
    below[:] = 0
    larger[:] = 0xFFFF
    for k in range(block.shape[0]):
        row = block[k][begin : begin + found.size]
        for x in range(found.size):
            value = row[x]
            below[x] += np.uint16(1) if value <= found[x] else np.uint16(0)
            larger[x] = min(larger[x], value) if value > found[x] else larger[x]
    for x in range(found.size):
        larger[x] = found[x] if below[x] > rank + np.uint16(1) else larger[x]


@kernel(void(_COUNTS, float64, float64, float32[::1]))
def median_counts(
    block: NDArray[np.uint16], scale: float, offset: float, out: NDArray[np.float32]
) -> None:
    """Scaled median over the first axis of native counts, shape (frames, pixels)."""
    frames = block.shape[0]
    rank = np.uint16((frames - 1) // 2)
    for begin in range(0, out.size, _WIDTH):
        width = min(_WIDTH, out.size - begin)
        below, found = np.empty(width, np.uint16), np.empty(width, np.uint16)
        larger = np.empty(width, np.uint16)
        _ranked(block, begin, rank, below, found)
        if frames % 2:
            larger[:] = found
        else:
            _next_larger(block, begin, rank, below, found, larger)
        for x in range(width):
            middle = 0.5 * (np.float64(found[x]) + np.float64(larger[x]))
            out[begin + x] = np.float32(scale * middle + offset)


@kernel(void(read_only(uint32, 2), float64, float64, float32[:, ::1]))
def scaled_sums(
    sums: NDArray[np.uint32], scale: float, offset: float, out: NDArray[np.float32]
) -> None:
    """Write ``scale * sums + offset``."""
    for y in range(sums.shape[0]):
        for x in range(sums.shape[1]):
            out[y, x] = np.float32(sums[y, x] * scale + offset)


@kernel(void(read_only(uint32, 2), read_only(uint64, 2), int64, float64, float32[:, ::1]))
def deviations(
    sums: NDArray[np.uint32],
    squares: NDArray[np.uint64],
    frames: int,
    scale: float,
    out: NDArray[np.float32],
) -> None:
    """Sample standard deviation from exact sums; 0 for a single frame."""
    weight = scale / np.sqrt(max(1.0, np.float64(frames) * (frames - 1)))
    for y in range(sums.shape[0]):
        for x in range(sums.shape[1]):
            total = np.uint64(sums[y, x])
            spread = np.uint64(frames) * squares[y, x] - total * total
            out[y, x] = np.float32(weight * np.sqrt(np.float64(spread)))
