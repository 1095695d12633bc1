"""The choice of how fast frames pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

REAL_TIME, FRAME_RATE = "realtime", "fps"

SPEEDS: tuple[tuple[str, float], ...] = (
    *((REAL_TIME, amount) for amount in (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)),
    *((REAL_TIME, amount) for amount in (1.0, 3.0, 10.0, 30.0, 100.0)),
    *((FRAME_RATE, amount) for amount in (1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0)),
)
"""Speeds on offer: multiples of real time, then frames a second."""


def speed_text(unit: str, amount: float) -> str:
    """How a speed is written."""
    return f"{amount:g}×" if unit == REAL_TIME else f"{amount:g} frames/s"


class SpeedBox(QComboBox):
    """Lists the speeds; `speedChosen` carries unit ("realtime" or "fps") and amount."""

    speedChosen = pyqtSignal(str, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for unit, amount in SPEEDS:
            self.addItem(speed_text(unit, amount), (unit, amount))
        self.insertSeparator(sum(unit == REAL_TIME for unit, _ in SPEEDS))
        self.setMaxVisibleItems(self.count())
        self.setToolTip("Speed: multiples of real time, or frames a second")
        self.setAccessibleName("Speed")
        self.set_speed(REAL_TIME, 1.0)
        self.activated.connect(self._on_activated)

    @property
    def speed(self) -> tuple[str, float]:
        """Unit and amount chosen."""
        unit, amount = self.currentData()
        return str(unit), float(amount)

    def set_speed(self, unit: str, amount: float) -> None:
        """Show a speed; one that is not on offer is added."""
        places = [i for i in range(self.count()) if self.itemData(i) == (unit, amount)]
        if not places:
            self.addItem(speed_text(unit, amount), (unit, amount))
            places = [self.count() - 1]
        self.setCurrentIndex(places[0])

    def step(self, steps: int) -> None:
        """Choose the next faster (or slower) speed of the same kind."""
        unit, amount = self.speed
        kind = [given for kind, given in SPEEDS if kind == unit]
        nearest = min(range(len(kind)), key=lambda i: abs(kind[i] - amount))
        chosen = kind[min(max(0, nearest + steps), len(kind) - 1)]
        self.set_speed(unit, chosen)
        self.speedChosen.emit(unit, chosen)

    def _on_activated(self, _: int) -> None:
        self.speedChosen.emit(*self.speed)
