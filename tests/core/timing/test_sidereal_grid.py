"""Slots of 6.4 sidereal seconds: real headers, an independent formula, and the way back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.timing import sidereal

LA_SILLA_DEG = -70.737795
# Number of the slot, Julian date at mid-exposure and local sidereal time of real raw frames.
HEADERS = [
    (48506263, 2459876.516233906, 21.83338055802537),
    (48511002, 2459876.866312424, 6.258267892110401),
]


def mean_jd(number: float) -> float:
    """Julian date of a number by the mean rotation of the sky."""
    return 2456293.5 + (number - 3109.843) / 13536.961776225


def closed_form(jd: np.ndarray) -> np.ndarray:
    """Mean rotation plus the four largest terms of the equation of the equinoxes."""
    century = (jd - 2451545.0) / 36525.0
    node = np.radians(125.04452 - 1934.136261 * century)
    sun = np.radians(280.4665 + 36000.7698 * century)
    moon = np.radians(218.3165 + 481267.8813 * century)
    nutation = (
        -17.20 * np.sin(node)
        - 1.32 * np.sin(2 * sun)
        - 0.23 * np.sin(2 * moon)
        + 0.21 * np.sin(2 * node)
    )
    equinoxes_s = np.cos(np.radians(23.4393)) / 15.0 * nutation
    return 3109.843 + 13536.961776225 * (jd - 2456293.5) + equinoxes_s / 6.4


@pytest.mark.parametrize(("number", "jd", "lst_h"), HEADERS)
def test_real_headers_have_their_numbers_and_their_sidereal_time(
    number: int, jd: float, lst_h: float
) -> None:
    assert np.floor(sidereal.sequence(jd)) == number
    assert np.floor(sidereal.quick_sequence(jd)) == number
    assert sidereal.local_h(jd, LA_SILLA_DEG) == pytest.approx(lst_h, abs=0.05 / 3600)


def test_a_second_frame_of_the_same_night_keeps_its_number_from_start_to_end() -> None:
    start = 2459876.522254584
    assert np.floor(sidereal.sequence(start + 6.383 / 2 / 86400)) == 48506345


@pytest.mark.parametrize(
    ("number", "jd"),
    [
        (0, 2456293.270297),
        (13500, 2456294.267566),
        (20023470, 2457772.440478),
        (24114825, 2458074.676321),
        (28064794, 2458366.467720),
        (48506263, 2459876.516232),
        (48506345, 2459876.522290),
    ],
)
def test_middles_of_slots_are_where_the_table_has_them(number: int, jd: float) -> None:
    assert sidereal.jd_of(number + 0.5) == pytest.approx(jd, abs=0.3 / 86400, rel=0)


def test_exact_numbers_follow_the_closed_form_over_a_decade() -> None:
    jd = np.random.default_rng(1).uniform(2456293.5, 2460000.0, 300)
    assert np.abs(sidereal.sequence(jd) - closed_form(jd)).max() < 0.03


@given(number=st.floats(0.0, 1e8), texp=st.sampled_from([6.4, 3.2, 7.0, 6.382525, 2.541]))
def test_numbers_and_dates_are_inverse_whatever_the_length_of_a_slot(
    number: float, texp: float
) -> None:
    jd = sidereal.jd_of(number, texp)
    slots = sidereal.slots_per_day(texp)
    in_day = number % slots
    if in_day * texp < 86399.9 and in_day > 1e-3:
        assert sidereal.sequence(jd, texp) == pytest.approx(number, abs=1e-3, rel=0)
    else:  # what is left of the day after its last whole slot
        assert abs(sidereal.sequence(jd, texp) - number) < slots - 86400.0 / texp + 1e-3


def test_a_day_has_13500_slots_and_270_batches_and_the_reference_index_starts_anew() -> None:
    assert sidereal.slots_per_day() == sidereal.SLOTS_PER_DAY == 270 * sidereal.BATCH
    ends = sidereal.reference_lst_h(sidereal.jd_of([13499.5, 13500.5]))
    assert ends * 3600 / 6.4 == pytest.approx([13499.5, 0.5], abs=1e-4)


def test_quick_numbers_are_right_in_the_middle_of_slots_and_else_off_by_one_at_most() -> None:
    numbers = np.random.default_rng(2).integers(0, 50_000_000, 400)
    middles = sidereal.quick_sequence(sidereal.jd_of(numbers + 0.5))
    assert np.array_equal(np.floor(middles), numbers)
    jd = np.random.default_rng(3).uniform(2456293.5, 2460000.0, 400)
    off = np.abs(np.floor(sidereal.quick_sequence(jd)) - np.floor(sidereal.sequence(jd)))
    assert off.max() <= 1
    assert np.mean(off) < 0.15


def test_consecutive_frames_have_consecutive_numbers_across_sidereal_midnight() -> None:
    jd = sidereal.jd_of(13500.0 * 100 - 5.5) + np.arange(11) * sidereal.SOLAR_SLOT_S / 86400
    assert np.array_equal(np.diff(np.floor(sidereal.sequence(jd))), np.ones(10))


def test_it_stays_exact_far_beyond_any_table_of_the_rotation_of_the_earth() -> None:
    numbers = 13500.0 * 366 * 60 + np.arange(5) + 0.5
    assert np.allclose(sidereal.sequence(sidereal.jd_of(numbers)), numbers, atol=1e-4, rtol=0)


def test_sidereal_time_at_a_longitude_stays_below_24_hours() -> None:
    jd = float(sidereal.jd_of(13500.0 * 7))
    around = sidereal.local_h(jd + np.linspace(-2e-9, 2e-9, 41), sidereal.REFERENCE_LONGITUDE_DEG)
    assert around.min() >= 0.0
    assert around.max() < 24.0


@pytest.mark.parametrize(
    "date",
    [
        datetime(2015, 2, 23, 11, 23, 43),  # noqa: DTZ001 - naive is UTC, as documented
        datetime(2015, 2, 23, 11, 23, 43, tzinfo=UTC),
        datetime(2015, 2, 23, 13, 23, 43, tzinfo=timezone(timedelta(hours=2))),
        np.datetime64("2015-02-23T11:23:43"),
        2457076.974803241,
    ],
)
def test_dates_of_every_kind_are_the_same_julian_date(date: object) -> None:
    assert sidereal.jd_from(date) == pytest.approx(2457076.974803241, abs=1e-9, rel=0)
    assert sidereal.jd_from([[date, date]]).shape == (1, 2)


def test_moments_come_back_as_aware_datetimes_to_the_microseconds_a_julian_date_has() -> None:
    date = datetime(2022, 10, 24, 0, 23, 22, 609491, tzinfo=UTC)
    back = sidereal.datetime_from(float(sidereal.jd_from(date)))
    assert back.tzinfo is UTC
    assert abs(back - date) < timedelta(microseconds=50)


def test_mean_days_tell_the_day_of_a_number_to_well_below_a_slot() -> None:
    assert abs(sidereal.sequence(mean_jd(1e7)) - 1e7) < 0.25
