"""Choice of the colour map, with contrast and bias."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QIcon, QImage, QPixmap
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSlider,
    QWidget,
)

from ...core.picture.codes import SCALE_CODES
from ...core.picture.colour import DEFAULT_BIAS, DEFAULT_CONTRAST, colour_table, names
from ..theme import set_cue, spaced
from ..widgets.number_label import NumberLabel
from .coloured import memory_of

if TYPE_CHECKING:
    from ...core.picture.codes import Colours

_SWATCH = QSize(64, 12)
_STEPS = 1000
_LEAST_CONTRAST, _MOST_CONTRAST = 0.1, 10.0


class ColourControls(QWidget):
    """Colour map, invert, contrast and bias; each change is told with all it needs."""

    mapChanged = pyqtSignal(str)
    invertedChanged = pyqtSignal(bool)
    contrastChanged = pyqtSignal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._contrast, self._bias = DEFAULT_CONTRAST, DEFAULT_BIAS
        self.map_combo = QComboBox()
        self.map_combo.setIconSize(_SWATCH)
        for name in names():
            self.map_combo.addItem(swatch(name), name)
        self.invert_box = QCheckBox("Invert")
        self.contrast_slider, self.bias_slider = _made_slider(), _made_slider()
        self._contrast_label, self._bias_label = NumberLabel("10.00"), NumberLabel("0.000")
        self.reset_button = QPushButton("Reset")
        self.reset_button.setToolTip("Contrast 1, bias 0.5")
        self._lay_out()
        self._connect()
        self._show_contrast()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(spaced(2))
        grid.setVerticalSpacing(spaced(1))
        grid.setColumnStretch(1, 1)
        rows = (
            ("colours", self.map_combo, self.invert_box),
            ("contrast", self.contrast_slider, self._contrast_label),
            ("bias", self.bias_slider, self._bias_label),
        )
        for row, (text, widget, right) in enumerate(rows):
            caption = QLabel(text)
            set_cue(caption, "muted")
            grid.addWidget(caption, row, 0)
            grid.addWidget(widget, row, 1)
            grid.addWidget(right, row, 2)
        grid.addWidget(self.reset_button, 1, 3, 2, 1, Qt.AlignmentFlag.AlignVCenter)

    def _connect(self) -> None:
        self.map_combo.currentTextChanged.connect(self.mapChanged)
        self.invert_box.toggled.connect(self.invertedChanged)
        self.contrast_slider.valueChanged.connect(self._on_slider_moved)
        self.bias_slider.valueChanged.connect(self._on_slider_moved)
        self.reset_button.clicked.connect(self._on_reset_clicked)

    def set_colours(self, name: str, inverted: bool, contrast: float, bias: float) -> None:
        """Show the colours in use; nothing is told."""
        with QSignalBlocker(self.map_combo), QSignalBlocker(self.invert_box):
            self.map_combo.setCurrentText(name)
            self.invert_box.setChecked(inverted)
        self._contrast, self._bias = contrast, bias
        self._show_contrast()

    def _show_contrast(self) -> None:
        with QSignalBlocker(self.contrast_slider), QSignalBlocker(self.bias_slider):
            self.contrast_slider.setValue(_slider_of_contrast(self._contrast))
            self.bias_slider.setValue(round(self._bias * _STEPS))
        self._contrast_label.show_text(f"{self._contrast:.2f}")
        self._bias_label.show_text(f"{self._bias:.3f}")

    def _on_slider_moved(self) -> None:
        if self.sender() is self.contrast_slider:
            self._contrast = _contrast_of_slider(self.contrast_slider.value())
        else:
            self._bias = self.bias_slider.value() / _STEPS
        self._tell()

    def _on_reset_clicked(self) -> None:
        self._contrast, self._bias = DEFAULT_CONTRAST, DEFAULT_BIAS
        self._tell()

    def _tell(self) -> None:
        self._show_contrast()
        self.contrastChanged.emit(self._contrast, self._bias)


def swatch(name: str) -> QIcon:
    """Draw a colour map as a strip, dark end on the left."""
    strip = _strip(name)
    image = QImage(memory_of(strip), strip.size, 1, 4 * strip.size, QImage.Format.Format_RGB32)
    return QIcon(QPixmap.fromImage(image.scaled(_SWATCH)))


@cache
def _strip(name: str) -> Colours:
    """A few of the colours of a map, for whose table there is no further use."""
    return colour_table(name)[: SCALE_CODES : SCALE_CODES // _SWATCH.width()].copy()


def _made_slider() -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, _STEPS)
    slider.setPageStep(_STEPS // 20)
    return slider


def _slider_of_contrast(contrast: float) -> int:
    """Place contrast 1 in the middle: equal steps are equal factors."""
    limited = min(max(contrast, _LEAST_CONTRAST), _MOST_CONTRAST)
    return round((math.log10(limited) + 1.0) / 2.0 * _STEPS)


def _contrast_of_slider(value: int) -> float:
    return float(10.0 ** (2.0 * value / _STEPS - 1.0))
