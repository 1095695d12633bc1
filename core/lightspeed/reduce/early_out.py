"""Counts that cannot be a cosmic ray, whatever the median of their neighbourhood is.

Of the nine pixels of a neighbourhood let five, the one in question among them, lie between A and B
electrons. Then the median M lies between them as well: at most four of nine are below A, at most
four above B. The pixel I is not flagged if ``B <= A + t sqrt(max(A, 0) + 1)``, because

* above: ``I <= B <= A + t sqrt(max(A, 0) + 1) <= M + t sqrt(max(M, 0) + 1)``;
* below: ``M - I <= B - A <= t sqrt(max(A, 0) + 1) <= t sqrt(max(M, 0) + 1)``.

The Laplacian flags I only if it exceeds 3 e- and half the sum of its four neighbours, which is at
least 2 A: not if ``B <= max(3, 2 A)``. At the edge neighbours are missing, only the 3 e- count.
The ceiling needs no neighbours. So one table tells for each lowest count the highest that is good
at first sight; blocks of pixels and single pixels are tested with the same table.

With a pedestal, whole counts near it are taken off each pixel first; the rest is at most half a
count either way, by which the bounds are drawn in.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from .views import CEILING, LAPLACIAN, MEDIAN, NO_RULE, Judge, frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .recipe import CosmicRule, Recipe

_KINDS = {"median": MEDIAN, "laplacian": LAPLACIAN, "ceiling": CEILING}
_COUNTS = 1 << 16
_HIGHEST = _COUNTS - 1
_LOWEST_SHIFT_ADU = -4096
_STEP_ADU = 32
_SAMPLE = 4096
_LAPLACIAN_FLOOR_E = 3.0
# Far above the rounding of any of the numbers (65535 x 2**-52), far below one count.
_ROUNDING_ADU = 1e-6
_NOTHING: tuple[int, int] = (0, 0)


def judge(recipe: Recipe, zero_adu: int, pedestal: NDArray[np.float64] | None) -> Judge:
    """Make the recipe ready for a window.

    Parameters
    ----------
    zero_adu : int
        Counts of the stored number 0.
    pedestal : ndarray of float64 or None
        The part of the recipe's that belongs to the window.
    """
    rule = recipe.cosmic
    base, shift = _shifts(recipe, pedestal)
    offset = recipe.offset_adu - zero_adu + base
    slack = _ROUNDING_ADU + (0.5 if pedestal is not None else 0.0)
    limit = _table(rule, offset, recipe.adu_per_electron, slack, pedestal is not None)
    edge = _HIGHEST
    if rule is not None and rule.kind == "laplacian":
        edge = _whole(offset + _LAPLACIAN_FLOOR_E * recipe.adu_per_electron - slack)
    return Judge(
        kind=NO_RULE if rule is None else _KINDS[rule.kind],
        threshold=0.0 if rule is None else float(rule.threshold),
        temporal=rule is not None and rule.kind == "median" and rule.temporal,
        least_e=-np.inf if rule is None or rule.least_e is None else float(rule.least_e),
        offset=float(recipe.offset_adu),
        gain=float(recipe.adu_per_electron),
        pedestal=frozen(
            np.zeros(_NOTHING) if pedestal is None else np.asarray(pedestal, np.float64)
        ),
        shift=frozen(shift),
        limit=limit,
        edge_highest=edge,
    )


@lru_cache(maxsize=16)
def _table(
    rule: CosmicRule | None, offset: float, gain: float, slack: float, shifted: bool
) -> NDArray[np.int32]:
    """`limits` for the kernels; a number that a shift made 0 may have been any."""
    limit = limits(rule, offset, gain, slack)
    if shifted:
        limit[0] = -1
    return frozen(limit)


def _shifts(recipe: Recipe, pedestal: NDArray[np.float64] | None) -> tuple[int, NDArray[np.uint16]]:
    """Counts near the pedestal: a common part, and what each pixel has on top of it.

    A pixel far outside gets a shift that makes every count of it 0, which is always looked at. A
    few pixels far below the others must not take these there with them.
    """
    if pedestal is None:
        return 0, np.zeros(_NOTHING, np.uint16)
    counts = np.rint(pedestal * recipe.adu_per_electron)
    # In steps, so that neighbouring bands share their table.
    low = _low(counts)
    base = int(max(low // _STEP_ADU * _STEP_ADU, _LOWEST_SHIFT_ADU))
    above = counts - base
    above[(above < 0) | (above > _HIGHEST)] = _HIGHEST
    return base, above.astype(np.uint16)


def _low(counts: NDArray[np.float64]) -> float:
    """Give the lowest of a sample of counts but for the lowest hundredth."""
    sample = counts.ravel()[:: max(1, counts.size // _SAMPLE)]
    return float(np.partition(sample, sample.size // 100)[sample.size // 100])


def limits(rule: CosmicRule | None, offset: float, gain: float, slack: float) -> NDArray[np.int32]:
    """Highest good number for each lowest one.

    Parameters
    ----------
    rule : CosmicRule or None
        None: everything is good.
    offset, gain : float
        Electrons = (number - offset) / gain, up to `slack` counts.

    Returns
    -------
    ndarray of int32, shape (65536,)
        -1 where no number is good.
    """
    if rule is None:
        return np.full(_COUNTS, _HIGHEST, np.int32)
    lowest_e = (np.arange(_COUNTS) - offset - slack) / gain
    if rule.kind == "median":
        most_e = lowest_e + rule.threshold * np.sqrt(np.maximum(lowest_e, 0.0) + 1.0)
    elif rule.kind == "laplacian":
        most_e = np.maximum(_LAPLACIAN_FLOOR_E, 2.0 * lowest_e)
    else:
        most_e = np.full(_COUNTS, float(rule.threshold))
    counts = np.floor(offset + gain * most_e - slack)
    highest: NDArray[np.int32] = np.clip(counts, -1, _HIGHEST).astype(np.int32)
    if rule.least_e is not None:
        highest[lowest_e < rule.least_e] = -1
    return highest


def _whole(counts: float) -> int:
    return int(np.clip(np.floor(counts), -1, _HIGHEST))
