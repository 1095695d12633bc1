"""What Qt has to say goes to the log."""

from __future__ import annotations

import logging

import pytest
from nightglass.gui.qt_messages import HARMLESS, take_qt_messages
from PyQt6.QtCore import qCritical, qDebug, qInfo, qWarning


@pytest.mark.expected_log
def test_each_message_comes_at_its_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "qt")
    end = take_qt_messages()
    try:
        for say, text in ((qDebug, "a"), (qInfo, "b"), (qWarning, "c"), (qCritical, "d")):
            say(text)
    finally:
        end()
    assert caplog.record_tuples == [
        ("qt", logging.DEBUG, "a"), ("qt", logging.INFO, "b"),
        ("qt", logging.WARNING, "c"), ("qt", logging.ERROR, "d"),
    ]  # fmt: skip


def test_what_is_harmless_stays_out(caplog: pytest.LogCaptureFixture) -> None:
    end = take_qt_messages()
    try:
        for text in HARMLESS:
            qWarning(text)
    finally:
        end()
    assert caplog.records == []


def test_afterwards_messages_go_where_they_went_before(caplog: pytest.LogCaptureFixture) -> None:
    take_qt_messages()()
    qDebug("not ours")
    assert caplog.records == []
