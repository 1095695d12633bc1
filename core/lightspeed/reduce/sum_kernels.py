"""Compiled sums of frames, pixel by pixel; to be imported inside functions.

`top` is the row of the result to which the row `inner[0]` of the windows belongs; `inner` are the
rows that count, the others are neighbours. Frames of group -1 are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import boolean, float64, int16, int64, types, uint32, uint64

from ...compiled import kernel, part, read_only
from .ray_kernels import (
    CHUNK,
    JUDGE,
    STORED,
    bases_of,
    chunks_of,
    decoded,
    electrons,
    extremes,
    rays_of_row,
    row_is_good,
)
from .views import NO_RULE, Judge, Stored

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPAN = types.UniTuple(int64, 3)
_INNER = types.UniTuple(int64, 2)
_COMMON = (STORED, JUDGE, read_only(int64), int64, _SPAN)
_FOUND = (int64[::1], int64[::1])


@part
def _add_row(row: NDArray[np.uint16], flip: np.uint16, total: NDArray[np.uint32]) -> None:
    for x in range(row.size):
        total[x] += np.uint32(decoded(row[x], flip))


@part
def _add_and_scan(
    row: NDArray[np.uint16],
    flip: np.uint16,
    total: NDArray[np.uint32],
    low: NDArray[np.uint16],
    high: NDArray[np.uint16],
) -> None:
    """Do `_add_row` and `extremes` without a shift in one go."""
    chunks = low.size - 1
    low[chunks], high[chunks] = np.uint16(0xFFFF), np.uint16(0)
    for chunk in range(chunks):
        begin = chunk * CHUNK
        piece, target = row[begin : begin + CHUNK], total[begin : begin + CHUNK]
        lowest, highest = np.uint16(0xFFFF), np.uint16(0)
        for x in range(piece.size):
            value = decoded(piece[x], flip)
            target[x] += np.uint32(value)
            lowest, highest = min(lowest, value), max(highest, value)
        low[chunk], high[chunk] = lowest, highest
        low[chunks] = min(low[chunks], lowest)
        high[chunks] = max(high[chunks], highest)


@part
def _add_window(
    stored: Stored,
    judge: Judge,
    base: int,
    inner: tuple[int, int],
    total: NDArray[np.uint32],
    top: int,
    low: NDArray[np.uint16],
    high: NDArray[np.uint16],
) -> None:
    """Add the inner rows, and find the extremes of all rows where there is a rule."""
    flat, flip, shifts, no_shift = stored.flat, stored.flip, judge.shift, np.empty(0, np.uint16)
    for y in range(stored.rows):
        begin = base + y * stored.stride
        row = flat[begin : begin + stored.columns]
        is_inner, target = inner[0] <= y < inner[1], top + y - inner[0]
        if is_inner and judge.kind != NO_RULE and shifts.size == 0:
            _add_and_scan(row, flip, total[target], low[y], high[y])
            continue
        if judge.kind != NO_RULE:
            extremes(row, flip, shifts[y] if shifts.size else no_shift, low[y], high[y])
        if is_inner:
            _add_row(row, flip, total[target])


@kernel(
    types.void(
        *_COMMON,
        read_only(int16),
        _INNER,
        int64,
        read_only(boolean, 2),
        uint32[:, :, ::1],
        uint32[:, :, ::1],
    )
)
def add_counts(
    stored: Stored,
    judge: Judge,
    bases: NDArray[np.int64],
    first: int,
    span: tuple[int, int, int],
    groups: NDArray[np.int16],
    inner: tuple[int, int],
    top: int,
    wanted: NDArray[np.bool_],
    totals: NDArray[np.uint32],
    lost: NDArray[np.uint32],
) -> None:
    """Add the numbers of some frames to the totals of their groups, cosmic rays left out."""
    chunks, columns = chunks_of(stored.columns), stored.columns
    low = np.empty((stored.rows, chunks + 1), np.uint16)
    high = np.empty((stored.rows, chunks + 1), np.uint16)
    near, patch = np.empty((4, CHUNK + 2), np.uint16), np.empty(9, np.float64)
    found = np.empty(columns, np.int64)
    for frame in range(span[0], span[1]):
        group = groups[frame - span[0]]
        if group < 0:
            continue
        starts = bases_of(bases, first, frame, span[2])
        _add_window(stored, judge, starts[0], inner, totals[group], top, low, high)
        if judge.kind == NO_RULE:
            continue
        for y in range(inner[0], inner[1]):
            if row_is_good(judge.limit, judge.edge_highest, y, low, high):
                continue
            count = rays_of_row(stored, judge, starts, y, wanted, low, high, near, patch, found, 0)
            begin, target = starts[0] + y * stored.stride, top + y - inner[0]
            for index in found[:count]:
                x = index - y * columns
                value = decoded(stored.flat[begin + x], stored.flip)
                totals[group, target, x] -= np.uint32(value)
                lost[group, target, x] += np.uint32(1)


@kernel(
    types.void(
        uint32[:, ::1],
        uint64[:, ::1],
        int64[:, ::1],
        types.UniTuple(float64, 3),
        read_only(float64, 2),
        float64[:, ::1],
    )
)
def to_electrons(
    totals: NDArray[np.uint32],
    large: NDArray[np.uint64],
    good: NDArray[np.int64],
    scale: tuple[float, float, float],
    pedestal: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Write sums in electrons; `scale` is counts of number 0, offset, gain."""
    zero, offset, gain = scale
    for y in range(totals.shape[0]):
        row, total, count = out[y], totals[y], good[y]
        for x in range(row.size):
            row[x] = np.float64(total[x])
        if large.size:
            for x in range(row.size):
                row[x] += np.float64(large[y, x])
        for x in range(row.size):
            frames = np.float64(count[x])
            row[x] = ((row[x] + zero * frames) - frames * offset) / gain
        if pedestal.size:
            for x in range(row.size):
                row[x] -= np.float64(count[x]) * pedestal[y, x]


