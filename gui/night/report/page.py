"""The page of the report: read it, write it, mail it, compare the night with others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QStackedLayout,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...theme import set_cue, spaced, worn
from ...widgets.elided_label import ElidedLabel
from ...widgets.empty_state import EmptyState
from ...widgets.parts import labelled_button
from .browser import ReportBrowser
from .comparison import ComparisonView

if TYPE_CHECKING:
    from ...theme import Roles
    from .dressing import DressedReport

EMPTY = "The report begins with the first reduced batch."
WORKING = "The report is being made…"
REPORT, COMPARISON = range(2)
BUTTONS = (
    ("night.report", "Write and open", "result", "Write the report as one HTML file, and open it"),
    ("night.mail", "Mail", "send", "Send the report where NIGHTGLASS_SMTP_TO says"),
)


class ReportPage(QWidget):
    """Shows the report and the comparison.

    Signals: `renewRequested`; `dressRequested` when the report is to be shown in other colours or
    at another width; `tabShown` with `REPORT` or `COMPARISON`; `actionRequested` with the key of
    an action.
    """

    renewRequested = pyqtSignal()
    dressRequested = pyqtSignal()
    tabShown = pyqtSignal(int)
    actionRequested = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.roles = worn()
        self.tabs = QTabBar()
        for text in ("Report", "Comparison"):
            self.tabs.addTab(text)
        self.state = ElidedLabel()
        set_cue(self.state, "muted")
        self.renew = labelled_button("Renew", "reset", "Make the report anew of what is there now")
        self.renew.clicked.connect(self.renewRequested)
        self.buttons = {key: self._made_action(key, *words) for key, *words in BUTTONS}
        self.browser = ReportBrowser()
        self.message = EmptyState(EMPTY)
        self.comparison = ComparisonView()
        self._lay_out()
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.browser.widthChanged.connect(self.dressRequested)

    def _made_action(self, key: str, text: str, drawing: str, tip: str) -> QToolButton:
        button = labelled_button(text, drawing, tip)
        button.setObjectName(key)
        button.clicked.connect(self._on_action_clicked)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(spaced(1), spaced(1), spaced(1), spaced(1))
        row.setSpacing(spaced(1))
        row.addWidget(self.tabs)
        row.addSpacing(spaced(2))
        row.addWidget(self.state, 1)
        for button in (self.renew, *self.buttons.values()):
            row.addWidget(button)
        self._body = QStackedLayout()
        for widget in (self.message, self.browser, self.comparison):
            self._body.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addLayout(self._body, 1)
        self._front: QWidget = self.message

    # What it is told

    @property
    def tab(self) -> int:
        """`REPORT` or `COMPARISON`."""
        return self.tabs.currentIndex()

    @property
    def picture_px(self) -> int:
        """How wide a picture of the report may be, also before one is shown."""
        return self.browser.picture_px(self.width())

    def show_tab(self, tab: int) -> None:
        """Bring the report or the comparison forward."""
        self.tabs.setCurrentIndex(tab)

    def show_report(self, report: DressedReport) -> None:
        """Show the report; what is read stays where it is."""
        self.browser.show_report(report)
        self._bring(self.browser)

    def show_message(self, text: str) -> None:
        """Say something in the place of the report."""
        self.message.set_text(text)
        self._bring(self.message)

    def show_state(self, text: str) -> None:
        """Say of when the report is, and what has come since."""
        self.state.show_whole(text)

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme; the report is dressed anew."""
        is_other = roles.name != self.roles.name
        self.roles = roles
        if is_other:
            self.dressRequested.emit()

    def _bring(self, widget: QWidget) -> None:
        self._front = widget
        if self.tab == REPORT:
            self._body.setCurrentWidget(widget)

    # What the observer does

    def _on_tab_changed(self, tab: int) -> None:
        is_report = tab == REPORT
        self._body.setCurrentWidget(self._front if is_report else self.comparison)
        for widget in (self.renew, *self.buttons.values()):
            widget.setVisible(is_report)
        self.tabShown.emit(tab)

    def _on_action_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.actionRequested.emit(sender.objectName())
