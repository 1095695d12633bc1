"""Satellites: straight tracks that cross the chip in a few exposures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from ...timing.sidereal import SOLAR_SLOT_S
from ..hashing import Stream

if TYPE_CHECKING:
    from .defects import Faults
    from .settings import NightSettings

_SPEED_PX = (120.0, 350.0)
_VMAG = (3.0, 7.3)
_BRIGHT_VMAG = 2.5


class Track(NamedTuple):
    """One trail of one exposure: ends, pixels, and its brightness in all."""

    x: float
    y: float
    end_x: float
    end_y: float
    vmag: float


class _Pass(NamedTuple):
    """A satellite: where it is in the middle of which frame, pixels a frame, brightness."""

    frame: int
    x: float
    y: float
    step_x: float
    step_y: float
    vmag: float


class Satellites:
    """All satellites that cross one camera's chip.

    Parameters
    ----------
    settings : NightSettings
    camera : str
    faults : Faults
    """

    def __init__(self, settings: NightSettings, camera: str, faults: Faults) -> None:
        stream = Stream(settings.seed, f"satellites of {camera}")
        rows, columns = settings.shape
        hours = settings.frames * SOLAR_SLOT_S / 3600.0
        mean = settings.satellites_per_hour * hours * (rows + columns) / (2672 + 4008)
        frames = [stream.between(1, settings.frames + 1) for _ in range(_poisson(mean, stream))]
        self._passes = [_a_pass(int(f), settings.shape, stream) for f in frames]
        for frame in range(1, settings.frames + 1):
            if faults.at("satellite", frame):
                middle = _a_pass(frame, settings.shape, stream)
                self._passes.append(middle._replace(x=columns / 2, y=rows / 2, vmag=_BRIGHT_VMAG))
        self._shape = settings.shape

    def tracks(self, frame: int) -> list[Track]:
        """Trails in a frame, from 1."""
        found = []
        for one in self._passes:
            x = one.x + (frame - one.frame) * one.step_x
            y = one.y + (frame - one.frame) * one.step_y
            track = Track(
                x - one.step_x / 2, y - one.step_y / 2, x + one.step_x / 2, y + one.step_y / 2,
                one.vmag,
            )  # fmt: skip
            if self._meets(track):
                found.append(track)
        return found

    def _meets(self, track: Track) -> bool:
        rows, columns = self._shape
        x_low, x_high = sorted((track.x, track.end_x))
        y_low, y_high = sorted((track.y, track.end_y))
        return x_high > -20 and x_low < columns + 20 and y_high > -20 and y_low < rows + 20


def _a_pass(frame: int, shape: tuple[int, int], stream: Stream) -> _Pass:
    rows, columns = shape
    angle, speed = stream.between(0.0, 2.0 * math.pi), stream.between(*_SPEED_PX)
    return _Pass(
        frame, stream.between(0, columns), stream.between(0, rows), speed * math.cos(angle),
        speed * math.sin(angle), stream.between(*_VMAG),
    )  # fmt: skip


def _poisson(mean: float, stream: Stream) -> int:
    """Count the events of a time `mean` that come at a rate of one."""
    count, left = 0, mean + math.log(1.0 - stream.unit())
    while left > 0.0:
        count += 1
        left += math.log(1.0 - stream.unit())
    return count
