"""The choices over the plot of a light curve."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QToolButton, QWidget

from ....core.mascara.browsing.values import AXES, OF_APERTURES, QUANTITIES
from ...icons import icon
from ...widgets.parts import choice_box, muted_label
from .choices import ALL_APERTURES, BATCH_MIN, LARGEST, PlotChoices
from .flow_bar import FlowBar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

KINDS = (("each exposure", "fast"), ("50 binned", "slow"))
BINS = (
    ("no bins", 0.0), ("1 min", 1.0), ("a batch", BATCH_MIN), ("10 min", 10.0), ("30 min", 30.0),
    ("1 h", 60.0),
)  # fmt: skip
EVERY = "all apertures"
WHAT_CHARACTERS = 12
TIPS = {
    "what": "What is plotted",
    "axis": "Against what it is plotted",
    "aperture": "In which aperture: its radius in pixels",
    "kind": "Points of each exposure, or of the mean images of 50 exposures",
    "bins": "Medians of the unflagged points of so long",
    "bars": "Draw an error bar of one standard deviation at each point",
    "flagged": "Draw flagged points too, hollow with a cross",
}


class PlotBar(FlowBar):
    """What is plotted against what.

    Signals: `changed` when the observer chose otherwise; `exportRequested` and `copyRequested`
    when a file, or the command line for it, is wanted; never for a setter.
    """

    changed = pyqtSignal()
    exportRequested = pyqtSignal()
    copyRequested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = PlotChoices()
        self.what = _box("what", "Quantity", ((name, key) for key, name in QUANTITIES.items()))
        _narrow(self.what, WHAT_CHARACTERS)
        self.axis = _box("axis", "Axis", ((name, key) for key, name in AXES.items()))
        self.aperture = _box("aperture", "Aperture", ())
        self.kind = _box("kind", "Exposures", KINDS)
        self.bins = _box("bins", "Bins", BINS)
        self.bars = _toggle("bars", "Errors")
        self.flagged = _toggle("flagged", "Flagged")
        self.export = _button("Export…", "export", "Save the light curve as CSV, ECSV, FITS or PNG")
        self.copy = _button("", "copy", "Copy the command line that writes this light curve")
        self.copy.setAccessibleName("Copy the command line")
        self._lay_out()
        self._connect()
        self.set_radii(())
        self.set_choices(self._choices)

    def _lay_out(self) -> None:
        self.add(self.what)
        self.add(muted_label("against"), self.axis)
        for part in (self.aperture, self.kind, self.bins):
            self.add(part)
        self.add(self.bars, self.flagged)
        self.add(self.export, self.copy)

    def _connect(self) -> None:
        for box in (self.what, self.axis, self.aperture, self.kind, self.bins):
            box.activated.connect(self._on_chosen)
        for button in (self.bars, self.flagged):
            button.clicked.connect(self._on_chosen)
        self.export.clicked.connect(self.exportRequested)
        self.copy.clicked.connect(self.copyRequested)

    # What it is told

    @property
    def choices(self) -> PlotChoices:
        """What is to be plotted."""
        return self._choices

    def set_choices(self, choices: PlotChoices) -> None:
        """Show other choices."""
        self._choices = choices
        for box, value in (
            (self.what, choices.what), (self.axis, choices.axis), (self.kind, choices.kind),
            (self.bins, choices.bin_min), (self.aperture, _of(choices.aperture)),
        ):  # fmt: skip
            box.setCurrentIndex(max(0, box.findData(value)))
        self.bars.setChecked(choices.has_bars)
        self.flagged.setChecked(choices.shows_flagged)
        self.aperture.setEnabled(choices.what in OF_APERTURES)

    def set_radii(self, names: Sequence[str]) -> None:
        """Offer apertures of these names, the smallest first; the choice stays."""
        # The largest one stays chosen also where there are more of them.
        places = [*range(len(names) - 1), LARGEST][: len(names)]
        entries = [*zip(names, places, strict=True)][::-1]
        box, every = self.aperture, [*entries, (EVERY, _of(ALL_APERTURES))]
        if every != [(box.itemText(row), box.itemData(row)) for row in range(box.count())]:
            box.clear()
            for text, data in every:
                box.addItem(text, data)
            self.set_choices(self._choices)

    # What the observer does

    def _on_chosen(self, _: object) -> None:
        aperture: Any = self.aperture.currentData()
        self.set_choices(
            replace(
                self._choices,
                kind=self.kind.currentData(),
                what=self.what.currentData(),
                aperture=ALL_APERTURES if aperture == _of(ALL_APERTURES) else aperture,
                axis=self.axis.currentData(),
                has_bars=self.bars.isChecked(),
                shows_flagged=self.flagged.isChecked(),
                bin_min=self.bins.currentData(),
            )
        )
        self.changed.emit()


def _of(aperture: int | None) -> int | str:
    """An entry without data would be found by every search for none."""
    return "all" if aperture is ALL_APERTURES else aperture


def _box(key: str, name: str, entries: Iterable[tuple[str, Any]]) -> QComboBox:
    box = choice_box(name, TIPS[key], entries)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return box


def _narrow(box: QComboBox, characters: int) -> None:
    """Be no wider than so many letters, but show all words of the list."""
    view = box.view()
    if view is not None:
        view.setMinimumWidth(box.sizeHint().width())
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(characters)


def _toggle(key: str, text: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setCheckable(True)
    button.setToolTip(TIPS[key])
    return button


def _button(text: str, drawing: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setIcon(icon(drawing))
    button.setToolTip(tip)
    if text:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button
