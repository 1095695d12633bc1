"""The dialog that starts a night: what is reduced, with which settings, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QTimer, pyqtSignal
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QTabWidget, QVBoxLayout

from ....core.wording import counted
from ...theme import set_cue, spaced
from ...widgets.elided_label import ElidedLabel
from .findings import FindingsList
from .night_form import NightForm
from .settings_form import WRONG, SettingsForm

if TYPE_CHECKING:
    from pathlib import Path

    from PyQt6.QtGui import QHideEvent, QShowEvent
    from PyQt6.QtWidgets import QWidget

    from ....core.mascara.night.request import NightRequest
    from ....core.mascara.settings import ReductionSettings
    from ....core.workbench.night.preflight import Preflight

LOOK_MS = 300
AGAIN_MS = 5000
"""What forbids the start is looked at so often: it may be mended elsewhere."""
LOOKING = "Looking at the folders…"


class StartDialog(QDialog):
    """Asks for a night; what it would meet is looked at again when something is typed.

    Signals: `lookRequested` and `startRequested` with a `NightRequest` and its settings. The answer
    to the first comes by `show_preflight`.
    """

    lookRequested = pyqtSignal(object, object)
    startRequested = pyqtSignal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Start a night")
        self._config: Path | None = None
        self._asked: tuple[NightRequest, ReductionSettings] | None = None
        self._found: Preflight | None = None
        self.form, self.settings_form = NightForm(), SettingsForm()
        self.findings = FindingsList()
        self.state = ElidedLabel()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(LOOK_MS)
        self._soon.timeout.connect(self.look)
        self._again = QTimer(self)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._look_again)
        self._lay_out()
        self.form.edited.connect(self._on_edited)
        self.settings_form.changed.connect(self._on_settings_edited)
        self._show_state()

    # What is asked for

    def show_request(self, request: NightRequest) -> None:
        """Enter a request."""
        self.form.show_request(request)
        self._on_edited()

    def show_settings(self, settings: ReductionSettings, config: Path | None) -> None:
        """Enter settings of a file, or the defaults."""
        self._config = config
        self.settings_form.show_settings(settings, "" if config is None else str(config))
        self._on_settings_edited()

    def show_config(self, config: Path) -> None:
        """Name the file in which the settings are kept now."""
        self._config = config
        self.settings_form.show_file(str(config))

    def show_preflight(self, request: NightRequest, found: Preflight) -> None:
        """Tell what was found; the answer to an earlier question tells nothing any more."""
        if self._asked is None or request != self._asked[0] or found == self._found:
            return
        self._found = found
        self.form.show_preflight(found)
        self.findings.show_findings(found.findings)
        self._show_state()

    def show_refusal(self, sentence: str) -> None:
        """Tell why the folders could not be looked at."""
        self._asked = None
        self._tell(sentence, "bad")

    @property
    def reason(self) -> str:
        """Why the night cannot start now, as a sentence; empty where it can."""
        faults = self.settings_form.faults
        if self.form.missing:
            return self.form.missing
        if self.settings_form.settings is None:
            return f"{counted(max(1, len(faults)), 'setting')} to be corrected."
        if self._found is None:
            return LOOKING
        return self._found.trouble

    def look(self) -> None:
        """Ask for another look: something was typed, or may have changed on the disk."""
        question, settings = self.form.question(self._config), self.settings_form.settings
        if question is not None and settings is not None and not self.form.missing:
            self._asked = question, settings
            self.lookRequested.emit(question, settings)

    # Parts

    def _lay_out(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.form, "&Night")
        self.tabs.addTab(self.settings_form, "&Settings")
        heading = QLabel("Before the start")
        set_cue(heading, "muted")
        heading.setBuddy(self.findings)
        column = QVBoxLayout(self)
        column.setContentsMargins(spaced(3), spaced(2), spaced(3), spaced(3))
        column.setSpacing(spaced(2))
        column.addWidget(self.tabs, 3)
        column.addWidget(heading)
        column.addWidget(self.findings, 1)
        column.addLayout(self._made_buttons())
        letter, line = self.fontMetrics().averageCharWidth(), self.fontMetrics().height()
        self.resize(letter * 122, line * 40)
        self.form.raw.setFocus()

    def _made_buttons(self) -> QHBoxLayout:
        self.start_button, self.cancel_button = QPushButton("S&tart"), QPushButton("Cancel")
        self.start_button.setDefault(True)
        self.cancel_button.setAutoDefault(False)
        self.start_button.clicked.connect(self._on_start)
        self.cancel_button.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(spaced(2))
        row.addWidget(self.state, 1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.start_button)
        return row

    # What happens

    def showEvent(self, event: QShowEvent | None) -> None:
        """Look anew: frames may have come."""
        super().showEvent(event)
        self._soon.start()
        self._again.start()

    def changeEvent(self, event: QEvent | None) -> None:
        """Look anew when the observer comes back from elsewhere."""
        super().changeEvent(event)
        is_other = event is not None and event.type() == QEvent.Type.ActivationChange
        if is_other and self.isActiveWindow() and self.isVisible():
            self._soon.start()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Look no more."""
        super().hideEvent(event)
        self._soon.stop()
        self._again.stop()

    def _look_again(self) -> None:
        if self._found is not None and self._found.trouble:
            self.look()

    def _on_edited(self) -> None:
        question, settings = self.form.question(self._config), self.settings_form.settings
        # Return in a field for a number tells of the number once more, and is meant for Start.
        if self._asked is not None and self._asked == (question, settings):
            return
        self._found = self._asked = None
        self._soon.start()
        self._show_state()

    def _on_settings_edited(self) -> None:
        n_changed, faults = self.settings_form.n_changed, self.settings_form.faults
        words = f" ({n_changed} changed)" if n_changed else ""
        self.tabs.setTabText(1, f"{WRONG if faults else ''}&Settings{words}")
        self._on_edited()

    def _on_start(self) -> None:
        request, settings = self.form.request(self._config), self.settings_form.settings
        if request is not None and settings is not None and not self.reason:
            self.startRequested.emit(request, settings)
            self.accept()

    def _show_state(self) -> None:
        reason = self.reason
        self.start_button.setEnabled(not reason)
        self.start_button.setToolTip(reason or "Start the reduction; it goes on by itself")
        is_bad = bool(reason) and reason not in {self.form.missing, LOOKING}
        self._tell(reason or self._ready(), "bad" if is_bad else "muted")

    def _ready(self) -> str:
        """What a start would do."""
        found = self._found
        if found is None:
            return ""
        frames = sum(found.cameras.values())
        if found.is_held:
            return "Ready to resume the night in the output."
        return f"Ready: {counted(frames, 'frame')}." if frames else "Ready: waits for frames."

    def _tell(self, sentence: str, cue: str) -> None:
        self.state.show_whole(sentence)
        set_cue(self.state, cue)
