from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.frames.times import FrameTime
from nightglass.core.timing.edits import (
    PivotedPhases,
    PulsarClock,
    dragged,
    edited,
    f1_of,
    par_text,
)
from nightglass.core.timing.ephemeris import load_ephemeris
from nightglass.core.timing.par import par_values
from nightglass.core.timing.phase import PhaseModel
from nightglass.core.timing.sites import find_site

from .conftest import PULSARS

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.timing.ephemeris import Ephemeris
    from numpy.typing import NDArray

    from .conftest import AskPint

SITE = find_site("Magellan Clay")
PIVOT = FrameTime(61000, 3599.75)
HOUR = np.linspace(PIVOT.seconds, PIVOT.seconds + 3600.0, 300)
STEP_HZ = 1.0 / 3600.0

TCB = PULSARS["isolated"].replace("UNITS TDB", "UNITS TCB")
GROUND_TZR = PULSARS["isolated"] + "TZRMJD 60990.125\nTZRSITE pks\nTZRFRQ 1400\n"
SATELLITE_TZR = PULSARS["isolated"] + "TZRMJD 60990.125\nTZRSITE fermi\nTZRFRQ 0\n"

OTHERS = {"TCB": TCB, "ground TZR": GROUND_TZR, "satellite TZR": SATELLITE_TZR}

# Windows of the tight binary are cut deep, which takes PINT seconds.
EVERY = [
    *("isolated", "fast", "binary", "glitch", "TZR"),
    pytest.param("tight binary", marks=pytest.mark.slow),
]


