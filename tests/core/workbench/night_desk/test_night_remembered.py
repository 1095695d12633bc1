"""Nights that were watched of late, and how they stand."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import pytest
from nightglass.core.mascara.night.lock import DriverLock
from nightglass.core.settings import Settings
from nightglass.core.workbench.night.remembered import KEPT, look_at, remember

from .made_journal import START_S, beat, control, end, header, unit, write


def test_the_newest_night_comes_first_and_each_is_there_once(tmp_path):
    settings = Settings()
    for name in ("a", "b", "a"):
        settings = remember(settings, tmp_path / name)
    assert settings.recent_nights == [str(tmp_path / "a"), str(tmp_path / "b")]


def test_only_so_many_nights_are_remembered(tmp_path):
    settings = Settings()
    for number in range(KEPT + 5):
        settings = remember(settings, tmp_path / f"{number}")
    assert len(settings.recent_nights) == KEPT
    assert settings.recent_nights[0].endswith(f"{KEPT + 4}")


@pytest.mark.parametrize(
    ("records", "state"),
    [
        ((header(), unit(), end()), "finished"),
        ((header(), unit(), end("stopped")), "stopped"),
        ((header(), unit(), beat()), "interrupted"),
        ((header(), unit(), end("stopped"), header(), beat()), "interrupted"),
    ],
)
def test_a_night_that_nobody_drives_is_told_by_its_last_run(tmp_path, records, state):
    (night,) = look_at([write(tmp_path / "out", *records)])
    assert (night.state, night.is_running) == (state, False)
    assert night.is_unfinished is (state != "finished")
    assert (night.night, night.site) == ("20160130", "LaPalma")


@pytest.mark.parametrize(
    ("records", "state"),
    [
        ((header(), beat()), "running"),
        ((header(), beat(paused=True)), "paused"),
        ((header(), beat(), control("pause")), "paused"),
        ((header(), beat(paused=True), control("resume")), "running"),
        ((header(), end("stopped")), "running"),
    ],
)
def test_a_night_that_is_driven_runs_or_rests(tmp_path, records, state):
    output = write(tmp_path / "out", *records)
    with closing(DriverLock(output / "driver.lock")):
        (night,) = look_at([output])
    assert (night.state, night.is_running) == (state, True)


def test_folders_without_a_night_are_told_apart(tmp_path):
    (tmp_path / "empty").mkdir()
    nights = look_at([tmp_path / "empty", tmp_path / "away"])
    assert [one.state for one in nights] == ["empty", "missing"]
    assert [one.when for one in nights] == [None, None]


def test_time_of_the_newest_line_is_told_and_a_torn_one_passed_over(tmp_path):
    output = write(tmp_path / "out", header(), beat(START_S + 60), torn='{"kind": "be')
    (night,) = look_at([output])
    assert night.when == datetime.fromtimestamp(START_S + 60, UTC)


def test_a_live_night_that_began_without_frames_is_named_by_its_units(tmp_path):
    begun = header(night="", site="", cameras=[])
    (night,) = look_at([write(tmp_path / "out", begun, beat(), unit(), beat())])
    assert (night.night, night.site) == ("20160130", "LaPalma")


def test_the_end_of_a_long_journal_tells_enough(tmp_path):
    large = [unit(number, padding="x" * 40_000) for number in range(30)]
    beats = [beat(START_S + number) for number in range(4000)]
    output = write(tmp_path / "out", header(), *large, *beats)
    (night,) = look_at([output])
    assert (night.state, night.night, night.site) == ("interrupted", "20160130", "LaPalma")


def test_a_journal_of_other_things_is_no_night(tmp_path):
    output = write(tmp_path / "out", torn="not a record\n[1, 2]\n")
    (night,) = look_at([output])
    assert (night.state, night.night, night.when) == ("empty", "", None)
