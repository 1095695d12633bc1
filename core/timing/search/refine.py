"""The frequency of a peak, between the trials, with its error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..pulse.moments import HARMONICS, PENALTY
from .even_times import EvenTimes, Span, on_even_times
from .grid import Axis

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from .light import SearchLight

    Numbers = NDArray[np.float64]

_FARTHEST = 4
_ROUNDS = 40
_FINEST = 1e-4


@dataclass(frozen=True)
class Peak:
    """Where the summed power of some harmonics is highest.

    Attributes
    ----------
    offset_hz, offset_hz_s : float
        From the prediction.
    f0_error_hz, f1_error_hz_s : float
        Standard deviations; NaN where no harmonic stands out or F1 was kept.
    harmonics : int
        That count, from the first.
    """

    offset_hz: float
    offset_hz_s: float
    f0_error_hz: float
    f1_error_hz_s: float
    harmonics: int


def refined(
    stretches: Sequence[SearchLight],
    offset_hz: float,
    offset_hz_s: float,
    steps: tuple[float, float],
    most_harmonics: int,
    scale: float = 1.0,
) -> Peak:
    """Climb from a trial to the top of its peak.

    The harmonics that count are those of the H-test at the trial, each weighted by the part of its
    power that is above the noise, ``(P_k - 2) / P_k``: weak ones bring more noise than light.

    Parameters
    ----------
    stretches : sequence of SearchLight
        Powers of several are added up.
    offset_hz, offset_hz_s : float
        Of the trial.
    steps : tuple of float
        Between trials of F0 and of F1; 0 keeps F1.
    most_harmonics : int
    scale : float
        What powers are multiplied by to be 2 on average in the noise around.

    Notes
    -----
    The error follows from the slope that noise gives the summed power and from its bend:
    ``sigma^2 = sum w^2 k^2 P_k / ((2 pi)^2 V (sum w k^2 (P_k - 2))^2)``, V the variance of the
    clock, or of half its square for F1. For one strong harmonic of even light it is the known
    ``sqrt(6) sigma / (pi sqrt(N) A T)`` (Montgomery & O'Donoghue 1999, DSSN 13, 28).
    """
    power = _Power.of(
        stretches, (offset_hz, offset_hz_s), steps, min(most_harmonics, HARMONICS), scale
    )
    noise = 2.0 * len(stretches)
    first = power(0.0, 0.0)
    harmonics = int(np.argmax(np.cumsum(first - 0.5 * PENALTY * noise))) + 1
    weights = (np.maximum(first - noise, 0.0) / first)[:harmonics]
    hz, hz_s = _climb(lambda at: float(weights @ power(*at)[:harmonics]), steps)
    top = power(hz, hz_s)[:harmonics]
    clocks = [one.clock_s for one in stretches]
    f0_error = _error(top, weights, noise, np.mean([np.var(clock) for clock in clocks]))
    f1_error = _error(top, weights, noise, np.mean([np.var(0.5 * clock**2) for clock in clocks]))
    return Peak(
        offset_hz + hz, offset_hz_s + hz_s, f0_error, f1_error if steps[1] else math.nan, harmonics
    )


@dataclass(frozen=True, eq=False)
class _Power:
    """Powers of the harmonics near a trial, from a few even times of each."""

    parts: list[list[EvenTimes]]
    scatter: list[float]

    @classmethod
    def of(
        cls, stretches: Sequence[SearchLight], offsets: tuple[float, float],
        steps: tuple[float, float], harmonics: int, scale: float,
    ) -> _Power:  # fmt: skip
        count = 2 * _FARTHEST + 1
        span = Span(Axis(count, steps[0]), 0, count)
        turned = [one.turned(*offsets) for one in stretches]
        parts = [
            [on_even_times(one, span, k, _FARTHEST * steps[1]) for k in range(1, harmonics + 1)]
            for one in turned
        ]
        return cls(parts, [one.scatter / scale for one in stretches])

    def __call__(self, offset_hz: float, offset_hz_s: float) -> Numbers:
        """Sum over the stretches, shape (harmonics,)."""
        made = np.zeros(len(self.parts[0]))
        for harmonics, scatter in zip(self.parts, self.scatter, strict=True):
            sums = np.array([one.at(offset_hz, offset_hz_s) for one in harmonics])
            made += (sums.real**2 + sums.imag**2) * (2.0 / scatter)
        return made


def _climb(
    power: Callable[[tuple[float, float]], float], steps: tuple[float, float]
) -> tuple[float, float]:
    """Go uphill along F0 and F1 in turn, never further than where the powers hold."""
    at, widths = [0.0, 0.0], [0.5 * step for step in steps]
    for _ in range(_ROUNDS):
        for axis in (0, 1):
            if widths[axis] > _FINEST * steps[axis]:
                moved = _climbed(power, at, axis, widths[axis])
                limit = _FARTHEST * steps[axis]
                at[axis] = float(np.clip(at[axis] + moved, -limit, limit))
                # A move by less than half the width has found a top: it is looked at more closely.
                widths[axis] *= 1.0 if abs(moved) > 0.5 * widths[axis] else 0.25
    return at[0], at[1]


def _climbed(
    power: Callable[[tuple[float, float]], float], at: list[float], axis: int, step: float
) -> float:
    """Give the way to the top of the parabola through three points, at most a step."""
    values = []
    for side in (-1.0, 0.0, 1.0):
        place = at.copy()
        place[axis] += side * step
        values.append(power((place[0], place[1])))
    low, here, high = values
    bend = low + high - 2.0 * here
    if bend >= 0.0:
        return step * (float(np.argmax(values)) - 1.0)
    return step * float(np.clip(0.5 * (low - high) / bend, -1.0, 1.0))


def _error(powers: Numbers, weights: Numbers, noise: float, variance: float) -> float:
    squares = weights * np.arange(1, powers.size + 1) ** 2
    bend = float((squares * (powers - noise)).sum())
    if bend <= 0.0:
        return math.nan
    slope = float((weights * squares * powers).sum())
    return math.sqrt(slope) / (2.0 * math.pi * math.sqrt(variance) * bend)
