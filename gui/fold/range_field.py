"""A line for a range of phase, such as 0.95-0.10."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtWidgets import QLineEdit

from ...core.errors import NightglassError
from ...core.timing.pulse.ranges import PhaseRange
from ..theme import ALIGN_NUMBER, set_cue, spaced, tabular_font
from .keys import keeps_key

if TYPE_CHECKING:
    from PyQt6.QtGui import QKeyEvent

    from .phase_ranges import Which

WIDEST = "0.888-0.888"


class RangeField(QLineEdit):
    """Shows and takes one of the ranges; empty for none.

    `rangeEdited` carries "on" or "off" and a PhaseRange or None; never for a setter.
    """

    rangeEdited = pyqtSignal(str, object)

    def __init__(self, which: Which, tip: str) -> None:
        super().__init__()
        self._which, self._tip = which, tip
        self._phases: PhaseRange | None = None
        self.setFont(tabular_font())
        self.setAlignment(ALIGN_NUMBER)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(WIDEST) + spaced(4))
        self.setPlaceholderText("none")
        self.setToolTip(tip)
        self.editingFinished.connect(self._take_text)
        self.textEdited.connect(self._forgive)

    def set_range(self, phases: PhaseRange | None) -> None:
        """Show a range, None for none; not over what is being typed."""
        self._phases = phases
        if not (self.hasFocus() and self.isModified()):
            self._show()

    def _show(self) -> None:
        text = "" if self._phases is None else self._phases.text
        if text != self.text():
            self.setText(text)
        self.setModified(False)

    def _take_text(self) -> None:
        if not self.isModified():
            return
        text = self.text().strip()
        try:
            phases = PhaseRange.parse(text) if text else None
        except NightglassError as error:
            set_cue(self, "bad")
            self.setToolTip(f"{error.text} {error.hint}")
            return
        self._phases = phases
        self._show()
        self.rangeEdited.emit(self._which, phases)

    def _forgive(self, _: str = "") -> None:
        set_cue(self, "")
        self.setToolTip(self._tip)

    def event(self, event: QEvent | None) -> bool:
        """Keep Escape from the actions of the window while there is something to give up."""
        return keeps_key(event, self._is_given_up) or super().event(event)

    def _is_given_up(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and self.isModified()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Escape gives up what was typed."""
        if event is not None and self._is_given_up(event):
            self._forgive()
            self._show()
        else:
            super().keyPressEvent(event)
