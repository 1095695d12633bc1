"""The filters under the search line: brightness, camera, points, flags."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from ....core.mascara.browsing.stars import StarFilter
from ...fold.number_field import NumberField
from ...icons import icon
from ...theme import set_cue, spaced
from ...widgets.parts import choice_box

if TYPE_CHECKING:
    from collections.abc import Sequence

FLAGS = (("any", "with or without flags"), ("none", "no flagged point"), ("some", "flagged points"))
ANY_CAMERA = "all cameras"
V_STEP, POINTS_STEP = 0.1, 50.0


class FilterRow(QWidget):
    """`changed` tells that the observer wants other stars; setters emit nothing."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.brightest = _number("88.88", "Only stars fainter than this V magnitude", 2, V_STEP)
        self.faintest = _number("88.88", "Only stars brighter than this V magnitude", 2, V_STEP)
        self.points = _number("88,888", "Only stars with as many fast points", 0, POINTS_STEP)
        self.camera = _box("Camera", "Only stars that this camera saw", ((ANY_CAMERA, ""),))
        self.flags = _box("Flags", "By their flagged points", [(text, key) for key, text in FLAGS])
        self.reset = QToolButton()
        self.reset.setIcon(icon("reset"))
        self.reset.setToolTip("All stars again")
        self.reset.setAccessibleName("All stars again")
        self._lay_out()
        for field in (self.brightest, self.faintest, self.points):
            field.valueEdited.connect(self._on_edited)
        for box in (self.camera, self.flags):
            box.activated.connect(self._on_edited)
        self.reset.clicked.connect(self._on_reset)

    def _lay_out(self) -> None:
        for field, name in (
            (self.brightest, "Brightest V"), (self.faintest, "Faintest V"),
            (self.points, "Least points"),
        ):  # fmt: skip
            field.setAccessibleName(name)
        numbers = QHBoxLayout()
        numbers.setSpacing(spaced(1))
        for part in (
            _label("V"), self.brightest, _label("to"), self.faintest, _label("points ≥"),
            self.points,
        ):  # fmt: skip
            numbers.addWidget(part)
        numbers.addStretch(1)
        numbers.addWidget(self.reset)
        choices = QHBoxLayout()
        choices.setSpacing(spaced(1))
        choices.addWidget(self.camera, 1)
        choices.addWidget(self.flags, 1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(spaced(1))
        grid.addLayout(numbers, 0, 0)
        grid.addLayout(choices, 1, 0)

    # What it is told

    @property
    def filter(self) -> StarFilter:
        """The stars that are wanted."""
        low, high = self.brightest.value, self.faintest.value
        return StarFilter(
            -math.inf if low is None else low,
            math.inf if high is None else high,
            str(self.camera.currentData() or ""),
            max(0, round(self.points.value or 0.0)),
            str(self.flags.currentData()),
        )

    def set_cameras(self, cameras: Sequence[str]) -> None:
        """Offer these cameras; the one chosen stays chosen."""
        box, chosen = self.camera, self.camera.currentData()
        if [box.itemData(row) for row in range(1, box.count())] == list(cameras):
            return
        box.clear()
        box.addItem(ANY_CAMERA, "")
        for camera in (*cameras, *([chosen] if chosen and chosen not in cameras else [])):
            box.addItem(camera, camera)
        box.setCurrentIndex(max(0, box.findData(chosen)))

    def clear(self) -> None:
        """Want all stars."""
        for field in (self.brightest, self.faintest, self.points):
            field.forgive()
            field.setModified(False)
            field.set_value(None)
        self.camera.setCurrentIndex(0)
        self.flags.setCurrentIndex(0)

    # What the observer does

    def _on_edited(self, _: object) -> None:
        self.changed.emit()

    def _on_reset(self, _: bool) -> None:
        self.clear()
        self.changed.emit()


def _number(widest: str, tip: str, decimals: int, step: float) -> NumberField:
    field = NumberField(lambda value: f"{value:.{decimals}f}", widest, tip)
    field.step = step
    return field


def _label(text: str) -> QLabel:
    label = QLabel(text)
    set_cue(label, "muted")
    return label


def _box(name: str, tip: str, entries: Sequence[tuple[str, str]]) -> QComboBox:
    box = choice_box(name, tip, entries)
    box.setMinimumContentsLength(8)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return box
