"""Alarms about single cameras of a live night: silent ones, and those that fall behind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...timing.sidereal import jd_from_unix
from ..report.camera_status import lags_s
from ..report.limits import LATE_BATCHES, STEADY_S_PER_H
from ..report.moments import in_words, iso, mid_slot_jd
from ..report.records import count, number
from .snapshot import Alarm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..report.camera_status import CameraStatus
    from .facts import Facts

SILENT_S = 600.0
_WRITES_S = 120.0
_BEATS = 24
_GROWN_S = 10.0


def camera_alarms(facts: Facts) -> Iterator[Alarm]:
    """What is wrong with cameras while they write."""
    if facts.is_live and facts.is_at_work and not facts.around.raw_gone:
        yield from _silent(facts)
        yield from _behind(facts)


def _silent(facts: Facts) -> Iterator[Alarm]:
    silence_s = {one.camera: _silence_s(facts, one.camera) for one in facts.status.cameras}
    others_write = any(silence < _WRITES_S for silence in silence_s.values())
    if not (others_write or _is_dark(facts)):
        return
    for camera, silence in silence_s.items():
        if silence > SILENT_S:
            yield _silent_alarm(facts, camera, silence)


def _silence_s(facts: Facts, camera: str) -> float:
    """As the driver told it, and the time since."""
    return number(facts.of_camera(camera), "silent_s") + facts.quiet_s


def _is_dark(facts: Facts) -> bool:
    jd = jd_from_unix(facts.clock_s)
    return facts.twilight.dusk_jd < jd < facts.twilight.dawn_jd


def _silent_alarm(facts: Facts, camera: str, silence_s: float) -> Alarm:
    slot = count(facts.of_camera(camera), "newest_lstseq")
    last = f" Its last frame is slot {slot} of {iso(mid_slot_jd(slot))[11:19]} UTC." if slot else ""
    return Alarm(
        "silent", "trouble", f"{camera} is silent",
        f"No frame of it came for {in_words(silence_s)}.{last}",
        "Look at the camera, its computer, and the disk it writes to.", subject=camera,
    )  # fmt: skip


def _behind(facts: Facts) -> Iterator[Alarm]:
    late = [camera for camera in facts.status.cameras if _falls_behind(facts, camera)]
    if not late:
        return
    lags = ", ".join(
        f"{one.camera} {one.lag_batches:.1f} batches ({in_words(one.lag_s)})" for one in late
    )
    yield Alarm(
        "behind", "notice", "The reduction falls behind the cameras",
        f"The lag grows: {lags}. At dawn the rest is reduced; nothing is lost.",
        "See what else this computer does, or resume with more processes.",
    )  # fmt: skip


def _falls_behind(facts: Facts, camera: CameraStatus) -> bool:
    if not camera.lag_batches > LATE_BATCHES:
        return False
    if math.isfinite(camera.lag_trend_s_per_h):
        return camera.lag_trend_s_per_h > STEADY_S_PER_H
    lags = lags_s(facts.night.beats[-_BEATS:], camera.camera)
    return len(lags) > 1 and lags[-1][1] - lags[0][1] > _GROWN_S
