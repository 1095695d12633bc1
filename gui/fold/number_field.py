"""A line for one number, typed with all its digits or turned by steps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal

from .typed_field import TypedField

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QKeyEvent, QWheelEvent

FINE = 0.1
WHEEL_STEP = 120
_STEPS = {Qt.Key.Key_Up: 1.0, Qt.Key.Key_Down: -1.0}


class NumberField(TypedField):
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
        super().__init__(widest, tip)
        self.step = 1.0
        self._write = write
        self._value: float | None = None
        self._turned = 0

    @property
    def value(self) -> float | None:
        """The number in force."""
        return self._value

    def set_value(self, value: float | None) -> None:
        """Show a number, None or not-a-number for none; not over what is being typed."""
        self._value = None if value is None or math.isnan(value) else value
        self.show_unless_typed()

    def written(self) -> str:
        """The number in force as text."""
        return "" if self._value is None else self._write(self._value)

    def take(self, text: str) -> None:
        """Take a number, or nothing for none."""
        try:
            value = float(text.replace("−", "-")) if text else None
        except ValueError:
            value = math.nan
        if value is not None and not math.isfinite(value):
            self.refuse("Type a number")
            return
        self._tell(value)

    def _tell(self, value: float | None) -> None:
        self.forgive()
        self._value = value
        self.show_value()
        self.valueEdited.emit(value)

    def turn(self, steps: float, is_fine: bool) -> None:
        """Move the number by steps."""
        self.take_typed()
        if self._value is not None:
            self._tell(self._value + steps * self.step * (FINE if is_fine else 1.0))

    def needs(self, event: QKeyEvent) -> bool:
        """The keys that turn the number, and Escape."""
        return event.key() in _STEPS or super().needs(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Turn with the arrows."""
        key = None if event is None else Qt.Key(event.key())
        if event is not None and key in _STEPS:
            self.turn(_STEPS[key], bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
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
