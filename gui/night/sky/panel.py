"""The page of the whole sky."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...icons import icon
from ...theme import icon_side, set_cue, spaced, tabular_font
from ...widgets.empty_state import EmptyState
from ...widgets.scrolling import Scrolling
from .batch_bar import BatchBar
from .scale_bar import ScaleBar
from .sky_card import SkyCard
from .sky_map import HELP, SkyMap
from .sky_words import bodies, cell_lines, left_out, moment, star_lines, star_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QResizeEvent

    from ....core.mascara.browsing.curve import Curve
    from ....core.mascara.field.whole_sky import SeenCell, SkyView
    from ...theme import Roles

EMPTY = "The sky appears with the first reduced batch."
WAIT = "Reading the sky of this batch…"
EAST_TIP = "left as seen by who looks up, right as on a map"
GLYPHS = (
    ("●", "star, V below 6"),
    ("○", "its point is flagged"),
    ("·", "not measured"),
)
LEGEND, CARD, NARROW = 46, 58, 170
"""Widths of the columns beside the map, in steps of the grid."""


class SkyPanel(QWidget):
    """Map, scale, facts of what is pointed at, and the choice of the batch.

    Signals: `batchRequested` with the number of a batch; `curveRequested` with the ASCC number of
    the star pointed at, `starChosen` with that of one to be shown large.
    """

    batchRequested = pyqtSignal(int)
    curveRequested = pyqtSignal(int)
    starChosen = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: SkyView | None = None
        self._star: int | None = None
        self._cell: int | None = None
        self.map, self.scale, self.card, self.bar = SkyMap(), ScaleBar(), SkyCard(), BatchBar()
        self.empty = EmptyState(EMPTY)
        self._left_out = QLabel()
        self._bodies = [QLabel(), QLabel()]
        self.east = self._made_toggle("East", "flip-x", EAST_TIP)
        self.numbers = self._made_toggle(
            "Numbers", "table", "hundredths of a clear sky in the cells"
        )
        self.stars = self._made_toggle(
            "Stars", "source", "each in the colour of its own transparency"
        )
        for button in (self.numbers, self.stars):
            button.setChecked(True)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._made_content())
        self._connect()

    def _made_toggle(self, text: str, drawing: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setAccessibleName(text)
        button.setIcon(icon(drawing))
        button.setToolTip(f"{text}: {tip}")
        button.setCheckable(True)
        button.setAutoRaise(True)
        side = icon_side(button)
        button.setIconSize(QSize(side, side))
        return button

    def _made_content(self) -> QWidget:
        content = QWidget()
        middle = QHBoxLayout()
        middle.setSpacing(spaced(4))
        self._legend = self._made_legend()
        middle.addWidget(self._legend)
        middle.addWidget(self.map, 1)
        middle.addWidget(_column(self.card, CARD))
        layout = QVBoxLayout(content)
        layout.setContentsMargins(spaced(3), spaced(2), spaced(3), spaced(2))
        layout.setSpacing(spaced(2))
        layout.addLayout(middle, 1)
        layout.addLayout(self._made_foot())
        return content

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """In a narrow page the map has the room of the legend; the numbers in its cells stay."""
        super().resizeEvent(event)
        self._legend.setVisible(self.width() >= spaced(NARROW))

    def _made_foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(spaced(1))
        for button in (self.stars, self.numbers, self.east):
            foot.addWidget(button)
        foot.addSpacing(spaced(3))
        foot.addWidget(self.bar, 1)
        return foot

    def _made_legend(self) -> QWidget:
        legend = QWidget()
        column = QVBoxLayout(legend)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spaced(2))
        column.addWidget(QLabel("Transparency"))
        column.addWidget(self.scale, 1)
        column.addLayout(self._made_glyphs())
        set_cue(self._left_out, "warn")
        self._left_out.setWordWrap(True)
        column.addWidget(self._left_out)
        return _column(legend, LEGEND)

    def _made_glyphs(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(spaced(2))
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        lines = [*((QLabel(glyph), QLabel(text)) for glyph, text in GLYPHS)]
        lines += [
            (QLabel(name), label) for name, label in zip(("Sun", "Moon"), self._bodies, strict=True)
        ]
        for line, (glyph, text) in enumerate(lines):
            text.setWordWrap(True)
            text.setFont(tabular_font())
            set_cue(text, "muted")
            grid.addWidget(glyph, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(text, line, 1)
        return grid

    def _connect(self) -> None:
        self.map.setToolTip(HELP)
        self.map.starPointed.connect(self._on_star_pointed)
        self.map.cellPointed.connect(self._on_cell_pointed)
        self.map.starChosen.connect(self._on_star_chosen)
        self.map.batchStepped.connect(self.bar.step)
        self.map.batchEndWanted.connect(self._on_end_wanted)
        self.card.openRequested.connect(self._on_open_requested)
        self.bar.batchRequested.connect(self.batchRequested)
        self.numbers.toggled.connect(self.map.show_numbers)
        self.stars.toggled.connect(self.map.show_stars)
        self.east.toggled.connect(self._on_east_toggled)

    # What is shown

    @property
    def batch(self) -> int | None:
        """Number of the batch that is wanted."""
        return self.bar.batch

    def show_batches(self, batches: Sequence[int]) -> None:
        """Take note of the batches there are."""
        self.bar.show_batches(batches)
        self.empty.set_text(WAIT if batches else EMPTY)
        if not batches:
            self.show_view(None)

    def show_view(self, view: SkyView | None) -> None:
        """Show the sky of a batch."""
        self._view = view
        self.map.show_view(view)
        self._stack.setCurrentIndex(int(view is not None))
        if view is None:
            self._forget()
            return
        self.bar.show_moment(*moment(view.jd))
        self._left_out.setText(left_out(view))
        self._left_out.setVisible(bool(self._left_out.text()))
        for label, (_, text) in zip(self._bodies, bodies(view), strict=True):
            label.setText(text)
        self._renew_card(view)

    def _renew_card(self, view: SkyView) -> None:
        """The star or cell of the card stays, with what this batch says of it."""
        if self._star is not None:
            found = np.flatnonzero(view.stars.ascc == self._star)
            if found.size:
                self._on_star_pointed(int(found[0]))
                return
        elif self._cell is not None:
            cell = next((one for one in view.cells if one.number == self._cell), None)
            if cell is not None:
                self._on_cell_pointed(cell)
                return
        self._forget()

    def _forget(self) -> None:
        self._star = self._cell = None
        self.card.show_nothing()

    def show_curve(self, curve: Curve) -> None:
        """Show the light curve of the star of the card; one of another star comes too late."""
        if curve.ascc == self._star:
            self.card.show_curve(curve)

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        for part in (self.map, self.scale, self.card):
            part.set_roles(roles)

    # What happens

    def _on_star_pointed(self, row: int) -> None:
        if self._view is None or row < 0:
            return
        stars = self._view.stars
        self._star, self._cell = int(stars.ascc[row]), None
        self.card.show_star(star_name(stars, row), star_lines(stars, row))
        if stars.is_measured[row]:
            self.curveRequested.emit(self._star)

    def _on_cell_pointed(self, cell: SeenCell | None) -> None:
        if cell is not None:
            self._star, self._cell = None, cell.number
            self.card.show_cell(f"Cell {cell.number}", cell_lines(cell))

    def _on_star_chosen(self, row: int) -> None:
        if self._view is not None:
            self.starChosen.emit(int(self._view.stars.ascc[row]))

    def _on_open_requested(self) -> None:
        if self._star is not None:
            self.starChosen.emit(self._star)

    def _on_end_wanted(self, is_newest: bool) -> None:
        self.bar.go_to_end(is_newest=is_newest)

    def _on_east_toggled(self, is_right: bool) -> None:
        self.map.show_east(is_left=not is_right)


def _column(content: QWidget, steps: int) -> Scrolling:
    """A column of a width beside the map; it scrolls in a low window."""
    column = Scrolling(content)
    column.setObjectName("skyColumn")
    column.setFixedWidth(spaced(steps))
    return column
