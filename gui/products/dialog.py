"""The dialog of one command: lines to fill in, the command line they make, and a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...core.workbench.products import command_line
from ..clipboard import put_on_clipboard
from ..icons import icon
from ..theme import set_cue, spaced
from ..widgets.elided_label import ElidedLabel
from ..widgets.scrolling import Scrolling
from .checks import Fault, find_faults, paths_of
from .form import OUTPUT
from .lines import Lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PyQt6.QtGui import QShowEvent

    from ...core.workbench.products import Seen
    from .editors import Editor
    from .form import Form

WIDTH_CHARACTERS = 96
SCREEN_PART = 0.9
LOOK_MS = 250


class ProductDialog(QDialog):
    """Asks what a command needs; stays open, and the window free, while it runs.

    `runRequested` carries the words of the command line, `lookRequested` paths of which it
    matters whether they exist.
    """

    runRequested = pyqtSignal(tuple)
    stopRequested = pyqtSignal()
    resetRequested = pyqtSignal()
    lookRequested = pyqtSignal(set)
    edited = pyqtSignal(str)

    def __init__(self, form: Form, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = form
        self.setObjectName(f"product-{form.key}")
        self.setWindowTitle(form.title)
        self._touched: set[str] = set()
        self._seen: dict[str, Seen] = {}
        self._asked: set[str] = set()
        # A path that is being typed is not there yet: that is no news.
        self._look_soon = QTimer(self)
        self._look_soon.setSingleShot(True)
        self._look_soon.setInterval(LOOK_MS)
        self._look_soon.timeout.connect(self._look)
        self._is_running = False
        self._told = ("", "")
        self.lines = Lines(form)
        self.lines.edited.connect(self._on_edited)
        self.lines.unfolded.connect(self._fit)
        self.command = QLineEdit()
        self.state = ElidedLabel()
        self._lay_out()
        self._check()

    def editor(self, option: str) -> Editor:
        """Line of that option."""
        return self.lines.editors[option]

    def fault(self, option: str) -> str:
        """What is wrong with a line; "" when nothing is."""
        return self.lines.faults[option].text().removeprefix("▲ ")

    @property
    def words(self) -> tuple[str, ...]:
        """The command line as it stands."""
        return self.form.words(self.lines.values())

    def is_touched(self, option: str) -> bool:
        """Whether the observer has filled in that line."""
        return option in self._touched

    def prefill(
        self,
        values: Mapping[str, str],
        empties: Mapping[str, str] | None = None,
        choices: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    ) -> None:
        """Fill in the lines that the observer has not.

        Parameters
        ----------
        values : mapping
            From option to text; lines that are not named take their default.
        empties : mapping or None
            What holds in lines left empty.
        choices : mapping or None
            What lists offer.
        """
        for option, offered in (choices or {}).items():
            self.editor(option).show_choices(offered)
        for field in self.form.fields:
            if field.option not in self._touched:
                text = values.get(field.option, field.default)
                self.editor(field.option).show_text(text)
            self.editor(field.option).show_empty((empties or {}).get(field.option, field.empty))
        self._check()

    def forget(self) -> None:
        """Forget what the observer has filled in."""
        self._touched.clear()

    def set_seen(self, seen: Mapping[str, Seen]) -> None:
        """Take note of what there is of some files."""
        self._seen.update(seen)
        self._check()

    def look_again(self) -> None:
        """Ask for all files anew: they may have come or gone."""
        self._asked = set()
        self._check()

    def show_running(self, is_running: bool, told: str = "", cue: str = "muted") -> None:
        """Show that the command runs, or how it ended."""
        self._is_running = is_running
        self._told = (told, cue)
        self.run_button.setText("Stop" if is_running else "Run")
        self._check()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Begin at the first line that is still to be filled in."""
        super().showEvent(event)
        self.look_again()
        missing = next((fault.option for fault in self._faults if fault.is_missing), OUTPUT)
        self.editor(missing).setFocus()

    # Parts

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        about = QLabel(self.form.about)
        about.setWordWrap(True)
        about.setContentsMargins(spaced(3), spaced(3), spaced(3), spaced(1))
        set_cue(about, "muted")
        column.addWidget(about)
        self._area = Scrolling(self.lines)
        column.addWidget(self._area, 1)
        column.addLayout(self._made_command_row())
        column.addLayout(self._made_buttons())

    def _made_command_row(self) -> QHBoxLayout:
        self.command.setReadOnly(True)
        self.command.setAccessibleName("Command line")
        self.command.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.copy_button = QToolButton()
        self.copy_button.setIcon(icon("copy"))
        self.copy_button.setToolTip("Copy the command line")
        self.copy_button.clicked.connect(self._copy)
        row = QHBoxLayout()
        row.setContentsMargins(spaced(3), spaced(1), spaced(3), 0)
        row.setSpacing(spaced(1))
        row.addWidget(self.command, 1)
        row.addWidget(self.copy_button)
        return row

    def _made_buttons(self) -> QHBoxLayout:
        self.run_button = QPushButton("Run")
        self.run_button.setDefault(True)
        self.run_button.clicked.connect(self._on_run_clicked)
        self.reset_button = QPushButton("Reset")
        self.reset_button.setToolTip("Fill in everything anew from the window")
        self.reset_button.clicked.connect(self._on_reset_clicked)
        self.close_button = QPushButton("Close")
        self.close_button.clicked.connect(self.close)
        row = QHBoxLayout()
        row.setContentsMargins(spaced(3), spaced(3), spaced(3), spaced(3))
        row.setSpacing(spaced(2))
        row.addWidget(self.state, 1)
        for button in (self.reset_button, self.close_button, self.run_button):
            row.addWidget(button)
        for button in (self.reset_button, self.close_button):
            button.setAutoDefault(False)
        return row

    def _fit(self) -> None:
        """Take the height of the lines, as far as the screen has it; never shrink."""
        self.lines.adjustSize()
        self._area.updateGeometry()
        layout, screen = self.layout(), QGuiApplication.primaryScreen()
        if layout is None or screen is None:
            return
        layout.activate()
        most = round(screen.availableGeometry().height() * SCREEN_PART)
        width = max(self.width(), self.fontMetrics().averageCharWidth() * WIDTH_CHARACTERS)
        height = layout.totalHeightForWidth(width)
        if height < 0:
            height = layout.totalSizeHint().height()
        self.resize(width, max(self.height(), min(height, most)))

    # What the observer does

    def _on_edited(self, option: str) -> None:
        self._touched.add(option)
        self._told = ("", "")
        self.edited.emit(option)
        self._check()

    def _on_run_clicked(self) -> None:
        if self._is_running:
            self.stopRequested.emit()
        elif not self._faults:
            self.runRequested.emit(self.words)

    def _on_reset_clicked(self) -> None:
        self.forget()
        self.resetRequested.emit()

    def _copy(self) -> None:
        put_on_clipboard(self.command.text())

    # What is shown

    def _check(self) -> None:
        values = self.lines.values()
        if paths_of(self.form, values) - self._asked:
            self._look_soon.start()
        self._faults: tuple[Fault, ...] = find_faults(self.form, values, self._seen)
        self.lines.show_faults(self._faults)
        self._fit()
        self.command.setText(command_line(self.words))
        self.command.setCursorPosition(0)
        self.command.setToolTip(self.command.text())
        self.run_button.setEnabled(self._is_running or not self._faults)
        self._show_state()

    def _reason(self) -> tuple[str, str]:
        """Why the command cannot run: what is wrong before what is missing."""
        first = min(self._faults, key=lambda fault: fault.is_missing)
        if first.is_missing:
            return first.text, "muted"
        label = self.form.field(first.option).label
        told = f"{label}: {first.text[0].lower()}{first.text[1:]}"
        if first.is_question:
            # The line itself tells what to decide.
            told = f"{told.rpartition(': ')[0]}."
        return told, "warn" if first.is_question else "bad"

    def _look(self) -> None:
        self._asked = paths_of(self.form, self.lines.values())
        self.lookRequested.emit(self._asked)

    def _show_state(self) -> None:
        told, cue = self._told
        if not told and not self._is_running and self._faults:
            told, cue = self._reason()
        self.state.show_whole(told or ("Running." if self._is_running else "Ready to run."))
        self.run_button.setToolTip(told)
        set_cue(self.state, cue or "muted")
