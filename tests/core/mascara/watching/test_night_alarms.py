"""What is wrong with a night: each alarm comes with the next look and goes when it is over."""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

import pytest
from nightglass.core.mascara.watching import surroundings

from . import made_night
from .made_night import MadeNight, append, batch_records, beat_record, held
from .watched import DRIVER, WINDOW, Watched, kill, process, watched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "night"


@pytest.fixture
def running(output: Path) -> Iterator[Watched]:
    """A healthy live night at work."""
    made_night.write_journal(output, "CE", 6, is_over=False, is_whole=True)
    with held(output), watched(output) as one:
        assert one.alarms() == {}
        yield one


def beat(one: Watched, at_s: float | None = None, **cameras: dict[str, Any]) -> None:
    """Add a sign of life five seconds after the last look."""
    night = MadeNight(one.output, "CE", 6, 50, False, 1)
    line = beat_record(night, at_s or night.start_s + 6.2 * made_night.BATCH_S)
    for camera, fields in cameras.items():
        line["cameras"][camera] |= fields
    append(one.output, line)


def test_a_killed_driver_is_told_and_may_be_resumed(output: Path) -> None:
    made_night.write_journal(output, "CE", 6, is_over=False, is_whole=True)
    with process(DRIVER, output) as driver, watched(output) as one:
        assert "killed" not in one.alarms()
        kill(driver)
        alarm = one.alarms()["killed"]
        assert (alarm.level, alarm.action) == ("trouble", "resume")
        assert "100 frames wait" in alarm.text
        assert one.look().status.state == "interrupted"
        with held(output):
            assert "killed" not in one.alarms()


def test_a_driver_that_says_nothing_is_stuck_until_it_speaks(running: Watched) -> None:
    assert "stuck" not in running.alarms(29.0)
    alarm = running.alarms(5.0)["stuck"]
    assert alarm.action == "stop"
    assert "30 s" in alarm.text
    assert "3 min" in running.alarms(150.0)["stuck"].text
    beat(running)
    assert "stuck" not in running.alarms()


def test_a_driver_that_was_stuck_before_is_told_at_once(output: Path) -> None:
    made_night.write_journal(output, "CE", 6, is_over=False, is_whole=True)
    with held(output), watched(output, late_s=300.0) as one:
        assert "5 min" in one.alarms()["stuck"].text


@pytest.mark.parametrize(
    ("by_s", "words"), [(-3600.0, "back by 60 min"), (90.0, "forward by 90 s")]
)
def test_a_clock_that_is_set_is_told_for_ten_minutes(
    running: Watched, by_s: float, words: str
) -> None:
    running.clocks.set_s = by_s
    assert words in running.alarms()["clock"].title
    assert "clock" in running.alarms(500.0)
    assert "clock" not in running.alarms(200.0)


def test_a_clock_that_is_set_right_again_is_no_alarm(running: Watched) -> None:
    running.clocks.set_s = 1e6
    assert "clock" in running.alarms()
    running.clocks.set_s = 0.0
    assert "clock" not in running.alarms()


def test_times_of_the_journal_that_go_back_tell_of_the_clock(running: Watched) -> None:
    start_s = MadeNight(running.output, "CE", 6, 50, False, 1).start_s
    beat(running, start_s + 600.0)
    alarm = running.alarms()["clock"]
    assert "back by 22 min" in alarm.title
    beat(running, start_s + 1300.0)
    assert "clock" not in running.alarms()


