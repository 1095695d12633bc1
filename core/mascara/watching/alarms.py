"""What is wrong with a night now, in sentences, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...wording import counted
from ..report.moments import in_words
from ..report.records import reasons
from .alarms_around import around_alarms
from .alarms_cameras import camera_alarms
from .facts import utc
from .snapshot import Alarm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...engine.journal import Record
    from .facts import Facts

STUCK_S = 30.0
"""A driver gives a sign of life every five seconds."""
_QUIET_STEP_S = 10


def alarms_of(facts: Facts) -> tuple[Alarm, ...]:
    """Everything that is wrong, trouble first."""
    found = [*_driver_alarms(facts), *around_alarms(facts), *camera_alarms(facts), *_failed(facts)]
    return tuple(sorted(found, key=lambda alarm: alarm.level != "trouble"))


def _driver_alarms(facts: Facts) -> Iterator[Alarm]:
    if facts.status.state == "interrupted" and facts.around.has_journal:
        yield _killed(facts)
    if facts.is_at_work and facts.quiet_s > STUCK_S:
        yield _stuck(facts)
    if facts.status.state == "stopped" and not facts.around.is_driven:
        yield from _unfinished(facts)


def _killed(facts: Facts) -> Alarm:
    return Alarm(
        "killed", "trouble", "The reduction is dead",
        f"Its process ended without a word; its last line is of {utc(facts.journal_s)}. "
        f"{_waiting(facts)}",
        "Resume goes on where it ended; what is reduced stays reduced.", "resume",
    )  # fmt: skip


def _waiting(facts: Facts) -> str:
    frames = facts.waiting_frames
    if not frames:
        return "No frame waits."
    return f"{counted(frames, 'frame')} {'waits' if frames == 1 else 'wait'}."


def _stuck(facts: Facts) -> Alarm:
    quiet_s = facts.quiet_s // _QUIET_STEP_S * _QUIET_STEP_S
    return Alarm(
        "stuck", "trouble", "The reduction does not answer",
        f"Its process is there, but gave no sign of life for {in_words(quiet_s)}; the last is of "
        f"{utc(facts.journal_s)}.",
        "A disk that does not answer, or that is full, holds it up. If it stays so, stop the "
        "reduction and resume it.", "stop",
    )  # fmt: skip


def _unfinished(facts: Facts) -> Iterator[Alarm]:
    open_cameras = [
        camera for camera in facts.night.of_night(facts.night.night) if not camera.merge
    ]
    if open_cameras or not facts.night.cameras:
        names = ", ".join(camera.camera for camera in open_cameras)
        without = f"There are no light curves of {names} yet. " if names else ""
        yield Alarm(
            "unfinished", "notice", "The night is not finished",
            f"The reduction was stopped at {utc(facts.journal_s)}. {without}{_waiting(facts)}",
            "Resume goes on where it was stopped.", "resume",
        )  # fmt: skip


def _failed(facts: Facts) -> Iterator[Alarm]:
    failed = list(_failed_records(facts))
    if not failed:
        return
    names = [str(record["unit"]) for record in failed]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")
    yield Alarm(
        "failed", "trouble", f"{counted(len(names), 'unit')} failed",
        f"{shown}: {_reason(failed[0])}",
        "Retry makes it again once the cause is gone; the other units go on without it.",
        "retry", names[0] if len(names) == 1 else "",
    )  # fmt: skip


def _failed_records(facts: Facts) -> Iterator[Record]:
    for camera in facts.night.of_night(facts.night.night):
        merges = [camera.merge] if camera.merge else []
        for record in (*camera.calibrations, *camera.batches, *merges):
            if record.get("state") == "failed":
                yield record


def _reason(record: Record) -> str:
    return next(iter(reasons(record)), "it gave no reason.")
