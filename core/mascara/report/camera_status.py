"""How one camera stands in a night, from the journal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...timing.sidereal import BATCH, BATCH_S, SLOTS_PER_DAY
from .messages import camera_messages
from .moments import iso
from .records import count, listed, mapped, number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...engine.journal import Record
    from .records import CameraRecords, NightRecords

_TREND_BEATS, _TREND_S = 360, 600.0
_TREND_POINTS = 60
"""A line through more would be no other."""


@dataclass(frozen=True)
class CameraStatus:
    """One camera. Numbers that are not known are NaN, in JSON null.

    Attributes
    ----------
    state : str
        waiting, darks, reducing, merging, done, stopped, paused, interrupted or error.
    running : str
        Unit at work; empty for none.
    newest_lstseq, last_lstseq : int
        Newest frame that arrived, last frame reduced; 0 for none.
    slot : int
        Place of the newest frame in its batch, 0 to 49.
    last_utc : str
        Mid-exposure of the last frame reduced.
    lag_s, lag_batches, lag_trend_s_per_h : float
        From the last frame reduced to the newest one, and how that changes.
    frame_s, batch_s : float
        Computing time of the last batch.
    dark : dict
        Master dark of the last batch; empty for none.
    rms_px : float
        Of the last astrometric solution.
    flags : dict of str to int
        Points of the night with each photometric flag.
    """

    camera: str
    night: str
    state: str
    running: str
    newest_lstseq: int
    last_lstseq: int
    slot: int
    last_utc: str
    lag_s: float
    lag_batches: float
    lag_trend_s_per_h: float
    received: int
    reduced: int
    missing: int
    failed: int
    queued_frames: int
    batches_done: int
    batches_partial: int
    batches_failed: int
    frame_s: float
    batch_s: float
    ccdtemp_c: float
    sky_adu: float
    zero_point_mag: float
    dark: dict[str, Any]
    stars_used: int
    stars_expected: int
    rms_px: float
    aflag: int
    flags: dict[str, int]
    stars_fast: int
    stars_slow: int
    warnings: int
    errors: int


def camera_status(camera: CameraRecords, night: NightRecords, night_state: str) -> CameraStatus:
    """Tell how one camera stands in a night of that state."""
    beat = beat_of(night.beats[-1] if night.beats else {}, camera.camera)
    last: Record = camera.reduced[-1] if camera.reduced else {}
    solution = mapped(last, "astrometry")
    newest = max(count(beat, "newest_lstseq"), _last_slot(last))
    spent_s = sum(value for value in mapped(last, "seconds").values() if value is not None)
    levels = [message.level for message in camera_messages(camera)]
    lag_s = number(beat, "lag_s")
    return CameraStatus(
        camera=camera.camera,
        night=camera.night,
        state=_camera_state(camera, beat, night_state),
        running=str(beat.get("running") or ""),
        newest_lstseq=newest,
        last_lstseq=_last_slot(last),
        slot=newest % SLOTS_PER_DAY % BATCH,
        last_utc=iso(_last_jd(last)),
        lag_s=lag_s,
        lag_batches=lag_s / BATCH_S,
        lag_trend_s_per_h=_trend(night, camera.camera),
        received=max(camera.total("received"), count(beat, "received")),
        reduced=camera.total("reduced"),
        missing=camera.total("missing"),
        failed=camera.total("failed"),
        queued_frames=count(beat, "queued_frames"),
        batches_done=camera.states["done"],
        batches_partial=camera.states["partial"],
        batches_failed=camera.states["failed"],
        frame_s=spent_s / count(last, "reduced") if count(last, "reduced") else math.nan,
        batch_s=spent_s if last else math.nan,
        ccdtemp_c=number(last, "ccdtemp"),
        sky_adu=number(last, "sky"),
        zero_point_mag=number(last, "zero_point"),
        dark=mapped(last, "dark"),
        stars_used=count(solution, "stars_used"),
        stars_expected=count(solution, "stars_expected"),
        rms_px=number(solution, "dr"),
        aflag=count(solution, "aflag"),
        flags=camera.flags,
        stars_fast=count(last, "stars_fast"),
        stars_slow=count(last, "stars_slow"),
        warnings=levels.count("WARNING"),
        errors=levels.count("ERROR"),
    )


def lags_s(beats: Iterable[Record], camera: str) -> list[tuple[float, float]]:
    """Time (Unix) and lag of a camera at signs of life, both in seconds."""
    pairs = [(number(beat, "at"), number(beat_of(beat, camera), "lag_s")) for beat in beats]
    return [(at, lag) for at, lag in pairs if math.isfinite(at + lag)]


def beat_of(beat: Record, camera: str) -> dict[str, Any]:
    """What a sign of life says of a camera."""
    return mapped(mapped(beat, "cameras"), camera)


def _last_slot(batch: Record) -> int:
    return count(batch, "last_lstseq")


def _last_jd(batch: Record) -> float:
    return max((number(frame, "jd") for frame in listed(batch, "frames")), default=math.nan)


def _camera_state(camera: CameraRecords, beat: dict[str, Any], night_state: str) -> str:
    if camera.merge is not None and camera.merge.get("state") == "failed":
        return "error"
    if night_state in {"finished", "stopped"}:
        return "done" if camera.merge is not None else "stopped"
    if camera.batches and camera.batches[-1].get("state") == "failed":
        return "error"
    if night_state != "running":
        return night_state
    return _work(camera, str(beat.get("running") or ""))


def _work(camera: CameraRecords, unit: str) -> str:
    """What a camera does in a night that runs."""
    kinds = {"dark": "darks", "bias": "darks", "flat": "darks", "merge": "merging"}
    parts = unit.split("-")
    if len(parts) > 1:
        return kinds.get(parts[1], "reducing")
    return "done" if camera.merge is not None else "waiting"


def _trend(night: NightRecords, camera: str) -> float:
    """Slope of the lag over the last half hour, seconds per hour; NaN before ten minutes."""
    beats = night.beats[-_TREND_BEATS:]
    some = beats[:: -max(len(beats) // _TREND_POINTS, 1)]
    pairs = np.array(lags_s(some, camera), np.float64).reshape(-1, 2)[::-1]
    at, lag = pairs[:, 0] - pairs[:1, 0].sum(), pairs[:, 1]
    if len(at) < 3 or np.ptp(at) < _TREND_S:
        return math.nan
    return float(np.polyfit(at / 3600.0, lag, 1)[0])
