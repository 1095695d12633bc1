"""How a night stands, from its journal alone: each camera, its lag, and what is left to do."""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..finite import plain
from .camera_status import CameraStatus, camera_status
from .messages import MessageGroup, grouped, night_messages
from .records import count, mapped, night_records, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...engine.journal import Record
    from .records import CameraRecords, NightRecords

SILENT_AFTER_S = 30.0
"""A driver gives a sign of life every five seconds; after this long it is taken for dead."""

_RATE_UNITS = 20


@dataclass(frozen=True)
class NightStatus:
    """A night.

    Attributes
    ----------
    night, site, program : str
    state : str
        empty, running, paused, finished, stopped or interrupted.
    frames_per_s : float
        Frames reduced per second of real time, lately.
    time_left_s : float
        Until the frames that wait are reduced, at that rate.
    free_bytes : int
        On the disk of the output; -1 where it is not known.
    starts : int
        How often the reduction was started.
    cameras : tuple of CameraStatus
    messages : tuple of MessageGroup
        Warnings and errors, grouped.
    """

    night: str
    site: str
    program: str
    state: str
    frames_per_s: float
    time_left_s: float
    free_bytes: int
    starts: int
    cameras: tuple[CameraStatus, ...]
    messages: tuple[MessageGroup, ...]

    @classmethod
    def of(
        cls,
        records: Iterable[Record],
        *,
        is_running: bool | None = None,
        now_s: float | None = None,
    ) -> NightStatus:
        """Tell how a night stands.

        Parameters
        ----------
        records : iterable of dict
            Lines of the journal, oldest first.
        is_running : bool or None
            Whether a driver holds the night. Where that is not known its signs of life tell.
        now_s : float or None
            Unix time with which those are compared; the present by default.
        """
        night = night_records(records)
        if is_running is None:
            is_running = _is_alive(night, time.time() if now_s is None else now_s)
        return cls.of_night(night, is_running=is_running)

    @classmethod
    def of_night(cls, night: NightRecords, *, is_running: bool) -> NightStatus:
        """Tell how a night stands of which the journal is sorted already.

        Parameters
        ----------
        night : NightRecords
        is_running : bool
            Whether a driver holds it.
        """
        state = _night_state(night, is_running=is_running)
        last_beat = night.beats[-1] if night.beats else {}
        beaten = mapped(last_beat, "cameras")
        rate = _frames_per_s(night)
        return cls(
            night=night.night,
            site=night.site,
            program=str(night.header.get("program", "")),
            state=state,
            frames_per_s=rate,
            time_left_s=_time_left_s(rate, beaten),
            free_bytes=int(last_beat.get("free_bytes", -1)),
            starts=night.starts,
            cameras=tuple(camera_status(one, night, state) for one in _shown(night, beaten)),
            messages=grouped(night_messages(night)),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON; what is not known is None."""
        fields: dict[str, Any] = plain(asdict(self))
        return fields

    def to_text(self) -> str:
        """A table for a terminal."""
        from .status_text import status_text

        return status_text(self)


def _shown(night: NightRecords, beaten: dict[str, Any]) -> list[CameraRecords]:
    """Cameras of the latest night, those included of which no batch is finished yet."""
    known = {one.camera: one for one in night.of_night(night.night)}
    for name in beaten:
        known.setdefault(name, night.camera(name))
    return [known[name] for name in sorted(known)]


def _night_state(night: NightRecords, *, is_running: bool) -> str:
    if not night.header:
        return "empty"
    ends = [record for record in night.run if record.get("kind") == "end"]
    if ends:
        return str(ends[-1].get("state", "finished"))
    if not is_running:
        return "interrupted"
    return "paused" if _is_paused(night) else "running"


def _is_alive(night: NightRecords, now_s: float) -> bool:
    """Whether the driver wrote something of late."""
    lines = (*night.run, *night.beats)
    seen_s = max((number(record, "at") for record in lines if "at" in record), default=0.0)
    return now_s - seen_s <= SILENT_AFTER_S


def _is_paused(night: NightRecords) -> bool:
    orders = [record.get("what") for record in night.run if record.get("kind") == "control"]
    return next((one == "pause" for one in reversed(orders) if one in {"pause", "resume"}), False)


def _frames_per_s(night: NightRecords) -> float:
    """Frames of the last units divided by the time from the end of the unit before them."""
    marks = [(number(record, "at"), count(record, "reduced")) for record in _last_marks(night)]
    marks = [mark for mark in marks if math.isfinite(mark[0])]
    if len(marks) < 2 or marks[0][0] <= marks[-1][0]:
        return math.nan
    return sum(reduced for _, reduced in marks[:-1]) / (marks[0][0] - marks[-1][0])


def _last_marks(night: NightRecords) -> Iterator[Record]:
    """Ends of the last units, or the start of the run, newest first."""
    marks = (record for record in reversed(night.run) if record.get("kind") in {"night", "unit"})
    return islice(marks, _RATE_UNITS + 1)


def _time_left_s(rate: float, beaten: dict[str, Any]) -> float:
    waiting = sum(count(beat, "queued_frames") for beat in beaten.values())
    if not waiting:
        return 0.0
    return waiting / rate if rate > 0.0 else math.nan
