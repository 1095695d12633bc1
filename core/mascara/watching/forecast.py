"""How long batch, night and disk last at the pace so far."""

from __future__ import annotations

import math
import statistics
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ...timing.sidereal import BATCH, SOLAR_SLOT_S, jd_from_unix
from ..night.layout import batch_of_unit
from ..night.room import STARS, products_bytes
from ..report.records import count, number
from .snapshot import Forecast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...engine.journal import Record
    from ..report.camera_status import CameraStatus
    from ..report.records import CameraRecords
    from .facts import Facts

_LATELY = 5
_PACE_S = 600.0
"""Free room must be followed for so long before its decline says anything."""


def forecast(facts: Facts) -> Forecast:
    """Tell what is left."""
    status = facts.status
    rate = status.frames_per_s
    sky = len(status.cameras) / SOLAR_SLOT_S
    coming = _coming_frames(facts)
    queued = sum(camera.queued_frames for camera in status.cameras)
    needed = _bytes_of(queued + coming, status.cameras)
    found = Forecast(
        frames_per_s=rate,
        sky_ratio=rate / sky if sky else math.nan,
        batch_left_s=_batches_left_s(facts),
        night_left_s=_night_left_s(facts, queued, coming),
        bytes_needed=needed,
        bytes_free=facts.around.free_bytes,
        disk_hours=_disk_hours(facts),
    )
    return replace(found, ends_utc=_ends(facts, found.night_left_s))


def _goes_on(facts: Facts) -> bool:
    """Whether anything is reduced now: neither over nor paused."""
    return facts.status.state == "running"


def _dark_left_s(facts: Facts) -> float:
    """Until the cameras close, in a live night that is going on now."""
    jd = jd_from_unix(facts.clock_s)
    light = facts.twilight
    if not (facts.is_live and light.sunset_jd <= jd < light.dawn_jd):
        return 0.0
    return (light.dawn_jd - max(jd, light.dusk_jd)) * 86400.0


def _coming_frames(facts: Facts) -> float:
    return len(facts.status.cameras) * _dark_left_s(facts) / SOLAR_SLOT_S


def _night_left_s(facts: Facts, queued: int, coming: float) -> float:
    if not facts.cameras:
        return math.nan
    if facts.status.state == "finished":
        return 0.0
    frames, pace = queued + coming, _pace(facts)
    dark_s = _dark_left_s(facts)
    if frames == 0:
        return 0.0
    return max(dark_s + _last_batch_s(facts), frames / pace) if pace > 0.0 else math.nan


def _last_batch_s(facts: Facts) -> float:
    """From dawn to the end of the batch that holds the last frame."""
    if not _dark_left_s(facts):
        return 0.0
    took = [_took_s(one) for one in facts.cameras.values()]
    return max((one for one in took if math.isfinite(one)), default=0.0)


def _pace(facts: Facts) -> float:
    """Frames a second that can be reduced: what was seen, or all workers without a pause."""
    per_frame = [
        _took_s(one) / BATCH for one in facts.cameras.values() if math.isfinite(_took_s(one))
    ]
    busy = min(facts.workers, max(len(facts.cameras), 1))
    could = busy / statistics.median(per_frame) if per_frame and min(per_frame) > 0.0 else 0.0
    seen = facts.status.frames_per_s
    return max(could, seen if math.isfinite(seen) else 0.0)


def _took_s(camera: CameraRecords) -> float:
    """Median time of the last batches."""
    took = [number(record, "took_s") for record in camera.reduced[-_LATELY:]]
    return statistics.median(took) if took else math.nan


def _batches_left_s(facts: Facts) -> dict[str, float]:
    if not _goes_on(facts):
        return {}
    usual = [_took_s(one) for one in facts.cameras.values()]
    known = [one for one in usual if math.isfinite(one)]
    left: dict[str, float] = {}
    batches = {
        camera: start
        for camera, start in facts.running.items()
        if batch_of_unit(start.unit) is not None
    }
    for camera, start in batches.items():
        records = facts.cameras.get(camera)
        own = _took_s(records) if records is not None else math.nan
        took = own if math.isfinite(own) else statistics.median(known) if known else math.nan
        left[camera] = max(took - max(facts.journal_s + facts.quiet_s - start.at_s, 0.0), 0.0)
    return left


def _bytes_of(frames: float, cameras: Iterable[CameraStatus]) -> float:
    stars = max((camera.stars_fast for camera in cameras), default=0) or STARS
    return products_bytes(frames, math.ceil(frames / BATCH), stars)


def _disk_hours(facts: Facts) -> float:
    """At the rate at which room went, raw frames included; else at that of the products."""
    if not _goes_on(facts):
        return math.nan
    per_s = _lost_bytes_per_s(facts.night.beats)
    if not per_s > 0.0:
        per_s = _bytes_of(BATCH, facts.status.cameras) / BATCH * facts.status.frames_per_s
    return facts.around.free_bytes / per_s / 3600.0 if per_s > 0.0 else math.nan


def _lost_bytes_per_s(beats: tuple[Record, ...]) -> float:
    if not beats:
        return math.nan
    first, last = beats[0], beats[-1]
    time_s = number(last, "at") - number(first, "at")
    if not time_s > _PACE_S:
        return math.nan
    return (count(first, "free_bytes") - count(last, "free_bytes")) / time_s


def _ends(facts: Facts, left_s: float) -> str:
    if not (_goes_on(facts) and math.isfinite(left_s)):
        return ""
    moment = datetime.fromtimestamp(facts.clock_s + left_s, UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")
