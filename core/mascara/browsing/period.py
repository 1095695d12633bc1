"""Periods in a light curve: sine waves by Lomb-Scargle, transits by box least squares."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ...errors import NightglassError
from .values import is_flagged, series

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from .curve import Curve

    Numbers = NDArray[np.float64]

Method = Literal["sine", "transit"]

LEAST_POINTS = 21
# Steps of the frequency in what the time covered resolves; short dips are sharper than waves.
_OVERSAMPLING = {"sine": 10, "transit": 30}
_FINE_STEPS = 200
_MOST_PERIODS = 20_000
_PORTION = 500
# Of a period; a transit of a night takes some minutes to some hours.
_DURATION_PARTS = (0.02, 0.04, 0.08, 0.15)
# The shortest transits searched last for a few exposures.
_SHORTEST_SAMPLES = {"sine": 8, "transit": 200}
_TREND_ORDER = 2


@dataclass(frozen=True)
class FoundPeriod:
    """A period.

    Attributes
    ----------
    period_d, epoch_jd : float
        Phase 0 is at the maximum of a wave and in the middle of a transit.
    power : float
        Of the periodogram.
    false_alarm : float
        Probability that white noise gives as much anywhere in the range searched; for transits
        an estimate from the number of independent trials.
    amplitude : float
        Half the height of a wave or the depth of a transit, parts of the light.
    duration_d : float
        Of a transit; 0 for a wave.
    """

    period_d: float
    epoch_jd: float
    power: float
    false_alarm: float
    amplitude: float
    duration_d: float


@dataclass(frozen=True, eq=False)
class PeriodSearch:
    """What a search found.

    Attributes
    ----------
    method : {"sine", "transit"}
    found : tuple of FoundPeriod
        The highest peaks, highest first, each of another frequency.
    periods_d, power : ndarray of float64
        The whole periodogram, by period.
    points : int
        That were used.
    """

    method: Method
    found: tuple[FoundPeriod, ...]
    periods_d: Numbers
    power: Numbers
    points: int


def find_periods(
    curve: Curve,
    method: Method = "sine",
    *,
    aperture: int = -1,
    shortest_d: float = 0.0,
    longest_d: float = 0.0,
    top: int = 3,
    ctx: JobContext | None = None,
) -> PeriodSearch:
    """Search for periods in the unflagged points.

    The flux of each camera is brought to its median, and a parabola in time is taken away: what
    the altitude of the star does in a night.

    Parameters
    ----------
    curve : Curve
    method : {"sine", "transit"}
        Generalised Lomb-Scargle periodogram, or box least squares.
    aperture : int
        As for `values.series`.
    shortest_d, longest_d : float
        Range of periods; 0 for one that the points allow: from 8 samples (200 for transits) to
        the time covered (half of it for transits, which have to come twice).
    top : int
        Peaks to be listed, at most.
    ctx : JobContext or None
        Checked.

    Raises
    ------
    NightglassError
        If there are too few points, or the range is empty.
    Cancelled
        If the job was cancelled.
    """
    light = _light(curve, aperture)
    shortest_d, longest_d = _range(light, method, shortest_d, longest_d)
    frequencies = _grid(light, _OVERSAMPLING[method], shortest_d, longest_d)
    search = _Waves(light) if method == "sine" else _Transits(light)
    parts = []
    for start in range(0, len(frequencies), _PORTION):
        if ctx is not None:
            ctx.check()
        parts.append(search.power(frequencies[start : start + _PORTION]))
    power = np.concatenate(parts)
    peaks = _peaks(frequencies, power, 1.0 / light.span_d, top)
    found = [search.at(_refined(search, frequencies, peak), frequencies) for peak in peaks]
    found.sort(key=lambda one: -one.power)
    return PeriodSearch(method, tuple(found), 1.0 / frequencies[::-1], power[::-1], light.points)


@dataclass(frozen=True, eq=False)
class _Light:
    """Points without flags and trend; times from the first one on."""

    elapsed_d: Numbers
    flux: Numbers
    errors: Numbers
    start_jd: float

    @property
    def points(self) -> int:
        return len(self.flux)

    @property
    def span_d(self) -> float:
        return float(np.ptp(self.elapsed_d))


def _light(curve: Curve, aperture: int) -> _Light:
    shown = series(curve, "normalised", aperture)
    jd = curve.points["jdmid"].astype(np.float64)
    good = ~is_flagged(curve) & np.isfinite(shown.values) & (shown.errors > 0.0)
    if np.count_nonzero(good) < LEAST_POINTS or not np.ptp(jd[good]) > 0.0:
        raise NightglassError(
            "Too few points for a period",
            f"Star {curve.ascc} has {np.count_nonzero(good)} unflagged points; a search needs "
            f"{LEAST_POINTS} at different times.",
            "Choose a star with more, or wait for further batches.",
        )
    start_jd = float(jd[good].min())
    elapsed_d, flux, errors = jd[good] - start_jd, shown.values[good], shown.errors[good]
    for camera in np.unique(curve.camera[good]):
        own = curve.camera[good] == camera
        flux[own] -= _trend(elapsed_d[own], flux[own], errors[own])
    # As large as the scatter tells, where the sky or a blend adds to the noise.
    scale = math.sqrt(max(float(np.mean((flux / errors) ** 2)), 1.0))
    return _Light(elapsed_d, flux, errors * scale, start_jd)


def _trend(elapsed_d: Numbers, flux: Numbers, errors: Numbers) -> Numbers:
    """A parabola through the points of a camera, or their mean where they are few."""
    order = _TREND_ORDER if len(flux) >= LEAST_POINTS else 0
    middle, width = elapsed_d.mean(), max(float(np.ptp(elapsed_d)), 1e-9)
    x = (elapsed_d - middle) / width
    return np.asarray(np.polyval(np.polyfit(x, flux, order, w=1.0 / errors), x))


def _range(
    light: _Light, method: Method, shortest_d: float, longest_d: float
) -> tuple[float, float]:
    times = np.unique(light.elapsed_d)
    usual_d = _SHORTEST_SAMPLES[method] * float(np.median(np.diff(times)))
    longest_d = longest_d or light.span_d / (1 if method == "sine" else 2)
    shortest_d = shortest_d or min(usual_d, longest_d / 2.0)
    if not 0.0 < shortest_d < longest_d < math.inf:
        raise NightglassError(
            "No period to search",
            f"The range from {shortest_d:.6g} to {longest_d:.6g} days is empty.",
            "Give the shortest and the longest period in days, the shorter one first.",
        )
    return shortest_d, longest_d


def _grid(light: _Light, oversampling: int, shortest_d: float, longest_d: float) -> Numbers:
    """Frequencies in parts of what the time covered resolves, or wider steps if too many."""
    low, high = 1.0 / longest_d, 1.0 / shortest_d
    steps = math.ceil((high - low) * light.span_d * oversampling) + 1
    return np.linspace(low, high, min(max(steps, oversampling), _MOST_PERIODS))


class _Waves:
    """Lomb-Scargle periodogram with a floating mean."""

    def __init__(self, light: _Light) -> None:
        from astropy.timeseries import LombScargle

        self._light = light
        self._model = LombScargle(light.elapsed_d, light.flux, light.errors)

    def power(self, frequencies: Numbers) -> Numbers:
        """Part of the variance that a wave explains, from 0 to 1."""
        return np.asarray(self._model.power(frequencies, assume_regular_frequency=True))

    def at(self, frequency: float, searched: Numbers) -> FoundPeriod:
        """The wave of one frequency."""
        power = float(self._model.power(frequency))
        _, sine, cosine = self._model.model_parameters(frequency)
        turn = math.atan2(sine, cosine) / math.tau
        false_alarm = self._model.false_alarm_probability(
            power, method="baluev", minimum_frequency=float(searched[0]),
            maximum_frequency=float(searched[-1]),
        )  # fmt: skip
        return FoundPeriod(
            1.0 / frequency, self._light.start_jd + turn / frequency, power,
            _probability(float(false_alarm)), math.hypot(sine, cosine), 0.0,
        )  # fmt: skip


class _Transits:
    """Box least squares: how much better a dip explains the light than none."""

    def __init__(self, light: _Light) -> None:
        from astropy.timeseries import BoxLeastSquares

        self._light = light
        self._model = BoxLeastSquares(light.elapsed_d, light.flux, light.errors)

    def power(self, frequencies: Numbers) -> Numbers:
        """Depth over its error for the best dip of each frequency."""
        return np.asarray(self._best(frequencies).depth_snr)

    def at(self, frequency: float, searched: Numbers) -> FoundPeriod:
        """The dip of one frequency."""
        best = self._best(np.array([frequency]))
        signal, duration_d = float(best.depth_snr[0]), float(best.duration[0])
        # Dips side by side, and periods that move the last one by a whole dip.
        part = duration_d * frequency
        resolved = max((searched[-1] - searched[0]) * self._light.span_d, 1.0)
        trials = resolved / part**2 * len(_DURATION_PARTS)
        once = 0.5 * math.erfc(signal / math.sqrt(2.0))
        return FoundPeriod(
            1.0 / frequency, self._light.start_jd + float(best.transit_time[0]), signal,
            _probability(-math.expm1(trials * math.log1p(-once))), float(best.depth[0]),
            duration_d,
        )  # fmt: skip

    def _best(self, frequencies: Numbers) -> Any:
        durations_d = [part / float(frequencies[-1]) for part in _DURATION_PARTS]
        return self._model.power(1.0 / frequencies, durations_d, objective="snr")


def _refined(search: _Waves | _Transits, frequencies: Numbers, peak: int) -> float:
    """The frequency of a peak between the steps of the grid."""
    near = frequencies[max(peak - 1, 0)], frequencies[min(peak + 1, len(frequencies) - 1)]
    fine = np.linspace(*near, _FINE_STEPS)
    return float(fine[np.argmax(search.power(fine))])


def _peaks(frequencies: Numbers, power: Numbers, apart: float, top: int) -> list[int]:
    """Places of the highest local maxima that are far enough from each other."""
    padded = np.concatenate([[-np.inf], np.where(np.isfinite(power), power, -np.inf), [-np.inf]])
    is_peak = (padded[1:-1] >= padded[:-2]) & (padded[1:-1] > padded[2:])
    chosen: list[int] = []
    for place in sorted(np.flatnonzero(is_peak), key=lambda one: -power[one]):
        if all(abs(frequencies[place] - frequencies[other]) > apart for other in chosen):
            chosen.append(int(place))
        if len(chosen) == top:
            break
    return chosen


def _probability(value: float) -> float:
    return min(max(value, 0.0), 1.0)
