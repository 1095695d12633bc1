"""Nights that were watched of late: which, and how they stand, told from the ends of journals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ...engine.journal import Record
    from ...settings import Settings

KEPT = 20
NightState = Literal[
    "missing", "empty", "running", "paused", "finished", "stopped", "interrupted"
]  # fmt: skip

_HEAD_BYTES = 1 << 17
_TAIL_BYTES = (1 << 17, 1 << 21)
"""Where the last lines tell too little, as those of a live night before its first frame, more."""


@dataclass(frozen=True)
class RememberedNight:
    """A night of the list, as it stands.

    Attributes
    ----------
    output : Path
        Folder of the products.
    night : str
        Evening date, YYYYMMDD; empty where it is not known.
    site : str
        Name of the station; empty where it is not known.
    state : str
        missing (the folder is not there), empty (no journal), running, paused, finished, stopped
        or interrupted (its process is gone without an end).
    is_running : bool
        Whether a driver holds the folder.
    when : datetime or None
        Time of the newest line of the journal, UTC.
    """

    output: Path
    night: str
    site: str
    state: NightState
    is_running: bool
    when: datetime | None

    @property
    def is_unfinished(self) -> bool:
        """Whether there is something to go on with."""
        return self.state in {"stopped", "interrupted"}


def remember(settings: Settings, output: Path) -> Settings:
    """Settings in which a night is the newest of those used of late."""
    name = str(output.absolute())
    others = [one for one in settings.recent_nights if one != name]
    return settings.changed(recent_nights=[name, *others][:KEPT])


def look_at(paths: Iterable[Path]) -> tuple[RememberedNight, ...]:
    """Tell how nights stand, in the same order.

    Parameters
    ----------
    paths : iterable of Path
        Folders of products.
    """
    return tuple(_look(path) for path in paths)


def _look(output: Path) -> RememberedNight:
    from ...mascara.night.layout import NightLayout
    from ...mascara.night.verbs import is_running

    nothing: NightState = "empty" if output.is_dir() else "missing"
    try:
        head, tail = _ends_of(NightLayout(output).journal)
        runs = is_running(output)
    except OSError:
        return RememberedNight(output, "", "", nothing, False, None)
    header = next((one for one in (*reversed(tail), head) if "request" in one), {})
    night, site = _night_and_site(header, tail)
    state = _state(tail, is_running=runs) if header or tail else nothing
    return RememberedNight(output, night, site, state, runs, _newest(tail))


def _ends_of(journal: Path) -> tuple[Record, list[Record]]:
    """First record, and enough of the last ones to know the state.

    Raises
    ------
    OSError
        If the journal cannot be read.
    """
    with open(journal, "rb") as file:
        head = next(iter(_records(file.read(_HEAD_BYTES).splitlines()[:1])), {})
        size = file.seek(0, 2)
        tail: list[Record] = []
        for length in _TAIL_BYTES:
            start = max(0, size - length)
            file.seek(start)
            lines = file.read().splitlines()
            tail = list(_records(lines if start == 0 else lines[1:]))
            if any(one.get("night") for one in (head, *tail)):
                break
    return head, tail


def _records(lines: Iterable[bytes]) -> Iterable[Record]:
    from ...engine.journal import record_of
    from ...mascara.night.reading import is_sound

    for line in lines:
        record = record_of(line)
        if record is not None and is_sound(record, line):
            yield record


def _night_and_site(header: Record, tail: list[Record]) -> tuple[str, str]:
    """From the newest unit; a live night that has none yet began without knowing either."""
    from ...mascara.report.records import station_of

    known = next((one for one in reversed(tail) if one.get("night")), header)
    camera = str(known.get("camera", ""))
    site = str(header.get("site") or known.get("site") or "") or station_of(camera) or camera
    return str(known.get("night") or header.get("night") or ""), site


def _state(tail: list[Record], *, is_running: bool) -> NightState:
    last = next((one for one in reversed(tail) if one.get("kind") in {"end", "night"}), {})
    return _at_work(tail) if is_running else _ended(last)


def _at_work(tail: list[Record]) -> NightState:
    """A beat tells whether it is paused, and an order what the next one will tell."""
    for record in reversed(tail):
        if record.get("kind") == "beat":
            return "paused" if record.get("paused") else "running"
        if record.get("kind") == "control" and record.get("what") in {"pause", "resume"}:
            return "paused" if record["what"] == "pause" else "running"
    return "running"


def _ended(last: Record) -> NightState:
    if last.get("kind") != "end":
        return "interrupted"
    return "stopped" if last.get("state") == "stopped" else "finished"


def _newest(tail: list[Record]) -> datetime | None:
    times_s = (one["at"] for one in reversed(tail) if isinstance(one.get("at"), float | int))
    newest_s = next(times_s, None)
    return None if newest_s is None else datetime.fromtimestamp(newest_s, UTC)
