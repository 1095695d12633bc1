"""Search around a prediction, over F0 and F1."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...engine.jobs import JobContext
from ..pulse.probability import log_with_trials, sigma_of_log
from .clumps import Clumps
from .peaks import Spot, harmonic_of, peaks
from .refine import Peak, refined
from .result import Candidate, Prediction, SearchResult
from .trials import Trials, try_all
from .workers import Workers

if TYPE_CHECKING:
    from .grid import Grid
    from .light import SearchLight
    from .statistic import Statistic

USUAL_TOP = 10


def search_around(
    light: SearchLight,
    prediction: Prediction,
    statistic: Statistic,
    grid: Grid,
    *,
    top: int = USUAL_TOP,
    ctx: JobContext | None = None,
    threads: int | None = None,
) -> SearchResult:
    """Try every F0 and F1 of a grid.

    Parameters
    ----------
    light : SearchLight
        With the turns that the prediction gives.
    prediction : Prediction
    statistic : Statistic
    grid : Grid
        Offsets from the prediction at the mean time of the frames.
    top : int
        Candidates to be listed.
    ctx : JobContext or None
        Told of the progress; checked.
    threads : int or None
        None takes one for each processor; the result does not depend on it.

    Returns
    -------
    SearchResult

    Raises
    ------
    Cancelled
        If the job was cancelled.
    """
    with Workers(ctx or JobContext(), grid.trials, threads) as workers:
        trials = try_all(light, statistic, grid, workers)
        clumps = Clumps.of(light, statistic, grid)
        spots = peaks(trials.values, grid, light, statistic, top)
        climb = partial(_climb, light, statistic, grid)
        tops = [peak for _, peak in workers.each(climb, spots)]
    counts = grid.f0.count, grid.f1.count
    chances = [_chance(spot, statistic, trials, clumps, counts) for spot in spots]
    near = [light.frequency_hz + peak.offset_hz for peak in tops]
    candidates = []
    for number, (spot, peak, chance) in enumerate(zip(spots, tops, chances, strict=True)):
        stronger = harmonic_of(near[number], near[:number], 1.0 / light.span_s, light.interval_s)
        candidates.append(_candidate(spot, peak, chance, stronger, prediction, statistic.name))
    return SearchResult(
        candidates=tuple(candidates),
        statistic=statistic.name,
        trials=grid.trials,
        independent_trials=chances[0].independent,
        frames=light.frames,
        span_s=light.span_s,
        f0_step_hz=grid.f0.step,
        f1_step_hz_s=grid.f1.step if grid.f1.count > 1 else 0.0,
        oversampling=grid.oversampling(light.span_s),
        scan_hz=prediction.f0_hz + grid.f0.offsets,
        scan_value=np.asarray(trials.values.max(axis=0)),
    )


def _climb(light: SearchLight, statistic: Statistic, grid: Grid, spot: Spot) -> Peak:
    steps = grid.f0.step, grid.f1.step if grid.f1.count > 1 else 0.0
    return refined([light], spot.offset_hz, spot.offset_hz_s, steps, statistic.harmonics)


class _Chance(NamedTuple):
    """Natural logarithms of the probabilities in one trial and in all, and the trials that count."""

    log_once: float
    log_probability: float
    independent: float


def _chance(
    spot: Spot, statistic: Statistic, trials: Trials, clumps: Clumps, counts: tuple[int, int]
) -> _Chance:
    counted = int(trials.counted[spot.row, spot.column])
    log_once = statistic.log_probability(spot.value, counted)
    independent = clumps.independent(counts, log_once)
    return _Chance(log_once, log_with_trials(log_once, independent), independent)


def _candidate(
    spot: Spot, peak: Peak, chance: _Chance, stronger: tuple[int, str], prediction: Prediction,
    name: str,
) -> Candidate:  # fmt: skip
    f0_hz, f1_hz_s = prediction.changed(peak.offset_hz, peak.offset_hz_s)
    return Candidate(
        f0_hz=f0_hz,
        f1_hz_s=f1_hz_s,
        f0_error_hz=peak.f0_error_hz,
        f1_error_hz_s=peak.f1_error_hz_s,
        offset_hz=peak.offset_hz,
        offset_hz_s=peak.offset_hz_s,
        statistic=name,
        value=spot.value,
        probability_once=math.exp(chance.log_once),
        probability=math.exp(chance.log_probability),
        sigma=sigma_of_log(chance.log_probability),
        harmonics=peak.harmonics,
        harmonic_of=stronger[0],
        ratio=stronger[1],
    )
