"""Which master frames there are for a batch, from the journal and from a kept folder."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from .plan import age_days, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ...engine.journal import Record
    from ..settings import ReductionSettings
    from .layout import NightLayout
    from .ledger import Ledger
    from .plan import Batch, CameraPlan, Sequence


@dataclass(frozen=True)
class Master:
    """A master frame that may be used.

    Parameters
    ----------
    slot : int
        lstseq of its first frame.
    path : Path
    key : str
        Digest of what it was made from.
    """

    slot: int
    path: Path
    key: str


@dataclass(frozen=True)
class Masters:
    """The masters of one output folder.

    Parameters
    ----------
    layout : NightLayout
    settings : ReductionSettings
    ledger : Ledger
    """

    layout: NightLayout
    settings: ReductionSettings
    ledger: Ledger

    @cached_property
    def _settings_key(self) -> str:
        return self.settings.digest

    def key_of(self, sequence: Sequence) -> str:
        """Digest of the inputs of a sequence."""
        return key_of(
            files=[file.digest for file in sequence.files],
            suspects=sorted(self.ledger.suspects.get(sequence.unit, {})),
            settings=self._settings_key,
        )

    def record_of(self, sequence: Sequence) -> Record | None:
        """The record of a sequence that is finished, also when raw frames were archived since."""
        record = self.ledger.finished(sequence.unit, self.key_of(sequence))
        if record is None:
            record = self._before_archiving(sequence)
        is_gone = record is not None and record["state"] == "done" and not self._is_there(record)
        return None if is_gone else record

    def before(self, camera: CameraPlan, kind: str, batch: Batch) -> list[Master] | None:
        """Masters exposed before a batch, oldest first; None while one is still to be made."""
        made = list(self._archived(camera, kind))
        for sequence in camera.sequences:
            if sequence.kind == kind and sequence.last_slot < batch.first_frame:
                record = self.record_of(sequence)
                if record is None:
                    return None
                if record["state"] == "done":
                    made.append(self._master(record))
        own = {master.path.name for master in made}
        kept = [one for one in self._kept(camera.camera, kind) if one.path.name not in own]
        young = [one for one in (*kept, *made) if self._is_young(one, kind, batch)]
        return sorted(young, key=lambda one: one.slot)

    def _is_young(self, master: Master, kind: str, batch: Batch) -> bool:
        age = age_days(master.slot, batch)
        return age > 0 and (kind != "dark" or age <= self.settings.dark_age_days)

    def _master(self, record: Record) -> Master:
        return Master(record["lstseq"], self.layout.calibration / record["file"], record["key"])

    def _is_there(self, record: Record) -> bool:
        path: Path = self.layout.calibration / record["file"]
        return path.is_file()

    def _done(self, camera: str, kind: str) -> Iterator[tuple[Record, set[str]]]:
        for record in self.ledger.units("dark"):
            is_such = record["camera"] == camera and record.get("calibration") == kind
            if is_such and record["state"] == "done":
                yield record, set(record["files"])

    def _before_archiving(self, sequence: Sequence) -> Record | None:
        """The record of a sequence of which some raw frames are no longer there."""
        now = {file.path.name for file in sequence.files}
        for record, known in self._done(sequence.camera, sequence.kind):
            if now < known and not known & self.ledger.marked:
                return record
        return None

    def _archived(self, camera: CameraPlan, kind: str) -> Iterator[Master]:
        """Masters of which no raw frame is there any more."""
        now = {file.path.name for one in camera.sequences for file in one.files}
        for record, known in self._done(camera.camera, kind):
            if not known & (now | self.ledger.marked) and self._is_there(record):
                yield self._master(record)

    def _kept(self, camera: str, kind: str) -> Iterator[Master]:
        """Master darks of earlier nights, from the look-up table of a folder that is kept."""
        if kind != "dark" or self.layout.calibration_elsewhere is None:
            return
        from ..calibration.table import DarkTable

        for path, slot in DarkTable(self.layout.calibration, camera).entries():
            with suppress(FileNotFoundError):  # removed meanwhile
                yield Master(slot, path, f"{path.name}:{path.stat().st_size}")
