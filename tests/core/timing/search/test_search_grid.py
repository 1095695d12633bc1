"""The trials of a search: how many, how far apart, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.timing.search.grid import MOST_TRIALS, Axis, Extent

T_S = 20.0


def test_steps_follow_the_highest_harmonic() -> None:
    for harmonics, oversampling in ((1, 4.0), (2, 4.0), (16, 32.0), (20, 40.0)):
        grid = Extent().grid(T_S, harmonics, 1000.0)
        assert grid.oversampling(T_S) == pytest.approx(oversampling)
        assert grid.f0.reach == pytest.approx(50.0 / T_S)
        assert grid.f1.count == 1


def test_the_prediction_is_a_trial_and_the_ends_are_as_asked() -> None:
    grid = Extent(span=0.37, f1_span=3e-3).grid(T_S, 2, 30.0)
    for axis, reach in ((grid.f0, 0.37), (grid.f1, 3e-3)):
        assert axis.offsets.min() == pytest.approx(-reach)
        assert axis.offsets.max() == pytest.approx(reach)
        assert 0.0 in axis.offsets
    assert grid.f0.step <= 0.25 / T_S
    assert grid.f1.step <= 2.0 / T_S**2
    assert grid.trials == grid.f0.count * grid.f1.count


def test_spans_may_be_parts_of_the_time_covered() -> None:
    in_turns = Extent(span=8.0, is_in_turns=True, f1_span=6.0, f1_is_in_turns=True)
    in_hz = Extent(span=8.0 / T_S, f1_span=6.0 / T_S**2)
    assert in_turns.grid(T_S, 2, 30.0) == in_hz.grid(T_S, 2, 30.0)


def test_a_number_of_trials_sets_the_steps_or_the_span() -> None:
    assert Extent(trials=1000).grid(T_S, 2, 30.0).f0 == Axis(1000, 0.25 / T_S)
    assert Extent(span=1.0, trials=401).grid(T_S, 2, 30.0).f0.step == pytest.approx(0.005)
    assert Extent(trials=1).grid(T_S, 2, 30.0).trials == 1


def test_without_a_span_half_of_the_frequency_is_left() -> None:
    assert Extent().grid(1.0, 1, 30.0).f0.reach == pytest.approx(15.0)


@pytest.mark.parametrize(
    ("extent", "why"),
    [
        (lambda: Extent(span=-1.0), "from 0 up"),
        (lambda: Extent(span=float("nan")), "from 0 up"),
        (lambda: Extent(f1_span=float("inf")), "from 0 up"),
        (lambda: Extent(trials=0), "0 trials"),
        (lambda: Extent(trials=MOST_TRIALS + 1), "trials are not between"),
        (lambda: Extent(span=2.0, trials=30).grid(T_S, 1, 30.0), "what lies between is not seen"),
        (lambda: Extent(span=25.0).grid(T_S, 1, 20.0), "down to -5 Hz"),
        (lambda: Extent(span=19.97).grid(T_S, 1, 20.0), "above 1/T"),
        (lambda: Extent(span=1.0, f1_span=1e4).grid(T_S, 20, 20.0), "are more than"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(extent: Any, why: str) -> None:
    with pytest.raises(NightglassError, match=why):
        extent()
