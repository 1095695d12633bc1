"""Following a folder: captures appear, grow, stumble and come back, and no frame is lost."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ..lightspeed.writer import cube_name, write_cube
from .night import BUNDLES, OTHER, SPEC, WHOLE, frames_of, shown_values, written

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.workbench import Workbench
    from nightglass.core.workbench.desk import OpenCapture

    from .night import Waiter

pytestmark = pytest.mark.usefixtures("quick_looks")


def shown(bench: Workbench) -> OpenCapture:
    assert bench.capture is not None
    return bench.capture


def has_counted(bench: Workbench, frames: int) -> bool:
    return bench.capture is not None and bench.capture.counted == frames


def test_the_first_frame_appears_by_itself(busy_bench: Workbench, until: Waiter, tmp_path: Path):
    folder = tmp_path / "tonight"
    told: list[str] = []
    busy_bench.following.changed.connect(lambda: told.append(busy_bench.following.state))
    busy_bench.pictures.look("main", WHOLE)
    busy_bench.follow(folder)
    until(lambda: "The folder is not there." in told)
    folder.mkdir()
    until(lambda: told[-1] == "")
    write_cube(folder, SPEC, 1)
    until(lambda: has_counted(busy_bench, BUNDLES) and "main" in busy_bench.pictures.shown)
    assert busy_bench.session.view.live
    assert shown(busy_bench).live
    assert busy_bench.following.state == ""
    until(lambda: busy_bench.pictures.shown["main"].frame == BUNDLES - 1)
    np.testing.assert_array_equal(shown_values(busy_bench), frames_of()[BUNDLES - 1])
    assert busy_bench.problems.entries() == ()


def test_the_newest_frame_is_shown_as_it_arrives(
    busy_bench: Workbench, until: Waiter, tmp_path: Path
) -> None:
    busy_bench.follow(written(tmp_path / "tonight", cubes=1))
    until(lambda: has_counted(busy_bench, BUNDLES))
    write_cube(tmp_path / "tonight", SPEC, 2)
    until(lambda: has_counted(busy_bench, 2 * BUNDLES))
    busy_bench.transport.tick()
    assert busy_bench.session.view.frame == 2 * BUNDLES - 1
    assert busy_bench.transport.behind == 0


def test_a_pause_counts_on_and_live_catches_up(
    busy_bench: Workbench, until: Waiter, tmp_path: Path
) -> None:
    folder = written(tmp_path / "tonight", cubes=1)
    busy_bench.follow(folder)
    until(lambda: has_counted(busy_bench, BUNDLES))
    busy_bench.transport.pause()
    for number in (2, 3):
        write_cube(folder, SPEC, number)
    until(lambda: has_counted(busy_bench, 3 * BUNDLES))
    busy_bench.transport.tick()
    assert busy_bench.session.view.frame == BUNDLES - 1
    assert busy_bench.transport.behind == 2 * BUNDLES
    assert busy_bench.strip(0, 0.0).behind == 2 * BUNDLES
    np.testing.assert_allclose(shown(busy_bench).curve.values, frames_of().mean(axis=(1, 2)))
    busy_bench.transport.go_live()
    assert (busy_bench.session.view.frame, busy_bench.session.view.live) == (3 * BUNDLES - 1, True)
    assert busy_bench.transport.behind == 0


def test_a_late_cube_is_put_in_its_place(
    busy_bench: Workbench, until: Waiter, tmp_path: Path
) -> None:
    folder = tmp_path / "tonight"
    folder.mkdir()
    for number in (1, 3):
        write_cube(folder, SPEC, number)
    busy_bench.follow(folder)
    until(lambda: has_counted(busy_bench, 2 * BUNDLES))
    revision = shown(busy_bench).curve.revision
    write_cube(folder, SPEC, 2)
    until(lambda: has_counted(busy_bench, 3 * BUNDLES))
    assert shown(busy_bench).curve.revision > revision
    np.testing.assert_allclose(shown(busy_bench).curve.values, frames_of().mean(axis=(1, 2)))
    until(lambda: shown(busy_bench).lost == 0)


def test_a_deleted_cube_is_forgotten(busy_bench: Workbench, until: Waiter, tmp_path: Path) -> None:
    folder = written(tmp_path / "tonight")
    busy_bench.follow(folder)
    until(lambda: has_counted(busy_bench, 3 * BUNDLES))
    sorted(folder.iterdir())[2].unlink()
    until(lambda: has_counted(busy_bench, 2 * BUNDLES))
    assert shown(busy_bench).captured == 2 * BUNDLES
    busy_bench.transport.tick()
    assert busy_bench.session.view.frame == 2 * BUNDLES - 1


def test_a_rewritten_cube_is_counted_anew(
    busy_bench: Workbench, until: Waiter, tmp_path: Path
) -> None:
    folder = written(tmp_path / "tonight", cubes=2)
    busy_bench.follow(folder)
    until(lambda: has_counted(busy_bench, 2 * BUNDLES))
    other = SPEC.with_(bundles=BUNDLES)
    path = write_cube(tmp_path, other, 7)
    # Cube 2 again with the counts of another one.
    content = path.read_bytes().replace(b"CUBEIDX =                    7",
                                        b"CUBEIDX =                    2")  # fmt: skip
    target = sorted(folder.iterdir())[1]
    target.write_bytes(content)
    os.utime(target, ns=(1, target.stat().st_mtime_ns + 10**9))
    expected = np.concatenate([frames_of(numbers=(1,)), frames_of(numbers=(7,))]).mean(axis=(1, 2))

    def is_anew() -> bool:
        values = shown(busy_bench).curve.values
        return len(values) == len(expected) and bool(np.allclose(values, expected))

    until(is_anew)


def test_a_new_capture_takes_over(busy_bench: Workbench, until: Waiter, tmp_path: Path) -> None:
    folder = written(tmp_path / "tonight", cubes=1)
    busy_bench.follow(folder)
    until(lambda: has_counted(busy_bench, BUNDLES))
    first = shown(busy_bench)
    busy_bench.transport.pause()
    write_cube(folder, OTHER, 1)
    until(lambda: shown(busy_bench) is not first and has_counted(busy_bench, BUNDLES))
    assert shown(busy_bench).source.name == "vela_20251210_011500"
    assert busy_bench.session.view.live
    assert len(busy_bench.desk) == 2


@pytest.mark.expected_log
def test_a_folder_that_goes_away_and_comes_back_is_told_and_nothing_is_lost(
    busy_bench: Workbench, until: Waiter, tmp_path: Path
) -> None:
    folder = written(tmp_path / "tonight", cubes=1)
    busy_bench.follow(folder)
    until(lambda: has_counted(busy_bench, BUNDLES))
    away = folder.rename(tmp_path / "unplugged")
    until(busy_bench.problems.entries)
    (told,) = busy_bench.problems.entries()
    assert (told.severity, told.title, told.path) == ("warning", "The folder is away", str(folder))
    assert str(folder) in told.text
    assert busy_bench.following.state == "The folder is not there."
    write_cube(away, SPEC, 2)
    shutil.move(away, folder)
    until(lambda: has_counted(busy_bench, 2 * BUNDLES))
    assert [entry.title for entry in busy_bench.problems.entries()] == [
        "The folder is away", "The folder is back",
    ]  # fmt: skip
    assert busy_bench.following.state == ""
    np.testing.assert_allclose(
        shown(busy_bench).curve.values, frames_of(numbers=(1, 2)).mean(axis=(1, 2))
    )


def test_a_half_written_cube_is_named_and_taken_when_it_is_whole(
    busy_bench: Workbench, until: Waiter, tmp_path: Path
) -> None:
    folder = written(tmp_path / "tonight", cubes=1)
    content = write_cube(tmp_path, SPEC, 2).read_bytes()
    half = folder / cube_name(SPEC, 2)
    half.write_bytes(content[: len(content) // 2])
    told: list[str] = []
    busy_bench.following.changed.connect(
        lambda: told.extend(busy_bench.following.state.replace(":", "").split())
    )
    busy_bench.follow(folder)
    until(lambda: half.name in told and has_counted(busy_bench, BUNDLES))
    half.write_bytes(content)
    until(lambda: has_counted(busy_bench, 2 * BUNDLES))
    assert busy_bench.following.state == ""
    assert busy_bench.problems.entries() == ()


def test_a_stranger_under_the_captures_name_is_one_problem(
    busy_bench: Workbench, until: Waiter, tmp_path: Path, expected_log
) -> None:
    folder = written(tmp_path / "tonight", cubes=1)
    busy_bench.follow(folder)
    until(lambda: has_counted(busy_bench, BUNDLES))
    path = write_cube(folder, SPEC.with_(rows=6, columns=8), 2)
    until(busy_bench.problems.entries)
    (told,) = busy_bench.problems.entries()
    assert told.path == str(path)
    write_cube(folder, SPEC, 3)
    until(lambda: has_counted(busy_bench, 2 * BUNDLES))
    assert len(busy_bench.problems.entries()) == 1


def test_nothing_arrives_after_a_stop(busy_bench: Workbench, until: Waiter, tmp_path: Path) -> None:
    folder = written(tmp_path / "tonight", cubes=1)
    busy_bench.follow(folder)
    until(lambda: has_counted(busy_bench, BUNDLES))
    job = busy_bench.following._job
    busy_bench.following.stop()
    write_cube(folder, SPEC, 2)
    until(lambda: job.state.is_finished)
    busy_bench.engine.mailbox.drain()
    assert shown(busy_bench).captured == BUNDLES
    assert not shown(busy_bench).live
    assert not busy_bench.session.view.live
    assert (busy_bench.following.folder, busy_bench.following.state) == (None, "")


def test_an_opened_capture_can_be_followed_on(
    busy_bench: Workbench, until: Waiter, tmp_path: Path
) -> None:
    folder = written(tmp_path / "tonight", cubes=1)
    busy_bench.open([folder])
    until(lambda: has_counted(busy_bench, BUNDLES))
    opened = shown(busy_bench)
    busy_bench.follow(folder)
    until(lambda: shown(busy_bench) is not opened and has_counted(busy_bench, BUNDLES))
    write_cube(folder, SPEC, 2)
    until(lambda: has_counted(busy_bench, 2 * BUNDLES))
    assert len(busy_bench.desk) == 1
    assert opened.source._closed
    assert busy_bench.problems.entries() == ()


def test_closing_a_followed_capture_leaves_the_rest_alone(
    busy_bench: Workbench, until: Waiter, tmp_path: Path
) -> None:
    folder = written(tmp_path / "tonight", cubes=1)
    busy_bench.follow(folder)
    until(lambda: has_counted(busy_bench, BUNDLES))
    busy_bench.desk.close(shown(busy_bench).key)
    write_cube(folder, SPEC, 2)
    write_cube(folder, OTHER, 1)
    until(lambda: has_counted(busy_bench, BUNDLES))
    assert shown(busy_bench).source.name == "vela_20251210_011500"
    assert busy_bench.problems.entries() == ()
