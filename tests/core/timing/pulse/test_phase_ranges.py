"""Ranges of phase that may wrap."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.errors import NightglassError
from nightglass.core.timing.pulse.ranges import PhaseRange, level_weights, on_off_weights

TURNS = st.floats(-3, 3)


def test_a_range_that_ends_before_it_begins_goes_through_the_end_of_the_turn() -> None:
    chosen = PhaseRange(0.9, 0.1)
    assert chosen.width == pytest.approx(0.2)
    inside = chosen.contains([0.9, 0.95, 0.0, 0.0999, 1.05, -0.05])
    assert inside.all()
    assert not chosen.contains([0.1, 0.5, 0.8999, np.nan]).any()


def test_the_shares_of_bins_are_those_of_their_phases() -> None:
    np.testing.assert_allclose(PhaseRange(0.05, 0.2).shares(10)[:3], [0.5, 1.0, 0.0], atol=1e-12)
    wrapped = PhaseRange(0.95, 0.05).shares(10)
    np.testing.assert_allclose(wrapped, [0.5, *[0.0] * 8, 0.5], atol=1e-12)
    np.testing.assert_allclose(PhaseRange(0.42, 0.44).shares(10)[4], 0.2)
    np.testing.assert_allclose(PhaseRange(0.3, 0.3).shares(7), 1.0)


@given(TURNS, TURNS, st.integers(1, 64))
def test_shares_add_up_to_the_width_and_agree_with_what_is_inside(
    start: float, stop: float, bins: int
) -> None:
    chosen = PhaseRange(start, stop)
    shares = chosen.shares(bins)
    assert shares.sum() / bins == pytest.approx(chosen.width, abs=1e-9)
    fine = (np.arange(bins * 50) + 0.5) / (bins * 50)
    counted = chosen.contains(fine).reshape(bins, 50).mean(axis=1)
    np.testing.assert_allclose(shares, counted, atol=0.021)


@given(TURNS, TURNS)
def test_a_range_and_the_rest_make_a_turn(start: float, stop: float) -> None:
    chosen = PhaseRange(start, stop)
    assert 0.0 <= chosen.start < 1.0
    assert 0.0 <= chosen.stop < 1.0
    if chosen.start != chosen.stop:
        total = chosen.shares(16) + chosen.rest.shares(16)
        np.testing.assert_allclose(total, 1.0, atol=1e-12)


@given(TURNS, TURNS)
def test_what_is_written_is_read_back(start: float, stop: float) -> None:
    chosen = PhaseRange(start, stop)
    assert PhaseRange.parse(chosen.text) == chosen


@pytest.mark.parametrize(
    ("text", "start", "stop"),
    [
        ("0.9-0.1", 0.9, 0.1),
        (" .2 - .4 ", 0.2, 0.4),
        ("0.2..0.4", 0.2, 0.4),
        ("0.2 to 0.4", 0.2, 0.4),
        ("0.2–0.4", 0.2, 0.4),
        ("-0.1:0.1", 0.9, 0.1),
        ("0.2,0.4", 0.2, 0.4),
        ("0.2 0.4", 0.2, 0.4),
    ],
)
def test_ranges_are_read_as_people_write_them(text: str, start: float, stop: float) -> None:
    chosen = PhaseRange.parse(text)
    assert (chosen.start, chosen.stop) == (pytest.approx(start), stop)


@pytest.mark.parametrize("text", ["", "0.5", "on", "0.1-0.2-0.3", "nan-0.2", "0.1-x"])
def test_what_is_no_range_is_refused_in_words(text: str) -> None:
    with pytest.raises(NightglassError, match="two phases in turns"):
        PhaseRange.parse(text)


def test_ends_that_are_no_numbers_and_the_rest_of_a_turn_are_refused() -> None:
    with pytest.raises(NightglassError, match="not a number"):
        PhaseRange(math.inf, 0.2)
    with pytest.raises(NightglassError, match="leaves no phase"):
        _ = PhaseRange(0.25, 1.25).rest


def test_a_hair_below_a_turn_is_its_beginning() -> None:
    assert PhaseRange(-1e-18, 0.5).start == 0.0


def test_levels_are_the_light_of_a_frame() -> None:
    shares = np.array([10.0, 20.0, 0.0, 5.0])
    light = 3.0 * shares
    chosen = PhaseRange(0.0, 0.375)
    assert (level_weights(shares, chosen) * light).sum() == pytest.approx(3.0)
    assert (on_off_weights(shares, chosen, None) * light).sum() == pytest.approx(0.0, abs=1e-12)
    same = on_off_weights(shares, None, chosen.rest)
    np.testing.assert_array_equal(same, on_off_weights(shares, chosen, None))


def test_a_range_without_frames_has_no_level() -> None:
    shares = np.array([[10.0, 20.0, 0.0, 5.0], [1.0, 1.0, 1.0, 1.0]])
    levels = level_weights(shares, PhaseRange(0.5, 0.75))
    assert np.isnan(levels[0]).all()
    np.testing.assert_array_equal(levels[1], [0.0, 0.0, 1.0, 0.0])


def test_without_any_range_there_is_no_difference() -> None:
    with pytest.raises(NightglassError, match="neither"):
        on_off_weights(np.ones(4), None, None)
