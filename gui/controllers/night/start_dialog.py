"""The dialog that starts a night, and the looks, files and start behind it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QFileDialog

from ....core.atomic import write_text
from ....core.mascara.night.request import NightRequest
from ....core.mascara.settings import ReductionSettings, load_settings
from ....core.workbench.night.preflight import look_before
from ...night.launch.start_dialog import StartDialog

if TYPE_CHECKING:
    from ....core.errors import NightglassError
    from ....core.mascara.watching.snapshot import NightSnapshot
    from ....core.workbench import Workbench
    from ....core.workbench.night.preflight import Preflight
    from ...main_window import MainWindow

LOOK = ("night", "preflight")
FILE = ("night", "settings file")
FILES = "Settings of a reduction (*.json);;All files (*)"


class StartDialogController(QObject):
    """Makes the dialog when it is first wanted; what was typed is there the next time.

    Parameters
    ----------
    workbench : Workbench
    window : MainWindow
    """

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window
        self.dialog: StartDialog | None = None

    def ask(self) -> None:
        """Ask for a night."""
        if self.dialog is None:
            self.dialog = self._made()
        self.dialog.show()
        self.dialog.activateWindow()

    def ask_again(self, snapshot: NightSnapshot) -> None:
        """Ask for a night whose output is gone, as it was asked for."""
        self.ask()
        if self.dialog is None or not snapshot.request:
            return
        # The settings went into the journal; their file may have gone with the output.
        request = NightRequest.from_json({**snapshot.request, "config": None}, resume=False)
        self.dialog.show_settings(ReductionSettings.model_validate(snapshot.settings), None)
        self.dialog.show_request(request)

    def stop(self) -> None:
        """Nothing arrives any more."""
        for key in (LOOK, FILE):
            self._bench.engine.drop(key)
        if self.dialog is not None:
            self.dialog.close()

    def _made(self) -> StartDialog:
        dialog = StartDialog(self._window)
        dialog.form.raw.begin_at(str(self._bench.settings.data_folder or ""))
        dialog.lookRequested.connect(self._look)
        dialog.startRequested.connect(self._bench.night.start)
        dialog.settings_form.openRequested.connect(self._ask_to_open)
        dialog.settings_form.saveRequested.connect(self._ask_to_save)
        return dialog

    def _look(self, request: NightRequest, settings: ReductionSettings) -> None:
        def take(found: Preflight) -> None:
            if self.dialog is not None:
                self.dialog.show_preflight(request, found)

        def refuse(error: NightglassError) -> None:
            if self.dialog is not None:
                self.dialog.show_refusal(str(error))

        self._bench.engine.latest(
            LOOK, lambda _: look_before(request, settings), title="Look at the raw frames",
            lane="watch", on_result=take, on_error=refuse,
        )  # fmt: skip

    def _ask_to_open(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self.dialog, "Take the settings of a file", str(self._folder()), FILES
        )
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Take the settings of a file."""

        def take(settings: ReductionSettings) -> None:
            if self.dialog is not None:
                self.dialog.show_settings(settings, path)

        self._bench.engine.latest(
            FILE, lambda _: load_settings(path), title=f"Read {path.name}", lane="watch",
            on_result=take, on_error=self._refuse_file,
        )  # fmt: skip

    def _ask_to_save(self) -> None:
        proposed = str(self._folder() / "reduction.json")
        name, _ = QFileDialog.getSaveFileName(self.dialog, "Write the settings", proposed, FILES)
        if name:
            self.save(Path(name))

    def save(self, path: Path) -> None:
        """Write the settings as they are typed."""
        settings = None if self.dialog is None else self.dialog.settings_form.settings
        if settings is None:
            return
        text = settings.model_dump_json(indent=2) + "\n"

        def take(_: None) -> None:
            if self.dialog is not None:
                self.dialog.show_config(path)

        self._bench.engine.latest(
            FILE, lambda _: write_text(path, text), title=f"Write {path.name}", lane="watch",
            on_result=take, on_error=self._refuse_file,
        )  # fmt: skip

    def _refuse_file(self, error: NightglassError) -> None:
        if self.dialog is not None:
            self.dialog.settings_form.show_trouble(str(error))

    def _folder(self) -> Path:
        """Where files of settings are looked for: beside the raw frames."""
        dialog = self.dialog
        paths = () if dialog is None else dialog.form.raw.paths
        return paths[0] if paths else self._bench.settings.data_folder or Path.home()
