"""Compiled search for cosmic rays; to be imported inside functions.

A pixel is tested with its four neighbours first (see `early_out`), and only then with its median
and the frames before and after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import boolean, int64

from ...compiled import kernel, part, read_only
from .pixel_kernels import JUDGE, SPAN, STORED, bases_of, decoded, shifted
from .rule_kernels import is_ray
from .views import TILE_COLUMNS, TILE_ROWS, Judge, Stored

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint16]

_ALL = np.uint16(0xFFFF)
_NONE = np.uint16(0)
_BLOCK = 64


@part
def _number(stored: Stored, judge: Judge, base: int, y: int, x: int) -> np.uint16:
    """Number of a pixel less its shift."""
    value = decoded(stored.flat[base + y * stored.stride + x], stored.flip)
    return shifted(value, judge.shift[y, x]) if judge.shift.size else value


@part
def _spread(
    stored: Stored, judge: Judge, base: int, corner: tuple[int, int], width: int, near: Numbers
) -> None:
    """Numbers of a tile and of the pixels around it, the edge repeated.

    `corner` is the first row and column of the tile, `width` two more than its columns.
    """
    flat, flip, shifts, left = stored.flat, stored.flip, judge.shift, corner[1]
    columns = width - 2
    for k in range(near.size // width):
        y = min(max(corner[0] + k - 1, 0), stored.rows - 1)
        begin = base + y * stored.stride + left
        source, row = flat[begin : begin + columns], near[k * width : (k + 1) * width]
        target = row[1 : columns + 1]
        for x in range(columns):
            target[x] = decoded(source[x], flip)
        if shifts.size:
            shift = shifts[y, left : left + columns]
            for x in range(columns):
                target[x] = shifted(target[x], shift[x])
        row[0] = _number(stored, judge, base, y, max(left - 1, 0))
        row[width - 1] = _number(stored, judge, base, y, min(left + columns, stored.columns - 1))


@part
def _take_five(near: Numbers, width: int, lows: Numbers, highs: Numbers) -> None:
    """Lowest and highest of each pixel and its four neighbours.

    All rows are one: two columns are in it that nobody asks for.
    """
    size = near.size - 2 * width
    up, down = near[:size], near[2 * width : 2 * width + size]
    left, right = near[width - 1 : width - 1 + size], near[width + 1 : width + 1 + size]
    own = near[width : width + size]
    for i in range(size):
        lows[i] = min(up[i], down[i], left[i], right[i], own[i])
    for i in range(size):
        highs[i] = max(up[i], down[i], left[i], right[i], own[i])
    for i in range(size, lows.size):
        lows[i], highs[i] = _ALL, _NONE


@part
def _highest_good(judge: Judge, lows: Numbers, highs: Numbers) -> int:
    """Highest number that is good at first sight in a block; 0xFFFF if all pixels are."""
    lowest, highest = _ALL, _NONE
    for i in range(_BLOCK):
        lowest, highest = min(lowest, lows[i]), max(highest, highs[i])
    good = min(int64(judge.limit[lowest]), judge.edge_highest)
    bound: int = int64(_ALL) if int64(highest) <= good else good
    return bound


@part
def _is_good(
    stored: Stored, judge: Judge, y: int, x: int, lowest: np.uint16, highest: np.uint16
) -> bool:
    """Whether the extremes of a pixel and its four neighbours tell that it is good."""
    at_edge = y == 0 or x == 0 or y == stored.rows - 1 or x == stored.columns - 1
    if at_edge and int64(highest) > judge.edge_highest:
        return False
    return bool(int64(highest) <= judge.limit[lowest])


@part
def _rays_of_tile(
    stored: Stored,
    judge: Judge,
    bases: tuple[int, int, int],
    tile: tuple[int, int, int, int],
    wanted: NDArray[np.bool_],
    near: Numbers,
    lows: Numbers,
    highs: Numbers,
    patch: NDArray[np.float64],
    found: NDArray[np.int64],
    count: int,
) -> int:
    """Append the flagged pixels of a tile to `found`; gives how many there are now.

    `tile` is its first row and column, then how many it has.
    """
    top, left, rows, columns = tile
    width, size = columns + 2, rows * (columns + 2)
    padded = (size + _BLOCK - 1) // _BLOCK * _BLOCK
    near = near[: size + 2 * width]
    _spread(stored, judge, bases[0], (top, left), width, near)
    _take_five(near, width, lows[:padded], highs[:padded])
    for begin in range(0, padded, _BLOCK):
        end = begin + _BLOCK
        good = _highest_good(judge, lows[begin:end], highs[begin:end])
        if good == 0xFFFF:
            continue
        for i in range(begin, min(end, size)):
            if int64(highs[i]) <= good:
                continue
            y, x = top + i // width, left + i % width - 1
            if x < left or x >= left + columns or not wanted[y, x]:
                continue
            if _is_good(stored, judge, y, x, lows[i], highs[i]):
                continue
            if is_ray(stored, judge, bases, y, x, patch):
                found[count] = y * stored.columns + x
                count += 1
    return count


@part
def _sort(numbers: NDArray[np.int64]) -> None:
    """Put numbers in order where they are (Shell 1959)."""
    gap = numbers.size // 2
    while gap:
        for i in range(gap, numbers.size):
            number, k = numbers[i], i
            while k >= gap and numbers[k - gap] > number:
                numbers[k] = numbers[k - gap]
                k -= gap
            numbers[k] = number
        gap = 1 if gap == 2 else gap * 5 // 11


@part
def _tile_at(stored: Stored, height: int, down: int, across: int) -> tuple[int, int, int, int]:
    """First row and column of a tile, and how many it has."""
    y, x = down * height, across * TILE_COLUMNS
    return y, x, min(height, stored.rows - y), min(TILE_COLUMNS, stored.columns - x)


@kernel(
    int64(
        STORED,
        JUDGE,
        read_only(int64),
        int64,
        SPAN,
        read_only(boolean, 2),
        read_only(boolean, 3),
        int64[::1],
        int64[::1],
    )
)
def find_rays(
    stored: Stored,
    judge: Judge,
    bases: NDArray[np.int64],
    first: int,
    span: tuple[int, int, int],
    wanted: NDArray[np.bool_],
    suspects: NDArray[np.bool_],
    found: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> int:
    """Find the cosmic rays among the wanted pixels of some frames.

    Parameters
    ----------
    bases : ndarray of int64
        Starts of the windows from frame `first` of the cube on.
    span : tuple of int
        First and last frame (the last not included) to be judged, and frames of the cube.
    wanted : ndarray of bool, shape (rows, columns) of the window
        The others are not judged.
    suspects : ndarray of bool, shape (frames, tiles, tiles)
        As `scan_kernels.look` tells; one row of tiles is as high as the window.
    found : ndarray of int64
        Flat indices of the flagged pixels, frame after frame, in ascending order in each; room for
        one whole window at least.
    ends : ndarray of int64
        Where each frame ends in `found`.

    Returns
    -------
    int
        Frames judged: fewer when `found` was full.
    """
    frames, down, across = suspects.shape
    height = stored.rows if down == 1 else TILE_ROWS
    room = (height + 2) * (TILE_COLUMNS + 2) + _BLOCK
    near, lows, highs = (
        np.empty(room, np.uint16),
        np.empty(room, np.uint16),
        np.empty(room, np.uint16),
    )
    patch, count = np.empty(9, np.float64), 0
    for i in range(frames):
        if found.size - count < wanted.size:
            return i
        starts = bases_of(bases, first, span[0] + i, span[2])
        for y in range(down):
            before = count
            for x in range(across):
                if suspects[i, y, x]:
                    tile = _tile_at(stored, height, y, x)
                    count = _rays_of_tile(
                        stored, judge, starts, tile, wanted, near, lows, highs, patch, found, count
                    )
            if across > 1:
                _sort(found[before:count])
        ends[i] = count
    return int(frames)
