"""From a listing of raw files to units of work, and from their inputs to their keys."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ...timing.sidereal import BATCH, SLOTS_PER_DAY, jd_of
from ...timing.stations import find_station, night_of
from .layout import unit_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..raw.names import RawFile

ALGORITHM = 1
"""Raised when the same frames would give other products: earlier units are then made anew."""

_CALIBRATION = ("dark", "bias", "flat")


@dataclass(frozen=True)
class Batch:
    """One camera, one batch of 50 slots.

    Parameters
    ----------
    camera : str
    number : int
        lstseq // 50.
    files : tuple of RawFile
        One per slot, in order of time.
    """

    camera: str
    number: int
    files: tuple[RawFile, ...]

    @property
    def unit(self) -> str:
        """Name of the unit."""
        return unit_of(self.camera, self.number)

    @property
    def first_slot(self) -> int:
        """Lstseq of slot 0."""
        return self.number * BATCH

    @property
    def first_frame(self) -> int:
        """Slot of its first frame; darks exposed before it may be used."""
        return self.files[0].lstseq

    @property
    def night(self) -> str:
        """Evening date of the middle of the batch."""
        return _night_of(self.camera, self.number)

    @property
    def is_full(self) -> bool:
        """Whether every slot has its frame."""
        return len(self.files) == BATCH


@dataclass(frozen=True)
class Sequence:
    """Calibration frames taken one after the other.

    Parameters
    ----------
    camera : str
    kind : {"dark", "bias", "flat"}
    files : tuple of RawFile
        In order of time.
    """

    camera: str
    kind: str
    files: tuple[RawFile, ...]

    @property
    def unit(self) -> str:
        """Name of the unit."""
        return f"{self.camera}-{self.kind}-{self.first_slot:08d}"

    @property
    def first_slot(self) -> int:
        """Lstseq of its first frame."""
        return self.files[0].lstseq

    @property
    def last_slot(self) -> int:
        """Lstseq of its last frame."""
        return self.files[-1].lstseq


@dataclass(frozen=True)
class CameraPlan:
    """All units of one camera, in order of time."""

    camera: str
    batches: tuple[Batch, ...]
    sequences: tuple[Sequence, ...]


@dataclass(frozen=True)
class Plan:
    """All units of the files seen so far.

    Parameters
    ----------
    cameras : tuple of CameraPlan
    duplicates : tuple of str
        Names of files left out because another one has the same camera, kind and slot.
    """

    cameras: tuple[CameraPlan, ...] = ()
    duplicates: tuple[str, ...] = ()


def plan(files: Iterable[RawFile], marked: frozenset[str] | set[str] = frozenset()) -> Plan:
    """Sort raw files into units.

    Parameters
    ----------
    files : iterable of RawFile
    marked : set of str
        File names that users called bad; they are left out.
    """
    slots: dict[tuple[str, str, int], RawFile] = {}
    duplicates = []
    for file in sorted(files, key=_place):
        if file.name in marked:
            continue
        taken = slots.setdefault((file.camera, file.kind, file.lstseq), file)
        if taken is not file:
            duplicates.append(file.name)
    return Plan(_by_camera(slots.values()), tuple(duplicates))


@lru_cache(maxsize=4096)
def _night_of(camera: str, number: int) -> str:
    """Evening date of the middle of a batch; a plan is made again for every frame that comes."""
    middle = float(jd_of(number * BATCH + BATCH / 2))
    return night_of(middle, find_station(camera))


def _place(file: RawFile) -> tuple[str, str, int, str]:
    return file.camera, file.kind, file.lstseq, file.name


def _by_camera(files: Iterable[RawFile]) -> tuple[CameraPlan, ...]:
    cameras: dict[str, list[RawFile]] = defaultdict(list)
    for file in files:
        cameras[file.camera].append(file)
    return tuple(
        CameraPlan(camera, _batches(camera, own), _sequences(camera, own))
        for camera, own in sorted(cameras.items())
    )


def _batches(camera: str, files: list[RawFile]) -> tuple[Batch, ...]:
    batches: dict[int, list[RawFile]] = defaultdict(list)
    for file in files:
        if file.kind == "science":
            batches[file.lstseq // BATCH].append(file)
    return tuple(Batch(camera, number, tuple(own)) for number, own in sorted(batches.items()))


def _sequences(camera: str, files: list[RawFile]) -> tuple[Sequence, ...]:
    from ..calibration.sequences import sequences

    found = [
        Sequence(camera, kind, tuple(own))
        for kind in _CALIBRATION
        for own in sequences([file for file in files if file.kind == kind])
    ]
    return tuple(sorted(found, key=lambda one: (one.first_slot, one.kind)))


def key_of(**inputs: Any) -> str:
    """Digest of everything a unit is made from: the same key, the same bytes."""
    text = json.dumps({"algorithm": ALGORITHM, **inputs}, sort_keys=True)
    return sha256(text.encode()).hexdigest()[:24]


def age_days(slot: int, batch: Batch) -> float:
    """Days from a slot to the first frame of a batch."""
    return (batch.first_frame - slot) / SLOTS_PER_DAY


def summary_of(found: Plan) -> dict[str, Any]:
    """Cameras, station and newest night of a plan; empty words while there is no frame."""
    batches = [camera.batches[-1] for camera in found.cameras if camera.batches]
    first = found.cameras[0].camera if found.cameras else ""
    return {
        "cameras": [camera.camera for camera in found.cameras],
        "site": find_station(first).name if first else "",
        "night": max((batch.night for batch in batches), default=""),
    }
