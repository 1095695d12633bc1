"""Compiled sky of stars from their sorted annuli; to be imported inside functions. One thread.

Single precision and the order of the sums are those of the published photometry: they decide which
pixels are kept, and with them the sky to more than the last digit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import float32, float64, int64, uint8, void

from ...compiled import kernel, part, read_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.float32]
    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

_ONE = read_only(float64)

FEWEST_PIXELS = 20
_ROUNDS = 50
_HALF, _TWO, _THREE = np.float32(0.5), np.float64(2.0), np.float64(3.0)


@part
def mode_of(values: Pixels, count: int, bad_level: float) -> tuple[float, float, int]:
    """Mode of the sky, standard deviation and number of pixels it is of; (-1, -1, 0) if none.

    Parameters
    ----------
    values : array of float32, shape (width,)
        Counts of the annulus; the first `count` of them are sorted, the others not looked at.
    count : int
        How many are counts.
    bad_level : float
        Counts above which a pixel is saturated.
    """
    if count < FEWEST_PIXELS:
        return -1.0, -1.0, 0
    median = _HALF * values[(count - 1) // 2] + _HALF * values[count // 2]
    if (median == values[0] or median == values[count - 1]) and median <= bad_level:
        # Half of the pixels are the same: an image without noise. The window would be empty.
        return float(median), 0.0, count
    first, last = _beginning(values, count, median, np.float32(bad_level))
    if last - first < FEWEST_PIXELS:
        return -1.0, -1.0, 0
    median = _HALF * values[(first + last) // 2] + _HALF * values[(first + last - 1) // 2]
    mean, sigma = _spread(values, first, last)
    mode, clamp, before = np.float32(_mode(median, mean)), 1.0, 0.0
    for _ in range(_ROUNDS):
        half = _width(last - first) * np.float64(sigma) + 0.5 * abs(np.float64(mean) - mode)
        low = _place(values, count, np.float64(mode) - half)
        high = _place(values, count, np.float64(mode) + half)
        if high - low < FEWEST_PIXELS:
            break
        stable = low == first and high == last
        if not stable:
            first, last = low, high
            mean, sigma = _spread(values, first, last)
        change = _mode(_centre(values, first, last), mean) - np.float64(mode)
        if change * before < 0.0:
            clamp *= 0.5
        mode, before = np.float32(np.float64(mode) + clamp * change), change
        if stable:
            return np.float64(mode), np.float64(sigma), last - first
    return -1.0, -1.0, 0


@part
def _finite(values: Pixels, count: int) -> tuple[int, int]:
    """First finite one of sorted values, where NaN comes last, and how many are finite."""
    first = 0
    while count > 0 and not np.isfinite(values[count - 1]):
        count -= 1
    while first < count and not np.isfinite(values[first]):
        first += 1
    return first, count - first


@part
def _beginning(
    values: Pixels, count: int, median: np.float32, bad_level: np.float32
) -> tuple[int, int]:
    """First window: around the median, as wide as the nearer of both extremes is away."""
    reach = min(median - values[0], values[count - 1] - median, bad_level - median)
    return (
        _place(values, count, np.float64(median - reach)),
        _place(values, count, np.float64(median + reach)),
    )


@part
def _place(values: Pixels, count: int, limit: float) -> int:
    """How many of the values are below the limit."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if values[middle] < limit:
            low = middle + 1
        else:
            high = middle
    return low


@part
def _spread(values: Pixels, first: int, last: int) -> tuple[np.float32, np.float32]:
    """Mean and standard deviation, added up one by one."""
    count = np.float32(last - first)
    total = np.float32(0.0)
    for k in range(first, last):
        total += values[k]
    mean = total / count
    total = np.float32(0.0)
    for k in range(first, last):
        total += (values[k] - mean) * (values[k] - mean)
    sigma: np.float32 = np.sqrt(total / count)
    return mean, sigma


@part
def _mode(median: np.float32, mean: np.float32) -> float:
    if median < mean:
        return _THREE * np.float64(median) - _TWO * np.float64(mean)
    return np.float64(mean)


@part
def _width(count: int) -> float:
    """Half width of the window in standard deviations."""
    decades = np.log10(np.float64(count))
    return max(2.0, float((-0.1042 * decades + 1.1695) * decades + 0.8895))


@part
def _centre(values: Pixels, first: int, last: int) -> np.float32:
    """Mean of the central fifth of the window."""
    middle, side = 0.5 * (first + last - 1), 0.5 * np.rint(0.2 * (last - first)) + 0.25
    low, high = int(np.ceil(middle - side)), int(np.floor(middle + side))
    total = np.float32(0.0)
    for k in range(low, high + 1):
        total += values[k]
    return total / np.float32(high + 1 - low)


@kernel(
    void(
        read_only(float32, 2), read_only(int64), read_only(float64, 2), _ONE, _ONE, _ONE, _ONE,
        float64, float64[:, ::1], float64[:, ::1], float64[::1], float64[::1], uint8[::1],
    )
)  # fmt: skip
def finish(
    rows: Pixels,
    counts: Places,
    totals: Numbers,
    peak: Numbers,
    radii: Numbers,
    gain: Numbers,
    noise_ratio: Numbers,
    bad_level: float,
    flux: Numbers,
    eflux: Numbers,
    sky: Numbers,
    esky: Numbers,
    pflag: NDArray[np.uint8],
) -> None:
    """Subtract the sky of each star and tell the errors and flags.

    Parameters
    ----------
    rows, counts, totals, peak
        What `gather` left, the counts of each row sorted.
    radii : array of float64, shape (naper,)
        Radii [px].
    gain, noise_ratio : arrays of float64, shape (n,)
        Electrons per count, and by how much a sum is noisier than one of independent pixels.
    bad_level : float
        Counts above which a pixel is saturated [ADU].
    flux, eflux, sky, esky, pflag : arrays, shapes (n, naper), (n, naper), (n,), (n,), (n,)
        Filled.
    """
    for star in range(counts.size):
        first, count = _finite(rows[star], counts[star])
        values = rows[star, first:]
        mode, sigma, used = mode_of(values, count, bad_level)
        sky[star], esky[star] = mode, sigma
        flag = 0
        if count > 0 and values[count - 1] > bad_level:
            flag |= 2
        if mode < 0.0:
            flag |= 4
        if peak[star] > bad_level:
            flag |= 8
        noise = sigma * sigma * noise_ratio[star] * noise_ratio[star]
        for k in range(radii.size):
            area = np.pi * radii[k] * radii[k]
            if used == 0:
                flux[star, k] = eflux[star, k] = np.nan
                continue
            light = totals[star, k] - mode * area
            if light < 0.0:
                flag |= 16
            shot = max(light, 0.0) / gain[star]
            flux[star, k] = light
            eflux[star, k] = np.sqrt(area * noise + shot + noise / used * area * area)
        pflag[star] = flag
