"""Captures by folder, as a tree for a view."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt

from .icons import icon
from .theme import ALIGN_NUMBER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ID_ROLE = Qt.ItemDataRole.UserRole
TIME_GLYPHS = {"gps": "GPS", "telescope": "telescope", "file name": "file name", "none": "none"}


@dataclass(frozen=True)
class CaptureRow:
    """One capture in the list.

    Parameters
    ----------
    key : str
        What the program calls it; `openRequested` carries it.
    folder : str
        Folder or night it hangs under.
    name : str
        Name of the object, or of the file.
    shape : tuple of int
        Rows and columns of one frame.
    exposure_s : float or None
        Exposure of one frame.
    time_quality : str
        "gps", "telescope", "file name" or "none".
    problems : tuple of str
        What is wrong with it, as sentences.
    is_growing : bool
        Whether it is still being written.
    """

    key: str
    folder: str
    name: str
    start: str = ""
    cubes: int = 0
    frames: int = 0
    shape: tuple[int, int] = (0, 0)
    exposure_s: float | None = None
    time_quality: str = "none"
    problems: tuple[str, ...] = ()
    is_growing: bool = False


@dataclass
class Folder:
    """A folder and the rows in it; the model points to it from every index."""

    name: str
    rows: list[CaptureRow] = field(default_factory=list)


def exposure_text(exposure_s: float | None) -> str:
    """Exposure in the unit that suits it."""
    if exposure_s is None:
        return "–"
    if exposure_s < 1e-3:
        return f"{exposure_s * 1e6:.4g} µs"
    return f"{exposure_s * 1e3:.4g} ms" if exposure_s < 1 else f"{exposure_s:.4g} s"


@dataclass(frozen=True)
class Column:
    """One column: heading, text of a row, whether it is a number, explanation."""

    heading: str
    text: Callable[[CaptureRow], str]
    is_number: bool = True
    tip: str = ""


COLUMNS = (
    Column("Capture", lambda row: row.name, is_number=False),
    Column("Frames", lambda row: f"{row.frames:,}", tip="Frames in complete cubes"),
    Column("Cubes", lambda row: f"{row.cubes:,}"),
    Column(
        "Local start", lambda row: row.start, is_number=False,
        tip="Start by the clock of the camera's computer, as the files name it",
    ),
    Column("Exposure", lambda row: exposure_text(row.exposure_s)),
    Column("Size", lambda row: f"{row.shape[1]} × {row.shape[0]}", tip="Columns × rows"),
    Column(
        "Time", lambda row: TIME_GLYPHS.get(row.time_quality, row.time_quality), is_number=False,
        tip="Where the time of a frame comes from",
    ),
)  # fmt: skip


class CaptureModel(QAbstractItemModel):
    """Folders with captures in them; rows change in place, so selection and scroll stay."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folders: list[Folder] = []
        self._shown_key: str | None = None

    @property
    def rows(self) -> tuple[CaptureRow, ...]:
        """All captures, folder by folder."""
        return tuple(row for folder in self._folders for row in folder.rows)

    def set_rows(self, rows: Sequence[CaptureRow]) -> None:
        """List these captures; the ones that stay keep their place on the screen."""
        wanted: dict[str, list[CaptureRow]] = {}
        for row in rows:
            wanted.setdefault(row.folder, []).append(row)
        for place in reversed(range(len(self._folders))):
            if self._folders[place].name not in wanted:
                self.beginRemoveRows(QModelIndex(), place, place)
                del self._folders[place]
                self.endRemoveRows()
        for place, (name, inside) in enumerate(wanted.items()):
            self._put_folder(place, name)
            self._put_rows(self._folders[place], inside)

    def set_shown(self, key: str | None) -> None:
        """Mark the capture that is in the picture."""
        before, self._shown_key = self._shown_key, key
        for changed in {before, key} - {None}:
            index = self.index_of(str(changed))
            if index.isValid():
                self._tell_changed(index)

    def index_of(self, key: str) -> QModelIndex:
        """Index of a capture; invalid if it is not listed."""
        for folder in self._folders:
            for place, row in enumerate(folder.rows):
                if row.key == key:
                    return self.createIndex(place, 0, folder)
        return QModelIndex()

    def key_at(self, index: QModelIndex) -> str | None:
        """Key of the capture at an index; None on a folder."""
        row = self._row_at(index)
        return None if row is None else row.key

    def index(self, row: int, column: int, parent: QModelIndex | None = None) -> QModelIndex:
        """Index of a folder (no parent) or of a capture in one."""
        above = parent if parent is not None else QModelIndex()
        if not self.hasIndex(row, column, above):
            return QModelIndex()
        if not above.isValid():
            return self.createIndex(row, column, None)
        return self.createIndex(row, column, self._folders[above.row()])

    def parent(self, child: QModelIndex = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        """Folder of a capture."""
        folder = child.internalPointer() if child.isValid() else None
        place = self._place_of(folder)
        return QModelIndex() if place is None else self.createIndex(place, 0, None)

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Folders, or captures in a folder."""
        if parent is None or not parent.isValid():
            return len(self._folders)
        if parent.internalPointer() is not None or parent.column() > 0:
            return 0
        return len(self._folders[parent.row()].rows)

    def columnCount(self, _parent: QModelIndex | None = None) -> int:
        """Columns of the table of columns."""
        return len(COLUMNS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Heading of a column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and column.is_number:
            return int(ALIGN_NUMBER)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip or None
        return column.heading if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        if not index.isValid():
            return None
        row = self._row_at(index)
        if row is None:
            return self._folder_data(index, role)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._glyph(row) if index.column() == 0 else None
        return _cell(row, COLUMNS[index.column()], role)

    def _folder_data(self, index: QModelIndex, role: int) -> Any:
        folder = self._folders[index.row()]
        if index.column() > 0:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return folder.name.rstrip("/").rpartition("/")[2] or folder.name
        if role == Qt.ItemDataRole.DecorationRole:
            return icon("folder", "muted")
        return folder.name if role == Qt.ItemDataRole.ToolTipRole else None

    def _glyph(self, row: CaptureRow) -> Any:
        if row.problems:
            return icon("problems", "warn")
        if row.is_growing:
            return icon("live", "good")
        return icon("play", "accent") if row.key == self._shown_key else icon("capture", "muted")

    def _row_at(self, index: QModelIndex) -> CaptureRow | None:
        folder = index.internalPointer() if index.isValid() else None
        return None if folder is None else folder.rows[index.row()]

    def _place_of(self, folder: object) -> int | None:
        return next((i for i, one in enumerate(self._folders) if one is folder), None)

    def _put_folder(self, place: int, name: str) -> None:
        known = [folder.name for folder in self._folders]
        if name in known:
            before = known.index(name)
            if before == place:
                return
            self.beginMoveRows(QModelIndex(), before, before, QModelIndex(), place)
            self._folders.insert(place, self._folders.pop(before))
            self.endMoveRows()
            return
        self.beginInsertRows(QModelIndex(), place, place)
        self._folders.insert(place, Folder(name))
        self.endInsertRows()

    def _put_rows(self, folder: Folder, wanted: list[CaptureRow]) -> None:
        parent = self.index(self._folders.index(folder), 0)
        kept = {row.key for row in wanted}
        for place in reversed(range(len(folder.rows))):
            if folder.rows[place].key not in kept:
                self.beginRemoveRows(parent, place, place)
                del folder.rows[place]
                self.endRemoveRows()
        for place, row in enumerate(wanted):
            self._put_row(folder, parent, place, row)

    def _put_row(self, folder: Folder, parent: QModelIndex, place: int, row: CaptureRow) -> None:
        keys = [one.key for one in folder.rows]
        if row.key not in keys:
            self.beginInsertRows(parent, place, place)
            folder.rows.insert(place, row)
            self.endInsertRows()
            return
        before = keys.index(row.key)
        if before != place:
            self.beginMoveRows(parent, before, before, parent, place)
            folder.rows.insert(place, folder.rows.pop(before))
            self.endMoveRows()
        if folder.rows[place] != row:
            folder.rows[place] = row
            self._tell_changed(self.index(place, 0, parent))

    def _tell_changed(self, index: QModelIndex) -> None:
        self.dataChanged.emit(index, index.siblingAtColumn(len(COLUMNS) - 1))


def _cell(row: CaptureRow, column: Column, role: int) -> Any:
    if role == Qt.ItemDataRole.DisplayRole:
        return column.text(row)
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return int(ALIGN_NUMBER) if column.is_number else None
    if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
        return capture_tip(row)
    return row.key if role == ID_ROLE else None


def capture_tip(row: CaptureRow) -> str:
    """Everything about a capture, in lines."""
    lines = [
        f"{row.name}  {row.start}".rstrip(),
        f"{row.frames:,} frames in {row.cubes:,} cubes, {row.shape[1]} × {row.shape[0]} pixels",
        f"exposure {exposure_text(row.exposure_s)}, time from {row.time_quality}",
    ]
    if row.is_growing:
        lines.append("being written")
    return "\n".join([*lines, *row.problems])
