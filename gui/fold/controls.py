"""What an observer may choose about the fold: par file, frequency, bins, ranges, times."""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from PyQt6.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QIntValidator
from PyQt6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QWidget

from ...core.lightspeed.fold.settings import LEAST_BINS, MOST_BINS, FoldSettings
from ..theme import ALIGN_NUMBER, set_cue, spaced, tabular_font
from .number_field import NumberField
from .pars.par_button import ParButton
from .range_field import RangeField

if TYPE_CHECKING:
    from collections.abc import Sequence


BIN_CHOICES = (8, 16, 32, 64, 128, 256, 512, 1024)
STAMPS = (
    ("start", "start", "The first moment of the exposure is given the phase"),
    ("middle", "middle", "The middle of the exposure is given the phase"),
    ("end", "end", "The last moment of the exposure is given the phase"),
)
NO_SECOND = "none"
PHASE_STEP, OFFSET_STEP_MS = 0.01, 0.1
LABELS = {"f0_hz": "F0 (Hz)", "f1_hz_s": "F1 (Hz/s)"}
EDITED = " ✎"
STEPS = "Arrow keys and the wheel move it by"
TIPS = {
    "f0_hz": f"Spin frequency at PEPOCH. {STEPS} 1/T, T the time covered, with Ctrl by a tenth. "
    "Empty: that of the par file",
    "f1_hz_s": f"Derivative of the frequency at PEPOCH. {STEPS} 1/T², with Ctrl by a tenth. "
    "Empty: that of the par file",
    "phase_offset": f"Turns added to every phase. {STEPS} {PHASE_STEP}, with Ctrl by a tenth",
    "timing_offset_s": f"Milliseconds taken off every time. {STEPS} {OFFSET_STEP_MS}, with Ctrl "
    "by a tenth",
    "on": "Phases of the pulse, such as 0.95-0.10; also Shift and drag in the profile",
    "off": "Phases without pulse, such as 0.3-0.7; also Ctrl and drag in the profile",
}


def frequency_text(value_hz: float) -> str:
    """Frequency to the picohertz, without zeros that say nothing."""
    whole, _, decimals = f"{value_hz:.12f}".partition(".")
    return f"{whole}.{decimals.rstrip('0') or '0'}"


def derivative_text(value: float) -> str:
    """Number in nine digits and a power of ten, without zeros that say nothing."""
    mantissa, _, power = f"{value:.8e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(power)}" if value else "0"


class Line(NamedTuple):
    """A line of the form: its label, its widget, and in which half it stands."""

    key: str
    label: str
    widget: QWidget
    half: int


