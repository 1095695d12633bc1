"""A panel that scrolls where the window is low."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nightglass.gui.widgets.scrolling import Scrolling
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def panel(lines: int) -> QWidget:
    content = QWidget()
    column = QVBoxLayout(content)
    for number in range(lines):
        column.addWidget(QLabel(f"line {number}"))
    return content


def test_it_asks_for_all_the_room_and_lives_in_less(qtbot: QtBot) -> None:
    content = panel(30)
    area = Scrolling(content)
    qtbot.addWidget(area)
    assert area.sizeHint().height() == content.sizeHint().height()
    assert area.minimumSizeHint().height() < area.sizeHint().height() / 3
    area.resize(area.sizeHint())
    area.show()
    qtbot.waitExposed(area)
    bar = area.verticalScrollBar()
    assert bar.maximum() == 0
    area.resize(area.width(), 80)
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert not area.horizontalScrollBar().isVisible()


def test_the_bar_covers_nothing(qtbot: QtBot) -> None:
    content = panel(30)
    area = Scrolling(content)
    qtbot.addWidget(area)
    area.resize(area.minimumSizeHint())
    area.show()
    qtbot.waitExposed(area)
    qtbot.waitUntil(area.verticalScrollBar().isVisible)
    assert content.width() >= content.minimumSizeHint().width()
    assert content.width() <= area.viewport().width()
