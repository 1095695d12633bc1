"""The harmonics of a pulse profile, with their noise and what frames and bins took from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .moments import HARMONICS
from .smearing import correlation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Complex = NDArray[np.complex128]

_CHANCE = 0.01
_LEAST_PASSED = 0.05
_NOTHING = 1e-6


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Harmonics k = 1, 2, ... of a rate sum_k f_k exp(2 pi i k phase); shape (count,) each.

    Attributes
    ----------
    seen : ndarray of complex128
        As the bins show them, e-/s.
    noise : ndarray of float64
        Mean of |seen|^2 where there is no pulse.
    passed : ndarray of float64
        Part of the amplitude f_k that frames and bins let through.
    n_bins : int
    """

    seen: Complex
    noise: Numbers
    passed: Numbers
    n_bins: int

    @property
    def k(self) -> NDArray[np.int64]:
        """Numbers of the harmonics."""
        return np.arange(1, self.seen.size + 1)

    def powers(self) -> Numbers:
        """Powers, 2 on average where there is no pulse; 0 where frames and bins show nothing."""
        usable = self.usable() & (self.noise > 0.0)
        powers = np.zeros(self.seen.size)
        powers[usable] = 2.0 * np.abs(self.seen[usable]) ** 2 / self.noise[usable]
        return powers

    def significant(self) -> NDArray[np.bool_]:
        """Which harmonics stand out: noise has one of them in a hundred profiles."""
        least = 2.0 * np.log(max(self.seen.size, 1) / _CHANCE)
        return np.asarray(self.powers() > least)

    def usable(self) -> NDArray[np.bool_]:
        """Whether frames and bins leave at least a twentieth of what they leave of the best."""
        least = max(_LEAST_PASSED * self.passed.max(initial=0.0), _NOTHING)
        return np.asarray(self.passed >= least)

    def summed(self) -> NDArray[np.bool_]:
        """Whether harmonics count in sums of power: the first 20, or up to the last that shows."""
        last = int(np.max(self.k * self.significant(), initial=HARMONICS))
        return self.usable() & (self.k <= last)

    def bin_weights(self, coefficients: Complex) -> Numbers:
        """What rates of bins are multiplied by in the real part of sum_k c_k seen_k."""
        rows = np.zeros(self.n_bins // 2 + 1, np.complex128)
        rows[1 : self.seen.size + 1] = (coefficients * _to_middle(self.k, self.n_bins)).conj()
        # Each harmonic stands twice in the transform back, of which one half is the real part.
        return np.asarray(np.fft.irfft(rows, self.n_bins) * (0.5 * self.n_bins))


def spectrum_of(rate: Numbers, error: Numbers, smear_turns: float) -> Spectrum:
    """Harmonics of a profile.

    Parameters
    ----------
    rate, error : ndarray of float64, shape (n_bins,)
        NaN in a bin makes all harmonics NaN.
    smear_turns : float
        Turns that a frame lasts.

    Notes
    -----
    The exposure of a frame takes sinc(k s) of a harmonic, sharing the frame out to the bins it
    covers as much again, and a bin sinc(k / n).
    """
    n_bins = rate.size
    k = np.arange(1, (n_bins - 1) // 2 + 1)
    seen = np.fft.rfft(rate)[k] * _to_middle(k, n_bins)
    noise = (error**2).sum() / n_bins**2 * correlation(n_bins, smear_turns).power[k]
    passed = np.sinc(k * smear_turns) ** 2 * np.sinc(k / n_bins)
    return Spectrum(seen, noise, passed, n_bins)


def _to_middle(k: NDArray[np.int64], n_bins: int) -> Complex:
    """Factor that makes phase 0 the lower edge of bin 0, whose middle the transform takes."""
    return np.asarray(np.exp(-1j * np.pi * k / n_bins) / n_bins)
