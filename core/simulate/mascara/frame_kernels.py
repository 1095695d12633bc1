"""Compiled light and electronics of one frame; to be imported inside functions. One thread each.

Noise is SplitMix64 with a counter (see `..hashing`): every pixel's draw depends only on the key of
its frame and its place, never on threads or on the order of frames.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numba import float32, float64, int64, uint8, uint16, uint64, void

from ...compiled import kernel, part, read_only
from ..kernels import GOLDEN, LARGE_MEAN, U64, gaussian, mix, poisson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Image = NDArray[np.float32]

_ONE = read_only(float64)
_LARGEST_HALF = 30
_WIDTH = 2 * _LARGEST_HALF + 1
_TAG = U64(0xA0761D6478BD642F)
# Gauss-Legendre nodes and weights of three points, on a trail of length 1.
_NODE = 0.3872983346207417
_OUTER, _INNER = 5.0 / 18.0, 8.0 / 18.0


@kernel(void(float32[:, ::1], read_only(float32, 2), int64))
def paint_smooth(image: Image, grid: Image, step: int) -> None:
    """Fill an image with values given at every `step`-th pixel of both axes, bilinearly."""
    rows, columns = image.shape
    line = np.empty(grid.shape[1], np.float32)
    for y in range(rows):
        j = y // step
        t = np.float32((y - j * step) / step)
        for i in range(grid.shape[1]):
            line[i] = grid[j, i] + t * (grid[j + 1, i] - grid[j, i])
        for i in range((columns + step - 1) // step):
            slope = (line[i + 1] - line[i]) / np.float32(step)
            first = line[i]
            for x in range(i * step, min((i + 1) * step, columns)):
                image[y, x] = first + slope * np.float32(x - i * step)


@part
def _profile(out: Numbers, offset: float, sigma: float, half: int, weight: float) -> None:
    """Fill `out` with a normalised Gaussian at whole pixels from -half to half."""
    scale = weight / (sigma * math.sqrt(2.0 * math.pi))
    narrow = 0.5 / (sigma * sigma)
    for k in range(2 * half + 1):
        d = k - half - offset
        out[k] = scale * math.exp(-d * d * narrow)


@part
def _add(stamp: Image, across: Numbers, down: Numbers, size: int) -> None:
    for j in range(size):
        factor = np.float32(down[j])
        for i in range(size):
            stamp[j, i] += factor * np.float32(across[i])


@part
def _aperture(stamp: Image, half: int, dx: float, dy: float, radius: float) -> float:
    """Weighted sum within a radius: a pixel counts by how far it reaches in, in all pi r^2."""
    whole, partial, inner, rim = 0.0, 0.0, 0.0, 0.0
    reach = min(half, math.ceil(radius + 1.5))
    for j in range(-reach, reach + 1):
        for i in range(-reach, reach + 1):
            depth = radius - (math.hypot(i - dx, j - dy) - 0.5)
            if depth >= 1.0:
                whole += 1.0
                inner += stamp[j + half, i + half]
            elif depth > 0.0:
                partial += depth
                rim += depth * stamp[j + half, i + half]
    if partial > 0.0:
        inner += rim * (math.pi * radius * radius - whole) / partial
    return inner


@part
def _draw(
    stamp: Image,
    across: Numbers,
    down: Numbers,
    half: int,
    dx: float,
    dy: float,
    flux: float,
    shape: Numbers,
) -> None:
    """Fill a stamp with a star at (dx, dy) from its middle; `shape` as in `paint_stars`."""
    trail_x, trail_y, sigma = shape[0], shape[1], shape[2]
    coma, coma_x, coma_y, coma_sigma = shape[3], shape[4], shape[5], shape[6]
    wing, wing_sigma = shape[7], shape[8]
    size = 2 * half + 1
    stamp[:size, :size] = 0.0
    # The centroid of everything stays where the star is.
    x, y = dx - coma * coma_x, dy - coma * coma_y
    for point in range(-1, 2):
        share = (_INNER if point == 0 else _OUTER) * (1.0 - coma - wing) * flux
        _profile(across, x + point * _NODE * trail_x, sigma, half, share)
        _profile(down, y + point * _NODE * trail_y, sigma, half, 1.0)
        _add(stamp, across, down, size)
    smear_x, smear_y = trail_x * trail_x / 12.0, trail_y * trail_y / 12.0
    _profile(across, x, math.sqrt(wing_sigma**2 + smear_x), half, wing * flux)
    _profile(down, y, math.sqrt(wing_sigma**2 + smear_y), half, 1.0)
    _add(stamp, across, down, size)
    if coma > 0.0:
        _profile(across, x + coma_x, math.sqrt(coma_sigma**2 + smear_x), half, coma * flux)
        _profile(down, y + coma_y, math.sqrt(coma_sigma**2 + smear_y), half, 1.0)
        _add(stamp, across, down, size)


@kernel(void(float32[:, ::1], _ONE, _ONE, _ONE, read_only(float64, 2), read_only(int64),
             _ONE, read_only(uint8), float64[:, ::1]))  # fmt: skip
def paint_stars(
    image: Image,
    x: Numbers,
    y: Numbers,
    flux: Numbers,
    shape: Numbers,
    half: NDArray[np.int64],
    radii: Numbers,
    told: NDArray[np.uint8],
    sums: Numbers,
) -> None:
    """Add trailed stars to an image; `sums` gets what lies in apertures around those `told`.

    A row of `shape` has: x and y component of the trail, width of the core, share, x and y
    displacement and width of the coma, share and width of the wings; pixels.
    """
    rows, columns = image.shape
    stamp = np.zeros((_WIDTH, _WIDTH), np.float32)
    across, down = np.empty(_WIDTH), np.empty(_WIDTH)
    for n in range(x.size):
        left, top = math.floor(x[n] + 0.5), math.floor(y[n] + 0.5)
        h = half[n]
        if left + h < 0 or left - h >= columns or top + h < 0 or top - h >= rows:
            continue
        _draw(stamp, across, down, h, x[n] - left, y[n] - top, flux[n], shape[n])
        if told[n]:
            for k in range(radii.size):
                sums[n, k] = _aperture(stamp, h, x[n] - left, y[n] - top, radii[k])
        for j in range(max(0, top - h), min(rows, top + h + 1)):
            for i in range(max(0, left - h), min(columns, left + h + 1)):
                image[j, i] += stamp[j - top + h, i - left + h]


@kernel(void(float32[:, ::1], float64, float64, float64, float64, float64, float64))
def paint_trail(
    image: Image, x: float, y: float, end_x: float, end_y: float, per_px: float, sigma: float
) -> None:
    """Add a straight trail of light: `per_px` counts a pixel of length, a Gaussian across."""
    rows, columns = image.shape
    length = math.hypot(end_x - x, end_y - y)
    ux, uy = (end_x - x) / length, (end_y - y) / length
    reach = 4.0 * sigma
    scale = per_px / (sigma * math.sqrt(2.0 * math.pi))
    low_y, high_y = min(y, end_y) - reach, max(y, end_y) + reach
    for j in range(max(0, math.ceil(low_y)), min(rows, math.floor(high_y) + 1)):
        for i in range(
            max(0, math.ceil(min(x, end_x) - reach)),
            min(columns, math.floor(max(x, end_x) + reach) + 1),
        ):
            along = (i - x) * ux + (j - y) * uy
            side = (j - y) * ux - (i - x) * uy
            if -reach < along < length + reach and abs(side) < reach:
                ends = math.erf(along / (sigma * math.sqrt(2.0)))
                ends -= math.erf((along - length) / (sigma * math.sqrt(2.0)))
                image[j, i] += 0.5 * ends * scale * math.exp(-0.5 * (side / sigma) ** 2)


@kernel(void(float32[:, ::1], float64, float64, float64, float64, float64, float64))
def paint_moon(
    image: Image, x: float, y: float, radius: float, level: float, middle_x: float, middle_y: float
) -> None:
    """Add the Moon: disc, halo falling with the distance, and the streak through the middle."""
    rows, columns = image.shape
    length = math.hypot(middle_x - x, middle_y - y) + 1e-9
    ux, uy = (middle_x - x) / length, (middle_y - y) / length
    for j in range(rows):
        for i in range(columns):
            r = math.hypot(i - x, j - y)
            light = level / (1.0 + (r / (1.5 * radius)) ** 2)
            if r < radius:
                light += 200.0 * level
            side = ((i - x) * uy - (j - y) * ux) / 10.0
            if abs(side) < 5.0:
                light += 0.03 * level * math.exp(-0.5 * side * side)
            image[j, i] += light


@kernel(void(float32[:, ::1], read_only(float32, 2), read_only(float32, 2), read_only(float32),
             int64, int64, float64, float64, float64, uint64, uint16[:, ::1]))  # fmt: skip
def expose(
    light: Image,
    response: Image,
    dark: Image,
    offset: Image,
    top: int,
    left: int,
    gain: float,
    dark_factor: float,
    noise_e: float,
    key: np.uint64,
    out: NDArray[np.uint16],
) -> None:
    """Fill `out`, the whole raw frame, with counts as FITS stores them.

    `light` (ADU), `response` and `dark` (electrons) are of the active window, whose first pixel
    is (`top`, `left`); `offset` (ADU) is of the raw columns.
    """
    rows, columns = light.shape
    wide = out.shape[1]
    for y in range(out.shape[0]):
        counter = key + U64(y * wide) * GOLDEN
        lit = 0 <= y - top < rows
        for x in range(wide):
            bits = mix(counter + U64(x) * GOLDEN)
            mean = 0.0
            if lit and 0 <= x - left < columns:
                j, i = y - top, x - left
                mean = light[j, i] * response[j, i] * gain
                mean += dark[j, i] * dark_factor
            if mean < LARGE_MEAN:
                electrons = float(poisson(mean, bits)) if mean > 0.0 else 0.0
                electrons += noise_e * gaussian(mix(bits ^ _TAG))
            else:
                # One normal draw for both noises: what the skewness of a dozen electrons
                # would add is far below the read noise.
                electrons = mean + math.sqrt(mean + noise_e * noise_e) * gaussian(bits)
            value = offset[x] + electrons / gain + 0.5
            counts = np.uint32(min(max(value, 0.0), 65535.0))
            signed = counts ^ np.uint32(0x8000)
            out[y, x] = np.uint16((signed >> np.uint32(8)) | ((signed & np.uint32(0xFF)) << 8))
