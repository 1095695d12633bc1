"""Search around a prediction, over F0 and F1."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ...engine.jobs import JobContext
from ..pulse.probability import log_with_trials
from .clumps import Clumps
from .listing import Chance, Found, candidates_of
from .peaks import Spot, peaks
from .refine import Peak, refined
from .result import SearchResult
from .trials import Trials, try_all
from .workers import Workers

if TYPE_CHECKING:
    from .grid import Grid
    from .light import SearchLight
    from .result import Prediction
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
    parts = [
        Found(statistic.name, spot.value, chance, peak)
        for spot, chance, peak in zip(spots, chances, tops, strict=True)
    ]
    return SearchResult(
        candidates=candidates_of(parts, light, prediction),
        statistic=statistic.name,
        trials=grid.trials,
        independent_trials=clumps.independent_in_noise(counts),
        frames=light.frames,
        span_s=light.span_s,
        f0_step_hz=grid.steps[0],
        f1_step_hz_s=grid.steps[1],
        oversampling=grid.oversampling(light.span_s),
        scan_hz=prediction.f0_hz + grid.f0.offsets,
        scan_value=np.asarray(trials.values.max(axis=0)),
    )


def _climb(light: SearchLight, statistic: Statistic, grid: Grid, spot: Spot) -> Peak:
    return refined([light], spot.offset_hz, spot.offset_hz_s, grid.steps, statistic.harmonics)


def _chance(
    spot: Spot, statistic: Statistic, trials: Trials, clumps: Clumps, counts: tuple[int, int]
) -> Chance:
    counted = int(trials.counted[spot.row, spot.column])
    log_once = statistic.log_probability(spot.value, counted)
    return Chance(log_once, log_with_trials(log_once, clumps.independent(counts, log_once)))
