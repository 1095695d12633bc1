"""Fourier sums of light at many frequencies at once, exact to 1e-9.

Near a prediction the phase of a trial differs from the predicted one by a smooth function of time,
``k (df t + df1 t^2 / 2)``. So each harmonic k is turned by the prediction and brought onto even
times once, much finer than the fastest trial turns, by Lagrange interpolation of the trial's phase
factor (12 nodes, 8 times the rate of Nyquist: error below 1e-9 of the sum of the values). From
there a trial F1 is a multiplication, and all F0 at once are a Fourier transform. The idea is that
of folded sub-integrations that are shifted against each other (PRESTO's prepfold), without its
loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .grid import Axis
    from .light import SearchLight

    Numbers = NDArray[np.float64]
    Amplitudes = NDArray[np.complex128]

_FINENESS = 8
_LEAST_LENGTH = 64


@dataclass(frozen=True)
class Span:
    """Consecutive trials of F0, numbers `first` to `last` - 1 of an axis."""

    axis: Axis
    first: int
    last: int

    @property
    def count(self) -> int:
        """How many."""
        return self.last - self.first

    @property
    def columns(self) -> slice:
        """Where they are among all of the axis."""
        return slice(self.first, self.last)

    @property
    def middle(self) -> int:
        """The one around which the others are counted."""
        return (self.first + self.last) // 2

    @property
    def middle_hz(self) -> float:
        """Offset of `middle`."""
        return (self.middle - self.axis.count // 2) * self.axis.step

    @property
    def offsets(self) -> Numbers:
        """Of all of them, Hz, shape (count,)."""
        return self.axis.offsets[self.first : self.last]


@dataclass(frozen=True, eq=False)
class EvenTimes:
    """One harmonic of the light on even times, for a span of trials.

    Attributes
    ----------
    even : ndarray of complex128
        At the times ``(first + j) step_s``.
    length : int
        Of the transform: ``1 / (harmonic x step of F0 x step_s)``.
    """

    span: Span
    harmonic: int
    even: Amplitudes
    first: int
    step_s: float
    length: int

    def sums(self, f1_hz_s: float) -> Amplitudes:
        """Give sum x exp(2 pi i k phase) of every trial of the span, shape (count,)."""
        from .search_kernels import turn_and_wrap

        wrapped = np.zeros(self.length, np.complex128)
        turn_and_wrap(self.even, 0.5 * self.harmonic * f1_hz_s, self.step_s, self.first, wrapped)
        made = np.fft.ifft(wrapped, norm="forward")
        span = self.span
        return np.asarray(made[np.arange(span.first, span.last) - span.middle])

    @cached_property
    def times_s(self) -> Numbers:
        """The even times, from the mean of the frames."""
        return np.asarray((self.first + np.arange(self.even.size)) * self.step_s, np.float64)

    def at(self, offset_hz: float, f1_hz_s: float) -> complex:
        """Give the sum at any place near the span: an offset from its middle, and an F1."""
        turns = self.times_s * (offset_hz + 0.5 * f1_hz_s * self.times_s)
        return complex(np.exp(2j * np.pi * self.harmonic * turns) @ self.even)


def on_even_times(light: SearchLight, span: Span, harmonic: int, f1_reach_hz_s: float) -> EvenTimes:
    """Bring one harmonic of the light onto even times.

    Parameters
    ----------
    light : SearchLight
    span : Span
    harmonic : int
        k, from 1.
    f1_reach_hz_s : float
        The largest F1 that `sums` is asked for.
    """
    from scipy.fft import next_fast_len

    from .search_kernels import NODES, bring_to_even_times

    # In steps of F0: how fast the fastest trial turns, at the end of the light.
    reach = 0.5 * span.count + f1_reach_hz_s * light.reach_s / span.axis.step
    length = next_fast_len(max(int(2 * _FINENESS * reach), _LEAST_LENGTH))
    step_s = 1.0 / (harmonic * span.axis.step * length)
    first = int(np.floor(light.clock_s.min() / step_s)) - NODES // 2
    last = int(np.ceil(light.clock_s.max() / step_s)) + NODES // 2
    even = np.zeros(last - first + 1, np.complex128)
    bring_to_even_times(
        light.values, light.turns, light.clock_s, float(harmonic), span.middle_hz, step_s, first,
        even,
    )  # fmt: skip
    return EvenTimes(span, harmonic, even, first, step_s, length)
