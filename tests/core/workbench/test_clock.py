from __future__ import annotations

import pytest
from astropy.time import Time
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.errors import NightglassError
from nightglass.core.frames.times import FrameTime
from nightglass.core.workbench.clock import parse_clock

EVENING = FrameTime(61019, 86000.0)  # 2025-12-10, 400 s before midnight


def test_a_time_after_midnight_belongs_to_the_next_day() -> None:
    assert parse_clock("00:05:00", EVENING) == (61020, 300.0)


def test_a_time_before_midnight_stays() -> None:
    assert parse_clock("23:59", EVENING) == (61019, 86340.0)


def test_an_early_capture_knows_the_evening_before() -> None:
    assert parse_clock("23:59:59.5", FrameTime(61019, 10.0)) == (61018, 86399.5)


@given(day=st.integers(40000, 70000), seconds=st.integers(0, 86399))
def test_a_full_date_is_read_as_astropy_reads_it(day: int, seconds: int) -> None:
    iso = Time(day, seconds / 86400, format="mjd", scale="tai", precision=3).isot
    got_day, got_s = parse_clock(iso, EVENING)
    assert (got_day - day) * 86400 + got_s == pytest.approx(seconds, abs=1e-3)


@pytest.mark.parametrize("text", ["", "noon", "25:00:00", "12:60:00", "2025-13-01T00:00:00", "1"])
def test_what_is_no_time_says_so(text: str) -> None:
    with pytest.raises(NightglassError, match="Could not go to that time"):
        parse_clock(text, EVENING)
