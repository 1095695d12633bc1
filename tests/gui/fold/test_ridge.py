"""The ridge line: where it runs, what it means for F0 and F1, and where a pulse lies."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.gui.fold.ridge import (
    STEP_TURNS,
    RidgeLine,
    brief,
    pulse_marks,
    pulse_phase,
    starting_phase,
)

from .made import made_raster

SPAN_S = 40.0


def test_line_along_a_drift_gives_the_frequency_that_stops_it():
    # A pulse folded with f runs by (f - true) t turns.
    true_hz, folded_hz = 29.9, 29.9 + 0.3 / SPAN_S
    line = RidgeLine(0.25).pulled("end", (folded_hz - true_hz) * SPAN_S)
    assert folded_hz + line.delta_f_hz(SPAN_S) == pytest.approx(true_hz, abs=1e-12)
    assert line.delta_f1_hz_s(SPAN_S) == 0.0


def test_bent_line_gives_frequency_and_derivative_that_straighten_it():
    line = RidgeLine(0.1).pulled("end", -0.4).pulled("middle", 0.16)
    seconds = np.linspace(0.0, SPAN_S, 9)
    moved = line.delta_f_hz(SPAN_S) * seconds + 0.5 * line.delta_f1_hz_s(SPAN_S) * seconds**2
    assert line.phase(seconds / SPAN_S) + moved == pytest.approx(np.full(9, 0.1))


def test_bending_leaves_the_ends_where_they_are():
    line = RidgeLine(0.3).pulled("end", 0.2).pulled("middle", 0.1)
    assert line.place("foot") == (0.3, 0.0)
    assert line.place("end") == (pytest.approx(0.5), 1.0)
    assert line.place("middle") == (pytest.approx(0.5), 0.5)


def test_handles_move_in_fiftieths_of_a_turn_unless_free():
    assert RidgeLine().pulled("end", 0.247).drift == pytest.approx(0.24)
    assert RidgeLine().pulled("end", 0.247, is_free=True).drift == 0.247
    assert RidgeLine().pulled("middle", -0.031).bend == pytest.approx(-0.04)
    assert pytest.approx(1 / 50) == STEP_TURNS


def test_foot_moves_freely_and_round_the_turn():
    moved = RidgeLine(0.9).pulled("foot", 0.234)
    assert moved.foot == pytest.approx(0.134)
    assert moved.is_straight


def test_readout_says_what_changes_in_turns_and_in_hertz():
    line = RidgeLine().pulled("end", -0.24)
    assert line.text("end", 200_000.0) == "ΔF0 = +0.24/T = +1.20e-6 Hz"
    assert RidgeLine(0.25).text("foot", 10.0) == "phase 0.250"
    bent = RidgeLine().pulled("middle", 0.02)
    assert bent.text("middle", 10.0) == "ΔF1 = +0.16/T² = +1.60e-3 Hz/s"
    assert RidgeLine().text("end", 10.0) == "ΔF0 = +0.00/T = +0 Hz"


def test_numbers_for_the_cursor_are_brief():
    assert brief(-1.234e-12) == "-1.23e-12"
    assert brief(25.0) == "+2.50e1"


def test_marks_lie_on_a_drifting_pulse():
    raster = made_raster(96, 32, drift=0.4)
    rows, phases = pulse_marks(raster.sums, raster.variances, raster.shares)
    assert len(rows) == 16
    assert phases == pytest.approx(0.25 + 0.4 * rows / 96, abs=0.015)


def test_marks_leave_out_what_shows_no_pulse():
    raster = made_raster(64, 32, rate=60.0, pulsed=0.0)
    rows, phases = pulse_marks(raster.sums, raster.variances, raster.shares)
    assert rows.size == phases.size == 0
    gapped = made_raster(64, 32, gap=(0, 32))
    rows, _ = pulse_marks(gapped.sums, gapped.variances, gapped.shares)
    assert rows.min() > 32


def test_line_begins_where_a_drifting_pulse_does():
    raster = made_raster(96, 32, drift=-1.4)
    start = starting_phase(raster.sums, raster.variances, raster.shares)
    assert (start - 0.25 + 0.5) % 1.0 - 0.5 == pytest.approx(0.0, abs=0.02)


def test_line_stands_on_the_pulse_of_all_light_where_rows_show_none():
    raster = made_raster(8, 32, rate=400.0)
    total = raster.sums.sum(axis=0), raster.shares.sum(axis=0)
    assert pulse_phase(*total) == pytest.approx(0.25, abs=0.03)
    assert 0.0 <= starting_phase(raster.sums[:2], raster.variances[:2], raster.shares[:2]) < 1.0
