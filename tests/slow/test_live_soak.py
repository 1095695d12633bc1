"""A live capture at full speed, followed by the whole program while the view is dragged."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.cli.window import WindowOptions
from PyQt6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt, QTimer
from PyQt6.QtGui import QMouseEvent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nightglass.gui.frame.view import FrameView
    from nightglass.gui.running import Running
    from pytestqt.qtbot import QtBot

SECONDS = int(os.environ.get("NIGHTGLASS_SOAK_SECONDS", "60"))
FRAMES_PER_S = 2000
FRAMES = SECONDS * FRAMES_PER_S
MOUSE_MS = 8
MOVES_A_DRAG = 250


class Hand(QObject):
    """Drags the view in circles, letting go and taking hold again."""

    def __init__(self, view: FrameView) -> None:
        super().__init__(view)
        self._view = view
        self._moves = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._move)
        self._timer.start(MOUSE_MS)

    def _move(self) -> None:
        place = self._moves % MOVES_A_DRAG
        self._moves += 1
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        if place == 0:
            self._send(QEvent.Type.MouseButtonPress, left, left)
        elif place == MOVES_A_DRAG - 1:
            self._send(QEvent.Type.MouseButtonRelease, left, none)
        else:
            self._send(QEvent.Type.MouseMove, none, left)

    def _send(self, kind: QEvent.Type, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
        surface = self._view.viewport()
        x = surface.width() * (0.5 + 0.2 * math.sin(self._moves / 40))
        y = surface.height() * (0.5 + 0.2 * math.cos(self._moves / 27))
        place = QPointF(x, y)
        everywhere = surface.mapToGlobal(place)
        modifiers = Qt.KeyboardModifier.NoModifier
        QCoreApplication.sendEvent(
            surface, QMouseEvent(kind, place, everywhere, button, held, modifiers)
        )


@pytest.fixture
def running(qtbot: QtBot, tmp_path: Path) -> Iterator[Running]:
    """The program, following a folder that does not exist yet."""
    from nightglass.gui.running import Running

    made = Running(WindowOptions(follow=tmp_path / "tonight"))
    made.show()
    qtbot.waitExposed(made.window)
    yield made
    made.window.close()
    made.destroy_window()
    made.deleteLater()
    made.app.setStyleSheet("")


@pytest.fixture
def camera(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The simulated camera, writing into that folder in a process of its own."""
    words = [
        sys.executable, "-m", "nightglass", "simulate", "lightspeed", "--live", "--json",
        "--output", str(tmp_path / "tonight"), "--object", "soak", "--shape", "64", "64",
        "--frames", str(FRAMES), "--exposure", str(1 / FRAMES_PER_S),
    ]  # fmt: skip
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as writer:
        yield writer
        writer.terminate()


@pytest.mark.slow
def test_every_frame_of_a_fast_live_capture_is_counted_while_the_view_is_dragged(
    running: Running, camera: subprocess.Popen[str], qtbot: QtBot
) -> None:
    bench, view = running.workbench, running.window.area.views[0]
    qtbot.waitUntil(lambda: bench.capture is not None, timeout=60_000)
    Hand(view)
    capture = bench.capture
    qtbot.waitUntil(lambda: capture.counted >= FRAMES, timeout=1000 * (SECONDS + 120))
    told, _ = camera.communicate(timeout=60)
    written = json.loads(told)["frames"]
    assert capture.counted == capture.captured == len(capture.curve) == written == FRAMES
    # Every frame stands in its place, once.
    np.testing.assert_allclose(np.diff(capture.curve.seconds), 1 / FRAMES_PER_S, atol=2e-6)
    qtbot.waitUntil(lambda: capture.accounting.captured == FRAMES, timeout=60_000)
    assert (capture.lost, capture.accounting.duplicates) == (0, 0)
    assert running.problems.entries() == ()
    assert view.painted_count > SECONDS
    strip = running.window.strip
    qtbot.waitUntil(lambda: strip.text("counted") == f"{FRAMES:,}")
    assert strip.text("lost").endswith(" 0")
