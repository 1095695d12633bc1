"""The running program as a test sees it: keys, mouse, panels, and waiting for what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent, QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QDialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nightglass.core.problems import Problem
    from nightglass.core.session.view import View
    from nightglass.core.workbench.desk import OpenCapture
    from nightglass.core.workbench.painter import FrameResult
    from nightglass.gui.frame.view import FrameView
    from nightglass.gui.running import Running
    from PyQt6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

PATIENCE_MS = 20_000


class Desktop:
    """A window, and the hands of an observer."""

    def __init__(self, running: Running, qtbot: QtBot) -> None:
        self.running = running
        self.bench = running.workbench
        self.window = running.window
        self.area = running.window.area
        self._bot = qtbot

    # What is there

    @property
    def view(self) -> View:
        return self.bench.session.view

    @property
    def capture(self) -> OpenCapture | None:
        return self.bench.capture

    @property
    def frame_view(self) -> FrameView:
        return self.area.active_view

    @property
    def picture(self) -> FrameResult | None:
        """What is on the screen of the first view."""
        return self.bench.pictures.shown.get("main")

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Problems, notices left out."""
        entries = self.bench.problems.entries()
        return tuple(entry for entry in entries if entry.severity != "notice")

    def is_idle(self) -> bool:
        """Whether no job runs but those that never end."""
        active = self.bench.engine._board.active()
        return all(job.lane == "watch" for job in active) and not len(self.bench.engine.mailbox)

    # What an observer does

    def wait(self, condition: Callable[[], Any], patience_ms: int = PATIENCE_MS) -> None:
        self._bot.waitUntil(lambda: bool(condition()), timeout=patience_ms)

    def open(self, *paths: Path) -> None:
        """Open as the dialog would, and wait for the picture."""
        self.running.captures.open(paths)
        self.wait_for_picture()

    def wait_for_picture(self) -> None:
        """Until the frame wanted of the capture wanted is on the screen, and nothing runs."""

        def is_there() -> bool:
            shown = self.picture
            wanted = (self.view.capture, self.view.frame)
            return shown is not None and (shown.capture, shown.frame) == wanted

        self.wait(self.is_idle)
        self.wait(is_there)
        self.wait(self.is_idle)

    def act(self, key: str) -> None:
        """Trigger an action as its menu entry would."""
        self.window.actions_set.action(key).trigger()

    def is_checked(self, key: str) -> bool:
        return self.window.actions_set.action(key).isChecked()

    def press(self, key: Qt.Key | str, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key with the keyboard where it is."""
        target = QApplication.focusWidget() or self.window
        if isinstance(key, str):
            QTest.keyClicks(target, key, modifiers)
        else:
            QTest.keyClick(target, key, modifiers)

    def look_at_picture(self) -> None:
        """Put the keyboard into the picture."""
        self.area.setFocus()
        self.wait(lambda: QApplication.focusWidget() is not None)

    def at(self, x: float, y: float) -> QPoint:
        """Where on the first view's surface an image position (from 0) lies."""
        return self.frame_view.widget_at(x, y).toPoint()

    def point_at(self, x: float, y: float) -> None:
        """Move the pointer over an image position."""
        QTest.mouseMove(self.frame_view.viewport(), self.at(x, y))
        self._mouse(QMouseEvent.Type.MouseMove, self.at(x, y), Qt.MouseButton.NoButton)

    def click(self, x: float, y: float, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        QTest.mouseClick(self.frame_view.viewport(), button, pos=self.at(x, y))

    def drag(self, start: QPoint, end: QPoint, button: Qt.MouseButton) -> None:
        """Press, move in two steps, let go; positions on the view."""
        surface = self.frame_view.viewport()
        QTest.mousePress(surface, button, pos=start)
        for place in ((start + end) / 2, end):
            self._mouse(QMouseEvent.Type.MouseMove, place, button)
        QTest.mouseRelease(surface, button, pos=end)

    def _mouse(self, kind: Any, place: QPoint, buttons: Qt.MouseButton) -> None:
        surface = self.frame_view.viewport()
        where = QPointF(place)
        event = QMouseEvent(
            kind, where, QPointF(surface.mapToGlobal(place)), Qt.MouseButton.NoButton, buttons,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(surface, event)

    def turn_wheel(self, x: float, y: float, notches: int) -> None:
        """Turn the wheel over an image position."""
        surface, place = self.frame_view.viewport(), self.at(x, y)
        event = QWheelEvent(
            QPointF(place), QPointF(surface.mapToGlobal(place)), QPoint(), QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
            False,
        )  # fmt: skip
        QApplication.sendEvent(surface, event)

    def drop(self, *paths: Path) -> None:
        """Drag files onto the picture and let go."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        place, copies = QPoint(400, 300), Qt.DropAction.CopyAction
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(place, copies, data, buttons, keys)
        enter.ignore()
        # Qt looks for somebody who takes it from the widget under the pointer upwards.
        over = self.frame_view.viewport()
        QApplication.sendEvent(over, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(over, QDropEvent(QPointF(place), copies, data, buttons, keys))

    def in_dialog(self, action: str, do: Callable[[Any], object]) -> None:
        """Trigger an action that opens a dialog, do something with it, and see it closed."""
        met: list[QDialog] = []
        raised: list[BaseException] = []

        def meet() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is None:
                QTimer.singleShot(5, meet)
                return
            met.append(dialog)
            try:
                do(dialog)
            except BaseException as error:  # noqa: BLE001 - raised again outside of Qt
                raised.append(error)
            if dialog.isVisible():
                dialog.reject()

        QTimer.singleShot(0, meet)
        self.act(action)
        assert met, f"{action} opened no dialog"
        if raised:
            raise raised[0]

    def is_in_front(self, dock: str) -> bool:
        """Whether a panel can be seen."""
        widget: QWidget = self.window.docks[dock]
        return widget.isVisible() and not widget.visibleRegion().isEmpty()
