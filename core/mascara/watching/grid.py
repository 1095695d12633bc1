"""The batches of a camera in a row: what became of each, and which are still to come."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import numpy as np

from ...timing.sidereal import BATCH, SLOTS_PER_DAY, jd_of
from ..night.layout import batch_of_unit, unit_of
from ..report.records import count, listed, mapped, number, size_of
from .snapshot import BatchCell

if TYPE_CHECKING:
    from ...engine.journal import Record
    from ..report.records import CameraRecords
    from .snapshot import BatchState

_MOST = SLOTS_PER_DAY // BATCH
"""No night is longer than a day, whatever a damaged line says."""


@dataclass(frozen=True)
class Expected:
    """What is known of batches of a camera that are not reduced yet.

    Parameters
    ----------
    newest_lstseq : int
        Of any frame that came.
    frames, batches : int
        That came and wait.
    running : str
        Unit at work; empty for none.
    again : frozenset of str
        Units that are to be made again.
    marked : frozenset of str
        Names of frames that are left out.
    """

    newest_lstseq: int = 0
    frames: int = 0
    batches: int = 0
    running: str = ""
    again: frozenset[str] = frozenset()
    marked: frozenset[str] = frozenset()


@dataclass
class GridRow:
    """The cells of one camera; those whose record is the same stay the same objects."""

    camera: str
    _known: dict[str, tuple[Record, BatchCell]] = field(default_factory=dict)
    _mids: dict[int, float] = field(default_factory=dict)
    _of: tuple[CameraRecords, Expected] | None = None
    _cells: tuple[BatchCell, ...] = ()

    def cells(self, records: CameraRecords, expected: Expected) -> tuple[BatchCell, ...]:
        """From the first batch of the night to the newest, without a gap."""
        if self._of is None or self._of[0] is not records or self._of[1] != expected:
            self._of, self._cells = (records, expected), self._made(records, expected)
        return self._cells

    def _made(self, records: CameraRecords, expected: Expected) -> tuple[BatchCell, ...]:
        done = {count(record, "bin"): record for record in records.batches}
        pending = _pending(done, expected)
        numbers = done.keys() | pending.keys()
        if not numbers:
            return ()
        last = max(numbers)
        shown = range(max(min(numbers), last - _MOST + 1), last + 1)
        self._learn_mids(shown)
        return tuple(self._cell(one, done.get(one), pending, expected) for one in shown)

    def _learn_mids(self, numbers: range) -> None:
        new = [number for number in numbers if number not in self._mids]
        if new:
            self._mids.update(zip(new, jd_of((np.array(new) + 0.5) * BATCH).tolist(), strict=True))

    def _cell(
        self, number: int, record: Record | None, pending: dict[int, int], expected: Expected
    ) -> BatchCell:
        unit = unit_of(self.camera, number)
        if unit == expected.running:
            return self._empty(number, "running", pending.get(number, 0) or _received(record))
        if record is not None:
            return self._finished(unit, record, expected.marked)
        return self._empty(
            number, "waiting" if number in pending else "skipped", pending.get(number, 0)
        )

    def _empty(self, number: int, state: BatchState, received: int) -> BatchCell:
        unit = unit_of(self.camera, number)
        return BatchCell(unit, self.camera, number, state, self._mids[number], received)

    def _finished(self, unit: str, record: Record, marked: frozenset[str]) -> BatchCell:
        known, cell = self._known.get(unit, (None, None))
        files = listed(record, "files")
        is_marked = bool(files) and marked.issuperset(files)
        if known is record and cell is not None and (cell.state == "skipped") == is_marked:
            return cell
        state = "skipped" if is_marked else str(record.get("state"))
        made = cell_of_record(record, state, self._mids[count(record, "bin")])
        self._known[unit] = record, made
        return made


def cell_of_record(record: Record, state: str, mid_jd: float) -> BatchCell:
    """The cell of a batch that is done with."""
    solution = mapped(record, "astrometry")
    mid = number(record, "mid_jd")
    return BatchCell(
        unit=str(record["unit"]),
        camera=str(record.get("camera")),
        number=count(record, "bin"),
        state=cast("BatchState", state if state in {"done", "partial", "skipped"} else "failed"),
        mid_jd=mid if math.isfinite(mid) else mid_jd,
        received=_received(record),
        reduced=count(record, "reduced"),
        missing=size_of(record, "missing"),
        failed=size_of(record, "failed"),
        sky_adu=number(record, "sky"),
        rms_px=number(solution, "dr"),
        zero_point_mag=number(record, "zero_point"),
        transparency=transparency_of(record),
        stars_used=count(solution, "stars_used"),
        stars_fast=count(record, "stars_fast"),
        took_s=number(record, "took_s"),
        warnings=tuple(str(text) for text in listed(record, "warnings")),
    )


def transparency_of(record: Record) -> float:
    """Median of the sky cells of a batch."""
    cells = mapped(record, "cells").values()
    found = [cell[1] for cell in cells if isinstance(cell, list) and len(cell) > 1]
    known = [value for value in found if isinstance(value, int | float)]
    return float(statistics.median(known)) if known else math.nan


def _pending(done: dict[int, Record], expected: Expected) -> dict[int, int]:
    """Frames of each batch that waits or is at work; how many came of the newest is known."""
    running = batch_of_unit(expected.running)
    again = {batch_of_unit(unit) for unit in expected.again} - {None, *done}
    numbers = set(_queued(done, expected)) | {one for one in again if one is not None}
    numbers |= {running} if running is not None else set()
    frames = dict.fromkeys(sorted(numbers), BATCH)
    if frames and expected.frames:
        newest = max(frames)
        frames[newest] = min(max(expected.frames - BATCH * (len(frames) - 1), 1), BATCH)
    return frames


def _queued(done: dict[int, Record], expected: Expected) -> range:
    """Batches whose frames wait: the newest ones, since frames come in order of time."""
    if not expected.batches or not expected.newest_lstseq:
        return range(0)
    newest = expected.newest_lstseq // BATCH
    after = max((one for one in done if one <= newest), default=newest - _MOST)
    return range(max(after, newest - expected.batches) + 1, newest + 1)


def _received(record: Record | None) -> int:
    return count(record, "received")
