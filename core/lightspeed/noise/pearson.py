"""Read noise as a Pearson type IV density, with the shape and asymmetry tied to the width."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]

# Widths in electrons where the shape m and the usual skewness change, as published for the
# camera: qCMOS noise of 0.15 to 0.5 electrons, tails heavier the wider the pixel scatters.
_EDGES_E = np.array([0.2, 0.22, 0.233, 0.25, 0.27, 0.31, 0.38])
_SHAPES = np.array([7.0, 6.5, 6.5, 6.0, 5.5, 5.0, 4.5, 4.0])
_SKEWS = np.array([0.23, 0.23, 0.25, 0.31, 0.41, 0.56, 0.66, 0.61])

# A stuck pixel has no width at all; a tenth of the best pixel's keeps its density finite.
LEAST_WIDTH_E = 0.02
# Part of the largest skewness a shape admits that is used at most: at the limit itself the
# asymmetry is infinite, beyond it there is no such density.
MOST_SKEW = 0.99


class PearsonShape(NamedTuple):
    """Constants of the density, each of the shape of the widths they were made from.

    ``f(u) = exp(log_norm + k atan(xi) - m log(1 + xi^2))`` with ``xi = (u - beta_e) / alpha_e``.
    In the usual letters (m, nu, a, lambda): ``nu = -k``, ``a = alpha_e``, ``lambda = beta_e``.
    """

    m: Numbers
    k: Numbers
    alpha_e: Numbers
    beta_e: Numbers
    log_norm: Numbers


def usual_skew(widths_e: ArrayLike) -> Numbers:
    """Give the skewness that pixels of these widths usually have (published table)."""
    return _SKEWS[np.searchsorted(_EDGES_E, np.asarray(widths_e, np.float64), side="right")]


def largest_skew(m: ArrayLike) -> Numbers:
    """Give the skewness a Pearson IV density of shape m tends to for infinite asymmetry."""
    shape = np.asarray(m, np.float64)
    return np.asarray(2.0 * np.sqrt(2.0 * shape - 3.0) / (shape - 2.0), np.float64)


def pearson_shape(widths_e: ArrayLike, skews: ArrayLike) -> PearsonShape:
    """Find the density of mean 0 with given width and skewness.

    Parameters
    ----------
    widths_e : array_like of float
        Standard deviations in electrons; below `LEAST_WIDTH_E` that is taken.
    skews : array_like of float, same shape
        Skewness. The table ties m to the width, and m admits only ``|s| < largest_skew(m)``;
        larger values are cut to `MOST_SKEW` of it (the published library gives NaN).

    Returns
    -------
    PearsonShape

    Notes
    -----
    ``k = 2 s (m-1)(m-2) / sqrt(4 (2m-3) - (m-2)^2 s^2)``, from the moments of the density
    (Heinrich 2004, CDF/MEMO/STATISTICS/PUBLIC/6820); the norm is
    ``|Gamma(m - i k / 2) / Gamma(m)|^2 / (alpha B(m - 1/2, 1/2))``.
    """
    from scipy.special import betaln, loggamma

    widths = np.maximum(np.asarray(widths_e, np.float64), LEAST_WIDTH_E)
    m = _SHAPES[np.searchsorted(_EDGES_E, widths, side="right")]
    most = MOST_SKEW * largest_skew(m)
    skew = np.clip(np.asarray(skews, np.float64), -most, most)
    k = 2.0 * skew * (m - 1.0) * (m - 2.0)
    k /= np.sqrt(4.0 * (2.0 * m - 3.0) - ((m - 2.0) * skew) ** 2)
    alpha = widths * np.sqrt((2.0 * m - 3.0) / (1.0 + (k / (2.0 * (m - 1.0))) ** 2))
    beta = -alpha * k / (2.0 * m - 2.0)
    log_ratio = 2.0 * (loggamma(m - 0.5j * k).real - loggamma(m).real)
    return PearsonShape(m, k, alpha, beta, log_ratio - np.log(alpha) - betaln(m - 0.5, 0.5))


def pearson_density(shape: PearsonShape, u_e: ArrayLike) -> Numbers:
    """Give the probability density at u.

    Parameters
    ----------
    shape : PearsonShape
        Its members broadcast with `u_e`.
    u_e : array_like of float
        Electrons less bias and less true electrons.

    Returns
    -------
    ndarray of float64
        Per electron; the integral over u is 1.
    """
    xi = (np.asarray(u_e, np.float64) - shape.beta_e) / shape.alpha_e
    return np.asarray(
        np.exp(shape.log_norm + shape.k * np.arctan(xi) - shape.m * np.log1p(xi * xi)), np.float64
    )
