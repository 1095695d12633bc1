"""What observers do, from the first move to the result, without a manual."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.simulate.lightspeed import simulate_capture
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QFileDialog

from ..core.lightspeed.writer import write_cube
from ..core.workbench.night import BUNDLES, SKY, SPEC, written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .desktop import Desktop


def test_drop_a_cube_see_the_star_zoom_until_it_fills_the_view(desktop, night: Path) -> None:
    cube = sorted((night / "crab").glob("*cube002.fits"))
    desktop.drop(*cube)
    desktop.wait(lambda: desktop.capture is not None and desktop.capture.counted == 300)
    desktop.wait_for_picture()
    assert desktop.window.windowTitle().startswith("crab")
    assert [row.frames for row in desktop.window.captures.model.rows] == [300]
    strip = desktop.window.strip
    desktop.wait(lambda: strip.text("counted") == "300" and strip.text("captured") == "300")
    assert strip.text("lost").endswith(" 0")
    assert desktop.window.timeline.n_frames == 300
    # The pulsar is in the middle of the frame; z takes it there about the middle of the view.
    desktop.look_at_picture()
    for _ in range(3):
        desktop.press("z")
    x, y = desktop.at(31.5, 31.5).x(), desktop.at(31.5, 31.5).y()
    assert abs(x - desktop.frame_view.width() / 2) < 8
    assert abs(y - desktop.frame_view.height() / 2) < 8
    # Its light curve is the pulsar's: far more scatter than photons alone would give.
    curve = desktop.capture.curve.values
    assert curve.std() > 5 * np.abs(np.diff(np.sort(curve))).mean()
    desktop.press(Qt.Key.Key_Space)
    desktop.wait(lambda: desktop.view.frame > 5)
    assert desktop.problems == ()


@pytest.mark.usefixtures("quick_looks")
def test_follow_tonights_folder_before_the_first_cube_exists(desktop, tmp_path: Path, monkeypatch):
    folder = tmp_path / "tonight"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    desktop.act("file.follow")
    empty = desktop.frame_view.empty_state
    assert empty.isVisible()
    assert "first frame appears by itself" in empty.text
    folder.mkdir()
    write_cube(folder, SPEC, 1)
    desktop.wait(lambda: desktop.capture is not None and desktop.capture.counted == BUNDLES)
    desktop.wait_for_picture()
    assert not empty.isVisible()
    assert desktop.is_checked("frame.live")
    assert desktop.view.frame == BUNDLES - 1
    # Off for a coffee: everything is counted, the newest frame is on the screen.
    for number in range(2, 8):
        write_cube(folder, SPEC, number)
    desktop.wait(lambda: desktop.capture.counted == 7 * BUNDLES)
    desktop.wait(lambda: desktop.view.frame == 7 * BUNDLES - 1)
    desktop.wait_for_picture()
    strip = desktop.window.strip
    desktop.wait(lambda: strip.text("counted") == "70" and strip.text("behind") == "0")
    # Something caught the eye: pause, look back, and come back without a loss.
    desktop.look_at_picture()
    desktop.press(Qt.Key.Key_Space)
    assert not desktop.is_checked("frame.live")
    desktop.act("frame.first")
    write_cube(folder, SPEC, 8)
    desktop.wait(lambda: desktop.capture.counted == 8 * BUNDLES)
    assert desktop.view.frame == 0
    desktop.wait(lambda: strip.text("behind") == "79")
    desktop.wait(lambda: desktop.window.playback._behind.text() == "79 behind")
    desktop.press("n")
    assert (desktop.view.live, desktop.view.frame) == (True, 79)
    assert desktop.window.timeline.n_points == 80
    assert desktop.problems == ()


@pytest.mark.usefixtures("quick_looks")
def test_live_frames_leave_zoom_marks_and_limits_alone(desktop: Desktop, tmp_path: Path) -> None:
    folder = written(tmp_path / "tonight", cubes=1)
    desktop.bench.follow(folder)
    desktop.wait(lambda: desktop.capture is not None and desktop.capture.counted == BUNDLES)
    desktop.wait_for_picture()
    desktop.frame_view.set_zoom(12.0)
    desktop.frame_view.centre_on(5.0, 7.0)
    desktop.frame_view.set_marker(6.0, 8.0)
    desktop.act("scale.lock")
    desktop.wait(desktop.is_idle)
    camera, limits = desktop.frame_view.camera, desktop.picture.picture.low
    chosen = desktop.window.captures.tree.currentIndex()
    for number in (2, 3):
        write_cube(folder, SPEC, number)
    desktop.wait(lambda: desktop.view.frame == 3 * BUNDLES - 1)
    desktop.wait_for_picture()
    assert desktop.frame_view.camera == camera
    assert desktop.frame_view.marker == (6.0, 8.0)
    assert desktop.picture.picture.low == limits
    assert desktop.window.captures.tree.currentIndex() == chosen


@pytest.mark.expected_log
@pytest.mark.usefixtures("quick_looks")
def test_the_disk_unplugs_and_comes_back_and_the_strip_says_what_is_missing(
    desktop: Desktop, tmp_path: Path
) -> None:
    folder = written(tmp_path / "disk" / "tonight", cubes=2)
    desktop.bench.follow(folder)
    desktop.wait(lambda: desktop.capture is not None and desktop.capture.counted == 2 * BUNDLES)
    unplugged = (tmp_path / "disk").rename(tmp_path / "unplugged")
    desktop.wait(lambda: desktop.problems)
    (told,) = desktop.problems
    assert told.title == "The folder is away"
    assert str(folder) in told.text
    assert "goes on when it is back" in told.hint
    assert "not there" in desktop.window.captures._follow_text.whole
    # Scrubbing meanwhile: what cannot be read says so once, and the window stays usable.
    desktop.act("frame.first")
    desktop.act("zoom.fit")
    # The camera's own memory ran over meanwhile: cube 3 never reached the disk.
    write_cube(unplugged / "tonight", SPEC, 4)
    shutil.move(unplugged, tmp_path / "disk")
    desktop.wait(lambda: desktop.capture.counted == 3 * BUNDLES)
    desktop.wait(lambda: desktop.capture.lost == BUNDLES)
    strip = desktop.window.strip
    desktop.wait(lambda: strip.text("lost") == f"▲ {BUNDLES}")
    desktop.wait(lambda: desktop.window.timeline._gaps)
    (gap,) = desktop.window.timeline._gaps
    assert (gap.after_frame, gap.frames) == (2 * BUNDLES - 1, BUNDLES)
    expected = desktop.capture.source.read(2 * BUNDLES)
    desktop.bench.transport.go_to(2 * BUNDLES)
    desktop.wait_for_picture()
    np.testing.assert_array_equal(desktop.picture.values(), expected)


def test_calibrate_compare_save(crab: Desktop, night: Path, tmp_path: Path, monkeypatch) -> None:
    panel = crab.window.calibration
    bias = sorted((night / "bias").glob("*.fits"))[0]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(bias), ""))
    panel.buttons["choose bias"].click()
    crab.wait(lambda: "bias" in crab.bench.calibrations.masters)
    crab.wait(crab.is_idle)
    assert panel.uses["bias"].isChecked()
    assert abs(float(np.median(crab.picture.calibrated()))) < 3.0
    panel.uses["bias"].click()
    crab.wait(crab.is_idle)
    assert float(np.median(crab.picture.calibrated())) == pytest.approx(199.5, abs=3.0)
    assert not crab.is_checked("calibration.bias")
    flat = sorted((night / "flat").glob("*.fits"))[0]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(flat), ""))
    panel.buttons["choose flat"].click()
    crab.wait(lambda: "flat" in crab.bench.calibrations.masters)
    assert "filter" in panel.notes["flat"].text()
    panel.buttons["remove flat"].click()
    assert "flat" not in crab.bench.calibrations.masters
    crab.open(night / "bias")
    master = tmp_path / "master_bias.fits"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(master), ""))
    crab.wait(lambda: any(name.startswith("bias") for _, name in panel._captures))
    panel.menus["bias"].aboutToShow.emit()
    next(entry for entry in panel.menus["bias"].actions() if "bias" in entry.text()).trigger()
    crab.wait(master.exists)
    crab.wait(lambda: crab.bench.calibrations.masters["bias"].path == master)
    assert crab.problems == ()


@pytest.mark.usefixtures("quick_looks")
def test_a_capture_of_the_simulated_camera_is_followed_to_its_end(desktop, tmp_path: Path) -> None:
    folder = tmp_path / "tonight"
    desktop.bench.follow(folder)
    simulate_capture(SKY, folder)
    desktop.wait(lambda: desktop.capture is not None and desktop.capture.counted == 300)
    assert desktop.capture.read == desktop.capture.captured == 300
    desktop.window.captures._stop.click()
    assert desktop.bench.following.folder is None
    assert not desktop.is_checked("frame.live")
    desktop.act("frame.first")
    desktop.wait_for_picture()
    assert desktop.problems == ()


def test_the_timeline_takes_the_observer_anywhere(crab: Desktop) -> None:
    timeline = crab.window.timeline
    timeline.frameRequested.emit(123)
    assert crab.view.frame == 123
    crab.wait_for_picture()
    timeline.rangeChanged.emit(100, 200)
    assert crab.view.play_range == (100, 200)
    crab.window.playback.frameRequested.emit(7)
    assert crab.view.frame == 7
    crab.window.playback.speedChosen.emit("fps", 200.0)
    crab.act("frame.play")
    crab.wait(lambda: crab.view.frame >= 100)
    crab.act("frame.play")


def test_scrubbing_by_hand_shows_the_last_frame_asked_for(crab: Desktop) -> None:
    for frame in [*range(0, 300, 7), 211]:
        crab.window.timeline.frameRequested.emit(frame)
    crab.wait_for_picture()
    np.testing.assert_array_equal(crab.picture.values(), crab.capture.source.read(211))
    middle = QPoint(crab.frame_view.width() // 2, crab.frame_view.height() // 2)
    assert crab.frame_view.rect().contains(middle)


def test_try_it_with_a_simulated_camera(start: Callable[..., Desktop]) -> None:
    desktop = start()
    desktop.act("help.simulate")
    desktop.wait(lambda: desktop.capture is not None and desktop.capture.counted > 0, 60_000)
    assert desktop.view.live
    desktop.bench.following.stop()
    desktop.wait(desktop.is_idle, 60_000)
