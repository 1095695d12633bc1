"""The frequencies and derivatives that are tried."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .light import refusal

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_TRIALS = 20_000_000
USUAL_TURNS = 50.0
_LEAST_OVERSAMPLING = 4.0
_F1_STEPS = 4.0


@dataclass(frozen=True)
class Axis:
    """Offsets from the prediction, `step` apart; the prediction is one of them."""

    count: int
    step: float

    @property
    def offsets(self) -> NDArray[np.float64]:
        """All of them, shape (count,)."""
        return np.asarray((np.arange(self.count) - self.count // 2) * self.step, np.float64)

    @property
    def reach(self) -> float:
        """The largest offset."""
        return (self.count // 2) * self.step


@dataclass(frozen=True)
class Grid:
    """Every F0 (Hz) with every F1 (Hz/s)."""

    f0: Axis
    f1: Axis

    @property
    def trials(self) -> int:
        """How many there are."""
        return self.f0.count * self.f1.count

    @property
    def steps(self) -> tuple[float, float]:
        """From trial to trial of F0 and of F1; 0 for an F1 that is kept."""
        return self.f0.step, self.f1.step if self.f1.count > 1 else 0.0

    def oversampling(self, span_s: float) -> float:
        """Steps of F0 in 1/T."""
        return 1.0 / (self.f0.step * span_s)


@dataclass(frozen=True)
class Extent:
    """How far a search goes to each side of the prediction.

    Attributes
    ----------
    span : float or None
        Of F0; None takes 50 / T but not more than half of F0, or what `trials` steps reach.
    is_in_turns : bool
        Whether `span` is a multiple of 1/T instead of Hz.
    f1_span : float
        Of F1; 0 tries the predicted one alone.
    f1_is_in_turns : bool
        Whether `f1_span` is a multiple of 1/T^2 instead of Hz/s.
    trials : int or None
        Frequencies tried; None takes steps of 1/T over the oversampling.
    """

    span: float | None = None
    is_in_turns: bool = False
    f1_span: float = 0.0
    f1_is_in_turns: bool = False
    trials: int | None = None

    def __post_init__(self) -> None:
        spans = [self.f1_span] if self.span is None else [self.span, self.f1_span]
        if not all(math.isfinite(one) and one >= 0.0 for one in spans):
            raise refusal("A span is a number from 0 up", "Change --span or --f1-span.")
        if self.trials is not None and not 1 <= self.trials <= MOST_TRIALS:
            raise refusal(
                f"{self.trials:,} trials are not between 1 and {MOST_TRIALS:,}", "Change --trials."
            )

    def grid(self, span_s: float, harmonics: int, frequency_hz: float = math.inf) -> Grid:
        """Choose the steps.

        The highest harmonic of n turns by half a turn of T from one trial to the next: steps of
        F0 are 1/(2 n T), at most 1/(4 T), and those of F1 are 4/(n T^2), at most 2/T^2.

        Parameters
        ----------
        span_s : float
            T, the time covered.
        harmonics : int
            The highest that the statistic sees.
        frequency_hz : float
            Predicted; trials stay above 1/T, and without a span of their own above half of it.

        Raises
        ------
        NightglassError
            If the grid would have holes or too many trials, or reach down to 0.
        """
        usual = 1.0 / (max(_LEAST_OVERSAMPLING, 2.0 * harmonics) * span_s)
        f0 = self._f0(span_s, usual, frequency_hz)
        if frequency_hz - f0.reach < 1.0 / span_s:
            raise refusal(
                f"Trials would go down to {frequency_hz - f0.reach:.4g} Hz, and a frequency has to "
                f"be above 1/T = {1.0 / span_s:.4g} Hz",
                "Make --span smaller, or use more frames.",
            )
        f1_step = _F1_STEPS / (max(harmonics, 2) * span_s**2)
        f1_span = self.f1_span / span_s**2 if self.f1_is_in_turns else self.f1_span
        half = math.ceil(min(f1_span / f1_step, MOST_TRIALS) - 1e-9)
        f1 = Axis(2 * half + 1, f1_span / half if half else f1_step)
        made = Grid(f0, f1)
        if made.trials > MOST_TRIALS:
            raise refusal(
                f"{made.trials:,} trials are more than {MOST_TRIALS:,}",
                "Make --span or --f1-span smaller.",
            )
        return made

    def _f0(self, span_s: float, usual_hz: float, frequency_hz: float) -> Axis:
        if self.span is None and self.trials is not None:
            return Axis(self.trials, usual_hz)
        if self.span is None:
            span_hz = min(USUAL_TURNS / span_s, 0.5 * frequency_hz)
        else:
            span_hz = self.span / span_s if self.is_in_turns else self.span
        if self.trials is None:
            half = math.ceil(min(span_hz / usual_hz, MOST_TRIALS) - 1e-9)
            return Axis(2 * half + 1, span_hz / half if half else usual_hz)
        step_hz = span_hz / max(self.trials // 2, 1)
        if step_hz * span_s > 1.0:
            raise refusal(
                f"{self.trials:,} frequencies over {2.0 * span_hz:.4g} Hz are further apart than "
                f"1/T = {1.0 / span_s:.4g} Hz, and what lies between is not seen",
                "Raise --trials, or make --span smaller.",
            )
        return Axis(self.trials, step_hz)