@part
def _electron_row(
    stored: Stored, judge: Judge, base: int, y: int, out: NDArray[np.float64]
) -> None:
    """Electrons of a row."""
    begin, flip = base + y * stored.stride, stored.flip
    zero, offset, gain = stored.zero_adu, judge.offset, judge.gain
    row = stored.flat[begin : begin + stored.columns]
    for x in range(row.size):
        out[x] = electrons(decoded(row[x], flip), zero, offset, gain)
    if judge.pedestal.size:
        pedestal = judge.pedestal[y]
        for x in range(row.size):
            out[x] -= pedestal[x]


@kernel(int64(STORED, JUDGE, int64, float64[:, ::1]))
def take_frame(stored: Stored, judge: Judge, base: int, out: NDArray[np.float64]) -> int:
    """Electrons of a whole window; gives its highest number."""
    highest, flip = np.uint16(0), stored.flip
    for y in range(stored.rows):
        _electron_row(stored, judge, base, y, out[y])
        begin = base + y * stored.stride
        row = stored.flat[begin : begin + stored.columns]
        for x in range(row.size):
            highest = max(highest, decoded(row[x], flip))
    number: int = int64(highest)
    return number


@part
def _leave_out(
    rays: NDArray[np.int64],
    place: int,
    y: int,
    row: NDArray[np.float64],
    lost: NDArray[np.uint32],
) -> int:
    """Make the flagged pixels of a row 0 and count them as lost; gives the next ray."""
    begin = y * row.size
    while place < rays.size and rays[place] < begin + row.size:
        if rays[place] >= begin:
            row[rays[place] - begin] = 0.0
            lost[rays[place] - begin] += np.uint32(1)
        place += 1
    return place


