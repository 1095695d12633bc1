"""Radial profile of a star: how bright, how wide, where exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULT_RADIUS_PX: Final = 15.0

_ROUNDS = 20
_SETTLED_PX = 1e-3
_CENTROID_RADIUS_PX = 5.0
_MAD_TO_SIGMA = 1.4826
# A peak less than this many times the noise above the sky is no star.
_LEAST_PEAK_SIGMAS = 3.0
# A star 1.2 pixels wide has a centre 12 times its typical neighbour.
_LONELY_RATIO = 20.0
# Above this exponent a Moffat function is a Gaussian for every purpose.
_BETAS = (1.05, 50.0)


@dataclass(frozen=True, slots=True, eq=False)
class RadialProfile:
    """A star's profile about its centre; positions are 0-based, whole numbers at pixel centres.

    Attributes
    ----------
    x, y : float
        Centre.
    radii_px, values : float64 ndarray, shape (n,)
        Distance and value of each pixel used, in order of distance.
    rings_px, means, errors : float64 ndarray, shape (m,)
        Rings one pixel wide: mean distance, mean value and its standard error.
    background, noise : float
        Sky level and its scatter a pixel, from the outermost ring.
    peak : float
        Highest value above the background.
    fwhm_px : float or None
        Full width at half maximum of the Moffat function fitted; None when there is no star.
    beta : float or None
        Its exponent; large for a Gaussian.
    height : float or None
        Its value in the centre above the background.
    """

    x: float
    y: float
    radii_px: NDArray[np.float64]
    values: NDArray[np.float64]
    rings_px: NDArray[np.float64]
    means: NDArray[np.float64]
    errors: NDArray[np.float64]
    background: float
    noise: float
    peak: float
    fwhm_px: float | None
    beta: float | None
    height: float | None

    def model(self, radii_px: NDArray[np.floating]) -> NDArray[np.float64] | None:
        """Fitted function at some distances, or None when there is no fit."""
        if self.fwhm_px is None or self.beta is None or self.height is None:
            return None
        alpha = self.fwhm_px / _width_factor(self.beta)
        shape = (1 + (np.asarray(radii_px, np.float64) / alpha) ** 2) ** -self.beta
        return self.background + self.height * shape


@dataclass(frozen=True, slots=True, eq=False)
class _Pixels:
    """Finite pixels of a cut-out: positions and values."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    values: NDArray[np.float64]

    def distances(self, x: float, y: float) -> NDArray[np.float64]:
        return np.hypot(self.x - x, self.y - y)

    def within(self, x: float, y: float, radius_px: float) -> _Pixels:
        chosen = self.distances(x, y) <= radius_px
        return _Pixels(self.x[chosen], self.y[chosen], self.values[chosen])


def radial_profile(
    frame: NDArray[Any], x: float, y: float, radius_px: float = DEFAULT_RADIUS_PX
) -> RadialProfile | None:
    """Measure the star near a position.

    The centre is the centroid of what is above the sky, found again about itself until it
    rests. The width comes from a Moffat function (Moffat 1969, A&A 3, 455),
    ``height * (1 + (r / alpha)**2)**-beta``, fitted to all pixels with a loss that a cosmic ray
    does not pull: FWHM = 2 alpha sqrt(2**(1 / beta) - 1).

    Parameters
    ----------
    frame : ndarray, shape (rows, columns)
        Native values; what is not finite is left out.
    x, y : float
        Where to look, 0-based, whole numbers at pixel centres.
    radius_px : float
        Largest distance from the centre used.

    Returns
    -------
    RadialProfile or None
        None when fewer than 20 pixels with a number are near.
    """
    pixels = _near(frame, x, y, radius_px + _CENTROID_RADIUS_PX)
    if pixels.values.size < 20:
        return None
    background, noise = _sky(pixels, x, y, radius_px)
    x, y = _centroid(pixels, x, y, background, noise)
    background, noise = _sky(pixels, x, y, radius_px)
    star = pixels.within(x, y, radius_px)
    if star.values.size < 20:
        return None
    return _profile(star, x, y, background, noise)


def _near(frame: NDArray[Any], x: float, y: float, reach_px: float) -> _Pixels:
    reach = math.ceil(reach_px)
    rows = slice(max(0, round(y) - reach), max(0, round(y) + reach + 1))
    columns = slice(max(0, round(x) - reach), max(0, round(x) + reach + 1))
    part = np.asarray(frame[rows, columns], np.float64)
    good = np.isfinite(part) & ~_lonely(part)
    down, across = np.nonzero(good)
    return _Pixels(
        across.astype(np.float64) + columns.start, down.astype(np.float64) + rows.start, part[good]
    )


