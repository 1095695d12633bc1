"""Where a star is and how wide, by its light under a Gaussian window of its own width."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

FWHM_OF_SIGMA = 2.0 * math.sqrt(2.0 * math.log(2.0))
"""Full width at half maximum of a Gaussian of sigma 1."""
LEAST_SNR = 5.0

MAD_TO_SIGMA = 1.4826
_ROUNDS = 40
_SETTLED = 1e-4
# Narrower windows would see single pixels instead of a star.
_LEAST_WINDOW_PX = 1.5
# Wider light is cut off by the sides of its box, and may be a slope as well.
_LARGEST_PART = 0.25
# A single hot pixel or cosmic ray has no width at all.
_LEAST_SIGMA_PX = 0.35
_LONGEST_STEP_PX = 2.0
_MARGIN_PX = 8
_LEAST_SIDE_PX = 31
_NEIGHBOURS = 5
_MOST_PEAKS = 40


class Star(NamedTuple):
    """Centre in pixels of the picture it was found in (from 0), and width."""

    x: float
    y: float
    sigma_px: float


def snap(
    image: NDArray[Any],
    x: float,
    y: float,
    radius_px: float,
    *,
    corner: tuple[int, int] = (0, 0),
) -> tuple[float, float] | None:
    """Find the star nearest to a place.

    The sky is the median of the surroundings and its noise their scatter (1.4826 times the
    median deviation). Peaks of the 3 x 3 mean stand 5 times its noise above the sky; each is
    settled by `settled_star`.

    Parameters
    ----------
    image : ndarray, shape (rows, columns)
        What is not finite is left out.
    x, y : float
        1-based image coordinates.
    radius_px : float
        Largest distance.
    corner : (column, row)
        0-based image coordinates of the first pixel of `image`.

    Returns
    -------
    (x, y) or None
        1-based; None where no star is near.
    """
    first = x - corner[0] - 1.0, y - corner[1] - 1.0
    rows, columns = (
        _around(place, radius_px, count)
        for place, count in zip(reversed(first), image.shape, strict=True)
    )
    part = np.asarray(image[rows, columns], np.float64)
    values = part[np.isfinite(part)]
    if not values.size:
        return None
    level, noise = level_and_noise(values)
    net = np.where(np.isfinite(part), part - level, 0.0)
    here = first[0] - columns.start, first[1] - rows.start
    stars = [
        star for peak in _peaks(net, noise, here, radius_px)
        if (star := settled_star(net, noise, *peak)) and _distance(star, here) <= radius_px
    ]  # fmt: skip
    if not stars:
        return None
    nearest = min(stars, key=lambda star: _distance(star, here))
    return nearest.x + columns.start + corner[0] + 1.0, nearest.y + rows.start + corner[1] + 1.0


def level_and_noise(values: NDArray[Any], level: float | None = None) -> tuple[float, float]:
    """Give the median of some values and their scatter, which stars among them hardly move.

    A level that is known better is used in the place of the median.
    """
    if level is None:
        level = _middle(values)
    return level, MAD_TO_SIGMA * _middle(np.abs(values - level))


def _middle(values: NDArray[Any]) -> float:
    """Median of finite values; a fifth of the time `numpy.median` takes for a few."""
    ordered = np.sort(values)
    return (float(ordered[(values.size - 1) // 2]) + float(ordered[values.size // 2])) / 2


def settled_star(net: Numbers, noise: float, x: float, y: float) -> Star | None:
    """Follow the light uphill from a place until centre and width rest.

    Under a window ``exp(-r**2 / (2 s**2))`` a Gaussian star of width sigma, d away, has its
    mean at ``d m / sigma**2`` and the variance ``m = sigma**2 s**2 / (sigma**2 + s**2)``. Solved
    for d and sigma they give the next window, until s = sigma (adaptive moments: Bernstein &
    Jarvis 2002, AJ 123, 583), or 1.5 pixels for a narrower star. Noise far from the star does
    not count.

    Parameters
    ----------
    net : ndarray of float64, shape (rows, columns)
        Light above the sky; 0 for pixels to leave out.
    noise : float
        Scatter of one pixel of sky, in the same unit.
    x, y : float
        Where to begin, 0-based.

    Returns
    -------
    Star or None
        None where there is no light 5 times its noise, no width (a hot pixel), more than a
        quarter of the picture's, or no rest.
    """
    star = Star(x, y, _LEAST_WINDOW_PX)
    for _ in range(_ROUNDS):
        window = max(star.sigma_px, _LEAST_WINDOW_PX)
        found = _moments(net, star.x, star.y, window)
        if found is None:
            return None
        before, star = star, _moved(star, found, window)
        if not _is_inside(net.shape, star) or star.sigma_px > max(net.shape):
            return None
        if _distance(star, before[:2]) + abs(star.sigma_px / before.sigma_px - 1.0) < _SETTLED:
            # Noise of the light under the window, whose squares add up to pi s**2.
            is_bright = found.total > LEAST_SNR * noise * math.sqrt(math.pi) * window
            is_wide = star.sigma_px >= _LEAST_SIGMA_PX
            is_whole = star.sigma_px <= _LARGEST_PART * min(net.shape)
            return star if is_bright and is_wide and is_whole else None
    return None


class _Moments(NamedTuple):
    """Light under a window, where its mean lies from the window's centre, and its variance."""

    total: float
    dx: float
    dy: float
    variance: float


