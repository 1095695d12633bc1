"""What a search finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Prediction:
    """Frequency that a search starts from.

    Attributes
    ----------
    f0_hz, f1_hz_s : float
        At an epoch.
    since_epoch_s : float
        From the epoch to the mean time of the frames, by the clock of F0.
    """

    f0_hz: float
    f1_hz_s: float = 0.0
    since_epoch_s: float = 0.0

    def changed(self, offset_hz: float, offset_hz_s: float) -> tuple[float, float]:
        """F0 and F1 at the epoch that differ so much at the mean time of the frames."""
        return (
            self.f0_hz + offset_hz - offset_hz_s * self.since_epoch_s,
            self.f1_hz_s + offset_hz_s,
        )


@dataclass(frozen=True)
class Candidate:
    """One peak.

    Attributes
    ----------
    f0_hz, f1_hz_s : float
        Where its likelihood is highest, at the epoch of the prediction.
    f0_error_hz, f1_error_hz_s : float
        Standard deviations at the mean time of the frames; NaN where no harmonic stands out, and
        of an F1 that was not searched.
    offset_hz, offset_hz_s : float
        From the prediction, at the mean time of the frames.
    statistic : str
        Its name.
    value : float
        Of the trial that found it.
    probability_once, probability : float
        That noise gives as much in one trial, and somewhere in the whole search.
    sigma : float
        The latter in deviations of a normal distribution; 0 where it is more than 1/2.
    harmonics : int
        That were added up for `f0_hz`.
    harmonic_of : int
        Place in the list, from 1, of the stronger candidate of which it is a harmonic; 0 for none.
    ratio : str
        Its frequency over that one's, as 2 or 1/2; with an alias seen by even frames in brackets.
    """

    f0_hz: float
    f1_hz_s: float
    f0_error_hz: float
    f1_error_hz_s: float
    offset_hz: float
    offset_hz_s: float
    statistic: str
    value: float
    probability_once: float
    probability: float
    sigma: float
    harmonics: int
    harmonic_of: int = 0
    ratio: str = ""


@dataclass(frozen=True, eq=False)
class SearchResult:
    """Candidates, the least probable first, and what was searched.

    Attributes
    ----------
    candidates : tuple of Candidate
    statistic : str
        Name.
    trials : int
        How many were made.
    independent_trials : float
        How many of them count, at the level that noise alone passes in every other search.
    frames : int
    span_s : float
        T.
    f0_step_hz, f1_step_hz_s : float
    oversampling : float
        1/T over the step of F0.
    scan_hz, scan_value : ndarray of float64, shape (n,)
        The highest value of the statistic at each F0; of a blind search the whitened power.
    """

    candidates: tuple[Candidate, ...]
    statistic: str
    trials: int
    independent_trials: float
    frames: int
    span_s: float
    f0_step_hz: float
    f1_step_hz_s: float
    oversampling: float
    scan_hz: Numbers
    scan_value: Numbers