def _lonely(part: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Pixels that stick out of their eight neighbours as no star does: hot ones, cosmic rays."""
    finite = part[np.isfinite(part)]
    if finite.size == 0:
        return np.zeros(part.shape, bool)
    padded = np.pad(part, 1, "reflect" if min(part.shape) > 1 else "edge")
    rows, columns = part.shape
    around = [
        padded[y : y + rows, x : x + columns]
        for y in range(3)
        for x in range(3)
        if (y, x) != (1, 1)
    ]
    beside = np.median(np.stack(around), axis=0)
    sky = float(np.median(finite))
    noise = _MAD_TO_SIGMA * float(np.median(np.abs(finite - sky)))
    floor = np.maximum(beside - sky, noise)
    return np.asarray(part - sky > _LONELY_RATIO * floor) & (noise > 0)


def _sky(pixels: _Pixels, x: float, y: float, radius_px: float) -> tuple[float, float]:
    """Median and scatter of the pixels from 0.7 of the radius outward."""
    outer = pixels.values[pixels.distances(x, y) > 0.7 * radius_px]
    values = outer if outer.size >= 10 else pixels.values
    level = float(np.median(values))
    return level, _MAD_TO_SIGMA * float(np.median(np.abs(values - level)))


def _centroid(
    pixels: _Pixels, x: float, y: float, background: float, noise: float
) -> tuple[float, float]:
    """Mean position weighted with what is above the sky; the start if nothing is."""
    start = (x, y)
    for _ in range(_ROUNDS):
        near = pixels.within(x, y, _CENTROID_RADIUS_PX)
        weights = np.clip(near.values - background - noise, 0.0, None)
        total = float(weights.sum())
        if total <= 0:
            return start
        new_x = float((weights * near.x).sum()) / total
        new_y = float((weights * near.y).sum()) / total
        moved = math.hypot(new_x - x, new_y - y)
        x, y = new_x, new_y
        if moved < _SETTLED_PX:
            break
    return x, y


def _profile(star: _Pixels, x: float, y: float, background: float, noise: float) -> RadialProfile:
    peak = float(star.values.max()) - background
    if peak > _LEAST_PEAK_SIGMAS * noise and peak > 0:
        fit = _fit(star, x, y, background, noise)
        x, y = fit.x, fit.y
    else:
        fit = _Fit(x, y, background, None, None, None)
    radii = star.distances(x, y)
    order = np.argsort(radii)
    radii, values = radii[order], star.values[order]
    return RadialProfile(
        x,
        y,
        radii,
        values,
        *_rings(radii, values),
        fit.background,
        noise,
        float(star.values.max()) - fit.background,
        fit.fwhm_px,
        fit.beta,
        fit.height,
    )


def _rings(
    radii: NDArray[np.float64], values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Mean distance, mean value and its standard error of rings one pixel wide."""
    ring = radii.astype(np.intp)
    counts = np.bincount(ring)
    used = counts > 0
    many = counts[used]
    distance = np.bincount(ring, radii)[used] / many
    mean = np.bincount(ring, values)[used] / many
    around = (values - mean[np.cumsum(used)[ring] - 1]) ** 2
    spread = np.bincount(ring, around)[used]
    error = np.sqrt(spread / np.maximum(many - 1, 1) / many)
    return distance, mean, error


@dataclass(frozen=True, slots=True)
class _Fit:
    x: float
    y: float
    background: float
    fwhm_px: float | None
    beta: float | None
    height: float | None


def _width_factor(beta: float) -> float:
    """FWHM over alpha of a Moffat function."""
    return 2 * math.sqrt(2 ** (1 / beta) - 1)


def _fit(star: _Pixels, x: float, y: float, background: float, noise: float) -> _Fit:
    """Moffat function with free centre, height, width, exponent and background."""
    from scipy.optimize import least_squares

    peak = float(star.values.max()) - background
    # The fit works in units of the peak, so that its steps suit counts of any size.
    data = (star.values - background) / peak
    scale = max(noise / peak, 1e-3)
    farthest = float(star.distances(x, y).max())

    def misfit(p: NDArray[np.float64]) -> NDArray[np.float64]:
        square = ((star.x - p[0]) ** 2 + (star.y - p[1]) ** 2) / p[3] ** 2
        return np.asarray((p[2] * (1 + square) ** -p[4] + p[5] - data) / scale)

    first = np.array([x, y, 1.0, _first_alpha(data), 3.0, 0.0])
    low = np.array([x - 3, y - 3, 0.0, 0.1, _BETAS[0], -1.0])
    high = np.array([x + 3, y + 3, 10.0, 10 * farthest, _BETAS[1], 1.0])
    found = least_squares(
        misfit, first, bounds=(low, high), loss="soft_l1", f_scale=3.0, x_scale=[1, 1, 1, 1, 3, 0.1]
    )
    best = [float(value) for value in found.x]
    fwhm_px = best[3] * _width_factor(best[4])
    if not (found.success and best[2] > 0 and fwhm_px < 2 * farthest):
        return _Fit(x, y, background, None, None, None)
    return _Fit(best[0], best[1], background + best[5] * peak, fwhm_px, best[4], best[2] * peak)


def _first_alpha(data: NDArray[np.float64]) -> float:
    """Guess of alpha (for an exponent of 3) from the area above half of the peak."""
    area = max(int((data > 0.5).sum()), 1)
    return 2 * math.sqrt(area / math.pi) / _width_factor(3.0)
