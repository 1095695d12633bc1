"""The parts of the fold in a panel that may be flat, tall or narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QTabBar, QVBoxLayout, QWidget

from ..theme import spaced
from ..widgets.scrolling import Scrolling
from .arrangement import PAGES, Arrangement, arrangement
from .controls import Controls
from .growth_plot import GrowthPlot
from .legend import Legend
from .notices import NoticeLine
from .numbers_line import NumbersLine
from .profile_plot import ProfilePlot
from .raster_plot import RasterPlot

if TYPE_CHECKING:
    from PyQt6.QtGui import QResizeEvent, QShowEvent

MOST_CELLS = 3


class FoldContent(QWidget):
    """Plots, settings, numbers and notices, laid out for the room there is."""

    def __init__(self) -> None:
        super().__init__()
        self._arranged: Arrangement | None = None
        self.profile, self.raster, self.growth = ProfilePlot(), RasterPlot(), GrowthPlot()
        self.controls = Controls()
        self.legend, self.numbers, self.notices = Legend(), NumbersLine(), NoticeLine()
        self.pages = self._made_pages()
        self.side = Scrolling(self.controls)
        self._parts: dict[str, QWidget] = {
            "profile": self.profile,
            "raster": self.raster,
            "growth": self.growth,
            "controls": self.side,
        }
        # In the order of Tab; what finds no room in a layout must not become a window of its own.
        for part in (self.legend, self.numbers, self.pages, *self._parts.values(), self.notices):
            part.setParent(self)
        self._grid, self._column, self._halves = QGridLayout(), QVBoxLayout(), QHBoxLayout(self)
        self._lay_out()
        self.profile.linesChanged.connect(self._share_lines)

    def _made_pages(self) -> QTabBar:
        bar = QTabBar()
        bar.setDrawBase(False)
        bar.setExpanding(False)
        bar.setUsesScrollButtons(False)
        # The names of the profiles beside it would take its room.
        bar.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        for name, text in PAGES:
            bar.setTabData(bar.addTab(text), name)
        bar.setAccessibleName("Parts of the fold")
        bar.currentChanged.connect(self._arrange)
        return bar

    def _lay_out(self) -> None:
        self._grid.setSpacing(spaced(2))
        self._column.setSpacing(spaced(1))
        for widget in (self.legend, self.numbers):
            self._column.addWidget(widget)
        self._column.addLayout(self._grid, 1)
        self._halves.setContentsMargins(spaced(1), spaced(1), spaced(1), spaced(1))
        self._halves.setSpacing(spaced(2))
        self._halves.addLayout(self._column, 1)

    def _arrange(self, *_: object) -> None:
        page = str(self.pages.tabData(self.pages.currentIndex()))
        wanted = arrangement(self.width(), self.height(), page)
        if wanted == self._arranged:
            return
        self._arranged = wanted
        self._place_lines(wanted)
        self._place_parts(wanted)
        self.controls.set_halves(wanted.halves)
        for plot in (self.profile, self.raster, self.growth):
            plot.set_terse(wanted.is_low)
        self.profile.share_axis(wanted.is_stacked)
        self._share_lines()
        seen = {name for name, *_ in wanted.cells} | ({"controls"} if wanted.has_side else set())
        for name, part in self._parts.items():
            part.setVisible(name in seen)

    def _place_lines(self, wanted: Arrangement) -> None:
        """Give pages and notices a line of their own where there is room for it."""
        if wanted.is_broad:
            self.legend.extras.addWidget(self.pages)
        else:
            self._column.insertWidget(self._column.indexOf(self.numbers) + 1, self.pages)
        (self.legend.extras if wanted.is_low else self._column).addWidget(self.notices)
        self.notices.set_brief(wanted.is_low)
        self.pages.setVisible(wanted.has_pages)
        self.pages.setTabVisible(len(PAGES) - 1, not wanted.has_side)
        # Qt does not tell the layout of another number of tabs.
        self.pages.updateGeometry()

    def _place_parts(self, wanted: Arrangement) -> None:
        for part in self._parts.values():
            self._grid.removeWidget(part)
            self._halves.removeWidget(part)
        nothing = (0,) * MOST_CELLS
        for place in range(MOST_CELLS):
            self._grid.setColumnStretch(place, (*wanted.columns, *nothing)[place])
            self._grid.setRowStretch(place, (*wanted.rows, *nothing)[place])
        for name, row, column in wanted.cells:
            self._grid.addWidget(self._parts[name], row, column)
        if wanted.has_side:
            self._halves.addWidget(self.side)

    def _share_lines(self, *_: object) -> None:
        """Keep the boxes of plots side by side at one height."""
        is_stacked = self._arranged is not None and self._arranged.is_stacked
        lines = self.profile.lines
        self.growth.set_lines(lines)
        self.raster.set_lines(1 if is_stacked else lines)

    def showEvent(self, event: QShowEvent | None) -> None:
        """Qt knows how wide tabs are only once they are seen, and does not tell the layout."""
        super().showEvent(event)
        self.pages.updateGeometry()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Use the room there is now."""
        super().resizeEvent(event)
        self._arrange()
