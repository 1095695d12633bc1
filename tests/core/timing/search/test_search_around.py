"""Pulsars that were put in come out: their frequency, its error, and one candidate each."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.engine.jobs import CancelToken, JobContext, Progress
from nightglass.core.errors import Cancelled
from nightglass.core.timing.pulse.moments import moments_of
from nightglass.core.timing.search.around import search_around
from nightglass.core.timing.search.grid import Extent
from nightglass.core.timing.search.light import SearchLight
from nightglass.core.timing.search.listing import Relations
from nightglass.core.timing.search.result import Prediction, SearchResult
from nightglass.core.timing.search.statistic import Statistic

from .lights import light, pulse, times

if TYPE_CHECKING:
    from collections.abc import Callable

F_HZ = 29.946
NEAR = Extent(span=6.0, is_in_turns=True)
BOTH = Extent(span=5.0, is_in_turns=True, f1_span=6.0, f1_is_in_turns=True)
STATISTICS = [Statistic("z2", 2), Statistic("h", 20), Statistic("ef", 8, 16)]
NAMES = [one.kind for one in STATISTICS]


def search(
    some: SearchLight, statistic: Statistic, extent: Extent = NEAR, predicted_hz: float = F_HZ,
    **options: object,
) -> SearchResult:  # fmt: skip
    grid = extent.grid(some.span_s, statistic.harmonics, predicted_hz)
    return search_around(some, Prediction(predicted_hz), statistic, grid, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("statistic", STATISTICS, ids=NAMES)
def test_a_pulsar_beside_the_prediction_is_found(statistic: Statistic) -> None:
    some = light(3, f_hz=F_HZ + 0.137, height=0.25)
    made = search(some, statistic)
    best = made.candidates[0]
    assert best.sigma > 5.0
    assert best.f0_hz == pytest.approx(F_HZ + 0.137, abs=4.0 * best.f0_error_hz)
    assert best.offset_hz == pytest.approx(0.137, abs=4.0 * best.f0_error_hz)
    assert 0.0 < best.f0_error_hz < 0.1 / some.span_s
    assert (best.f1_hz_s, best.harmonic_of) == (0.0, 0)
    assert np.isnan(best.f1_error_hz_s)
    assert made.frames == 10_000
    assert made.span_s == pytest.approx(10.0)
    assert made.independent_trials < made.trials


def test_a_drift_is_found_with_the_frequency() -> None:
    some = light(4, f_hz=F_HZ - 0.2, f1_hz_s=0.031, height=0.4)
    best = search(some, Statistic("z2", 2), BOTH).candidates[0]
    assert best.f0_hz == pytest.approx(F_HZ - 0.2, abs=4.0 * best.f0_error_hz)
    assert best.f1_hz_s == pytest.approx(0.031, abs=4.0 * best.f1_error_hz_s)
    assert best.f1_error_hz_s < 0.2 / some.span_s**2


def test_f0_and_f1_are_those_at_the_epoch_of_the_prediction() -> None:
    some = light(4, f_hz=F_HZ - 0.2, f1_hz_s=0.031, height=0.4)
    grid = BOTH.grid(some.span_s, 2, F_HZ)
    here, far = (
        search_around(some, Prediction(F_HZ, 1e-5, since_s), Statistic("z2", 2), grid, top=1)
        for since_s in (0.0, 100.0)
    )
    one, other = here.candidates[0], far.candidates[0]
    assert other.f1_hz_s == one.f1_hz_s == one.offset_hz_s + 1e-5
    assert other.f0_hz == pytest.approx(one.f0_hz - 100.0 * one.offset_hz_s, rel=1e-12)


def pulls(statistic: Statistic, extent: Extent, seeds: int, f1_hz_s: float = 0.0) -> np.ndarray:
    made = []
    for seed in range(seeds):
        some = light(seed, f_hz=F_HZ + 0.053, f1_hz_s=f1_hz_s, height=0.25)
        best = search(some, statistic, extent, top=1, threads=1).candidates[0]
        f1_pull = (best.f1_hz_s - f1_hz_s) / best.f1_error_hz_s
        made.append(((best.f0_hz - F_HZ - 0.053) / best.f0_error_hz, f1_pull))
    return np.array(made)


def test_frequencies_are_unbiased_and_errors_right() -> None:
    found = pulls(Statistic("z2", 2), Extent(span=2.0, is_in_turns=True), 20)[:, 0]
    assert abs(found.mean()) < 0.8
    assert 0.6 < found.std() < 1.5


@pytest.mark.slow
@pytest.mark.parametrize("statistic", STATISTICS, ids=NAMES)
def test_many_frequencies_are_unbiased_and_errors_right(statistic: Statistic) -> None:
    found = pulls(statistic, Extent(span=2.0, is_in_turns=True), 50)[:, 0]
    assert abs(found.mean()) < 0.35
    assert 0.8 < found.std() < 1.3


@pytest.mark.slow
def test_many_drifts_are_unbiased_and_errors_right() -> None:
    extent = Extent(span=2.0, is_in_turns=True, f1_span=6.0, f1_is_in_turns=True)
    found = pulls(Statistic("z2", 2), extent, 50, f1_hz_s=0.02)
    assert np.abs(found.mean(axis=0)).max() < 0.35
    assert 0.7 < found.std(axis=0).min() <= found.std(axis=0).max() < 1.4


@pytest.mark.parametrize("statistic", [*STATISTICS[::2], Statistic("h", 5)], ids=["z2", "ef", "h"])
def test_threads_do_not_change_the_result(statistic: Statistic) -> None:
    some = light(5, 3000, height=0.1)
    extent = Extent(span=2.0, is_in_turns=True, f1_span=0.5, f1_is_in_turns=True)
    one, three = (search(some, statistic, extent, threads=threads) for threads in (1, 3))
    assert str(one.candidates) == str(three.candidates)
    np.testing.assert_array_equal(one.scan_value, three.scan_value)


def test_the_value_is_that_of_the_fold_at_its_trial() -> None:
    some = light(6, height=0.3)
    made = search(some, Statistic("h", 20), Extent(trials=1))
    moments = moments_of(some.turns, some.values, np.zeros(some.frames))
    assert made.candidates[0].value == pytest.approx(moments.h_test().h, rel=1e-6)


def test_a_strong_pulsar_is_one_candidate_with_all_its_side_lobes() -> None:
    some = light(7, f_hz=F_HZ, height=3.0)
    made = search(some, Statistic("z2", 1), Extent(span=30.0, is_in_turns=True))
    assert made.candidates[0].value > 2000.0
    assert all(one.sigma < 3.0 for one in made.candidates[1:])


def test_two_pulsars_are_two_candidates() -> None:
    t = times(20_000)
    rate = 20.0 * (1.0 + 0.3 * pulse(30.0 * t) + 0.25 * pulse(30.31 * t + 0.3))
    counts = np.random.default_rng(8).poisson(rate)
    some = SearchLight.of(counts, t, interval_s=1e-3).turned(30.0, 0.0)
    made = search(some, Statistic("z2", 2), Extent(span=0.5), predicted_hz=30.0)
    found = sorted(one.f0_hz for one in made.candidates if one.sigma > 4.0)
    np.testing.assert_allclose(found, [30.0, 30.31], atol=0.005)


def test_candidates_are_ranked_and_as_many_as_asked() -> None:
    made = search(light(9), Statistic("z2", 4), Extent(span=20.0, is_in_turns=True), top=7)
    once = [one.probability_once for one in made.candidates]
    assert len(once) == 7
    assert once == sorted(once)
    assert all(0.0 <= one.probability <= 1.0 and one.sigma >= 0.0 for one in made.candidates)


def test_the_scan_is_the_best_of_all_derivatives() -> None:
    made = search(light(10), Statistic("z2", 2), BOTH)
    assert made.scan_value.max() == made.candidates[0].value
    assert made.scan_hz.size == made.scan_value.size
    assert made.scan_hz[made.scan_hz.size // 2] == F_HZ


def every_progress(
    tell: Callable[[Progress], None], token: CancelToken | None = None
) -> JobContext:
    """A context that passes on all it is told, however quick the search is."""
    clock = map(float, count())
    return JobContext(token, tell, clock=lambda: next(clock))


def test_progress_is_told_to_the_end() -> None:
    told: list[Progress] = []
    ctx = every_progress(told.append)
    made = search(light(11, 4000), Statistic("ef", 16, 32), Extent(trials=3000), ctx=ctx)
    assert [one.done for one in told if one.done] == sorted(one.done for one in told if one.done)
    assert told[-1].done == told[-1].total == made.trials == 3000


@pytest.mark.parametrize("statistic", STATISTICS, ids=NAMES)
def test_a_cancel_stops_the_search(statistic: Statistic) -> None:
    token, told = CancelToken(), list[int]()

    def stop(progress: Progress) -> None:
        if progress.done > 0:
            told.append(progress.done)
            token.cancel()

    with pytest.raises(Cancelled):
        search(light(11, 4000), statistic, BOTH, ctx=every_progress(stop, token))
    assert len(told) == 1


def test_harmonics_are_marked() -> None:
    relations = Relations(0.05, 1e-3)
    assert relations.of(30.0) == (0, "")
    assert relations.of(60.02) == (1, "2")
    assert relations.of(15.0) == (1, "1/2")
    assert relations.of(45.0) == (1, "3/2")
    assert relations.of(47.0) == (0, "")
    assert relations.of(94.0) == (5, "2")
    assert relations.of(480.0) == (1, "16")
    assert relations.of(490.0) == (1, "17 (alias)")
    assert relations.count == {0: 2, 1: 5, 5: 1}
