"""The journal of a night as its report needs it: newest records, by night and camera."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..night.ledger import WITH_PRODUCTS, Ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    """

    camera: str
    night: str
    batches: tuple[Record, ...] = ()
    calibrations: tuple[Record, ...] = ()
    merge: Record | None = None

    @property
    def name(self) -> str:
        """``<date><cam>``."""
        return f"{self.night}{self.camera}"

    @property
    def reduced(self) -> tuple[Record, ...]:
        """Batches that gave light curves."""
        return tuple(batch for batch in self.batches if batch.get("state") in WITH_PRODUCTS)

    @cached_property
    def frames(self) -> list[Record]:
        """What was noted of each reduced frame, in order of time."""
        found = [frame for batch in self.batches for frame in listed(batch, "frames")]
        return sorted(found, key=lambda frame: number(frame, "lstseq"))

    def total(self, name: str) -> int:
        """Sum of a count, or of the lengths of lists and mappings, over the batches."""
        return sum(_size(batch, name) for batch in self.batches)


def _size(record: Record, name: str) -> int:
    value = record.get(name)
    return len(value) if isinstance(value, list | dict) else count(record, name)


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
        Every line since the last start of a driver, oldest first.
    mails : tuple of dict
        What became of the summaries.
    starts : int
        How often a driver was started.
    """

    header: Record
    cameras: tuple[CameraRecords, ...]
    run: tuple[Record, ...]
    mails: tuple[Record, ...]
    starts: int

    @property
    def site(self) -> str:
        """Name of the station."""
        return str(self.header.get("site", ""))

    @property
    def night(self) -> str:
        """The latest night there is, YYYYMMDD."""
        nights = [camera.night for camera in self.cameras]
        return max(nights, default=str(self.header.get("night", "")))

    @cached_property
    def beats(self) -> list[Record]:
        """Signs of life since the last start of a driver."""
        return [record for record in self.run if record.get("kind") == "beat"]

    def of_night(self, night: str) -> tuple[CameraRecords, ...]:
        """The cameras of a night."""
        return tuple(camera for camera in self.cameras if camera.night == night)

    def camera(self, camera: str, night: str = "") -> CameraRecords:
        """One camera; empty when the journal does not know it. The latest night by default."""
        night = night or self.night
        known = (one for one in self.of_night(night) if one.camera == camera)
        return next(known, CameraRecords(camera, night))


def night_records(records: Sequence[Record]) -> NightRecords:
    """Sort a journal.

    Parameters
    ----------
    records : sequence of dict
        Its lines, oldest first. A later record of a unit replaces an earlier one.
    """
    starts = [k for k, record in enumerate(records) if record.get("kind") == "night"]
    last = starts[-1] if starts else 0
    return NightRecords(
        records[last] if starts else {},
        _cameras(Ledger(records), records[last] if starts else {}),
        tuple(records[last:]),
        tuple(record for record in records if record.get("kind") == "mail"),
        len(starts),
    )


def _cameras(ledger: Ledger, header: Record) -> tuple[CameraRecords, ...]:
    batches, merges = ledger.units("unit"), ledger.units("merge")
    calibrations = ledger.units("dark")
    keys = {(_night(one), _camera(one)) for one in (*batches, *merges)}
    if not keys and header.get("night"):
        keys = {(str(header["night"]), str(camera)) for camera in listed(header, "cameras")}
    return tuple(
        CameraRecords(
            camera,
            night,
            tuple(one for one in batches if (_night(one), _camera(one)) == (night, camera)),
            tuple(one for one in calibrations if _camera(one) == camera),
            next((one for one in merges if (_night(one), _camera(one)) == (night, camera)), None),
        )
        for night, camera in sorted(keys)
    )


def _night(record: Record) -> str:
    return str(record.get("night", ""))


def _camera(record: Record) -> str:
    return str(record.get("camera") or str(record["unit"]).partition("-")[0])
