"""Bias and width of pixels that caught light, from where values lie between whole electrons.

A value is folded to its distance from the nearest whole electron, ``x - floor(x + 1/2)``, on a
circle of one electron: however many electrons a pixel caught, the noise lies at the same place.
The moments used are those of the circle, ``z = mean of exp(2 pi i x)``, and not the published
mean and mean square of the folded values. Those jump at half an electron, so that counts of
0.12 electrons shift them by up to 0.02 electrons, as much as faint light; z does not jump, and
it is turned back in closed form. For Gaussian noise of mean b and width w,
``z = exp(2 pi i b - 2 (pi w)^2)`` (Mardia and Jupp 2000, Directional Statistics, 3.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .bands import histogram_bands, plain_recipe

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from .sources import NoiseSource

    Numbers = NDArray[np.float64]
    Phasors = NDArray[np.complex128]

# Electrons below and above the bias that are looked at. What is brighter says little: an error
# of the gain grows with every electron.
_REACH_E = (2.5, 6.5)
_TURN = 2.0 * np.pi
# Even phases reach n |z|^2 = 8 once in 3000 pixels; the bias is then good to 0.04 electrons.
LEAST_POWER = 8.0
_LEAST_PART = 0.5
_BLOCK = 1 << 14


class Folded(NamedTuple):
    """Mean of the phasors and number of values behind it, per pixel."""

    z: Phasors
    values: NDArray[np.int64]


def unfold(folded: Folded) -> tuple[Numbers, Numbers]:
    """Find mean and width of the Gaussian behind folded values.

    Parameters
    ----------
    folded : Folded
        Of any shape.

    Returns
    -------
    means, widths : ndarray of float64, same shape
        Electrons; means from -0.5 to 0.5. NaN where the values are spread too evenly to tell.
        The width holds the rounding to whole counts, as that of bias frames does.

    Notes
    -----
    Chance makes ``|z|^2`` larger by ``(1 - |z|^2) / n``, which is taken off.
    """
    n = np.maximum(folded.values, 2)
    power = np.abs(folded.z) ** 2
    is_told = n * power >= LEAST_POWER
    squared = np.where(is_told, (n * power - 1.0) / (n - 1.0), np.nan)
    widths = np.sqrt(np.maximum(-np.log(squared), 0.0)) / _TURN
    return np.where(is_told, np.angle(folded.z) / _TURN, np.nan), widths


def bias_error(widths_e: Numbers, values: int) -> Numbers:
    """Give the scatter of a bias found by folding so many values, electrons."""
    z = np.exp(-2.0 * (np.pi * widths_e) ** 2)
    # Scatter of z across its own direction, for phases of a wrapped Gaussian.
    across = np.sqrt((1.0 - z**4) / (2.0 * values))
    return np.asarray(across / (_TURN * z), np.float64)


def fold_source(
    source: NoiseSource,
    pedestal_e: Numbers,
    *,
    most_frames: int,
    ctx: JobContext | None = None,
    threads: int | None = None,
) -> tuple[Numbers, Numbers]:
    """Fold every pixel of a capture and find its mean and width.

    Parameters
    ----------
    source : DataSet
        Faint frames.
    pedestal_e : ndarray, shape (rows, columns)
        What is taken off first, electrons above the offset.
    most_frames : int
        So many frames at most.

    Returns
    -------
    means, widths : ndarray of float64, shape (rows, columns)
        As `unfold`; also NaN where most values lie outside of what is looked at.
    """
    recipe = plain_recipe(source)
    means, widths = np.empty(pedestal_e.shape), np.empty(pedestal_e.shape)
    for band in histogram_bands(
        source, recipe, pedestal_e, _REACH_E, most_frames=most_frames, ctx=ctx, threads=threads
    ):
        first_e, step_e = band.edges_e(recipe)
        inside = band.counts.sum(1, dtype=np.int64)
        values = np.where(inside >= _LEAST_PART * (inside + band.outside), inside, 0)
        at_e = first_e + (np.arange(band.counts.shape[1], dtype=np.float64) + 0.5) * step_e
        pedestals = pedestal_e[band.rows]
        z = _mean_phasors(band.counts, at_e) * np.exp(-1j * _TURN * pedestals.ravel())
        found = unfold(Folded(z, values))
        means[band.rows], widths[band.rows] = (one.reshape(pedestals.shape) for one in found)
    return means, widths


def _mean_phasors(counts: NDArray[np.uint32], at_e: Numbers) -> Phasors:
    """Mean of ``exp(2 pi i x)`` of each histogram, in blocks that stay small as float64."""
    wheel = np.column_stack([np.cos(_TURN * at_e), np.sin(_TURN * at_e), np.ones(at_e.size)])
    z = np.empty(len(counts), np.complex128)
    for begin in range(0, len(counts), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        sums = counts[block].astype(np.float64) @ wheel
        z[block] = (sums[:, 0] + 1j * sums[:, 1]) / np.maximum(sums[:, 2], 1.0)
    return z
