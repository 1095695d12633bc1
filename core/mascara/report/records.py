"""The journal of a night as its report needs it: newest records, by night and camera."""

from __future__ import annotations

import math
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError
from ...timing.stations import find_station
from ..night.ledger import WITH_PRODUCTS, Ledger, camera_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from ...engine.journal import Record

    Numbers = NDArray[np.float64]


def number(record: Record | None, *names: str) -> float:
    """Value behind nested names; NaN when it is absent, null or no number."""
    value: Any = record
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else math.nan


def count(record: Record | None, *names: str) -> int:
    """Whole number behind nested names; 0 when there is none."""
    value = number(record, *names)
    return int(value) if math.isfinite(value) else 0


def column(records: Iterable[Record], *names: str) -> Numbers:
    """One number of each record, shape (n,)."""
    return np.array([number(record, *names) for record in records], np.float64)


def listed(record: Record, name: str) -> list[Any]:
    """List behind a name; empty when there is none."""
    value = record.get(name)
    return list(value) if isinstance(value, list | tuple) else []


def mapped(record: Record, name: str) -> dict[str, Any]:
    """Mapping behind a name; empty when there is none."""
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def size_of(record: Record, name: str) -> int:
    """Length of a list or mapping behind a name, or the count there; 0 when there is none."""
    value = record.get(name)
    return len(value) if isinstance(value, list | dict) else count(record, name)


def reasons(record: Record) -> list[str]:
    """What a record says went wrong, the weightier first."""
    return [str(text) for text in (*listed(record, "problems"), *listed(record, "warnings"))]


@dataclass(frozen=True, eq=False)
class CameraRecords:
    """One camera in one night.

    Parameters
    ----------
    camera : str
        Camera id such as ``LPC``.
    night : str
        Evening date, YYYYMMDD.
    batches : tuple of dict
        Newest record of each batch, in order of time.
    calibrations : tuple of dict
        Newest record of each sequence of darks, biases or flats, in order of time.
    merge : dict or None
        Of the end of the night.
    again : tuple of dict
        Each time that a unit had to be started again.
    """

    camera: str
    night: str
    batches: tuple[Record, ...] = ()
    calibrations: tuple[Record, ...] = ()
    merge: Record | None = None
    again: tuple[Record, ...] = ()

    @property
    def name(self) -> str:
        """``<date><cam>``."""
        return f"{self.night}{self.camera}"

    @cached_property
    def reduced(self) -> tuple[Record, ...]:
        """Batches that gave light curves."""
        return tuple(batch for batch in self.batches if batch.get("state") in WITH_PRODUCTS)

    @cached_property
    def frames(self) -> list[Record]:
        """What was noted of each reduced frame, in order of time."""
        found = [frame for batch in self.batches for frame in listed(batch, "frames")]
        return sorted(found, key=lambda frame: number(frame, "lstseq"))

    @cached_property
    def _totals(self) -> dict[str, int]:
        return {}

    def total(self, name: str) -> int:
        """Sum of a count, or of the lengths of lists and mappings, over the batches."""
        if name not in self._totals:
            self._totals[name] = sum(size_of(batch, name) for batch in self.batches)
        return self._totals[name]

    @cached_property
    def flags(self) -> dict[str, int]:
        """Points of the night with each photometric flag."""
        totals: dict[str, int] = {}
        for batch in self.batches:
            for name in mapped(batch, "flags"):
                totals[name] = totals.get(name, 0) + count(batch, "flags", name)
        return totals

    @cached_property
    def states(self) -> Counter[str]:
        """How many batches ended how."""
        return Counter(str(batch.get("state")) for batch in self.batches)


@dataclass(frozen=True, eq=False)
class NightRecords:
    """A journal, sorted.

    Parameters
    ----------
    header : dict
        What the last driver said when it started; empty when none did.
    cameras : tuple of CameraRecords
        By night and camera.
    run : tuple of dict
        Every line since the last start of a driver but the signs of life, oldest first.
    beats : tuple of dict
        Signs of life since then.
    mails : tuple of dict
        What became of the summaries.
    starts : int
        How often a driver was started.
    """

    header: Record
    cameras: tuple[CameraRecords, ...]
    run: tuple[Record, ...]
    beats: tuple[Record, ...]
    mails: tuple[Record, ...]
    starts: int

    @property
    def site(self) -> str:
        """Name of the station; a driver that began before the first frame did not know it."""
        said = str(self.header.get("site") or "")
        return said or (station_of(self.cameras[0].camera) if self.cameras else "")

    @cached_property
    def night(self) -> str:
        """The latest night there is, YYYYMMDD."""
        nights = [camera.night for camera in self.cameras]
        return max(nights, default=str(self.header.get("night", "")))

    def of_night(self, night: str) -> tuple[CameraRecords, ...]:
        """The cameras of a night."""
        return tuple(camera for camera in self.cameras if camera.night == night)

    def camera(self, camera: str, night: str = "") -> CameraRecords:
        """One camera; empty when the journal does not know it. The latest night by default."""
        night = night or self.night
        known = (one for one in self.of_night(night) if one.camera == camera)
        return next(known, CameraRecords(camera, night))


