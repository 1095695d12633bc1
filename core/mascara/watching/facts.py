"""What alarms and forecast are told from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ..report.camera_status import beat_of
from ..report.records import count, mapped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ...engine.journal import Record
    from ..report.records import CameraRecords, NightRecords
    from ..report.status import NightStatus
    from .pulse import ClockStep, Start
    from .snapshot import Twilight
    from .surroundings import Around


@dataclass(frozen=True)
class Facts:
    """One moment of a night.

    Parameters
    ----------
    output : Path
    night : NightRecords
    status : NightStatus
    running : mapping of str to Start
        Units at work, by camera.
    around : Around
    twilight : Twilight
    clock_s : float
        Time of the computer (Unix).
    journal_s : float
        Time of the newest line of the journal (Unix).
    quiet_s : float
        Since the journal grew or a driver came.
    was_there : bool
        Whether a journal was seen before.
    torn : int
        Damaged lines of this run.
    steps : tuple of ClockStep
        Of the last minutes.
    """

    output: Path
    night: NightRecords
    status: NightStatus
    running: Mapping[str, Start]
    around: Around
    twilight: Twilight
    clock_s: float
    journal_s: float
    quiet_s: float
    was_there: bool
    torn: int
    steps: tuple[ClockStep, ...]

    @property
    def beat(self) -> Record:
        """Newest sign of life; empty for none."""
        return self.night.beats[-1] if self.night.beats else {}

    @property
    def has_ended(self) -> bool:
        """Whether the last run said that it ended, or none began."""
        return self.status.state not in {"running", "paused", "interrupted"}

    @property
    def is_at_work(self) -> bool:
        """Whether a driver is in the middle of a run."""
        return self.around.is_driven and not self.has_ended

    @property
    def is_live(self) -> bool:
        """Whether cameras write while the night is reduced."""
        return bool(mapped(self.night.header, "request").get("is_live"))

    @property
    def workers(self) -> int:
        """Processes of the reduction, one at least."""
        return max(count(self.night.header, "request", "workers"), 1)

    @property
    def cameras(self) -> dict[str, CameraRecords]:
        """Records of each camera of the night."""
        return {one.camera: one for one in self.night.of_night(self.night.night)}

    @property
    def waiting_frames(self) -> int:
        """That came and are not reduced."""
        return sum(camera.queued_frames for camera in self.status.cameras)

    def of_camera(self, camera: str) -> dict[str, Any]:
        """What the newest sign of life says of a camera."""
        return beat_of(self.beat, camera)


def utc(unix_s: float) -> str:
    """Time of day in UTC with the date left out; a dash for NaN."""
    if not math.isfinite(unix_s):
        return "-"
    return datetime.fromtimestamp(unix_s, UTC).strftime("%H:%M:%S UTC")
