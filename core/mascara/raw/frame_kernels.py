"""Compiled loops over raw frames; to be imported inside functions. One thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import float32, int64, uint8, uint16, uint32, void

from ...compiled import kernel, part, read_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[np.uint16]
    Image = NDArray[np.float32]
    Mask = NDArray[np.uint8]

_EIGHT = np.uint16(8)
_SIGN = np.uint16(0x8000)
_COUNTS = read_only(uint16, 2)
_IMAGE = read_only(float32, 2)
_MASK = read_only(uint8, 2)
_PIECE = 64
_FEWEST = 3
_LARGEST_REACH = 4


@kernel(void(uint16[::1]))
def make_native(stored: Counts) -> None:
    """Turn big-endian signed numbers with an offset of 32768 into counts, in place."""
    for k in range(stored.size):
        value = stored[k]
        stored[k] = np.uint16((value << _EIGHT) | (value >> _EIGHT)) ^ _SIGN


@kernel(void(_COUNTS, int64, int64, int64, int64, uint32[:, ::1]))
def count(
    counts: Counts, top: int, bottom: int, left: int, right: int, histogram: NDArray[np.uint32]
) -> None:
    """Add the rows `top` to `bottom` and columns `left` to `right` to a histogram.

    It has four rows, which together hold the numbers: neighbours of the same count would wait
    for each other if they were written to one place.
    """
    first, second, third, fourth = histogram[0], histogram[1], histogram[2], histogram[3]
    one = np.uint32(1)
    whole = left + (right - left) // 4 * 4
    for y in range(top, bottom):
        row = counts[y]
        for x in range(left, whole, 4):
            first[row[x]] += one
            second[row[x + 1]] += one
            third[row[x + 2]] += one
            fourth[row[x + 3]] += one
        for x in range(whole, right):
            first[row[x]] += one


@kernel(void(_COUNTS, _IMAGE, float32, int64, int64, float32[:, ::1]))
def take_dark_off(counts: Counts, dark: Image, level: float, x0: int, y0: int, out: Image) -> None:
    """Write the active window less the dark; less `level` if the dark has no pixels."""
    width = out.shape[1]
    for y in range(out.shape[0]):
        row, target = counts[y + y0][x0 : x0 + width], out[y]
        if dark.size:
            below = dark[y + y0][x0 : x0 + width]
            for x in range(width):
                target[x] = np.float32(row[x]) - below[x]
        else:
            for x in range(width):
                target[x] = np.float32(row[x]) - level


@part
def _any_bad(piece: Mask) -> bool:
    found = np.uint8(0)
    for x in range(piece.size):
        found |= piece[x]
    return bool(found)


@part
def _neighbours(
    image: Image, bad: Mask, y: int, x: int, reach: int, x0: int, y0: int, found: Image
) -> int:
    """Collect the good pixels of a square around a pixel; gives their number."""
    number = 0
    for v in range(max(y - reach, 0), min(y + reach + 1, image.shape[0])):
        for u in range(max(x - reach, 0), min(x + reach + 1, image.shape[1])):
            if not bad[v + y0, u + x0]:
                found[number] = image[v, u]
                number += 1
    return number


@part
def _middle(values: Image, number: int) -> float:
    """Median of the first values, which are sorted in place; few are sorted fastest so."""
    for k in range(1, number):
        value, place = values[k], k
        while place > 0 and values[place - 1] > value:
            values[place] = values[place - 1]
            place -= 1
        values[place] = value
    return 0.5 * (float(values[(number - 1) // 2]) + float(values[number // 2]))


@part
def _mended(image: Image, bad: Mask, y: int, x: int, x0: int, y0: int, found: Image) -> float:
    """Median of the good neighbours; the value itself in a desert of bad ones."""
    for reach in range(1, _LARGEST_REACH + 1):
        number = _neighbours(image, bad, y, x, reach, x0, y0, found)
        if number >= _FEWEST:
            return _middle(found, number)
    return float(image[y, x])


@kernel(void(float32[:, ::1], _MASK, int64, int64))
def mend(image: Image, bad: Mask, x0: int, y0: int) -> None:
    """Replace bad pixels by the median of good ones around them.

    The mask is that of the raw frame. Only good pixels are looked at, so that the order of the
    replacements does not matter. Good stretches are skipped piece by piece.
    """
    found = np.empty((2 * _LARGEST_REACH + 1) ** 2, np.float32)
    height, width = image.shape
    for y in range(height):
        row = bad[y + y0][x0 : x0 + width]
        for begin in range(0, width, _PIECE):
            end = min(begin + _PIECE, width)
            if not _any_bad(row[begin:end]):
                continue
            for x in range(begin, end):
                if row[x]:
                    image[y, x] = np.float32(_mended(image, bad, y, x, x0, y0, found))
