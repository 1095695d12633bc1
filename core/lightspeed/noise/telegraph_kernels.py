"""Compiled fit of three peaks to the histograms of pixels; to be imported inside functions.

A pixel is fitted by climbing the logarithm of the likelihood of its counts,
``L = sum n_i log P_i``, where P_i is the probability of the whole count i and not the density at
its middle: a count is 0.12 electrons wide, half of what a good pixel scatters. Steps are those
of Levenberg and Marquardt on the matrix ``sum n_i (d log P_i)(d log P_i)^T`` (Berndt, Hall, Hall
and Hausman 1974), which is never indefinite; a step that does not climb is not made.
Parameters are in the order sigma, mu, D+, A+, D-, A-; the middle amplitude is what is left.
"""

from __future__ import annotations

from math import erfc, exp, log, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numba import float64, uint32, void

from ...compiled import kernel, part, read_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Counts = NDArray[np.uint32]

_ALL, _ONE_PEAK = 6, 2
_SIGMA, _MU, _UP, _UPPER, _DOWN, _LOWER = range(_ALL)
# Electrons and fractions; peaks closer than a tenth of an electron are one peak.
_LEAST = np.array([0.03, -2.0, 0.1, 0.0, 0.1, 0.0])
_MOST = np.array([1.5, 2.0, 2.0, 0.5, 2.0, 0.5])
_STARTS_E = np.array([0.35, 0.65, 1.05, 1.6])
_START_AMPLITUDE = 0.08
_NO_SIDE_E = 0.6  # what the published files hold for a side peak of no amplitude
_ROOT_HALF = sqrt(0.5)
_NORM = 1.0 / sqrt(2.0 * np.pi)
_FULL_WIDTH = 2.354820045  # of a Gaussian at half its height, in sigma
_TINY = 1e-300
_MOST_STEPS = 100
_MOST_DAMPING = 1e9
_ENOUGH = 1e-3  # of L, whose own scatter is about one
_FEWEST = 20  # counts of a pixel that a fit is tried on


@part
def _peak(centre: float, sigma: float, first: float, step: float, peak: Numbers) -> None:
    """Fill in the probability of each count, and its derivatives by centre and width."""
    scale = 1.0 / sigma
    z = (first - centre) * scale
    tail, height = 0.5 * erfc(abs(z) * _ROOT_HALF), _NORM * exp(-0.5 * z * z)
    for i in range(peak.shape[1]):
        next_z = (first + (i + 1) * step - centre) * scale
        next_tail = 0.5 * erfc(abs(next_z) * _ROOT_HALF)
        next_height = _NORM * exp(-0.5 * next_z * next_z)
        # Differences of tails keep their digits far out, where those of the integral are lost.
        straddles = z < 0.0 < next_z
        peak[0, i] = 1.0 - tail - next_tail if straddles else abs(tail - next_tail)
        peak[1, i] = (height - next_height) * scale
        peak[2, i] = (z * height - next_z * next_height) * scale
        z, tail, height = next_z, next_tail, next_height


@part
def _likelihood(
    theta: Numbers, free: int, counts: Counts, first: float, step: float, peaks: Numbers
) -> float:
    """Logarithm of the likelihood; the peaks are left as they are for these parameters."""
    sigma, mu = theta[_SIGMA], theta[_MU]
    _peak(mu, sigma, first, step, peaks[0])
    if free == _ALL:
        _peak(mu + theta[_UP], sigma, first, step, peaks[1])
        _peak(mu - theta[_DOWN], sigma, first, step, peaks[2])
    upper, lower = theta[_UPPER], theta[_LOWER]
    total = 0.0
    for i in range(counts.size):
        if counts[i]:
            chance = peaks[0, 0, i]
            if free == _ALL:
                chance *= 1.0 - upper - lower
                chance += upper * peaks[1, 0, i] + lower * peaks[2, 0, i]
            total += counts[i] * log(max(chance, _TINY))
    return total


