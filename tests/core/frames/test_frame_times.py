"""Days and seconds against astropy's Time."""

import numpy as np
import pytest
from astropy.time import Time
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.frames.times import (
    DAY_S,
    FrameTimes,
    day_of,
    iso,
    normalised,
    parse_iso,
    spread,
    unknown_times,
)

# From the introduction of whole leap seconds to years ERFA calls certain; days that end with
days = st.integers(41_317, 61_300).filter(lambda day: day not in LEAP_DAYS)
LEAP_DAYS = frozenset(
    int(Time(f"{date}T12:00:00", scale="utc").mjd)
    for date in (
        *("1972-06-30", "1972-12-31", "1973-12-31", "1974-12-31", "1975-12-31", "1976-12-31"),
        *("1977-12-31", "1978-12-31", "1979-12-31", "1981-06-30", "1982-06-30", "1983-06-30"),
        *("1985-06-30", "1987-12-31", "1989-12-31", "1990-12-31", "1992-06-30", "1993-06-30"),
        *("1994-06-30", "1995-12-31", "1997-06-30", "1998-12-31", "2005-12-31", "2008-12-31"),
        *("2012-06-30", "2015-06-30", "2016-12-31"),
    )
)
nanoseconds = st.integers(0, DAY_S * 10**9 - 1)


def astropy_time(day, ticks):
    """Exact: astropy keeps two floats, day and fraction of it."""
    return Time(day, ticks / 10**9 / DAY_S, format="mjd", scale="utc", precision=9)


@given(days, nanoseconds)
def test_iso_text_is_astropys(day, ticks):
    ours = iso(day, ticks / 1e9, 9)
    theirs = astropy_time(day, ticks).isot
    assert ours[:-1] == theirs[:-1] or abs(float(ours[-10:]) - float(theirs[-10:])) < 2e-9


@given(days, nanoseconds)
def test_reading_the_text_gives_the_same_instant(day, ticks):
    again = parse_iso(iso(day, ticks / 1e9, 9))
    assert again.day == day
    assert again.seconds == pytest.approx(ticks / 1e9, abs=2e-11)


@given(days, st.floats(-1e7, 1e7))
def test_normalised_instants_lie_inside_their_day(day, seconds):
    when = normalised(day, seconds)
    assert 0 <= when.seconds < DAY_S
    total = (when.day - day) * DAY_S + when.seconds
    assert total == pytest.approx(seconds, abs=1e-8)


@given(days, st.floats(0, 86_399.999), st.lists(st.floats(-1e6, 1e6), max_size=9))
def test_spreading_is_normalising_each(day, seconds, elapsed):
    got_days, got_seconds = spread(day, seconds, np.array(elapsed))
    for one_day, one_seconds, extra in zip(got_days, got_seconds, elapsed, strict=True):
        when = normalised(day, seconds + extra)
        assert (one_day - when.day) * DAY_S + one_seconds == pytest.approx(when.seconds, abs=1e-9)


def test_midnight_is_crossed_between_two_frames():
    day = day_of(2025, 12, 10)
    times = FrameTimes(*spread(day, 86_399.5, np.array([0.0, 1.0])), quality="gps")
    assert times.iso(0) == "2025-12-10T23:59:59.500000"
    assert times.iso(1) == "2025-12-11T00:00:00.500000"
    assert times.relative_s().tolist() == [0.0, 1.0]


def test_rounding_up_carries_into_the_next_day():
    assert iso(day_of(2025, 12, 31), 86_399.9999999, 6) == "2026-01-01T00:00:00.000000"
    assert iso(day_of(2025, 12, 31), 86_399.4, 0) == "2025-12-31T23:59:59"


@pytest.mark.parametrize(
    "text",
    ["", "N/A", "2025-13-01", "2025-02-30T00:00:00", "2025-12-10T24:00:00", "2025-12-10T1:2:3",
     "2025-12-10T12:61:00", "2025-12-10T12:00:61", "yesterday"],
)  # fmt: skip
def test_other_texts_are_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the message is for programmers
        parse_iso(text)


def test_dates_without_time_and_a_trailing_z_are_read():
    assert parse_iso("2025-12-10") == (61_019, 0.0)
    assert parse_iso("2025-12-10T00:01:00Z") == (61_019, 60.0)


def test_the_nearest_frame_is_found_by_utc():
    times = FrameTimes(*spread(61_019, 86_399.0, np.arange(5) * 0.5), quality="gps")
    assert times.nearest(61_019, 86_399.6) == 1
    assert times.nearest(61_020, 0.3) == 3
    assert times.nearest(61_000, 0.0) == 0
    assert times.nearest(61_100, 0.0) == 4


def test_the_nearest_frame_is_found_among_stamps_out_of_order_or_absent():
    times = FrameTimes(*spread(61_019, 10.0, np.array([np.nan, 2.0, 1.0, 3.0])), quality="gps")
    assert times.nearest(61_019, 11.1) == 2
    assert times.nearest(61_019, 13.0) == 3
    assert times.known == 3


def test_without_any_time_nothing_is_near():
    with pytest.raises(ValueError, match="no frame has a time"):
        unknown_times(3).nearest(61_019, 0.0)


def test_no_frames_have_no_relative_times():
    assert unknown_times(0).relative_s().shape == (0,)
