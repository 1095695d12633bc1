"""What charge traps leave of the photo-electrons: exact probabilities, mean response, inverse.

Each pixel has a few traps, empty at the start of a frame. An electron is caught by each free
trap with the same chance; the first hit wins and fills that trap until the frame is read. An
electron that meets k free traps is therefore lost with ``q_k = 1 - (1 - chance)^k``, and the
number of full traps is a Markov chain that only rises. The published library draws the same
model 50,000 times; here it is solved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]

TRAPS = 4
CHANCE = 0.11
# From an upper bound Newton's steps double the digits; six reach the last one, two are spare.
_STEPS = 8


def loss_chances(traps: int = TRAPS, chance: float = CHANCE) -> Numbers:
    """Give the chance ``q_k`` that an electron is lost to k free traps, k = 0 ... traps."""
    return 1.0 - (1.0 - chance) ** np.arange(traps + 1.0)


def full_trap_chances(n: int, traps: int = TRAPS, chance: float = CHANCE) -> Numbers:
    """Give the probability of j full traps after gamma electrons.

    Parameters
    ----------
    n : int
        Largest number of electrons.
    traps : int
        Traps of a pixel.
    chance : float
        Chance of each free trap to catch an electron.

    Returns
    -------
    ndarray of float64, shape (traps + 1, n + 1)
        ``P[j, gamma]``; every column sums to 1.
    """
    lost = loss_chances(traps, chance)[::-1]
    full = np.zeros((traps + 1, n + 1))
    full[0, 0] = 1.0
    for gamma in range(n):
        full[:, gamma + 1] = full[:, gamma] * (1.0 - lost)
        full[1:, gamma + 1] += full[:-1, gamma] * lost[:-1]
    return full


def trap_matrix(n: int, traps: int = TRAPS, chance: float = CHANCE) -> Numbers:
    """Give the probability to detect epsilon electrons when gamma were generated.

    Parameters
    ----------
    n : int
        Largest number of electrons.
    traps : int
        Traps of a pixel.
    chance : float
        Chance of each free trap to catch an electron.

    Returns
    -------
    ndarray of float64, shape (n + 1, n + 1)
        ``P[epsilon, gamma]``, of which only ``gamma - traps <= epsilon <= gamma`` is not 0;
        every column sums to 1.
    """
    full = full_trap_chances(n, traps, chance)
    matrix = np.zeros((n + 1, n + 1))
    for j in range(min(traps, n) + 1):
        gamma = np.arange(j, n + 1)
        matrix[gamma - j, gamma] = full[j, j:]
    return matrix


def mean_response(photo_electrons: ArrayLike) -> Numbers:
    """Give the mean number of detected electrons for a mean number of photo-electrons.

    Parameters
    ----------
    photo_electrons : array_like
        Mean lambda per pixel and frame, of Poisson statistics. Negative values (the noise of
        a difference) follow the slope at 0.

    Returns
    -------
    ndarray of float64
        ``E[epsilon | lambda]``: 0.627 lambda when faint, lambda - 4 when bright.

    Notes
    -----
    Poisson arrivals make the chain one of exponential waiting times with the rates
    ``q_4, q_3, q_2, q_1`` per photo-electron, whose state has Bateman's closed form.
    """
    mean = np.asarray(photo_electrons, np.float64)
    rates, amplitudes = _caught_terms()
    bright = np.maximum(mean, 0.0)[..., np.newaxis]
    caught = -(amplitudes * np.expm1(-rates * bright)).sum(axis=-1)
    return np.where(mean < 0.0, mean * _slope(np.zeros(())), mean - caught)


def response_slope(photo_electrons: ArrayLike) -> Numbers:
    """Give the derivative of `mean_response`: 0.627 when faint (or negative), 1 when bright."""
    return _slope(np.maximum(np.asarray(photo_electrons, np.float64), 0.0))


def photons_from_electrons(electrons_per_frame: ArrayLike) -> Numbers:
    """Give the mean number of photo-electrons that leads to a mean number of detected ones.

    Parameters
    ----------
    electrons_per_frame : array_like
        Mean of the detected electrons per pixel and frame (never their sum over frames: traps
        are empty again in every frame). Negative values follow the slope at 0; NaN stays.

    Returns
    -------
    ndarray of float64
        The inverse of `mean_response`, to the rounding of the numbers.

    Notes
    -----
    The response is convex and rises, with slopes from 0.627 to 1, so Newton's steps from an
    upper bound come down to the solution and can not overshoot.
    """
    detected = np.asarray(electrons_per_frame, np.float64)
    least = _slope(np.zeros(()))
    finite = np.isfinite(detected)
    wanted = np.where(finite & (detected > 0.0), detected, 0.0)
    mean = np.minimum(wanted / least, wanted + TRAPS)
    for _ in range(_STEPS):
        mean = mean - (mean_response(mean) - wanted) / _slope(mean)
    mean = np.where(detected < 0.0, detected / least, mean)
    return np.where(finite, mean, detected)


def photons_per_electron(electrons_per_frame: ArrayLike) -> Numbers:
    """Give the derivative of `photons_from_electrons`, which carries errors over."""
    return 1.0 / response_slope(photons_from_electrons(electrons_per_frame))


def _slope(mean: Numbers) -> Numbers:
    rates, amplitudes = _caught_terms()
    falling = amplitudes * rates * np.exp(-rates * mean[..., np.newaxis])
    return np.asarray(1.0 - falling.sum(axis=-1), np.float64)


def _caught_terms() -> tuple[Numbers, Numbers]:
    """Rates r and amplitudes a of the mean number of full traps, ``sum a (1 - exp(-r x))``.

    The j-th trap is full after j waiting times; ``1 - P`` is a sum of exponentials with the
    weights ``prod r_i / (r_i - r)`` over the other rates among the first j.
    """
    rates = loss_chances()[:0:-1]
    amplitudes = np.zeros(rates.size)
    for j in range(1, rates.size + 1):
        for k in range(j):
            others = np.delete(rates[:j], k)
            amplitudes[k] += np.prod(others / (others - rates[k]))
    return rates, amplitudes
