"""Messages of a night, filtered and grouped; unit by unit, as their records come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ....core.mascara.night.layout import camera_of_unit
from ....core.mascara.report.messages import Message, messages_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ....core.engine.journal import Record
    from ....core.mascara.report.messages import MessageGroup
    from ....core.mascara.watching.snapshot import NightSnapshot

ALL = ""


@dataclass(frozen=True)
class MessageFilter:
    """Which messages are shown.

    Parameters
    ----------
    camera : str
        Empty for all, and for what no camera said.
    level : str
        Empty for all.
    text : str
        Part of the message or of the unit, in letters of any size.
    """

    camera: str = ALL
    level: str = ALL
    text: str = ""

    def takes(self, message: Message) -> bool:
        """Whether a message is shown."""
        if self.camera and camera_of_unit(message.where) != self.camera:
            return False
        if self.level and message.level != self.level:
            return False
        wanted = self.text.casefold()
        return wanted in message.text.casefold() or wanted in message.where.casefold()


class MessageList:
    """Every message there is."""

    def __init__(self) -> None:
        self._by_unit: dict[str, tuple[Record, tuple[Message, ...]]] = {}
        self._of_run: tuple[Message, ...] = ()

    def take(self, snapshot: NightSnapshot | None) -> bool:
        """Take in the records that are others; tells whether any message is another."""
        records = {} if snapshot is None else _told(snapshot.records)
        gone = self._by_unit.keys() - records.keys()
        for unit in gone:
            del self._by_unit[unit]
        changed = [unit for unit, record in records.items() if not self._has(unit, record)]
        for unit in changed:
            self._by_unit[unit] = records[unit], tuple(messages_of(records[unit]))
        before = self._of_run
        self._of_run = () if snapshot is None else tuple(self._others(snapshot))
        return bool(gone or changed) or before != self._of_run

    def _others(self, snapshot: NightSnapshot) -> Iterator[Message]:
        """What no record of a unit says: unreadable files, mails not sent, what began again."""
        for group in snapshot.status.messages:
            kind = kind_of(group)
            for where in group.where:
                said = self._by_unit[where][1] if where in self._by_unit else ()
                if all(message.kind != kind for message in said):
                    yield Message(group.level, where, group.text)

    def _has(self, unit: str, record: Record) -> bool:
        # Records are never changed, only replaced.
        known = self._by_unit.get(unit)
        return known is not None and known[0] is record

    @property
    def cameras(self) -> tuple[str, ...]:
        """Cameras that said something, in order."""
        said = (unit for unit, (_, messages) in self._by_unit.items() if messages)
        return tuple(sorted({camera_of_unit(unit) for unit in said} - {""}))

    def chosen(self, wanted: MessageFilter) -> list[Message]:
        """Messages that a filter takes, in order of their units, those of the run last."""
        units = sorted(self._by_unit)
        every = [message for unit in units for message in self._by_unit[unit][1]]
        return [message for message in (*every, *self._of_run) if wanted.takes(message)]


def kind_of(group: MessageGroup) -> tuple[str, str]:
    """The same for groups whose messages differ in their numbers only."""
    return Message(group.level, "", group.text).kind


def _told(records: Mapping[str, Record]) -> dict[str, Record]:
    return {unit: one for unit, one in records.items() if isinstance(one.get("unit"), str)}
