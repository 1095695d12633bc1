"""The log."""

from __future__ import annotations

import logging

import pytest
from nightglass.gui.log_dock import LogPanel, log_line
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication


def record(level, message, name="nightglass.core.follow"):
    made = logging.LogRecord(name, level, "", 0, message, (), None)
    made.created = 1765336507.25
    return made


@pytest.fixture
def panel(qtbot):
    made = LogPanel(most_lines=100)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made._refresh.cancel()


def lines(panel):
    return [line for line in panel.view.toPlainText().split("\n") if line]


def test_line_has_utc_level_place_and_message():
    assert log_line(record(30, "late cube")) == "03:15:07.250\tWARNING\tfollow: late cube"


def test_first_records_appear_at_once_and_a_flood_in_one_batch(panel, qtbot):
    panel.append([record(20, "one")])
    assert len(lines(panel)) == 1
    for i in range(50):
        panel.append([record(20, f"{i}")])
    assert len(lines(panel)) == 1
    qtbot.waitUntil(lambda: len(lines(panel)) == 51)


def test_lines_are_bounded(panel, qtbot):
    panel.append([record(20, f"{i}") for i in range(1000)])
    assert len(lines(panel)) == 100
    assert lines(panel)[-1].endswith(": 999")


def test_level_filter_hides_lesser_lines_and_brings_them_back(panel):
    panel.append([record(10, "d"), record(20, "i"), record(30, "w"), record(40, "e")])
    assert len(lines(panel)) == 3
    panel.level.setCurrentIndex(2)
    assert len(lines(panel)) == 2
    panel.level.setCurrentIndex(0)
    assert len(lines(panel)) == 4


def test_text_filter_ignores_case(panel, qtbot):
    panel.append([record(20, "Cube 12"), record(20, "bias")])
    qtbot.keyClicks(panel.search, "cUBE")
    assert len(lines(panel)) == 1


def test_nothing_at_this_level_offers_to_show_all(panel, qtbot):
    panel.level.setCurrentIndex(3)
    panel.append([record(20, "i")])
    assert panel.empty.isVisible()
    qtbot.mouseClick(panel.empty.buttons["everything"], Qt.MouseButton.LeftButton)
    assert len(lines(panel)) == 1


def test_copy_takes_the_lines_shown(panel, qtbot):
    panel.append([record(20, "one"), record(20, "two")])
    qtbot.mouseClick(panel.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text().count("\n") == 1


def test_scrolled_log_stays_where_it_is(panel, qtbot):
    panel.resize(300, 120)
    panel.append([record(20, f"{i}") for i in range(60)])
    bar = panel.view.verticalScrollBar()
    assert bar.value() == bar.maximum()
    bar.setValue(3)
    panel._refresh.cancel()
    panel.append([record(20, "new")])
    assert bar.value() == 3


def test_levels_wear_the_colours_of_the_theme(panel):
    panel.set_roles(THEMES["light"])
    panel.append([record(40, "broken")])
    cursor = panel.view.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    assert cursor.charFormat().foreground().color().name() == THEMES["light"].bad
