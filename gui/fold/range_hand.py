"""The hand that moves, stretches, makes and removes ranges of phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt, pyqtSignal

from ..widgets.throttle import Throttle
from .phase_ranges import LEAST_TURNS, STEP_TURNS, WHICH, Grip, grip_at, shifted, widened

if TYPE_CHECKING:
    from PyQt6.QtGui import QKeyEvent

    from ...core.timing.pulse.ranges import PhaseRange
    from .phase_ranges import Which

FRAME_MS = 16
KEY_TURNS = 0.01
MAKERS: dict[Qt.KeyboardModifier, Which] = {
    Qt.KeyboardModifier.ShiftModifier: "on",
    Qt.KeyboardModifier.ControlModifier: "off",
}
REMOVERS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
ARROWS = {Qt.Key.Key_Left: -1.0, Qt.Key.Key_Right: 1.0}


class RangeHand(QObject):
    """Keeps both ranges and what is done to them; positions are turns on the axis.

    Signals: `changed` when something must be painted anew; `dragged` at most once a frame and
    `released` at the end, with the name of the range and the range; `removed` with the name.
    """

    changed = pyqtSignal()
    dragged = pyqtSignal(str, object)
    released = pyqtSignal(str, object)
    removed = pyqtSignal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.ranges: dict[Which, PhaseRange | None] = {"on": None, "off": None}
        self.chosen: Which | None = None
        self._grip: Grip | None = None
        self._previous: PhaseRange | None = None
        self._told = Throttle(self._tell, FRAME_MS, self)

    @property
    def is_held(self) -> bool:
        """Whether a hand is dragging."""
        return self._grip is not None

    def set_ranges(self, on: PhaseRange | None, off: PhaseRange | None) -> None:
        """Show these; what a hand holds stays under it. Nothing is emitted."""
        held = None if self._grip is None else self._grip.which
        new: dict[Which, PhaseRange | None] = {"on": on, "off": off}
        for which in WHICH:
            if which != held:
                self.ranges[which] = new[which]
        if self.chosen is not None and self.ranges[self.chosen] is None:
            self.chosen = None
        self.changed.emit()

    def grip(self, position: float, reach: float) -> Grip | None:
        """What there is to take hold of."""
        return grip_at(self.ranges, position, reach)

    # The mouse

    def press(self, position: float, reach: float, modifiers: Qt.KeyboardModifier) -> None:
        """Take hold of what is there, or begin a new range with Shift (on) or Ctrl (off)."""
        which = MAKERS.get(modifiers)
        made = None if which is None else Grip(which, "new", None, position)
        self._grip = made or self.grip(position, reach)
        self.chosen = None if self._grip is None else self._grip.which
        self._previous = None if self._grip is None else self.ranges[self._grip.which]
        self.changed.emit()

    def move(self, position: float) -> None:
        """Follow the hand."""
        if self._grip is None or self._is_click(position):
            return
        phases = self._grip.range_at(position)
        if phases != self.ranges[self._grip.which]:
            self.ranges[self._grip.which] = phases
            self._told.call()
            self.changed.emit()

    def _is_click(self, position: float) -> bool:
        """Whether a new range has not begun yet."""
        grip = self._grip
        if grip is None or grip.part != "new":
            return False
        is_untouched = self.ranges[grip.which] is self._previous
        return is_untouched and abs(position - grip.pressed) < LEAST_TURNS

    def release(self, position: float) -> None:
        """Let go; a hand that hardly moved with Shift or Ctrl has made nothing."""
        if self._grip is None:
            return
        if self._grip.part == "new" and abs(position - self._grip.pressed) < LEAST_TURNS:
            self.take_back()
            return
        which, self._grip = self._grip.which, None
        self._told.cancel()
        phases = self.ranges[which]
        if phases is not None and phases != self._previous:
            self.released.emit(which, phases)

    def take_back(self) -> None:
        """Put the range back where it was before the drag."""
        if self._grip is None:
            return
        which, self._grip = self._grip.which, None
        self._told.cancel()
        was_moved = self.ranges[which] != self._previous
        self.ranges[which] = self._previous
        self.changed.emit()
        if not was_moved:
            return
        if self._previous is None:
            self.removed.emit(which)
        else:
            self.released.emit(which, self._previous)

    def _tell(self) -> None:
        if self._grip is not None:
            self.dragged.emit(self._grip.which, self.ranges[self._grip.which])

    # Keys and menu

    def put(self, which: Which, phases: PhaseRange) -> None:
        """Make a range at once."""
        self.ranges[which] = phases
        self.chosen = which
        self.changed.emit()
        self.released.emit(which, phases)

    def remove(self, which: Which) -> None:
        """Take a range away."""
        if self.ranges[which] is None or self.is_held:
            return
        self.ranges[which] = None
        self.chosen = None
        self.changed.emit()
        self.removed.emit(which)

    def choose_next(self) -> None:
        """Choose the next range for the keys: on, off, none."""
        there: list[Which | None] = [which for which in WHICH if self.ranges[which] is not None]
        order = [*there, None]
        place = order.index(self.chosen) if self.chosen in order else -1
        self.chosen = order[(place + 1) % len(order)]
        self.changed.emit()

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key asks for; whether it did anything."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self.is_held:
            self.take_back()
        elif key == Qt.Key.Key_Space:
            self.choose_next()
        elif self.chosen is not None and key in REMOVERS:
            self.remove(self.chosen)
        elif self.chosen is not None and key in ARROWS:
            self._step(self.chosen, ARROWS[key], event.modifiers())
        else:
            return False
        return True

    def _step(self, which: Which, sign: float, modifiers: Qt.KeyboardModifier) -> None:
        phases = self.ranges[which]
        if phases is None or self.is_held:
            return
        is_fine = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        by = sign * (STEP_TURNS if is_fine else KEY_TURNS)
        change = widened if modifiers & Qt.KeyboardModifier.ShiftModifier else shifted
        self.put(which, change(phases, by))
