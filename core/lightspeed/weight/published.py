"""What the published library computed in weight mode and for quantum efficiency, to compare."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from .likelihood import PUBLISHED_ELECTRONS, count_model
from .trap import TRAPS, photons_from_electrons, trap_matrix

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from .likelihood import CountModel, Density

    Numbers = NDArray[np.float64]

# The published table of the internal quantum efficiency, in few nodes of our own: straight
# lines in the logarithm of the electrons. It follows the digitised table, whose neighbouring
# points differ by up to 2 %, within 0.3 % above 50 electrons, 0.9 % above 5 and 1.6 % below,
# with the step of the table at 270.
_QE_ELECTRONS = (1.05, 1.25, 2.0, 5.0, 10.0, 20.0, 40.0, 80.0, 150.0, 255.8, 282.7, 500.0, 940.0)
_QE = (0.493, 0.498, 0.531, 0.622, 0.712, 0.795, 0.860, 0.900, 0.926, 0.942, 0.926, 0.948, 0.966)
_EXACT_BELOW = 50
_LAST = 8199
# Steps of the fixed point; each one takes two thirds of the error away or more.
_STEPS = 80

_FIRST_MEAN = 1.0
_LEAST_MEAN = 1e-5
_ENOUGH = 0.01


def published_qe(electrons: ArrayLike) -> Numbers:
    """Give the "internal quantum efficiency", to the accuracy of the published table."""
    value = np.maximum(np.asarray(electrons, np.float64), _QE_ELECTRONS[0])
    return np.asarray(np.interp(np.log(value), np.log(_QE_ELECTRONS), _QE), np.float64)


def photons_v1(electrons_per_frame: ArrayLike) -> Numbers:
    """Give photons a frame as the image command of March 2026: electrons over efficiency."""
    return np.asarray(electrons_per_frame, np.float64) / published_qe(electrons_per_frame)


def photons_v3(electrons: ArrayLike) -> Numbers:
    """Give photons as the image command of August 2026, ``get_inverse``.

    Parameters
    ----------
    electrons : array_like
        Sum over all frames, which that version takes for one frame.

    Returns
    -------
    ndarray of float64
        Below 50 the mean that makes a whole number of electrons most probable in the trap
        model, from there on electrons over efficiency, straight lines between whole numbers;
        negative values in proportion to 1 electron; NaN above 8199.
    """
    value = np.asarray(electrons, np.float64)
    table = _inverse_table()
    known = np.interp(value, np.arange(table.size), table, right=np.nan)
    return np.where(value < 0.0, table[1] * value, known)


@cache
def _inverse_table() -> Numbers:
    number = np.arange(_LAST + 1.0)
    table = photons_v1(number)
    table[:_EXACT_BELOW] = _most_probable_means(_EXACT_BELOW)
    return table


def _most_probable_means(n: int) -> Numbers:
    """Means that maximise the probability of 0 ... n - 1 detected electrons.

    There the mean equals that of the photo-electrons given what was detected; followed as a
    fixed point.
    """
    generated = np.arange(n + TRAPS)
    chances = trap_matrix(generated.size - 1)[:n]
    mean = photons_from_electrons(np.arange(n))
    for _ in range(_STEPS):
        joint = chances * _relative_poisson(mean, generated)
        mean = (joint * generated).sum(axis=1) / joint.sum(axis=1)
    return mean


def _relative_poisson(mean: Numbers, number: NDArray[np.int64]) -> Numbers:
    from scipy.stats import poisson

    return np.asarray(poisson.pmf(number, mean[:, np.newaxis]), np.float64)


def published_fluxes(
    counts: NDArray[np.unsignedinteger] | Numbers,
    pixels: NDArray[np.int64],
    u_e: Numbers,
    density: Density,
    exposure_s: float,
    *,
    weights: Numbers | None = None,
    n_electrons: int = PUBLISHED_ELECTRONS,
    max_iterations: int = 25,
) -> Numbers:
    """Give the fluxes of weight mode as the library of August 2026.

    Plain steps of Newton in photo-electrons per frame, from 1 and never below 1e-5, until
    their rms is 1 % of the mean over all groups. Faint groups are then far from their maximum:
    from the lower limit they only double in each step.

    Parameters
    ----------
    counts, pixels, u_e, density
        As for `count_model`; `counts` must hold all values.
    exposure_s : float
        Of a frame.
    weights : ndarray of float64, shape (n_pixels,), or None
        Of mean 1, as that version has them; None for 1 everywhere.
    n_electrons : int
        Where the sums over electrons end.
    max_iterations : int
        Most steps.

    Returns
    -------
    ndarray of float64, shape (n_groups,)
        Photo-electrons per second and pixel (not of the source).
    """
    model = count_model(counts, pixels, u_e, density, n_electrons=n_electrons, published=True)
    rows = model.row_counts(counts)
    scale = np.ones(len(pixels)) if weights is None else weights
    mean = np.full(len(counts), _FIRST_MEAN)
    for _ in range(max_iterations):
        mean = np.where(np.isfinite(mean), np.maximum(mean, _LEAST_MEAN), _FIRST_MEAN)
        step = _plain_step(model, rows, mean, scale)
        mean = mean + step
        if abs(np.sqrt(np.mean(step**2)) / mean.mean()) < _ENOUGH:
            break
    return mean / exposure_s


def _plain_step(model: CountModel, rows: Numbers, mean: Numbers, weights: Numbers) -> Numbers:
    """Newton's step; NaN, which starts the group again, where there is no information."""
    sums = np.zeros((4, mean.size, weights.size))
    means = mean[:, np.newaxis] * weights
    model.sums(rows, means, np.ones(means.shape, np.bool_), sums)
    information = sums[2] @ weights**2
    known = information != 0.0
    return np.where(known, (sums[1] @ weights) / np.where(known, information, 1.0), np.nan)
