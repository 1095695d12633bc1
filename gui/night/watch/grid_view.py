"""The grid of batches under the hand: choosing, menus, explanations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QHelpEvent, QKeyEvent
from PyQt6.QtWidgets import QToolTip

from .batch_words import batch_words
from .grid_canvas import GridCanvas

if TYPE_CHECKING:
    from PyQt6.QtGui import QContextMenuEvent, QFocusEvent, QMouseEvent

    from ....core.mascara.watching.snapshot import BatchCell

FAR = 100_000
MOVES: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_PageUp: (0, -10),
    Qt.Key.Key_PageDown: (0, 10),
    Qt.Key.Key_Home: (0, -FAR),
    Qt.Key.Key_End: (0, FAR),
}
"""Rows and columns by which a key moves the choice."""
OPENS: frozenset[int] = frozenset(
    {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Menu}
)
BARE = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
BY_KEYBOARD = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)


class GridView(GridCanvas):
    """Lets a batch be chosen.

    Signals: `chosen` with the name of a unit that the observer chose; `menuRequested` with it and
    a place on the screen.
    """

    chosen = pyqtSignal(str)
    menuRequested = pyqtSignal(str, QPoint)

    def _choose(self, cell: BatchCell) -> None:
        if self.put_frame(cell):
            self.setAccessibleDescription(batch_words(cell))
            self.chosen.emit(cell.unit)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Choose a batch; a press on the one chosen opens its menu."""
        cell = None if event is None else self.cell_under(event.position().toPoint())
        if event is None or cell is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if self.cell is cell:
            self.menuRequested.emit(cell.unit, event.globalPosition().toPoint())
        else:
            self._choose(cell)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """Choose the batch under the pointer and open its menu."""
        cell = None if event is None else self.cell_under(event.pos())
        if event is not None and cell is not None:
            self._choose(cell)
            self.menuRequested.emit(cell.unit, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Arrows choose, Return opens the menu."""
        if event is None:
            return
        if event.key() in MOVES:
            self._move(*MOVES[event.key()])
        elif event.key() in OPENS and self.cell is not None:
            self.open_menu()
        else:
            super().keyPressEvent(event)

    def open_menu(self) -> None:
        """Open the menu of the batch chosen, at its cell."""
        cell = self.cell
        if cell is not None:
            self.menuRequested.emit(cell.unit, self._on_screen(cell))

    def _move(self, rows: int, columns: int) -> None:
        """Choose the batch beside the one chosen, else the newest one of the first camera."""
        chosen = self.cell
        target = self.newest_cell() if chosen is None else self.beside(chosen, rows, columns)
        if target is not None:
            self._choose(target)
            QToolTip.showText(self._on_screen(target), batch_words(target), self)

    def _on_screen(self, cell: BatchCell) -> QPoint:
        view = self.viewport()
        place = self.place_of(cell.unit)
        return self.mapToGlobal(place) if view is None else view.mapToGlobal(place)

    def event(self, event: QEvent | None) -> bool:
        """Keep the keys that it lives by from the actions."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            is_bare = event.modifiers() in BARE
            if is_bare and (event.key() in MOVES or event.key() in OPENS):
                event.accept()
                return True
        return super().event(event)

    def viewportEvent(self, event: QEvent | None) -> bool:
        """Tell about the batch under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self.cell_under(event.pos())
            QToolTip.showText(event.globalPos(), "" if cell is None else batch_words(cell), self)
            return True
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        """Show where the keyboard is: without a choice nothing would tell it."""
        super().focusInEvent(event)
        newest = self.newest_cell()
        is_by_key = event is not None and event.reason() in BY_KEYBOARD
        if is_by_key and self.cell is None and newest is not None:
            self.put_frame(newest)
        self.redraw()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        """Show that the keyboard has gone."""
        super().focusOutEvent(event)
        self.redraw()
