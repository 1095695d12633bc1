"""Time of arrival of a pulse: how far a profile is shifted against a template."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError
from .moments import sums_of_h
from .smearing import variance_of_sum

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from .profile import Profile
    from .spectrum import Spectrum

    Numbers = NDArray[np.float64]
    Complex = NDArray[np.complex128]

_LEAST_H = 16.0
_OVERSAMPLING = 16
_NOTHING = 1e-9
_START_WIDTHS = (0.02, 0.06, 0.15)


@dataclass(frozen=True)
class Toa:
    """Outcome of a match.

    Attributes
    ----------
    phase_shift : float
        Turns by which the profile is later than the template, above -0.5 and up to 0.5.
    error_turns : float
        Its standard deviation.
    scale, scale_error : float
        Pulse of the profile over that of the template.
    """

    phase_shift: float
    error_turns: float
    scale: float
    scale_error: float


@dataclass(frozen=True)
class Template:
    """A pulse, without the mean light, as a Fourier series; plain numbers.

    Attributes
    ----------
    cos, sin : tuple of float
        Rate = sum_k cos_k cos(2 pi k phase) + sin_k sin(2 pi k phase), k = 1, 2, ..., before bins
        and the length of frames took their part; e-/s, or any other unit.
    """

    cos: tuple[float, ...]
    sin: tuple[float, ...]

    def __post_init__(self) -> None:
        numbers = (*self.cos, *self.sin)
        if len(self.cos) != len(self.sin) or not all(map(math.isfinite, numbers)):
            raise _refusal("The numbers of the template do not make a Fourier series")
        if not any(numbers):
            raise _refusal("The template has no pulse")

    @property
    def harmonics(self) -> Complex:
        """Amplitudes of exp(2 pi i k phase), k = 1, 2, ..., shape (k,)."""
        return 0.5 * (np.array(self.cos) - 1j * np.array(self.sin))

    def rate(self, phase: Numbers) -> Numbers:
        """Pulse at phases in turns, any shape; its mean over the turn is 0."""
        k = np.arange(1, len(self.cos) + 1)
        angles = 2.0 * np.pi * np.multiply.outer(phase, k)
        return np.asarray(np.cos(angles) @ np.array(self.cos) + np.sin(angles) @ np.array(self.sin))

    def as_numbers(self) -> dict[str, list[float]]:
        """Lists of plain numbers, for a file."""
        return {"cos": list(self.cos), "sin": list(self.sin)}

    @classmethod
    def from_numbers(cls, numbers: Mapping[str, Any]) -> Template:
        """Take back what `as_numbers` gave.

        Raises
        ------
        NightglassError
            If it is not that.
        """
        try:
            rows = [tuple(float(number) for number in numbers[key]) for key in ("cos", "sin")]
        except (KeyError, TypeError, ValueError) as error:
            raise _refusal("The template lacks its numbers") from error
        return cls(*rows)

    @classmethod
    def of(cls, harmonics: Complex) -> Template:
        """Template of amplitudes of exp(2 pi i k phase), k = 1, 2, ..."""
        return cls(tuple((2.0 * harmonics.real).tolist()), tuple((-2.0 * harmonics.imag).tolist()))

    @classmethod
    def of_profile(cls, profile: Profile) -> Template:
        """Template of a profile, freed of noise.

        Of the harmonics that stand out (see `Spectrum.significant`) each is made smaller by the
        part of its power that noise has on average (Wiener's filter); others are left out, for
        noise in high harmonics would promise errors that are too small.

        Raises
        ------
        NightglassError
            If no harmonic stands out, or a bin has no exposure.
        """
        spectrum = _of(profile)
        kept = spectrum.significant()
        if not kept.any():
            raise _no_pulse()
        seen, noise = spectrum.seen[kept], spectrum.noise[kept]
        shown = np.zeros(spectrum.seen.size, np.complex128)
        shown[kept] = seen * (1.0 - noise / np.abs(seen) ** 2) / spectrum.passed[kept]
        return cls.of(shown)

    @classmethod
    def gaussians(cls, profile: Profile, peaks: int = 1) -> Template:
        """Template of as many Gaussian peaks as were fitted to a profile, the highest first.

        Raises
        ------
        NightglassError
            If no pulse is seen, or a bin has no exposure.
        """
        spectrum = _of(profile)
        if not np.max(sums_of_h(spectrum.powers()), initial=0.0) > _LEAST_H:
            raise _no_pulse()
        found = np.zeros(0)
        for _ in range(peaks):
            found = _fit_one_more(spectrum, found)
        return cls.of(_peaks(found, spectrum.k))


def match(profile: Profile, template: Template) -> Toa:
    """Shift and scale of a profile against a template, by least squares of their harmonics.

    Raises
    ------
    NightglassError
        If a bin of the profile has no exposure, its frames show nothing of the template, or it is
        flat.

    Notes
    -----
    Taylor 1992, Phil. Trans. R. Soc. A 341, 117, with each harmonic weighted by its noise, which
    for frames that cover several bins is not the same for all, and the template washed out as
    frames and bins do. Errors are those of the estimators to first order, from the errors of bins
    and their correlation, so that they hold where the pulse itself makes the noise uneven.
    """
    spectrum = _of(profile)
    model, weights = _model(spectrum, template)
    norm = float((weights * np.abs(model) ** 2).sum())
    if not norm > 0.0:
        raise _refusal("Frames or bins are too long to show anything of the template")
    tau = _best_shift(weights * model.conj() * spectrum.seen)
    k = spectrum.k
    match_at = weights * model.conj() * np.exp(2j * np.pi * k * tau)
    scale = float((match_at * spectrum.seen).real.sum()) / norm
    curvature = float((match_at * spectrum.seen * (2.0 * np.pi * k) ** 2).real.sum())
    if not curvature > 0.0:
        raise _refusal("The profile is flat")
    return Toa(
        0.5 - (0.5 - tau) % 1.0,
        _error(profile, spectrum, match_at * 2j * np.pi * k / curvature),
        scale,
        _error(profile, spectrum, match_at / norm),
    )


def _model(spectrum: Spectrum, template: Template) -> tuple[Complex, Numbers]:
    """Harmonics of the template as bins would show them, and weights."""
    count = min(len(template.cos), spectrum.seen.size)
    model = np.zeros(spectrum.seen.size, np.complex128)
    model[:count] = template.harmonics[:count] * spectrum.passed[:count]
    weights = np.zeros(spectrum.seen.size)
    known = spectrum.noise > _NOTHING * spectrum.noise.max(initial=0.0)
    np.divide(2.0, spectrum.noise, out=weights, where=known)
    return model, weights


def _best_shift(products: Complex) -> float:
    """Turns tau at which Re sum_k products_k exp(2 pi i k tau) is largest."""
    from scipy.optimize import brentq

    k = np.arange(1, products.size + 1)
    steps = _OVERSAMPLING * (products.size + 1)
    padded = np.zeros(steps, np.complex128)
    padded[k] = products
    tau = int(np.argmax(np.fft.ifft(padded).real)) / steps

    def slope(at: float) -> float:
        return float((products * np.exp(2j * np.pi * k * at) * 1j * k).real.sum())

    low, high = tau - 1.0 / steps, tau + 1.0 / steps
    if slope(low) > 0.0 > slope(high):
        tau = float(brentq(slope, low, high, xtol=1e-13))
    return tau


def _error(profile: Profile, spectrum: Spectrum, coefficients: Complex) -> float:
    """Standard deviation of the real part of a sum of harmonics."""
    weights = spectrum.bin_weights(coefficients) / profile.exposure_s
    return math.sqrt(float(variance_of_sum(weights, profile.variances, profile.smear_turns)))


def _of(profile: Profile) -> Spectrum:
    if not (profile.shares > 0.0).all():
        raise _refusal("A bin of the profile has no exposure")
    return profile.spectrum()


def _peaks(parameters: Numbers, k: NDArray[np.int64]) -> Complex:
    """Harmonics of Gaussian peaks wrapped round the turn: area, centre, sigma, area, ..."""
    area, centre, sigma = (parameters[i::3, None] for i in range(3))
    return np.asarray(
        (area * np.exp(-2.0 * (np.pi * k * sigma) ** 2 - 2j * np.pi * k * centre)).sum(axis=0)
    )


def _fit_one_more(spectrum: Spectrum, found: Numbers) -> Numbers:
    """Fit all peaks anew with one more where most is left."""
    from scipy.optimize import least_squares

    kept = spectrum.usable()
    k, seen, passed = spectrum.k[kept], spectrum.seen[kept], spectrum.passed[kept]
    per = np.sqrt(2.0 / spectrum.noise[kept])

    def residuals(parameters: Numbers) -> Numbers:
        left = (seen - passed * _peaks(parameters, k)) * per
        return np.concatenate([left.real, left.imag])

    rest = seen - passed * _peaks(found, k)
    fits = [
        least_squares(residuals, np.concatenate([found, _start(rest * passed, k, width)]))
        for width in _START_WIDTHS
    ]
    best = min(fits, key=lambda fit: float(fit.cost))
    return np.asarray(best.x, np.float64)


def _start(rest: Complex, k: NDArray[np.int64], width: float) -> Numbers:
    """Area, centre and width of the peak of this width that takes most of what is left."""
    shape = np.exp(-2.0 * (np.pi * k * width) ** 2)
    whole = np.zeros(int(k[-1]), np.complex128)
    whole[k - 1] = rest * shape
    centre = _best_shift(whole)
    area = (whole[k - 1] * np.exp(2j * np.pi * k * centre)).real.sum() / (shape**2).sum()
    return np.array([area, centre, width])


def _no_pulse() -> NightglassError:
    return _refusal("No pulse is seen in the profile of which the template is to be made")


def _refusal(text: str) -> NightglassError:
    return NightglassError(
        "No time of arrival",
        f"{text}.",
        "Fold more frames, or choose fewer bins or another template.",
    )
