"""Alarms about disk, folders, journal, clock and other windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...wording import counted
from ..report.moments import in_words
from ..report.records import mapped
from .facts import utc
from .snapshot import Alarm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Facts
    from .pulse import ClockStep

LITTLE_BYTES, FULL_BYTES = 1e9, 1e8
_SHOWN = 3


def around_alarms(facts: Facts) -> Iterator[Alarm]:
    """What is wrong around the reduction."""
    yield from _disk(facts)
    yield from _folder(facts)
    yield from _raw(facts)
    yield from _torn(facts)
    yield from (_clock(step) for step in facts.steps)
    yield from _windows(facts)


def _disk(facts: Facts) -> Iterator[Alarm]:
    free = facts.around.free_bytes
    if facts.status.state == "finished" or not free < LITTLE_BYTES:
        return
    room = f"{free / 1e6:,.0f} MB are free on the disk of {facts.output}."
    hint = "Make room: move or delete what is not needed there."
    if free < FULL_BYTES:
        yield Alarm(
            "disk", "trouble", "The disk is full",
            f"{room} The reduction waits until there is more; nothing that is done is lost.", hint,
        )  # fmt: skip
    else:
        yield Alarm("disk", "notice", "The disk is nearly full", room, hint)


def _folder(facts: Facts) -> Iterator[Alarm]:
    if not facts.was_there or facts.around.has_journal:
        return
    if facts.around.has_folder:
        yield Alarm(
            "folder", "trouble", "The journal is gone",
            f"{facts.output / 'journal.jsonl'} was removed or renamed; the window shows what it "
            "said last. A reduction ends without it.",
            "Put it back, then resume; or start the night again in an empty folder.", "new",
        )  # fmt: skip
    else:
        yield Alarm(
            "folder", "trouble", "The output folder is gone",
            f"{facts.output} was removed, renamed, or its disk unplugged; the window shows what "
            "it held last. A reduction ends without it.",
            "Bring it back, then resume; or start the night again in another folder.", "new",
        )  # fmt: skip


def _raw(facts: Facts) -> Iterator[Alarm]:
    if facts.status.state in {"finished", "empty"}:
        return
    gone, is_at_work = ", ".join(facts.around.raw_gone), facts.is_at_work
    told = str(mapped(facts.beat, "unreadable").get("raw folder", "")) if is_at_work else ""
    if gone or told:
        yield Alarm(
            "raw", "trouble" if is_at_work else "notice", "The raw frames are away",
            f"Not there: {gone}." if gone else told,
            "Bring the disk or the network share back"
            + ("; the reduction then goes on by itself." if is_at_work else " before you resume."),
        )  # fmt: skip


def _torn(facts: Facts) -> Iterator[Alarm]:
    if facts.torn:
        lines = counted(facts.torn, "line")
        yield Alarm(
            "torn", "notice", "The journal is damaged",
            f"{lines} of journal.jsonl can not be read; what they said is not shown.",
            "Stop and resume makes again what was lost with them. Check the disk."
            if facts.is_at_work
            else "Resume makes again what was lost with them. Check the disk.",
            "stop" if facts.is_at_work else "resume",
        )  # fmt: skip


def _clock(step: ClockStep) -> Alarm:
    way = "forward" if step.by_s > 0 else "back"
    return Alarm(
        "clock", "notice", f"The clock was set {way} by {in_words(abs(step.by_s))}",
        f"The clock of this computer then showed {utc(step.at_s)}. The reduction does not go by "
        "it, but frames get wrong times where cameras take theirs from it.",
        "Check the time service of the computers.", subject=way,
    )  # fmt: skip


def _windows(facts: Facts) -> Iterator[Alarm]:
    others = facts.around.others
    if others:
        more = f" and {len(others) - _SHOWN:,} more" if len(others) > _SHOWN else ""
        yield Alarm(
            "window", "notice",
            "Another window watches this night" if len(others) == 1
            else f"{len(others):,} other windows watch this night",
            f"It is {', '.join(others[:_SHOWN])}{more}. Orders given there count as well.",
        )  # fmt: skip
