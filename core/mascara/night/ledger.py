"""What a journal says is done: the newest record of each unit, and what users decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .layout import merge_unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...engine.journal import Record

WITH_PRODUCTS = frozenset({"done", "partial"})
"""States of a batch that left products."""

_FINAL = frozenset({"unit", "dark", "left", "merge"})


class Ledger:
    """Follows the journal line by line.

    Parameters
    ----------
    records : iterable of dict
        Lines of an earlier run, oldest first.
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.marked: set[str] = set()
        """File names of frames that users called bad."""
        self.suspects: dict[str, dict[str, str]] = {}
        """Frames that killed their reader, by unit: file name to reason."""
        self._units: dict[str, Record] = {}
        for record in records:
            self.take(record)

    def take(self, record: Record) -> None:
        """Hear one line; one that is damaged is passed over."""
        kind, unit = str(record.get("kind")), record.get("unit")
        if kind in _FINAL and isinstance(unit, str):
            self._units[unit] = record
            self._reopen(record)
        elif kind == "suspect" and isinstance(unit, str):
            self.suspects.setdefault(unit, {})[str(record.get("file"))] = str(record.get("reason"))
        elif kind == "control":
            self._obey(record)

    def _obey(self, record: Record) -> None:
        what, subject = record.get("what"), str(record.get("subject", ""))
        if what == "mark":
            self.marked.add(subject)
        elif what == "unmark":
            self.marked.discard(subject)
        elif what == "retry":
            self._reopen(self._units.get(subject, {}))
            self._units.pop(subject, None)
            self.suspects.pop(subject, None)

    def _reopen(self, record: Record) -> None:
        """A night is merged anew once one of its batches is."""
        if record.get("kind") == "unit":
            name = merge_unit(str(record.get("night")), str(record.get("camera")))
            if name in self._units:
                self._units[name] = {**self._units[name], "key": ""}

    def finished(self, unit: str, key: str) -> Record | None:
        """The record of a unit that was finished from the same inputs, or None."""
        record = self._units.get(unit)
        return record if record is not None and record.get("key") == key else None

    def newest(self, unit: str) -> Record | None:
        """The newest record of a unit, whatever it was made from."""
        return self._units.get(unit)

    def units(self, kind: str, camera: str = "") -> list[Record]:
        """The newest records of a kind, of all cameras or of one, in order of their names."""
        found = [
            record
            for record in self._units.values()
            if record["kind"] == kind and camera in {"", camera_of(record)}
        ]
        return sorted(found, key=lambda record: str(record["unit"]))

    def newest_of_each(self) -> dict[str, Record]:
        """The newest record of every unit, by its name."""
        return dict(self._units)


def camera_of(record: Record) -> str:
    """Camera that a record of a unit is about."""
    return str(record.get("camera") or str(record["unit"]).partition("-")[0])
