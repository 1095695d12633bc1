"""Light of frames beside the turns that are predicted for them: what a search goes through."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]

LEAST_FRAMES = 16
TITLE = "Cannot search for a period"


@dataclass(frozen=True, eq=False)
class SearchLight:
    """Light of frames that have light and a time, shape (n,) each.

    Attributes
    ----------
    values : ndarray of float64
        Less their mean.
    turns : ndarray of float64
        Turns predicted, whole ones left out; zeros where nothing is predicted.
    clock_s : ndarray of float64
        Seconds by which trial frequencies are counted, from the mean of all: those at the
        telescope, or at the pulsar.
    frequency_hz : float
        Predicted, as seen at the telescope; 0 where nothing is predicted.
    interval_s : float
        From frame to frame; 0 where it is not known.
    mean_s : float
        What the clock showed at its zero.
    """

    values: Numbers
    turns: Numbers
    clock_s: Numbers
    frequency_hz: float = 0.0
    interval_s: float = 0.0
    mean_s: float = 0.0

    @classmethod
    def of(
        cls,
        values: ArrayLike,
        clock_s: ArrayLike,
        turns: ArrayLike | None = None,
        *,
        frequency_hz: float = 0.0,
        interval_s: float = 0.0,
    ) -> SearchLight:
        """Take the frames of which all is known.

        Parameters
        ----------
        values : array_like of float64, shape (n,)
            Light of frames; NaN where there is none.
        clock_s : array_like of float64, shape (n,)
            Seconds, from any zero; NaN for a frame without a time.
        turns : array_like of float64, shape (n,), or None
            Turns predicted; None predicts none.
        frequency_hz, interval_s : float
            See the attributes.

        Raises
        ------
        NightglassError
            If too few frames are left, or all have the same light or time.
        """
        light, seconds = np.asarray(values, np.float64), np.asarray(clock_s, np.float64)
        phase = np.zeros(light.shape) if turns is None else np.asarray(turns, np.float64)
        known = np.isfinite(light) & np.isfinite(seconds) & np.isfinite(phase)
        light, seconds, phase = light[known], seconds[known], phase[known]
        if light.size < LEAST_FRAMES:
            raise refusal(
                f"{light.size} frames have light and a time, {LEAST_FRAMES} are the least",
                "Use more frames.",
            )
        rest = light - light.mean()
        if not np.abs(rest).max() > 1e-12 * np.abs(light).max():
            raise refusal("All frames have the same light", "Choose another region.")
        if not np.ptp(seconds) > 0.0:
            raise refusal("All frames have the same time", "Check the time stamps.")
        mean_s = float(seconds.mean())
        return cls(rest, phase - np.rint(phase), seconds - mean_s, frequency_hz, interval_s, mean_s)

    @property
    def frames(self) -> int:
        """How many there are."""
        return self.values.size

    @cached_property
    def span_s(self) -> float:
        """T: from the start of the first interval to the end of the last."""
        return float(np.ptp(self.clock_s)) + self.interval_s

    @cached_property
    def reach_s(self) -> float:
        """Longest time from the mean."""
        return float(np.abs(self.clock_s).max())

    @cached_property
    def scatter(self) -> float:
        """Sum of the squared values."""
        return float(self.values @ self.values)

    @cached_property
    def half_square_s2(self) -> Numbers:
        """Half the square of the clock: turns for each Hz/s of F1."""
        return 0.5 * self.clock_s**2

    def turned(self, offset_hz: float, offset_hz_s: float) -> SearchLight:
        """Give the same light with the prediction changed by so much."""
        more = offset_hz * self.clock_s + offset_hz_s * self.half_square_s2
        turns = self.turns + (more - np.rint(more))
        return replace(self, turns=turns, frequency_hz=self.frequency_hz + offset_hz)

    def unpredicted(self) -> SearchLight:
        """Give the same light with nothing predicted."""
        return replace(self, turns=np.zeros(self.turns.shape), frequency_hz=0.0)

    def sample(self, most: int) -> SearchLight:
        """Give at most so many frames, spread evenly."""
        every = slice(None, None, -(-self.frames // most))
        return replace(
            self, values=self.values[every], turns=self.turns[every], clock_s=self.clock_s[every]
        )


def refusal(text: str, hint: str) -> NightglassError:
    """Say why there is no search."""
    return NightglassError(TITLE, f"{text}.", hint)
