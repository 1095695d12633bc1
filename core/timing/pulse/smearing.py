"""What binning and the length of frames do to the noise and the harmonics of a profile.

A frame of phase p gives the share w_j(p) of its light to bin j, so that bins that share frames are
correlated: C_jk = sum_i var_i w_j(p_i) w_k(p_i). Of this a fold keeps the diagonal D_j. Where the
phases of frames are even within a bin, as they are after some turns unless the camera keeps step
with the pulsar, the rest follows from the overlap of bins alone: C_jk = sqrt(D_j D_k) rho(j - k),
with rho(d) the integral of w_0 w_d over phase over that of w_0^2. It is round like the turn, so
that its eigenvectors are the harmonics. All functions work on the last axis, of bins.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Complex = NDArray[np.complex128]

# A harmonic that frames wash out to less of the noise power of the best says nothing of the pulse,
# and small errors of the correlation would be blown up by its division.
_LEAST_POWER = 0.02
_ROUNDING = 1e-9
_TINY = 1e-300

# Frames shorter than this part of a bin are instants.
_INSTANT_BINS = 1e-4


@dataclass(frozen=True, eq=False)
class Correlation:
    """Correlation of the noise of bins.

    Attributes
    ----------
    by_lag : ndarray of float64, shape (n_bins,)
        rho, 1 at lag 0.
    power : ndarray of float64, shape (n_bins // 2 + 1,)
        Its Fourier transform: noise power of a harmonic over that without correlation.
    inverse : ndarray of float64, shape (n_bins // 2 + 1,)
        1 / power; 0 for harmonics that are washed out.
    """

    by_lag: Numbers
    power: Numbers
    inverse: Numbers

    @property
    def n_bins(self) -> int:
        """Bins in a turn."""
        return self.by_lag.size

    def inner(self, first: Complex, second: Complex, weights: Numbers) -> Numbers:
        """Sum over bins of two rows given by their `rfft`, harmonics weighted."""
        products = (first * second.conj()).real * weights * _sides(self.n_bins)
        return np.asarray(products.sum(axis=-1) / self.n_bins)


@lru_cache(maxsize=16)
def correlation(n_bins: int, smear_turns: float) -> Correlation:
    """Correlation of bins for frames that last `smear_turns`."""
    by_lag = _overlap(n_bins, smear_turns * n_bins)
    by_lag /= by_lag[0]
    power = np.maximum(np.fft.rfft(by_lag).real, 0.0)
    least = max(_LEAST_POWER * power[1:].max(initial=0.0), _ROUNDING * power[0])
    kept = power >= least
    inverse = np.zeros(power.size)
    inverse[kept] = 1.0 / power[kept]
    for row in (by_lag, power, inverse):
        row.flags.writeable = False
    return Correlation(by_lag, power, inverse)


def _overlap(n_bins: int, smear_bins: float) -> Numbers:
    """Integral of w_0 w_d: a frame and a bin, each twice, folded together, over whole turns.

    Four boxes convolved are the fourth difference of |x|^3 / 12.
    """
    lags = np.arange(n_bins, dtype=np.float64)
    if smear_bins < _INSTANT_BINS:
        return np.asarray((lags == 0.0).astype(np.float64))
    turns = np.arange(-(reach := int((smear_bins + 1) // n_bins + 1)), reach + 1) * n_bins
    steps, signs = np.array([-1.0, 0.0, 1.0]), np.array([1.0, -2.0, 1.0])
    shifts = steps[:, None] + steps * smear_bins
    x = lags[:, None, None, None] + turns[:, None, None] + shifts
    return np.asarray((np.abs(x) ** 3 * np.outer(signs, signs)).sum(axis=(1, 2, 3)))


def _sides(n_bins: int) -> Numbers:
    """How often each row of an `rfft` stands in the whole transform."""
    sides = np.full(n_bins // 2 + 1, 2.0)
    sides[0] = 1.0
    if n_bins % 2 == 0:
        sides[-1] = 1.0
    return sides


def variance_of_sum(weights: Numbers, variances: Numbers, smear_turns: float) -> Numbers:
    """Variance of the sum of bins times `weights`, with their correlation."""
    rho = correlation(variances.shape[-1], smear_turns)
    row = np.fft.rfft(weights * np.sqrt(np.maximum(variances, 0.0)))
    return rho.inner(row, row, rho.power)


def chi_square(
    sums: Numbers, variances: Numbers, shares: Numbers, smear_turns: float
) -> tuple[Numbers, Numbers]:
    """Chi-square of sums against the same light in every frame, and its degrees of freedom.

    Notes
    -----
    (S - mu E)^T C^-1 (S - mu E) at its least, with C as above; harmonics that are washed out do
    not count. Bins without exposure neither; near them C^-1 is not exact, and the degrees of
    freedom, tr(M rho^-1 M rho) - 1 with M the bins there are, are those that make the mean right.
    """
    rho = correlation(sums.shape[-1], smear_turns)
    spread = _spread(variances, shares)
    exposed = spread > 0.0
    per = np.zeros(spread.shape)
    np.divide(1.0, np.sqrt(spread), out=per, where=exposed)
    light, time = np.fft.rfft(sums * per), np.fft.rfft(shares * per)
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = rho.inner(light, time, rho.inverse) ** 2 / rho.inner(time, time, rho.inverse)
    pairs = np.fft.irfft(np.abs(np.fft.rfft(exposed)) ** 2, rho.n_bins)
    dof = (pairs * (np.fft.irfft(rho.inverse, rho.n_bins) * rho.by_lag)).sum(axis=-1) - 1.0
    return rho.inner(light, light, rho.inverse) - slope, np.asarray(np.maximum(dof, 0.0))


def _spread(variances: Numbers, shares: Numbers) -> Numbers:
    """Variances for chi-square; 0 in bins without exposure.

    Where light is counted, a bin that got less by chance has a smaller variance too and weighs
    too much: chi-square comes out too large by about two in the counts of a bin. So variances are
    drawn towards those of frames that are all alike, by the part of their scatter that counting
    explains (James & Stein 1961): all the way where counts are few, hardly where bins do differ.
    """
    even = shares * (sums_of(variances) / np.maximum(sums_of(shares), _TINY))
    apart = variances - even
    own = np.maximum(1.0 - sums_of(even) / np.maximum(sums_of(apart**2), _TINY), 0.0)
    drawn = even + own * apart
    return np.asarray(np.maximum(np.where(drawn > 0.0, drawn, even), 0.0))


def sums_of(values: NDArray[np.float64] | NDArray[np.bool_]) -> Numbers:
    """Sum over bins, which stay as one."""
    return np.asarray(values.sum(axis=-1, keepdims=True), np.float64)


def binned_powers(
    sums: Numbers, variances: Numbers, shares: Numbers, smear_turns: float, most: int
) -> Numbers:
    """Power of harmonics 1 to `most` of the light over its mean, 2 on average in noise.

    Harmonics that bins or frames do not show have none; shape (..., most).
    """
    rho = correlation(sums.shape[-1], smear_turns)
    count = min(most, (rho.n_bins - 1) // 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        rest = sums - shares * (sums_of(sums) / sums_of(shares))
        powers = 2.0 * np.abs(np.fft.rfft(rest)) ** 2 * rho.inverse / sums_of(variances)
    out = np.zeros((*sums.shape[:-1], most))
    out[..., :count] = powers[..., 1 : count + 1]
    return out
