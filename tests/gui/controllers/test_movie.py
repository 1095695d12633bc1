"""The phase movie in the window: keys, the strip under the picture, the readout, the way back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.lightspeed.fold.movie import movie as core_movie
from nightglass.core.timing.pulse.ranges import PhaseRange
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QMouseEvent, QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

if TYPE_CHECKING:
    from pathlib import Path

    from PyQt6.QtWidgets import QWidget

    from ..desktop import Desktop

ON, OFF = PhaseRange(0.25, 0.35), PhaseRange(0.8, 0.2)


@pytest.fixture
def pulsar(crab: Desktop, night: Path, tmp_path: Path) -> Desktop:
    """The program with a capture of a pulsar and its par file."""
    truth = json.loads((night / "crab" / "truth.json").read_text(encoding="utf-8"))
    par = tmp_path / "crab.par"
    par.write_text(truth["par"], encoding="utf-8")
    crab.bench.fold.shelf.choose([par])
    crab.wait(lambda: crab.bench.fold.shelf.chosen)
    return crab


@pytest.fixture
def movie(pulsar: Desktop) -> Desktop:
    """The same while it shows the movie, standing still at the first bin."""
    pulsar.act("fold.movie")
    pulsar.wait(lambda: pulsar.bench.movie.transport.is_playing)
    pulsar.bench.movie.transport.go_to(0)
    pulsar.wait(lambda: is_shown(pulsar, 0))
    return pulsar


def is_shown(desktop: Desktop, place: int) -> bool:
    """Whether the picture, the strip and the readout show a bin."""
    shown, bar, readout = desktop.picture, desktop.window.movie, desktop.window.readout
    phase = f"{(place + 0.5) / 32:.4f}"
    is_there = shown is not None and shown.stand_in is not None and shown.frame == place
    # The number alone may be that of the frame that was there before the bins.
    read = readout.text_of("frame"), readout.text_of("time")
    is_read = read == (str(place + 1), f"{phase} turns")
    return is_there and is_read and bar.phase.text() == phase


def place_on_track(desktop: Desktop, place: int) -> QPoint:
    return desktop.window.movie.track.bin_at(place).center().toPoint()


def drag(widget: QWidget, place: QPoint) -> None:
    """Move the pointer with the left button down."""
    left, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    where = QPointF(place), QPointF(widget.mapToGlobal(place))
    kind = QMouseEvent.Type.MouseMove
    QApplication.sendEvent(widget, QMouseEvent(kind, *where, Qt.MouseButton.NoButton, left, keys))


def turn_wheel(widget: QWidget, notches: int) -> None:
    middle = widget.rect().center()
    event = QWheelEvent(
        QPointF(middle), QPointF(widget.mapToGlobal(middle)), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_the_strip_comes_up_with_a_pulsar_that_blinks_and_goes_with_it(pulsar: Desktop) -> None:
    bar, seen = pulsar.window.movie, set[int]()
    assert not bar.isVisible()

    def goes_round() -> bool:
        if pulsar.picture is not None and pulsar.picture.stand_in is not None:
            seen.add(pulsar.picture.frame)
        return len(seen) >= 4

    pulsar.act("fold.movie")
    pulsar.wait(goes_round)
    assert bar.isVisible()
    assert bar.sheets["movie"].isChecked()
    pulsar.wait(lambda: bar.state.whole.startswith("300 frames, "))
    QTest.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    assert not pulsar.bench.movie.transport.is_playing
    assert not pulsar.running.movie._ticker.isActive()
    pulsar.act("fold.back")
    pulsar.wait(lambda: pulsar.picture.stand_in is None and not bar.isVisible())
    pulsar.wait(lambda: pulsar.window.readout.text_of("time").startswith("2025-12-10"))
    assert not pulsar.problems


def test_keys_move_through_the_bins_and_a_frame_that_is_asked_for_ends_it(movie: Desktop) -> None:
    turns, frame = movie.bench.movie.transport, movie.view.frame
    movie.look_at_picture()
    movie.press("+")
    movie.wait(lambda: is_shown(movie, 1))
    movie.press("-")
    movie.press("-")
    movie.wait(lambda: is_shown(movie, 31))
    movie.press(Qt.Key.Key_Home)
    movie.wait(lambda: is_shown(movie, 0))
    movie.press(Qt.Key.Key_End)
    movie.wait(lambda: is_shown(movie, 31))
    movie.press(Qt.Key.Key_Space)
    assert turns.is_playing
    movie.press(Qt.Key.Key_Space)
    assert not turns.is_playing
    assert movie.view.frame == frame
    movie.window.timeline.frameRequested.emit(40)
    movie.wait(lambda: movie.picture.stand_in is None and movie.picture.frame == 40)
    movie.wait(lambda: not movie.window.movie.isVisible())
    movie.press("+")
    assert movie.view.frame == 41


def test_the_track_is_scrubbed_with_the_mouse_the_wheel_and_the_arrows(movie: Desktop) -> None:
    track = movie.window.movie.track
    button = Qt.MouseButton.LeftButton
    QTest.mousePress(track, button, pos=place_on_track(movie, 10))
    movie.wait(lambda: is_shown(movie, 10))
    for place in (11, 15, 20):
        drag(track, place_on_track(movie, place))
    QTest.mouseRelease(track, button, pos=place_on_track(movie, 20))
    movie.wait(lambda: is_shown(movie, 20))
    track.setFocus()
    QTest.keyClick(track, Qt.Key.Key_Left)
    movie.wait(lambda: is_shown(movie, 19))
    turn_wheel(track, 1)
    movie.wait(lambda: is_shown(movie, 20))


def test_the_readout_tells_the_phase_and_no_bin_counts_as_painted(movie: Desktop) -> None:
    readout, view = movie.window.readout, movie.area.views[0]
    before = view.painted_count
    assert readout.text_of("time") == "0.0156 turns"
    assert readout._captions["time"].text() == "phase"
    movie.point_at(32.0, 32.0)
    movie.wait(lambda: readout.text_of("x").startswith(("32.", "33.")))
    assert float(readout.text_of("adu")) > 190.0
    assert "phase 0.016" in movie.running.frames.sentence()
    movie.bench.movie.step(3)
    movie.wait(lambda: is_shown(movie, 3))
    movie.act("fold.back")
    movie.wait(lambda: movie.picture.stand_in is None)
    view.repaint()
    assert view.painted_count == before


def test_on_minus_off_and_its_ratio_follow_the_ranges(pulsar: Desktop) -> None:
    bench, bar = pulsar.bench, pulsar.window.movie
    bench.fold.change(on=ON, off=OFF)
    pulsar.act("fold.on-off")
    pulsar.wait(lambda: pulsar.picture.stand_in is not None)
    pulsar.wait(bar.sheets["difference"].isChecked)
    image = np.array(pulsar.picture.calibrated())
    y, x = np.unravel_index(np.argmax(image), image.shape)
    assert np.hypot(x - 31.5, y - 31.5) < 2.0
    bench.fold.change(on=PhaseRange(0.5, 0.55))
    pulsar.wait(lambda: pulsar.picture.stand_in is bench.capture.stand_in)
    assert pulsar.picture.calibrated()[y, x] < 0.5 * image[y, x]
    QTest.mouseClick(bar.sheets["ratio"], Qt.MouseButton.LeftButton)
    pulsar.wait(lambda: pulsar.picture.stand_in.label.kind == "ratio")
    pulsar.wait(lambda: pulsar.window.readout.text_of("time") == "S/N of on − off")
    assert not bar.play.isEnabled()
    QTest.mouseClick(bar.back, Qt.MouseButton.LeftButton)
    pulsar.wait(lambda: pulsar.picture.stand_in is None)


def test_what_is_missing_is_told_and_the_frames_stay(crab: Desktop, expected_log: object) -> None:
    crab.act("fold.movie")
    assert [entry.title for entry in crab.problems] == ["No phase movie"]
    assert not crab.window.movie.isVisible()
    assert crab.picture.stand_in is None


def test_a_movie_that_was_stopped_goes_on(pulsar: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    add, is_held = core_movie.PhaseMovie.add, True

    def held(movie: object, header: object, phases: object, check: object) -> None:
        while is_held:
            check()
        add(movie, header, phases, check)

    monkeypatch.setattr(core_movie.PhaseMovie, "add", held)
    pulsar.act("fold.movie")
    bar, jobs = pulsar.window.movie, pulsar.bench.engine.jobs
    pulsar.wait(lambda: any("Phase movie" in job.title for job in jobs()))
    next(job for job in jobs() if "Phase movie" in job.title).cancel()
    pulsar.wait(bar.go_on.isVisible)
    is_held = False
    QTest.mouseClick(bar.go_on, Qt.MouseButton.LeftButton)
    pulsar.wait(lambda: pulsar.bench.movie.state.frames == 300)
    pulsar.wait(lambda: not bar.go_on.isVisible())


def test_the_strip_wears_every_theme(movie: Desktop) -> None:
    bar = movie.window.movie
    for theme, roles in THEMES.items():
        movie.act(f"theme.{theme}")
        image = bar.track.grab().toImage()
        handle = bar.track.bin_at(0).center().toPoint() * image.devicePixelRatio()
        assert image.pixelColor(handle).name() == roles.accent
        assert bar.grab().toImage().pixelColor(1, 1).name() == roles.panel
