"""Ranges of phase under a hand, also through the end of the turn."""

from __future__ import annotations

import pytest
from nightglass.core.timing.pulse.ranges import PhaseRange
from nightglass.gui.fold.phase_ranges import (
    LEAST_TURNS,
    Grip,
    grip_at,
    shifted,
    stretches,
    widened,
)

ON, OFF = PhaseRange(0.2, 0.3), PhaseRange(0.9, 0.1)


def text_of(grip, position):
    return grip.range_at(position).text


def test_range_lies_in_both_turns():
    assert [round(end, 9) for pair in stretches(ON) for end in pair] == [0.2, 0.3, 1.2, 1.3]


def test_range_that_wraps_is_cut_at_the_ends_of_the_axis():
    pairs = [(round(left, 9), round(right, 9)) for left, right in stretches(OFF)]
    assert pairs == [(0.0, 0.1), (0.9, 1.1), (1.9, 2.0)]


def test_whole_turn_covers_the_axis():
    pairs = stretches(PhaseRange(0.3, 0.3))
    assert sum(right - left for left, right in pairs) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("position", "which", "part"),
    [
        (0.25, "on", "body"), (1.25, "on", "body"), (0.205, "on", "start"), (1.3, "on", "stop"),
        (0.02, "off", "body"), (1.95, "off", "body"), (1.098, "off", "stop"),
    ],
)  # fmt: skip
def test_hand_takes_hold_of_what_is_there(position, which, part):
    grip = grip_at({"on": ON, "off": OFF}, position, 0.01)
    assert (grip.which, grip.part) == (which, part)


def test_hand_takes_hold_of_nothing_elsewhere():
    assert grip_at({"on": ON, "off": OFF}, 0.5, 0.01) is None
    assert grip_at({"on": None, "off": None}, 0.25, 0.01) is None


def test_body_moves_and_wraps():
    assert text_of(Grip("on", "body", ON, 0.25), 0.35) == "0.300-0.400"
    assert text_of(Grip("on", "body", ON, 1.25), 1.95) == "0.900-0.000"
    assert text_of(Grip("off", "body", OFF, 0.05), 0.0) == "0.850-0.050"


def test_edges_stretch_and_wrap():
    assert text_of(Grip("on", "stop", ON, 1.3), 1.75) == "0.200-0.750"
    assert text_of(Grip("on", "start", ON, 0.2), 0.0) == "0.000-0.300"
    assert text_of(Grip("off", "start", OFF, 0.9), 0.8) == "0.800-0.100"
    assert text_of(Grip("on", "stop", ON, 0.3), 1.15) == "0.200-0.150"


def test_range_is_never_turned_inside_out_nor_longer_than_a_turn():
    assert Grip("on", "stop", ON, 0.3).range_at(0.0).width == pytest.approx(LEAST_TURNS)
    assert Grip("on", "start", ON, 0.2).range_at(0.9).stop == pytest.approx(0.3)
    assert Grip("on", "stop", ON, 0.3).range_at(2.0).width == 1.0


def test_new_range_spans_the_drag_either_way():
    assert text_of(Grip("on", "new", None, 0.4), 0.55) == "0.400-0.550"
    assert text_of(Grip("on", "new", None, 0.55), 0.4) == "0.400-0.550"
    assert text_of(Grip("off", "new", None, 0.9), 1.2) == "0.900-0.200"


def test_keys_move_and_widen():
    assert shifted(ON, -0.25).text == "0.950-0.050"
    assert widened(ON, 0.01).text == "0.200-0.310"
