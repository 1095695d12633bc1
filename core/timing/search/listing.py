"""The list of candidates: probabilities, errors, and which are harmonics of which."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..pulse.moments import HARMONICS
from ..pulse.probability import sigma_of_log
from .result import Candidate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .light import SearchLight
    from .refine import Peak
    from .result import Prediction

_MOST_RATIO = 16


class Chance(NamedTuple):
    """Natural logarithms of the probabilities in one trial and in the whole search."""

    log_once: float
    log_probability: float


class Found(NamedTuple):
    """A peak: statistic and its value, how probable, and where it is highest."""

    statistic: str
    value: float
    chance: Chance
    peak: Peak


def candidates_of(
    found: Sequence[Found], light: SearchLight, prediction: Prediction
) -> tuple[Candidate, ...]:
    """List peaks, the least probable first, harmonics marked."""
    relations = Relations(1.0 / light.span_s, light.interval_s)
    ranked = sorted(found, key=lambda one: one.chance.log_once)
    return tuple(
        _candidate(one, prediction, *relations.of(light.frequency_hz + one.peak.offset_hz))
        for one in ranked
    )


def _candidate(one: Found, prediction: Prediction, place: int, ratio: str) -> Candidate:
    peak, chance = one.peak, one.chance
    f0_hz, f1_hz_s = prediction.changed(peak.offset_hz, peak.offset_hz_s)
    return Candidate(
        f0_hz=f0_hz,
        f1_hz_s=f1_hz_s,
        f0_error_hz=peak.f0_error_hz,
        f1_error_hz_s=peak.f1_error_hz_s,
        offset_hz=peak.offset_hz,
        offset_hz_s=peak.offset_hz_s,
        statistic=one.statistic,
        value=one.value,
        probability_once=math.exp(chance.log_once),
        probability=math.exp(chance.log_probability),
        sigma=max(sigma_of_log(chance.log_probability), 0.0),
        harmonics=peak.harmonics,
        harmonic_of=place,
        ratio=ratio,
    )


class Relations:
    """Finds out of which candidate a frequency is a harmonic; to be asked the strongest first.

    Parameters
    ----------
    resolution_hz : float
        1/T.
    interval_s : float
        Of even frames, which show frequencies above half their own as lower ones; 0 for none.

    Attributes
    ----------
    count : Counter of int
        How many harmonics of a place were asked for; under 0 those of none.
    """

    def __init__(self, resolution_hz: float, interval_s: float) -> None:
        self.count: Counter[int] = Counter()
        self._resolution_hz = resolution_hz
        self._interval_s = interval_s
        self._roots: dict[int, float] = {}

    def of(self, frequency_hz: float) -> tuple[int, str]:
        """Give the place of the candidate, from 1, or 0 for none, and the ratio to it."""
        asked = self.count.total() + 1
        for place, root_hz in self._roots.items():
            ratio = self._ratio(frequency_hz, root_hz)
            if ratio:
                self.count[place] += 1
                return place, ratio
        self._roots[asked] = frequency_hz
        self.count[0] += 1
        return 0, ""

    def _ratio(self, frequency_hz: float, root_hz: float) -> str:
        ratio = Fraction(frequency_hz / root_hz).limit_denominator(_MOST_RATIO)
        near_hz = max(float(ratio), 1.0) * self._resolution_hz
        is_simple = 0 < ratio.numerator <= _MOST_RATIO and ratio != 1
        if is_simple and abs(frequency_hz - float(ratio) * root_hz) <= near_hz:
            return str(ratio)
        number = _alias(frequency_hz, root_hz, self._resolution_hz, self._interval_s)
        return f"{number} (alias)" if number else ""


def _alias(frequency_hz: float, other_hz: float, resolution_hz: float, interval_s: float) -> int:
    """Which harmonic of the other frequency even frames show as this one; 0 for none."""
    if interval_s <= 0.0:
        return 0
    cycles = np.arange(2, HARMONICS + 1) * other_hz * interval_s
    seen_hz = np.abs(cycles - np.rint(cycles)) / interval_s
    near = np.abs(seen_hz - frequency_hz) <= np.arange(2, HARMONICS + 1) * resolution_hz
    is_alias = near & (cycles > 0.5)
    return int(np.argmax(is_alias)) + 2 if is_alias.any() else 0
