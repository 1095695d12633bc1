"""The whole program in a window, off screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest
from nightglass.core.cli.window import WindowOptions
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QCoreApplication, QEvent
from PyQt6.QtWidgets import QApplication

from ..core.workbench.night import simulated
from .desktop import Desktop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

W = TypeVar("W")


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a simulated night: crab, vela, bias and flat captures, each in its own folder."""
    return simulated(tmp_path_factory.mktemp("night"))


@pytest.fixture
def on_screen(qtbot: QtBot) -> Callable[[W, int, int], W]:
    """Show a widget of a width and a height in the dark theme."""

    def show(widget: W, width: int, height: int) -> W:
        qtbot.addWidget(widget)
        widget.set_roles(THEMES["dark"])
        widget.resize(width, height)
        widget.show()
        qtbot.waitExposed(widget)
        return widget

    return show


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[Callable[..., Desktop]]:
    """Start the program with options of the command line; it is put away afterwards."""
    from nightglass.gui.running import Running

    begun: list[Running] = []

    def begin(**options: object) -> Desktop:
        running = Running(WindowOptions(**options))
        begun.append(running)
        running.show()
        running.window.activateWindow()
        desktop = Desktop(running, qtbot)
        qtbot.waitExposed(running.window)
        qtbot.waitUntil(lambda: running._started_s is not None)
        return desktop

    yield begin
    for running in begun:
        put_away(running)


def put_away(running: object) -> None:
    """Close the window and let Qt delete it, as the end of the process would."""
    application = QApplication.instance()
    running.window.close()
    running.window.deleteLater()
    running.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    # Not before: a window that is about to go would be dressed once more.
    application.setStyleSheet("")
    QCoreApplication.processEvents()


@pytest.fixture
def desktop(start: Callable[..., Desktop]) -> Desktop:
    """The program without a capture."""
    return start()


@pytest.fixture
def crab(start: Callable[..., Desktop], night: Path) -> Desktop:
    """The program with a simulated capture of 300 frames of 64 x 64, counted."""
    desktop = start()
    desktop.open(night / "crab")
    desktop.wait(lambda: desktop.capture is not None and desktop.capture.counted == 300)
    return desktop
