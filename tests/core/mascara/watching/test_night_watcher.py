"""A night followed from its journal: the grid, the figures against time, and what is new."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.mascara.watching.snapshot import CameraSeries, NightSnapshot
from nightglass.core.mascara.watching.story import Story
from nightglass.core.timing.sidereal import BATCH

from . import made_night
from .made_night import FIRST_BATCH, MadeNight, append, batch_records, held, made_snapshot
from .watched import watched

if TYPE_CHECKING:
    from pathlib import Path


def states(snapshot: NightSnapshot, camera: str) -> str:
    letters = {"waiting": "w", "running": "r", "done": "d", "partial": "p", "failed": "f"}
    return "".join(letters.get(cell.state, "s") for cell in snapshot.grid[camera])


def same_series(one: CameraSeries, other: CameraSeries) -> None:
    for field in fields(CameraSeries):
        if field.name == "flags":
            assert one.flags.keys() == other.flags.keys()
            continue
        np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> NightSnapshot:
    return made_snapshot(tmp_path_factory.mktemp("night"), batches=8)


def test_every_batch_of_a_finished_night_is_a_cell(finished: NightSnapshot) -> None:
    assert sorted(finished.grid) == ["LPC", "LPE", "LPN", "LPS", "LPW"]
    assert states(finished, "LPE") == "d" * 8
    assert states(finished, "LPC") == "dddfdddd"
    assert states(finished, "LPW") == "dddddpdd"


def test_a_cell_tells_the_figures_of_its_batch(finished: NightSnapshot) -> None:
    cell, record = finished.grid["LPW"][5], finished.records["LPW-00304599"]
    assert (cell.unit, cell.number) == ("LPW-00304599", FIRST_BATCH + 5)
    assert (cell.received, cell.reduced, cell.failed, cell.missing) == (50, 48, 2, 0)
    assert cell.rms_px == record["astrometry"]["dr"]
    assert cell.mid_jd == record["mid_jd"]
    assert cell.transparency == pytest.approx(
        np.median([cell[1] for cell in record["cells"].values()])
    )


def test_a_failed_batch_has_its_reason_and_no_figures(finished: NightSnapshot) -> None:
    cell = finished.grid["LPC"][3]
    assert "SIGSEGV" in cell.warnings[0]
    assert np.isnan(cell.rms_px)
    assert np.isnan(cell.transparency)


def test_series_hold_every_reduced_batch_and_frame(finished: NightSnapshot) -> None:
    series = finished.series["LPC"]
    assert len(series.jd) == 7
    assert np.all(np.diff(series.jd) > 0)
    assert series.drift_arcmin.shape == (7, 5, 2)
    assert series.frame_jd.shape == (7 * 50,)
    assert series.frame_overscan_adu.shape == (7 * 50, 4)
    assert series.steady.shape == (7 * 6, 4)
    assert series.flags["saturated"].shape == (7,)
    assert len(series.lag_jd) == len(series.lag_s) > 400
    assert not series.jd.flags.writeable


def test_twilight_is_that_of_the_station(finished: NightSnapshot) -> None:
    light = finished.twilight
    assert light.sunset_jd < light.dusk_jd < finished.series["LPC"].jd[0] < light.dawn_jd
    assert light.dawn_jd < light.sunrise_jd


def test_a_finished_night_has_nothing_left(finished: NightSnapshot) -> None:
    assert finished.status.state == "finished"
    assert finished.forecast.night_left_s == 0.0
    assert finished.forecast.ends_utc == ""
    assert finished.mails[0]["sent"] is False
    assert finished.request["is_live"] is True
    assert finished.settings["ccd_set_point_c"] == -15.0


def test_batches_at_work_and_those_that_wait_are_cells(tmp_path: Path) -> None:
    night = MadeNight(tmp_path, "CE", 6, 50, False, 1)
    made_night.write_journal(tmp_path, "CE", 6, is_over=False, is_whole=True)
    late = made_night.beat_record(night, night.start_s + 6.1 * made_night.BATCH_S)
    late["cameras"]["LPE"] |= {
        "newest_lstseq": (FIRST_BATCH + 7) * BATCH + 19, "queued_frames": 120, "queued_batches": 3,
    }  # fmt: skip
    append(tmp_path, late)
    with held(tmp_path), watched(tmp_path) as one:
        found = one.look()
    assert states(found, "LPE") == "dddddrww"
    assert [cell.received for cell in found.grid["LPE"][-3:]] == [50, 50, 20]
    assert found.forecast.batch_left_s["LPE"] > 0.0


def test_without_a_driver_nothing_is_at_work(tmp_path: Path) -> None:
    made_night.write_journal(tmp_path, "C", 6, is_over=False, is_whole=True)
    with watched(tmp_path) as one:
        found = one.look()
    assert states(found, "LPC") == "dddddw"
    assert not found.is_running


def test_batches_without_any_frame_between_others_are_skipped(tmp_path: Path) -> None:
    night = MadeNight(tmp_path, "C", 6, 50, True, 1, is_whole=True)
    lines = made_night.records(night)
    kept = [line for line in lines if line.get("unit") != f"LPC-{FIRST_BATCH + 2:08d}"]
    append(tmp_path, *kept)
    with watched(tmp_path) as one:
        assert states(one.look(), "LPC") == "ddsddd"


def test_a_unit_that_is_to_be_made_again_waits_until_it_is(tmp_path: Path) -> None:
    night = MadeNight(tmp_path, "C", 6, 50, True, 1)
    made_night.write_journal(tmp_path, "C", 6, is_whole=True)
    with watched(tmp_path) as one:
        one.look()
        append(tmp_path, {"kind": "control", "what": "retry", "subject": "LPC-00304596", "at": 1.0})
        assert states(one.look(), "LPC") == "ddwddd"
        append(tmp_path, *batch_records(night, "LPC", 2))
        assert states(one.look(), "LPC") == "dddddd"


def test_a_batch_of_which_every_frame_is_marked_is_skipped(tmp_path: Path) -> None:
    made_night.write_journal(tmp_path, "C", 4, frames=3, is_whole=True)
    with watched(tmp_path) as one:
        one.look()
        for name in made_night.frame_names("LPC", 1, 3):
            append(tmp_path, {"kind": "control", "what": "mark", "subject": name, "at": 1.0})
        assert states(one.look(), "LPC") == "dsdd"


def test_a_look_with_nothing_new_is_the_snapshot_before(tmp_path: Path) -> None:
    made_night.write_journal(tmp_path, "CE", 4)
    with watched(tmp_path) as one:
        first = one.look()
        second = one.look(60.0)
    assert second.as_of_s > first.as_of_s
    assert second.revision == first.revision
    assert second.grid is first.grid
    assert second.status is first.status


def test_a_new_line_raises_the_revision_and_leaves_the_rest_as_it_is(tmp_path: Path) -> None:
    night = MadeNight(tmp_path, "CE", 5, 50, True, 1, is_whole=True)
    made_night.write_journal(tmp_path, "CE", 4, is_whole=True)
    with watched(tmp_path) as one:
        first = one.look()
        append(tmp_path, *batch_records(night, "LPC", 4))
        second = one.look()
    assert second.revision > first.revision
    assert states(second, "LPC") == "ddddd"
    assert second.grid["LPE"] is first.grid["LPE"]
    assert second.series["LPE"] is first.series["LPE"]
    assert second.grid["LPC"][0] is first.grid["LPC"][0]


def test_following_line_by_line_ends_where_one_look_does(tmp_path: Path) -> None:
    journal = made_night.write_journal(tmp_path / "whole", "CEW", 7)
    lines = journal.read_bytes().splitlines(keepends=True)
    growing = tmp_path / "growing"
    growing.mkdir()
    with watched(growing) as one, watched(tmp_path / "whole") as other:
        for start in range(0, len(lines), 60):
            with open(growing / "journal.jsonl", "ab") as file:
                file.writelines(lines[start : start + 60])
            found = one.look()
        whole = other.look()
    assert str(found.grid) == str(whole.grid)
    assert str(found.status) == str(whole.status)
    assert found.records == whole.records
    for camera, series in found.series.items():
        same_series(series, whole.series[camera])


def test_what_was_given_out_does_not_change_when_lines_come(tmp_path: Path) -> None:
    night = MadeNight(tmp_path, "C", 5, 50, False, 1)
    made_night.write_journal(tmp_path, "C", 4, is_over=False)
    with watched(tmp_path) as one:
        first = one.look()
        count, last = len(first.series["LPC"].lag_s), float(first.series["LPC"].lag_s[-1])
        for k in range(600):
            append(tmp_path, made_night.beat_record(night, night.start_s + 2000.0 + 5.0 * k))
        second = one.look()
    assert len(second.series["LPC"].lag_s) == count + 600
    assert (len(first.series["LPC"].lag_s), float(first.series["LPC"].lag_s[-1])) == (count, last)


def test_a_journal_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    made_night.write_journal(tmp_path, "CE", 6)
    with watched(tmp_path) as one:
        first = one.look()
        (tmp_path / "journal.jsonl").unlink()
        made_night.write_journal(tmp_path, "W", 2)
        second = one.look()
    assert list(second.grid) == ["LPW"]
    assert second.revision > first.revision


def test_a_folder_without_a_night_is_empty(tmp_path: Path) -> None:
    with watched(tmp_path / "nowhere") as one:
        found = one.look()
        assert found.status.state == "empty"
        assert (found.grid, found.series, found.alarms) == ({}, {}, ())
        made_night.write_journal(tmp_path / "nowhere", "C", 2)
        assert one.look().status.state == "finished"


def test_a_night_before_its_first_batch_shows_its_cameras(tmp_path: Path) -> None:
    night = MadeNight(tmp_path, "CE", 2, 50, False, 1)
    append(tmp_path, *made_night.records(night)[:5])
    with held(tmp_path), watched(tmp_path) as one:
        found = one.look()
    assert sorted(found.grid) == ["LPC", "LPE"]
    assert found.status.state == "running"
    assert len(found.series["LPC"].jd) == 0


def test_damaged_values_are_not_known_instead_of_an_error(tmp_path: Path) -> None:
    night = MadeNight(tmp_path, "C", 3, 50, True, 1)
    odd: dict[str, Any] = batch_records(night, "LPC", 1)[1]
    odd |= {"cells": {"3": "x"}, "astrometry": None, "calibration_stars": [["a"]], "sky": "bright"}
    odd["frames"][0] |= {"sky": "x", "overscan": None}
    append(tmp_path, made_night.header_record(night), *batch_records(night, "LPC", 0), odd)
    with watched(tmp_path) as one:
        found = one.look()
    series = found.series["LPC"]
    assert np.isnan(series.rms_px[1])
    assert np.isnan(series.frame_sky_adu[50])
    assert np.isfinite(series.frame_sky_adu[51])
    assert np.isnan(series.drift_arcmin[1]).all()


def test_all_that_is_shown_is_json(finished: NightSnapshot) -> None:
    from nightglass.core.mascara.watching.snapshot_json import snapshot_json

    told = json.loads(json.dumps(snapshot_json(finished), allow_nan=False))
    assert told["state"] == "finished"
    assert [cell["state"] for cell in told["grid"]["LPC"]][3] == "failed"
    assert told["grid"]["LPC"][3]["rms_px"] is None
    assert len(told["series"]["LPE"]["frame_sky_adu"]) == 400
    assert told["alarms"][0]["action"] == "retry"
    assert told["twilight"]["dusk_jd"] == finished.twilight.dusk_jd
    assert told["forecast"]["night_left_s"] == 0.0
    assert told["messages"][0]["level"] == "ERROR"


def test_the_command_prints_all_of_it_and_leaves_no_mark(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from nightglass.core.cli import main

    made_night.write_journal(tmp_path, "C", 4)
    assert main(["night", "status", "--json", str(tmp_path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["grid"]["LPC"]) == 4
    assert told["night"] == "20160130"
    assert not (tmp_path / "windows").exists()


def test_lags_of_another_night_stand_at_the_time_of_its_frames() -> None:
    at_s, year_s = 1.8e9, 3e7
    own = {"lag_s": 12.0, "behind_clock_s": year_s}
    story = Story()
    story.take([{"kind": "beat", "at": at_s, "cameras": {"LPC": own}}])
    story.take([{"kind": "beat", "at": at_s, "cameras": {"LPE": own | {"behind_clock_s": 9.0}}}])
    late, live = (story._history(camera)._lags.column(0)[0] for camera in ("LPC", "LPE"))
    assert (live - late) * 86400.0 == pytest.approx(year_s, abs=0.1)