def _turns_apart(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    return float(np.abs((first - second + 0.5) % 1.0 - 0.5).max())


def _drifted(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turns by which the first phases run ahead of the second ones, whole turns included."""
    return np.unwrap(first - second, period=1.0)


def _phases(
    ephemeris: Ephemeris, f0: float | None = None, f1: float | None = None
) -> PivotedPhases:
    return PivotedPhases(ephemeris, SITE, PIVOT, f0, f1)


@pytest.mark.parametrize("name", ["isolated", "binary", "glitch", "TZR"])
def test_phases_without_edits_are_those_of_the_par_file_to_the_last_bit(name: str) -> None:
    ephemeris = load_ephemeris(PULSARS[name])
    turned = _phases(ephemeris)
    assert np.array_equal(
        turned.phase(PIVOT.day, HOUR), PhaseModel(ephemeris, SITE).phase(PIVOT.day, HOUR)[1]
    )
    assert turned.key == PhaseModel(ephemeris, SITE).key
    assert turned.ephemeris is ephemeris


@pytest.mark.parametrize("name", EVERY)
def test_edited_phases_are_those_of_pint_but_for_the_turn_at_the_pivot(
    name: str, ask_pint: AskPint
) -> None:
    ephemeris = load_ephemeris(PULSARS[name])
    turned = _phases(ephemeris, ephemeris.f0_hz + 2.0 * STEP_HZ, f1_of(ephemeris) - 3e-12)
    seconds = np.concatenate([[PIVOT.seconds], HOUR[1::10]])
    day = np.full(seconds.size, PIVOT.day)
    theirs = ask_pint(turned.ephemeris.text, SITE, day, seconds)[1]
    before = ask_pint(ephemeris.text, SITE, day[:1], seconds[:1])[1]
    expected = theirs - (theirs[0] - before[0])
    apart = _turns_apart(turned.phase(day, seconds), expected)
    assert apart / ephemeris.f0_hz <= 0.5e-9


@pytest.mark.parametrize("name", ["isolated", "binary", "TZR"])
def test_edited_phases_agree_with_the_par_file_at_the_pivot(name: str) -> None:
    ephemeris = load_ephemeris(PULSARS[name])
    turned = _phases(ephemeris, ephemeris.f0_hz + 5.0 * STEP_HZ)
    at_pivot = turned.phase(PIVOT.day, [PIVOT.seconds])
    assert _turns_apart(at_pivot, _phases(ephemeris).phase(PIVOT.day, [PIVOT.seconds])) < 1e-12
    every = turned.phase(PIVOT.day, HOUR)
    assert every.min() >= 0.0
    assert every.max() < 1.0


def test_frames_without_a_time_have_no_phase() -> None:
    for f0_hz in (None, 29.95):
        turned = _phases(load_ephemeris(PULSARS["isolated"]), f0_hz)
        seconds = HOUR.copy()
        seconds[[0, 7, -1]] = np.nan
        phase = turned.phase(np.where(np.isnan(seconds), 0, PIVOT.day), seconds)
        assert np.array_equal(np.isnan(phase), np.isnan(seconds))
        known = ~np.isnan(seconds)
        assert np.array_equal(phase[known], turned.phase(PIVOT.day, HOUR)[known])
        assert np.isnan(turned.phase(0, [np.nan, np.nan])).all()


def test_nothing_is_loaded_anew_where_no_number_differs() -> None:
    ephemeris = load_ephemeris(PULSARS["isolated"])
    assert edited(ephemeris) is ephemeris
    assert edited(ephemeris, ephemeris.f0_hz, f1_of(ephemeris)) is ephemeris


def test_an_edit_keeps_every_digit_of_the_numbers_that_are_not_edited() -> None:
    digits = "29.9461234567890123456"
    text = PULSARS["isolated"].replace("F0 29.946", f"F0 {digits} 1 1D-9")
    ephemeris = load_ephemeris(text)
    new = edited(ephemeris, ephemeris.f0_hz, -3.8e-10)
    assert f"F0 {digits} 1 1D-9\n" in new.text
    assert par_values(new.text)["F1"] == "-3.8e-10"
    assert new.model.F0.value == ephemeris.model.F0.value


@pytest.mark.parametrize("f0_hz", [0.1, 29.946000000000005, 716.3520123456789, 1.0 / 3.0])
def test_an_edited_f0_is_read_again_as_the_number_given(f0_hz: float) -> None:
    assert edited(load_ephemeris(PULSARS["isolated"]), f0_hz).f0_hz == f0_hz


def test_f1_is_added_to_a_file_without_it() -> None:
    ephemeris = load_ephemeris(PULSARS["binary"])
    assert f1_of(ephemeris) == 0.0
    assert f1_of(edited(ephemeris, f1_hz_s=-2.5e-13)) == -2.5e-13


def test_an_edited_file_keeps_its_place_and_its_notices(tmp_path: Path) -> None:
    path = tmp_path / "crab.par"
    path.write_text(GROUND_TZR.replace("UNITS TDB\n", ""), encoding="utf-8")
    ephemeris = load_ephemeris(path)
    new = edited(ephemeris, 30.0)
    assert new.path == path
    assert new.notices == ephemeris.notices
    assert new.summary.f0_hz == 30.0
    assert new.key != ephemeris.key


def test_edits_of_a_file_in_tcb_are_in_tdb_like_the_numbers_shown() -> None:
    new = edited(load_ephemeris(TCB), 30.0, -4e-10)
    assert new.f0_hz == 30.0
    assert f1_of(new) == pytest.approx(-4e-10, rel=1e-15)
    written = np.longdouble(par_values(new.text)["F0"])
    assert float(written / np.longdouble(30.0) - 1.0) == pytest.approx(-1.55051979e-8, rel=1e-6)


@pytest.mark.parametrize("seconds", [0.0, 0.3, 43200.0, 86399.9, 86400.0])
def test_the_frequency_at_the_pivot_is_the_slope_of_the_phases(seconds: float) -> None:
    ephemeris = load_ephemeris(PULSARS["isolated"])
    turned = PivotedPhases(ephemeris, SITE, FrameTime(61000, seconds))
    inside = np.clip(seconds, 5.0, 86395.0) + np.linspace(-5.0, 5.0, 1001)
    phase = np.unwrap(turned.phase(61000, inside), period=1.0)
    assert turned.frequency_hz == pytest.approx(np.polyfit(inside, phase, 1)[0], abs=1e-8)


def test_the_key_tells_edits_and_pivots_apart() -> None:
    ephemeris = load_ephemeris(PULSARS["isolated"])
    later = FrameTime(PIVOT.day, PIVOT.seconds + 60.0)
    keys = [
        _phases(ephemeris).key,
        _phases(ephemeris, 29.95).key,
        _phases(ephemeris, None, -1e-10).key,
        PivotedPhases(ephemeris, SITE, later, 29.95).key,
    ]
    assert len(set(keys)) == len(keys)
    assert _phases(ephemeris, 29.95).key == keys[1]
    assert PivotedPhases(ephemeris, SITE, later).key == keys[0]


def test_a_capture_outside_the_range_of_the_solution_is_told() -> None:
    text = PULSARS["isolated"] + "START 60000\nFINISH 60990\n"
    notice = "The solution was fitted over MJD 60000 to 60990; this capture is 10 days after."
    assert notice in _phases(load_ephemeris(text)).notices
    inside = text.replace("60990", "61001")
    assert not any("fitted" in told for told in _phases(load_ephemeris(inside)).notices)


@pytest.mark.parametrize(
    ("name", "is_edited"),
    [
        *(("isolated", False), ("isolated", True), ("fast", True), ("binary", True)),
        *(("glitch", True), ("TZR", False), ("TZR", True), ("TCB", True), ("TCB", False)),
        *(("ground TZR", True), ("satellite TZR", True)),
        pytest.param("tight binary", True, marks=pytest.mark.slow),
    ],
)
def test_the_copied_par_file_has_the_phases_shown(name: str, is_edited: bool) -> None:
    ephemeris = load_ephemeris((PULSARS | OTHERS)[name])
    f0 = ephemeris.f0_hz + 4.0 * STEP_HZ if is_edited else None
    f1 = f1_of(ephemeris) + 1e-12 if is_edited else None
    copy = load_ephemeris(par_text(ephemeris, f0, f1, 0.3, PIVOT, SITE))
    assert copy.absolute
    shown = _phases(ephemeris, f0, f1).phase(PIVOT.day, HOUR) + 0.3
    assert _turns_apart(_phases(copy).phase(PIVOT.day, HOUR), shown) < 1e-6


@pytest.mark.slow
def test_copies_of_real_par_files_have_the_phases_shown_for_eight_hours(shared: Path) -> None:
    hours = np.linspace(PIVOT.seconds, PIVOT.seconds + 8.0 * 3600.0, 500)
    for path in sorted((shared / "data" / "par").glob("*.par")):
        ephemeris = load_ephemeris(path)
        f0 = ephemeris.f0_hz + 4.0 * STEP_HZ
        copy = load_ephemeris(par_text(ephemeris, f0, None, 0.3, PIVOT, SITE))
        shown = _phases(ephemeris, f0).phase(PIVOT.day, hours) + 0.3
        assert _turns_apart(_phases(copy).phase(PIVOT.day, hours), shown) < 1e-6, path.name


def test_the_copied_par_file_says_what_was_changed() -> None:
    ephemeris = load_ephemeris(PULSARS["isolated"])
    remarks = [
        line
        for line in par_text(ephemeris, 29.95, None, 0.0, PIVOT, SITE).splitlines()
        if line.startswith("#")
    ]
    assert remarks == [
        "# TEST as folded with Nightglass; TZRMJD is set so that its phases are the same.",
        "# F0 was 29.946.",
        "# The file had no TZR: its phase zero was PEPOCH at the barycentre.",
    ]


def test_an_unchanged_par_file_is_copied_as_it_is() -> None:
    ephemeris = load_ephemeris(PULSARS["TZR"])
    assert par_text(ephemeris, None, None, 0.0, PIVOT, SITE) == ephemeris.text
    assert par_text(ephemeris, ephemeris.f0_hz, None, 1.0, PIVOT, SITE) == ephemeris.text


def test_a_drag_changes_frequency_and_derivative_at_the_pivot() -> None:
    f0_hz, f1_hz_s = dragged(30.0, -4e-10, 60999.0, FrameTime(61000, 100.0), 1e-5, 2e-12)
    since_s = 86500.0
    assert f1_hz_s == pytest.approx(-4e-10 + 2e-12, rel=1e-14)
    at_pivot_hz = f0_hz + f1_hz_s * since_s
    assert at_pivot_hz - (30.0 - 4e-10 * since_s) == pytest.approx(1e-5, abs=1e-13)


def test_a_drag_is_seen_at_the_telescope_as_it_was_made() -> None:
    ephemeris = load_ephemeris(PULSARS["isolated"])
    start = _phases(ephemeris, ephemeris.f0_hz + STEP_HZ)
    delta_f_hz, delta_f1_hz_s = 3.0 * STEP_HZ, 2.0 * STEP_HZ**2
    now = (start.ephemeris.f0_hz, f1_of(start.ephemeris))
    turned = _phases(ephemeris, *start.clock().dragged(*now, delta_f_hz, delta_f1_hz_s))
    since_s = HOUR - PIVOT.seconds
    moved = _drifted(turned.phase(PIVOT.day, HOUR), start.phase(PIVOT.day, HOUR))
    wanted = (delta_f_hz + delta_f1_hz_s / 2.0 * since_s) * since_s
    assert np.abs(moved - wanted).max() < 1e-4


def test_a_drag_of_a_binary_is_right_about_the_pivot() -> None:
    ephemeris = load_ephemeris(PULSARS["binary"])
    clock = _phases(ephemeris).clock()
    turned = _phases(ephemeris, *clock.dragged(ephemeris.f0_hz, 0.0, STEP_HZ, 0.0))
    assert turned.frequency_hz - _phases(ephemeris).frequency_hz == pytest.approx(
        STEP_HZ, abs=STEP_HZ * 1e-4
    )


def test_a_drag_that_leaves_no_frequency_at_pepoch_is_refused_in_words() -> None:
    with pytest.raises(NightglassError, match="PEPOCH is too far"):
        dragged(4.2, 0.0, 55000.0, PIVOT, 0.0, 2e-8)
    with pytest.raises(NightglassError, match="PEPOCH is too far"):
        PulsarClock(3e8, 1.0001, 1e-9).dragged(30.0, -4e-10, 1e-4, 1e-6)


@pytest.mark.parametrize("seconds", [0.0, 43200.0, 86400.0])
def test_the_clock_of_a_pulsar_is_that_of_its_phases(seconds: float) -> None:
    """With F1 = 0 and no other terms the phase is F0 T."""
    text = PULSARS["binary"]
    ephemeris = load_ephemeris(text)
    turned = PivotedPhases(ephemeris, SITE, FrameTime(61000, seconds))
    clock = turned.clock()
    assert clock is turned.clock()
    assert clock.rate == pytest.approx(turned.frequency_hz / ephemeris.f0_hz, abs=1e-10)
    turns, fraction = PhaseModel(ephemeris, SITE).phase([61000], [seconds])
    assert clock.since_s == pytest.approx(float(turns[0] + fraction[0]) / ephemeris.f0_hz, abs=1e-6)
