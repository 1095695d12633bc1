"""The middle of the window in the MASCARA workspace: alarms, cameras, batches, and pages below."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QSplitter, QStackedLayout, QTabWidget, QVBoxLayout, QWidget

from ..action_spec import plain
from ..icons import icon
from ..night_rows import PAGES
from ..theme import spaced
from ..widgets.empty_state import EmptyState
from ..widgets.holder import Holder

if TYPE_CHECKING:
    from PyQt6.QtGui import QResizeEvent

    from ..theme import Roles
    from ..widgets.holder import Themed

EMPTY = "No night is watched. Start one, or watch the folder of one."
CHOICES = (("night.start", "Start a night…"), ("night.open", "Watch a folder…"))
UPPER, LOWER = 330, 470
LOW_PX = 680


class NightWorkspace(QWidget):
    """Holds the parts of the workspace; pages come when they are first seen.

    Signals: `pageShown` with the name of a page, `actionRequested` with the key of an action,
    `lowChanged` when the window becomes too low for everything, or high enough again.
    """

    pageShown = pyqtSignal(str)
    actionRequested = pyqtSignal(str)
    lowChanged = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roles: Roles | None = None
        self._themed: list[Themed] = []
        self._is_low = False
        self.pages = {name: Holder() for name, _, _ in PAGES}
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for name, text, drawing in PAGES:
            self.tabs.addTab(self.pages[name], icon(drawing), plain(text))
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.empty = EmptyState(EMPTY, CHOICES)
        self.empty.chosen.connect(self.actionRequested)
        self._above = QVBoxLayout()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._made_content())

    def _made_content(self) -> QWidget:
        self._upper = upper = QWidget()
        self._above.setContentsMargins(0, 0, 0, 0)
        self._above.setSpacing(spaced(1))
        upper.setLayout(self._above)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(upper)
        splitter.addWidget(self.tabs)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([UPPER, LOWER])
        return splitter

    @property
    def page(self) -> str:
        """Name of the page in front."""
        return PAGES[self.tabs.currentIndex()][0]

    @property
    def is_low(self) -> bool:
        """Whether there is too little room for everything."""
        return self._is_low

    def show_page(self, name: str) -> None:
        """Bring a page forward."""
        self.tabs.setCurrentWidget(self.pages[name])

    def show_night(self, is_watched: bool) -> None:
        """Show the parts, or what would fill them."""
        self._stack.setCurrentIndex(int(is_watched))

    def show_overview(self, is_shown: bool) -> None:
        """Show what stands above the pages, or leave the room to them."""
        self._upper.setVisible(is_shown)

    def add_above(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a part above the pages, under those that are there."""
        self._above.addWidget(widget, stretch)
        self._dress(widget)

    def hold(self, name: str, widget: QWidget) -> None:
        """Take in the widget of a page."""
        self.pages[name].hold(widget, _themed(widget))
        if self._roles is not None:
            self.pages[name].set_roles(self._roles)

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles = roles
        for themed in (*self._themed, *self.pages.values()):
            themed.set_roles(roles)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Tell whether there is room for everything."""
        super().resizeEvent(event)
        is_low = self.height() < LOW_PX
        if is_low != self._is_low:
            self._is_low = is_low
            self.lowChanged.emit(is_low)

    def _dress(self, widget: QWidget) -> None:
        """Tell a part the theme, now and at each change."""
        themed = _themed(widget)
        self._themed.append(themed)
        if self._roles is not None:
            themed.set_roles(self._roles)

    def _on_tab_changed(self, _: int) -> None:
        self.pageShown.emit(self.page)


def _themed(widget: QWidget) -> Themed:
    """Every part of the workspace takes the colours of a theme."""
    return cast("Themed", widget)
