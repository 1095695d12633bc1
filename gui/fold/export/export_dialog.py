"""Asks what of a fold to write, how and where, and tells what was written."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ....core.wording import counted
from ...products.editors import PathLine
from ...theme import set_cue, spaced
from ..spans import duration
from .export_form import LINES, REPLACE, ExportItem, ExportWish
from .export_row import ExportRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .export_form import ExportKind, ExportSubject

GEOCENTRE = "Centre of the Earth (coe)"
ABOUT = "Everything written tells the settings, the par file and the site it was made with."
WRITE = "&Write"
FIRST: ExportKind = "profile"


class ExportDialog(QDialog):
    """Stays open, and the window free, while files are written.

    Signals: `exportRequested` with an ExportWish; `stopRequested`.
    """

    exportRequested = pyqtSignal(object)
    stopRequested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fold-export")
        self.setWindowTitle("Export the fold")
        self._subject: ExportSubject | None = None
        self._is_running = False
        self.folder = PathLine()
        self.rows: dict[ExportKind, ExportRow] = {
            line.kind: ExportRow(line, self) for line in LINES
        }
        self.each = self._made_each()
        self.span = QLabel()
        self.place = QComboBox()
        self.paper = self._made_paper()
        self.may_replace = QCheckBox(REPLACE.replace("names", "&names"))
        self.state, self.trouble = _made_line("muted"), _made_line("bad")
        self._lay_out()
        self._connect()
        self.rows[FIRST].wanted.setChecked(True)
        self.rows[FIRST].wanted.setFocus()

    def show_subject(self, subject: ExportSubject) -> None:
        """Offer names for another fold; what the observer has entered stays."""
        if subject == self._subject:
            return
        if self._subject is None or self.folder.text() == str(self._subject.folder):
            self.folder.setText(str(subject.folder))
        self._subject = subject
        for row in self.rows.values():
            row.show_subject(subject)
        self.each.setMaximum(max(subject.rows, 1))
        chosen = self.place.currentText()
        self.place.clear()
        self.place.addItems([name for name in (subject.place, GEOCENTRE) if name])
        self.place.setCurrentIndex(max(self.place.findText(chosen), 0))
        self._refresh()

    def show_running(self, told: str = "Writing…") -> None:
        """Show that files are being written."""
        self._is_running = True
        self._tell(told, "muted")
        self._refresh()

    def show_outcome(self, written: Sequence[Path], failures: Sequence[str] = ()) -> None:
        """Tell what was written and what was not, and why."""
        self._is_running = False
        names = ", ".join(path.name for path in written)
        files = counted(len(written), "file")
        self._tell(f"{files} written to {written[0].parent}: {names}" if written else "", "good")
        self.trouble.setText("\n".join(f"▲ {failure}" for failure in failures))
        self._refresh()
        self._fit()

    def wish(self) -> ExportWish:
        """What is asked for."""
        folder = Path(self.folder.text().strip()).expanduser()
        rows = self.each.value()
        return ExportWish(
            tuple(
                ExportItem(row.line.kind, folder / row.file_name)
                for row in self.rows.values()
                if row.is_wanted
            ),
            self.may_replace.isChecked(),
            rows or None,
            self.place.currentText() == GEOCENTRE,
            self.paper.currentIndex() == 0,
        )

    # Parts

    def _made_each(self) -> QSpinBox:
        box = QSpinBox()
        box.setRange(0, 1)
        box.setSpecialValueText("one of all light")
        box.setPrefix("one for each ")
        box.setSuffix(" rows")
        box.setAccessibleName("Times of arrival")
        box.setToolTip("How many rows of the raster give one time of arrival")
        return box

    def _made_paper(self) -> QComboBox:
        box = QComboBox()
        box.addItems(["on white paper", "in the colours of the window"])
        box.setAccessibleName("Colours of the plot")
        return box

    def _lay_out(self) -> None:
        about = QLabel(ABOUT)
        set_cue(about, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(spaced(3), spaced(3), spaced(3), spaced(3))
        column.setSpacing(spaced(3))
        column.addWidget(about)
        column.addLayout(self._made_folder_row())
        column.addLayout(self._made_grid())
        column.addWidget(self.may_replace)
        column.addWidget(self.state)
        column.addWidget(self.trouble, 1)
        column.addLayout(self._made_buttons())
        self._order_tabs()

    def _made_folder_row(self) -> QHBoxLayout:
        label = QLabel("F&older")
        label.setBuddy(self.folder)
        self.choose_button = QPushButton("Choose…")
        self.choose_button.setToolTip("Choose the folder")
        self.choose_button.setAutoDefault(False)
        row = QHBoxLayout()
        row.setSpacing(spaced(2))
        row.addWidget(label)
        row.addWidget(self.folder, 1)
        row.addWidget(self.choose_button)
        return row

    def _made_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(spaced(3))
        grid.setVerticalSpacing(spaced(2))
        grid.setColumnStretch(2, 1)
        at = 0
        for kind, row in self.rows.items():
            row.place(grid, at)
            at += 1
            if kind == "toas":
                grid.addLayout(_beside(self.each, self.span, self.place), at, 1, 1, 2)
                at += 1
            elif kind == "plot":
                grid.addLayout(_beside(self.paper), at, 1, 1, 2)
                at += 1
        return grid

    def _made_buttons(self) -> QHBoxLayout:
        self.write_button = QPushButton(WRITE)
        self.write_button.setDefault(True)
        self.close_button = QPushButton("&Close")
        self.close_button.setAutoDefault(False)
        row = QHBoxLayout()
        row.setSpacing(spaced(2))
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.write_button)
        return row

    def _order_tabs(self) -> None:
        """Let the Tab key go through the dialog from top to bottom."""
        further = {"toas": (self.each, self.place), "plot": (self.paper,)}
        order: list[QWidget] = [self.folder, self.choose_button]
        for kind, row in self.rows.items():
            order += [row.wanted, row.formats, row.name, *further.get(kind, ())]
        order += [self.may_replace, self.close_button, self.write_button]
        for before, after in pairwise(order):
            self.setTabOrder(before, after)

    def _connect(self) -> None:
        self.choose_button.clicked.connect(self._choose)
        self.close_button.clicked.connect(self.close)
        self.write_button.clicked.connect(self._on_write_clicked)
        self.folder.textEdited.connect(self._on_edited)
        self.each.valueChanged.connect(self._on_edited)
        self.may_replace.toggled.connect(self._on_edited)
        for row in self.rows.values():
            row.edited.connect(self._on_edited)

    # What the observer does

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Folder of the files", self.folder.text())
        if name:
            self.folder.setText(name)
            self._on_edited()

    def _on_edited(self, *_: object) -> None:
        """Forget what was told of files written before."""
        if not self._is_running:
            self._tell("", "muted")
        self._refresh()

    def _on_write_clicked(self) -> None:
        if self._is_running:
            self.stopRequested.emit()
        elif not self._fault():
            self.exportRequested.emit(self.wish())

    # What is shown

    def _fault(self) -> str:
        """Why nothing can be written."""
        wanted = [row for row in self.rows.values() if row.is_wanted]
        if not wanted:
            return "Choose what to write."
        if not self.folder.text().strip():
            return "Name the folder the files go to."
        names = [row.file_name for row in wanted]
        if not all(names):
            return "Name every file."
        if len(set(names)) < len(names):
            return "Two files have the same name."
        return ""

    def _refresh(self) -> None:
        toas, plot = self.rows["toas"].is_wanted, self.rows["plot"].is_wanted
        for widget in (self.each, self.span, self.place):
            widget.setEnabled(toas)
        self.paper.setEnabled(plot)
        rows = self.each.value()
        row_s = 0.0 if self._subject is None else self._subject.row_s
        self.span.setText(f"= {duration(rows * row_s)}" if rows else "")
        fault = self._fault()
        self.write_button.setText("&Stop" if self._is_running else WRITE)
        self.write_button.setEnabled(self._is_running or not fault)
        is_old = self.state.property("cue") == "good" or self.trouble.text()
        if not self._is_running and not is_old:
            self._tell(fault or "Ready to write.", "muted")

    def _fit(self) -> None:
        """Grow until all that is told can be read; never shrink under the hand."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            needed = layout.totalHeightForWidth(self.width())
            self.resize(self.width(), max(self.height(), needed))

    def _tell(self, text: str, cue: str) -> None:
        self.state.setText(text)
        set_cue(self.state, cue)
        self.trouble.clear()


def _made_line(cue: str) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    label.setTextFormat(Qt.TextFormat.PlainText)
    set_cue(label, cue)
    return label


def _beside(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(spaced(2))
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
