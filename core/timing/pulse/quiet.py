"""The pulsed fraction where nobody has said which phases are without pulse."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .measured import Measured
from .ranges import PhaseRange

if TYPE_CHECKING:
    from .profile import Profile

QUIET_TURNS = 0.2
QUIET_TEXT = (
    "Pulsed fraction: light above the level of the quietest fifth of the turn, over all light; "
    "that fifth is found in one half of the data and measured in the other."
)


def quiet_range(profile: Profile) -> PhaseRange:
    """Find the fifth of a turn with the least light."""
    n_bins = profile.n_bins
    width = max(1, round(QUIET_TURNS * n_bins))
    rate = np.nan_to_num(profile.rate, nan=np.inf)
    sums = np.lib.stride_tricks.sliding_window_view(np.append(rate, rate[: width - 1]), width)
    first = int(np.argmin(sums.sum(axis=1)))
    return PhaseRange(first / n_bins, (first + width) % n_bins / n_bins)


def quiet_fraction(first: Profile, second: Profile) -> Measured:
    """Light above that of the quietest fifth of the turn, over all light.

    Each half of the data is measured in the phases that the other half shows as the quietest:
    the least of a noisy profile, taken from itself, would make a pulse of noise.

    Parameters
    ----------
    first, second : Profile
        Of two halves of the frames.

    Returns
    -------
    Measured
        Mean of both; NaN where a half has no light.
    """
    made = [
        one.pulsed_fraction(off=quiet_range(other))
        for one, other in ((first, second), (second, first))
    ]
    value = sum(one.value for one in made) / 2.0
    return Measured(value, math.hypot(*(one.error for one in made)) / 2.0, QUIET_TEXT)
