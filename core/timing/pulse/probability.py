"""How probable it is that noise alone gives as much; right also where it is too rare for a float.

Every function has a twin of the logarithm, for probabilities below 1e-300.
"""

from __future__ import annotations

import math

_LN_SMALLEST = -700.0
_H_SLOPE = 0.4
_TERMS = 10_000


def chi2_probability(chi2: float, dof: float) -> float:
    """Probability of a chi-square of `dof` degrees of freedom (may be a fraction) above `chi2`."""
    return _exp(chi2_log_probability(chi2, dof))


def chi2_log_probability(chi2: float, dof: float) -> float:
    """Natural logarithm of `chi2_probability`."""
    from scipy.special import gammaincc

    if math.isnan(chi2) or not dof > 0.0:
        return math.nan
    direct = float(gammaincc(0.5 * dof, 0.5 * max(chi2, 0.0)))
    return math.log(direct) if direct > 1e-290 else _log_gamma_tail(0.5 * dof, 0.5 * chi2)


def _log_gamma_tail(shape: float, x: float) -> float:
    """Give ln Q(a, x) far in the tail by its continued fraction (Abramowitz & Stegun 6.5.31)."""
    if math.isinf(x):
        return -math.inf
    # Lentz's method, as in Press et al., Numerical Recipes, 6.2.
    tiny = 1e-300
    b = x + 1.0 - shape
    c, d = 1.0 / tiny, 1.0 / b
    fraction = d
    for i in range(1, _TERMS):
        a = -i * (i - shape)
        b += 2.0
        d = 1.0 / (a * d + b or tiny)
        c = b + a / c or tiny
        fraction *= d * c
        if abs(d * c - 1.0) < 1e-15:
            break
    return shape * math.log(x) - x - math.lgamma(shape) + math.log(fraction)


def z_probability(z: float, n: int) -> float:
    """Probability of Z^2 of `n` harmonics above `z` (Buccheri et al. 1983, A&A 128, 245)."""
    return chi2_probability(z, 2 * n)


def h_probability(h: float) -> float:
    """Probability of H above `h`, exp(-0.4 h) (de Jager & Buesching 2010, A&A 517, L9)."""
    return _exp(h_log_probability(h))


def h_log_probability(h: float) -> float:
    """Natural logarithm of `h_probability`."""
    return -_H_SLOPE * max(h, 0.0)


def with_trials(p: float, trials: float) -> float:
    """Probability that the best of `trials` independent tries is as good, 1 - (1 - p)^trials."""
    if p >= 1.0:
        return 1.0
    return -math.expm1(trials * math.log1p(-p))


def log_with_trials(log_p: float, trials: float) -> float:
    """Natural logarithm of `with_trials`, of the logarithm of the probability of one try."""
    if log_p > _LN_SMALLEST:
        p = with_trials(math.exp(log_p), trials)
        return math.log(p) if p > 0.0 else -math.inf
    return min(log_p + math.log(trials), 0.0)


def sigma_of(p: float) -> float:
    """Deviations of a normal distribution that are exceeded, upwards, with probability `p`."""
    return sigma_of_log(math.log(p)) if p > 0.0 else math.inf if p == 0.0 else math.nan


def sigma_of_log(log_p: float) -> float:
    """Give `sigma_of` the probability of this natural logarithm."""
    from scipy.special import ndtri_exp

    return -float(ndtri_exp(min(log_p, 0.0)))


def _exp(log_p: float) -> float:
    return math.exp(log_p) if log_p == log_p else math.nan  # noqa: PLR0124
