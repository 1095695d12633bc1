"""The row for the phase: a period typed or found."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QLabel, QPushButton, QToolButton, QWidget

from ...fold.number_field import NumberField
from ...theme import set_cue
from ...widgets.parts import muted_label
from .flow_bar import FlowBar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ....core.mascara.browsing.period import FoundPeriod

METHODS = (("wave", "sine"), ("transit", "transit"))
METHOD_TIP = "What is searched for: a wave (Lomb-Scargle), or a dip that comes again (BLS)"
FOUND_TIP = "Periods found, the strongest first; FAP: probability that noise alone does it"
STEP = 1e-3
MINUTES_A_DAY, HOURS_A_DAY = 1440.0, 24.0


class PeriodBar(FlowBar):
    """What the phase is made of.

    Signals: `changed` when the observer wants another period or epoch, `searchRequested` with the
    method by which one is to be found; never for a setter.
    """

    changed = pyqtSignal()
    searchRequested = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.period = NumberField(
            period_text, "88.88888888", "Period in days; arrow keys move it by a thousandth"
        )
        self.epoch = NumberField(
            epoch_text, "2488888.88888", "JD (UTC) of phase 0; empty: the first point"
        )
        self.epoch.step = STEP
        self.halve = _button("½", "Half the period", "Half the period")
        self.double = _button("×2", "Twice the period", "Twice the period")
        self.method = QComboBox()
        for text, data in METHODS:
            self.method.addItem(text, data)
        self.method.setToolTip(METHOD_TIP)
        self.method.setAccessibleName("Search for")
        self.search = QPushButton("Find period")
        self.search.setToolTip("Search the unflagged points of the aperture shown")
        self.found = QComboBox()
        self.found.setToolTip(
            "Periods found, the strongest first; FAP: probability that noise does it"
        )
        self.found.setAccessibleName("Periods found")
        self.found.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.told = QLabel()
        set_cue(self.told, "muted")
        self._lay_out()
        self._connect()
        self.show_found(())

    def _lay_out(self) -> None:
        self.period.setAccessibleName("Period, days")
        self.epoch.setAccessibleName("Epoch, JD")
        self.add(muted_label("Period"), self.period, muted_label("d"), self.halve, self.double)
        self.add(muted_label("Epoch"), self.epoch, muted_label("JD"))
        self.add(self.method, self.search)
        self.add(self.found)
        self.add(self.told)

    def _connect(self) -> None:
        self.period.valueEdited.connect(self._on_edited)
        self.epoch.valueEdited.connect(self._on_edited)
        self.halve.clicked.connect(self._on_halved)
        self.double.clicked.connect(self._on_doubled)
        self.search.clicked.connect(self._on_search)
        self.found.activated.connect(self._on_found_chosen)

    # What it is told

    @property
    def period_d(self) -> float:
        """The period, NaN for none."""
        value = self.period.value
        return value if value is not None and value > 0.0 else math.nan

    @property
    def epoch_jd(self) -> float:
        """Where the phase is 0, NaN for the first point."""
        return math.nan if self.epoch.value is None else self.epoch.value

    def set_period(self, period_d: float, epoch_jd: float) -> None:
        """Show a period and an epoch."""
        self.period.set_value(period_d)
        self.epoch.set_value(epoch_jd)
        self._show_steps()

    def show_searching(self) -> None:
        """Tell that it takes a moment."""
        self.search.setEnabled(False)
        self._tell("searching…")

    def show_found(self, found: Sequence[FoundPeriod], words: str = "") -> None:
        """Offer periods, and say something about them."""
        self.search.setEnabled(True)
        self.found.clear()
        for one in found:
            self.found.addItem(found_text(one), (one.period_d, one.epoch_jd))
        self.found.setVisible(bool(found))
        self._tell(words)

    def _tell(self, words: str) -> None:
        self.told.setText(words)
        self.told.setVisible(bool(words))

    def _show_steps(self) -> None:
        self.period.step = STEP * (1.0 if math.isnan(self.period_d) else self.period_d)
        for button in (self.halve, self.double):
            button.setEnabled(not math.isnan(self.period_d))

    # What the observer does

    def _on_edited(self, _: object) -> None:
        if self.period.value is not None and self.period.value <= 0.0:
            self.period.refuse("Type a period above 0")
        self._show_steps()
        self.changed.emit()

    def _on_halved(self, _: bool) -> None:
        self._scale(0.5)

    def _on_doubled(self, _: bool) -> None:
        self._scale(2.0)

    def _scale(self, factor: float) -> None:
        self.set_period(self.period_d * factor, self.epoch_jd)
        self.changed.emit()

    def _on_search(self, _: bool) -> None:
        self.searchRequested.emit(str(self.method.currentData()))

    def _on_found_chosen(self, _: int) -> None:
        chosen: Any = self.found.currentData()
        self.set_period(*chosen)
        self.changed.emit()


def period_text(period_d: float) -> str:
    """Days with eight digits that mean something, without zeros at the end."""
    digits = min(max(7 - math.floor(math.log10(abs(period_d) or 1.0)), 0), 12)
    return f"{period_d:.{digits}f}".rstrip("0").rstrip(".")


def epoch_text(epoch_jd: float) -> str:
    """A Julian date to the second."""
    return f"{epoch_jd:.5f}"


def found_text(found: FoundPeriod) -> str:
    """A period in the unit that suits it, and how sure it is."""
    hours = HOURS_A_DAY * found.period_d
    length = f"{hours:.4f} h" if hours >= 1.0 else f"{MINUTES_A_DAY * found.period_d:.3f} min"
    depth = f"{100.0 * found.amplitude:.2f} %"
    return f"{length}, {depth}, FAP {_probability_text(found.false_alarm)}"


def _probability_text(value: float) -> str:
    if value < 1e-99:
        return "< 1e−99"
    return (
        f"{value:.2g}" if value >= 1e-3 else f"{value:.0e}".replace("e-0", "e−").replace("e-", "e−")
    )


def _button(text: str, name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setAccessibleName(name)
    button.setToolTip(tip)
    return button
