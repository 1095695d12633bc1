"""Groups of messages as a table for a view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from ....core.wording import counted
from ...icons import icon
from ...theme import ALIGN_NUMBER
from .message_list import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ....core.mascara.report.messages import MessageGroup

HEADINGS = ("Times", "What", "Where")
TIMES, WHAT, WHERE = range(3)
GLYPHS = {"ERROR": ("error", "bad"), "WARNING": ("problems", "warn")}
TOP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

_ROLE = Qt.ItemDataRole


class MessageModel(QAbstractTableModel):
    """One row a group; a chosen row stays chosen while groups come and counts grow."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._groups: tuple[MessageGroup, ...] = ()

    def set_groups(self, groups: Sequence[MessageGroup]) -> None:
        """Show these groups; equal ones change nothing."""
        groups = tuple(groups)
        if groups == self._groups:
            return
        if list(map(kind_of, groups)) == list(map(kind_of, self._groups)):
            self._groups = groups
            last = self.index(len(groups) - 1, len(HEADINGS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        else:
            self._rearrange(groups)

    def _rearrange(self, groups: tuple[MessageGroup, ...]) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [self._groups[index.row()] for index in before]
        self._groups = groups
        for index, group in zip(before, held, strict=True):
            row = self.row_of(group)
            moved = QModelIndex() if row is None else self.index(row, index.column())
            self.changePersistentIndex(index, moved)
        self.layoutChanged.emit()

    def group(self, row: int) -> MessageGroup:
        """Group of a row."""
        return self._groups[row]

    def row_of(self, group: MessageGroup) -> int | None:
        """Row of a group, whatever its count was when it was taken."""
        wanted = kind_of(group)
        return next((row for row, one in enumerate(self._groups) if kind_of(one) == wanted), None)

    def text(self) -> str:
        """All of it, a line each, with tabs between the columns."""
        return "".join(
            f"{one.level}\t{one.times}\t{one.text}\t{', '.join(one.where)}\n"
            for one in self._groups
        )

    # Qt's questions

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Number of groups."""
        return 0 if parent is not None and parent.isValid() else len(self._groups)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Number of columns."""
        return 0 if parent is not None and parent.isValid() else len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        """Heading of a column."""
        is_shown = role == _ROLE.DisplayRole and orientation == Qt.Orientation.Horizontal
        return HEADINGS[section] if is_shown and 0 <= section < len(HEADINGS) else None

    def data(self, index: QModelIndex, role: int = _ROLE.DisplayRole) -> Any:
        """What a cell shows."""
        if not index.isValid():
            return None
        group, column = self._groups[index.row()], index.column()
        if role == _ROLE.DisplayRole:
            return _cells(group)[column]
        if role == _ROLE.DecorationRole:
            return icon(*GLYPHS[group.level]) if column == TIMES else None
        if role == _ROLE.TextAlignmentRole:
            return int(ALIGN_NUMBER) if column == TIMES else None
        if role in (_ROLE.ToolTipRole, _ROLE.AccessibleTextRole):
            return group_words(group)
        return None


def group_words(group: MessageGroup) -> str:
    """A group in a sentence."""
    return f"{group.level}, {counted(group.times, 'time')}: {group.text}\n{group.place}"


def _cells(group: MessageGroup) -> tuple[str, ...]:
    return f"{group.times:,}", group.text, group.place
