"""A small LightSpeed cube writer for tests, through astropy and independent of the simulator."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

GPS = "2025-12-10T03:15:00.000000000"


@dataclass(frozen=True)
class CubeSpec:
    """One capture; `cards` overrides camera cards (None removes one)."""

    object_name: str = "crab"
    start: str = "20251210_001500"
    rows: int = 6
    columns: int = 8
    bundles: int = 5
    per_bundle: int = 1
    interval_s: float = 0.0051
    exposure_s: float = 0.005
    readout_s: float = 0.0042
    gps: str | None = GPS
    clock_start_s: float = 0.0
    counter_unit: int = 1
    bitpix: int = 16
    cards: dict[str, Any] = field(default_factory=dict)
    primary: dict[str, Any] = field(default_factory=dict)

    def with_(self, **changes: Any) -> CubeSpec:
        return replace(self, **changes)


def pixels(spec: CubeSpec, number: int) -> NDArray[Any]:
    """Counts that are different in every pixel, shape (frames, rows, columns)."""
    frames = spec.bundles * spec.per_bundle
    count = frames * spec.rows * spec.columns
    kind = np.uint8 if spec.bitpix == 8 else np.uint16
    values = (np.arange(count, dtype=np.int64) + number * 32_749) % (np.iinfo(kind).max + 1)
    return values.astype(kind).reshape(frames, spec.rows, spec.columns)


def stamps(spec: CubeSpec, number: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """TIMESTAMP and FRAMESTAMP of a cube of a capture without losses."""
    bundle = np.arange(spec.bundles) + (number - 1) * spec.bundles
    clock = spec.clock_start_s + bundle * spec.per_bundle * spec.interval_s
    return np.round(clock, 6), bundle * spec.counter_unit


def camera_cards(spec: CubeSpec) -> dict[str, Any]:
    cards: dict[str, Any] = {
        "EXPOSURE TIME": spec.exposure_s,
        "TIMING READOUT TIME": spec.readout_s,
        "INTERNAL FRAME INTERVAL": spec.interval_s,
        "FRAMEBUNDLE MODE": "ON" if spec.per_bundle > 1 else "OFF",
        "FRAMEBUNDLE NUMBER": float(spec.per_bundle),
        "SUBARRAY MODE": "ON",
        "SUBARRAY HPOS": 1048.0,
        "SUBARRAY VPOS": 512.0,
        "SUBARRAY HSIZE": float(spec.columns),
        "SUBARRAY VSIZE": float(spec.rows),
        "READOUT SPEED": 2.0,
        "SENSOR MODE": "AREA",
        "SENSOR TEMPERATURE": -34.9,
        "CONVERSION FACTOR COEFF": 0.107,
        "BINNING": "1X1",
        "TELRA": "05:34:31.9",
        "TELDEC": "+22:00:52",
        "FILTER": "2 (g')",
        "DATEOBS": "2025-12-10",
        "TELUT": "03:15:01.5",
    }
    cards.update(spec.cards)
    return {key: value for key, value in cards.items() if value is not None}


def cube_name(spec: CubeSpec, number: int) -> str:
    return f"{spec.object_name}_{spec.start}_cube{number:03d}.fits"


def hdus(
    spec: CubeSpec,
    number: int,
    *,
    clock: NDArray[np.float64] | None = None,
    counter: NDArray[np.int64] | None = None,
) -> fits.HDUList:
    """The three units of a cube."""
    usual_clock, usual_counter = stamps(spec, number)
    primary = fits.PrimaryHDU()
    primary.header["OBJECT"] = spec.object_name
    primary.header["CUBEIDX"] = number
    if spec.gps is not None:
        primary.header["GPSSTART"] = spec.gps
    for key, value in spec.primary.items():
        primary.header[key] = value
    data = pixels(spec, number).reshape(spec.bundles, -1, spec.columns)
    image = fits.ImageHDU(data, name="DATA_CUBE")
    for key, value in camera_cards(spec).items():
        image.header[f"HIERARCH {key}" if len(key) > 8 or " " in key else key] = value
    columns = [
        fits.Column("TIMESTAMP", "D", array=usual_clock if clock is None else clock),
        fits.Column("FRAMESTAMP", "K", array=usual_counter if counter is None else counter),
    ]
    return fits.HDUList([primary, image, fits.BinTableHDU.from_columns(columns, name="TIMESTAMPS")])


def write_cube(folder: Path, spec: CubeSpec, number: int, **options: Any) -> Path:
    """Write one cube under the camera's name and say where."""
    path = folder / cube_name(spec, number)
    hdus(spec, number, **options).writeto(path, overwrite=True)
    return path


def write_capture(folder: Path, spec: CubeSpec, numbers: Any = (1, 2, 3)) -> list[Path]:
    """Write several cubes of a capture without losses."""
    return [write_cube(folder, spec, number) for number in numbers]


def write_sparse_cube(folder: Path, spec: CubeSpec, number: int) -> Path:
    """Write a cube whose pixels are a hole in the file: big, but no room on the disk."""
    small = hdus(spec.with_(bundles=1, rows=1, columns=1), number)
    header = small[1].header
    header["NAXIS1"], header["NAXIS2"] = spec.columns, spec.rows * spec.per_bundle
    header["NAXIS3"] = spec.bundles
    head = _header_bytes(small[0].header) + _header_bytes(header)
    size = spec.bundles * spec.per_bundle * spec.rows * spec.columns * 2
    buffer = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), hdus(spec.with_(rows=1), number)[2]]).writeto(buffer)
    table = buffer.getvalue()[2880:]
    path = folder / cube_name(spec, number)
    with path.open("wb") as file:
        file.write(head)
        file.seek(len(head) + -(-size // 2880) * 2880)
        file.write(table)
    return path


def _header_bytes(header: fits.Header) -> bytes:
    return header.tostring(padding=True).encode("ascii")


def old(path: Path) -> Path:
    """Make a file look finished long ago, so that it may be mapped."""
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path
