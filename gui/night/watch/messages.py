"""The panel of messages: grouped and counted, filtered, each with what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QModelIndex, QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSplitter,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ....core.mascara.night.layout import camera_of_unit
from ....core.mascara.report.messages import grouped
from ....core.wording import counted
from ...clipboard import put_on_clipboard
from ...theme import icon_side, spaced, tabular_font
from ...widgets.empty_state import EmptyState
from ..words import clock_of
from .members import MemberList
from .message_bar import MessageBar
from .message_list import MessageFilter, MessageList, kind_of
from .message_model import TIMES, WHAT, WHERE, MessageModel
from .sentence_delegate import SentenceDelegate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QResizeEvent

    from ....core.mascara.report.log_file import LogLine
    from ....core.mascara.report.messages import Message, MessageGroup
    from ....core.mascara.watching.snapshot import NightSnapshot
    from ...theme import Roles

NO_NIGHT = "Warnings and errors of the night that is watched are listed here."
NONE_YET = "No warning and no error so far."
NONE_LIKE_IT = "No message like that."
SHOW_ALL = (("all", "Show all"),)
WIDE_CHARACTERS = 70
"""From this width on there is room for the column of units."""
CHOOSE = "Choose a message for its details"


class MessagesPanel(QWidget):
    """Table of groups, below it the members of the one chosen, or the log of a unit.

    Signal: `unitChosen` with the unit of a line that was activated.
    """

    unitChosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._list = MessageList()
        self._snapshot: NightSnapshot | None = None
        self._shown: list[Message] = []
        self._log_of = ""
        self.model = MessageModel(self)
        self.bar = MessageBar()
        self.table = self._made_table()
        self.members = MemberList()
        self.empty = EmptyState(NO_NIGHT)
        self.nothing = EmptyState(NONE_LIKE_IT, SHOW_ALL)
        self._pages = QStackedLayout()
        splitter = self._made_splitter()
        for page in (self.empty, self.nothing, splitter):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(self._pages, 1)
        self._connect()
        self._show_members()

    def _made_splitter(self) -> QSplitter:
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.table)
        splitter.addWidget(self.members)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        return splitter

    def _made_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setFont(tabular_font(table.font()))
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setItemDelegateForColumn(WHAT, SentenceDelegate(table))
        table.setAccessibleName("Messages")
        table.setToolTip("Return or a double click shows the batch")
        side, header = table.verticalHeader(), table.horizontalHeader()
        assert side is not None  # a table view has both
        assert header is not None
        side.hide()
        side.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(WHAT, QHeaderView.ResizeMode.Stretch)
        # Sentences are broken anew where the column is another.
        header.sectionResized.connect(table.resizeRowsToContents)
        return table

    def _connect(self) -> None:
        self.bar.changed.connect(self._show_groups)
        self.bar.copyRequested.connect(self._copy)
        self.nothing.chosen.connect(self._show_all)
        self.members.unitChosen.connect(self.unitChosen)
        self.table.activated.connect(self._on_activated)
        selection = self.table.selectionModel()
        if selection is not None:
            selection.selectionChanged.connect(self._on_selected)

    # What it is told

    def show_snapshot(self, snapshot: NightSnapshot | None) -> None:
        """Show the messages of a night; None for no night."""
        is_other = self._list.take(snapshot)
        before, self._snapshot = self._snapshot, snapshot
        is_another = before is None or snapshot is None or before.output != snapshot.output
        if is_another:
            self._log_of = ""
        if is_other or is_another:
            cameras = [] if snapshot is None else [one.camera for one in snapshot.status.cameras]
            self.bar.set_cameras(sorted({*cameras, *self._list.cameras}))
            self._show_groups()

    def show_camera(self, camera: str) -> None:
        """Show the messages of one camera."""
        self.bar.set_filter(MessageFilter(camera))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_log(self, unit: str, lines: Sequence[LogLine]) -> None:
        """Show the log of one unit instead of the members of a group."""
        self.table.clearSelection()
        self._log_of = unit
        texts = [(unit, f"{line.time[11:19]} {line.level} {line.message}") for line in lines]
        self.members.show_lines(unit, f"Log of {unit}: {counted(len(lines), 'line')}", texts)
        self._show_page()
        self.members.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_roles(self, _: Roles) -> None:
        """Take the colours of a theme: the style sheet and the icons have them already."""

    # What is shown

    def _show_groups(self) -> None:
        self._shown = self._list.chosen(self.bar.filter)
        self.model.set_groups(grouped(self._shown))
        self._fit_columns()
        self._show_page()
        if not self._log_of:
            self._show_members()

    def _show_page(self) -> None:
        has_rows = self.model.rowCount() > 0 or bool(self._log_of)
        is_filtered = self.bar.filter != MessageFilter()
        self.empty.set_text(NO_NIGHT if self._snapshot is None else NONE_YET)
        self._pages.setCurrentIndex(2 if has_rows else 1 if is_filtered else 0)

    def _show_members(self) -> None:
        group = self._chosen()
        if group is None:
            self.members.show_lines(None, CHOOSE, ())
            return
        wanted = kind_of(group)
        own = [one for one in self._shown if one.kind == wanted]
        lines = [(one.where, self._line_of(one)) for one in own]
        self.members.show_lines(wanted, f"{counted(len(own), 'message')}: {group.text}", lines)

    def _line_of(self, message: Message) -> str:
        when = self._when(message.where)
        return " ".join(filter(None, (when, f"{message.where}:", message.text)))

    def _when(self, unit: str) -> str:
        """Middle of a batch, UTC."""
        snapshot = self._snapshot
        cells = () if snapshot is None else snapshot.grid.get(camera_of_unit(unit), ())
        return next((clock_of(cell.mid_jd) for cell in cells if cell.unit == unit), "")

    def _chosen(self) -> MessageGroup | None:
        selection = self.table.selectionModel()
        rows = selection.selectedRows() if selection is not None else []
        return self.model.group(rows[0].row()) if rows else None

    def _fit_columns(self) -> None:
        metrics = self.table.fontMetrics()
        is_wide = self.width() >= WIDE_CHARACTERS * metrics.averageCharWidth()
        self.table.setColumnHidden(WHERE, not is_wide)
        self.table.setColumnWidth(WHERE, metrics.horizontalAdvance("LPC-00304594 and 88 others") +
                                  spaced(3))  # fmt: skip
        times = icon_side(self) + metrics.horizontalAdvance("8,888") + spaced(4)
        self.table.setColumnWidth(TIMES, times)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Show as many columns as fit."""
        super().resizeEvent(event)
        self._fit_columns()

    def sizeHint(self) -> QSize:
        """Narrow and high."""
        return QSize(spaced(75), spaced(100))

    def minimumSizeHint(self) -> QSize:
        """A few words wide."""
        return QSize(spaced(48), spaced(30))

    # What the observer does

    def _on_selected(self, *_: object) -> None:
        if self._chosen() is not None:
            self._log_of = ""
        if not self._log_of:
            self._show_members()

    def _on_activated(self, index: QModelIndex) -> None:
        unit = next(filter(camera_of_unit, self.model.group(index.row()).where), "")
        if unit:
            self.unitChosen.emit(unit)

    def _show_all(self, _: str) -> None:
        self.bar.set_filter(MessageFilter())
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy(self) -> None:
        put_on_clipboard(self.model.text())