@kernel(
    types.void(
        *_COMMON, *_FOUND, read_only(int16), _INNER, int64, int64[:, :, ::1], uint32[:, :, ::1]
    )
)
def add_rounded(
    stored: Stored,
    judge: Judge,
    bases: NDArray[np.int64],
    first: int,
    span: tuple[int, int, int],
    found: NDArray[np.int64],
    ends: NDArray[np.int64],
    groups: NDArray[np.int16],
    inner: tuple[int, int],
    top: int,
    totals: NDArray[np.int64],
    lost: NDArray[np.uint32],
) -> None:
    """Add electrons rounded to whole numbers, half to even, cosmic rays left out."""
    row = np.empty(stored.columns, np.float64)
    begin = 0
    for frame in range(span[0], span[1]):
        i = frame - span[0]
        rays, group, place = found[begin : ends[i]], groups[i], 0
        begin = ends[i]
        if group < 0:
            continue
        for y in range(inner[0], inner[1]):
            _electron_row(stored, judge, bases[frame - first], y, row)
            place = _leave_out(rays, place, y, row, lost[group, top + y - inner[0]])
            total = totals[group, top + y - inner[0]]
            for x in range(row.size):
                total[x] += np.int64(np.rint(row[x]))


@kernel(types.void(*_COMMON, *_FOUND, _INNER, int64, boolean, float64[:, :, ::1], uint32[:, ::1]))
def add_moments(
    stored: Stored,
    judge: Judge,
    bases: NDArray[np.int64],
    first: int,
    span: tuple[int, int, int],
    found: NDArray[np.int64],
    ends: NDArray[np.int64],
    inner: tuple[int, int],
    top: int,
    folded: bool,
    powers: NDArray[np.float64],
    lost: NDArray[np.uint32],
) -> None:
    """Add first, second and third power of the electrons, cosmic rays left out."""
    row = np.empty(stored.columns, np.float64)
    begin = 0
    for frame in range(span[0], span[1]):
        i = frame - span[0]
        rays, place = found[begin : ends[i]], 0
        begin = ends[i]
        for y in range(inner[0], inner[1]):
            _electron_row(stored, judge, bases[frame - first], y, row)
            if folded:
                for x in range(row.size):
                    row[x] -= np.floor(row[x] + 0.5)
            target = top + y - inner[0]
            place = _leave_out(rays, place, y, row, lost[target])
            one, two, three = powers[0, target], powers[1, target], powers[2, target]
            for x in range(row.size):
                value = row[x]
                one[x] += value
                two[x] += value * value
                three[x] += value * value * value


@kernel(
    types.void(
        *_COMMON,
        *_FOUND,
        read_only(int16),
        read_only(int64, 2),
        types.UniTuple(int64, 2),
        uint32[:, :, ::1],
        uint32[:, :, ::1],
    )
)
def count_values(
    stored: Stored,
    _judge: Judge,
    bases: NDArray[np.int64],
    first: int,
    span: tuple[int, int, int],
    found: NDArray[np.int64],
    ends: NDArray[np.int64],
    groups: NDArray[np.int16],
    pixels: NDArray[np.int64],
    bounds: tuple[int, int],
    counts: NDArray[np.uint32],
    rest: NDArray[np.uint32],
) -> None:
    """Count how often each pixel has each value.

    Parameters
    ----------
    pixels : ndarray of int64, shape (n, 2)
        Flat index in the window, ascending, and place in the result.
    bounds : tuple of int
        Lowest and highest value that is told apart, counts.
    counts : ndarray of uint32, shape (n_groups, n_pixels, values)
    rest : ndarray of uint32, shape (3, n_groups, n_pixels)
        Values below, values above, cosmic rays.
    """
    begin = 0
    for frame in range(span[0], span[1]):
        i = frame - span[0]
        rays, group, place = found[begin : ends[i]], groups[i], 0
        begin = ends[i]
        if group < 0:
            continue
        base = bases[frame - first]
        for k in range(pixels.shape[0]):
            index, target = pixels[k, 0], pixels[k, 1]
            while place < rays.size and rays[place] < index:
                place += 1
            y, x = index // stored.columns, index % stored.columns
            value = int64(decoded(stored.flat[base + y * stored.stride + x], stored.flip))
            value += stored.zero_adu
            if place < rays.size and rays[place] == index:
                rest[2, group, target] += np.uint32(1)
            elif value < bounds[0]:
                rest[0, group, target] += np.uint32(1)
            elif value > bounds[1]:
                rest[1, group, target] += np.uint32(1)
            else:
                counts[group, target, value - bounds[0]] += np.uint32(1)
