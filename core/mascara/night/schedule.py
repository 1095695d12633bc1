"""Which unit comes next: in order of time for each camera, from inputs that are final.

A unit is finished when the journal holds its record under the key of its present inputs. So a
late frame, a frame marked bad or another dark makes exactly the units anew that it touches.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .layout import merge_unit
from .ledger import WITH_PRODUCTS
from .masters import Masters
from .plan import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ...engine.journal import Record
    from ..settings import ReductionSettings
    from .layout import NightLayout
    from .ledger import Ledger
    from .masters import Master
    from .plan import Batch, CameraPlan, Plan, Sequence

BATCH_TARGET = f"{__package__}.batch_unit:reduce_batch"
CALIBRATION_TARGET = f"{__package__}.calibration_unit:make_master"
MERGE_TARGET = f"{__package__}.merge_unit:merge_night"


@dataclass(frozen=True)
class Work:
    """One unit with everything its process needs.

    Parameters
    ----------
    unit, key, kind, camera : str
    target : str
        The function that makes it.
    arguments : dict
        Its arguments.
    order : int
        The oldest slot it is about; the least goes first.
    """

    unit: str
    key: str
    kind: str
    camera: str
    target: str
    arguments: dict[str, Any] = field(repr=False)
    order: int = 0


@dataclass(frozen=True)
class _Inputs:
    key: str
    dark: Master | None
    flat: Master | None


@dataclass(frozen=True)
class Scheduler:
    """The rules, for one output folder.

    Parameters
    ----------
    layout : NightLayout
    settings : ReductionSettings
    catalogue : Path
        Star table, ready for the workers.
    catalogue_key : str
        Digest of its content.
    ledger : Ledger
    is_closed : callable
        Whether no more frames of a batch or sequence are expected.
    """

    layout: NightLayout
    settings: ReductionSettings
    catalogue: Path
    catalogue_key: str
    ledger: Ledger
    is_closed: Callable[[Batch | Sequence], bool]

    @cached_property
    def masters(self) -> Masters:
        """The master frames."""
        return Masters(self.layout, self.settings, self.ledger)

    @cached_property
    def _settings_key(self) -> str:
        return self.settings.digest

    def works_of(self, plan: Plan, busy: set[str], *, is_over: bool) -> list[Work]:
        """The next unit of every camera that is not busy, where there is one."""
        free = (camera for camera in plan.cameras if camera.camera not in busy)
        works = (self.work_of(camera, is_over=is_over) for camera in free)
        return [work for work in works if work is not None]

    def work_of(self, camera: CameraPlan, *, is_over: bool) -> Work | None:
        """The next unit of a camera, or None while there is nothing to do (yet).

        Parameters
        ----------
        camera : CameraPlan
        is_over : bool
            Whether no frame of this camera can come any more.
        """
        for sequence in camera.sequences:
            if self.masters.record_of(sequence) is None and self.is_closed(sequence):
                return self._calibration(sequence)
        for night, batches in _nights(camera):
            if self._is_settled(camera, night, batches, is_over=is_over):
                continue
            work, finished = self._batch(camera, batches)
            if work is not None or not finished:
                return work
            if is_over or night != camera.batches[-1].night:
                merge = self._merge(camera.camera, night, batches)
                if self.ledger.finished(merge.unit, merge.key) is None:
                    return merge
        return None

    def _is_settled(
        self, camera: CameraPlan, night: str, batches: list[Batch], *, is_over: bool
    ) -> bool:
        """Whether a merged night stays as it is: nothing changed, or not all can be made anew.

        While the cameras write, only somebody's wish opens it again.
        """
        merge = self.ledger.newest(merge_unit(night, camera.camera))
        if merge is None or merge["state"] != "done":
            return False
        if (merge["key"] and not is_over) or not self._can_be_made_anew(camera, night, batches):
            return True
        if merge["key"] != self._merge_key(self._units(camera.camera, night)):
            return False
        return self._batch(camera, batches, needs_files=False)[1]

    def _can_be_made_anew(self, camera: CameraPlan, night: str, batches: list[Batch]) -> bool:
        """Whether no point of a merged night would be lost for want of its raw frame."""
        now = {file.path.name for batch in batches for file in batch.files} | self.ledger.marked
        place = self.layout.camera_night(night, camera.camera)
        return all(
            set(record["files"]) <= now or place.has_batch(record["bin"])
            for record in self._units(camera.camera, night)
        )

    def _calibration(self, sequence: Sequence) -> Work:
        arguments = {
            "kind": sequence.kind,
            "camera": sequence.camera,
            "files": [str(file.path) for file in sequence.files],
            "folder": str(self.layout.calibration),
            "settings": self.settings.model_dump(mode="json"),
            "suspects": self.ledger.suspects.get(sequence.unit, {}),
        }
        return Work(
            sequence.unit, self.masters.key_of(sequence), "dark", sequence.camera,
            CALIBRATION_TARGET, arguments, sequence.first_slot,
        )  # fmt: skip

    def _batch(
        self, camera: CameraPlan, batches: list[Batch], *, needs_files: bool = True
    ) -> tuple[Work | None, bool]:
        """The first unfinished batch as work if it can be made now; whether all are finished.

        Parameters
        ----------
        camera : CameraPlan
        batches : list of Batch
            Of one night.
        needs_files : bool
            Whether a batch without its temporary files counts as unfinished.
        """
        models: list[dict[str, Any]] = []
        for batch in batches:
            inputs = self._inputs(camera, batch, models[-1] if models else None)
            if inputs is None:
                return None, False
            record = self._finished(batch, inputs.key)
            if record is None or (needs_files and self._lacks_files(batch, record)):
                work = self._batch_work(batch, inputs, models) if self.is_closed(batch) else None
                return work, False
            if record.get("astrometry"):
                models.append(record["astrometry"]["model"])
        return None, True

    def _finished(self, batch: Batch, key: str) -> Record | None:
        """The record of a batch that is done, also when raw frames were archived since."""
        record = self.ledger.newest(batch.unit)
        if record is None or record["key"] == key:
            return record
        known, now = set(record["files"]), {file.path.name for file in batch.files}
        was_archived = bool(known - now - self.ledger.marked) and record["state"] in WITH_PRODUCTS
        return record if was_archived else None

    def _lacks_files(self, batch: Batch, record: Record) -> bool:
        place = self.layout.camera_night(batch.night, batch.camera)
        return record["state"] in WITH_PRODUCTS and not place.has_batch(batch.number)

    def _inputs(
        self, camera: CameraPlan, batch: Batch, model: dict[str, Any] | None
    ) -> _Inputs | None:
        """What decides the products of a batch; None while a master is still to be made."""
        darks = self.masters.before(camera, "dark", batch)
        flats = self.masters.before(camera, "flat", batch)
        if darks is None or flats is None:
            return None
        dark, flat = _newest(darks), _newest(flats)
        key = key_of(
            files=[file.digest for file in batch.files],
            suspects=sorted(self.ledger.suspects.get(batch.unit, {})),
            settings=self._settings_key,
            catalogue=self.catalogue_key,
            dark=dark and dark.key,
            flat=flat and flat.key,
            model=model,
        )
        return _Inputs(key, dark, flat)

    def _batch_work(self, batch: Batch, inputs: _Inputs, models: list[dict[str, Any]]) -> Work:
        folder = self.layout.camera_night(batch.night, batch.camera).folder
        arguments = {
            "unit": batch.unit,
            "camera": batch.camera,
            "night": batch.night,
            "number": batch.number,
            "folder": str(folder),
            "files": [str(file.path) for file in batch.files],
            "slots": [file.lstseq for file in batch.files],
            "suspects": self.ledger.suspects.get(batch.unit, {}),
            "dark": inputs.dark and str(inputs.dark.path),
            "flat": inputs.flat and str(inputs.flat.path),
            "model": models[-1] if models else None,
            "first_model": models[0] if models else None,
            "catalogue": str(self.catalogue),
            "settings": self.settings.model_dump(mode="json"),
        }
        return Work(
            batch.unit, inputs.key, "unit", batch.camera, BATCH_TARGET, arguments,
            batch.first_slot,
        )  # fmt: skip

    def _units(self, camera: str, night: str) -> list[Record]:
        """Batches of a night that gave products, without those of which every frame is bad."""
        return [
            record
            for record in self.ledger.units("unit")
            if (record["camera"], record["night"]) == (camera, night)
            and record["state"] in WITH_PRODUCTS
            and not set(record["files"]) <= self.ledger.marked
        ]

    def _merge_key(self, units: list[Record]) -> str:
        return key_of(batches=[record["key"] for record in units])

    def _merge(self, camera: str, night: str, batches: list[Batch]) -> Work:
        units = self._units(camera, night)
        arguments = {
            "camera": camera,
            "night": night,
            "folder": str(self.layout.camera_night(night, camera).folder),
            "journal": str(self.layout.journal),
            "batches": [record["bin"] for record in units],
            "settings": self.settings.model_dump(mode="json"),
        }
        return Work(
            merge_unit(night, camera), self._merge_key(units), "merge", camera, MERGE_TARGET,
            arguments, batches[0].first_slot,
        )  # fmt: skip


def _newest(masters: list[Master]) -> Master | None:
    return masters[-1] if masters else None


def _nights(camera: CameraPlan) -> Iterator[tuple[str, list[Batch]]]:
    nights: dict[str, list[Batch]] = {}
    for batch in camera.batches:
        nights.setdefault(batch.night, []).append(batch)
    yield from nights.items()