@part
def _slope_at(theta: Numbers, free: int, peaks: Numbers, i: int, slope: Numbers) -> None:
    """Derivatives of log P of one count."""
    if free == _ONE_PEAK:
        scale = 1.0 / max(peaks[0, 0, i], _TINY)
        slope[_SIGMA], slope[_MU] = scale * peaks[0, 2, i], scale * peaks[0, 1, i]
        return
    upper, lower = theta[_UPPER], theta[_LOWER]
    middle = 1.0 - upper - lower
    chance = middle * peaks[0, 0, i] + upper * peaks[1, 0, i] + lower * peaks[2, 0, i]
    scale = 1.0 / max(chance, _TINY)
    by_up, by_down = upper * peaks[1, 1, i], lower * peaks[2, 1, i]
    slope[_SIGMA] = middle * peaks[0, 2, i] + upper * peaks[1, 2, i] + lower * peaks[2, 2, i]
    slope[_MU] = middle * peaks[0, 1, i] + by_up + by_down
    slope[_UP], slope[_DOWN] = by_up, -by_down
    slope[_UPPER] = peaks[1, 0, i] - peaks[0, 0, i]
    slope[_LOWER] = peaks[2, 0, i] - peaks[0, 0, i]
    for j in range(_ALL):
        slope[j] *= scale


@part
def _slopes(
    theta: Numbers, free: int, counts: Counts, peaks: Numbers, slope: Numbers, matrix: Numbers
) -> None:
    """Fill in the matrix, with the gradient in its last column."""
    matrix[:] = 0.0
    for i in range(counts.size):
        if counts[i] == 0:
            continue
        _slope_at(theta, free, peaks, i, slope)
        for j in range(free):
            weighted = counts[i] * slope[j]
            matrix[j, _ALL] += weighted
            for k in range(j + 1):
                matrix[j, k] += weighted * slope[k]
    for j in range(free):
        outward = matrix[j, _ALL] > 0.0
        if theta[j] >= _MOST[j] if outward else theta[j] <= _LEAST[j]:
            _hold(j, free, matrix)


@part
def _hold(j: int, free: int, matrix: Numbers) -> None:
    """Keep a parameter where it is: it lies at its limit and would climb beyond."""
    matrix[j, _ALL] = 0.0
    for k in range(free):
        matrix[max(j, k), min(j, k)] = 0.0
    matrix[j, j] = 1.0


@part
def _solve(matrix: Numbers, free: int, damping: float, root: Numbers, move: Numbers) -> None:
    """Solve the damped equations by Cholesky's decomposition."""
    for j in range(free):
        move[j] = matrix[j, _ALL]
        for k in range(j + 1):
            value = matrix[j, k]
            if j == k:
                value += damping * matrix[j, j] + 1e-9
            for other in range(k):
                value -= root[j, other] * root[k, other]
            root[j, k] = sqrt(max(value, _TINY)) if j == k else value / root[k, k]
    for j in range(free):
        for k in range(j):
            move[j] -= root[j, k] * move[k]
        move[j] /= root[j, j]
    for j in range(free - 1, -1, -1):
        for k in range(j + 1, free):
            move[j] -= root[k, j] * move[k]
        move[j] /= root[j, j]


@part
def _climb(
    theta: Numbers, free: int, counts: Counts, first: float, step: float, peaks: Numbers
) -> float:
    """Improve the parameters until the likelihood climbs no more; gives its logarithm."""
    slope, move, trial = np.empty(_ALL), np.empty(_ALL), np.zeros(_ALL)
    matrix, root = np.empty((_ALL, _ALL + 1)), np.empty((_ALL, _ALL))
    best = _likelihood(theta, free, counts, first, step, peaks)
    damping, climb = 0.01, 1.0
    for _ in range(_MOST_STEPS):
        _slopes(theta, free, counts, peaks, slope, matrix)
        climb = 0.0
        while climb <= 0.0 and damping < _MOST_DAMPING:
            _solve(matrix, free, damping, root, move)
            for j in range(free):
                trial[j] = min(max(theta[j] + move[j], _LEAST[j]), _MOST[j])
            climb = _likelihood(trial, free, counts, first, step, peaks) - best
            damping = damping * 0.2 if climb > 0.0 else damping * 6.0
        if climb <= 0.0:
            break
        best += climb
        theta[:free] = trial[:free]
        if climb < _ENOUGH and damping < 1.0:
            break
    return best


@part
def _start_at_mean(counts: Counts, first: float, step: float, theta: Numbers) -> None:
    """Take centre and width from the moments: for one peak that is nearly the solution."""
    total = by_place = by_square = 0.0
    for i in range(counts.size):
        total += counts[i]
        by_place += counts[i] * (i + 0.5)
        by_square += counts[i] * (i + 0.5) ** 2
    mean = by_place / total
    theta[_MU] = first + mean * step
    theta[_SIGMA] = step * max(sqrt(max(by_square / total - mean * mean, 0.0)), 0.3)


