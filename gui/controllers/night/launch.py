"""Nights are started, driven and offered again; the dock of the night shows how one stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QMessageBox

from ....core.problems import Problem
from ....core.workbench.night.choices import frames_of, units_of
from ....core.workbench.night.orders import not_watched
from ...night.launch.choose_dialog import ChooseDialog
from ...night.launch.night_words import moment_text, night_text
from ...night.launch.panel import NightPanel
from ...night.launch.questions import MARK, RETRY, listed_frames, listed_units
from .start_dialog import StartDialogController

if TYPE_CHECKING:
    from pathlib import Path

    from ....core.mascara.watching.snapshot import NightSnapshot
    from ....core.workbench import Workbench
    from ....core.workbench.night.choices import FrameChoice
    from ....core.workbench.night.remembered import RememberedNight
    from ...main_window import MainWindow
    from ...night.launch.choose_dialog import Question
    from ..commands import Command

MASCARA = "mascara"
LOOK_MS = 15_000
OFFERED_FOR = timedelta(hours=36)
"""A night that ended early longer ago is not spoken of again."""
WATCH = ("watch", "Watch it", "Show how it stands")
RESUME = ("resume", "Resume", "Start its reduction again where it ended")


class LaunchController(QObject):
    """Answers for the dock and for the orders to a night.

    Parameters
    ----------
    workbench : Workbench
    window : MainWindow
    """

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window
        self._desk = workbench.night
        self._start = StartDialogController(workbench, window)
        self.panel: NightPanel | None = None
        self._dialog: ChooseDialog | None = None
        self._state = ""
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look_at_nights)

    def make(self) -> NightPanel:
        """The content of the dock."""
        self.panel = panel = NightPanel()
        panel.actionRequested.connect(self._window.actions_set.trigger)
        panel.nightChosen.connect(self._watch)
        self._desk.watched.connect(self._on_watched)
        self._timer.start()
        self._look_at_nights()
        return panel

    def show_snapshot(self, snapshot: NightSnapshot | None) -> None:
        """Show how the night stands."""
        if self.panel is not None:
            self.panel.show_snapshot(snapshot)
        state = "" if snapshot is None else snapshot.status.state
        if state != self._state:
            self._state = state
            self._look_at_nights()

    def rows(self) -> dict[str, Command]:
        """The rows of the action table that this controller answers for."""
        return {
            "night.start": lambda _: self._ask_to_start(),
            "night.pause": lambda _: self._desk.order("pause"),
            "night.resume": lambda _: self._resume(),
            "night.stop": lambda _: self._ask_to_stop(),
            "night.retry": lambda _: self._ask_for_units(),
            "night.mark": lambda _: self._ask_for_frames(),
        }

    def stop(self) -> None:
        """Listen no more."""
        self._timer.stop()
        self._start.stop()
        self._desk.watched.disconnect(self._on_watched, missing_ok=True)

    # Nights of late

    def offer(self) -> None:
        """Offer the newest night that runs or ended early, unless one is watched already."""
        self._desk.nights(self._offer)

    def _offer(self, nights: tuple[RememberedNight, ...]) -> None:
        self._show_nights(nights)
        night = worth_offering(nights, datetime.now(UTC))
        if night is None or self._desk.output is not None:
            return
        choices = (WATCH,) if night.is_running else (RESUME, WATCH)
        self._window.toasts.show_choices(
            _note_of(night), choices, partial(self._on_offer_answered, night.output)
        )

    def _on_offer_answered(self, output: Path, choice: str) -> None:
        self._watch(output)
        if choice == RESUME[0]:
            self._desk.resume()

    def _watch(self, output: Path) -> None:
        self._window.show_workspace(MASCARA)
        self._desk.watch(output)

    def _on_watched(self, _: Path | None) -> None:
        self._look_at_nights()

    def _look_at_nights(self) -> None:
        self._desk.nights(self._show_nights)

    def _show_nights(self, nights: tuple[RememberedNight, ...]) -> None:
        if self.panel is not None:
            self.panel.show_nights(nights, self._desk.output)

    # Orders

    def _ask_to_start(self) -> None:
        """Ask for a night: for the one watched where its output is gone."""
        snapshot = self._desk.snapshot
        if snapshot is not None and any(alarm.action == "new" for alarm in snapshot.alarms):
            self._start.ask_again(snapshot)
        else:
            self._start.ask()

    def _resume(self) -> None:
        """Let a paused reduction go on, else start the one that ended again."""
        snapshot = self._desk.snapshot
        if snapshot is not None and snapshot.is_running:
            self._desk.order("resume")
        else:
            self._desk.resume()

    def _ask_to_stop(self) -> None:
        """Stop the reduction, once the observer agrees."""
        self._watched()
        question = QMessageBox(self._window)
        question.setWindowTitle("Stop the night")
        question.setText("Stop the reduction of this night?")
        question.setInformativeText(
            "Units that are done stay done. “Resume” takes it up again, also tomorrow."
        )
        question.addButton(QMessageBox.StandardButton.Cancel)
        button = question.addButton("&Stop it", QMessageBox.ButtonRole.AcceptRole)
        question.setDefaultButton(QMessageBox.StandardButton.Cancel)
        if button is not None:
            button.clicked.connect(self._stop)
        question.finished.connect(question.deleteLater)
        question.open()

    def _stop(self) -> None:
        self._desk.order("stop")

    def _ask_for_units(self) -> None:
        """Have units made again."""
        snapshot = self._watched()
        dialog = self._asked(RETRY)
        choices = listed_units(units_of(snapshot.records))
        dialog.set_choices(choices)
        groups = {one.group for one in choices}
        dialog.show_group(next((name for name, _ in RETRY.groups if name in groups), ""))

    def _ask_for_frames(self) -> None:
        """Leave frames out, or take them in again."""
        output = self._watched().output
        self._asked(MARK).show_group("")
        self._desk.latest(
            "frames", lambda _: frames_of(output), "List the frames", self._show_frames
        )

    def _show_frames(self, frames: tuple[FrameChoice, ...]) -> None:
        if self._dialog is not None:
            self._dialog.set_choices(listed_frames(frames))

    def _asked(self, question: Question) -> ChooseDialog:
        self._dialog = dialog = ChooseDialog(question, self._window)
        dialog.decided.connect(self._on_decided)
        dialog.finished.connect(self._forget_dialog)
        dialog.open()
        return dialog

    def _forget_dialog(self, _: int) -> None:
        self._dialog = None

    def _on_decided(self, deed: str, names: tuple[str, ...]) -> None:
        for name in names:
            if deed == "retry":
                self._desk.retry(name)
            else:
                self._desk.mark(name, is_bad=deed == "mark")

    def _watched(self) -> NightSnapshot:
        """How the night stands.

        Raises
        ------
        NightglassError
            If none is watched.
        """
        if self._desk.snapshot is None:
            raise not_watched()
        return self._desk.snapshot


def worth_offering(nights: tuple[RememberedNight, ...], now: datetime) -> RememberedNight | None:
    """The newest night that runs; else the newest that ended early and not long ago."""
    running = [one for one in nights if one.is_running]
    unfinished = [
        one
        for one in nights
        if one.is_unfinished and one.when is not None and now - one.when < OFFERED_FOR
    ]
    return next(iter([*running, *unfinished]), None)


def _note_of(night: RememberedNight) -> Problem:
    now = datetime.now(UTC)
    name = night_text(night.night) or night.output.name
    where = f" at {night.site}" if night.site else ""
    place = f"{name}{where}, in {night.output}."
    hint = "It is also listed in the panel Night of the workspace MASCARA."
    if night.is_running:
        return Problem(now, now, "notice", "A night is being reduced", place, hint)
    how = "was stopped" if night.state == "stopped" else "ended early"
    text = f"{place} It {how}, last sign of it {moment_text(night.when)}."
    return Problem(now, now, "warning", "A night is not finished", text, hint)
