"""What the lines of a journal add up to, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..report.camera_status import beat_of
from ..report.records import NightBook, count, mapped, number
from .grid import Expected, GridRow
from .history import CameraHistory
from .pulse import ClockStep, Pulse
from .surroundings import SHOWN_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...engine.journal import Record
    from ..report.records import NightRecords
    from ..report.status import NightStatus
    from .snapshot import BatchCell, CameraSeries

_ANOTHER_NIGHT_S = 3600.0


class Story:
    """A night as far as it was told."""

    def __init__(self) -> None:
        self._book = NightBook()
        self.pulse = Pulse()
        self._histories: dict[str, CameraHistory] = {}
        self._rows: dict[str, GridRow] = {}

    def take(self, records: Sequence[Record]) -> None:
        """Hear new lines."""
        for record in records:
            self._book.take(record)
            self.pulse.take(record)
            if record.get("kind") == "beat":
                self._take_lags(record)

    def _take_lags(self, beat: Record) -> None:
        at_s = number(beat, "at")
        for camera, own in mapped(beat, "cameras").items():
            self._history(camera).take_lag(at_s - _late_s(own), number(own, "lag_s"))

    @property
    def night(self) -> NightRecords:
        """The journal, sorted."""
        return self._book.records()

    @property
    def newest(self) -> dict[str, Record]:
        """Newest record of each unit."""
        return self._book.ledger.newest_of_each()

    def raw(self) -> tuple[str, ...]:
        """Folders of raw frames."""
        request = mapped(self._book.header, "request")
        return tuple(str(folder) for folder in request.get("raw", ()))

    def steps(self) -> tuple[ClockStep, ...]:
        """Of the clock, in the last minutes that the journal tells of."""
        latest_s = self.pulse.at_s
        return tuple(one for one in self.pulse.steps if latest_s - one.at_s < SHOWN_S)

    def grid(self, night: NightRecords, status: NightStatus) -> dict[str, tuple[BatchCell, ...]]:
        """Cells of each camera."""
        is_at_work = status.state in {"running", "paused"}
        beat = night.beats[-1] if night.beats else {}
        return {
            one.camera: self._rows.setdefault(one.camera, GridRow(one.camera)).cells(
                night.camera(one.camera),
                self._expected(one.camera, beat_of(beat, one.camera), is_at_work=is_at_work),
            )
            for one in status.cameras
        }

    def _expected(self, camera: str, own: dict[str, Any], *, is_at_work: bool) -> Expected:
        """What waits, without the batches that were finished since the last sign of life."""
        finished = self.pulse.since_beat.get(camera, [])
        start = self.pulse.running.get(camera)
        return Expected(
            newest_lstseq=count(own, "newest_lstseq"),
            frames=max(count(own, "queued_frames") - sum(finished), 0),
            batches=max(count(own, "queued_batches") - len(finished), 0),
            running=start.unit if start is not None and is_at_work else "",
            again=frozenset(one for one in self.pulse.again if one.startswith(f"{camera}-")),
            marked=frozenset(self._book.ledger.marked),
        )

    def series(self, night: NightRecords, status: NightStatus) -> dict[str, CameraSeries]:
        """History of each camera."""
        return {
            one.camera: self._history(one.camera).series(night.camera(one.camera))
            for one in status.cameras
        }

    def _history(self, camera: str) -> CameraHistory:
        if camera not in self._histories:
            self._histories[camera] = CameraHistory()
        return self._histories[camera]


def _late_s(camera: Record) -> float:
    """How much later than its frames a camera is reduced, where that is another night; else 0."""
    behind_s = number(camera, "behind_clock_s")
    return behind_s if abs(behind_s) > _ANOTHER_NIGHT_S else 0.0
