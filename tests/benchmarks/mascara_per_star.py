"""Aperture photometry star by star with numpy: what the compiled one is measured against.

As fast as a loop over stars can well be: one square a star, one sort, and all sums over slices.
The sums of the sky go on one by one in single precision, because the published ones do.
"""

from __future__ import annotations

import numpy as np

REACH = 21
OFFSETS = np.arange(-REACH, REACH + 1)


def measure_one(
    image: np.ndarray, x: float, y: float, radii: np.ndarray, gain: float, bad_level: float
) -> tuple[np.ndarray, np.ndarray, float, float, float, int]:
    """Flux, error, sky, scatter, peak and flag of one star inside the image."""
    column, line = round(x), round(y)
    square = image[line - REACH : line + REACH + 1, column - REACH : column + REACH + 1]
    across, down = OFFSETS + (column - x), OFFSETS + (line - y)
    squared = across**2 + (down**2)[:, np.newaxis]
    ring = np.sort(square[(squared >= 36.0) & (squared <= 441.0)])
    sky, scatter, used = mode_of(ring, bad_level)
    reach = int(radii.max() + 1.5)
    inner = slice(REACH - reach, REACH + reach + 1)
    near, light = np.sqrt(squared[inner, inner]) - 0.5, square[inner, inner].astype(np.float64)
    peak = float(light[near < radii.max()].max())
    area = np.pi * radii**2
    flux = np.array([total(near, light, radius) for radius in radii]) - sky * area
    error = np.sqrt(area * scatter**2 + np.maximum(flux, 0.0) / gain + scatter**2 / used * area**2)
    flag = 2 * (ring[-1] > bad_level) + 4 * (sky < 0) + 8 * (peak > bad_level)
    return flux, error, sky, scatter, peak, int(flag + 16 * (flux < 0).any())


def total(near: np.ndarray, light: np.ndarray, radius: float) -> float:
    """Weighted sum in an aperture, the partial weights scaled to the exact area."""
    weight = np.clip(radius - near, 0.0, 1.0)
    whole = weight == 1.0
    part = np.where(whole, 0.0, weight)
    scale = (np.pi * radius**2 - whole.sum()) / part.sum()
    return float((whole * light).sum() + scale * (part * light).sum())


def mode_of(values: np.ndarray, bad_level: float) -> tuple[float, float, int]:
    """Mode of sorted values, their standard deviation and how many are used."""
    half = np.float32(0.5)
    middle = half * values[(values.size - 1) // 2] + half * values[values.size // 2]
    reach = min(middle - values[0], values[-1] - middle, np.float32(bad_level) - middle)
    low, high = np.searchsorted(values, (middle - reach, middle + reach))
    mean, sigma = spread(values[low:high])
    median = half * values[(low + high) // 2] + half * values[(low + high - 1) // 2]
    mode, clamp, before = np.float32(mode_from(median, mean)), 1.0, 0.0
    for _ in range(50):
        r = np.log10(high - low)
        width = max(2.0, (-0.1042 * r + 1.1695) * r + 0.8895) * float(sigma)
        width += 0.5 * abs(float(mean) - float(mode))
        window = np.searchsorted(values, np.array((mode - width, mode + width), np.float64))
        stable = (low, high) == tuple(window)
        if not stable:
            low, high = window
            mean, sigma = spread(values[low:high])
        centre, side = 0.5 * (low + high - 1), 0.5 * round(0.2 * (high - low)) + 0.25
        fifth = values[int(np.ceil(centre - side)) : int(np.floor(centre + side)) + 1]
        change = mode_from(one_by_one(fifth) / np.float32(fifth.size), mean) - float(mode)
        if change * before < 0.0:
            clamp *= 0.5
        mode, before = np.float32(float(mode) + clamp * change), change
        if stable:
            return float(mode), float(sigma), int(high - low)
    return -1.0, -1.0, 0


def spread(values: np.ndarray) -> tuple[np.float32, np.float32]:
    """Mean and standard deviation."""
    mean = one_by_one(values) / np.float32(values.size)
    return mean, np.sqrt(one_by_one((values - mean) ** 2) / np.float32(values.size))


def mode_from(median: np.float32, mean: np.float32) -> float:
    """Mode as the difference of median and mean tells it."""
    return 3.0 * float(median) - 2.0 * float(mean) if median < mean else float(mean)


def one_by_one(values: np.ndarray) -> np.float32:
    """Sum in single precision, in the given order."""
    return np.add.accumulate(values)[-1]
