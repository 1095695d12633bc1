"""How long batch, night and disk last at the pace so far."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ...timing.sidereal import BATCH, SOLAR_SLOT_S
from ..night.room import STARS, products_bytes
from ..report.records import count, number
from .grid import number_of
from .snapshot import Forecast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...engine.journal import Record
    from ..report.camera_status import CameraStatus
    from ..report.records import CameraRecords
    from ..report.status import NightStatus
    from .pulse import Start
    from .snapshot import Twilight

_LATELY = 5
_UNIX_JD = 2440587.5
_PACE_S = 600.0
"""Free room must be followed for so long before its decline says anything."""


@dataclass(frozen=True)
class Course:
    """What a forecast is made from.

    Parameters
    ----------
    status : NightStatus
    cameras : mapping of str to CameraRecords
        Of the night.
    running : mapping of str to Start
        Units at work, by camera.
    twilight : Twilight
    clock_s : float
        Time of the computer now (Unix).
    journal_s : float
        The same as the times of the journal count it: of a simulated night its own.
    workers : int
    is_live : bool
    free_bytes : float
    beats : sequence of dict
        Signs of life of this run.
    """

    status: NightStatus
    cameras: Mapping[str, CameraRecords]
    running: Mapping[str, Start]
    twilight: Twilight
    clock_s: float
    journal_s: float
    workers: int
    is_live: bool
    free_bytes: float
    beats: tuple[Record, ...] = ()

    @property
    def is_at_work(self) -> bool:
        """Whether anything goes on."""
        return self.status.state == "running"


def forecast(course: Course) -> Forecast:
    """Tell what is left."""
    status = course.status
    rate = status.frames_per_s
    sky = len(status.cameras) / SOLAR_SLOT_S
    coming = _coming_frames(course)
    queued = sum(camera.queued_frames for camera in status.cameras)
    needed = _bytes_of(queued + coming, status.cameras)
    found = Forecast(
        frames_per_s=rate,
        sky_ratio=rate / sky if sky else math.nan,
        batch_left_s=_batches_left_s(course),
        night_left_s=_night_left_s(course, queued, coming),
        bytes_needed=needed,
        bytes_free=course.free_bytes,
        disk_hours=_disk_hours(course),
    )
    return replace(found, ends_utc=_ends(course, found.night_left_s))


def _dark_left_s(course: Course) -> float:
    """Until the cameras close, in a live night that is going on now."""
    jd = _UNIX_JD + course.clock_s / 86400.0
    light = course.twilight
    if not (course.is_live and light.sunset_jd <= jd < light.dawn_jd):
        return 0.0
    return (light.dawn_jd - max(jd, light.dusk_jd)) * 86400.0


def _coming_frames(course: Course) -> float:
    return len(course.status.cameras) * _dark_left_s(course) / SOLAR_SLOT_S


def _night_left_s(course: Course, queued: int, coming: float) -> float:
    if not course.cameras:
        return math.nan
    if course.status.state == "finished":
        return 0.0
    frames, pace = queued + coming, _pace(course)
    dark_s = _dark_left_s(course)
    if frames == 0:
        return 0.0
    return max(dark_s + _last_batch_s(course), frames / pace) if pace > 0.0 else math.nan


def _last_batch_s(course: Course) -> float:
    """From dawn to the end of the batch that holds the last frame."""
    if not _dark_left_s(course):
        return 0.0
    took = [_took_s(one) for one in course.cameras.values()]
    return max((one for one in took if math.isfinite(one)), default=0.0)


def _pace(course: Course) -> float:
    """Frames a second that can be reduced: what was seen, or all workers without a pause."""
    per_frame = [
        _took_s(one) / BATCH for one in course.cameras.values() if math.isfinite(_took_s(one))
    ]
    busy = min(course.workers, max(len(course.cameras), 1))
    could = busy / statistics.median(per_frame) if per_frame and min(per_frame) > 0.0 else 0.0
    seen = course.status.frames_per_s
    return max(could, seen if math.isfinite(seen) else 0.0)


def _took_s(camera: CameraRecords) -> float:
    """Median time of the last batches."""
    took = [number(record, "took_s") for record in camera.reduced[-_LATELY:]]
    return statistics.median(took) if took else math.nan


def _batches_left_s(course: Course) -> dict[str, float]:
    if not course.is_at_work:
        return {}
    usual = [_took_s(one) for one in course.cameras.values()]
    known = [one for one in usual if math.isfinite(one)]
    left: dict[str, float] = {}
    batches = {
        camera: start
        for camera, start in course.running.items()
        if number_of(start.unit) is not None
    }
    for camera, start in batches.items():
        records = course.cameras.get(camera)
        own = _took_s(records) if records is not None else math.nan
        took = own if math.isfinite(own) else statistics.median(known) if known else math.nan
        left[camera] = max(took - max(course.journal_s - start.at_s, 0.0), 0.0)
    return left


def _bytes_of(frames: float, cameras: Iterable[CameraStatus]) -> float:
    stars = max((camera.stars_fast for camera in cameras), default=0) or STARS
    return products_bytes(frames, math.ceil(frames / BATCH), stars)


def _disk_hours(course: Course) -> float:
    """At the rate at which room went, raw frames included; else at that of the products."""
    if not course.is_at_work:
        return math.nan
    per_s = _lost_bytes_per_s(course.beats)
    if not per_s > 0.0:
        per_s = _bytes_of(BATCH, course.status.cameras) / BATCH * course.status.frames_per_s
    return course.free_bytes / per_s / 3600.0 if per_s > 0.0 else math.nan


def _lost_bytes_per_s(beats: tuple[Record, ...]) -> float:
    if not beats:
        return math.nan
    first, last = beats[0], beats[-1]
    time_s = number(last, "at") - number(first, "at")
    if not time_s > _PACE_S:
        return math.nan
    return (count(first, "free_bytes") - count(last, "free_bytes")) / time_s


def _ends(course: Course, left_s: float) -> str:
    if not (course.is_at_work and math.isfinite(left_s)):
        return ""
    moment = datetime.fromtimestamp(course.clock_s + left_s, UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")
