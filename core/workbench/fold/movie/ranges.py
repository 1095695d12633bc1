"""Phases on the pulse and off it, where an observer has not chosen them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ....errors import NightglassError
from ....timing.pulse.ranges import PhaseRange

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....lightspeed.fold.settings import FoldSettings
    from ....timing.pulse.profile import Profile
    from ..desk import FoldDesk


def ranges_of(settings: FoldSettings) -> tuple[PhaseRange | None, PhaseRange | None]:
    """Phases on the pulse and off it: where the latter are not chosen, all that are not on."""
    on, off = settings.on, settings.off
    if off is None and on is not None and on.start != on.stop:
        off = on.rest
    return on, off


def require_ranges(fold: FoldDesk) -> None:
    """Choose the phases around the peak where none are chosen on the pulse.

    Raises
    ------
    NightglassError
        If there is no fold to choose from, or no phase is left to be off the pulse.
    """
    if fold.settings.on is None:
        result = fold.result
        if result is None or not result.folds:
            raise NightglassError(
                "No phases on the pulse",
                "Nothing tells which phases are on the pulse.",
                "Draw a region on the pulsar, or mark the phases on the profile.",
            )
        fold.change(on=proposed_range(result.folds[0].profile))
    if ranges_of(fold.settings)[1] is None:
        raise NightglassError(
            "No phases off the pulse",
            "The on-pulse range is the whole turn.",
            "Make it shorter on the profile.",
        )


def proposed_range(profile: Profile) -> PhaseRange:
    """Give the bins around the peak that are nearer to it than to the median of the turn.

    Parameters
    ----------
    profile : Profile
    """
    rate = np.where(np.isfinite(profile.rate), profile.rate, -np.inf)
    known = rate[np.isfinite(rate)]
    n_bins, peak = rate.size, int(np.argmax(rate))
    level = 0.5 * (rate[peak] + (np.median(known) if known.size else 0.0))
    most = max(1, n_bins // 2)
    before = _run(rate[(peak - 1 - np.arange(n_bins)) % n_bins] > level, most - 1)
    after = _run(rate[(peak + 1 + np.arange(n_bins)) % n_bins] > level, most - 1 - before)
    return PhaseRange((peak - before) / n_bins, (peak + after + 1) / n_bins)


def _run(is_on: NDArray[np.bool_], most: int) -> int:
    """How many come before the first that is not, at most so many."""
    return min(int(np.argmin(np.append(is_on, False))), max(0, most))
