"""The row that chooses what lies over a frame."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QDoubleSpinBox, QToolButton, QWidget

from ...theme import ALIGN_NUMBER, spaced, tabular_font
from ...widgets.parts import muted_label
from .flow import FlowLayout
from .looks import FACTORS, OverlayLook

if TYPE_CHECKING:
    from collections.abc import Iterable

TOGGLES = (
    ("has_stars", "Stars", "Rings around the stars of the catalogue, the brighter the larger"),
    ("has_names", "Names", "ASCC numbers of the brightest stars in view"),
    ("has_residuals", "Residuals", "Measured minus computed places of the astrometry's stars"),
    ("has_masks", "Masks", "What stands in the view"),
    ("has_moon", "Moon", "The Moon, and how far around it stars are flagged"),
    ("has_targets", "Targets", "Stars of which thumbnails are kept"),
    ("has_compass", "Compass", "Where north, east and the zenith are, and where the camera looks"),
)


class OverlayRow(QWidget):
    """Toggles of the overlay; `lookChanged` tells the whole look."""

    lookChanged = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = OverlayLook()
        self.toggles = {name: self._made_toggle(*about) for name, *about in TOGGLES}
        self.faintest = self._made_faintest()
        self.factor = self._made_factor()
        self._lay_out()
        self.set_look(self._look)

    @property
    def look(self) -> OverlayLook:
        """What is chosen."""
        return self._look

    def set_look(self, look: OverlayLook) -> None:
        """Show what is chosen; nothing is told."""
        self._look = look
        for name, button in self.toggles.items():
            button.setChecked(bool(getattr(look, name)))
        with QSignalBlocker(self.faintest), QSignalBlocker(self.factor):
            self.faintest.setValue(look.faintest_vmag)
            self.factor.setCurrentIndex(FACTORS.index(look.factor))
        self.factor.setEnabled(look.has_residuals)

    def _lay_out(self) -> None:
        flow = FlowLayout(spaced(1))
        flow.addWidget(muted_label("Overlay"))
        for widget in self._in_order():
            flow.addWidget(widget)
        self.setLayout(flow)

    def _in_order(self) -> Iterable[QWidget]:
        for name, button in self.toggles.items():
            yield button
            if name == "has_stars":
                yield self.faintest
            elif name == "has_residuals":
                yield self.factor

    def _made_toggle(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(self._on_changed)
        return button

    def _made_faintest(self) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.setRange(1.0, 14.0)
        field.setDecimals(1)
        field.setSingleStep(0.5)
        field.setPrefix("to V ")
        field.setAlignment(ALIGN_NUMBER)
        field.setFont(tabular_font(field.font()))
        field.setKeyboardTracking(False)
        field.setToolTip("Faintest star; where there is no room for all, the brightest have rings")
        field.setAccessibleName("Faintest star, V")
        field.valueChanged.connect(self._on_changed)
        return field

    def _made_factor(self) -> QComboBox:
        combo = QComboBox()
        for factor in FACTORS:
            combo.addItem(f"× {factor}", factor)
        combo.setToolTip("How much longer the residuals are drawn")
        combo.setAccessibleName("Magnification of the residuals")
        combo.currentIndexChanged.connect(self._on_changed)
        return combo

    def _on_changed(self, *_: object) -> None:
        chosen: dict[str, Any] = {name: one.isChecked() for name, one in self.toggles.items()}
        self._look = replace(
            self._look,
            **chosen,
            faintest_vmag=self.faintest.value(),
            factor=int(self.factor.currentData()),
        )
        self.factor.setEnabled(self._look.has_residuals)
        self.lookChanged.emit(self._look)
