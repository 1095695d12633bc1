"""A small chip under a sky of known stars: raw frames, star table, journal record."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from nightglass.core.mascara.camera.model import nominal
from nightglass.core.mascara.night.star_file import save_stars
from nightglass.core.stars.places import Places
from nightglass.core.stars.table import StarTable
from nightglass.core.timing.sidereal import jd_of
from nightglass.core.timing.stations import find_station

from ..raw.raw_frames import write_raw

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.mascara.camera.model import CameraModel

NX, NY = 300, 200
X0, Y0 = 6, 4
SLOT = 10_548_725
"""Middle of a batch."""
LEVEL = 1000


def model_of(camera: str = "LPC") -> CameraModel:
    return nominal(camera, NX, NY)


@cache
def truth(count: int = 40, seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pixels of stars far from each other, and their magnitudes."""
    rng = np.random.default_rng(seed)
    across, down = np.meshgrid(np.arange(25, NX - 20, 32.0), np.arange(25, NY - 20, 32.0))
    chosen = rng.permutation(across.size)[:count]
    x = across.ravel()[chosen] + rng.uniform(-4, 4, chosen.size)
    y = down.ravel()[chosen] + rng.uniform(-4, 4, chosen.size)
    return x, y, np.sort(rng.uniform(4.5, 7.0, chosen.size))


def stars_of(camera: str = "LPC", lstseq: int = SLOT) -> StarTable:
    """The catalogue in which these stars are, as seen at a slot."""
    x, y, vmag = truth()
    station, jd = find_station(camera), float(jd_of(lstseq + 0.5))
    places = Places([0.0], [0.0], station, jd)
    ra_deg, dec_deg = places.catalogue_radec(model_of(camera).directions(x, y), jd)
    numbers = 100_000 + np.arange(x.size)
    return StarTable.of(
        ascc=numbers, ra_deg=ra_deg, dec_deg=dec_deg, vmag=vmag, hd=np.where(numbers % 2, 0, 7000),
        isolation_px=np.full(x.size, 30.0),
    )  # fmt: skip


def picture(shift: tuple[float, float] = (0.0, 0.0), seed: int = 1) -> np.ndarray:
    """The active window with these stars, ADU."""
    rng = np.random.default_rng(seed)
    image = rng.normal(LEVEL, 6.0, (NY, NX))
    rows, columns = np.mgrid[:NY, :NX]
    for x, y, vmag in zip(*truth(), strict=True):
        flux = 10.0 ** (0.4 * (17.0 - vmag))
        squares = (columns - x - shift[0]) ** 2 + (rows - y - shift[1]) ** 2
        image += flux / (2 * np.pi * 1.5**2) * np.exp(-squares / (2 * 1.5**2))
    return np.clip(image, 0, 65535)


def write_frame(
    path: Path, lstseq: int = SLOT, camera: str = "LPC", active: np.ndarray | None = None
) -> Path:
    """A raw frame; the overscan around the active window holds 7."""
    active = np.full((NY, NX), LEVEL) if active is None else active
    counts = np.full((active.shape[0] + 2 * Y0, active.shape[1] + 2 * X0), 7, np.uint16)
    counts[Y0:-Y0, X0:-X0] = active.round().astype(np.uint16)
    return write_raw(
        path, counts, LSTSEQ=lstseq, LSTIDX=lstseq % 13500, JD=float(jd_of(lstseq + 0.5)) + 1e-6,
        CAMERA=camera[-1], **{"SITE-OBS": "LaPalma"}, X0=X0, Y0=Y0, XSIZE=active.shape[1],
        YSIZE=active.shape[0],
    )  # fmt: skip


def named(lstseq: int, camera: str = "LPC") -> str:
    return f"{lstseq:08d}{camera}.fits"


def record_of(camera: str = "LPC", batch: int = SLOT // 50, **more: object) -> dict:
    """The part of a journal record that the overlay needs."""
    solution = {"model": model_of(camera).as_json(), "dr": 0.1}
    return {
        "unit": f"{camera}-{batch:08d}", "camera": camera, "bin": batch, "astrometry": solution,
        "state": "done", **more,
    }  # fmt: skip


def write_night(folder: Path, slots: tuple[int, ...] = (SLOT - 1, SLOT, SLOT + 1)) -> Path:
    """Raw frames with stars in folder/raw, the star table in folder/out/work; gives folder/out."""
    for lstseq in slots:
        write_frame(folder / "raw" / named(lstseq), lstseq, active=picture())
    save_stars(folder / "out" / "work", stars_of())
    return folder / "out"
