"""The banner of what is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nightglass.gui.night.watch.alarms import AlarmBanner
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtTest import QTest

from .watch_made import FAILED, KILLED, SILENT, WINDOW, rows

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def banner(on_screen):
    return on_screen(AlarmBanner(), 900, 200)


def kinds(banner):
    return [row.alarm.kind for row in rows(banner)]


def test_nothing_is_there_while_all_is_well(banner):
    banner.set_alarms(())
    assert not banner.isVisible()


def test_alarm_tells_what_happened_and_what_to_do(banner):
    banner.set_alarms([KILLED])
    row = rows(banner)[0]
    assert row.title.whole == f"{KILLED.title}. {KILLED.text}"
    assert row.hint.whole == KILLED.hint
    assert row.button.text() == "Resume"
    assert not row.close_button.isVisible()


def test_button_does_what_the_alarm_offers(banner):
    told = []
    banner.actionChosen.connect(lambda *args: told.append(args))
    banner.set_alarms([FAILED])
    QTest.mouseClick(rows(banner)[0].button, LEFT)
    rows(banner)[0].button.setFocus()
    QTest.keyClick(rows(banner)[0].button, Qt.Key.Key_Space)
    assert told == [("retry", "LPC-00304597")] * 2


def test_alarm_without_action_has_no_button(banner):
    banner.set_alarms([SILENT])
    assert not rows(banner)[0].button.isVisible()


def test_a_low_window_shows_the_worst_one(banner):
    banner.set_alarms([KILLED, FAILED, SILENT])
    banner.set_low(True)
    assert kinds(banner) == ["killed"]
    assert banner.more.text() == "2 more alarms"
    banner.set_low(False)
    assert kinds(banner) == ["killed", "failed"]


def test_two_are_shown_and_the_rest_on_request(banner):
    banner.set_alarms([KILLED, FAILED, SILENT, WINDOW])
    assert kinds(banner) == ["killed", "failed"]
    assert banner.more.text() == "2 more alarms"
    QTest.mouseClick(banner.more, LEFT)
    assert kinds(banner) == ["killed", "failed", "silent", "window"]
    QTest.mouseClick(banner.more, LEFT)
    assert kinds(banner) == ["killed", "failed"]


def test_row_stays_the_same_while_its_words_change(banner):
    banner.set_alarms([KILLED, FAILED])
    row = rows(banner)[1]
    row.button.setFocus()
    banner.set_alarms([replace(FAILED, text="Two of them now."), SILENT])
    assert rows(banner)[0] is row
    assert row.title.whole.endswith("Two of them now.")
    assert row.button.hasFocus()


def test_notice_can_be_hidden_until_it_comes_anew(banner):
    banner.set_alarms([WINDOW])
    QTest.mouseClick(rows(banner)[0].close_button, LEFT)
    assert not banner.isVisible()
    banner.set_alarms([WINDOW])
    assert not banner.isVisible()
    banner.set_alarms(())
    banner.set_alarms([WINDOW])
    assert kinds(banner) == ["window"]


@pytest.mark.parametrize("width", [420, 900])
def test_sentences_are_whole_at_any_width(banner, qtbot, width):
    path = "/nights/" + "/".join(f"a-rather-long-folder-{k}" for k in range(9))
    banner.set_alarms([replace(KILLED, text=f"The folder {path} is gone.")])
    banner.resize(width, banner.height())
    title = rows(banner)[0].title
    qtbot.waitUntil(lambda: title.height() >= title.heightForWidth(title.width()))
    flags = int(Qt.TextFlag.TextWordWrap)
    needed = title.fontMetrics().boundingRect(title.rect(), flags, title.text())
    assert needed.width() <= title.width()


def test_alarm_can_be_copied(banner):
    banner.set_alarms([KILLED])
    rows(banner)[0].actions()[0].trigger()
    assert QGuiApplication.clipboard().text() == f"{KILLED.title}. {KILLED.text}\n{KILLED.hint}"


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_can_be_worn(banner, theme):
    banner.set_alarms([KILLED, SILENT])
    banner.set_roles(THEMES[theme])
    assert kinds(banner) == ["killed", "silent"]
