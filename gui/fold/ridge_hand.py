"""The hand that drags the ridge line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt, pyqtSignal

from ..widgets.throttle import Throttle
from .range_hand import FRAME_MS
from .ridge import STEP_TURNS, RidgeLine

if TYPE_CHECKING:
    from PyQt6.QtGui import QKeyEvent

    from .ridge import Handle

FREE = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
FINE = 0.1
KEY_HANDLES: dict[Qt.Key, tuple[Handle, float]] = {
    Qt.Key.Key_Left: ("end", -1.0),
    Qt.Key.Key_Right: ("end", 1.0),
    Qt.Key.Key_Down: ("middle", -1.0),
    Qt.Key.Key_Up: ("middle", 1.0),
}


class RidgeHand(QObject):
    """Keeps the line and what is done to it; places are turns on the axis, times parts of a span.

    Signals: `changed` when something must be painted anew; `dragged` at most once a frame with
    the changes of frequency (Hz) and of its derivative (Hz/s) since the hand took hold; `released`
    at the end; `taken` when a handle that changes them was taken hold of.
    """

    changed = pyqtSignal()
    dragged = pyqtSignal(float, float)
    released = pyqtSignal()
    taken = pyqtSignal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.line = RidgeLine()
        self.span_s = 0.0
        self.handle: Handle | None = None
        self._key: Qt.Key | None = None
        self._before, self._pressed = self.line, 0.0
        self._was_told = False
        self._told = Throttle(self._tell, FRAME_MS, self)

    @property
    def is_held(self) -> bool:
        """Whether a hand is dragging, or a key is held down."""
        return self.handle is not None

    def set_foot(self, phase: float) -> None:
        """Let the line begin at a phase, unless it is held."""
        if not self.is_held and phase != self.line.foot:
            self.line = RidgeLine(phase)
            self.changed.emit()

    # The mouse

    def press(self, handle: Handle, position: float, span_s: float) -> None:
        """Take hold of a handle at a position of the axis."""
        self.handle, self._pressed, self.span_s = handle, position, span_s
        self._before, self._was_told = self.line, False
        if handle != "foot":
            self.taken.emit()
        self.changed.emit()

    def move(self, position: float, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the hand; Alt or Shift leave the steps."""
        if self.handle is None:
            return
        by, is_free = position - self._pressed, bool(modifiers & FREE)
        self._pull_to(self._before.pulled(self.handle, by, is_free))

    def release(self) -> None:
        """Let go: the line is straight again, as the ridge should be."""
        if self.handle is None:
            return
        handle, self.handle, self._key = self.handle, None, None
        if handle != "foot":
            self._told.cancel()
            if self._was_told:
                self._emit()
            self.line = RidgeLine(self.line.foot)
        self.changed.emit()
        if self._was_told:
            self.released.emit()

    def take_back(self) -> None:
        """Put the line back where it was."""
        if self.handle is None:
            return
        self.handle, self._key = None, None
        self._told.cancel()
        self.line = self._before
        self.changed.emit()
        if self._was_told:
            self.dragged.emit(0.0, 0.0)
            self.released.emit()

    def _pull_to(self, line: RidgeLine) -> None:
        if line == self.line:
            return
        self.line = line
        if self.handle != "foot":
            self._was_told = True
            self._told.call()
        self.changed.emit()

    def _tell(self) -> None:
        if self.is_held:
            self._emit()

    def _emit(self) -> None:
        self.dragged.emit(self.line.delta_f_hz(self.span_s), self.line.delta_f1_hz_s(self.span_s))

    # Keys

    def press_key(self, event: QKeyEvent, span_s: float) -> bool:
        """Move a handle by a step for an arrow, a tenth of it with Ctrl; whether it was one."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self.is_held:
            self.take_back()
            return True
        if key not in KEY_HANDLES or (self.is_held and self._key is None):
            return False
        handle, sign = KEY_HANDLES[key]
        if not self.is_held:
            self.press(handle, 0.0, span_s)
        self._key, self.handle = key, handle
        is_fine = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        by = sign * STEP_TURNS * (FINE if is_fine else 1.0)
        self._pull_to(self.line.pulled(handle, by, is_fine))
        return True

    def release_key(self, event: QKeyEvent) -> bool:
        """Let go with the arrow key; whether it was held."""
        if event.isAutoRepeat() or self._key is None or event.key() != self._key:
            return False
        self.release()
        return True
