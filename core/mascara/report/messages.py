"""Warnings and errors of a night: what they say, grouped and counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ...wording import counted
from .records import listed, mapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...engine.journal import Record
    from .records import CameraRecords, NightRecords

LEVELS = ("ERROR", "WARNING")
UNSOLVED = 2 | 4
"""Bits of aflag: sky too bright to try, too few stars."""

_DIGITS = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True)
class Message:
    """One warning or error.

    Parameters
    ----------
    level : {"ERROR", "WARNING"}
    where : str
        Name of the unit it belongs to.
    text : str
        A sentence.
    """

    level: str
    where: str
    text: str

    @cached_property
    def kind(self) -> tuple[str, str]:
        """The same for messages that differ in their numbers only."""
        return self.level, _DIGITS.sub("#", self.text)


@dataclass(frozen=True)
class MessageGroup:
    """Messages that differ in their numbers only.

    Parameters
    ----------
    level : {"ERROR", "WARNING"}
    text : str
        The first of them.
    where : tuple of str
        The units they belong to, each once.
    times : int
        How many there are.
    """

    level: str
    text: str
    where: tuple[str, ...]
    times: int

    @property
    def place(self) -> str:
        """First unit, and how many others."""
        others = len(self.where) - 1
        return self.where[0] + (f" and {counted(others, 'other')}" if others else "")


_OF_CAMERAS: WeakKeyDictionary[CameraRecords, list[Message]] = WeakKeyDictionary()
"""Told once for each: a camera that gets a new record gets new `CameraRecords`."""


def camera_messages(camera: CameraRecords) -> list[Message]:
    """Warnings and errors of one camera, in order of time."""
    if camera not in _OF_CAMERAS:
        merges = [camera.merge] if camera.merge else []
        records = [*camera.calibrations, *camera.batches, *merges]
        _OF_CAMERAS[camera] = [
            *(one for record in records for one in messages_of(record)),
            *(Message("WARNING", str(one["unit"]), str(one.get("reason"))) for one in camera.again),
        ]
    return _OF_CAMERAS[camera]


def night_messages(night: NightRecords) -> list[Message]:
    """Those of all cameras and of the run itself."""
    found = [message for camera in night.cameras for message in camera_messages(camera)]
    return found + list(_of_calibrations_alone(night)) + list(_of_run(night))


def _of_calibrations_alone(night: NightRecords) -> Iterator[Message]:
    """Of cameras that have no science frame yet."""
    if not night.cameras:
        for record in night.run:
            if record.get("kind") == "dark":
                yield from messages_of(record)


def _of_run(night: NightRecords) -> Iterator[Message]:
    """What only the driver met."""
    last = night.beats[-1] if night.beats else {}
    for name, reason in mapped(last, "unreadable").items():
        yield Message("WARNING", "raw frames", f"{name}: {reason}")
    for name in listed(last, "duplicates"):
        yield Message("WARNING", "raw frames", f"{name}: another file has the same slot")
    for mail in night.mails:
        if not mail.get("sent", True):
            yield Message("WARNING", "mail", str(mail.get("reason", "The mail was not sent.")))


def messages_of(record: Record) -> Iterator[Message]:
    """Warnings and errors of one unit."""
    where, has_failed = str(record["unit"]), record.get("state") == "failed"
    level = "ERROR" if has_failed else "WARNING"
    said = [str(text) for text in (*listed(record, "warnings"), *listed(record, "problems"))]
    if has_failed and not said:
        said = ["The unit failed without a reason."]
    for text in dict.fromkeys(said):
        yield Message(level, where, text)
    for name, reason in mapped(record, "failed").items():
        yield Message("WARNING", where, f"{name}: {reason}")


def grouped(messages: Iterable[Message]) -> tuple[MessageGroup, ...]:
    """Put messages together that differ in their numbers only; errors and frequent ones first."""
    groups: dict[tuple[str, str], list[Message]] = {}
    for message in messages:
        groups.setdefault(message.kind, []).append(message)
    found = [
        MessageGroup(level, own[0].text, tuple(dict.fromkeys(one.where for one in own)), len(own))
        for (level, _), own in groups.items()
    ]
    return tuple(sorted(found, key=lambda group: (LEVELS.index(group.level), -group.times)))
