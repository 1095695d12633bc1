"""A pulse profile: light in bins of phase with its errors, and what is measured on it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError
from .measured import (
    DIFFERENCE_TEXT,
    FRACTION_OFF_TEXT,
    FRACTION_TEXT,
    RMS_TEXT,
    SNR_RANGES_TEXT,
    ChiSquare,
    Measured,
    ratio,
    root_error,
)
from .ranges import level_weights, on_off_weights
from .smearing import chi_square, variance_of_sum
from .spectrum import spectrum_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .ranges import PhaseRange
    from .spectrum import Spectrum

    Numbers = NDArray[np.float64]

_ROOT_2 = math.sqrt(2.0)


@dataclass(frozen=True, eq=False)
class Profile:
    """Light in the bins of a turn; those of parts may be added, in order the same to the last bit.

    Attributes
    ----------
    sums : ndarray of float64, shape (n_bins,)
        Electrons, net of sky.
    variances : ndarray of float64, shape (n_bins,)
        Of `sums`.
    shares : ndarray of float64, shape (n_bins,)
        Frames, in shares.
    frame_s : float
        Exposure of a frame, seconds.
    smear_turns : float
        Turns that a frame lasts, over which its light was spread; bins that share frames are
        correlated (see `smearing`), and short pulses are washed out.
    """

    sums: Numbers
    variances: Numbers
    shares: Numbers
    frame_s: float
    smear_turns: float = 0.0

    @property
    def n_bins(self) -> int:
        """Bins in a turn."""
        return self.sums.size

    @property
    def frames(self) -> float:
        """Frames folded."""
        return float(self.shares.sum())

    @property
    def exposure_s(self) -> Numbers:
        """Seconds of each bin, shape (n_bins,)."""
        return self.shares * self.frame_s

    @property
    def rate(self) -> Numbers:
        """Electrons per second, shape (n_bins,); NaN in a bin without exposure."""
        return ratio(self.sums, self.exposure_s)

    @property
    def error(self) -> Numbers:
        """Standard deviation of `rate`."""
        return ratio(np.sqrt(np.maximum(self.variances, 0.0)), self.exposure_s)

    @property
    def mean_rate(self) -> float:
        """Mean of `rate` over the turn; NaN where a bin has no exposure."""
        return float(self.rate.mean()) if self.n_bins else math.nan

    def __add__(self, other: Profile) -> Profile:
        """Add up two parts; the turns that frames last are those of the first.

        Raises
        ------
        NightglassError
            If bins or exposures differ.
        """
        if self.n_bins != other.n_bins or not math.isclose(self.frame_s, other.frame_s):
            raise NightglassError(
                "Cannot add profiles",
                f"One has {self._told()}, the other {other._told()}.",
                "Fold both with the same bins and frames of the same exposure.",
            )
        return replace(
            self,
            sums=self.sums + other.sums,
            variances=self.variances + other.variances,
            shares=self.shares + other.shares,
        )

    def _check_bins(self, other: Profile) -> None:
        if self.n_bins != other.n_bins:
            raise NightglassError(
                "Cannot compare profiles",
                f"One has {self.n_bins} bins, the other {other.n_bins}.",
                "Fold both with the same bins.",
            )

    def _told(self) -> str:
        return f"{self.n_bins} bins of frames of {self.frame_s:g} s"

    def normalised(self) -> Profile:
        """Over the mean rate, so that rates have mean 1; NaN where the mean is not above 0."""
        mean = self.mean_rate
        scale = 1.0 / mean if mean > 0.0 else math.nan
        return replace(self, sums=self.sums * scale, variances=self.variances * scale**2)

    def difference(self, other: Profile) -> tuple[Numbers, Numbers]:
        """Rates less those of another of as many bins, and errors, (n_bins,) each."""
        self._check_bins(other)
        return self.rate - other.rate, np.hypot(self.error, other.error)

    def ratio(self, other: Profile) -> tuple[Numbers, Numbers]:
        """Rates over those of another of as many bins, and errors; NaN where it is not above 0."""
        self._check_bins(other)
        over = ratio(self.rate, other.rate)
        return over, ratio(np.hypot(self.error, over * other.error), other.rate)

    def chi_square(self) -> ChiSquare:
        """Chi-square against the same light at all phases.

        Frames that are spread over several bins make these correlated. That is taken into account
        with the correlation that frames of evenly spread phases make; harmonics that frames wash
        out do not count as degrees of freedom.
        """
        chi2, dof = chi_square(self.sums, self.variances, self.shares, self.smear_turns)
        return ChiSquare.of(float(chi2), float(dof))

    def signal_to_noise(
        self, on: PhaseRange | None = None, off: PhaseRange | None = None
    ) -> Measured:
        """Signal-to-noise ratio, of the ranges where there are any; its `text` says how."""
        if on is None and off is None:
            return self.chi_square().signal_to_noise()
        excess = self.on_minus_off(on, off)
        snr = excess.value / excess.error if excess.error > 0.0 else math.nan
        return Measured(snr, 1.0, SNR_RANGES_TEXT)

    def on_minus_off(self, on: PhaseRange | None, off: PhaseRange | None) -> Measured:
        """Rate on the pulse less that off it, e-/s; a range not given is the rest of the other."""
        weights = on_off_weights(self.shares, on, off) / self.frame_s
        return Measured(float(weights @ self.sums), self._error_of(weights), DIFFERENCE_TEXT)

    def pulsed_fraction(
        self, on: PhaseRange | None = None, off: PhaseRange | None = None
    ) -> Measured:
        """Pulsed part of the light, above the off-pulse level where there is a range.

        Notes
        -----
        Without ranges it is sqrt(2) times `rms_fraction`. Its `text` says how it was measured.
        """
        off = on.rest if off is None and on is not None else off
        if off is not None:
            return self._fraction_above(off)
        rms = self.rms_fraction()
        return Measured(_ROOT_2 * rms.value, _ROOT_2 * rms.error, FRACTION_TEXT)

    def _fraction_above(self, off: PhaseRange) -> Measured:
        """Give 1 - off / mean, with the error of the ratio to first order."""
        mean = self.mean_rate
        if not mean > 0.0:
            return Measured(math.nan, math.nan, FRACTION_OFF_TEXT)
        level, everywhere = level_weights(self.shares, off) / self.frame_s, self._mean_weights()
        part = float(level @ self.sums) / mean
        error = self._error_of((level - part * everywhere) / mean)
        return Measured(1.0 - part, error, FRACTION_OFF_TEXT)

    def rms_fraction(self) -> Measured:
        """Standard deviation over the turn of the pulse, freed of noise, over the mean light.

        Notes
        -----
        sqrt(2 sum_k (|a_k|^2 - noise_k)) / a_0 (An et al. 2015, ApJ 807, 93), with a_k the
        harmonics of the rate before bins and frames took their part. The first 20 harmonics count,
        and more where they are seen; not those of which frames leave less than a twentieth of
        what they leave of the best.
        """
        spectrum, mean = self.spectrum(), self.mean_rate
        chosen = spectrum.summed()
        if not mean > 0.0 or not chosen.any():
            return Measured(math.nan, math.nan, RMS_TEXT)
        gain = np.where(chosen, 2.0, 0.0)
        gain[chosen] /= spectrum.passed[chosen] ** 2
        noise = gain * spectrum.noise
        power = float((gain * np.abs(spectrum.seen) ** 2 - noise).sum())
        # To first order in the noise of the harmonics and of the mean; the noise in the harmonics
        # that are put in for the true ones is taken off again.
        slopes = spectrum.bin_weights(2.0 * gain * spectrum.seen.conj()) / self.exposure_s
        first = self._error_of(slopes - 2.0 * power / mean * self._mean_weights()) ** 2
        floor = float((noise**2).sum())
        spread = math.sqrt(max(first - floor, floor)) / mean**2
        value = math.sqrt(max(power, 0.0)) / mean
        return Measured(value, root_error(value, spread), RMS_TEXT)

    def spectrum(self) -> Spectrum:
        """Harmonics of the rate; NaN where a bin has no exposure."""
        return spectrum_of(self.rate, self.error, self.smear_turns)

    def _mean_weights(self) -> Numbers:
        """What sums are multiplied by for the mean rate."""
        return ratio(np.full(self.n_bins, 1.0 / self.n_bins), self.exposure_s)

    def _error_of(self, weights: Numbers) -> float:
        return math.sqrt(float(variance_of_sum(weights, self.variances, self.smear_turns)))
