"""A scripted hour at the night panel, and how long the window was kept from its events in it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from night_files import LETTERS, let_come
from nightglass.gui.night.curves.star_columns import COLUMNS
from nightglass.gui.night_rows import PAGES
from nightglass.gui.stalls import StallMonitor
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QSplitter
from window_cases import Hand

from tests.core.mascara.watching.made_night import append, batch_records
from tests.core.mascara.watching.made_plan import MadeNight

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from night_hands import NightWindow

AFTER_S, DRAG_S = 0.6, 1.5
ARRIVING = 3


class BusyMonitor(StallMonitor):
    """Tells besides what the thread itself worked in one turn, whatever else the machine does."""

    def start(self) -> None:
        self.most_cpu_ms, self._used_s = 0.0, time.thread_time()
        super().start()

    def _tick(self) -> None:
        used_s = time.thread_time()
        self.most_cpu_ms = max(self.most_cpu_ms, 1e3 * (used_s - self._used_s))
        self._used_s = used_s
        super()._tick()


class Session:
    """Does one thing after another.

    `stalls` tells of each in milliseconds the worst stall, and the most that the thread worked in
    one turn.
    """

    def __init__(self, window: NightWindow, output: Path, running: Path, batches: int) -> None:
        self._window, self._output, self._running = window, output, running
        self._batches = batches
        self._monitor = BusyMonitor()
        self.stalls: dict[str, tuple[float, float]] = {}

    @contextmanager
    def _step(self, name: str, after_s: float = AFTER_S) -> Iterator[None]:
        self._window.rest(0.1)
        self._monitor.start()
        self._window.rest(0.02)
        yield
        self._window.rest(after_s)
        self._monitor.stop()
        self.stalls[name] = self._monitor.worst_ms(), self._monitor.most_cpu_ms

    def play(self) -> None:
        """All of it."""
        window = self._window
        with self._step("first look at the workspace", 1.0):
            window.running.window.actions_set.trigger("workspace.mascara")
        with self._step("night opened", 3.0):
            window.open(self._output)
        for name, _, _ in PAGES:
            with self._step(f"page {name}, first time", 1.5):
                window.show_page(name)
        for name, _, _ in PAGES:
            with self._step(f"page {name}, again"):
                window.show_page(name)
        self._browse()
        self._pan()
        self._split()
        self._change_themes()
        self._arrive()

    def _browse(self) -> None:
        page = self._window.show_stars()
        table = page.list.table
        bar = table.verticalScrollBar()
        with self._step("list scrolled"):
            for place in range(0, bar.maximum(), max(1, bar.maximum() // 150)):
                bar.setValue(place)
                self._window.rest(0.01)
        with self._step("list sorted by each column"):
            for place, _ in enumerate(COLUMNS):
                table.horizontalHeader().setSortIndicator(place, Qt.SortOrder.AscendingOrder)
                self._window.rest(0.2)
        bar.setValue(0)
        with self._step("stars stepped through"):
            table.setFocus()
            for _ in range(20):
                QTest.keyClick(table, Qt.Key.Key_Down)
                self._window.rest(0.05)

    def _pan(self) -> None:
        self._window.show_page("plots")
        panel = next(one for one in self._window.stack.panels.values() if one.is_seen)
        with self._step("plots panned"):
            self._drag(panel.viewport(), QPointF(panel.width() / 2, panel.height() / 2), 150, 0)
        with self._step("plots zoomed"):
            for _ in range(20):
                self._window.stack._on_zoomed(24.0, 1.0)
                self._window.rest(0.03)

    def _split(self) -> None:
        workspace = self._window.night.workspace
        for name, _, _ in PAGES:
            self._window.show_page(name)
            handle = workspace.findChildren(QSplitter)[0].handle(1)
            middle = QPointF(handle.width() / 2, handle.height() / 2)
            with self._step(f"splitter dragged over page {name}"):
                self._drag(handle, middle, 0, 100)

    def _drag(self, widget: object, start: QPointF, dx: float, dy: float) -> None:
        """Hold and go to and fro."""
        begun = widget.mapToGlobal(start)

        def path(elapsed_s: float) -> QPointF:
            turn = 1 - abs((elapsed_s / 0.7) % 2 - 1)
            place = begun + QPointF(dx, dy) * turn
            return widget.mapFromGlobal(place)

        hand = Hand(widget, path, 16)
        hand.press()
        self._window.rest(DRAG_S)
        hand.release()

    def _change_themes(self) -> None:
        actions = self._window.running.window.actions_set
        for name, theme in (("plots", "light"), ("curves", "red"), ("sky", "dark")):
            self._window.show_page(name)
            self._window.rest(0.5)
            with self._step(f"theme changed, page {name}", 1.0):
                actions.trigger(f"theme.{theme}")

    def _arrive(self) -> None:
        """Batches of a night that runs, on each page; stars with them."""
        window = self._window
        night = MadeNight(self._running, LETTERS, self._batches + 40, 50, True, 1, is_whole=True)
        with self._step("another night opened", 3.0):
            window.open(self._running)
        driver = ThreadPoolExecutor(1)
        steps = iter(range(self._batches - 1, self._batches + 40))
        for name in ("plots", "sky", "curves"):
            window.show_page(name)
            window.rest(0.5)
            with self._step(f"batches arrive, page {name}"):
                for step, _ in zip(steps, range(ARRIVING), strict=False):
                    for camera in night.names:
                        # Not in this thread: it waits for the disk.
                        driver.submit(let_come, self._running, camera)
                        records = batch_records(night, camera, step)
                        driver.submit(append, self._running, *records)
                        window.rest(0.25)
