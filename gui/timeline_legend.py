"""The line over the timeline that names its curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from .icons import icon
from .theme import spaced, tabular_font

if TYPE_CHECKING:
    from .timeline_curves import LightCurves

HINT = (
    "Click: go to that frame. Shift and drag: play these frames, and stack them.\n"
    "Wheel: zoom. Double-click: the whole capture."
)


class TimelineLegend(QWidget):
    """Names of the curves, and the button that shows light relative to comparison stars.

    Parameters
    ----------
    indent : int
        Where the names begin, in logical pixels.
    """

    relativeToggled = pyqtSignal(bool)

    def __init__(self, indent: int) -> None:
        super().__init__()
        self.names = QLabel()
        self.names.setTextFormat(Qt.TextFormat.RichText)
        self.names.setFont(tabular_font())
        self.names.setToolTip(HINT)
        # Names that find no room are cut off; the window need not grow for them.
        self.names.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.relative = self._made_button()
        row = QHBoxLayout(self)
        row.setContentsMargins(indent, 0, 0, 0)
        row.setSpacing(spaced(2))
        row.addWidget(self.names, 1)
        row.addWidget(self.relative)
        self.hide()

    def _made_button(self) -> QToolButton:
        button = QToolButton()
        button.setText("Relative")
        button.setIcon(icon("comparison"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip("Show light relative to that of the comparison stars")
        button.setCheckable(True)
        button.clicked.connect(self.relativeToggled)
        button.hide()
        return button

    def set_lines(self, curves: LightCurves) -> None:
        """Name these curves; without any there is no legend."""
        self.setVisible(bool(curves.lines))
        self.names.setText(curves.legend())

    def set_relative(self, is_relative: bool, is_possible: bool) -> None:
        """Show whether light is relative to comparison stars, and whether there are some."""
        self.relative.setChecked(is_relative)
        self.relative.setVisible(is_possible)
