"""The page of light curves: stars at the left, the curve of the chosen one at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QSplitter, QStackedLayout, QVBoxLayout, QWidget

from ...theme import spaced
from ...widgets.empty_state import EmptyState
from .curve_panel import CurvePanel
from .star_list import StarList

if TYPE_CHECKING:
    from ....core.mascara.browsing.stars import NightStars
    from ...theme import Roles

EMPTY = "The stars appear with the first reduced batch."
READING = "Reading the stars of the night…"


class CurvesPage(QWidget):
    """Holds `list` and `panel`, or says what would fill them."""

    def __init__(
        self,
        stars: StarList | None = None,
        panel: CurvePanel | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.list, self.panel = stars or StarList(), panel or CurvePanel()
        self.empty = EmptyState(READING)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._made_content())
        self.list.curveWanted.connect(self.panel.plot.setFocus)
        self.panel.starStepped.connect(self.list.table.step)

    def _made_content(self) -> QWidget:
        content = QWidget()
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.list)
        splitter.addWidget(self.panel)
        splitter.setStretchFactor(1, 1)
        splitter.setHandleWidth(spaced(2))
        column = QVBoxLayout(content)
        column.setContentsMargins(spaced(2), 0, spaced(2), spaced(1))
        column.addWidget(splitter)
        return content

    def show_stars(self, stars: NightStars | None) -> None:
        """Show the parts while there are stars; None while they are being read."""
        self.empty.set_text(READING if stars is None else EMPTY)
        self._stack.setCurrentIndex(int(stars is not None and len(stars) > 0))

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self.panel.set_roles(roles)
