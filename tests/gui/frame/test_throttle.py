"""Calls at a bounded rate."""

from __future__ import annotations

from nightglass.gui.widgets.throttle import Throttle
from PyQt6.QtCore import QObject


def test_first_call_is_at_once_and_the_last_is_never_lost(qtbot) -> None:
    owner, calls = QObject(), []
    throttle = Throttle(lambda: calls.append(len(calls)), 30, owner)
    for _ in range(50):
        throttle.call()
    assert len(calls) == 1
    qtbot.waitUntil(lambda: len(calls) == 2)
    throttle.cancel()


def test_cancelled_call_does_not_come(qtbot) -> None:
    owner, calls = QObject(), []
    throttle = Throttle(lambda: calls.append(1), 20, owner)
    other = Throttle(lambda: calls.append(2), 40, owner)
    for _ in range(2):
        throttle.call()
        other.call()
    throttle.cancel()
    qtbot.waitUntil(lambda: calls.count(2) == 2)
    assert calls.count(1) == 1
    other.cancel()


def test_call_that_may_wait_is_done_by_one_that_may_not(qtbot) -> None:
    owner, calls = QObject(), []
    throttle = Throttle(lambda: calls.append(1), 30, owner)
    other = Throttle(lambda: calls.append(2), 60, owner)
    throttle.call_later()
    assert not calls
    throttle.call_now()
    assert calls == [1]
    other.call_later()
    qtbot.waitUntil(lambda: 2 in calls)
    assert calls == [1, 2]
    throttle.call_later()
    qtbot.waitUntil(lambda: calls == [1, 2, 1])