def _moved(star: Star, found: _Moments, window_px: float) -> Star:
    """Solve for the star; steps are limited, as light that is no star may send it anywhere."""
    inverse = 1.0 / found.variance - 1.0 / window_px**2
    # Flatter than any star the window could tell: widen it and look again.
    square = min(1.0 / inverse, 4.0 * window_px**2) if inverse > 0.0 else 4.0 * window_px**2
    gain = min(square / found.variance, 4.0)
    dx, dy = gain * found.dx, gain * found.dy
    short = min(1.0, _LONGEST_STEP_PX / max(math.hypot(dx, dy), 1e-9))
    return Star(star.x + short * dx, star.y + short * dy, math.sqrt(square))


def _moments(net: Numbers, x: float, y: float, sigma: float) -> _Moments | None:
    """Moments of the light under a window; None where there is no light."""
    rows, columns = net.shape
    over_y = _powers(np.arange(rows, dtype=np.float64) - y, sigma)
    over_x = _powers(np.arange(columns, dtype=np.float64) - x, sigma)
    sums = (over_y @ net @ over_x.T).tolist()
    (total, to_x, to_xx), to_y, to_yy = sums[0], sums[1][0], sums[2][0]
    if not total > 0.0:
        return None
    dx, dy = to_x / total, to_y / total
    variance = ((to_xx + to_yy) / total - dx * dx - dy * dy) / 2
    return _Moments(total, dx, dy, variance) if variance > 0.0 else None


def _powers(d: Numbers, sigma: float) -> Numbers:
    """Window times 1, d and d squared, shape (3, n)."""
    made = np.empty((3, d.size))
    window, first, second = made
    np.multiply(d, d, out=window)
    np.exp(window * (-0.5 / sigma**2), out=window)
    np.multiply(window, d, out=first)
    np.multiply(first, d, out=second)
    return made


def _peaks(
    net: Numbers, noise: float, here: tuple[float, float], radius_px: float
) -> Iterator[tuple[float, float]]:
    """Give pixels that stand out of the noise and over their neighbours, the nearest first."""
    smooth = _windows(net, 3).mean(axis=(2, 3))
    highest = _windows(smooth, _NEIGHBOURS).max(axis=(2, 3))
    y, x = np.nonzero((smooth >= highest) & (smooth > LEAST_SNR * noise / 3.0) & (smooth > 0.0))
    away = np.hypot(x - here[0], y - here[1])
    order = np.argsort(away, kind="stable")
    # A wide star may have its peak farther away than the place it settles at.
    order = order[away[order] <= radius_px + 2.0][:_MOST_PEAKS]
    yield from zip(x[order].tolist(), y[order].tolist(), strict=True)


def _windows(values: Numbers, side: int) -> Numbers:
    """Neighbours of each pixel, shape (rows, columns, side, side)."""
    padded = np.pad(values, side // 2, "edge")
    return np.lib.stride_tricks.sliding_window_view(padded, (side, side))


def _around(place: float, radius_px: float, count: int) -> slice:
    reach = max(radius_px + _MARGIN_PX, _LEAST_SIDE_PX / 2)
    start, stop = math.floor(place - reach), math.ceil(place + reach) + 1
    return slice(min(max(start, 0), count), min(max(stop, 0), count))


def _is_inside(shape: tuple[int, ...], star: Star) -> bool:
    return -0.5 <= star.x <= shape[1] - 0.5 and -0.5 <= star.y <= shape[0] - 0.5


def _distance(star: Star, place: tuple[float, float]) -> float:
    return math.hypot(star.x - place[0], star.y - place[1])
