"""Stalls of the main thread, and the moment the window is ready."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from nightglass.gui import stalls
from nightglass.gui.stalls import FirstPaint, StallMonitor, seconds_since_process_start
from PyQt6.QtWidgets import QWidget

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Clock:
    """Says what it is told to."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def perf_counter(self) -> float:
        return self.now_s


def test_the_worst_turn_and_the_usual_ones(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(stalls, "time", clock)
    monitor = StallMonitor()
    monitor.start()
    monitor._timer.stop()
    for turn_ms in [4.0] * 98 + [24.0, 104.0]:
        clock.now_s += turn_ms / 1000
        monitor._tick()
    assert monitor.worst_ms() == pytest.approx(100.0, abs=1e-3)
    assert monitor.percentile_ms(50.0) == pytest.approx(0.0, abs=1e-3)
    assert monitor.turns_over(10.0) == 2
    monitor.stop()


def test_before_the_start_there_is_no_stall(qtbot: QtBot) -> None:
    monitor = StallMonitor()
    assert (monitor.worst_ms(), monitor.percentile_ms(99.0)) == (0.0, 0.0)


def test_a_main_thread_that_is_kept_is_noticed(qtbot: QtBot) -> None:
    monitor = StallMonitor()
    monitor.start()
    qtbot.waitUntil(lambda: len(monitor._late_ms) > 2)
    end_s = time.perf_counter() + 0.06
    while time.perf_counter() < end_s:
        pass
    qtbot.waitUntil(lambda: monitor.worst_ms() > 40.0)
    monitor.stop()


def test_the_age_of_the_process_grows() -> None:
    first = seconds_since_process_start()
    assert first is not None
    assert 0.0 < first <= seconds_since_process_start()


def test_an_unreadable_age_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> str:
        raise OSError

    monkeypatch.setattr(stalls.Path, "read_text", fail)
    assert seconds_since_process_start() is None


def test_the_first_paint_is_told_once(qtbot: QtBot) -> None:
    told: list[bool] = []
    window = QWidget()
    qtbot.addWidget(window)
    FirstPaint(window, lambda: told.append(window.isVisible()))
    window.show()
    qtbot.waitUntil(lambda: told != [])
    window.repaint()
    window.hide()
    window.show()
    qtbot.waitExposed(window)
    assert told == [True]


def test_a_window_nobody_sees_is_told_too(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stalls, "UNSEEN_MS", 1)
    told: list[bool] = []
    window = QWidget()
    qtbot.addWidget(window)
    FirstPaint(window, lambda: told.append(True))
    qtbot.waitUntil(lambda: told == [True])
