"""Light made for the tests of searches: pulses, noise, gaps."""

from __future__ import annotations

from typing import Any

import numpy as np
from nightglass.core.timing.search.light import SearchLight

Numbers = np.ndarray[Any, np.dtype[np.float64]]


def times(frames: int, interval_s: float = 1e-3) -> Numbers:
    """Middles of frames, seconds from the middle of all."""
    return (np.arange(frames) - 0.5 * (frames - 1)) * interval_s


def pulse(phase: Numbers, width: float = 0.06) -> Numbers:
    """A peak of height 1 at phase 1/2."""
    inside = phase - np.floor(phase) - 0.5
    return np.exp(-0.5 * (inside / width) ** 2)


def light(
    seed: int, frames: int = 10_000, *, f_hz: float = 29.946, f1_hz_s: float = 0.0,
    height: float = 0.0, predicted_hz: float = 29.946, interval_s: float = 1e-3,
) -> SearchLight:  # fmt: skip
    """Counts of 20 a frame, with a pulse of `height` times that, and a prediction."""
    t = times(frames, interval_s)
    phase = f_hz * t + 0.5 * f1_hz_s * t**2 + 0.3
    counts = np.random.default_rng(seed).poisson(20.0 * (1.0 + height * pulse(phase)))
    made = SearchLight.of(counts, t, interval_s=interval_s)
    return made.turned(predicted_hz, 0.0)


def noise(seed: int, frames: int, predicted_hz: float = 123.4) -> SearchLight:
    """White noise over one second."""
    values = np.random.default_rng(seed).standard_normal(frames)
    made = SearchLight.of(values, times(frames, 1.0 / frames), interval_s=1.0 / frames)
    return made.turned(predicted_hz, 0.0)
