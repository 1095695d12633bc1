"""The status of a night as a table of text."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from ...wording import counted
from .moments import in_words
from .records import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .camera_status import CameraStatus
    from .status import NightStatus

_PROGRESS = (
    "Camera", "State", "Last (UTC)", "Slot", "Lag", "Reduced", "Missing", "Failed", "Batches",
)  # fmt: skip
_HEALTH = (
    "Camera", "Chip C", "Dark age h", "Stars", "rms px", "Zero point", "Sky ADU", "s/frame",
    "Warnings", "Errors",
)  # fmt: skip


def status_text(status: NightStatus) -> str:
    """Headline, a row per camera, and the messages."""
    lines = [_headline(status), ""]
    if status.cameras:
        lines += [*table(_PROGRESS, [_progress(camera) for camera in status.cameras]), ""]
        lines += table(_HEALTH, [_health(camera) for camera in status.cameras])
        if any(camera.aflag for camera in status.cameras):
            lines.append("* image too bright or too few stars: see the messages")
    else:
        lines.append("No camera has delivered a frame yet.")
    if status.messages:
        lines += ["", *(_message(group.level, group.times, group.text, group.place)
                        for group in status.messages)]  # fmt: skip
    return "\n".join(lines) + "\n"


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns as wide as their longest entry; numbers are right-aligned."""
    columns = list(zip(headings, *rows, strict=True))
    widths = [max(len(entry) for entry in column) for column in columns]
    is_left = [not all(_is_number(entry) for entry in column[1:]) for column in columns]
    return [
        "  ".join(
            entry.ljust(width) if left else entry.rjust(width)
            for entry, width, left in zip(row, widths, is_left, strict=True)
        ).rstrip()
        for row in (headings, *rows)
    ]


def figure(value: float, digits: int) -> str:
    """A number, or a dash where it is not known."""
    return f"{value:.{digits}f}" if math.isfinite(value) else "-"


def lag_in_words(lag_s: float, lag_batches: float, trend_s_per_h: float) -> str:
    """Lag in time and batches, and whether it grows."""
    if not math.isfinite(lag_s):
        return "-"
    words = f"{in_words(lag_s)} ({lag_batches:.1f} b)"
    if math.isfinite(trend_s_per_h) and abs(trend_s_per_h) >= 60.0:
        words += " growing" if trend_s_per_h > 0 else " shrinking"
    return words


def _headline(status: NightStatus) -> str:
    parts = [" ".join(filter(None, ("Night", status.night, status.site))), status.state]
    if math.isfinite(status.frames_per_s):
        parts.append(f"{status.frames_per_s:.2f} frames/s")
    if status.state in {"running", "paused"}:
        parts.append(f"time left {in_words(status.time_left_s)}")
    if status.free_bytes >= 0:
        parts.append(f"{status.free_bytes / 1e9:.1f} GB free")
    if status.starts > 1:
        parts.append(f"started {counted(status.starts, 'time')}")
    return ", ".join(parts)


def _progress(one: CameraStatus) -> tuple[str, ...]:
    return (
        one.camera,
        one.state,
        one.last_utc[11:19] or "-",
        str(one.slot) if one.newest_lstseq else "-",
        lag_in_words(one.lag_s, one.lag_batches, one.lag_trend_s_per_h),
        f"{one.reduced}/{one.received}",
        str(one.missing),
        str(one.failed),
        batches_in_words(one.batches_done, one.batches_partial, one.batches_failed),
    )


def _health(one: CameraStatus) -> tuple[str, ...]:
    return (
        one.camera,
        figure(one.ccdtemp_c, 1),
        figure(number(one.dark, "age_h"), 1),
        f"{one.stars_used}/{one.stars_expected}",
        figure(one.rms_px, 2) + ("*" if one.aflag else ""),
        figure(one.zero_point_mag, 2),
        figure(one.sky_adu, 0),
        figure(one.frame_s, 2),
        str(one.warnings),
        str(one.errors),
    )


def batches_in_words(done: int, partial: int, failed: int) -> str:
    """Batches that were whole, those with less than 50 frames, those that failed."""
    words = [str(done)]
    words += [f"{partial} partial"] if partial else []
    words += [f"{failed} failed"] if failed else []
    return ", ".join(words)


def _message(level: str, times: int, text: str, place: str) -> str:
    return f"{level} {times}x  {text}  [{place}]"


def _is_number(entry: str) -> bool:
    return entry == "-" or all(part.strip("-*").isdigit() for part in re.split("[./]", entry))
