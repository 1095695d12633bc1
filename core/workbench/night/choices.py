"""Units that can be made again and frames that can be marked, as a journal knows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ...mascara.report.records import listed, mapped, reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from ...engine.journal import Record

FrameState = Literal["used", "failed", "marked"]
_ORDER = ("failed", "rejected", "partial")


@dataclass(frozen=True)
class UnitChoice:
    """A unit of a night.

    Attributes
    ----------
    unit : str
        Its name.
    state : str
        done, partial, failed or rejected.
    note : str
        Its first warning; empty for none.
    """

    unit: str
    state: str
    note: str


@dataclass(frozen=True)
class FrameChoice:
    """A raw frame, dark, bias or flat of a night.

    Attributes
    ----------
    name : str
        Of the file.
    state : {"used", "failed", "marked"}
        Marked: left out by an observer.
    note : str
        Why it failed; else the unit that it is in.
    """

    name: str
    state: FrameState
    note: str


def units_of(records: Mapping[str, Record]) -> tuple[UnitChoice, ...]:
    """All units, those that failed first, then the partial ones, else by name.

    Parameters
    ----------
    records : mapping of str to dict
        Newest record of each unit.
    """
    made = [
        UnitChoice(unit, str(record.get("state", "")), next(iter(reasons(record)), ""))
        for unit, record in records.items()
    ]
    return tuple(sorted(made, key=lambda one: (_place(one.state), one.unit)))


def _place(state: str) -> int:
    return _ORDER.index(state) if state in _ORDER else len(_ORDER)


def frames_of(output: Path) -> tuple[FrameChoice, ...]:
    """All frames that the journal in a folder names, by name.

    It reads the whole journal: not for the thread of a window.
    """
    from ...mascara.night.layout import NightLayout
    from ...mascara.night.ledger import Ledger
    from ...mascara.night.reading import read_night

    ledger = Ledger(read_night(NightLayout(output).journal))
    records = [*ledger.units("unit"), *ledger.units("dark")]
    found = {one.name: one for record in records for one in _frames_of_unit(record)}
    for suspects in ledger.suspects.values():
        found |= {name: FrameChoice(name, "failed", why) for name, why in suspects.items()}
    for name in ledger.marked:
        found[name] = FrameChoice(name, "marked", "left out by hand")
    return tuple(_sorted(found.values()))


def _frames_of_unit(record: Record) -> Iterator[FrameChoice]:
    failed = mapped(record, "failed")
    for name in listed(record, "files"):
        if name in failed:
            yield FrameChoice(name, "failed", str(failed[name]))
        else:
            yield FrameChoice(name, "used", str(record["unit"]))


def _sorted(frames: Iterable[FrameChoice]) -> list[FrameChoice]:
    return sorted(frames, key=lambda one: one.name)
