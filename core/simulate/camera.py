"""What the qCMOS camera can do: sensor, scan modes, readout time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mode = Literal["standard", "ultra-quiet"]

SENSOR_ROWS = 2304
SENSOR_COLUMNS = 4096
PIXEL_UM = 4.6
STEP_PX = 4
"""Subarray positions and sizes are multiples of this many pixels."""
OFFSET_ADU = 199.5
PLATE_SCALE_ARCSEC = 0.05
FILTERS = ("Open", "u'", "g'", "r'", "i'", "z'", "500 nm")
"""Slots 0 to 6 of the filter wheel."""


@dataclass(frozen=True)
class ScanMode:
    """One scan mode: time per row pair, read noise and the driver's code for it."""

    name: Mode
    line_s: float
    read_noise_e: float
    speed_code: float

    def readout_s(self, rows: int) -> float:
        """Time the rolling shutter needs for `rows` rows, two rows a step."""
        return rows / 2 * self.line_s


MODES: dict[str, ScanMode] = {
    "standard": ScanMode("standard", 7.2e-6, 0.41, 2.0),
    "ultra-quiet": ScanMode("ultra-quiet", 33.95e-6, 0.29, 1.0),
}
