"""Compiled loops from stored numbers to codes.

Import this module only inside functions: it imports numba. Every kernel releases the GIL and
has explicit signatures, so that importing the module loads all of them from the cache on disk.
Arrays are C-contiguous, and those that are only read are typed so; `counts.kernel_view` makes
them fit.

Counts are "offset binary": the 16 bits of the file, bytes swapped if `swap`, XORed with `flip`
(0x8000 turns two's complement into an order-keeping unsigned number). Values are
``scale * count + offset``.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numba import boolean, float32, float64, int32, types, uint16, uint32, void
from numpy.typing import NDArray

from ..compiled import kernel, part, read_only
from .codes import NAN_CODE, SATURATED_CODE, SCALE_CODES

_Raw: TypeAlias = NDArray[Any]
_Floats: TypeAlias = NDArray[np.float32]
_Ints: TypeAlias = NDArray[np.int32]
_Flags: TypeAlias = NDArray[np.bool_]
_Codes: TypeAlias = NDArray[np.uint16]

_TOP = np.float32(SCALE_CODES - 1)
_NAN = np.uint16(NAN_CODE)
_SATURATED = np.uint16(SATURATED_CODE)
_EIGHT = np.uint16(8)

_COUNTS = read_only(uint16, 2)
_VALUES = read_only(float32, 2)
_DECODING = (boolean, uint16, float64, float64, _VALUES, _VALUES)
_AXES = (read_only(int32, 2), read_only(float32, 2), read_only(int32), read_only(float32, 2))
_LEVELS = (float64, float64, read_only(uint16))
_OUT = uint16[:, ::1]


@part
def _count(row: _Raw, x: int, swap: bool, flip: np.uint16) -> np.uint16:
    value = np.uint16(row[x])
    if swap:
        value = np.uint16((value << _EIGHT) | (value >> _EIGHT))
    return np.uint16(value ^ flip)


@part
def _add_counts(
    sums: _Floats, row: _Raw, weight: np.float32, swap: bool, flip: np.uint16
) -> np.uint16:
    """Add a weighted row to `sums`; the largest count comes back."""
    top = np.uint16(0)
    # The two loops differ so that each runs on whole vectors.
    if swap:
        for x in range(row.size):
            value = _count(row, x, True, flip)
            sums[x] += weight * np.float32(value)
            top = max(top, value)
    else:
        for x in range(row.size):
            value = _count(row, x, False, flip)
            sums[x] += weight * np.float32(value)
            top = max(top, value)
    return top


@part
def _narrow(sums: _Floats, start: _Ints, weights: _Floats, cells: _Floats) -> None:
    """Weighted sums over neighbouring columns; `weights` is padded to a multiple of 4 taps."""
    one, two, three = np.uint32(1), np.uint32(2), np.uint32(3)
    for tap in range(0, weights.shape[0], 4):
        w0, w1, w2, w3 = weights[tap], weights[tap + 1], weights[tap + 2], weights[tap + 3]
        for x in range(start.size):
            i = np.uint32(start[x] + tap)
            total = w0[x] * sums[i] + w1[x] * sums[i + one]
            total += w2[x] * sums[i + two] + w3[x] * sums[i + three]
            cells[x] = total if tap == 0 else cells[x] + total


@part
def _encode(
    cells: _Floats, places: _Ints, low: float, factor: float, table: _Codes, out: _Codes
) -> None:
    """Codes of a row of means; what is not a number becomes the NaN code."""
    origin, slope = np.float32(low), np.float32(factor)
    holes = False
    for x in range(cells.size):
        place = (cells[x] - origin) * slope + np.float32(0.5)
        place = place if place > np.float32(0) else np.float32(0)
        place = place if place < _TOP else _TOP
        places[x] = np.int32(place)
        holes |= cells[x] != cells[x]
    for x in range(cells.size):
        out[x] = table[np.uint32(places[x])]
    if holes:
        for x in range(cells.size):
            if cells[x] != cells[x]:
                out[x] = _NAN


@part
def _row_weight(y: int, rows: _Ints, weights: _Floats) -> np.float32:
    if y == rows[0]:
        return np.float32(weights[0])
    if y == rows[1]:
        return np.float32(weights[2])
    return np.float32(weights[1])


@part
def _mark(hot: _Flags, start: _Ints, weights: _Floats, out: _Codes) -> None:
    """Give the saturated code to every cell that has a part in a hot column."""
    for x in range(start.size):
        for tap in range(weights.shape[0]):
            if weights[tap, x] > 0 and hot[start[x] + tap]:
                out[x] = _SATURATED


@part
def _mark_counts(
    raw: _Raw,
    rows: _Ints,
    swap: bool,
    flip: np.uint16,
    saturation: int,
    start: _Ints,
    weights: _Floats,
    out: _Codes,
) -> None:
    hot = np.zeros(raw.shape[1] + weights.shape[0], np.bool_)
    for y in range(rows[0], rows[1] + 1):
        row = raw[y]
        for x in range(row.size):
            hot[x] |= _count(row, x, swap, flip) >= saturation
    _mark(hot, start, weights, out)


@kernel(void(_COUNTS, boolean, uint16, *_AXES, *_LEVELS, uint32, _OUT))
def shrink_counts(
    raw: _Raw,
    swap: bool,
    flip: np.uint16,
    rows: _Ints,
    row_weights: _Floats,
    start: _Ints,
    weights: _Floats,
    low: float,
    factor: float,
    table: _Codes,
    saturation: int,
    out: _Codes,
) -> None:
    """Area-average 16-bit counts and encode them.

    Cell (r, c) of `out` is the mean of rows rows[r, 0] to rows[r, 1] (inclusive; weights of
    the first, each middle and the last row in `row_weights`) and columns from start[c] on
    (weights in column c of `weights`), placed at ``(mean - low) * factor`` in `table`.
    A cell with any count of at least `saturation` is saturated.
    """
    sums = np.zeros(raw.shape[1] + weights.shape[0], np.float32)
    cells, places = np.empty(start.size, np.float32), np.empty(start.size, np.int32)
    for r in range(rows.shape[0]):
        sums[:] = 0
        top = np.uint16(0)
        for y in range(rows[r, 0], rows[r, 1] + 1):
            weight = _row_weight(y, rows[r], row_weights[r])
            top = max(top, _add_counts(sums, raw[y], weight, swap, flip))
        _narrow(sums, start, weights, cells)
        _encode(cells, places, low, factor, table, out[r])
        if top >= saturation:
            _mark_counts(raw, rows[r], swap, flip, saturation, start, weights, out[r])


@part
def _decode(
    row: _Raw,
    swap: bool,
    flip: np.uint16,
    scale: np.float32,
    offset: np.float32,
    values: _Floats,
) -> None:
    """Values of a row of stored numbers."""
    if swap:
        for x in range(values.size):
            values[x] = np.float32(_count(row, x, True, flip)) * scale + offset
    elif flip:
        for x in range(values.size):
            values[x] = np.float32(_count(row, x, False, flip)) * scale + offset
    else:
        for x in range(values.size):
            values[x] = np.float32(row[x]) * scale + offset


@part
def _correct(values: _Floats, y: int, begin: int, subtract: _Floats, multiply: _Floats) -> None:
    """Apply the correction planes; a plane without rows is not there."""
    end = begin + values.size
    if subtract.shape[0]:
        less = subtract[y][begin:end]
        for x in range(values.size):
            values[x] -= less[x]
    if multiply.shape[0]:
        times = multiply[y][begin:end]
        for x in range(values.size):
            values[x] *= times[x]


@part
def _add_values(sums: _Floats, parts: _Floats, values: _Floats, weight: np.float32) -> None:
    """Add the finite values and their weights."""
    for x in range(values.size):
        finite = values[x] - values[x] == np.float32(0)
        sums[x] += weight * values[x] if finite else np.float32(0)
        parts[x] += weight if finite else np.float32(0)


@part
def _flag(hot: _Flags, values: _Floats, saturation: np.float32) -> None:
    """Remember the columns with a saturated value; a level that is NaN has none."""
    if not np.isnan(saturation):
        for x in range(values.size):
            hot[x] |= values[x] >= saturation


@part
def _collect(
    raw: _Raw,
    rows: _Ints,
    row_weights: _Floats,
    decoding: tuple[bool, np.uint16, np.float32, np.float32],
    planes: tuple[_Floats, _Floats],
    saturation: np.float32,
    store: tuple[_Floats, _Floats, _Flags, _Floats],
) -> None:
    """Sum the rows of one band of cells."""
    swap, flip, scale, offset = decoding
    sums, parts, hot, values = store
    sums[:] = 0
    parts[:] = 0
    hot[:] = False
    for y in range(rows[0], rows[1] + 1):
        _decode(raw[y], swap, flip, scale, offset, values)
        _flag(hot, values, saturation)
        _correct(values, y, 0, planes[0], planes[1])
        _add_values(sums, parts, values, _row_weight(y, rows, row_weights))


_SHRINK_REST = (*_DECODING, *_AXES, *_LEVELS, float64, _OUT)


@kernel(void(_COUNTS, *_SHRINK_REST), void(_VALUES, *_SHRINK_REST))
def shrink_values(
    raw: _Raw,
    swap: bool,
    flip: np.uint16,
    scale: float,
    offset: float,
    subtract: _Floats,
    multiply: _Floats,
    rows: _Ints,
    row_weights: _Floats,
    start: _Ints,
    weights: _Floats,
    low: float,
    factor: float,
    table: _Codes,
    saturation: float,
    out: _Codes,
) -> None:
    """As `shrink_counts`, for values that may be corrected or not be numbers.

    What is not finite takes no part in a mean; a cell without any finite pixel gets the NaN
    code. `saturation` is compared with the value before correction.
    """
    size = raw.shape[1] + weights.shape[0]
    sums, parts = np.empty(size, np.float32), np.empty(size, np.float32)
    store = (sums, parts, np.empty(size, np.bool_), np.empty(raw.shape[1], np.float32))
    cells, shares = np.empty(start.size, np.float32), np.empty(start.size, np.float32)
    places = np.empty(start.size, np.int32)
    decoding = (swap, flip, np.float32(scale), np.float32(offset))
    planes, level = (subtract, multiply), np.float32(saturation)
    for r in range(rows.shape[0]):
        _collect(raw, rows[r], row_weights[r], decoding, planes, level, store)
        _narrow(sums, start, weights, cells)
        _narrow(parts, start, weights, shares)
        for x in range(cells.size):
            cells[x] = cells[x] / shares[x] if shares[x] > 0 else np.float32(np.nan)
        _encode(cells, places, low, factor, table, out[r])
        if store[2].any():
            _mark(store[2], start, weights, out[r])


_PIXELS_REST = (*_DECODING, int32, int32, *_LEVELS, float64, _OUT)


@kernel(void(_COUNTS, *_PIXELS_REST), void(_VALUES, *_PIXELS_REST))
def encode_pixels(
    raw: _Raw,
    swap: bool,
    flip: np.uint16,
    scale: float,
    offset: float,
    subtract: _Floats,
    multiply: _Floats,
    row: int,
    column: int,
    low: float,
    factor: float,
    table: _Codes,
    saturation: float,
    out: _Codes,
) -> None:
    """Encode single pixels: out[0] is image row `row`, out[1] the row below it, and so on."""
    width = out.shape[1]
    values, places = np.empty(width, np.float32), np.empty(width, np.int32)
    hot = np.empty(width, np.bool_)
    gain, zero, level = np.float32(scale), np.float32(offset), np.float32(saturation)
    for r in range(out.shape[0]):
        y = row - r
        _decode(raw[y][column : column + width], swap, flip, gain, zero, values)
        for x in range(width):
            hot[x] = values[x] >= level
        _correct(values, y, column, subtract, multiply)
        for x in range(width):
            if not np.isfinite(values[x]):
                values[x] = np.float32(np.nan)
        _encode(values, places, low, factor, table, out[r])
        for x in range(width):
            if hot[x]:
                out[r, x] = _SATURATED


@kernel(types.UniTuple(uint16, 2)(_COUNTS, boolean, uint16))
def count_range(raw: _Raw, swap: bool, flip: np.uint16) -> tuple[np.uint16, np.uint16]:
    """Smallest and largest count."""
    low, high = np.uint16(0xFFFF), np.uint16(0)
    for y in range(raw.shape[0]):
        row = raw[y]
        if swap:
            for x in range(row.size):
                value = _count(row, x, True, flip)
                low, high = min(low, value), max(high, value)
        else:
            for x in range(row.size):
                value = _count(row, x, False, flip)
                low, high = min(low, value), max(high, value)
    return low, high


@kernel(void(_COUNTS, read_only(uint32), uint32[:, ::1]))
def recolour(index: _Codes, table: NDArray[np.uint32], out: NDArray[np.uint32]) -> None:
    """Look up the colour of every code."""
    for y in range(index.shape[0]):
        source, target = index[y], out[y]
        for x in range(source.size):
            target[x] = table[source[x]]
