"""A known pulse put into the light of the sky and measured again by the same code as the fold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError
from ...timing.pulse.profile import Profile

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]

PEAK = 0.5
"""Phase of the maximum of the sinusoid, turns."""

# Frames that leave less than a millionth of the amplitude show nothing but rounding.
_LEAST_POWER = 1e-12


@dataclass(frozen=True, eq=False)
class SelfCheck:
    """What came out of a known pulse.

    Attributes
    ----------
    injected : float
        Mean light of the pulse, electrons per second.
    recovered, error : float
        As measured, with its standard deviation.
    profile : Profile
        Of the sky with the pulse.
    expected : ndarray of float64, shape (n_bins,)
        Rate of the pulse in each bin without noise, e-/s.
    """

    injected: float
    recovered: float
    error: float
    profile: Profile
    expected: Numbers

    @property
    def pull(self) -> float:
        """Deviation over its error: of mean 0 and scatter 1 where all is well."""
        return (self.recovered - self.injected) / self.error

    @property
    def text(self) -> str:
        """The outcome as a sentence."""
        return (
            f"Injected {self.injected:.4g} e⁻/s, recovered {self.recovered:.4g} "
            f"± {self.error:.2g} e⁻/s ({self.pull:+.1f} σ)."
        )


def self_check(
    phase: Numbers,
    sky_e: Numbers,
    variances_e2: Numbers,
    rate: float,
    *,
    frame_s: float,
    smear_turns: float,
    n_bins: int,
    shape: ArrayLike | None = None,
    starts: NDArray[np.int64] | None = None,
    seed: int = 0,
) -> SelfCheck:
    """Inject a pulse into the light of the sky, fold it, and measure it.

    Each frame gets Poisson electrons of the mean ``rate frame_s s``, s being the mean of the shape
    over its exposure. Electrons are counts over the gain less the offset, so that electrons added
    to these are counts added to the frames.

    Parameters
    ----------
    phase : ndarray of float64, shape (n,)
        Of the middles of the exposures, turns. A frame with anything not finite is left out.
    sky_e, variances_e2 : ndarray of float64, shape (n,)
        Electrons of the background region in each frame, and their variances.
    rate : float
        Mean light of the pulse, electrons per second, above zero.
    frame_s : float
        Exposure of a frame, seconds.
    smear_turns : float
        Turns that a frame lasts.
    n_bins : int
        Bins of the fold.
    shape : array_like, shape (bins,), or None
        Relative light of the pulse against phase, such as a measured profile, of which the least
        is taken off; None for a sinusoid that reaches zero.
    starts : ndarray of int64, shape (pieces + 1,), or None
        Where the pieces of the fold begin, and the end; None for one piece.
    seed : int
        Of the draws.

    Returns
    -------
    SelfCheck
        Recovered by a linear fit of pulse plus constant to the rates of the bins, weighted by
        their exposure: without bias whatever the noise. The error has the correlation of bins.

    Raises
    ------
    NightglassError
        If there is no light to inject, no frame, or the shape is flat.
    """
    if not (np.isfinite(rate) and rate > 0.0):
        raise _refusal(f"a pulse of {rate} e-/s is no light", "Give electrons per second above 0.")
    shares = mean_shape(phase, smear_turns, shape)
    mean_e = np.where(np.isfinite(shares), rate * frame_s * shares, 0.0)
    drawn_e = np.random.default_rng(seed).poisson(mean_e).astype(np.float64)
    pieces = np.array([0, phase.size]) if starts is None else starts
    known = np.where(np.isfinite(sky_e) & np.isfinite(variances_e2), 0.0, np.nan)
    profile, template = (
        _folded(phase, values, spread, pieces, n_bins, smear_turns, frame_s)
        for values, spread in (
            (sky_e + drawn_e, variances_e2 + drawn_e),
            (known + rate * frame_s * shares, known),
        )
    )
    return _measured(rate, profile, template.rate)


def mean_shape(phase: Numbers, smear_turns: float, shape: ArrayLike | None = None) -> Numbers:
    """Mean of a pulse over each exposure, shape (n,); over the turn it is 1.

    Raises
    ------
    NightglassError
        If the shape is flat or not finite.
    """
    if shape is None:
        # The mean of a cosine over s turns is sin(pi s) / (pi s) of it.
        swing = np.cos(2.0 * np.pi * (phase - PEAK)) * np.sinc(smear_turns)
        return np.asarray(1.0 + swing)
    bins = _normalised(np.asarray(shape, np.float64))
    if smear_turns <= 0.0:
        turns = phase - np.floor(phase)
        place = np.minimum(np.nan_to_num(turns) * bins.size, bins.size - 1).astype(np.int64)
        return np.where(np.isfinite(phase), bins[place], np.nan)
    half = 0.5 * smear_turns
    return (_integral(bins, phase + half) - _integral(bins, phase - half)) / smear_turns


def _normalised(shape: Numbers) -> Numbers:
    above = shape - shape.min(initial=np.inf)
    mean = above.mean() if above.size else 0.0
    if not (np.isfinite(mean) and mean > 0.0):
        raise _refusal(
            "the shape to inject is flat or has a bin without exposure",
            "Choose the sinusoid, or fewer bins.",
        )
    return np.asarray(above / mean)


def _integral(bins: Numbers, phase: Numbers) -> Numbers:
    """Light from phase 0 to a phase, which may be many turns; a turn has 1."""
    edges = np.concatenate([[0.0], np.cumsum(bins) / bins.size])
    whole = np.floor(phase)
    inside = np.interp(phase - whole, np.arange(bins.size + 1) / bins.size, edges)
    return np.asarray(whole + inside)


def _folded(
    phase: Numbers, values: Numbers, variances: Numbers, starts: NDArray[np.int64], n_bins: int,
    smear_turns: float, frame_s: float,
) -> Profile:  # fmt: skip
    """Fold as `RunningFold` does: pieces, then their sum in order."""
    from ...timing.pulse.pieces import fold_pieces

    pieces = fold_pieces(phase, values, variances, starts, n_bins, smear_turns)
    sums, spread, shares = (part.sum(axis=0) for part in pieces)
    return Profile(sums, spread, shares, frame_s, smear_turns)


def _measured(rate: float, profile: Profile, expected: Numbers) -> SelfCheck:
    """Fit ``rate of a bin = level + part of the pulse expected``, weighted by exposure."""
    from ...timing.pulse.smearing import variance_of_sum

    exposure_s = profile.exposure_s
    lit = exposure_s > 0.0
    if not lit.any():
        raise _refusal("no frame of the sky is known", "Draw a background region first.")
    pulse = np.where(lit, expected, 0.0)
    pulse = np.where(lit, pulse - np.average(pulse, weights=exposure_s), 0.0)
    power = float((exposure_s * pulse**2).sum())
    if not power > _LEAST_POWER * rate**2 * float(exposure_s.sum()):
        raise _refusal("frames are too long to see the pulse", "Choose shorter exposures.")
    # Rates are sums over exposures, so that exposures cancel.
    weights = rate * pulse / power
    error = float(np.sqrt(variance_of_sum(weights, profile.variances, profile.smear_turns)))
    return SelfCheck(rate, float((weights * profile.sums).sum()), error, profile, expected)


def _refusal(text: str, hint: str) -> NightglassError:
    return NightglassError("No self-check", f"{text[0].upper()}{text[1:]}.", hint)
