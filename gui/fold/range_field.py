"""A line for a range of phase, such as 0.95-0.10."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal

from ...core.errors import NightglassError
from ...core.timing.pulse.ranges import PhaseRange
from .typed_field import TypedField

if TYPE_CHECKING:
    from .phase_ranges import Which

WIDEST = "0.888-0.888"


class RangeField(TypedField):
    """Shows and takes one of the ranges; empty for none.

    `rangeEdited` carries "on" or "off" and a PhaseRange or None; never for a setter.
    """

    rangeEdited = pyqtSignal(str, object)

    def __init__(self, which: Which, tip: str) -> None:
        super().__init__(WIDEST, tip)
        self._which: Which = which
        self._phases: PhaseRange | None = None
        self.setPlaceholderText("none")

    def set_range(self, phases: PhaseRange | None) -> None:
        """Show a range, None for none; not over what is being typed."""
        self._phases = phases
        self.show_unless_typed()

    def written(self) -> str:
        """The range in force as text."""
        return "" if self._phases is None else self._phases.text

    def take(self, text: str) -> None:
        """Take a range, or nothing for none."""
        try:
            phases = PhaseRange.parse(text) if text else None
        except NightglassError as error:
            self.refuse(f"{error.text} {error.hint}")
            return
        self._phases = phases
        self.show_value()
        self.rangeEdited.emit(self._which, phases)