@part
def _start_at_top(counts: Counts, first: float, step: float, theta: Numbers) -> None:
    """Take centre and width of the highest peak from where it falls to half its height."""
    top = 0
    for i in range(counts.size):
        top = i if counts[i] > counts[top] else top
    left = right = top
    while left > 0 and 2 * counts[left - 1] >= counts[top]:
        left -= 1
    while right < counts.size - 1 and 2 * counts[right + 1] >= counts[top]:
        right += 1
    theta[_MU] = first + 0.5 * (left + right + 1) * step
    theta[_SIGMA] = (right - left + 1) * step / _FULL_WIDTH


@part
def _start_sides(theta: Numbers, counts: Counts, first: float, step: float, peaks: Numbers) -> None:
    """Choose the distances of the side peaks from a few, by likelihood."""
    theta[_UPPER] = theta[_LOWER] = _START_AMPLITUDE
    best, chosen_up, chosen_down = -np.inf, 0, 0
    for a in range(_STARTS_E.size):
        for b in range(_STARTS_E.size):
            theta[_UP], theta[_DOWN] = _STARTS_E[a], _STARTS_E[b]
            value = _likelihood(theta, _ALL, counts, first, step, peaks)
            if value > best:
                best, chosen_up, chosen_down = value, a, b
    theta[_UP], theta[_DOWN] = _STARTS_E[chosen_up], _STARTS_E[chosen_down]


@part
def _highest(counts: Counts) -> float:
    """Logarithm of the likelihood of a model that fits every count exactly."""
    total = value = 0.0
    for i in range(counts.size):
        if counts[i]:
            total += counts[i]
            value += counts[i] * log(np.float64(counts[i]))
    return value - total * log(total)


@part
def _store(theta: Numbers, row: Numbers) -> None:
    row[0], row[1] = theta[_SIGMA], theta[_MU]
    row[2] = 1.0 - theta[_UPPER] - theta[_LOWER]
    row[3], row[4], row[5], row[6] = theta[_UP], theta[_UPPER], theta[_DOWN], theta[_LOWER]


@kernel(
    void(
        read_only(uint32, 2), read_only(float64), float64, float64, float64[:, ::1], float64[::1]
    )
)  # fmt: skip
def fit_peaks(
    counts: Counts,
    first_e: Numbers,
    step_e: float,
    least_gain: float,
    params: Numbers,
    gains: Numbers,
) -> None:
    """Fit every pixel; keep one peak unless three improve the Cash statistic by `least_gain`.

    Parameters
    ----------
    counts : ndarray of uint32, shape (n, counts)
        Histograms of whole counts.
    first_e : ndarray, shape (n,)
        Lower edge of the first count in electrons.
    step_e : float
        Electrons of one count.
    params : ndarray, shape (n, 7)
        Filled in: [sigma, mu, A0, D+, A+, D-, A-]; left alone where there are too few counts.
    gains : ndarray, shape (n,)
        Filled in: by how much three peaks improve the statistic; 0 where they cannot.
    """
    peaks = np.empty((3, 3, counts.shape[1]))
    one, three = np.zeros(_ALL), np.zeros(_ALL)
    for pixel in range(counts.shape[0]):
        row = counts[pixel]
        gains[pixel] = 0.0
        filled = np.flatnonzero(row)
        if row.sum() < _FEWEST:
            continue
        begin, end = filled[0], filled[-1] + 1
        row, first = row[begin:end], first_e[pixel] + begin * step_e
        own = peaks[:, :, : row.size]
        one[:] = 0.0
        one[_UP] = one[_DOWN] = _NO_SIDE_E
        _start_at_mean(row, first, step_e, one)
        single = _climb(one, _ONE_PEAK, row, first, step_e, own)
        if 2.0 * (_highest(row) - single) > least_gain:
            _start_at_top(row, first, step_e, three)
            _start_sides(three, row, first, step_e, own)
            triple = _climb(three, _ALL, row, first, step_e, own)
            gains[pixel] = max(2.0 * (triple - single), 0.0)
        _store(three if gains[pixel] > least_gain else one, params[pixel])
