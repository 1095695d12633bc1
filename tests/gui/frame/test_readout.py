"""The readout and how it writes numbers."""

from __future__ import annotations

import astropy.units as u
import pytest
from astropy.coordinates import Angle
from hypothesis import given
from hypothesis import strategies as st
from nightglass.gui.frame.readout import ReadoutPanel
from nightglass.gui.frame.readout_text import (
    declination,
    python_index,
    right_ascension,
    value_text,
)
from PyQt6.QtGui import QGuiApplication


@pytest.fixture
def readout(qtbot) -> ReadoutPanel:
    made = ReadoutPanel()
    qtbot.addWidget(made)
    return made


def test_positions_are_written_from_one_and_the_tip_says_so(readout) -> None:
    readout.set_position(0.0, 9.25)
    readout.set_detector(1023.0, 511.5)
    assert [readout.text_of(name) for name in ("x", "y")] == ["1.00", "10.25"]
    assert [readout.text_of(name) for name in ("detector_x", "detector_y")] == ["1024.00", "512.50"]
    assert "from 1 as in DS9" in readout.tip_of("x")


def test_empty_readout_shows_dashes(readout) -> None:
    readout.set_position(3.0, 4.0)
    readout.set_value(5.0, 6.0)
    readout.set_time("2025-12-10T03:15:00.069600", "gps")
    readout.clear()
    assert {readout.text_of(name) for name in ("x", "adu", "electrons", "time", "ra")} == {"–"}


def test_value_in_counts_and_electrons(readout) -> None:
    readout.set_value(214.0, 1.7058)
    assert (readout.text_of("adu"), readout.text_of("electrons")) == ("214", "1.71")


def test_frame_is_counted_from_one_with_commas(readout) -> None:
    readout.set_frame(184219)
    assert readout.text_of("frame") == "184,220"


def test_a_frame_of_the_station_is_told_with_its_slot(readout) -> None:
    before = readout.sizeHint().width()
    readout.set_frame(5639, 15230940)
    assert readout.text_of("frame") == "5,640, slot 15230940"
    assert readout.sizeHint().width() == before


def test_time_that_is_not_from_gps_is_coloured_as_a_warning(readout) -> None:
    readout.set_time("2025-12-10T03:15:00.069600", "file name")
    assert readout.text_of("time") == "2025-12-10 03:15:00.069600"
    assert readout.cue_of("time") == "warn"
    readout.set_time("2025-12-10T03:15:00.069600", "gps")
    assert readout.cue_of("time") == ""


def test_width_does_not_change_with_the_numbers(readout) -> None:
    before = readout.sizeHint().width()
    readout.set_position(-99998.994, 12345.678)
    readout.set_time("2025-12-10T03:15:00.069600", "gps")
    assert readout.sizeHint().width() == before


def test_copies_are_from_one_from_zero_and_in_iso(readout) -> None:
    readout.set_position(10.4, 20.6)
    readout.set_time("2025-12-10T03:15:00.069600", "gps")
    clipboard = QGuiApplication.clipboard()
    copied = []
    for copy in (readout.copy_one_based, readout.copy_python, readout.copy_time):
        copy()
        copied.append(clipboard.text())
    assert copied == ["11.40, 21.60", "[21, 10]", "2025-12-10T03:15:00.069600"]


def test_python_index_is_the_pixel_whose_centre_is_nearest() -> None:
    assert python_index(-0.4, 0.49) == "[0, 0]"
    assert python_index(0.5, 1.51) == "[2, 1]"


@given(st.floats(0.0, 360.0, exclude_max=True))
def test_right_ascension_equals_astropy(degrees: float) -> None:
    written = Angle(right_ascension(degrees) + " hours").deg
    assert (written - degrees + 180.0) % 360.0 - 180.0 == pytest.approx(0.0, abs=7.6e-3 / 3600)


@given(st.floats(-90.0, 90.0))
def test_declination_equals_astropy(degrees: float) -> None:
    expected = Angle(degrees, u.deg).to_string(sep=":", precision=2, alwayssign=True, pad=True)
    written = declination(degrees).replace("−", "-")
    ours, theirs = (Angle(text + " degrees").deg for text in (written, expected))
    assert ours == pytest.approx(theirs, abs=0.0101 / 3600)


def test_seconds_never_read_sixty() -> None:
    assert right_ascension(359.99999999) == "00:00:00.000"
    assert declination(-9.9999999999) == "−10:00:00.00"


@pytest.mark.parametrize(
    ("value", "text"),
    [(214.0, "214"), (-3.0, "-3"), (1.005e-5, "1.005e-05"), (2.5, "2.50"), (float("nan"), "NaN")],
)
def test_values_are_written_as_short_as_they_are(value: float, text: str) -> None:
    assert value_text(value, 2) == text
