"""A line for one number, typed with all its digits or turned by steps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtWidgets import QLineEdit

from ..theme import ALIGN_NUMBER, set_cue, spaced, tabular_font
from .keys import keeps_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QKeyEvent, QWheelEvent

FINE = 0.1
WHEEL_STEP = 120
_STEPS = {Qt.Key.Key_Up: 1.0, Qt.Key.Key_Down: -1.0}


class NumberField(QLineEdit):
    """Arrow keys and the wheel move it by `step`, with Ctrl by a tenth; Escape gives the text up.

    Parameters
    ----------
    write : callable
        Text of a number.
    widest : str
        The longest text to expect, for which room is kept.
    tip : str

    Attributes
    ----------
    step : float
        In the unit of the number.

    Signals: `valueEdited` with the number, or None where the line was emptied; never for a setter.
    """

    valueEdited = pyqtSignal(object)

    def __init__(self, write: Callable[[float], str], widest: str, tip: str) -> None:
        super().__init__()
        self.step = 1.0
        self._write, self._tip = write, tip
        self._value: float | None = None
        self._turned = 0
        self.setFont(tabular_font())
        self.setAlignment(ALIGN_NUMBER)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(widest) + spaced(4))
        self.setToolTip(tip)
        self.returnPressed.connect(self._take_text)
        self.editingFinished.connect(self._take_text)
        self.textEdited.connect(self._forgive)

    @property
    def value(self) -> float | None:
        """The number in force."""
        return self._value

    def set_value(self, value: float | None) -> None:
        """Show a number, None or not-a-number for none; not over what is being typed."""
        known = None if value is None or math.isnan(value) else value
        self._value = known
        if not (self.hasFocus() and self.isModified()):
            self._show()

    def _show(self) -> None:
        text = "" if self._value is None else self._write(self._value)
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)
        self.setModified(False)

    def _take_text(self) -> None:
        if not self.isModified():
            return
        text = self.text().strip().replace("−", "-")
        try:
            value = float(text) if text else None
        except ValueError:
            value = math.nan
        if value is not None and not math.isfinite(value):
            set_cue(self, "bad")
            self.setToolTip("Type a number")
            return
        self.setModified(False)
        self._tell(value)

    def _tell(self, value: float | None) -> None:
        self._forgive()
        self._value = value
        self._show()
        self.valueEdited.emit(value)

    def _forgive(self, _: str = "") -> None:
        set_cue(self, "")
        self.setToolTip(self._tip)

    def turn(self, steps: float, is_fine: bool) -> None:
        """Move the number by steps."""
        self._take_text()
        if self._value is not None:
            self._tell(self._value + steps * self.step * (FINE if is_fine else 1.0))

    def event(self, event: QEvent | None) -> bool:
        """Keep the keys that turn the number from the actions of the window."""
        return keeps_key(event, self._needs) or super().event(event)

    def _needs(self, event: QKeyEvent) -> bool:
        return event.key() in _STEPS or self._is_given_up(event)

    def _is_given_up(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and self.isModified()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Turn with the arrows; Escape gives up what was typed."""
        if event is None:
            return
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.turn(_STEPS[key], bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif self._is_given_up(event):
            self._forgive()
            self._show()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Turn while the keyboard is here, so that scrolling past changes nothing."""
        if event is None or not self.hasFocus():
            super().wheelEvent(event)
            return
        # A touch pad sends many small turns.
        self._turned += event.angleDelta().y() or event.angleDelta().x()
        steps = int(self._turned / WHEEL_STEP)
        self._turned -= steps * WHEEL_STEP
        if steps:
            is_fine = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.turn(float(steps), is_fine)
        event.accept()