class Controls(QWidget):
    """The settings of the fold, in one column or in two halves side by side.

    Signals, for what the observer does and never for a setter: `settingsChanged` with the fields
    of `FoldSettings` that are others; `binsChanged`; `rangeEdited` with "on" or "off" and a
    PhaseRange or None; `secondChosen` with the number of a region or None; `normalisedToggled`.
    """

    settingsChanged = pyqtSignal(dict)
    binsChanged = pyqtSignal(int)
    rangeEdited = pyqtSignal(str, object)
    secondChosen = pyqtSignal(object)
    normalisedToggled = pyqtSignal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("foldControls")
        self.par = ParButton()
        self._make_numbers()
        self.bins = self._made_bins()
        self.stamp, self.second = QComboBox(), QComboBox()
        self.rows = QCheckBox("Rows corrected")
        self.normalised = QCheckBox("Normalised")
        self._fill_choices()
        self.labels: dict[str, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, spaced(1), 0)
        self._grid.setHorizontalSpacing(spaced(2))
        self._grid.setVerticalSpacing(spaced(1))
        self._halves = 0
        self._lines = self._made_lines()
        self._connect()
        self.set_halves(1)
        self.set_settings(FoldSettings(), math.nan, math.nan)

    def _make_numbers(self) -> None:
        self.f0 = NumberField(frequency_text, "888.888888888888", TIPS["f0_hz"])
        self.f1 = NumberField(derivative_text, "-8.88888888e-88", TIPS["f1_hz_s"])
        self.phase = NumberField(lambda value: f"{value:.4f}", "-0.8888", TIPS["phase_offset"])
        self.offset = NumberField(
            lambda value: f"{value:.4f}", "-8888.8888", TIPS["timing_offset_s"]
        )
        self.phase.step, self.offset.step = PHASE_STEP, OFFSET_STEP_MS
        self.on = RangeField("on", TIPS["on"])
        self.off = RangeField("off", TIPS["off"])

    def _made_bins(self) -> QComboBox:
        box = QComboBox()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        # It would make 32 of a 3.
        box.setCompleter(None)
        box.addItems([str(count) for count in BIN_CHOICES])
        box.setFont(tabular_font())
        box.setToolTip(f"Bins in a turn, {LEAST_BINS} to {MOST_BINS}")
        edit = box.lineEdit()
        assert edit is not None  # it is editable
        edit.setValidator(QIntValidator(LEAST_BINS, MOST_BINS, box))
        edit.setAlignment(ALIGN_NUMBER)
        edit.editingFinished.connect(self._on_bins_entered)
        box.activated.connect(self._on_bins_entered)
        return box

    def _fill_choices(self) -> None:
        for value, text, tip in STAMPS:
            self.stamp.addItem(text, value)
            self.stamp.setItemData(self.stamp.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.stamp.setToolTip("Which moment of an exposure is given its phase")
        self.second.setToolTip("Another region to fold beside the first, for difference and ratio")
        self.second.setMinimumContentsLength(8)
        self.second.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.rows.setToolTip(
            "Time each region by the rolling shutter at its own rows, not at the middle row"
        )
        self.normalised.setToolTip("Show profiles over their mean, not in electrons per second")
        self.set_regions((), None)

    def _made_lines(self) -> tuple[Line, ...]:
        return (
            Line("par", "Par file", self.par, 0),
            Line("f0_hz", LABELS["f0_hz"], self.f0, 0),
            Line("f1_hz_s", LABELS["f1_hz_s"], self.f1, 0),
            Line("phase_offset", "Phase + (turns)", self.phase, 0),
            Line("on", "On-pulse", self.on, 0),
            Line("off", "Off-pulse", self.off, 0),
            Line("n_bins", "Bins", self.bins, 1),
            Line("second", "Second region", self.second, 1),
            Line("stamp", "Time is at the", self.stamp, 1),
            Line("timing_offset_s", "Times − (ms)", self.offset, 1),
            Line("row_delay", "", self.rows, 1),
            Line("normalised", "", self.normalised, 1),
        )

    def _connect(self) -> None:
        self.f0.valueEdited.connect(lambda value: self._change(f0_hz=value))
        self.f1.valueEdited.connect(lambda value: self._change(f1_hz_s=value))
        self.phase.valueEdited.connect(lambda value: self._change(phase_offset=value or 0.0))
        self.offset.valueEdited.connect(
            lambda value: self._change(timing_offset_s=1e-3 * (value or 0.0))
        )
        self.rows.toggled.connect(lambda is_on: self._change(row_delay=is_on))
        self.stamp.activated.connect(lambda _: self._change(stamp=self.stamp.currentData()))
        self.second.activated.connect(lambda _: self.secondChosen.emit(self.second.currentData()))
        self.normalised.toggled.connect(self.normalisedToggled)
        for field in (self.on, self.off):
            field.rangeEdited.connect(self.rangeEdited)

    # Where the lines stand

    def set_halves(self, halves: int) -> None:
        """Lay the lines in one column, or in two halves side by side."""
        if halves == self._halves:
            return
        self._halves = halves
        rows = [0, 0]
        for line in self._lines:
            half = line.half if halves == 2 else 0
            self._place(line, rows[half], 2 * half)
            rows[half] += 1
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(max(rows), 1)
        for column in range(4):
            self._grid.setColumnStretch(column, column % 2 if column < 2 * halves else 0)
        self.updateGeometry()

    def _place(self, line: Line, row: int, column: int) -> None:
        if not line.label:
            self._grid.addWidget(line.widget, row, column + 1)
            return
        if line.key not in self.labels:
            label = QLabel(line.label)
            label.setBuddy(line.widget)
            set_cue(label, "muted")
            line.widget.setAccessibleName(line.label)
            self.labels[line.key] = label
            room = label.fontMetrics().horizontalAdvance(line.label + EDITED)
            label.setMinimumWidth(room if line.key in LABELS else 0)
        self._grid.addWidget(self.labels[line.key], row, column)
        self._grid.addWidget(line.widget, row, column + 1)

    def minimumSizeHint(self) -> QSize:
        """Everything is seen whole."""
        return self.sizeHint()

    # What it is told

    def set_settings(self, settings: FoldSettings, f0_hz: float, f1_hz_s: float) -> None:
        """Show settings, with F0 and F1 in force (not-a-number without a par file)."""
        self.f0.set_value(f0_hz)
        self.f1.set_value(f1_hz_s)
        for key, is_edited in (
            ("f0_hz", settings.f0_hz is not None),
            ("f1_hz_s", settings.f1_hz_s is not None),
        ):
            self.labels[key].setText(LABELS[key] + EDITED * is_edited)
            set_cue(self.labels[key], "accent" if is_edited else "muted")
        self.phase.set_value(settings.phase_offset)
        self.offset.set_value(1e3 * settings.timing_offset_s)
        self.on.set_range(settings.on)
        self.off.set_range(settings.off)
        self._show_bins(settings.n_bins)
        with QSignalBlocker(self.stamp), QSignalBlocker(self.rows):
            self.stamp.setCurrentIndex(self.stamp.findData(settings.stamp))
            self.rows.setChecked(settings.row_delay)

    def _show_bins(self, n_bins: int) -> None:
        edit = self.bins.lineEdit()
        self._bins = n_bins
        if edit is not None and not (edit.hasFocus() and edit.isModified()):
            with QSignalBlocker(self.bins):
                # From a number between the choices the arrows go to its neighbours.
                self.bins.setCurrentIndex(bisect_right(BIN_CHOICES, n_bins) - 1)
                self.bins.setEditText(str(n_bins))

    def set_span(self, span_s: float) -> None:
        """Let F0 and F1 move by what turns the end of the capture by a turn."""
        if span_s > 0.0:
            self.f0.step, self.f1.step = 1.0 / span_s, 1.0 / span_s**2

    def set_regions(self, regions: Sequence[tuple[int, str]], second: int | None) -> None:
        """Offer regions, each a number and a name, to be folded beside the first."""
        with QSignalBlocker(self.second):
            self.second.clear()
            self.second.addItem(NO_SECOND, None)
            for ident, name in regions:
                self.second.addItem(name, ident)
            self.second.setCurrentIndex(max(self.second.findData(second), 0))

    @property
    def is_normalised(self) -> bool:
        """Whether profiles are shown over their mean."""
        return self.normalised.isChecked()

    # What the observer does

    def _change(self, **changes: Any) -> None:
        self.settingsChanged.emit(changes)

    def _on_bins_entered(self, *_: object) -> None:
        text = self.bins.currentText()
        edit = self.bins.lineEdit()
        if edit is not None:
            edit.setModified(False)
        if text.isdigit() and int(text) != self._bins and LEAST_BINS <= int(text) <= MOST_BINS:
            self._bins = int(text)
            self.binsChanged.emit(self._bins)
