"""Opening, closing and counting captures on the desk."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.lightspeed import counting

from .night import BUNDLES, CUBES, OTHER, WHOLE, frames_of, shown_values, written

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.problems import ProblemList
    from nightglass.core.workbench import Workbench

    from .night import Waiter

FRAMES = BUNDLES * CUBES


def image(path: Path, values: np.ndarray) -> Path:
    fits.PrimaryHDU(values).writeto(path)
    return path


def test_one_cube_brings_its_whole_capture(bench: Workbench, capture_folder: Path) -> None:
    bench.open([sorted(capture_folder.iterdir())[1]])
    assert bench.capture is not None
    assert bench.capture.captured == FRAMES
    assert bench.session.view.frame == 0
    assert bench.problems.entries() == ()


def test_every_frame_is_counted(bench: Workbench, capture_folder: Path) -> None:
    bench.open([capture_folder])
    capture = bench.capture
    assert capture is not None
    assert (capture.read, capture.counted, capture.lost) == (FRAMES, FRAMES, 0)
    # The frame is smaller than the box of 32 x 32 pixels, so all of its columns are in it.
    np.testing.assert_allclose(capture.curve.values, frames_of().mean(axis=(1, 2)), rtol=1e-12)
    np.testing.assert_allclose(capture.curve.seconds, np.arange(FRAMES) * 0.0051, atol=1e-6)


def test_a_folder_of_captures_opens_them_all_and_shows_the_first(
    bench: Workbench, capture_folder: Path
) -> None:
    written(capture_folder, OTHER)
    bench.open([capture_folder])
    names = [capture.source.name for capture in bench.desk]
    assert names == ["crab_20251210_001500", "vela_20251210_011500"]
    assert bench.capture is not None
    assert bench.capture.source.name == names[0]


def test_a_list_of_files_opens_each(bench: Workbench, tmp_path: Path, capture_folder: Path) -> None:
    other = written(tmp_path / "vela", OTHER)
    sky = image(tmp_path / "sky.fits", np.ones((5, 6), np.float32))
    bench.open([next(other.iterdir()), sky, next(capture_folder.iterdir())])
    assert {capture.source.name for capture in bench.desk} == {
        "crab_20251210_001500", "vela_20251210_011500", "sky.fits",
    }  # fmt: skip


@pytest.mark.parametrize("shape", [(7, 9), (3, 7, 9)])
def test_any_fits_image_opens(bench: Workbench, tmp_path: Path, shape: tuple[int, ...]) -> None:
    values = np.random.default_rng(1).normal(100, 5, shape).astype(np.float32)
    bench.pictures.look("main", WHOLE)
    bench.open([image(tmp_path / "sky.fits", values)])
    assert bench.capture is not None
    assert bench.capture.captured == (1 if len(shape) == 2 else shape[0])
    bench.transport.go_to_last()
    np.testing.assert_array_equal(shown_values(bench), values if len(shape) == 2 else values[-1])


def test_opening_it_again_shows_it_again(bench: Workbench, tmp_path: Path, capture_folder: Path):
    bench.open([capture_folder])
    first = bench.capture
    bench.open([written(tmp_path / "vela", OTHER)])
    assert bench.capture is not first
    bench.open([capture_folder])
    assert bench.capture is first
    assert len(bench.desk) == 2
    bench.pictures.look("main", WHOLE)
    bench.transport.go_to(4)
    np.testing.assert_array_equal(shown_values(bench), frames_of()[4])


@pytest.mark.expected_log
def test_the_next_one_is_opened_beside_the_one_shown_by_following(
    bench: Workbench, tmp_path: Path, capture_folder: Path
) -> None:
    bench.open([tmp_path / "nothing.fits"])
    bench.open([capture_folder])
    assert bench.capture is not None
    (problem,) = bench.problems.entries()
    assert "nothing.fits" in problem.text


def test_the_one_opened_last_is_shown_however_quickly(
    busy_bench: Workbench, until: Waiter, tmp_path: Path, capture_folder: Path
) -> None:
    busy_bench.open([capture_folder])
    busy_bench.open([written(tmp_path / "vela", OTHER)])
    until(lambda: len(busy_bench.desk) == 2)
    assert busy_bench.session.view.capture == busy_bench.desk.order[1]


def test_a_capture_is_shown_again_at_the_frame_seen_last(bench, tmp_path, capture_folder) -> None:
    bench.open([capture_folder])
    bench.transport.go_to(17)
    bench.open([written(tmp_path / "vela", OTHER, cubes=1)])
    assert bench.session.view.frame == 0
    bench.transport.go_to(4)
    first, second = bench.desk.order
    bench.show(first)
    assert bench.session.view.frame == 17
    bench.show(second)
    assert bench.session.view.frame == 4


def test_two_captures_side_by_side_change_places(bench, tmp_path, capture_folder) -> None:
    bench.open([capture_folder])
    bench.open([written(tmp_path / "vela", OTHER)])
    first, second = bench.desk.order
    bench.session.change(other=first, layout="tile")
    bench.show(first)
    assert (bench.session.view.capture, bench.session.view.other) == (first, second)


def test_files_left_out_are_one_entry(bench: Workbench, capture_folder: Path) -> None:
    for number in range(5):
        (capture_folder / f"stray{number}.fits").write_bytes(b"no image")
    bench.open([capture_folder])
    (note,) = bench.problems.entries()
    assert (note.severity, note.title) == ("notice", "5 files were left out")
    assert "stray0.fits" in note.text
    assert note.text.endswith("And 2 more.")
    assert bench.capture is not None


def test_what_is_closed_while_it_is_counted_tells_nothing_more(
    busy_bench: Workbench, until: Waiter, capture_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, go_on = threading.Event(), threading.Event()
    whole = counting.box_sums

    def slow(*arguments):
        reached.set()
        assert go_on.wait(10)
        return whole(*arguments)

    monkeypatch.setattr(counting, "box_sums", slow)
    grown: list[str] = []
    busy_bench.desk.grown.connect(grown.append)
    busy_bench.open([capture_folder])
    until(lambda: busy_bench.capture is not None and reached.is_set())
    capture = busy_bench.capture
    assert capture is not None
    assert capture.job is not None
    grown.clear()
    busy_bench.desk.close(capture.key)
    go_on.set()
    until(lambda: capture.job.state.is_finished)
    until(lambda: not busy_bench.engine._board.active())
    assert grown == []
    assert len(capture.curve) == 0
    assert busy_bench.capture is None
    assert busy_bench.problems.entries() == ()


def test_closing_the_one_shown_shows_another(bench: Workbench, tmp_path: Path, capture_folder):
    bench.open([capture_folder])
    bench.open([written(tmp_path / "vela", OTHER)])
    shown, left = bench.desk.order[1], bench.desk.order[0]
    assert bench.session.view.capture == shown
    bench.session.change(other=left, layout="tile")
    bench.desk.close(left)
    assert (bench.session.view.other, bench.session.view.layout) == (None, "single")
    bench.desk.close(shown)
    assert bench.session.view.capture is None
    assert bench.desk.order == ()


def test_pictures_stop_at_once_when_their_capture_is_closed(
    busy_bench: Workbench, until: Waiter, capture_folder: Path
) -> None:
    """No slot may read on from closed files and call that a problem."""
    for _ in range(5):
        busy_bench.open([capture_folder])
        until(lambda: busy_bench.capture is not None)
        for slot in ("main", "panner", "magnifier"):
            busy_bench.pictures.look(slot, WHOLE)
        for frame in range(20):
            busy_bench.transport.go_to(frame)
        busy_bench.desk.close(busy_bench.desk.order[0])
        until(lambda: not busy_bench.engine._board.active())
    assert busy_bench.problems.entries() == ()


def test_a_missing_cube_is_accounted_for(bench: Workbench, capture_folder: Path) -> None:
    sorted(capture_folder.iterdir())[1].unlink()
    bench.open([capture_folder])
    capture = bench.capture
    assert capture is not None
    assert capture.accounting is not None
    assert capture.accounting.missing_cubes == (2,)
    assert capture.lost == BUNDLES
    assert [gap.after_frame for gap in capture.accounting.gaps] == [BUNDLES - 1]


def test_nothing_needs_a_capture_to_be_open(bench: Workbench, problems: ProblemList) -> None:
    transport = bench.transport
    for move in (transport.play, transport.pause, transport.toggle, transport.go_live,
                 transport.tick, transport.go_to_first, transport.go_to_last):  # fmt: skip
        move()
    transport.step(3)
    transport.set_range(1, 2)
    bench.pictures.refresh()
    bench.strip(0, 0.0)
    bench.desk.close("nobody")
    assert bench.session.view.frame == 0
    assert problems.entries() == ()
