"""What a made night is: its cameras, times, names and faults."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from nightglass.core.timing.sidereal import BATCH, SOLAR_SLOT_S, datetime_from, jd_of

if TYPE_CHECKING:
    from pathlib import Path

NIGHT, SITE, STATION = "20160130", "LaPalma", "LP"
FIRST_BATCH = 304594
"""The first batch that lies between dusk and dawn of that night."""
UNIX_JD = 2440587.5
BEAT_S = 5.0
BATCH_S = BATCH * SOLAR_SLOT_S
SLOT_D = SOLAR_SLOT_S / 86400.0
TOOK_S = 140.0
FAILED_STEP, PARTIAL_STEP = 3, 5
"""Batches of the first and of the second camera that are not whole."""

_START_JD = float(jd_of(FIRST_BATCH * BATCH))
_START = datetime_from(_START_JD)
LETTERS = {"N": 0, "E": 1, "S": 2, "W": 3, "C": 4}


@dataclass(frozen=True)
class MadeNight:
    """What is to be made; see `write_journal`."""

    output: Path
    cameras: str
    batches: int
    frames: int
    is_over: bool
    seed: int
    is_live: bool = True
    is_whole: bool = False
    is_torn: bool = False
    is_paused: bool = False
    is_stopped: bool = False
    has_raw: bool = True
    silent: str = ""
    free_bytes: int = 120 * 10**9
    clock_step_s: float = 0.0
    lag_s_per_h: float = 0.0
    unreadable: dict[str, str] = field(default_factory=dict)
    duplicates: tuple[str, ...] = ()

    @cached_property
    def names(self) -> list[str]:
        return sorted(f"{STATION}{letter}" for letter in self.cameras)

    @property
    def raw(self) -> Path:
        return self.output.parent / f"raw-{self.output.name}"

    @cached_property
    def start_s(self) -> float:
        return unix_s(FIRST_BATCH * BATCH)

    def has_failed(self, camera: str, step: int) -> bool:
        return not self.is_whole and camera == self.names[0] and step == FAILED_STEP

    def is_partial(self, camera: str, step: int) -> bool:
        return not self.is_whole and camera == self.names[-1] and step == PARTIAL_STEP

    def is_silent(self, camera: str, step: int) -> bool:
        """Whether a camera gave nothing: the second half of the night."""
        return camera[-1] in self.silent and step >= self.batches // 2


def jd_at(lstseq: Any) -> Any:
    """Julian date of slots: within a night they are evenly spaced to a microsecond."""
    return _START_JD + (np.asarray(lstseq, np.float64) - FIRST_BATCH * BATCH) * SLOT_D


def unix_s(lstseq: float) -> float:
    return float((jd_at(lstseq) - UNIX_JD) * 86400.0)


def unit_name(camera: str, step: int) -> str:
    return f"{camera}-{FIRST_BATCH + step:08d}"


def dark_names(camera: str) -> list[str]:
    return [f"{_stamp(k - 200)}{camera}dark.fits" for k in range(20)]


def frame_names(camera: str, step: int, frames: int = 50) -> list[str]:
    return [f"{_stamp(step * BATCH + k)}{camera}.fits" for k in range(frames)]


@cache
def _stamp(slot: int) -> str:
    """As the station names the frame of a slot of the night."""
    return (_START + timedelta(seconds=(slot + 0.52) * SOLAR_SLOT_S)).strftime("%Y%m%dT%H%M%S")
