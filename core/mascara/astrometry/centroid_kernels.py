"""Compiled centroids of stars; to be imported inside functions. One thread, star by star."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import float32, float64, int64, void

from ...compiled import kernel, part, read_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Image = NDArray[np.float32]
    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]
    Slopes = NDArray[np.float64]

COLUMNS = ("x", "y", "flux", "sky", "noise", "peak", "spread")
CLIMB_PX = 6
"""How far outside the searched circle the top of what was found there may lie."""
_SUMMIT_PX = 3
_CENTRINGS = 3
_HOT = 1.5


@part
def _clean(image: Image, row: int, column: int) -> float:
    """Counts of a pixel; of its brightest neighbour where it stands out as no star can.

    A star that rises so much from one pixel to the next has fallen to nearly nothing two pixels
    away. A pixel is hot that rises above its neighbours by more than `_HOT` times what the
    brightest of them rises above the darkest pixel two steps away; the sharpest star of this
    lens stays below half of that.
    """
    value: float = image[row, column]
    neighbour: float = image[row - 1, column]
    for y in range(row - 1, row + 2):
        for x in range(column - 1, column + 2):
            if (y != row or x != column) and image[y, x] > neighbour:
                neighbour = image[y, x]
                if neighbour >= value:
                    return value
    darkest = image[row - 2, column]
    for step in range(-2, 3):
        darkest = min(darkest, image[row - 2, column + step], image[row + 2, column + step])
        darkest = min(darkest, image[row + step, column - 2], image[row + step, column + 2])
    return neighbour if value - neighbour > _HOT * (neighbour - darkest) else value


@part
def _smooth(patch: Numbers, row: int, column: int) -> float:
    total = 0.0
    for y in range(row - 1, row + 2):
        for x in range(column - 1, column + 2):
            total += patch[y, x]
    return total


@part
def _fill(image: Image, row: int, column: int, half: int, patch: Numbers) -> None:
    for y in range(2 * half + 1):
        for x in range(2 * half + 1):
            patch[y, x] = _clean(image, row - half + y, column - half + x)


@part
def _brightest(patch: Numbers, row: int, column: int, radius: int) -> tuple[int, int]:
    """Top of the smoothed patch in a circle; the first one of equals."""
    best_row, best_column, best = row, column, _smooth(patch, row, column)
    for y in range(-radius, radius + 1):
        for x in range(-radius, radius + 1):
            if y * y + x * x <= radius * radius:
                value = _smooth(patch, row + y, column + x)
                if value > best:
                    best_row, best_column, best = row + y, column + x, value
    return best_row, best_column


@part
def _summit(patch: Numbers, half: int, radius: int) -> tuple[int, int, bool]:
    """Pixel of the patch that is the top of its surroundings, found from its middle.

    The climb ends at the same pixel wherever on the star's own slopes it began.
    """
    row, column = _brightest(patch, half, half, radius)
    inner = half - 1 - _SUMMIT_PX
    while abs(row - half) <= inner and abs(column - half) <= inner:
        next_row, next_column = _brightest(patch, row, column, _SUMMIT_PX)
        if next_row == row and next_column == column:
            return row, column, True
        row, column = next_row, next_column
    return row, column, False


@part
def _sky(image: Image, row: int, column: int, ring: Places, values: Numbers) -> tuple[float, float]:
    """Median of a ring and the noise of its pixels (from the median of their distances)."""
    count = 0
    for k in range(ring.shape[0]):
        y, x = row + ring[k, 0], column + ring[k, 1]
        if 0 <= y < image.shape[0] and 0 <= x < image.shape[1]:
            values[count] = image[y, x]
            count += 1
    middle = np.median(values[:count])
    for k in range(count):
        values[k] = abs(values[k] - middle)
    return middle, 1.4826 * np.median(values[:count])


@part
def _weigh(
    image: Image,
    row: int,
    column: int,
    radius: int,
    sky: float,
    slope: tuple[float, float],
    out: Numbers,
) -> None:
    """Flux, its middle, its spread and its highest pixel in a circle about a pixel.

    `slope` of the sky along x and y would draw the middle of a faint star by pixels.
    """
    flux = along_x = along_y = squares = 0.0
    slope_x, slope_y = slope
    peak = image[row, column]
    for y in range(-radius, radius + 1):
        for x in range(-radius, radius + 1):
            if y * y + x * x <= radius * radius:
                value = _clean(image, row + y, column + x) - sky - slope_x * x - slope_y * y
                flux += value
                along_x += value * x
                along_y += value * y
                squares += value * (x * x + y * y)
                peak = max(peak, image[row + y, column + x])
    if flux > 0.0:
        off_x, off_y = along_x / flux, along_y / flux
        out[0], out[1] = column + off_x, row + off_y
        out[6] = squares / flux - off_x * off_x - off_y * off_y
    else:
        out[0], out[1], out[6] = np.nan, np.nan, np.nan
    out[2], out[3], out[5] = flux, sky, peak


@part
def _is_inside(image: Image, row: float, column: float, margin: int) -> bool:
    rows, columns = image.shape
    return bool(margin <= row < rows - margin and margin <= column < columns - margin)


@part
def _slope(slopes: Slopes, row: int, column: int, step: int) -> tuple[float, float]:
    """Slope of the sky at a pixel; that of the last whole block beyond it."""
    j = min(row // step, slopes.shape[1] - 1)
    i = min(column // step, slopes.shape[2] - 1)
    return slopes[0, j, i], slopes[1, j, i]


@part
def _centre(
    image: Image,
    row: int,
    column: int,
    radius: int,
    sky: float,
    slopes: Slopes,
    step: int,
    out: Numbers,
) -> None:
    """Centroid in a circle that follows it, always by the same number of steps."""
    for _ in range(_CENTRINGS):
        _weigh(image, row, column, radius, sky, _slope(slopes, row, column, step), out)
        if not _is_inside(image, out[1], out[0], radius + 3):
            out[:2] = np.nan
            return
        row, column = int(np.round(out[1])), int(np.round(out[0]))


@kernel(
    void(
        read_only(float32, 2), read_only(float64), read_only(float64), int64, int64,
        read_only(int64, 2), read_only(float64, 3), int64, float64[:, ::1],
    )
)  # fmt: skip
def centroids(
    image: Image,
    x: Numbers,
    y: Numbers,
    search: int,
    radius: int,
    ring: Places,
    slopes: Slopes,
    step: int,
    out: Numbers,
) -> None:
    """Look for a star at each place and measure where it is.

    Parameters
    ----------
    image : ndarray of float32, shape (ny, nx)
    x, y : ndarray of float64, shape (n,)
        Where to look, pixels.
    search : int
        Radius of the circle in which the brightest spot is taken, pixels.
    radius : int
        Radius of the circle whose centroid is taken.
    ring : ndarray of int64, shape (m, 2)
        Rows and columns of the sky, counted from the star.
    slopes : ndarray of float64, shape (2, blocks down, blocks across)
        Slope of the sky along x and along y in blocks of pixels, ADU per pixel.
    step : int
        Side of a block, pixels.
    out : ndarray of float64, shape (n, 7)
        Filled with `COLUMNS`: the centroid (NaN where there is none), ADU above the sky, sky
        and noise of a pixel, highest pixel, second moment in px^2.
    """
    half = search + CLIMB_PX
    margin = half + 3
    patch = np.empty((2 * half + 1, 2 * half + 1))
    values = np.empty(ring.shape[0])
    for star in range(x.size):
        out[star] = np.nan
        if not _is_inside(image, y[star], x[star], margin):
            continue
        row, column = int(np.round(y[star])), int(np.round(x[star]))
        if not _is_inside(image, row, column, margin):
            continue
        _fill(image, row, column, half, patch)
        top_row, top_column, is_found = _summit(patch, half, search)
        row, column = row - half + top_row, column - half + top_column
        if not is_found or not _is_inside(image, row, column, radius + 3):
            continue
        sky, noise = _sky(image, row, column, ring, values)
        out[star, 4] = noise
        _centre(image, row, column, radius, sky, slopes, step, out[star])
