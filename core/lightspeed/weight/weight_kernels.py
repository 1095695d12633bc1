"""Compiled loop over distinct counts; to be imported inside functions."""

from __future__ import annotations

from math import lgamma, log
from typing import TYPE_CHECKING

import numpy as np
from numba import boolean, float64, int32, int64, void

from ...compiled import kernel, part, read_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Zeros in front of the Poisson terms stand for -1 and -2 photo-electrons.
_PADS = 2
_DARKEST = 1e-30
# Below this, sums of Poisson terms lose digits or vanish: the term nearest to the mean rules.
_LEAST_SUM = 1e-250


@part
def _poisson_terms(mean: float, terms: NDArray[np.float64]) -> float:
    """Write Poisson probabilities relative to the largest one; give the logarithm of that."""
    last = terms.size - 1 - _PADS
    mode = min(int(mean), last)
    terms[:] = 0.0
    terms[_PADS + mode] = 1.0
    for k in range(mode, last):
        terms[_PADS + k + 1] = terms[_PADS + k] * mean / (k + 1)
    for k in range(mode, 0, -1):
        terms[_PADS + k - 1] = terms[_PADS + k] * k / mean
    return mode * log(mean) - mean - lgamma(mode + 1.0)


@part
def _row(
    table: NDArray[np.float64],
    begin: int,
    end: int,
    first: int,
    terms: NDArray[np.float64],
    mean: float,
    log_scale: float,
) -> tuple[float, float, float]:
    """Logarithm of the probability, and the ratios of its sums shifted by one and two."""
    here = once = twice = 0.0
    for k in range(begin, end):
        at = first + k - begin
        here += table[k] * terms[at + _PADS]
        once += table[k] * terms[at + _PADS - 1]
        twice += table[k] * terms[at + _PADS - 2]
    if here > _LEAST_SUM:
        return log(here) + log_scale, once / here, twice / here
    k = first if mean < first else first + end - begin - 1
    near = max(table[begin + k - first], _DARKEST)
    logarithm = log(near) + k * log(mean) - mean - lgamma(k + 1.0)
    return logarithm, k / mean, k * (k - 1.0) / (mean * mean)


@kernel(
    void(
        read_only(float64),
        read_only(int64),
        read_only(int32),
        read_only(int64),
        read_only(float64, 2),
        read_only(float64, 2),
        read_only(boolean, 2),
        int64,
        float64[:, :, ::1],
    )
)
def add_up_likelihood(
    table: NDArray[np.float64],
    begins: NDArray[np.int64],
    firsts: NDArray[np.int32],
    pixel_rows: NDArray[np.int64],
    counts: NDArray[np.float64],
    means: NDArray[np.float64],
    active: NDArray[np.bool_],
    largest: int,
    out: NDArray[np.float64],
) -> None:
    """Sum logarithm, score, information and squared scores over the rows of each pixel.

    ``p = sum_k A_k q_k(mean)``, and the derivative of a Poisson term is ``q_{k-1} - q_k``.
    `means` and `active` have the shape (groups, pixels), `out` (4, groups, pixels); what is
    not active stays untouched.
    """
    terms = np.empty(largest + 1 + _PADS)
    for g in range(means.shape[0]):
        for p in range(means.shape[1]):
            if not active[g, p]:
                continue
            mean = max(means[g, p], _DARKEST)
            log_scale = _poisson_terms(mean, terms)
            total = score = information = squares = 0.0
            for row in range(pixel_rows[p], pixel_rows[p + 1]):
                count = counts[g, row]
                if count == 0.0:
                    continue
                logarithm, once, twice = _row(
                    table, begins[row], begins[row + 1], firsts[row], terms, mean, log_scale
                )
                total += count * logarithm
                score += count * (once - 1.0)
                information += count * (once * once - twice)
                squares += max(count, 0.0) * (once - 1.0) ** 2
            out[0, g, p] = total
            out[1, g, p] = score
            out[2, g, p] = information
            out[3, g, p] = squares
