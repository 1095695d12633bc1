"""Search without a prediction: harmonic sums of a whitened power spectrum."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...engine.jobs import JobContext
from ..pulse.probability import chi2_log_probability, log_with_trials
from .clumps import Clumps, in_noise
from .grid import Axis, Grid
from .light import refusal
from .listing import Chance, Found, Relations, candidates_of
from .nested_sums import SUMS, counted_once
from .peaks import Merging, Spot, maxima
from .refine import Peak, refined
from .result import Prediction, SearchResult
from .statistic import Statistic
from .whitening import Spectrum, spectrum_of, whitened
from .workers import Workers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .light import SearchLight

    Numbers = NDArray[np.float64]

LEAST_TURNS = 10
"""Lowest frequency where none is asked for, in 1/T."""
_CONSIDERED = 300
_MOST_RELATED = 3
_MOST_COPIES = 8
"""Averages of more spectra behave alike, as sums of many powers do."""


class Band(NamedTuple):
    """Frequencies that are searched, Hz; None for all from 10/T up to half the frame rate."""

    f_min_hz: float | None = None
    f_max_hz: float | None = None


class _Sums(NamedTuple):
    """Sums of some harmonics over the trials ``(first + j) step_hz``, j = 0, 1, ..."""

    harmonics: int
    first: int
    step_hz: float
    values: Numbers

    @property
    def grid(self) -> Grid:
        """The trials."""
        return Grid(Axis(self.values.size, self.step_hz), Axis(1, 1.0))


class _Spot(NamedTuple):
    """A trial, its harmonics and the natural logarithm of its probability."""

    log_once: float
    harmonics: int
    step_hz: float
    spot: Spot


def search_blind(
    light: SearchLight,
    band: Band | None = None,
    *,
    stretches: int = 1,
    top: int = 10,
    ctx: JobContext | None = None,
    threads: int | None = None,
) -> SearchResult:
    """Look for any period.

    The power spectrum of the light, missing frames at their mean, is averaged over equal stretches
    and divided by its running median. Of every frequency the powers of its first 1, 2, 4, 8 and
    16 harmonics are added up, as far as there are so many. No frequency is left out.

    Parameters
    ----------
    light : SearchLight
        At even intervals; its prediction is not used.
    band : Band or None
        None searches all.
    stretches : int
        Spectra averaged: 1 sees the weakest steady pulse, more of them one that drifts.
    top : int
        Candidates to be listed; of harmonics of one candidate three at most.
    ctx : JobContext or None
        Told of the progress; checked.
    threads : int or None
        None takes one for each processor; the result does not depend on it.

    Returns
    -------
    SearchResult
        Probabilities are those of all sums together.

    Raises
    ------
    NightglassError
        If there are too few frames, or no frequency in the band.
    Cancelled
        If the job was cancelled.
    """
    ctx = ctx or JobContext()
    spectrum = spectrum_of(light, stretches)
    ctx.check()
    lowest, highest = _numbers(spectrum, band or Band())
    power = whitened(spectrum, lowest)
    counts = {one: _count(one, lowest, highest, power.size) for one in SUMS}
    total = sum(counts.values())
    with Workers(ctx, total, threads) as workers:
        tried = [one for one, count in counts.items() if count]
        add = partial(_summed, power, spectrum.step_hz, lowest, highest)
        sums = [made for _, made in workers.each(add, tried, counts.__getitem__)]
        spots = _peaks(sums, spectrum, top)
        tops = [peak for _, peak in workers.each(partial(_climb, spectrum, power), spots)]
        chances = _Chances.of(sums, spectrum)
    found = [
        Found(f"sum of {one.harmonics}", one.spot.value, chances.chance(one.log_once), peak)
        for one, peak in zip(spots, tops, strict=True)
    ]
    return SearchResult(
        candidates=candidates_of(found, light.unpredicted(), Prediction(0.0)),
        statistic="harmonic sum",
        trials=total,
        independent_trials=in_noise(chances.independent, total),
        frames=light.frames,
        span_s=light.span_s,
        f0_step_hz=spectrum.step_hz,
        f1_step_hz_s=0.0,
        oversampling=1.0 / (spectrum.step_hz * spectrum.length_s),
        scan_hz=np.asarray(np.arange(lowest, highest + 1) * spectrum.step_hz, np.float64),
        scan_value=power[lowest : highest + 1],
    )


def _numbers(spectrum: Spectrum, band: Band) -> tuple[int, int]:
    """Numbers of the lowest and the highest frequency of a band in a spectrum."""
    step_hz, last = spectrum.step_hz, spectrum.power.size - 2
    f_min_hz = LEAST_TURNS / spectrum.length_s if band.f_min_hz is None else band.f_min_hz
    lowest = max(math.ceil(f_min_hz / step_hz), 2)
    highest = last if band.f_max_hz is None else min(math.floor(band.f_max_hz / step_hz), last)
    if lowest > highest:
        raise refusal(
            f"No frequency lies between {f_min_hz:.6g} Hz and the highest, "
            f"{min(band.f_max_hz or np.inf, last * step_hz):.6g} Hz",
            "Change --f-min or --f-max.",
        )
    return lowest, highest


def _count(harmonics: int, lowest: int, highest: int, size: int) -> int:
    """Trials of a sum: as many as numbers of the highest harmonic below half the frame rate."""
    return max(0, min(harmonics * highest, size - 2) - harmonics * lowest + 1)


def _summed(power: Numbers, step_hz: float, lowest: int, highest: int, harmonics: int) -> _Sums:
    """Add up harmonics of the nearest numbers; the highest harmonic goes through all numbers."""
    first = harmonics * lowest
    number = first + np.arange(_count(harmonics, lowest, highest, power.size))
    values = np.zeros(number.size)
    for k in range(1, harmonics + 1):
        values += power[(number * k + harmonics // 2) // harmonics]
    return _Sums(harmonics, first, step_hz / harmonics, values)


def _peaks(sums: list[_Sums], spectrum: Spectrum, top: int) -> list[_Spot]:
    """Give the peaks of all sums, those of one frequency merged."""
    count = len(spectrum.stretches)
    spots = [
        _Spot(
            chi2_log_probability(count * one.value, 2 * count * of.harmonics), of.harmonics,
            of.step_hz, one._replace(offset_hz=(of.first + one.column) * of.step_hz),
        )
        for of in sums for one in maxima(of.values[None], of.grid, _CONSIDERED)
    ]  # fmt: skip
    merging = {
        of.harmonics: Merging.of(spectrum.stretches[0], Statistic("z2", of.harmonics))
        for of in sums
    }
    known: list[_Spot] = []
    found: list[_Spot] = []
    relations = Relations(1.0 / spectrum.length_s, spectrum.stretches[0].interval_s)
    for one in sorted(spots):
        if len(found) == top:
            break
        if any(merging[one.harmonics].belongs(one.spot, other.spot) for other in known):
            continue
        known.append(one)
        place, _ = relations.of(one.spot.offset_hz)
        if place == 0 or relations.count[place] <= _MOST_RELATED:
            found.append(one)
    return found


def _climb(spectrum: Spectrum, power: Numbers, one: _Spot) -> Peak:
    """Climb with powers measured by the noise around the peak, not by that of all frequencies."""
    highest_hz = spectrum.power.size * spectrum.step_hz
    harmonics = max(1, min(one.harmonics, int(highest_hz / one.spot.offset_hz)))
    number = round(one.spot.offset_hz / spectrum.step_hz)
    scale = float(power[number] / spectrum.power[number])
    steps = one.step_hz, 0.0
    return refined(spectrum.stretches, one.spot.offset_hz, 0.0, steps, harmonics, scale)


@dataclass(frozen=True)
class _Chances:
    """How trials of the sums belong together.

    Attributes
    ----------
    sums : list of _Sums
    clumps : list of Clumps
        Of each sum.
    copies : int
        Spectra averaged.
    """

    sums: list[_Sums]
    clumps: list[Clumps]
    copies: int

    @classmethod
    def of(cls, sums: list[_Sums], spectrum: Spectrum) -> _Chances:
        stretch, copies = spectrum.stretches[0], min(len(spectrum.stretches), _MOST_COPIES)
        clumps = [
            Clumps.of(stretch, Statistic("z2", one.harmonics), one.grid, copies) for one in sums
        ]
        return cls(sums, clumps, copies)

    def independent(self, log_once: float) -> float:
        """Trials that count, at a level."""
        return sum(
            clumps.independent((one.values.size, 1), log_once)
            * counted_once(one.harmonics, self.copies, log_once)
            for one, clumps in zip(self.sums, self.clumps, strict=True)
        )

    def chance(self, log_once: float) -> Chance:
        """Probability of a trial."""
        return Chance(log_once, log_with_trials(log_once, self.independent(log_once)))
