from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.timing.grid import (
    day_length_s,
    leap_days,
    runs,
    window_bounds,
    window_numbers,
)
from nightglass.core.timing.offline import prepare


def test_leap_days_are_those_astropy_makes_a_second_longer() -> None:
    prepare()
    from astropy.time import Time

    days = np.arange(41500, 61000)
    atomic = Time(np.append(days, 61000), format="mjd", scale="utc").tai
    length = np.round((atomic[1:] - atomic[:-1]).sec)
    assert (day_length_s(days) == length).all()
    assert 57753 in leap_days()


def test_windows_tile_the_day() -> None:
    edges = [window_bounds(61000 * 24 + hour) for hour in range(24)]
    assert [start for _, start, _ in edges] == [3600.0 * hour for hour in range(24)]
    assert [stop for _, _, stop in edges] == [3600.0 * (hour + 1) for hour in range(24)]
    assert {day for day, _, _ in edges} == {61000}


def test_the_last_window_holds_a_leap_second() -> None:
    assert window_bounds(57753 * 24 + 23) == (57753, 82800.0, 86401.0)
    assert window_numbers(np.array([57753]), np.array([86400.9]))[0] == 57753 * 24 + 23


@pytest.mark.parametrize(
    ("seconds", "hour"), [(0.0, 0), (3599.999, 0), (3600.0, 1), (86399.9, 23), (86400.0, 23)]
)
def test_a_time_lies_in_the_window_of_its_hour(seconds: float, hour: int) -> None:
    assert window_numbers(np.array([61000]), np.array([seconds]))[0] == 61000 * 24 + hour


def test_runs_are_stretches_of_equal_neighbours() -> None:
    labels = np.array([4, 4, 4, 7, 4, 4])
    found = list(runs(labels))
    assert [label for label, _ in found] == [4, 7, 4]
    assert np.concatenate([labels[part] for _, part in found]).tolist() == labels.tolist()
    assert list(runs(np.array([], dtype=np.int64))) == []
