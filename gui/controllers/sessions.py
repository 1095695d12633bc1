"""Sessions: asked for by name, saved by the minute, offered again after a bad end."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QMessageBox

from ...core.errors import NightglassError
from ...core.problems import Problem
from ...core.session.document import SUFFIX, CameraRecord, with_suffix
from ...core.wording import counted
from ...core.workbench.fold.kept import COMMAND, take_values, values_of
from ..frame.camera import Camera

if TYPE_CHECKING:
    from ...core.problems import Severity
    from ...core.session.autosave import Recovery
    from ...core.workbench import Workbench
    from ...core.workbench.sessions.sessions import Sessions
    from ..main_window import MainWindow
    from .commands import Command
    from .products import ProductsController

SESSION_FILES = f"Nightglass sessions (*{SUFFIX})"
TICK_MS = 1000
CHOICES = (
    ("restore", "Restore", "Open it as it was"),
    ("discard", "Discard", "Do not offer it again; Reopen last session still finds it"),
)
LATER = "It is also under File ▸ Session ▸ Reopen last session."


class SessionsController(QObject):
    """Saves and opens sessions, and offers what a window that died has left.

    `titleChanged` carries what the title of the window says about the session.
    """

    titleChanged = pyqtSignal(str)

    def __init__(
        self,
        workbench: Workbench,
        sessions: Sessions,
        window: MainWindow,
        products: ProductsController,
    ) -> None:
        super().__init__(window)
        self._bench = workbench
        self._sessions = sessions
        self._window = window
        self._products = products
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(sessions.tick)
        sessions.gathering.connect(self._gather)
        sessions.restored.connect(self._show_restored)
        sessions.changed.connect(self._show_session)
        self._show_session()

    def start(self) -> None:
        """Save by itself from now on, and offer what was left behind."""
        self._sessions.start()
        self._timer.start()
        self._sessions.find_recoverable(self._offer)

    def stop(self) -> None:
        """End the session in good order; before the workbench is closed."""
        self._timer.stop()
        self._sessions.close()

    def rows(self) -> dict[str, Command]:
        """The rows of the action table that this controller answers for."""
        return {
            "file.new-session": lambda _: self.begin_anew(),
            "file.open-session": lambda _: self.ask_to_open(),
            "file.reopen-session": lambda _: self._sessions.reopen_last(),
            "file.save-session": lambda _: self.save(),
            "file.save-session-as": lambda _: self.ask_to_save(),
        }

    # By hand

    def begin_anew(self) -> None:
        """Close everything, once the observer agrees where regions are in no file yet."""
        if not self._sessions.has_unsaved_regions:
            self._sessions.new()
            return
        count = len(self._bench.regions.list)
        told = f"{counted(count, 'region')} {'is' if count == 1 else 'are'} not saved yet."
        question = QMessageBox(self._window)
        question.setWindowTitle("New session")
        question.setText(f"{told} Close everything?")
        question.setInformativeText(
            "For two weeks they can be had back with File ▸ Session ▸ Reopen last session."
        )
        question.addButton(QMessageBox.StandardButton.Cancel)
        button = question.addButton("Close everything", QMessageBox.ButtonRole.AcceptRole)
        question.setDefaultButton(QMessageBox.StandardButton.Cancel)
        if button is not None:
            button.clicked.connect(self._sessions.new)
        question.finished.connect(question.deleteLater)
        question.open()

    def ask_to_open(self) -> None:
        """Choose a session and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Open a session", str(self._folder()), SESSION_FILES
        )
        if name:
            self._sessions.open(Path(name))

    def save(self) -> None:
        """Save the session where it is, or ask for a place."""
        if self._sessions.path is None:
            self.ask_to_save()
        else:
            self._sessions.save(on_done=self._tell_saved)

    def ask_to_save(self) -> None:
        """Choose a name and save the session."""
        capture = self._bench.capture
        stem = "session" if capture is None else capture.source.name.removesuffix(".fits")
        proposed = self._sessions.path or self._folder() / f"{stem}{SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Save the session", str(proposed), SESSION_FILES
        )
        if not name:
            return
        path = with_suffix(Path(name))
        if path != Path(name) and path.exists():
            # The dialog asked about another name.
            raise NightglassError(
                "The session is not saved",
                f"{path} is there already.",
                "Choose its whole name to replace it.",
                path,
            )
        self._sessions.save(path, self._tell_saved)

    def _folder(self) -> Path:
        if self._sessions.path is not None:
            return self._sessions.path.parent
        capture = self._bench.capture
        if capture is not None:
            return capture.source.path.parent
        return self._bench.settings.data_folder or Path.cwd()

    def _tell_saved(self, path: Path) -> None:
        self._window.toasts.show_problem(_note("The session is saved", f"{path.name} is written."))

    # After a bad end

    def _offer(self, recoveries: tuple[Recovery, ...]) -> None:
        """Ask about the newest; the next one is asked about when that is discarded."""
        if not recoveries:
            return
        newest, more = recoveries[0], len(recoveries) - 1
        text = f"{_clock(newest.saved_at)}: {newest.title}."
        if more:
            text += f" And {more} older."
        note = _note("Nightglass ended unexpectedly", text, LATER, "warning")
        self._window.toasts.show_choices(note, CHOICES, partial(self._on_chosen, newest))

    def _on_chosen(self, recovery: Recovery, choice: str) -> None:
        if choice == "restore":
            self._sessions.restore(recovery)
        else:
            self._sessions.discard(recovery)
            self._offer(self._sessions.autosaving.offered)

    # Between session and window

    def _gather(self) -> None:
        view = self._window.area.views[0]
        at = view.camera
        self._sessions.camera = CameraRecord(
            x=at.x, y=at.y, zoom=at.zoom, flip_x=at.flip_x, flip_y=at.flip_y,
            is_fitted=view.is_fitted,
        )  # fmt: skip
        measure = self._products.values()
        folded = values_of(self._bench.fold)
        self._sessions.measure = {**measure, **({COMMAND: folded} if folded else {})}

    def _show_restored(self) -> None:
        measure = dict(self._sessions.measure)
        take_values(self._bench.fold, measure.pop(COMMAND, {}))
        self._products.take_values(measure)
        at, view = self._sessions.camera, self._window.area.views[0]
        if at is None:
            return
        view.set_camera(Camera(at.x, at.y, at.zoom, at.flip_x, at.flip_y), at.is_fitted)
        if at.is_fitted:
            view.fit()

    def _show_session(self) -> None:
        reopen = self._window.actions_set.action("file.reopen-session")
        reopen.setEnabled(self._sessions.has_last)
        self.titleChanged.emit(self._sessions.title_part())


def _note(title: str, text: str, hint: str = "", severity: Severity = "notice") -> Problem:
    now = datetime.now(UTC)
    return Problem(now, now, severity, title, text, hint)


def _clock(moment: datetime) -> str:
    """A time of the last days as people say it."""
    days = (datetime.now(UTC).date() - moment.date()).days
    day = {0: "Today", 1: "Yesterday"}.get(days, f"On {moment.day} {moment:%B}")
    return f"{day} at {moment:%H:%M} UTC"
