"""A window with the night panel, a hand on it, and when its parts have been painted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from window_cases import Window

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nightglass.gui.night.curves.page import CurvesPage
    from nightglass.gui.night.curves.query import FoundStars
    from nightglass.gui.night.curves.star_list import StarList
    from nightglass.gui.night.plots.stack import PlotStack
    from PyQt6.QtWidgets import QWidget


class PaintedOnce(QObject):
    """Tells whether a widget was painted while something holds."""

    def __init__(self, widget: QWidget, holds: Callable[[], bool]) -> None:
        super().__init__()
        self._holds = holds
        self.is_painted = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """The widget is drawn right after its paint event got here."""
        if event is not None and event.type() == QEvent.Type.Paint and self._holds():
            self.is_painted = True
        return False


class FoundWatch:
    """Counts how often the list of stars was told what is found for its newest query."""

    def __init__(self, stars: StarList) -> None:
        self.list, self.count = stars, 0
        self._show, stars.show_found = stars.show_found, self._on_found

    def _on_found(self, found: FoundStars) -> None:
        self._show(found)
        self.count += found.query == self.list.query


class NightWindow(Window):
    """The real program with the workspace of a night."""

    def __init__(self) -> None:
        super().__init__()
        self.night, self.desk = self.running.night, self.bench.night

    def open(self, output: Path) -> None:
        """Watch a night, and wait until it is read."""
        self.night.open(output)
        self.wait(lambda: self.desk.snapshot is not None)

    def show_page(self, name: str) -> None:
        """Bring a page forward by its action, and wait until it is made."""
        self.running.window.actions_set.trigger(f"night.page.{name}")
        self.wait(lambda: self.night.workspace is not None)
        self.wait(lambda: self.night.workspace.pages[name].widget is not None)

    def see(self, *watches: PaintedOnce) -> None:
        """Live on until all is on the screen."""
        self.wait(lambda: all(watch.is_painted for watch in watches))
        self.sync()

    def paint(self) -> None:
        """Have painted what is waiting for it."""
        QApplication.processEvents()
        self.sync()

    @property
    def stack(self) -> PlotStack:
        """The plots against time."""
        return self.night.pages["plots"].page.stack

    @property
    def curves(self) -> CurvesPage:
        """The page of light curves."""
        return self.night.pages["curves"].page

    def show_stars(self) -> CurvesPage:
        """The page of light curves with all stars of the night."""
        self.show_page("curves")
        page = self.curves
        self.wait(lambda: page.list.model.rowCount() > 0)
        self.rest(0.5)
        return page

    # What is to be painted

    def watch_grid_with(self, unit: str) -> PaintedOnce:
        """The grid with a batch that is done."""
        view = self.night.watch.grid.view

        def holds() -> bool:
            cells = view._grid.get(unit.partition("-")[0], ())
            return any(cell.unit == unit and cell.state == "done" for cell in reversed(cells))

        return PaintedOnce(view.viewport(), holds)

    # What the hand does

    def press(self, widget: QWidget, key: Qt.Key) -> float:
        """Press a key; the time at which it went down."""
        begun_s = time.perf_counter()
        QTest.keyClick(widget, key)
        return begun_s


def since_ms(begun_s: float) -> float:
    """Milliseconds since then."""
    return 1e3 * (time.perf_counter() - begun_s)
