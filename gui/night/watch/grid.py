"""The grid of batches with what belongs to it: colouring, scale, and the menu of a batch."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from ...theme import spaced
from ...widgets.empty_state import EmptyState
from ...widgets.parts import labelled_button
from .grid_paint import Shading
from .grid_view import GridView
from .measures import BY_KEY, MEASURES, STATE, limits_for
from .scale import GridScale

if TYPE_CHECKING:
    from ....core.mascara.watching.snapshot import BatchCell, NightSnapshot
    from ...theme import Roles
    from .measures import Limits, Measure

EMPTY = "Batches of 50 frames appear here with the first frames of the night."


class BatchGrid(QWidget):
    """Cameras by batches.

    Signals: `chosen` with a unit, `menuRequested` with a unit and a place on the screen. Setters
    emit nothing.
    """

    chosen = pyqtSignal(str)
    menuRequested = pyqtSignal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._snapshot: NightSnapshot | None = None
        self._limits: dict[str, Limits] = {}
        self.view = GridView()
        self.scale = GridScale()
        self.empty = EmptyState(EMPTY)
        self.colours = self._made_colours()
        self.newest = labelled_button("Newest", "last", "Go to the newest batch and stay there")
        self.open = labelled_button("Batch…", "log", "Log, frames and retry of the batch chosen")
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self._made_content())
        self._connect()
        self._show_buttons()

    def _made_colours(self) -> QComboBox:
        box = QComboBox()
        box.addItem("State", STATE)
        for measure in MEASURES:
            box.addItem(measure.name, measure.key)
            box.setItemData(box.count() - 1, measure.tip, Qt.ItemDataRole.ToolTipRole)
        box.setAccessibleName("Colour the batches by")
        box.setToolTip("What the batches are coloured by")
        return box

    def _made_content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spaced(1))
        column.addLayout(self._made_header())
        column.addWidget(self.view, 1)
        return content

    def _made_header(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(spaced(2), spaced(1), spaced(1), 0)
        row.setSpacing(spaced(2))
        label = QLabel("&Batches by")
        label.setBuddy(self.colours)
        row.addWidget(label)
        row.addWidget(self.colours)
        row.addSpacing(spaced(1))
        row.addWidget(self.scale, 1)
        row.addWidget(self.newest)
        row.addWidget(self.open)
        return row

    def _connect(self) -> None:
        self.colours.currentIndexChanged.connect(self._show_shading)
        self.newest.clicked.connect(self.view.follow)
        self.open.clicked.connect(self.view.open_menu)
        self.view.chosen.connect(self.chosen)
        self.view.chosen.connect(self._show_buttons)
        self.view.menuRequested.connect(self.menuRequested)
        self.view.followedChanged.connect(self._show_buttons)

    # What it is told

    def show_snapshot(self, snapshot: NightSnapshot | None) -> None:
        """Show the batches of a night; None for no night."""
        before, self._snapshot = self._snapshot, snapshot
        if before is None or snapshot is None or before.output != snapshot.output:
            self.view.forget()
            self._limits.clear()
        if snapshot is None or not any(snapshot.grid.values()):
            self._pages.setCurrentIndex(0)
            return
        self.view.set_grid(snapshot.grid, snapshot.twilight)
        states = (cell.state for cells in snapshot.grid.values() for cell in cells)
        self.scale.set_counts(Counter[str](states))
        self._show_shading()
        self._pages.setCurrentIndex(1)
        self._show_buttons()

    def set_chosen(self, unit: str) -> None:
        """Frame a batch and bring it into view."""
        self.view.set_chosen(unit)
        self._show_buttons()

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self.view.set_roles(roles)
        self.scale.set_roles(roles)

    @property
    def cell(self) -> BatchCell | None:
        """The batch chosen."""
        return self.view.cell

    def _show_buttons(self, *_: object) -> None:
        self.newest.setVisible(not self.view.is_following)
        self.open.setEnabled(self.view.cell is not None)

    def _show_shading(self, *_: object) -> None:
        measure = BY_KEY.get(str(self.colours.currentData()))
        shading = None if measure is None else Shading(measure, self._limits_of(measure))
        self.view.set_shading(shading)
        self.scale.set_shading(shading)

    def _limits_of(self, measure: Measure) -> Limits:
        if measure.limits is not None or self._snapshot is None:
            return measure.limits or (0.0, 1.0)
        values = (measure.value(cell) for row in self._snapshot.grid.values() for cell in row)
        limits = limits_for(values, self._limits.get(measure.key))
        self._limits[measure.key] = limits
        return limits