class NightBook:
    """Follows a journal line by line and tells at any time what it holds.

    What no new line is about stays the same object, with everything that was worked out of it.

    Parameters
    ----------
    records : iterable of dict
        Lines, oldest first. A later record of a unit replaces an earlier one.

    Attributes
    ----------
    ledger : Ledger
    header : dict
        What the last driver said when it started; empty when none did.
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.ledger = Ledger()
        self.header: Record = {}
        self._run: list[Record] = []
        self._beats: list[Record] = []
        self._mails: list[Record] = []
        self._starts = 0
        self._cameras: dict[str, tuple[CameraRecords, ...]] = {}
        self._stale: set[str] = set()
        self._again: dict[str, list[Record]] = {}
        self._told: NightRecords | None = None
        for record in records:
            self.take(record)

    def take(self, record: Record) -> None:
        """Hear one line."""
        self._told = None
        self.ledger.take(record)
        kind = record.get("kind")
        if kind == "night":
            self._begin(record)
        if kind == "mail":
            self._mails.append(record)
        if kind == "again" and isinstance(record.get("unit"), str):
            self._again.setdefault(camera_of(record), []).append(record)
        (self._beats if kind == "beat" else self._run).append(record)
        if isinstance(record.get("unit"), str):
            self._stale.add(camera_of(record))
        elif record.get("what") == "retry":
            self._stale.add(camera_of({"unit": record.get("subject", "")}))

    def _begin(self, header: Record) -> None:
        self.header = header
        self._run, self._beats = [], []
        self._starts += 1

    def records(self) -> NightRecords:
        """What the lines so far say."""
        if self._told is None:
            self._refresh()
            self._told = NightRecords(
                self.header, self._sorted(), tuple(self._run), tuple(self._beats),
                tuple(self._mails), self._starts,
            )  # fmt: skip
        return self._told

    def _refresh(self) -> None:
        for camera in self._stale:
            again = tuple(self._again.get(camera, ()))
            self._cameras[camera] = _records_of(self.ledger, camera, again)
        self._stale = set()

    def _sorted(self) -> tuple[CameraRecords, ...]:
        found = [one for own in self._cameras.values() for one in own]
        if not found and self.header.get("night"):
            return tuple(self._announced())
        return tuple(sorted(found, key=lambda one: (one.night, one.camera)))

    def _announced(self) -> Iterator[CameraRecords]:
        """Cameras of which nothing is finished yet but calibrations, as the driver named them."""
        for camera in sorted(str(name) for name in listed(self.header, "cameras")):
            made = self.ledger.units("dark", camera)
            yield CameraRecords(
                camera, str(self.header["night"]), calibrations=tuple(made),
                again=tuple(self._again.get(camera, ())),
            )  # fmt: skip


def night_records(records: Iterable[Record]) -> NightRecords:
    """Sort a journal.

    Parameters
    ----------
    records : iterable of dict
        Its lines, oldest first.
    """
    return NightBook(records).records()


def station_of(camera: str) -> str:
    """Name of the station of a camera; empty where it is not known."""
    with suppress(NightglassError):
        return find_station(camera).name
    return ""


def _records_of(
    ledger: Ledger, camera: str, again: tuple[Record, ...]
) -> tuple[CameraRecords, ...]:
    """A camera in each of its nights."""
    batches, merges = ledger.units("unit", camera), ledger.units("merge", camera)
    calibrations = tuple(ledger.units("dark", camera))
    nights = {_night(one) for one in (*batches, *merges)} or {_night(one) for one in again} - {""}
    return tuple(
        CameraRecords(
            camera,
            night,
            tuple(one for one in batches if _night(one) == night),
            calibrations,
            next((one for one in merges if _night(one) == night), None),
            tuple(one for one in again if _night(one) in {night, ""}),
        )
        for night in sorted(nights)
    )


def _night(record: Record) -> str:
    return str(record.get("night", ""))
