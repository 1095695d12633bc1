"""Keys go to the widget that needs them before they go to the menus."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

_MOVES = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
    }
)
_PRESSES = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Select})
_TABS = frozenset({Qt.Key.Key_Tab, Qt.Key.Key_Backtab})
_TEXTS = (QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit)
_NEEDS: tuple[tuple[tuple[type[QWidget], ...], frozenset[Qt.Key]], ...] = (
    ((QAbstractButton,), _PRESSES),
    ((QAbstractItemView,), _MOVES | _PRESSES),
    ((QComboBox,), _MOVES | _PRESSES),
    ((QAbstractSlider, QTabBar), _MOVES),
    (_TEXTS, _MOVES | _PRESSES),
)
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class KeyGuard(QObject):
    """Lets the focused widget have the bare keys it lives by, instead of an action.

    Space presses a focused button and arrows move in a focused list; with the keyboard
    anywhere else they play and move the cursor. Tab changes captures only while the
    keyboard is in the picture (`home`), so that every other widget can be reached by it.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._home: QWidget | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            # A filter on the application itself would see every event of the program.
            app.focusChanged.connect(self._on_focus_changed)

    def set_home(self, home: QWidget) -> None:
        """Where Tab belongs to the actions."""
        self._home = home

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Keep a key from the actions when the widget that has the keyboard needs it."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and isinstance(watched, QWidget)
            and self._is_needed(watched, event)
        ):
            event.accept()
            return True
        return False

    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None:
            before.removeEventFilter(self)
        if now is not None:
            now.installEventFilter(self)

    def _is_needed(self, widget: QWidget, event: QKeyEvent) -> bool:
        key = event.key()
        if key in _TABS:
            return not self._is_home(widget)
        if event.modifiers() not in _PLAIN:
            return False
        return any(key in keys for kinds, keys in _NEEDS if isinstance(widget, kinds))

    def _is_home(self, widget: QWidget) -> bool:
        home = self._home
        return home is not None and (widget is home or home.isAncestorOf(widget))
