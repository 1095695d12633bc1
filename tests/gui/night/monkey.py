"""A hand that does anything anywhere, the same again for the same seed."""

from __future__ import annotations

import random
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from PyQt6.QtCore import QCoreApplication, QPoint, QPointF, Qt, QTimer
from PyQt6.QtGui import QMouseEvent, QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QMenu, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..desktop import Desktop

KEYS = (
    *(getattr(Qt.Key, f"Key_{name}") for name in (
        "Up", "Down", "Left", "Right", "Home", "End", "PageUp", "PageDown", "Tab", "Backtab",
        "Space", "Return", "Escape", "Plus", "Minus", "Slash", "Delete", "Backspace",
    )),
    *"0123456789nfsgchd+-.r'",
)  # fmt: skip
ACTIONS = (
    *(f"night.page.{name}" for name in ("plots", "frames", "sky", "curves", "report")),
    "night.overview", "night.find-star", "night.retry", "night.mark", "night.stop", "night.pause",
    "night.compare", "workspace.lightspeed", "workspace.mascara",
)  # fmt: skip
_BUTTONS = (*[Qt.MouseButton.LeftButton] * 5, Qt.MouseButton.RightButton)


class Monkey:
    """Does one thing after the other to a window.

    Attributes
    ----------
    longest_s : float
        Most time that the thread of the window worked on one of them.
    """

    def __init__(self, desktop: Desktop, seed: int) -> None:
        self._desktop, self._rng = desktop, random.Random(seed)
        self.longest_s = 0.0
        self.done: list[str] = []

    @contextmanager
    def at_large(self) -> Iterator[Monkey]:
        """Menus and dialogs that it opens are played with, and closed."""
        closer = QTimer()
        closer.timeout.connect(self._close_what_is_in_the_way)
        closer.start(15)
        try:
            yield self
        finally:
            closer.stop()
            closer.deleteLater()

    def play(self, times: int) -> None:
        """Do so many things."""
        deeds = (
            *[self._click] * 6, self._double_click, *[self._drag] * 2, *[self._move] * 3,
            *[self._turn_wheel] * 3, *[self._press] * 5, self._act, self._dress, self._draw,
            self._resize,
        )  # fmt: skip
        for _ in range(times):
            deed = self._rng.choice(deeds)
            self.done.append(deed.__name__)
            start_s = time.thread_time()
            deed()
            QCoreApplication.processEvents()
            self.longest_s = max(self.longest_s, time.thread_time() - start_s)

    # The places

    def _anywhere(self) -> tuple[QWidget, QPoint] | None:
        window = self._desktop.window
        at = QPoint(self._rng.randrange(window.width()), self._rng.randrange(window.height()))
        widget = window.childAt(at)
        if widget is None or not widget.isEnabled():
            return None
        return widget, widget.mapFrom(window, at)

    def _click(self) -> None:
        if place := self._anywhere():
            QTest.mouseClick(place[0], self._rng.choice(_BUTTONS), pos=place[1])

    def _double_click(self) -> None:
        if place := self._anywhere():
            QTest.mouseDClick(place[0], Qt.MouseButton.LeftButton, pos=place[1])

    def _move(self) -> None:
        if place := self._anywhere():
            QTest.mouseMove(*place)
            _mouse(*place, Qt.MouseButton.NoButton)

    def _drag(self) -> None:
        place = self._anywhere()
        if place is None:
            return
        widget, start = place
        end = start + QPoint(self._rng.randint(-200, 200), self._rng.randint(-150, 150))
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
        for at in ((start + end) / 2, end):
            with suppress(RuntimeError):  # what was pressed closed it
                _mouse(widget, at, Qt.MouseButton.LeftButton)
        with suppress(RuntimeError):
            QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)

    def _turn_wheel(self) -> None:
        if place := self._anywhere():
            widget, at = place
            event = QWheelEvent(
                QPointF(at), QPointF(widget.mapToGlobal(at)), QPoint(),
                QPoint(0, self._rng.choice((-360, -120, 120, 360))), Qt.MouseButton.NoButton,
                self._rng.choice((Qt.KeyboardModifier.NoModifier,
                                  Qt.KeyboardModifier.ControlModifier)),
                Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            QApplication.sendEvent(widget, event)

    def _press(self) -> None:
        self._desktop.press(self._rng.choice(KEYS))

    def _act(self) -> None:
        key = self._rng.choice(ACTIONS)
        self.done[-1] += f" {key}"
        if self._desktop.window.actions_set.action(key).isEnabled():
            self._desktop.act(key)

    def _dress(self) -> None:
        self._desktop.act(f"theme.{self._rng.choice(('dark', 'light', 'red'))}")

    def _draw(self) -> None:
        """A region on a frame, where one is shown."""
        self._desktop.act("night.page.frames")
        self._desktop.act(f"region.tool.{self._rng.choice(('circle', 'box', 'point'))}")
        surface = self._desktop.frame_view.viewport()
        start = QPoint(self._rng.randrange(20, 300), self._rng.randrange(20, 200))
        QTest.mousePress(surface, Qt.MouseButton.LeftButton, pos=start)
        _mouse(surface, start + QPoint(30, 20), Qt.MouseButton.LeftButton)
        QTest.mouseRelease(surface, Qt.MouseButton.LeftButton, pos=start + QPoint(30, 20))
        if self._rng.random() < 0.5:
            self._desktop.press(Qt.Key.Key_Escape)

    def _resize(self) -> None:
        self._desktop.window.resize(self._rng.randint(900, 1700), self._rng.randint(600, 1100))

    # What is in the way

    def _close_what_is_in_the_way(self) -> None:
        popup = QApplication.activePopupWidget()
        if isinstance(popup, QMenu):
            self._choose(popup)
        elif popup is not None:
            popup.close()
        elif (dialog := QApplication.activeModalWidget()) is not None:
            for _ in range(3):
                QTest.keyClick(dialog.focusWidget() or dialog, self._rng.choice(KEYS[:4]))
            dialog.close()

    def _choose(self, menu: QMenu) -> None:
        """The menus of the bar hold the end of the program."""
        if not isinstance(menu.parent(), QWidget) or menu.menuAction() in _of_the_bar(
            self._desktop
        ):
            menu.close()
            return
        for _ in range(self._rng.randrange(4)):
            QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, self._rng.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape)))
        menu.close()


def _of_the_bar(desktop: Desktop) -> list[object]:
    return list(desktop.window.menuBar().actions())


def _mouse(widget: QWidget, at: QPoint, buttons: Qt.MouseButton) -> None:
    where = QPointF(at)
    event = QMouseEvent(
        QMouseEvent.Type.MouseMove, where, QPointF(widget.mapToGlobal(at)),
        Qt.MouseButton.NoButton, buttons, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)
