"""How long batch, night and disk last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nightglass.core.timing.sidereal import SOLAR_SLOT_S

from . import made_night
from .made_night import MadeNight, append, beat_record, held
from .made_plan import UNIX_JD
from .watched import watched

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.mascara.watching.snapshot import Forecast


def at_work(output: Path, *, day: float | None = None) -> Forecast:
    """The forecast of a live night whose last batch was begun just now.

    Parameters
    ----------
    day : float, optional
        Time of the computer, JD; today without.
    """
    with held(output), watched(output) as one:
        if day is not None:
            one.clocks.start_s = (day - UNIX_JD) * 86400.0
        return one.look(0.0).forecast


def test_a_night_that_keeps_up_reduces_as_fast_as_the_cameras_expose(tmp_path: Path) -> None:
    made_night.write_journal(tmp_path, "CE", 15, is_over=False, is_whole=True)
    found = at_work(tmp_path)
    assert found.frames_per_s == pytest.approx(2 / SOLAR_SLOT_S, rel=0.1)
    assert found.sky_ratio == pytest.approx(1.0, abs=0.1)


def test_a_batch_takes_as_long_as_those_before(tmp_path: Path) -> None:
    made_night.write_journal(tmp_path, "CE", 8, is_over=False, is_whole=True)
    with held(tmp_path), watched(tmp_path) as one:
        left = [one.look(after).forecast.batch_left_s["LPE"] for after in (0.0, 0.0)]
        night = MadeNight(tmp_path, "CE", 8, 50, False, 1)
        append(tmp_path, beat_record(night, night.start_s + 8 * made_night.BATCH_S + 90.0))
        later = one.look().forecast.batch_left_s["LPE"]
    assert 100.0 < left[0] <= made_night.TOOK_S
    assert later == pytest.approx(made_night.TOOK_S - 80.0, abs=10.0)


def test_a_live_night_lasts_until_dawn_is_reduced(tmp_path: Path) -> None:
    made_night.write_journal(tmp_path, "CE", 8, is_over=False, is_whole=True)
    with held(tmp_path), watched(tmp_path) as one:
        dawn = one.look().twilight.dawn_jd
    found = at_work(tmp_path, day=dawn - 0.25)
    assert found.night_left_s == pytest.approx(0.25 * 86400 + made_night.TOOK_S, abs=1100.0)
    assert found.ends_utc.startswith("2016-01-31T07:")
    frames = 2 * 0.25 * 86400 / SOLAR_SLOT_S
    assert found.bytes_needed == pytest.approx(frames * 6512 * 339, rel=0.2)


def test_after_dawn_only_what_waits_is_left(tmp_path: Path) -> None:
    made_night.write_journal(tmp_path, "CE", 8, is_over=False, is_whole=True)
    found = at_work(tmp_path)
    # Two batches wait and two workers take 2.8 s a frame each.
    assert found.night_left_s == pytest.approx(100 * made_night.TOOK_S / 50 / 2, rel=0.1)
    assert found.ends_utc


def test_the_disk_lasts_as_its_room_goes(tmp_path: Path) -> None:
    night = MadeNight(tmp_path, "C", 8, 50, False, 1)
    made_night.write_journal(tmp_path, "C", 8, is_over=False, is_whole=True)
    start_s = night.start_s
    # From 120 GB, a gigabyte a minute.
    append(tmp_path, beat_record(night, start_s + 7200.0, free_bytes=0))
    found = at_work(tmp_path)
    assert found.disk_hours == pytest.approx(found.bytes_free / 120e9 * 2.0, rel=0.01)


def test_a_night_that_does_not_run_promises_no_end(tmp_path: Path) -> None:
    made_night.write_journal(tmp_path, "CE", 8, is_over=False, is_whole=True)
    with watched(tmp_path) as one:
        found = one.look().forecast
    assert found.ends_utc == ""
    assert found.batch_left_s == {}
    assert found.night_left_s == pytest.approx(140.0, rel=0.1)


def test_a_night_without_a_batch_knows_no_rate(tmp_path: Path) -> None:
    night = MadeNight(tmp_path, "C", 2, 50, False, 1)
    append(tmp_path, *made_night.records(night)[:20])
    with held(tmp_path), watched(tmp_path) as one:
        found = one.look().forecast
    assert str(found.frames_per_s) == str(found.night_left_s) == "nan"
