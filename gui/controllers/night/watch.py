"""The night at a glance: tiles, grid, alarms and messages, joined with the desk of the night."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from ....core.mascara.night.ledger import camera_of
from ....core.mascara.report.log_file import log_lines
from ....core.mascara.report.records import CameraRecords
from ....core.timing.sidereal import BATCH
from ...clipboard import put_on_clipboard
from ...night.watch import unit_menu
from ...night.watch.alarms import AlarmBanner
from ...night.watch.grid import BatchGrid
from ...night.watch.messages import MessagesPanel
from ...night.watch.tiles import CameraTiles
from ...night.watch.unit_menu import UnitMenu

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtCore import QPoint
    from PyQt6.QtWidgets import QWidget

    from ....core.engine.journal import Record
    from ....core.mascara.report.log_file import LogLine
    from ....core.mascara.watching.snapshot import BatchCell, NightSnapshot
    from ....core.workbench import Workbench
    from ...main_window import MainWindow
    from ..commands import Command

ALARM_ROWS = {
    "resume": "night.resume",
    "stop": "night.stop",
    "retry": "night.retry",
    "mark": "night.mark",
    "new": "night.start",
}
"""Rows of the action table that do what an alarm offers."""
LOGGED = frozenset({"unit", "dark"})


class WatchController(QObject):
    """Makes the parts that show how a night stands, and keeps them in step with it.

    Parameters
    ----------
    workbench : Workbench
    window : MainWindow
    """

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._desk, self._window = workbench.night, window
        self.tiles, self.grid = CameraTiles(), BatchGrid()
        self.alarms, self.messages = AlarmBanner(), MessagesPanel()
        self._snapshot: NightSnapshot | None = None
        self._connect()

    def _connect(self) -> None:
        self.tiles.frameRequested.connect(self._desk.choose_frame)
        self.tiles.messagesRequested.connect(self._show_messages_of)
        self.tiles.batchRequested.connect(self._desk.choose_unit)
        self.grid.chosen.connect(self._desk.choose_unit)
        self.grid.menuRequested.connect(self._open_menu)
        self.messages.unitChosen.connect(self._desk.choose_unit)
        self.alarms.actionChosen.connect(self._on_alarm_action)
        self._desk.unit_chosen.connect(self._on_unit_chosen)

    # The parts

    def make_tiles(self) -> QWidget:
        """The tiles of the cameras."""
        return self.tiles

    def make_grid(self) -> QWidget:
        """The grid of the batches."""
        return self.grid

    def make_alarms(self) -> QWidget:
        """The banner of what is wrong."""
        return self.alarms

    def set_low(self, is_low: bool) -> None:
        """Leave the room of a low window to the pages."""
        self.alarms.set_low(is_low)
        self.tiles.set_low(is_low)

    def make_messages(self) -> QWidget:
        """The panel of messages."""
        return self.messages

    def rows(self) -> dict[str, Command]:
        """The rows of the action table that this controller answers for: none of its own."""
        return {}

    def stop(self) -> None:
        """Listen no more."""
        self._desk.unit_chosen.disconnect(self._on_unit_chosen, missing_ok=True)

    # What is shown

    def show_snapshot(self, snapshot: NightSnapshot | None) -> None:
        """Show how the night stands now."""
        self._snapshot = snapshot
        self.alarms.set_alarms(() if snapshot is None else snapshot.alarms)
        self.tiles.show_snapshot(snapshot)
        self.grid.show_snapshot(snapshot)
        self.messages.show_snapshot(snapshot)

    def _on_unit_chosen(self, unit: str) -> None:
        self.grid.set_chosen(unit)

    def _show_messages_of(self, camera: str) -> None:
        self._window.show_dock("messages", True)
        self.messages.show_camera(camera)

    # What the observer does

    def _on_alarm_action(self, action: str, subject: str) -> None:
        if action == "retry" and self._record(subject) is not None:
            self._desk.retry(subject)
        else:
            self._window.actions_set.trigger(ALARM_ROWS[action])

    def _record(self, unit: str) -> Record | None:
        return None if self._snapshot is None else self._snapshot.records.get(unit)

    def _open_menu(self, unit: str, place: QPoint) -> None:
        cell = self.grid.cell
        if cell is None:
            return
        record = self._record(unit)
        failed = tuple((record or {}).get("failed") or ())
        menu = UnitMenu(cell, record is not None, failed, self.grid)
        menu.chosen.connect(partial(self._do, cell))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _do(self, cell: BatchCell, deed: str, file: str) -> None:
        """What was chosen in the menu of a batch."""
        deeds: dict[str, Callable[[], object]] = {
            unit_menu.LOG: partial(self._show_log, cell),
            unit_menu.FRAME: partial(self._show_frame, cell),
            unit_menu.BINNED: partial(self._desk.choose_binned, cell.unit),
            unit_menu.RETRY: partial(self._desk.retry, cell.unit),
            unit_menu.MARK: partial(self._desk.mark, file, is_bad=True),
            unit_menu.OTHER: partial(self._window.actions_set.trigger, ALARM_ROWS["mark"]),
            unit_menu.COPY: partial(put_on_clipboard, cell.unit),
        }
        deeds[deed]()

    def _show_log(self, cell: BatchCell) -> None:
        self._window.show_dock("messages", True)
        self.messages.show_log(cell.unit, unit_log(self._record(cell.unit)))

    def _show_frame(self, cell: BatchCell) -> None:
        """The first frame that is there, else the first that could be."""
        record = self._record(cell.unit) or {}
        self._desk.choose_frame(cell.camera, int(record.get("first_lstseq") or cell.number * BATCH))


def unit_log(record: Record | None) -> list[LogLine]:
    """Lines of the log about one unit; none before its record is there."""
    if record is None or record.get("kind") not in LOGGED:
        return []
    camera, night = camera_of(record), str(record.get("night", ""))
    is_batch = record["kind"] == "unit"
    parts = ((record,), ()) if is_batch else ((), (record,))
    return log_lines(CameraRecords(camera, night, *parts))
