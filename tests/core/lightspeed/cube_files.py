"""Small cubes like the camera's, written by hand so that reading is tested against other code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

SENSOR = {
    "EXPOSURE TIME": 0.01,
    "TIMING READOUT TIME": 0.004,
    "INTERNAL FRAME INTERVAL": 0.01,
    "READOUT SPEED": 2.0,
    "SENSOR MODE": "AREA",
    "SENSOR TEMPERATURE": -35.0,
    "BINNING": "1X1",
    "FRAMEBUNDLE MODE": "OFF",
    "FRAMEBUNDLE NUMBER": 1.0,
    "SUBARRAY MODE": "OFF",
    "FILTER": "2 (g')",
}


def name_of(number: int, object_name: str = "crab", stamp: str = "20260111_020000") -> str:
    return f"{object_name}_{stamp}_cube{number:03d}.fits"


def cube_bytes(counts: np.ndarray, *, start: int = 0, **cards: object) -> bytes:
    """A whole cube: `counts` is (bundles, rows, columns) uint16; cards override `SENSOR`.

    Underscores in a card's name stand for blanks; TIMESTAMP counts from `start` bundles.
    """
    bundles, rows, columns = counts.shape
    camera = {**SENSOR, **{name.replace("_", " "): value for name, value in cards.items()}}
    primary = {"SIMPLE": True, "BITPIX": 8, "NAXIS": 0, "EXTEND": True, "OBJECT": "crab",
               "GPSSTART": "2026-01-11T02:00:00.000000000"}  # fmt: skip
    image = {"XTENSION": "IMAGE", "BITPIX": 16, "NAXIS": 3, "NAXIS1": columns, "NAXIS2": rows,
             "NAXIS3": bundles, "PCOUNT": 0, "GCOUNT": 1, "BSCALE": 1, "BZERO": 32768,
             "EXTNAME": "DATA_CUBE", **camera}  # fmt: skip
    table = {"XTENSION": "BINTABLE", "BITPIX": 8, "NAXIS": 2, "NAXIS1": 16, "NAXIS2": bundles,
             "PCOUNT": 0, "GCOUNT": 1, "TFIELDS": 2, "TTYPE1": "TIMESTAMP", "TFORM1": "D",
             "TTYPE2": "FRAMESTAMP", "TFORM2": "K", "EXTNAME": "TIMESTAMPS"}  # fmt: skip
    stamps = np.empty(bundles, dtype=[("t", ">f8"), ("n", ">i8")])
    stamps["n"] = np.arange(start, start + bundles)
    stamps["t"] = stamps["n"] * float(camera["INTERNAL FRAME INTERVAL"])
    pixels = (counts.astype(np.uint16) ^ np.uint16(0x8000)).astype(">u2").tobytes()
    return b"".join(
        _blocks(part, fill)
        for part, fill in [
            (_header(primary), b" "), (_header(image), b" "), (pixels, b"\0"),
            (_header(table), b" "), (stamps.tobytes(), b"\0"),
        ]
    )  # fmt: skip


def write_cube(folder: Path, number: int, counts: np.ndarray, **cards: object) -> Path:
    object_name = str(cards.pop("object_name", "crab"))
    stamp = str(cards.pop("stamp", "20260111_020000"))
    path = folder / name_of(number, object_name, stamp)
    path.write_bytes(cube_bytes(counts, **cards))
    return path


def _header(cards: dict[str, object]) -> bytes:
    return "".join(_card(name, value) for name, value in cards.items()).encode() + b"END".ljust(80)


def _card(name: str, value: object) -> str:
    if isinstance(value, bool):
        text = f"{'T' if value else 'F':>20}"
    elif isinstance(value, str):
        text = "'" + value.replace("'", "''").ljust(8) + "'"
    else:
        text = f"{value!r:>20}"
    keyword = name.ljust(8) if len(name) <= 8 and " " not in name else f"HIERARCH {name} "
    return f"{keyword}= {text}".ljust(80)


def _blocks(part: bytes, fill: bytes) -> bytes:
    return part + fill * (-len(part) % 2880)
