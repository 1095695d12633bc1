"""Sessions saved and opened: everything is as it was."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.picture.limits import Limits
from nightglass.core.picture.stretch import Stretch
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.shapes import Annulus, Box, Circle, Polygon
from nightglass.core.session.document import CameraRecord
from nightglass.core.session.view import Stack
from nightglass.core.workbench.sessions.sessions import Sessions

from .night import BUNDLES, CUBES, OTHER, written

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.problems import ProblemList
    from nightglass.core.workbench import Workbench

    from .night import Waiter

STAR = RegionEntry("circle", Circle(12.25, 9.0, 4.5), properties={"text": "pulsar"}, tags=("a",))
SKY = RegionEntry("annulus", Annulus(12.25, 9.0, 6.0, 9.0), background=True)
OUT = RegionEntry("polygon", Polygon(((1.0, 2.0), (3.0, 4.0), (0.1, 9.0))), include=False)
CAMERA = CameraRecord(x=3.0, y=4.0, zoom=8.0, flip_y=True)


@pytest.fixture
def sessions(bench: Workbench) -> Sessions:
    return Sessions(bench)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "night" / "work.nightglass.json"


@pytest.fixture
def busy(bench: Workbench, sessions: Sessions, capture_folder: Path) -> Sessions:
    """Two captures, the first shown with everything about it changed, and regions."""
    bench.open([capture_folder])
    bench.open([written(capture_folder.parent / "vela", OTHER)])
    bench.transport.go_to(7)
    bench.show(bench.desk.order[0])
    bench.session.change(
        frame=12, other=bench.desk.order[1], layout="tile", play_range=(3, 20),
        limits=Limits("manual", low=190.0, high=400.0), limits_locked=True, colour_map="viridis",
        stretch=Stretch("log", 500.0), inverted=True, stack=Stack(5, "median"), use_flat=False,
    )  # fmt: skip
    regions = bench.regions.list
    regions.add([STAR, SKY], "Draw")
    regions.add([OUT], "Draw")
    sessions.camera = CAMERA
    return sessions


def regions_of(bench: Workbench) -> list[RegionEntry]:
    return list(bench.regions.list.entries.values())


def test_everything_is_as_it_was(bench: Workbench, busy: Sessions, place: Path) -> None:
    order, view = bench.desk.order, bench.session.view
    told: list[Path] = []
    busy.save(place, told.append)
    assert told == [place]
    busy.new()
    assert (bench.desk.order, regions_of(bench), busy.path) == ((), [], None)
    bench.session.change(stretch=Stretch(), inverted=False, use_flat=True)
    busy.open(place)
    assert bench.desk.order == order
    assert bench.session.view == view
    assert [capture.frame_seen for capture in bench.desk][1] == 7
    assert regions_of(bench) == [STAR, SKY, OUT]
    assert bench.regions.list.chosen() == {max(bench.regions.list.entries): OUT}
    assert busy.camera == CAMERA
    assert busy.path == place
    assert bench.problems.entries() == ()


def test_undo_begins_anew(bench: Workbench, busy: Sessions, place: Path) -> None:
    busy.save(place)
    busy.open(place)
    regions = bench.regions.list
    assert (regions.undo_label, regions.redo_label) == (None, None)
    assert list(regions.entries) == sorted(regions.entries)
    assert regions.is_saved


def test_the_title_tells_the_name_and_whether_regions_are_saved(
    bench: Workbench, busy: Sessions, place: Path
) -> None:
    titles: list[str] = []
    busy.changed.connect(lambda: titles.append(busy.title_part()))
    assert busy.title_part() == "*"
    busy.save(place)
    assert titles[-1] == busy.title_part() == "work"
    bench.regions.list.remove([1], "Delete")
    assert titles[-1] == busy.title_part() == "work*"
    bench.regions.list.undo()
    assert busy.title_part() == "work"


def test_a_session_needs_a_name_once(bench: Workbench, busy: Sessions, place: Path) -> None:
    with pytest.raises(NightglassError, match="no file yet"):
        busy.save()
    busy.save(place.with_name("work"))
    assert busy.path == place
    bench.regions.list.remove([1], "Delete")
    busy.save()
    busy.new()
    busy.open(place)
    assert regions_of(bench) == [SKY, OUT]


def test_paths_are_relative_so_that_all_can_be_moved(
    bench: Workbench, busy: Sessions, place: Path, tmp_path: Path
) -> None:
    busy.measure = {"lc": {"--eph": str(place.parent / "crab.par"), "--bins": "64"}}
    (place.parent / "crab.par").write_text("F0 29.6\n")
    busy.save(place)
    entries = json.loads(place.read_text())
    assert [one["file"]["relative"] for one in entries["captures"]] == [
        "crab/crab_20251210_001500_cube001.fits", "vela/vela_20251210_011500_cube001.fits",
    ]  # fmt: skip
    assert entries["ephemeris"]["text"] == "F0 29.6\n"
    busy.new()
    shutil.move(place.parent, tmp_path / "archive")
    busy.open(tmp_path / "archive" / place.name)
    assert [one.source.path.parent.parent for one in bench.desk] == [tmp_path / "archive"] * 2
    moved = str(tmp_path / "archive" / "crab.par")
    assert busy.measure == {"lc": {"--eph": moved, "--bins": "64"}}
    assert bench.problems.entries() == ()


def test_a_missing_capture_is_named_and_the_rest_opens(
    bench: Workbench, busy: Sessions, place: Path, problems: ProblemList, expected_log: list
) -> None:
    busy.save(place)
    busy.new()
    shutil.rmtree(place.parent / "crab")
    busy.open(place)
    assert [capture.source.name for capture in bench.desk] == ["vela_20251210_011500"]
    assert regions_of(bench) == [STAR, SKY, OUT]
    view = bench.session.view
    assert (view.capture, view.other, view.layout) == (bench.desk.order[0], None, "single")
    assert (view.frame, view.play_range) == (0, None)
    assert view.stretch == Stretch("log", 500.0)
    (problem,) = problems.entries()
    assert problem.severity == "warning"
    assert "crab_20251210_001500 is no longer at" in problem.text
    assert problem.hint


def test_a_capture_that_changed_is_named(
    bench: Workbench, busy: Sessions, place: Path, problems: ProblemList, expected_log: list
) -> None:
    busy.save(place)
    busy.new()
    cube = sorted((place.parent / "crab").iterdir())[1]
    os.utime(cube, (2e9, 2e9))
    sorted((place.parent / "vela").iterdir())[2].unlink()
    busy.open(place)
    texts = [problem.text for problem in problems.entries()]
    assert len(texts) == 2
    assert "crab_20251210_001500 had 3 files of" in texts[0]
    assert "written at another time" in texts[0]
    assert "vela_20251210_011500 had 3 files" in texts[1]
    assert "has 2 files" in texts[1]
    assert len(bench.desk) == 2


def test_a_cube_that_never_could_be_read_is_no_change(
    bench: Workbench, sessions: Sessions, place: Path, capture_folder: Path, expected_log: list
) -> None:
    sorted(capture_folder.iterdir())[1].write_bytes(b"SIMPLE  =")
    bench.open([capture_folder])
    sessions.save(place)
    before = len(bench.problems.entries())
    bench.problems.clear()
    sessions.open(place)
    assert len(bench.problems.entries()) == before
    assert not any("has changed" in problem.title for problem in bench.problems.entries())


def test_a_frame_that_is_no_more_becomes_the_last(
    bench: Workbench, busy: Sessions, place: Path, expected_log: list
) -> None:
    bench.session.change(frame=BUNDLES * CUBES - 1)
    busy.save(place)
    busy.new()
    sorted((place.parent / "crab").iterdir())[2].unlink()
    busy.open(place)
    assert bench.session.view.frame == BUNDLES * (CUBES - 1) - 1


def test_a_session_that_cannot_be_opened_leaves_everything_as_it_is(
    bench: Workbench, busy: Sessions, place: Path, problems: ProblemList, expected_log: list
) -> None:
    view, order = bench.session.view, bench.desk.order
    place.write_text("{")
    busy.open(place)
    assert (bench.session.view, bench.desk.order) == (view, order)
    assert regions_of(bench) == [STAR, SKY, OUT]
    assert busy.path is None
    assert "damaged in line 1" in problems.entries()[0].text


@pytest.mark.parametrize(
    "shape", [{"kind": "blob"}, {"kind": "circle", "x": 1}, {"kind": "rings"}, {"kind": "rings",
              "rings": [3]}]
)  # fmt: skip
def test_a_region_that_is_not_understood_is_named(
    bench: Workbench, busy: Sessions, place: Path, problems: ProblemList, expected_log: list, shape
) -> None:
    busy.save(place)
    entries = json.loads(place.read_text())
    entries["regions"][1]["shape"] = shape
    place.write_text(json.dumps(entries))
    busy.open(place)
    assert "region 2" in problems.entries()[0].text
    assert regions_of(bench) == [STAR, SKY, OUT]


def test_a_session_that_cannot_be_saved_is_told(
    bench: Workbench, busy: Sessions, tmp_path: Path, problems: ProblemList, expected_log: list
) -> None:
    busy.save(tmp_path / "nowhere" / "x")
    assert "is not there" in problems.entries()[0].text
    assert busy.path is None
    assert not bench.regions.list.is_saved


def test_keys_of_a_newer_program_are_kept(bench: Workbench, busy: Sessions, place: Path) -> None:
    busy.save(place)
    entries = json.loads(place.read_text()) | {"weather": "clear", "minor": 4}
    place.write_text(json.dumps(entries))
    busy.open(place)
    bench.regions.list.remove(list(bench.regions.list.entries)[:1], "Delete")
    busy.save()
    again = json.loads(place.read_text())
    assert (again["weather"], again["minor"], len(again["regions"])) == ("clear", 4, 2)


def test_the_text_of_a_par_file_outlives_the_file(
    bench: Workbench, busy: Sessions, place: Path, problems: ProblemList, expected_log: list
) -> None:
    par = place.parent / "crab.par"
    par.write_text("F0 29.6\n")
    busy.measure = {"lc": {"--eph": str(par)}}
    busy.save(place)
    par.unlink()
    busy.open(place)
    assert "crab.par is not there" in problems.entries()[0].text
    busy.save()
    assert json.loads(place.read_text())["ephemeris"]["text"] == "F0 29.6\n"


def test_a_region_file_can_still_be_saved_byte_by_byte(
    bench: Workbench, sessions: Sessions, place: Path, capture_folder: Path
) -> None:
    text = (
        "# Region file format: DS9 version 4.1\nglobal color=red width=2\nimage\n"
        "circle( 12.0 , 9,4.50 ) # text={star}  tag={a}\nsomething odd\n-box(3,4,5,6,30)\n"
    )
    file = place.parent / "stars.reg"
    file.write_text(text)
    bench.open([capture_folder])
    bench.regions.load(file)
    before = regions_of(bench)
    sessions.save(place)
    sessions.new()
    assert bench.regions.path is None
    sessions.open(place)
    assert regions_of(bench) == before
    assert bench.regions.path == file
    file.unlink()
    bench.regions.save()
    assert file.read_text() == text


def test_a_region_that_was_changed_is_told_from_the_one_in_its_file(
    bench: Workbench, sessions: Sessions, place: Path, capture_folder: Path
) -> None:
    file = place.parent / "stars.reg"
    file.write_text("image\ncircle(12,9,4.5)\nbox(3,4,5,6,0)\npoint(1,2)\n")
    bench.regions.load(file)
    first, second, third = bench.regions.list.entries
    moved = replace(bench.regions.list.entries[second], shape=Box(4.0, 4.0, 5.0, 6.0, 0.0))
    bench.regions.list.edit("Move", {second: moved, third: None})
    bench.regions.list.reorder([second, first], "Order")
    before, document = regions_of(bench), bench.regions.list.document
    sessions.save(place)
    entries = json.loads(place.read_text())
    kept = entries["region_file"]["regions"]
    assert [one is None for one in kept] == [True, False, False]
    sessions.open(place)
    assert regions_of(bench) == before
    assert bench.regions.list.document == document


def test_a_file_region_that_nobody_tells_of_is_refused(
    bench: Workbench, sessions: Sessions, place: Path, problems: ProblemList, expected_log: list
) -> None:
    place.parent.mkdir()
    sessions.save(place)
    entries = json.loads(place.read_text())
    entries["region_file"] = {"text": "image\npoint(1,2)\n", "regions": [None]}
    place.write_text(json.dumps(entries))
    sessions.open(place)
    assert "region_file.regions.0" in problems.entries()[0].text


def test_opening_another_while_one_opens_shows_the_other(
    busy_bench: Workbench, until: Waiter, place: Path, capture_folder: Path
) -> None:
    sessions, done = Sessions(busy_bench), []
    busy_bench.open([capture_folder])
    until(lambda: busy_bench.capture is not None)
    busy_bench.regions.list.add([STAR], "Draw")
    sessions.save(place, done.append)
    until(lambda: done)
    other = place.with_name("other.nightglass.json")
    busy_bench.regions.list.add([SKY], "Draw")
    busy_bench.transport.go_to(9)
    sessions.save(other, done.append)
    until(lambda: len(done) == 2)
    ended: list[str] = []
    sessions.open(place, lambda: ended.append("first"))
    sessions.open(other, lambda: ended.append("second"))
    until(lambda: "second" in ended)
    assert sessions.path == other
    assert regions_of(busy_bench) == [STAR, SKY]
    assert busy_bench.session.view.frame == 9
    assert len(busy_bench.desk) == 1


@pytest.mark.usefixtures("quick_looks")
@pytest.mark.parametrize("was_live", [True, False])
def test_a_folder_that_was_followed_is_followed_again(
    busy_bench: Workbench, until: Waiter, place: Path, capture_folder: Path, was_live: bool
) -> None:
    sessions, done = Sessions(busy_bench), []
    busy_bench.follow(capture_folder)
    until(lambda: busy_bench.capture is not None and busy_bench.capture.counted == BUNDLES * CUBES)
    if not was_live:
        busy_bench.transport.go_to(4)
    sessions.save(place, done.append)
    until(lambda: done)
    sessions.new()
    assert busy_bench.following.folder is None
    started: list[str] = []
    busy_bench.following.started.connect(started.append)
    sessions.open(place, lambda: done.append(place))
    until(lambda: len(done) == 2 and started)
    assert busy_bench.following.folder == capture_folder
    until(lambda: busy_bench.capture is not None and busy_bench.capture.counted == BUNDLES * CUBES)
    view = busy_bench.session.view
    assert view.live is was_live
    assert was_live or view.frame == 4
    assert len(busy_bench.desk) == 1
