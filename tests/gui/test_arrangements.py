"""Two workspaces in one window: each keeps its panels as they were left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nightglass.gui.arrangements import AREAS, WORKSPACES
from nightglass.gui.main_window import MainWindow
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QToolBar, QToolButton

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    made = MainWindow({}, "0")
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def shown(window: MainWindow) -> set[str]:
    return {name for name, dock in window.docks.items() if not dock.isHidden()}


def bars(window: MainWindow) -> list[bool]:
    return [
        bar.isVisible()
        for bar in window.findChildren(QToolBar)
        if bar.objectName().startswith("bar-")
    ]


def test_each_workspace_has_its_own_panels_at_first(window: MainWindow) -> None:
    for name in (*reversed(WORKSPACES), WORKSPACES[1]):
        window.show_workspace(name)
        assert shown(window) == set(AREAS[name])
        assert window.workspace == name


def test_the_bars_of_captures_go_with_their_workspace(window: MainWindow) -> None:
    assert bars(window) == [True, True]
    window.show_workspace("mascara")
    assert bars(window) == [False, False]
    window.show_workspace("lightspeed")
    assert bars(window) == [True, True]


def test_a_workspace_comes_back_as_it_was_left(window: MainWindow) -> None:
    window.show_dock("captures", False)
    window.show_workspace("mascara")
    window.show_dock("log", True)
    window.show_workspace("lightspeed")
    assert "captures" not in shown(window)
    assert "log" not in shown(window)
    window.show_workspace("mascara")
    assert "log" in shown(window)


def test_both_arrangements_are_kept_for_the_next_run(window: MainWindow, qtbot: QtBot) -> None:
    window.show_dock("captures", False)
    window.show_workspace("mascara")
    window.show_dock("messages", False)
    kept = window.arrangement()
    after = MainWindow({}, "0")
    qtbot.addWidget(after)
    after.restore(kept["window_geometry"], kept["window_state"], kept["night_state"])
    assert after.workspace == "lightspeed"
    assert shown(after) == set(AREAS["lightspeed"]) - {"captures"}
    after.show_workspace("mascara")
    assert shown(after) == set(AREAS["mascara"]) - {"messages"}


def test_the_first_arrangement_of_a_workspace_comes_back(window: MainWindow) -> None:
    window.show_workspace("mascara")
    window.show_dock("night", False)
    window.show_dock("problems", True)
    window.reset_arrangement()
    assert shown(window) == set(AREAS["mascara"])


def test_the_frame_view_comes_home(window: MainWindow) -> None:
    window.show_workspace("mascara")
    window.area.setParent(None)
    window.show_workspace("lightspeed")
    assert window.isAncestorOf(window.area)
    assert window.area.isVisible()


def test_the_switch_shows_and_changes_the_workspace(window: MainWindow, qtbot: QtBot) -> None:
    names: list[str] = []
    window.actions_set.triggered.connect(lambda key, _: names.append(key))
    corner = window.menuBar().cornerWidget()
    buttons = corner.findChildren(QToolButton)
    assert [button.text() for button in buttons] == ["LightSpeed", "MASCARA"]
    QTest.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert names == ["workspace.mascara"]
    window.show_workspace("mascara")
    assert [button.isChecked() for button in buttons] == [False, True]
    QApplication.processEvents()
    assert all(button.visibleRegion().boundingRect() == button.rect() for button in buttons)
