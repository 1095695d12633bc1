"""What the process of one batch is told, and how long its stages take."""

from __future__ import annotations

import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...timing.sidereal import BATCH, jd_of
from ...timing.stations import Station, find_station
from ..settings import ReductionSettings
from .layout import CameraNight

if TYPE_CHECKING:
    from collections.abc import Iterator

_FULL_CHIP = (2672, 4008)


@dataclass(frozen=True)
class BatchRequest:
    """One batch of one camera, as JSON can carry it.

    Parameters
    ----------
    unit, camera, night : str
    number : int
        lstseq // 50.
    folder : str
        ``DIR/<date><cam>``.
    files : tuple of str
        Raw frames, in order of time.
    slots : tuple of int
        Their lstseq.
    suspects : dict
        Names of frames that killed their reader, with the reason.
    dark, flat : str or None
        Master frames in force.
    model : dict or None
        Camera model of the batch before; None: it is looked for from the nominal pointing.
    first_model : dict or None
        Camera model of the first batch of the night, from which drift is counted.
    catalogue : str
        Star table.
    settings : dict
        `ReductionSettings`.
    """

    unit: str
    camera: str
    night: str
    number: int
    folder: str
    files: tuple[str, ...]
    slots: tuple[int, ...]
    suspects: dict[str, str]
    dark: str | None
    flat: str | None
    model: dict[str, Any] | None
    first_model: dict[str, Any] | None
    catalogue: str
    settings: dict[str, Any]

    @classmethod
    def of(cls, fields: dict[str, Any]) -> BatchRequest:
        """The request that JSON carried."""
        lists = {name: tuple(fields[name]) for name in ("files", "slots")}
        return cls(**{**fields, **lists})

    @property
    def missing(self) -> list[int]:
        """Slots between the first frame and the last that have none."""
        return sorted(set(range(self.slots[0], self.slots[-1])) - set(self.slots))

    @cached_property
    def rules(self) -> ReductionSettings:
        """The settings, checked."""
        return ReductionSettings.model_validate(self.settings)

    @cached_property
    def station(self) -> Station:
        """Where the camera stands."""
        return find_station(self.camera)

    @property
    def place(self) -> CameraNight:
        """The folder of the products."""
        return CameraNight(Path(self.folder), self.night, self.camera)

    def masks(self, shape: tuple[int, ...]) -> tuple[tuple[float, float, float, float], ...]:
        """What stands in the view of frames of (ny, nx) pixels; told for the full chip only."""
        return self.rules.masks.get(self.camera, ()) if shape == _FULL_CHIP else ()

    @property
    def middle_slot(self) -> int:
        """The slot that stands for the whole batch."""
        return self.number * BATCH + BATCH // 2

    @property
    def middle_jd(self) -> float:
        """Middle of that slot, JD (UTC)."""
        return float(jd_of(self.middle_slot + 0.5))


class Stopwatch:
    """Seconds per stage."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Count the block for a stage."""
        start = time.perf_counter()
        yield
        self._seconds[stage] += time.perf_counter() - start

    def seconds(self) -> dict[str, float]:
        """Seconds so far, by stage."""
        return {stage: round(seconds, 4) for stage, seconds in self._seconds.items()}
