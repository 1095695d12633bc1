"""Measure a star: a Gaussian or Moffat profile on a level background, by least squares."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ...errors import NightglassError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

Profile = Literal["gaussian", "moffat"]
PROFILES: tuple[Profile, ...] = ("gaussian", "moffat")
_FOUR_LN_2 = 4.0 * math.log(2.0)
# Slopes of a Moffat profile: nothing is finite at 1, and at 50 it is a Gaussian to the eye.
_LEAST_SLOPE, _FIRST_SLOPE, _MOST_SLOPE = 1.05, 3.0, 50.0
_SPARE_PIXELS = 3


@dataclass(frozen=True)
class StarFit:
    """A star in an image.

    Attributes
    ----------
    profile : str
        "gaussian" or "moffat".
    x, y : float
        Centre in 1-based image coordinates, as DS9 shows them.
    major_px, minor_px : float
        Full widths at half maximum along the long and the short axis.
    angle_deg : float
        Of the long axis, anticlockwise from +x, 0 to 180.
    slope : float
        Exponent of the Moffat profile; NaN for a Gaussian.
    amplitude : float
        Height above the background.
    background : float
        Per pixel.
    flux : float
        Whole volume of the profile.
    errors : dict of str to float
        Standard deviations of all these under their names; NaN where the fit tells nothing.
    reduced_chi2 : float
        With errors of the pixels; NaN without, where errors follow from the scatter.
    pixels : int
        Pixels that took part.
    """

    profile: Profile
    x: float
    y: float
    major_px: float
    minor_px: float
    angle_deg: float
    slope: float
    amplitude: float
    background: float
    flux: float
    errors: dict[str, float] = field(default_factory=dict)
    reduced_chi2: float = math.nan
    pixels: int = 0


def profile_of(profile: Profile, squared: Numbers, slope: float) -> Numbers:
    """Give a profile of height 1 where the distance in units of its full width is known squared."""
    if profile == "gaussian":
        return np.exp(-_FOUR_LN_2 * squared)
    core = 2.0 ** (1.0 / slope) - 1.0
    return np.asarray((1.0 + 4.0 * core * squared) ** -slope, np.float64)


def volume_of(profile: Profile, major_px: float, minor_px: float, slope: float) -> float:
    """Give the integral of a profile of height 1, in pixels."""
    if profile == "gaussian":
        return math.pi / _FOUR_LN_2 * major_px * minor_px
    core = 2.0 ** (1.0 / slope) - 1.0
    return float(math.pi * major_px * minor_px / (4.0 * core * (slope - 1.0)))


def fit_star(
    data: Numbers,
    mask: NDArray[np.bool_],
    *,
    error: Numbers | None = None,
    profile: Profile = "moffat",
) -> StarFit:
    """Fit the star in a region of an image.

    Parameters
    ----------
    data : ndarray, shape (rows, columns)
        The image; pixels that are NaN do not take part.
    mask : ndarray of bool, shape (rows, columns)
        The region.
    error : ndarray or None
        Standard deviations of the pixels; None, or nowhere a number above zero, weighs all alike.
    profile : str
        "gaussian" or "moffat".

    Raises
    ------
    NightglassError
        If there are too few pixels, no star among them, or no fit is found.
    """
    rows, columns = np.nonzero(mask & np.isfinite(data))
    values = data[rows, columns]
    sigma = None if error is None else error[rows, columns]
    if sigma is not None and not (np.isfinite(sigma) & (sigma > 0.0)).any():
        sigma = None
    if sigma is not None:
        usable = np.isfinite(sigma) & (sigma > 0.0)
        rows, columns, values, sigma = rows[usable], columns[usable], values[usable], sigma[usable]
    x, y = (1.0 + index.astype(np.float64) for index in (columns, rows))
    return _Fit(profile, x, y, values, sigma).solved()


class _Fit:
    """Pixels and the profile laid through them.

    Parameters of the fit are x, y, amplitude, background, the logarithms of both widths, the
    angle in radians and, of a Moffat profile, the slope.
    """

    def __init__(
        self, profile: Profile, x: Numbers, y: Numbers, values: Numbers, sigma: Numbers | None
    ) -> None:
        self.profile, self.x, self.y, self.values = profile, x, y, values
        self.weight = np.ones(values.shape) if sigma is None else 1.0 / sigma
        self.has_errors = sigma is not None
        self.n_parameters = 8 if profile == "moffat" else 7
        if values.size < self.n_parameters + _SPARE_PIXELS:
            raise _no_fit(f"the region holds {values.size} pixels with a value")

    def model(self, p: Numbers) -> Numbers:
        cosine, sine = math.cos(p[6]), math.sin(p[6])
        dx, dy = self.x - p[0], self.y - p[1]
        along = (dx * cosine + dy * sine) / math.exp(p[4])
        across = (dy * cosine - dx * sine) / math.exp(p[5])
        slope = p[7] if self.profile == "moffat" else math.nan
        shape = profile_of(self.profile, along**2 + across**2, slope)
        return np.asarray(p[3] + p[2] * shape, np.float64)

    def misfit(self, p: Numbers) -> Numbers:
        return np.asarray((self.model(p) - self.values) * self.weight, np.float64)

    def start(self) -> Numbers:
        """Guess from the moments of what stands out of the background."""
        background = float(np.percentile(self.values, 25.0))
        light = np.maximum(self.values - background, 0.0)
        # What is below a fifth of the peak is background as a rule, and far out.
        light[light < 0.2 * light.max(initial=0.0)] = 0.0
        total = light.sum()
        if not total > 0.0:
            raise _no_fit("no pixel is brighter than the others")
        x, y = (light * self.x).sum() / total, (light * self.y).sum() / total
        spread = ((light * ((self.x - x) ** 2 + (self.y - y) ** 2)).sum() / total) / 2.0
        width = math.log(max(2.355 * math.sqrt(spread), 1.0))
        guess = [x, y, light.max(), background, width + 0.05, width - 0.05, 0.3]
        return np.array(guess + [_FIRST_SLOPE] * (self.profile == "moffat"))

    def bounds(self) -> tuple[Numbers, Numbers]:
        reach = max(np.ptp(self.x), np.ptp(self.y)) + 1.0
        low = [self.x.min() - 1.0, self.y.min() - 1.0, 0.0, -np.inf, -1.5, -1.5, -np.inf]
        wide = math.log(4.0 * reach)
        high = [self.x.max() + 1.0, self.y.max() + 1.0, np.inf, np.inf, wide, wide, np.inf]
        if self.profile == "moffat":
            low, high = [*low, _LEAST_SLOPE], [*high, _MOST_SLOPE]
        return np.array(low), np.array(high)

    def solved(self) -> StarFit:
        from scipy.optimize import least_squares

        low, high = self.bounds()
        first = np.clip(self.start(), low + 1e-6, high - 1e-6)
        scale = np.maximum(np.abs(first), 1e-3)
        scale[[0, 1, 4, 5, 6]] = 1.0
        made = least_squares(self.misfit, first, bounds=(low, high), x_scale=scale, max_nfev=400)
        if not made.success or not np.isfinite(made.x).all():
            raise _no_fit("the fit did not settle")
        return self._told(made)

    def _told(self, made: Any) -> StarFit:
        p = made.x
        slope = float(p[7]) if self.profile == "moffat" else math.nan
        swapped = p[5] > p[4]
        major, minor = (math.exp(p[5 if swapped else 4]), math.exp(p[4 if swapped else 5]))
        angle = math.degrees(p[6]) + (90.0 if swapped else 0.0)
        freedom = self.values.size - self.n_parameters
        chi2 = 2.0 * float(made.cost) / freedom
        covariance = np.linalg.pinv(made.jac.T @ made.jac)
        if not self.has_errors:
            covariance *= chi2
        return StarFit(
            self.profile, float(p[0]), float(p[1]), major, minor, angle % 180.0 % 180.0, slope,
            float(p[2]), float(p[3]),
            float(p[2]) * volume_of(self.profile, major, minor, slope),
            self._errors(p, covariance, swapped),
            chi2 if self.has_errors else math.nan, self.values.size,
        )  # fmt: skip

    def _errors(self, p: Numbers, covariance: Numbers, swapped: bool) -> dict[str, float]:
        deviation = np.sqrt(np.maximum(np.diag(covariance), 0.0))
        widths = deviation[4] * math.exp(p[4]), deviation[5] * math.exp(p[5])
        gradient = self._flux_gradient(p)
        return {
            "x": float(deviation[0]), "y": float(deviation[1]),
            "amplitude": float(deviation[2]), "background": float(deviation[3]),
            "major_px": float(widths[1 if swapped else 0]),
            "minor_px": float(widths[0 if swapped else 1]),
            "angle_deg": min(math.degrees(float(deviation[6])), 90.0),
            "slope": float(deviation[7]) if self.profile == "moffat" else math.nan,
            "flux": math.sqrt(max(float(gradient @ covariance @ gradient), 0.0)),
        }  # fmt: skip

    def _flux_gradient(self, p: Numbers) -> Numbers:
        """Derivatives of the flux; in the slope by a difference."""
        slope = float(p[7]) if self.profile == "moffat" else math.nan
        widths = math.exp(p[4]), math.exp(p[5])
        volume = volume_of(self.profile, *widths, slope)
        gradient = np.zeros(self.n_parameters)
        gradient[2] = volume
        gradient[4] = gradient[5] = p[2] * volume
        if self.profile == "moffat":
            step = 1e-5
            change = volume_of("moffat", *widths, slope + step) - volume
            gradient[7] = p[2] * change / step
        return gradient


def _no_fit(why: str) -> NightglassError:
    return NightglassError(
        "Could not measure the star", f"There is no fit: {why}.",
        "Draw the circle around one star, with some sky in it.",
    )  # fmt: skip
