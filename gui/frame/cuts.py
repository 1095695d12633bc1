"""The histogram dock: limits, stretch and colours of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QLocale, QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QDoubleValidator
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from ..theme import ALIGN_NUMBER, spaced, tabular_font
from ..widgets.parts import muted_label
from ..widgets.throttle import Throttle
from .colour_controls import ColourControls
from .histogram_plot import HistogramPlot

if TYPE_CHECKING:
    from PyQt6.QtGui import QShowEvent

    from ...core.picture.histogram import Histogram
    from ..theme import Roles

_REDRAW_MS = 100
STRETCHES = (
    ("linear", "Linear"),
    ("log", "Log (a = 1000)"),
    ("sqrt", "Square root"),
    ("squared", "Squared"),
    ("asinh", "Asinh"),
    ("sinh", "Sinh"),
    ("power", "Power (a = 1000)"),
    ("histogram", "Histogram equalisation"),
)
PERCENTS = (99.9, 99.5, 99.0, 98.0, 97.0, 96.0, 95.0, 92.5, 90.0)
LIMITS = (
    ("zscale", 0.0, "zscale"),
    ("minmax", 0.0, "min to max"),
    *(("percentile", percent, f"{percent:g} %") for percent in PERCENTS),
    ("manual", 0.0, "manual"),
)


class HistogramPanel(QWidget):
    """Everything about how counts become colours, in one dock.

    Setters show and tell nothing; signals tell what the observer did. The histogram is redrawn
    ten times a second at most.
    """

    stretchChanged = pyqtSignal(str)
    limitsModeChanged = pyqtSignal(str, float)
    limitsChanged = pyqtSignal(float, float)
    lockChanged = pyqtSignal(bool)
    colourMapChanged = pyqtSignal(str)
    invertedChanged = pyqtSignal(bool)
    contrastChanged = pyqtSignal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._histogram: Histogram | None = None
        self._limits = (0.0, 1.0)
        self.stretch_combo, self.limits_combo = QComboBox(), QComboBox()
        for name, text in STRETCHES:
            self.stretch_combo.addItem(text, name)
        for mode, percent, text in LIMITS:
            self.limits_combo.addItem(text, (mode, percent))
        self.lock_box = QCheckBox("Lock")
        self.lock_box.setToolTip("Keep these limits while frames change")
        self.plot = HistogramPlot()
        self._unit = muted_label("ADU")
        self.low_edit, self.high_edit = _made_edit("Low limit"), _made_edit("High limit")
        self.colours = ColourControls()
        self._show_limits(None, None)
        self._redraw = Throttle(self._show_newest, _REDRAW_MS, self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(spaced(2), spaced(2), spaced(2), spaced(2))
        layout.setSpacing(spaced(2))
        layout.addLayout(_row(self.stretch_combo, self.limits_combo, self.lock_box))
        layout.addWidget(self.plot, 1)
        layout.addLayout(
            _row(muted_label("low"), self.low_edit, muted_label("high"), self.high_edit, self._unit)
        )
        layout.addWidget(self.colours)

    def _connect(self) -> None:
        self.stretch_combo.currentIndexChanged.connect(self._on_stretch_chosen)
        self.limits_combo.currentIndexChanged.connect(self._on_limits_chosen)
        self.lock_box.toggled.connect(self.lockChanged)
        self.plot.limitsDragged.connect(self._on_limits_dragged)
        self.low_edit.editingFinished.connect(self._on_limits_typed)
        self.high_edit.editingFinished.connect(self._on_limits_typed)
        self.colours.mapChanged.connect(self.colourMapChanged)
        self.colours.invertedChanged.connect(self.invertedChanged)
        self.colours.contrastChanged.connect(self.contrastChanged)

    # Told from outside

    def set_picture_facts(self, histogram: Histogram | None, low: float, high: float) -> None:
        """Take the histogram and the limits of the picture on the screen."""
        self._histogram, self._limits = histogram, (low, high)
        if self.isVisible():
            self._redraw.call()

    def set_unit(self, unit: str) -> None:
        """Tell what the values of the picture are."""
        if unit != self._unit.text():
            self._unit.setText(unit)
            self.plot.set_unit(unit)

    def set_stretch(self, name: str) -> None:
        """Show the stretch in use."""
        with QSignalBlocker(self.stretch_combo):
            self.stretch_combo.setCurrentIndex(self.stretch_combo.findData(name))

    def set_limits_mode(self, mode: str, percent: float) -> None:
        """Show how the limits are found; `percent` matters for percentiles alone."""
        wanted = (mode, percent if mode == "percentile" else 0.0)
        with QSignalBlocker(self.limits_combo):
            self.limits_combo.setCurrentIndex(_row_of_limits(wanted))

    def set_lock(self, is_locked: bool) -> None:
        """Show whether the limits are kept while frames change."""
        with QSignalBlocker(self.lock_box):
            self.lock_box.setChecked(is_locked)

    def set_colours(self, name: str, inverted: bool, contrast: float, bias: float) -> None:
        """Show the colours in use."""
        self.colours.set_colours(name, inverted, contrast, bias)

    def edit_limits(self) -> None:
        """Put the keyboard into the low limit."""
        self.low_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.low_edit.selectAll()

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self.plot.set_roles(roles)

    def showEvent(self, event: QShowEvent | None) -> None:
        """Catch up with what came while hidden."""
        super().showEvent(event)
        self._show_newest()

    def _show_newest(self) -> None:
        self.plot.set_histogram(self._histogram)
        if self.plot.is_held:
            return
        self.plot.set_limits(*self._limits)
        has_frame = self._histogram is not None
        self._show_limits(*(self._limits if has_frame else (None, None)))

    def _show_limits(self, low: float | None, high: float | None) -> None:
        """Write the limits, but never into a field being typed in."""
        for edit, value in ((self.low_edit, low), (self.high_edit, high)):
            edit.setEnabled(value is not None)
            if value is None:
                edit.clear()
            elif not edit.hasFocus():
                edit.setText(f"{value:.6g}")

    # Done by the observer

    def _on_stretch_chosen(self) -> None:
        self.stretchChanged.emit(self.stretch_combo.currentData())

    def _on_limits_chosen(self) -> None:
        mode, percent = self.limits_combo.currentData()
        self.limitsModeChanged.emit(mode, percent)

    def _on_limits_dragged(self, low: float, high: float) -> None:
        self._show_limits(low, high)
        self._tell_limits(low, high)

    def _on_limits_typed(self) -> None:
        low, ok_low = _locale().toDouble(self.low_edit.text())
        high, ok_high = _locale().toDouble(self.high_edit.text())
        shown = tuple(float(f"{value:.6g}") for value in self._limits)
        if ok_low and ok_high and low < high and (low, high) != shown:
            self._tell_limits(low, high)

    def _tell_limits(self, low: float, high: float) -> None:
        self._limits = (low, high)
        self.plot.set_limits(low, high)
        self.set_limits_mode("manual", 0.0)
        self.limitsChanged.emit(low, high)


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(spaced(2))
    for widget in widgets:
        row.addWidget(widget, 1 if isinstance(widget, QComboBox | QLineEdit) else 0)
    return row


def _locale() -> QLocale:
    return QLocale.c()


def _made_edit(tip: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setAlignment(ALIGN_NUMBER)
    edit.setFont(tabular_font(edit.font()))
    edit.setToolTip(tip)
    validator = QDoubleValidator(edit)
    validator.setLocale(_locale())
    edit.setValidator(validator)
    return edit


def _row_of_limits(wanted: tuple[str, float]) -> int:
    kinds = [(mode, percent) for mode, percent, _ in LIMITS]
    return kinds.index(wanted) if wanted in kinds else -1
