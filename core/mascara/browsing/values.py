"""What a plot shows of a light curve: quantities against axes, flags in words, bins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ...timing.sidereal import BATCH, BATCH_D, BATCH_S, TEXP_S
from ..photometry.flags import OUTSIDE, LpFlag
from ..products.rows import FLUX_UNIT, apertures_of, unit_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from .curve import Curve

    Numbers = NDArray[np.float64]

Quantity = Literal[
    "flux", "normalised", "magnitude", "sky", "esky", "peak", "x", "y", "alt", "ccdtemp", "ratio"
]
Axis = Literal["utc", "jd", "lst", "slot", "phase"]

QUANTITIES: dict[Quantity, str] = {
    "flux": "Flux",
    "normalised": "Flux over its median",
    "magnitude": "Instrumental magnitude",
    "ratio": "Smallest over largest aperture",
    "sky": "Sky",
    "esky": "Scatter of the sky",
    "peak": "Peak",
    "x": "x",
    "y": "y",
    "alt": "Altitude",
    "ccdtemp": "CCD temperature",
}
"""What can be shown, with its name for people; the first three are of one aperture."""
OF_APERTURES = frozenset({"flux", "normalised", "magnitude"})
AXES: dict[Axis, str] = {
    "utc": "UTC", "jd": "JD (UTC)", "lst": "LST", "slot": "LST sequence", "phase": "Phase"
}  # fmt: skip
"""Against what, with its name for people."""
BATCH_WIDTH: dict[Axis, float] = {
    "utc": BATCH_S / 3600.0, "jd": BATCH_D,
    "lst": BATCH * TEXP_S / 3600.0, "slot": float(BATCH), "phase": 0.01,
}  # fmt: skip
"""A useful width of bins on each axis: a batch, or a hundredth of a turn."""

_ZERO_POINT_MAG = 25.0
_MAG_PER_PART = 2.5 / np.log(10.0)
_MEDIAN_NOISE = float(np.sqrt(np.pi / 2.0))
_WORDS = {
    LpFlag.SATURATED: "saturated",
    LpFlag.SKY_SATURATED: "saturated pixel in the sky",
    LpFlag.MOON: "near the Moon",
    LpFlag.ASTROMETRY: "position not trustworthy",
    LpFlag.SKY_NEGATIVE: "sky negative or unknown",
    LpFlag.NEGATIVE: "negative flux",
    LpFlag.NOT_FINITE: "not a number",
}


@dataclass(frozen=True, eq=False)
class Series:
    """Values of each point of a curve.

    Attributes
    ----------
    values, errors : ndarray of float64, shape (n,)
        NaN where there is none; errors are one standard deviation.
    label : str
        For people, without the unit.
    unit : str
        Empty for plain numbers.
    """

    values: Numbers
    errors: Numbers
    label: str
    unit: str


@dataclass(frozen=True, eq=False)
class Bins:
    """Means or medians of points that are near on an axis.

    Attributes
    ----------
    axis, values, errors : ndarray of float64, shape (k,)
        Mean place, value, and its error from the scatter in the bin; NaN for a single point.
    camera : ndarray of uint8
        As in the curve: cameras are not mixed.
    counts : ndarray of int32
        Points in each.
    """

    axis: Numbers
    values: Numbers
    errors: Numbers
    camera: NDArray[np.uint8]
    counts: NDArray[np.int32]


def apertures(curve: Curve) -> int:
    """How many apertures a curve has."""
    return apertures_of(curve.points.dtype.names or ())


def is_flagged(curve: Curve) -> NDArray[np.bool_]:
    """Which points have a flag."""
    return np.asarray(curve.points["flag"] != 0)


def series(curve: Curve, what: Quantity, aperture: int = -1) -> Series:
    """Values of a quantity.

    Parameters
    ----------
    curve : Curve
    what : str
        A key of `QUANTITIES`.
    aperture : int
        Which one, from 0; negative ones count from the largest. Only of use for
        `OF_APERTURES`.
    """
    points, label = curve.points, QUANTITIES[what]
    count = apertures(curve)
    if what in OF_APERTURES:
        place = aperture % max(count, 1)
        return _of_aperture(curve, what, f"flux{place}", label)
    if what == "ratio":
        return _ratio(points, count, label)
    values = points[what].astype(np.float64)
    return Series(values, np.full(len(values), np.nan), label, unit_of(what))


def _of_aperture(curve: Curve, what: str, name: str, label: str) -> Series:
    flux = curve.points[name].astype(np.float64)
    errors = curve.points[f"e{name}"].astype(np.float64)
    if what == "normalised":
        median = _medians(curve, flux)
        return Series(flux / median, errors / median, label, "")
    if what == "magnitude":
        positive = np.where(flux > 0.0, flux, np.nan)
        values = _ZERO_POINT_MAG - 2.5 * np.log10(positive)
        return Series(values, _MAG_PER_PART * errors / positive, label, "mag")
    return Series(flux, errors, label, FLUX_UNIT)


def _medians(curve: Curve, flux: Numbers) -> Numbers:
    """Median of the flux in the camera of each point, of unflagged ones where there are some."""
    medians = np.full(len(flux), np.nan)
    is_usable = np.isfinite(flux)
    for place in range(len(curve.cameras)):
        own = curve.camera == place
        good = own & is_usable & ~is_flagged(curve)
        chosen = good if good.any() else own & is_usable
        median = float(np.median(flux[chosen])) if chosen.any() else np.nan
        medians[own] = median if median > 0.0 else np.nan
    return medians


def _ratio(points: NDArray[np.void], count: int, label: str) -> Series:
    small, large = (
        points["flux0"],
        np.where(points[f"flux{count - 1}"] > 0.0, points[f"flux{count - 1}"], np.nan),
    )
    return Series(small / large, np.full(len(points), np.nan), label, "")


def axis_values(
    curve: Curve, axis: Axis, period_d: float = np.nan, epoch_jd: float = np.nan
) -> Numbers:
    """Where the points are on an axis.

    Parameters
    ----------
    curve : Curve
    axis : {"utc", "jd", "lst", "slot", "phase"}
        Hours of UTC since the midnight before the night's first noon, so that 26 is two in the
        morning; Julian date of mid-exposure; hours of sidereal time, counted on after 24; number
        of the slot; phase from 0 to below 1.
    period_d : float
        For the phase, days.
    epoch_jd : float
        Where the phase is 0; NaN: at the first point.
    """
    points = curve.points
    jd = points["jdmid"].astype(np.float64)
    if not len(points) or axis == "jd":
        return jd
    if axis == "slot":
        return np.asarray(points["lstseq"].astype(np.float64))
    if axis == "utc":
        return np.asarray((jd - midnight_jd(curve)) * 24.0)
    if axis == "lst":
        first = float(points["lst"][np.argmin(jd)])
        return np.asarray(first + (points["lst"] - first) % 24.0)
    return phase(jd, period_d, epoch_jd if np.isfinite(epoch_jd) else float(jd.min()))


def midnight_jd(curve: Curve) -> float:
    """Julian date of 0h UTC before the noon that began the night; hours are counted from it."""
    return float(np.floor(curve.points["jdmid"].min()) - 0.5) if len(curve) else 0.0


def phase(jd: ArrayLike, period_d: float, epoch_jd: float) -> Numbers:
    """Phase from 0 to below 1; NaN without a positive period."""
    if not period_d > 0.0:
        return np.full(np.shape(jd), np.nan)
    turns = (np.asarray(jd, np.float64) - epoch_jd) / period_d
    return np.asarray(turns - np.floor(turns))


def flag_words(flag: int) -> str:
    """What is wrong with a point, in words; empty for a good one."""
    if flag == OUTSIDE:
        return "too close to the edge"
    known = [words for bit, words in _WORDS.items() if flag & bit]
    return ", ".join(known) or (f"flag {flag}" if flag else "")


def binned(
    curve: Curve, axis: ArrayLike, values: ArrayLike, width: float, how: str = "median"
) -> Bins:
    """Bring the unflagged points of each camera together in bins.

    Parameters
    ----------
    curve : Curve
    axis, values : array_like of float, shape (n,)
        Of its points, as of `axis_values` and `series`.
    width : float
        Of a bin in units of the axis; bins begin at its multiples.
    how : {"median", "mean"}
    """
    places, numbers = np.asarray(axis, np.float64), np.asarray(values, np.float64)
    good = ~is_flagged(curve) & np.isfinite(places) & np.isfinite(numbers)
    places, numbers, camera = places[good], numbers[good], curve.camera[good]
    which = np.floor(places / width)
    # By value within a bin, so that its middle ones are the median.
    order = np.lexsort((numbers, which, camera))
    places, numbers, camera, which = places[order], numbers[order], camera[order], which[order]
    is_first = np.ones(len(order), bool)
    is_first[1:] = (which[1:] != which[:-1]) | (camera[1:] != camera[:-1])
    starts = np.flatnonzero(is_first)
    return _bins(places, numbers, camera, starts, how)


def _bins(
    places: Numbers, numbers: Numbers, camera: NDArray[Any], starts: NDArray[np.intp], how: str
) -> Bins:
    counts = np.diff(np.append(starts, len(places))).astype(np.int32)
    if not len(starts):
        nothing = np.zeros(0)
        return Bins(nothing, nothing, nothing, camera, counts)
    means = np.add.reduceat(numbers, starts) / counts
    deviations = np.add.reduceat((numbers - np.repeat(means, counts)) ** 2, starts)
    errors = np.sqrt(deviations / np.where(counts > 1, counts - 1, np.nan) / counts)
    if how == "median":
        middle = (numbers[starts + (counts - 1) // 2] + numbers[starts + counts // 2]) / 2.0
        means, errors = middle, errors * _MEDIAN_NOISE
    centres = np.add.reduceat(places - places[0], starts) / counts + places[0]
    return Bins(centres, means, errors, camera[starts].astype(np.uint8), counts)
