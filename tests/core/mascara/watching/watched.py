"""A night under a watcher whose clocks the test turns, and processes that hold its folder."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nightglass.core.mascara.watching.watcher import NightWatcher

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nightglass.core.mascara.watching.snapshot import Alarm, NightSnapshot

DRIVER = """
import sys
from pathlib import Path
from nightglass.core.mascara.night.lock import DriverLock
lock = DriverLock(Path(sys.argv[1]) / "driver.lock")
print("held", flush=True)
sys.stdin.read()
"""
WINDOW = """
import sys
from pathlib import Path
from nightglass.core.mascara.watching.watcher import NightWatcher
watcher = NightWatcher(Path(sys.argv[1]))
watcher.look()
print("watching", flush=True)
sys.stdin.read()
"""


@dataclass
class Clocks:
    """Seconds that pass, and the time of day that somebody may set."""

    passed_s: float = 1000.0
    set_s: float = 0.0
    start_s: float = 0.0

    def steady(self) -> float:
        return self.passed_s

    def clock(self) -> float:
        return self.start_s + self.passed_s + self.set_s


class Watched:
    """A watcher and its clocks."""

    def __init__(self, output: Path, late_s: float = 0.0) -> None:
        self.output = output
        journal = output / "journal.jsonl"
        start_s = journal.stat().st_mtime if journal.exists() else 0.0
        self.clocks = Clocks(start_s=start_s - 1000.0 + late_s)
        self.watcher = NightWatcher(output, self.clocks.clock, self.clocks.steady)

    def look(self, after_s: float = 0.25) -> NightSnapshot:
        self.clocks.passed_s += after_s
        return self.watcher.look()

    def alarms(self, after_s: float = 0.25) -> dict[str, Alarm]:
        return {alarm.kind: alarm for alarm in self.look(after_s).alarms}


@contextmanager
def watched(output: Path, late_s: float = 0.0) -> Iterator[Watched]:
    """Begin to watch so long after the journal was written."""
    one = Watched(output, late_s)
    try:
        yield one
    finally:
        one.watcher.close()


@contextmanager
def process(script: str, output: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has done what the script says, until the end or until it is killed."""
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(output)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdin is not None
    try:
        assert child.stdout.readline().strip()
        yield child
    finally:
        child.stdin.close()
        child.stdout.close()
        child.wait(60.0)


def kill(child: subprocess.Popen[str]) -> None:
    child.send_signal(signal.SIGKILL)
    child.wait(60.0)
