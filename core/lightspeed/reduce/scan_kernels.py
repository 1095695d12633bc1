"""Compiled first look at whole frames; to be imported inside functions.

A window is looked at in tiles of some rows and columns. The lowest and the highest number of a tile
and of the pixels around it tell for nearly all tiles that they are good (see `early_out`). Both are
found column by column, which goes through the rows as they lie in memory, and while the counts are
added up where that is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import boolean, int16, int64, types, uint32

from ...compiled import kernel, part, read_only
from .pixel_kernels import JUDGE, SPAN, STORED, decoded, shifted
from .views import NO_RULE, TILE_COLUMNS, TILE_ROWS, Judge, Stored

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Extremes = NDArray[np.uint16]

_ALL = np.uint16(0xFFFF)
_NONE = np.uint16(0)


@part
def _add(row: NDArray[np.uint16], flip: np.uint16, total: NDArray[np.uint32]) -> None:
    for x in range(row.size):
        total[x] += np.uint32(decoded(row[x], flip))


@part
def _look(
    row: NDArray[np.uint16],
    flip: np.uint16,
    shift: NDArray[np.uint16],
    low: Extremes,
    high: Extremes,
) -> None:
    """Widen the extremes of the columns by a stored row; `shift` may be empty."""
    if shift.size:
        for x in range(row.size):
            value = shifted(decoded(row[x], flip), shift[x])
            low[x], high[x] = min(low[x], value), max(high[x], value)
    else:
        for x in range(row.size):
            value = decoded(row[x], flip)
            low[x], high[x] = min(low[x], value), max(high[x], value)


@part
def _add_and_look(
    row: NDArray[np.uint16],
    flip: np.uint16,
    shift: NDArray[np.uint16],
    total: NDArray[np.uint32],
    low: Extremes,
    high: Extremes,
) -> None:
    """Do `_add` and `_look` in one go."""
    if shift.size:
        for x in range(row.size):
            number = decoded(row[x], flip)
            total[x] += np.uint32(number)
            value = shifted(number, shift[x])
            low[x], high[x] = min(low[x], value), max(high[x], value)
    else:
        for x in range(row.size):
            value = decoded(row[x], flip)
            total[x] += np.uint32(value)
            low[x], high[x] = min(low[x], value), max(high[x], value)


@part
def _look_at_tiles(
    stored: Stored,
    judge: Judge,
    base: int,
    tile: int,
    inner: tuple[int, int],
    total: NDArray[np.uint32],
    low: Extremes,
    high: Extremes,
) -> None:
    """Find the extremes of the columns of a row of tiles, and add up its inner rows."""
    for x in range(low.size):
        low[x], high[x] = _ALL, _NONE
    flat, flip, shifts, no_shift = stored.flat, stored.flip, judge.shift, np.empty(0, np.uint16)
    begin, end = tile * TILE_ROWS, min((tile + 1) * TILE_ROWS, stored.rows)
    for y in range(max(begin - 1, 0), min(end + 1, stored.rows)):
        start = base + y * stored.stride
        row = flat[start : start + stored.columns]
        shift = shifts[y] if shifts.size else no_shift
        if total.size and begin <= y < end and inner[0] <= y < inner[1]:
            _add_and_look(row, flip, shift, total[y - inner[0]], low, high)
        else:
            _look(row, flip, shift, low, high)


@part
def _is_suspect(
    judge: Judge, begin: int, end: int, at_edge: bool, low: Extremes, high: Extremes
) -> bool:
    """Whether the extremes of some columns and their neighbours leave anything possible."""
    lowest, highest = _ALL, _NONE
    lows, highs = low[begin:end], high[begin:end]
    for x in range(lows.size):
        lowest, highest = min(lowest, lows[x]), max(highest, highs[x])
    left, right = max(begin - 1, 0), min(end, low.size - 1)
    lowest = min(lowest, low[left], low[right])
    highest = max(highest, high[left], high[right])
    if at_edge and int64(highest) > judge.edge_highest:
        return True
    return bool(int64(highest) > judge.limit[lowest])


@part
def _add_rows(stored: Stored, base: int, inner: tuple[int, int], total: NDArray[np.uint32]) -> None:
    for y in range(inner[0], inner[1]):
        start = base + y * stored.stride
        _add(stored.flat[start : start + stored.columns], stored.flip, total[y - inner[0]])


@kernel(
    types.void(
        STORED,
        JUDGE,
        read_only(int64),
        int64,
        SPAN,
        read_only(int16),
        types.UniTuple(int64, 2),
        int64,
        uint32[:, :, ::1],
        boolean[:, :, ::1],
    )
)
def look(
    stored: Stored,
    judge: Judge,
    bases: NDArray[np.int64],
    first: int,
    span: tuple[int, int, int],
    groups: NDArray[np.int16],
    inner: tuple[int, int],
    top: int,
    totals: NDArray[np.uint32],
    suspects: NDArray[np.bool_],
) -> None:
    """Tell which tiles of some frames may hold a cosmic ray, and add up counts.

    Parameters
    ----------
    bases : ndarray of int64
        Starts of the windows from frame `first` of the cube on.
    span : tuple of int
        First and last frame (the last not included), and frames of the cube.
    groups : ndarray of int16
        Group of each frame; frames of group -1 are left out.
    inner : tuple of int
        Rows that are added up, the others are neighbours.
    top : int
        Row of the totals to which row `inner[0]` belongs.
    totals : ndarray of uint32, shape (n_groups, rows, columns)
        Sums of numbers, added to; nothing is added up if it has no groups.
    suspects : ndarray of bool, shape (frames, tiles, tiles)
        Written.
    """
    low, high = np.empty(stored.columns, np.uint16), np.empty(stored.columns, np.uint16)
    nothing, height = np.empty((0, 0), np.uint32), inner[1] - inner[0]
    _, down, across = suspects.shape
    for i in range(span[1] - span[0]):
        for tile in range(down):
            for k in range(across):
                suspects[i, tile, k] = False
        if groups[i] < 0:
            continue
        base = bases[span[0] + i - first]
        total = totals[groups[i], top : top + height] if totals.size else nothing
        if judge.kind == NO_RULE:
            _add_rows(stored, base, inner, total)
            continue
        for tile in range(down):
            _look_at_tiles(stored, judge, base, tile, inner, total, low, high)
            for k in range(across):
                end = min((k + 1) * TILE_COLUMNS, stored.columns)
                at_edge = tile in (0, down - 1) or k in (0, across - 1)
                suspects[i, tile, k] = _is_suspect(judge, k * TILE_COLUMNS, end, at_edge, low, high)
