"""Compiled parts of aperture photometry; to be imported inside functions. One thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import float32, float64, int64, void

from ...compiled import kernel, part, read_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]
    Pixels = NDArray[np.float32]

_ONE, _IMAGE = read_only(float64), read_only(float32, 2)


@part
def _ends(centre: float, across: float, radius: float) -> tuple[int, int]:
    """First and last pixel of a row not farther away than `radius`; last < first: none.

    The root may be wrong in its last digit, which the comparison of squares is not.
    """
    square = radius * radius - across
    if square < 0.0:
        return 1, 0
    half = np.sqrt(square)
    first, last = int(np.ceil(centre - half)) - 1, int(np.floor(centre + half)) + 1
    while first <= last and (first - centre) * (first - centre) > square:
        first += 1
    while last >= first and (last - centre) * (last - centre) > square:
        last -= 1
    return first, last


@part
def _hole(centre: float, across: float, radius: float) -> tuple[int, int]:
    """First and last pixel of a row nearer than `radius`; last < first: none."""
    first, last = _ends(centre, across, radius)
    square = radius * radius - across
    while first <= last and (first - centre) * (first - centre) >= square:
        first += 1
    while last >= first and (last - centre) * (last - centre) >= square:
        last -= 1
    return first, last


@part
def _copy(row: Pixels, first: int, last: int, out: Pixels, count: int) -> int:
    """Append a piece of a row; gives the new number of pixels.

    Numbers without a sign cannot mean a place counted from the end: the loop becomes a vector's.
    """
    if last < first:
        return count
    source, target = np.uint64(first), np.uint64(count)
    for k in range(np.uint64(last + 1 - first)):
        out[target + k] = row[source + k]
    return count + last + 1 - first


@part
def _annulus(image: Pixels, x: float, y: float, radii: Numbers, out: Pixels) -> int:
    """Collect the pixels of the annulus, both edges included; gives their number."""
    count, reach = 0, int(np.ceil(radii[1])) + 1
    nearest = int(np.rint(y))
    for line in range(max(nearest - reach, 0), min(nearest + reach + 1, image.shape[0])):
        across = (line - y) * (line - y)
        first, last = _ends(x, across, radii[1])
        if last < first:
            continue
        begin, end = _hole(x, across, radii[0])
        row = image[line]
        if end < begin:
            count = _copy(row, first, last, out, count)
        else:
            count = _copy(row, first, begin - 1, out, count)
            count = _copy(row, end + 1, last, out, count)
    return count


@part
def _apertures(image: Pixels, x: float, y: float, radii: Numbers, sums: Numbers) -> np.float32:
    """Weighted sums in all apertures; gives the highest pixel in the largest one.

    A pixel's weight is the part of one pixel's width by which the aperture reaches over its near
    edge, and those of the partial ones are scaled to the exact area: `sums` has, one row an
    aperture, the whole pixels, their sum, the partial weights and their sum.
    """
    sums[:] = 0.0
    largest = radii.max()
    reach, peak = int(largest + 1.5), np.float32(-np.inf)
    left, low = int(np.rint(x)) - reach, int(np.rint(y)) - reach
    for line in range(low, low + 2 * reach + 1):
        for column in range(left, left + 2 * reach + 1):
            near = np.sqrt((column - x) * (column - x) + (line - y) * (line - y)) - 0.5
            if near >= largest:
                continue
            value = image[line, column]
            peak = max(peak, value)
            for k in range(radii.size):
                over = radii[k] - near
                if over >= 1.0:
                    sums[k, 0] += 1.0
                    sums[k, 1] += value
                elif over > 0.0:
                    sums[k, 2] += over
                    sums[k, 3] += over * value
    return peak


@part
def _total(sums: Numbers, area: float) -> float:
    if sums[2] <= 0.0:
        return float(sums[1])
    return float(sums[1] + sums[3] * (area - sums[0]) / sums[2])


@kernel(
    void(_IMAGE, _ONE, _ONE, _ONE, _ONE, float32[:, ::1], int64[::1], float64[:, ::1], float64[::1])
)
def gather(
    image: Pixels,
    x: Numbers,
    y: Numbers,
    radii: Numbers,
    sky_radii: Numbers,
    rows: Pixels,
    counts: Places,
    totals: Numbers,
    peak: Numbers,
) -> None:
    """Collect annuli and add up apertures of a block of stars whose boxes are in the image.

    Parameters
    ----------
    image : array of float32, shape (ny, nx)
    x, y : arrays of float64, shape (n,)
        Positions [px].
    radii, sky_radii : arrays of float64, shapes (naper,) and (2,)
        Radii [px].
    rows : array of float32, shape (n, width)
        Filled: pixels of the annuli, then infinity.
    counts : array of int64, shape (n,)
        Filled: how many pixels each annulus has.
    totals, peak : arrays of float64, shapes (n, naper) and (n,)
        Filled: sums with the sky [ADU], and the highest pixels.
    """
    sums = np.empty((radii.size, 4))
    for star in range(x.size):
        counts[star] = _annulus(image, x[star], y[star], sky_radii, rows[star])
        rows[star, counts[star] :] = np.inf
        peak[star] = _apertures(image, x[star], y[star], radii, sums)
        for k in range(radii.size):
            totals[star, k] = _total(sums[k], np.pi * radii[k] * radii[k])
