"""What a journal says of the life of its driver: what it is at, when it spoke, clock steps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..night.ledger import camera_of
from ..report.records import count, mapped, number

if TYPE_CHECKING:
    from ...engine.journal import Record

_ENDS = frozenset({"unit", "dark", "merge", "left", "again"})
_BACK_S = 1.0
"""Lines are written in order: times that go back further than rounding were set back."""


@dataclass(frozen=True)
class Start:
    """A unit that was begun, and when by the clock of the computer (Unix)."""

    unit: str
    at_s: float


@dataclass(frozen=True)
class ClockStep:
    """The clock of the computer was set: by how much, and what it showed then (Unix)."""

    by_s: float
    at_s: float


class Pulse:
    """Follows a journal line by line.

    Attributes
    ----------
    running : dict of str to Start
        Unit at work, by camera.
    again : set of str
        Units that are to be made again and were not yet.
    since_beat : dict of str to list of int
        Frames of each batch that was finished since the last sign of life, by camera.
    at_s : float
        Time of the newest line; NaN before the first.
    steps : list of ClockStep
        Times that went back, in this run.
    started_after : int
        Lines before the last start of a driver.
    """

    def __init__(self) -> None:
        self.running: dict[str, Start] = {}
        self.again: set[str] = set()
        self.since_beat: dict[str, list[int]] = {}
        self.at_s = math.nan
        self.steps: list[ClockStep] = []
        self.started_after = self.lines = 0

    def take(self, record: Record) -> None:
        """Hear one line."""
        kind = record.get("kind")
        if kind == "night":
            self._begin()
        elif kind == "start":
            self._start(record)
        elif kind == "beat":
            self._beat(record)
        elif kind == "end":
            self.running.clear()
        elif kind in _ENDS and isinstance(record.get("unit"), str):
            self._end(record)
        elif record.get("what") == "retry":
            self.again.add(str(record.get("subject")))
        self._time(record)
        self.lines += 1

    def _begin(self) -> None:
        self.running.clear()
        self.since_beat.clear()
        self.steps.clear()
        self.at_s = math.nan
        self.started_after = self.lines

    def _start(self, record: Record) -> None:
        camera, unit = str(record.get("camera")), str(record.get("unit"))
        self.running[camera] = Start(unit, number(record, "at"))

    def _end(self, record: Record) -> None:
        camera, unit = camera_of(record), str(record["unit"])
        if record.get("kind") != "again":
            self.again.discard(unit)
        if camera in self.running and self.running[camera].unit == unit:
            del self.running[camera]
        if record.get("kind") == "unit":
            self.since_beat.setdefault(camera, []).append(count(record, "received"))

    def _beat(self, record: Record) -> None:
        self.since_beat.clear()
        for camera, own in mapped(record, "cameras").items():
            unit = str(own.get("running") or "")
            if not unit:
                self.running.pop(camera, None)
            elif camera not in self.running or self.running[camera].unit != unit:
                self.running[camera] = Start(unit, number(record, "at"))

    def _time(self, record: Record) -> None:
        at_s = number(record, "at")
        if not math.isfinite(at_s):
            return
        if at_s < self.at_s - _BACK_S:
            self.steps.append(ClockStep(at_s - self.at_s, at_s))
        self.at_s = at_s
