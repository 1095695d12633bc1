"""Compiled search for cosmic rays; to be imported inside functions.

Rows are looked at in chunks: the lowest and the highest number of the chunks around a pixel tell
for nearly all pixels that they are good (see `early_out`). What remains is tested pixel by pixel
with its four neighbours, and only then with its median and the frames before and after.

Arrays are handed on one by one: tuples of them cost more than the work on a pixel.

Coordinates are those of the window, which reaches one pixel beyond the part that is judged unless
the frame ends there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import boolean, float64, int64, types, uint16

from ...compiled import kernel, part, read_only
from .views import CEILING, LAPLACIAN, NO_RULE, Judge, Stored

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Extremes = NDArray[np.uint16]

STORED = types.NamedTuple((read_only(uint16), int64, int64, int64, uint16, int64), Stored)
JUDGE = types.NamedTuple(
    (
        int64,
        float64,
        boolean,
        float64,
        float64,
        float64,
        read_only(float64, 2),
        read_only(uint16, 2),
        read_only(types.int32),
        int64,
    ),
    Judge,
)
CHUNK = 64
_EIGHT = np.uint16(8)
_ALL = np.uint16(0xFFFF)
_NONE = np.uint16(0)
_LAPLACIAN_FLOOR_E = 3.0


@part
def decoded(value: np.uint16, flip: np.uint16) -> np.uint16:
    """Native number of a stored one."""
    return np.uint16(np.uint16((value << _EIGHT) | (value >> _EIGHT)) ^ flip)


@part
def electrons(value: np.uint16, zero_adu: int, offset: float, gain: float) -> float:
    """Electrons of a native number, pedestal included."""
    light: float = (float64(int64(value) + zero_adu) - offset) / gain
    return light


@part
def chunks_of(columns: int) -> int:
    """How many chunks a row has."""
    return (columns + CHUNK - 1) // CHUNK


@part
def extremes(
    row: NDArray[np.uint16],
    flip: np.uint16,
    shift: NDArray[np.uint16],
    low: Extremes,
    high: Extremes,
) -> None:
    """Find lowest and highest number of each chunk of a stored row, then those of all chunks.

    `shift` may be empty; `low` and `high` have one number more than there are chunks.
    """
    chunks = low.size - 1
    low[chunks], high[chunks] = _ALL, _NONE
    for chunk in range(chunks):
        begin = chunk * CHUNK
        piece = row[begin : begin + CHUNK]
        lowest, highest = _ALL, _NONE
        if shift.size:
            taken = shift[begin : begin + CHUNK]
            for x in range(piece.size):
                value = decoded(piece[x], flip)
                value = np.uint16(max(value, taken[x]) - taken[x])
                lowest, highest = min(lowest, value), max(highest, value)
        else:
            for x in range(piece.size):
                value = decoded(piece[x], flip)
                lowest, highest = min(lowest, value), max(highest, value)
        low[chunk], high[chunk] = lowest, highest
        low[chunks] = min(low[chunks], lowest)
        high[chunks] = max(high[chunks], highest)


@part
def _order(a: float, b: float) -> tuple[float, float]:
    return min(a, b), max(a, b)


@part
def _median(v: NDArray[np.float64]) -> float:
    """Median of nine: sort columns, then the middle of highest low, middle and lowest high."""
    a, b, c, d, e, f, g, h, i = v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8]
    a, b = _order(a, b)
    b, c = _order(b, c)
    a, b = _order(a, b)
    d, e = _order(d, e)
    e, f = _order(e, f)
    d, e = _order(d, e)
    g, h = _order(g, h)
    h, i = _order(h, i)
    g, h = _order(g, h)
    low, high = max(a, d, g), min(c, f, i)
    b, e = _order(b, e)
    low, middle = _order(low, max(b, min(e, h)))
    return max(low, min(middle, high))


@part
def _take_patch(
    stored: Stored, judge: Judge, base: int, y: int, x: int, patch: NDArray[np.float64]
) -> None:
    """Electrons of the 3 x 3 pixels around one, the edge repeated."""
    pedestal = judge.pedestal
    for place in range(9):
        row = min(max(y + place // 3 - 1, 0), stored.rows - 1)
        column = min(max(x + place % 3 - 1, 0), stored.columns - 1)
        value = decoded(stored.flat[base + row * stored.stride + column], stored.flip)
        patch[place] = electrons(value, stored.zero_adu, judge.offset, judge.gain)
        if pedestal.size:
            patch[place] -= pedestal[row, column]


@part
def _excess(value: float, expected: float) -> float:
    deviation: float = abs(value - expected) / np.sqrt(max(expected, 0.0) + 1.0)
    return deviation


@part
def _is_peak(patch: NDArray[np.float64], y: int, x: int, rows: int, columns: int) -> bool:
    """Laplacian rule; outside the frame there is no light."""
    value = patch[4]
    if not value > _LAPLACIAN_FLOOR_E:
        return False
    total = patch[1] if y > 0 else 0.0
    total += patch[7] if y + 1 < rows else 0.0
    total += patch[3] if x > 0 else 0.0
    total += patch[5] if x + 1 < columns else 0.0
    return bool(-(total - 4.0 * value) / value > 2.0)


@part
def references(frame: int, frames: int) -> tuple[int, int]:
    """The two nearest other frames of a cube; -1 where there is none."""
    if frames < 3:
        return (1 - frame, -1) if frames == 2 else (-1, -1)
    if frame == 0:
        return 1, 2
    if frame == frames - 1:
        return frame - 1, frame - 2
    return frame - 1, frame + 1


@part
def bases_of(bases: NDArray[np.int64], first: int, frame: int, frames: int) -> tuple[int, int, int]:
    """Starts of a frame and its references, given those from frame `first` of the cube on."""
    one, two = references(frame, frames)
    return (
        bases[frame - first],
        bases[one - first] if one >= 0 else -1,
        bases[two - first] if two >= 0 else -1,
    )


@part
def _predicted(patch: NDArray[np.float64], median: float) -> float:
    """What a reference frame lets expect where the median is `median`."""
    its_median = _median(patch)
    brighter = (max(median, 0.0) + 1.0) / (max(its_median, 0.0) + 1.0)
    expected: float = median + (patch[4] - its_median) * max(1.0, brighter)
    return expected


@part
def _is_ray(
    stored: Stored,
    judge: Judge,
    bases: tuple[int, int, int],
    y: int,
    x: int,
    patch: NDArray[np.float64],
) -> bool:
    """Judge a pixel by the whole rule; `bases` of its frame and the references, or -1."""
    _take_patch(stored, judge, bases[0], y, x, patch)
    value = patch[4]
    if value < judge.least_e:
        return True
    if judge.kind == CEILING:
        return bool(value > judge.threshold)
    if judge.kind == LAPLACIAN:
        return _is_peak(patch, y, x, stored.rows, stored.columns)
    median = _median(patch)
    if not _excess(value, median) > judge.threshold:
        return False
    if not judge.temporal or bases[1] < 0:
        return True
    _take_patch(stored, judge, bases[1], y, x, patch)
    expected = _predicted(patch, median)
    if bases[2] >= 0:
        _take_patch(stored, judge, bases[2], y, x, patch)
        other = _predicted(patch, median)
        if abs(value - other) < abs(value - expected):
            expected = other
    return _excess(value, expected) > judge.threshold


@part
def row_is_good(
    limit: NDArray[np.int32], edge_highest: int, y: int, low: Extremes, high: Extremes
) -> bool:
    """Whether the extremes of three rows tell that all pixels of a row are good."""
    lowest, highest = _ALL, _NONE
    chunks = low.shape[1] - 1
    for near in range(max(y - 1, 0), min(y + 2, low.shape[0])):
        lowest = min(lowest, low[near, chunks])
        highest = max(highest, high[near, chunks])
    return bool(highest <= limit[lowest]) and bool(highest <= edge_highest)


@part
def _highest_good(
    limit: NDArray[np.int32], y: int, chunk: int, low: Extremes, high: Extremes, near: Extremes
) -> int:
    """Highest number that is good at first sight in a chunk; 0xFFFF if all pixels are.

    `near[1, 0]` and `near[1, 1]` are the pixels left and right of the chunk.
    """
    lowest, highest = min(near[1, 0], near[1, 1]), max(near[1, 0], near[1, 1])
    for row in range(max(y - 1, 0), min(y + 2, low.shape[0])):
        lowest = min(lowest, low[row, chunk])
        highest = max(highest, high[row, chunk])
    good = int64(limit[lowest])
    shown: int = int64(_ALL) if int64(highest) <= good else good
    return shown


@part
def _take_row(
    flat: NDArray[np.uint16],
    start: int,
    columns: int,
    flip: np.uint16,
    shift: NDArray[np.uint16],
    begin: int,
    out: NDArray[np.uint16],
) -> None:
    """Shifted numbers of a chunk of a row, from `out[1]` on, and the pixels left and right."""
    width = min(columns - begin, CHUNK)
    source, target = flat[start + begin : start + begin + width], out[1 : width + 1]
    for x in range(width):
        target[x] = decoded(source[x], flip)
    if shift.size:
        taken = shift[begin : begin + width]
        for x in range(width):
            target[x] = np.uint16(max(target[x], taken[x]) - taken[x])
    out[0] = _shifted(flat, start, max(begin - 1, 0), flip, shift)
    out[width + 1] = _shifted(flat, start, min(begin + width, columns - 1), flip, shift)


@part
def _shifted(
    flat: NDArray[np.uint16], start: int, x: int, flip: np.uint16, shift: NDArray[np.uint16]
) -> np.uint16:
    value = decoded(flat[start + x], flip)
    return np.uint16(max(value, shift[x]) - shift[x]) if shift.size else value


@part
def _highest_of_five(near: Extremes, width: int, highs: NDArray[np.uint16]) -> None:
    """Highest of each pixel and its four neighbours."""
    up, left = near[0, 1 : width + 1], near[1, :width]
    own, right, down = near[1, 1 : width + 1], near[1, 2 : width + 2], near[2, 1 : width + 1]
    for x in range(width):
        highs[x] = max(up[x], down[x], left[x], right[x], own[x])


@part
def rays_of_row(
    stored: Stored,
    judge: Judge,
    bases: tuple[int, int, int],
    y: int,
    wanted: NDArray[np.bool_],
    low: Extremes,
    high: Extremes,
    near: Extremes,
    patch: NDArray[np.float64],
    found: NDArray[np.int64],
    count: int,
) -> int:
    """Append the flagged pixels of a row to `found`; gives how many there are now.

    `low` and `high` are the extremes of all chunks; `near` (4, CHUNK + 2) and `patch` (9) are for
    numbers in between.
    """
    limit, edge_highest, flat, flip = judge.limit, judge.edge_highest, stored.flat, stored.flip
    columns, last_row, shifts = stored.columns, stored.rows - 1, judge.shift
    highs, choice, no_shift = near[3], wanted[y], np.empty(0, np.uint16)
    row_at_edge = y in (0, last_row)
    for chunk in range(low.shape[1] - 1):
        begin = chunk * CHUNK
        width = min(columns - begin, CHUNK)
        shift = shifts[y] if shifts.size else no_shift
        start = bases[0] + y * stored.stride
        near[1, 0] = _shifted(flat, start, max(begin - 1, 0), flip, shift)
        near[1, 1] = _shifted(flat, start, min(begin + width, columns - 1), flip, shift)
        good = _highest_good(limit, y, chunk, low, high, near)
        if row_at_edge or begin == 0 or begin + width == columns:
            good = min(good, edge_highest)
        if good == 0xFFFF:
            continue
        for k in range(3):
            row = min(max(y + k - 1, 0), last_row)
            shift = shifts[row] if shifts.size else no_shift
            start = bases[0] + row * stored.stride
            _take_row(flat, start, columns, flip, shift, begin, near[k])
        _highest_of_five(near, width, highs)
        for k in range(width):
            highest = int64(highs[k])
            if highest <= good or not choice[begin + k]:
                continue
            x = begin + k
            lowest = min(near[0, k + 1], near[2, k + 1], near[1, k], near[1, k + 2], near[1, k + 1])
            at_edge = row_at_edge or x == 0 or x == columns - 1
            if highest <= limit[lowest] and not (at_edge and highest > edge_highest):
                continue
            if _is_ray(stored, judge, bases, y, x, patch):
                found[count] = y * columns + x
                count += 1
    return count


@part
def _spread(
    stored: Stored, shifts: NDArray[np.uint16], base: int, near: NDArray[np.uint16]
) -> None:
    """Shifted numbers of a window, the edge repeated once on every side."""
    flat, stride, flip = stored.flat, stored.stride, stored.flip
    rows, columns = stored.rows, stored.columns
    width = columns + 2
    for y in range(rows):
        begin = base + y * stride
        source = flat[begin : begin + columns]
        begin = (y + 1) * width + 1
        target = near[begin : begin + columns]
        for x in range(columns):
            target[x] = decoded(source[x], flip)
        if shifts.size:
            taken = shifts[y]
            for x in range(columns):
                target[x] = np.uint16(max(target[x], taken[x]) - taken[x])
        near[begin - 1], near[begin + columns] = near[begin], near[begin + columns - 1]
    last = (rows + 1) * width
    for x in range(width):
        near[x] = near[width + x]
        near[last + x] = near[last - width + x]


@part
def _five_flat(
    near: NDArray[np.uint16],
    width: int,
    lows: NDArray[np.uint16],
    highs: NDArray[np.uint16],
) -> np.uint16:
    """Lowest and highest of each pixel and its four neighbours; gives the lowest of all.

    All rows are one: `near` has two columns that nobody asks for.
    """
    size = lows.size
    up, down = near[:size], near[2 * width : 2 * width + size]
    left, right = near[width - 1 : width - 1 + size], near[width + 1 : width + 1 + size]
    own = near[width : width + size]
    lowest = _ALL
    for i in range(size):
        low = min(up[i], down[i], left[i], right[i], own[i])
        lows[i] = low
        lowest = min(lowest, low)
    for i in range(size):
        highs[i] = max(up[i], down[i], left[i], right[i], own[i])
    return lowest


@part
def _rays_of_window(
    stored: Stored,
    judge: Judge,
    bases: tuple[int, int, int],
    wanted: NDArray[np.bool_],
    near: NDArray[np.uint16],
    lows: NDArray[np.uint16],
    highs: NDArray[np.uint16],
    patch: NDArray[np.float64],
    found: NDArray[np.int64],
    count: int,
) -> int:
    """Append the flagged pixels of a small window to `found`; gives how many there are now."""
    limit, edge_highest = judge.limit, judge.edge_highest
    rows, columns = wanted.shape
    width = columns + 2
    _spread(stored, judge.shift, bases[0], near)
    good = min(int64(limit[_five_flat(near, width, lows, highs)]), edge_highest)
    for i in range(lows.size):
        highest = int64(highs[i])
        if highest <= good:
            continue
        y, x = i // width, i % width - 1
        if x < 0 or x >= columns or not wanted[y, x]:
            continue
        at_edge = y == 0 or x == 0 or y == rows - 1 or x == columns - 1
        if highest <= limit[lows[i]] and not (at_edge and highest > edge_highest):
            continue
        if _is_ray(stored, judge, bases, y, x, patch):
            found[count] = y * columns + x
            count += 1
    return count


@part
def _search_small(
    stored: Stored,
    judge: Judge,
    bases: NDArray[np.int64],
    first: int,
    span: tuple[int, int, int],
    wanted: NDArray[np.bool_],
    found: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> int:
    """`find_rays` for windows that are narrow."""
    width = stored.columns + 2
    near = np.empty((stored.rows + 2) * width, np.uint16)
    lows = np.empty(stored.rows * width, np.uint16)
    highs = np.empty(stored.rows * width, np.uint16)
    patch = np.empty(9, np.float64)
    count = 0
    for frame in range(span[0], span[1]):
        if found.size - count < wanted.size:
            return frame - span[0]
        starts = bases_of(bases, first, frame, span[2])
        count = _rays_of_window(
            stored, judge, starts, wanted, near, lows, highs, patch, found, count
        )
        ends[frame - span[0]] = count
    return span[1] - span[0]


@part
def _search_wide(
    stored: Stored,
    judge: Judge,
    bases: NDArray[np.int64],
    first: int,
    span: tuple[int, int, int],
    wanted: NDArray[np.bool_],
    found: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> int:
    """`find_rays` for windows of several chunks."""
    chunks = chunks_of(stored.columns)
    low = np.empty((stored.rows, chunks + 1), np.uint16)
    high = np.empty((stored.rows, chunks + 1), np.uint16)
    near, patch = np.empty((4, CHUNK + 2), np.uint16), np.empty(9, np.float64)
    flat, shifts, no_shift = stored.flat, judge.shift, np.empty(0, np.uint16)
    count = 0
    for frame in range(span[0], span[1]):
        if found.size - count < wanted.size:
            return frame - span[0]
        starts = bases_of(bases, first, frame, span[2])
        for y in range(stored.rows):
            begin = starts[0] + y * stored.stride
            row = flat[begin : begin + stored.columns]
            shift = shifts[y] if shifts.size else no_shift
            extremes(row, stored.flip, shift, low[y], high[y])
        for y in range(stored.rows):
            if not row_is_good(judge.limit, judge.edge_highest, y, low, high):
                count = rays_of_row(
                    stored, judge, starts, y, wanted, low, high, near, patch, found, count
                )
        ends[frame - span[0]] = count
    return span[1] - span[0]


@kernel(
    int64(
        STORED,
        JUDGE,
        read_only(int64),
        int64,
        types.UniTuple(int64, 3),
        read_only(boolean, 2),
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
    found : ndarray of int64
        Flat indices of the flagged pixels, frame after frame; room for one whole window at least.
    ends : ndarray of int64
        Where each frame ends in `found`.

    Returns
    -------
    int
        Frames judged: fewer when `found` was full.
    """
    if judge.kind == NO_RULE:
        ends[: span[1] - span[0]] = 0
        return span[1] - span[0]
    if stored.columns <= CHUNK:
        return _search_small(stored, judge, bases, first, span, wanted, found, ends)
    return _search_wide(stored, judge, bases, first, span, wanted, found, ends)
