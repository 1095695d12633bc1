"""What is known of the star or the cell that is pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ...icons import icon
from ...theme import ALIGN_NUMBER, set_cue, spaced, tabular_font
from .little_curve import CurvePoints, LittleCurve

if TYPE_CHECKING:
    from ....core.mascara.browsing.curve import Curve
    from ...theme import Roles
    from .sky_words import Lines

NOTHING = "Point at a star or a cell."
NO_CURVE = "No light curve of this star yet."
CURVE = "Flux over its median"
MOST_LINES = 8


class SkyCard(QWidget):
    """A title, lines of facts, and the light curve of a star.

    Signals: `openRequested` when the light curve is wanted large.
    """

    openRequested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(NOTHING)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._title.setWordWrap(True)
        self._rows = [(QLabel(), QLabel()) for _ in range(MOST_LINES)]
        self._caption = QLabel()
        set_cue(self._caption, "muted")
        self.curve = LittleCurve()
        self.open = QPushButton(icon("photometry"), "Open the light curve")
        self.open.setToolTip("Show it on the page of light curves (click the star, or Enter)")
        self.open.clicked.connect(self.openRequested)
        self._lay_out()
        self.show_nothing()

    def _lay_out(self) -> None:
        facts = QGridLayout()
        facts.setHorizontalSpacing(spaced(3))
        facts.setVerticalSpacing(spaced(1))
        facts.setColumnStretch(1, 1)
        for line, (label, value) in enumerate(self._rows):
            set_cue(label, "muted")
            value.setFont(tabular_font())
            value.setAlignment(ALIGN_NUMBER)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            facts.addWidget(label, line, 0)
            facts.addWidget(value, line, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spaced(2))
        layout.addWidget(self._title)
        layout.addLayout(facts)
        layout.addWidget(self._caption)
        layout.addWidget(self.curve, 1)
        layout.addWidget(self.open)
        layout.addStretch(0)

    @property
    def title(self) -> str:
        """What the card is about."""
        return self._title.text()

    @property
    def lines(self) -> Lines:
        """The facts shown."""
        return tuple((label.text(), value.text()) for label, value in self._rows if label.text())

    @property
    def caption(self) -> str:
        """What stands over the light curve."""
        return self._caption.text()

    def show_nothing(self) -> None:
        """Say what would fill the card."""
        self._show(NOTHING, ())
        self.open.setEnabled(False)

    def show_cell(self, title: str, lines: Lines) -> None:
        """Show facts of a cell."""
        self._show(title, lines)
        self.open.setEnabled(False)

    def show_star(self, title: str, lines: Lines) -> None:
        """Show facts of a star; its light curve comes by `show_curve`."""
        is_another = title != self._title.text()
        self._show(title, lines, keeps_curve=not is_another)
        self.open.setEnabled(True)

    def show_curve(self, curve: Curve) -> None:
        """Show the light curve of the star, or that it has no point."""
        points = CurvePoints.of(curve) if len(curve) else None
        self.curve.show_points(points)
        self._caption.setText(CURVE if points is not None and points.jd.size else NO_CURVE)

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self.curve.set_roles(roles)

    def _show(self, title: str, lines: Lines, *, keeps_curve: bool = False) -> None:
        self._title.setText(title)
        if not keeps_curve:
            self._caption.setText("")
            self.curve.show_points(None)
        for place, (label, value) in enumerate(self._rows):
            texts = lines[place] if place < len(lines) else ("", "")
            label.setText(texts[0])
            value.setText(texts[1])
