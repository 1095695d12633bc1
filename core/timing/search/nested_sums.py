"""Sums of harmonics that share powers, counted once in a search that tries all of them.

The sum of h harmonics of a frequency shares powers with sums of more harmonics of the same
frequency, of half and of twice the frequency. Noise that brings one above a level often brings
another one with it. Such a clump is counted at its sum with the most harmonics; how often there is
none with more is measured on drawn powers. Draws are seeded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

SUMS = (1, 2, 4, 8, 16)
"""Harmonics that are added up."""
_SEED = 22
_DRAWS = 2000
_LEAST_LOG = -550.0
# Half the frequency, the frequency, and twice it, in halves of the frequency.
_RELATED = (1, 2, 4)


def counted_once(harmonics: int, copies: int, log_probability: float) -> float:
    """Part of the trials above a level with which no sum of more harmonics is above it.

    Parameters
    ----------
    harmonics : int
        Of the sum, one of `SUMS`.
    copies : int
        Spectra averaged.
    log_probability : float
        Natural logarithm of the probability that one trial is above the level.
    """
    from scipy.special import gammainccinv

    rng = np.random.default_rng(_SEED)
    chance = np.exp(max(log_probability, _LEAST_LOG))
    powers = rng.gamma(copies, 2.0, (_DRAWS, _RELATED[-1] * SUMS[-1]))
    own = _places(2, harmonics)
    wanted = 2.0 * gammainccinv(harmonics * copies, chance * rng.random(_DRAWS))
    powers[:, own] *= (wanted / powers[:, own].sum(axis=1))[:, None]
    is_passed = np.zeros(_DRAWS, np.bool_)
    for more in (one for one in SUMS if one > harmonics):
        level = 2.0 * float(gammainccinv(more * copies, chance))
        for unit in _RELATED:
            is_passed |= powers[:, _places(unit, more)].sum(axis=1) > level
    return float(1.0 - is_passed.mean())


def _places(unit: int, harmonics: int) -> NDArray[np.int64]:
    """Where the harmonics of a frequency are, in halves of the one that is looked at."""
    return unit * np.arange(1, harmonics + 1) - 1
