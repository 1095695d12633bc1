"""Nights that are really written and reduced, and the window of one who watches them."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nightglass.core.engine.journal import read_journal
from nightglass.core.mascara.night.layout import NightLayout
from nightglass.core.mascara.night.request import NightRequest
from nightglass.core.mascara.night.verbs import is_running
from nightglass.core.mascara.settings import ReductionSettings
from nightglass.gui.night.watch.alarm_row import AlarmRow
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QMessageBox

from ...core.mascara.night.night_runs import children
from .other_time import sitecustomize as other_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..desktop import Desktop

FIRST = 10_548_750
"""First slot of a batch in which the cameras E and N see enough stars."""
TOLD_WITHIN_S = 5.0
OTHER_TIME = frozenset({other_time.PACE, other_time.STEP_FILE})
PATIENCE_MS = 120_000
SETTINGS = ReductionSettings(min_observations=20)
_SMALL = ("--scale", "0.15", "--biases", "0", "--flats", "0", "--faintest", "8.5")

_log = logging.getLogger(__name__)

Record = dict[str, Any]


def simulate(raw: Path, frames: int, *more: object, cameras: str = "E,N") -> subprocess.Popen:
    """Write raw frames by the command line, in a process of their own at the true time."""
    true_time = {name: text for name, text in os.environ.items() if name not in OTHER_TIME}
    words = ["simulate", "mascara", "--output", raw, "--cameras", cameras, "--frames", frames]
    return subprocess.Popen(
        [sys.executable, "-m", "nightglass", *map(str, (*words, *_SMALL, *more))],
        env=true_time, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def simulated(raw: Path, frames: int, *more: object) -> Path:
    """Write a whole night."""
    assert simulate(raw, frames, "--start", FIRST, *more).wait(300.0) == 0
    return raw


@dataclass
class Reduction:
    """A reduction in a folder, as the system sees it.

    Parameters
    ----------
    raw : tuple of Path
    output : Path
    """

    raw: tuple[Path, ...]
    output: Path
    pids: list[int] = field(default_factory=list)

    def request(self, **fields: Any) -> NightRequest:
        """What is asked for; live unless said otherwise, and not over for an hour."""
        return NightRequest(self.raw, self.output, **{"is_live": True, "idle_s": 3600.0} | fields)

    @cached_property
    def layout(self) -> NightLayout:
        return NightLayout(self.output)

    @property
    def records(self) -> list[Record]:
        return read_journal(self.layout.journal)

    @property
    def done(self) -> list[str]:
        """Batches that are reduced, each as often as it was."""
        return [one["unit"] for one in self.records if one["kind"] == "unit"]

    @property
    def state(self) -> str:
        """What the last run said of its end; empty while it did not."""
        last = next(one for one in reversed(self.records) if one["kind"] in {"night", "end"})
        return str(last.get("state", ""))

    def silence_s(self, camera: str) -> float:
        """Since the newest frame of a camera, as the driver told last; 0 before the first."""
        beats = [one for one in self.records if one["kind"] == "beat"]
        return float(beats[-1]["cameras"].get(camera, {}).get("silent_s", 0.0)) if beats else 0.0

    @property
    def is_driven(self) -> bool:
        return is_running(self.output)

    @property
    def pid(self) -> int:
        """The process that drives it."""
        with suppress(OSError, ValueError):
            pid = int(self.layout.lock.read_text())
            if pid not in self.pids:
                self.pids.append(pid)
        return self.pids[-1]

    @property
    def workers(self) -> list[int]:
        return children(self.pid)

    def end(self) -> None:
        """Leave nothing behind."""
        with suppress(IndexError):
            self.pid  # noqa: B018 - notes it
        for pid in self.pids:
            with suppress(FileNotFoundError, ProcessLookupError):
                if b"nightglass" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


class Watcher:
    """The window that watches a night, its alarms and its buttons."""

    def __init__(self, desktop: Desktop) -> None:
        self.desktop = desktop
        self.wait = desktop.wait

    def begin(self, reduction: Reduction, **fields: Any) -> None:
        """Start the reduction as the dialog does, and wait until it is at work."""
        self.desktop.bench.night.start(reduction.request(**fields), SETTINGS)
        self.wait_long(lambda: reduction.is_driven and reduction.workers)

    def wait_long(self, condition: Callable[[], Any]) -> None:
        """Wait for what a reduction needs its time for."""
        self.wait(condition, PATIENCE_MS)

    @property
    def rows(self) -> list[AlarmRow]:
        """Alarms that can be seen."""
        banner = self.desktop.running.night.watch.alarms
        return [row for row in banner.findChildren(AlarmRow) if is_seen(row)]

    @property
    def words(self) -> str:
        """What the banner says."""
        return "\n".join(row.text for row in self.rows)

    def is_told(self, *words: str, of: Callable[[], str] | None = None) -> None:
        """See that the banner, or another text, soon says something."""
        text = of or (lambda: self.words)
        begun_s = time.monotonic()
        self.wait(lambda: all(word in text() for word in words))
        took_s = time.monotonic() - begun_s
        _log.info("after %.2f s: %s", took_s, text())
        assert took_s < TOLD_WITHIN_S, f"{words} came after {took_s:.1f} s"

    def wait_without(self, word: str) -> None:
        """Until the banner does not say something any more."""
        self.wait_long(lambda: word not in self.words)

    def click(self, title: str) -> None:
        """Press the button of an alarm."""
        row = next(row for row in self.rows if row.alarm.title.startswith(title))
        assert is_seen(row.button)
        QTest.mouseClick(row.button, Qt.MouseButton.LeftButton)

    def agree(self) -> None:
        """Press the button that does it in the question that is asked."""
        self.wait(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox))
        question = QApplication.activeModalWidget()
        role = QMessageBox.ButtonRole.AcceptRole
        (button,) = (one for one in question.buttons() if question.buttonRole(one) == role)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    @property
    def messages(self) -> str:
        """What the panel of messages lists."""
        panel = self.desktop.running.night.watch.messages
        model = panel.model
        if not is_seen(panel.table):
            return ""
        return "\n".join(model.group(row).text for row in range(model.rowCount()))


def is_seen(widget: Any) -> bool:
    return widget.isVisible() and not widget.visibleRegion().isEmpty()