def test_a_full_disk_is_told_before_and_when_it_is(
    running: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [5e9]
    monkeypatch.setattr(
        surroundings.shutil, "disk_usage", lambda _: Usage(1e12, 1e12 - free[0], free[0])
    )
    levels = []
    for room in (5e9, 5e8, 5e7, 5e9):
        free[0] = room
        alarm = running.alarms(2.1).get("disk")
        levels.append(alarm.level if alarm else "")
        assert running.look().forecast.bytes_free == room
    assert levels == ["", "notice", "trouble", ""]


def test_the_disk_is_not_asked_at_every_look(
    running: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(
        surroundings.shutil, "disk_usage", lambda path: asked.append(path) or Usage(1, 1, 1e12)
    )
    for _ in range(40):
        running.look(0.25)
    assert 4 <= len(asked) <= 6


def test_an_output_folder_that_is_away_is_told_and_what_it_held_stays(output: Path) -> None:
    made_night.write_journal(output, "CE", 6, is_whole=True)
    with watched(output) as one:
        grid = one.look().grid
        output.rename(output.with_name("elsewhere"))
        found = one.look()
        alarm = {alarm.kind: alarm for alarm in found.alarms}["folder"]
        assert str(output) in alarm.text
        assert found.grid is grid
        output.with_name("elsewhere").rename(output)
        assert "folder" not in one.alarms()
        assert str(one.look().grid) == str(grid)


def test_a_journal_that_was_removed_is_told(output: Path) -> None:
    made_night.write_journal(output, "C", 4)
    with watched(output) as one:
        one.look()
        (output / "journal.jsonl").unlink()
        assert "journal" in one.alarms()["folder"].title
        made_night.write_journal(output, "C", 4)
        assert "folder" not in one.alarms()


def test_raw_frames_that_are_away_are_told(running: Watched) -> None:
    raw = running.output.parent / "raw-night"
    raw.rmdir()
    alarm = running.alarms(2.1)["raw"]
    assert str(raw) in alarm.text
    raw.mkdir()
    assert "raw" not in running.alarms(2.1)


def test_a_driver_that_cannot_read_its_frames_is_believed(output: Path) -> None:
    gone = {"raw folder": "The raw frames are gone. All of them were removed at once."}
    made_night.write_journal(output, "C", 4, is_over=False, unreadable=gone)
    with held(output), watched(output) as one:
        assert one.alarms()["raw"].text == gone["raw folder"]


def test_a_camera_that_is_silent_for_ten_minutes_is_told(running: Watched) -> None:
    beat(running, LPE={"silent_s": 590.0}, LPC={"silent_s": 3.0})
    assert "silent" not in running.alarms(5.0)
    alarm = running.alarms(11.0)["silent"]
    assert (alarm.subject, alarm.level) == ("LPE", "trouble")
    assert "10 min" in alarm.text
    beat(running, LPE={"silent_s": 2.0})
    assert "silent" not in running.alarms()


def test_cameras_that_are_all_silent_by_day_are_no_alarm(running: Watched) -> None:
    beat(running, LPE={"silent_s": 900.0}, LPC={"silent_s": 900.0})
    assert "silent" not in running.alarms()


def test_cameras_that_are_all_silent_in_the_dark_are(running: Watched) -> None:
    running.clocks.start_s = MadeNight(running.output, "CE", 6, 50, False, 1).start_s
    beat(running, LPE={"silent_s": 900.0}, LPC={"silent_s": 900.0})
    found = [alarm for alarm in running.look().alarms if alarm.kind == "silent"]
    assert [alarm.subject for alarm in found] == ["LPC", "LPE"]


def test_damaged_lines_are_counted_until_a_new_run_begins(output: Path) -> None:
    made_night.write_journal(output, "CE", 6, is_torn=True)
    with watched(output) as one:
        alarm = one.alarms()["torn"]
        assert "1 line" in alarm.text
        assert alarm.action == "resume"
        append(output, made_night.header_record(MadeNight(output, "CE", 6, 50, True, 1)))
        with held(output):
            assert "torn" not in one.alarms()


def test_a_line_torn_by_a_crash_before_this_run_is_no_alarm(output: Path) -> None:
    night = MadeNight(output, "C", 3, 50, True, 1)
    lines = made_night.records(night)
    output.mkdir()
    append(output, *lines[:4])
    with open(output / "journal.jsonl", "ab") as file:
        file.write(b'{"kind":"unit","unit":"LPC-0\n')
    append(output, *lines)
    with watched(output) as one:
        assert "torn" not in one.alarms()


def test_another_window_is_told_and_forgotten_when_it_is_gone(output: Path) -> None:
    made_night.write_journal(output, "C", 4)
    with watched(output) as one:
        assert "window" not in one.alarms()
        with process(WINDOW, output) as other:
            alarm = one.alarms(2.1)["window"]
            assert f"process {other.pid}" in alarm.text
            kill(other)
            assert "window" not in one.alarms(2.1)
        assert not (output / "windows" / str(other.pid)).exists()
        assert len(list((output / "windows").iterdir())) == 1
    assert list((output / "windows").iterdir()) == []


def test_a_folder_in_which_no_mark_can_be_left_is_no_trouble(output: Path) -> None:
    made_night.write_journal(output, "C", 4, is_whole=True)
    (output / "windows").write_text("in the way")
    with watched(output) as one:
        assert one.alarms() == {}


def test_a_reduction_that_falls_behind_is_told_while_the_lag_grows(running: Watched) -> None:
    start_s = MadeNight(running.output, "CE", 6, 50, False, 1).start_s + 2000.0
    for k in range(24):
        beat(running, start_s + 5.0 * k, LPE={"lag_s": 700.0 + 5.0 * k})
    alarm = running.alarms()["behind"]
    assert "LPE 2.6 batches" in alarm.text
    assert "LPC" not in alarm.text
    for k in range(48):
        beat(running, start_s + 120.0 + 5.0 * k, LPE={"lag_s": 800.0 - 20.0 * k})
    assert "behind" not in running.alarms()


def test_failed_units_are_told_until_they_are_made_again(output: Path) -> None:
    made_night.write_journal(output, "CE", 6)
    with watched(output) as one:
        alarm = one.alarms()["failed"]
        assert (alarm.action, alarm.subject) == ("retry", "LPC-00304597")
        night = MadeNight(output, "CE", 6, 50, True, 1, is_whole=True)
        append(output, *batch_records(night, "LPC", 3))
        assert "failed" not in one.alarms()


def test_a_stopped_night_may_be_resumed_until_it_is_merged(output: Path) -> None:
    made_night.write_journal(output, "CE", 6, is_over=False, is_stopped=True, is_whole=True)
    with watched(output) as one:
        alarm = one.alarms()["unfinished"]
        assert alarm.action == "resume"
        assert "LPC, LPE" in alarm.text
    made_night.write_journal(output, "CE", 6, is_whole=True)
    with watched(output) as one:
        assert one.alarms() == {}


def test_trouble_comes_before_notices(output: Path) -> None:
    made_night.write_journal(output, "CE", 6, is_over=False, is_torn=True)
    with watched(output) as one:
        levels = [alarm.level for alarm in one.look().alarms]
    assert levels == sorted(levels, reverse=True)
    assert set(levels) == {"trouble", "notice"}
