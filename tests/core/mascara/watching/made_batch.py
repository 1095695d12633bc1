"""The journal record of a made batch: frames, solution, sky cells and stars under clouds."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from nightglass.core.mascara.camera.model import nominal
from nightglass.core.mascara.report.healpix import cell_of
from nightglass.core.timing.sidereal import BATCH, local_h
from nightglass.core.timing.stations import find_station

from .made_plan import BATCH_S, FIRST_BATCH, LETTERS, MadeNight, frame_names, jd_at

if TYPE_CHECKING:
    from nightglass.core.mascara.camera.model import CameraModel

Record = dict[str, Any]


def batch_record(night: MadeNight, camera: str, step: int) -> Record:
    """What `night.record.batch_record` gives, with clouds about one third of the night."""
    rng = np.random.default_rng((night.seed, LETTERS[camera[-1]], step))
    is_partial = night.is_partial(camera, step)
    slots = (FIRST_BATCH + step) * BATCH + np.arange(night.frames)
    names = frame_names(camera, step, night.frames)
    lost = [7, 8] if is_partial and night.frames > 8 else []
    slots = np.delete(slots, lost)
    cloud = float(np.exp(-(((step - 0.35 * night.batches) / 2.5) ** 2)))
    frames = _frames(slots, step, night.batches, cloud, rng)
    return {
        "missing": [], "failed": {names[k]: "The FITS file is cut short." for k in lost},
        "dark": {
            "file": f"{FIRST_BATCH * BATCH - 200:08d}{camera}masterdark.fits",
            "lstseq": FIRST_BATCH * BATCH - 200, "age_h": round(0.4 + step * BATCH_S / 3600.0, 3),
            "temperature_c": -14.96,
        },
        "state": "partial" if is_partial else "done", "reduced": len(slots),
        "first_lstseq": int(slots[0]), "last_lstseq": int(slots[-1]),
        "mid_jd": float(jd_at(slots.mean() + 0.5)), "frames": frames,
        "sky": _figure(np.median([frame["sky"] for frame in frames])), "sky_per_star": 118.4,
        "ccdtemp": _figure(np.median([frame["ccdtemp"] for frame in frames])),
        "overscan": [1000.1, 1001.2, 1000.4, 999.3],
        "astrometry": _astrometry(camera, step, cloud, rng),
        "zero_point": _figure(17.03 - 0.9 * cloud + rng.normal(0, 0.01)),
        "cells": _cells(camera, step, cloud, rng),
        "calibration_stars": _steady(camera, cloud, rng),
        "flags": {"saturated": 40 + step % 7, **({"Moon": 3} if step > 12 else {})},
        "stars_fast": 6512 - int(900 * cloud), "stars_slow": 24012, "left": 0,
        "seconds": {"calibration": 0.4, "read": 14.2, "stars": 1.1, "astrometry": 6.8,
                    "photometry": 92.5, "stack": 12.0, "binned": 7.5, "write": 3.1, "left": 0.2},
        "warnings": _warnings(camera, step),
    }  # fmt: skip


def _frames(slots: Any, step: int, batches: int, cloud: float, rng: Any) -> list[Record]:
    jd = jd_at(slots + 0.52)
    moon = 12.0 * max(0.0, step - 0.7 * batches)
    sky = 160.0 + moon + 140.0 * cloud + rng.normal(0.0, 3.0, len(slots))
    ccdtemp = -15.0 + 0.15 * np.sin(slots / 300.0) + rng.normal(0.0, 0.02, len(slots))
    return [
        {
            "lstseq": int(slot), "jd": float(jd[k]), "sky": _figure(sky[k]), "std": 41.2,
            "ccdtemp": _figure(ccdtemp[k]), "exptime": 6.3829,
            "overscan": [1000 + step % 3, 1001, 1000, 999], "zeros": 0, "saturated": 31 + k % 5,
            "moonalt": -20.0 + 0.5 * step, "sunalt": -40.0,
        }
        for k, slot in enumerate(slots)
    ]  # fmt: skip


def _figure(value: Any) -> float:
    return float(f"{value:.6g}")


def _quality(step: int, cloud: float, rng: Any) -> Record:
    rms = 0.31 + 0.02 * (step % 4) + 1.3 * cloud
    return {
        "aflag": 0, "stars_used": int(1180 + 3 * (step % 7) - 700 * cloud),
        "stars_expected": 1215 + 2 * (step % 5), "dx": _figure(0.7 * rms), "dy": _figure(0.7 * rms),
        "dr": _figure(rms + abs(rng.normal(0.0, 0.01))), "order": 5,
    }  # fmt: skip


def _astrometry(camera: str, step: int, cloud: float, rng: Any) -> Record:
    places = np.array([[0.1, 0.0], [0.3, -0.2], [0.0, 0.1], [-0.2, 0.3], [-0.1, -0.1]])
    model = _model(camera)
    return {
        **_quality(step, cloud, rng),
        "drift_arcmin": np.round(places * step / 30.0, 6).tolist(),
        "pointing": {"alt0": model.pointing.alt_deg, "az0": model.pointing.az_deg,
                     "th0": model.pointing.rotation_deg, "x0": 2004.0, "y0": 1336.0},
        "model": model.as_json(), "binned": _quality(step, 0.8 * cloud, rng),
    }  # fmt: skip


def _cells(camera: str, step: int, cloud: float, rng: Any) -> Record:
    """Zero point, transparency and stars of the sky cells on the chip of the camera."""
    ra, dec = sky_of(camera, float(jd_at((FIRST_BATCH + step + 0.5) * BATCH)))
    found, stars = np.unique(cell_of(ra, dec), return_counts=True)
    dim = np.clip(0.97 - 0.7 * cloud + rng.normal(0.0, 0.02, len(found)), 0.0, 1.1)
    return {
        str(cell): [_figure(17.03 + 2.5 * np.log10(max(dim[k], 0.01))), _figure(dim[k]), int(n)]
        for k, (cell, n) in enumerate(zip(found, stars, strict=True))
    }


@cache
def _model(camera: str) -> CameraModel:
    return nominal(camera)


@cache
def _directions(camera: str) -> Any:
    x, y = np.meshgrid(np.arange(0, 4008, 250), np.arange(0, 2672, 250))
    return _model(camera).directions(x.ravel(), y.ravel()).T


def sky_of(camera: str, jd: float) -> tuple[Any, Any]:
    """Right ascension and declination of a grid of pixels of a camera, degrees."""
    station = find_station(camera)
    north, east, up = _directions(camera)
    latitude = np.radians(station.latitude_deg)
    dec = np.arcsin(np.sin(latitude) * up + np.cos(latitude) * north)
    angle = np.arctan2(-east, np.cos(latitude) * up - np.sin(latitude) * north)
    ra = 15.0 * float(local_h(jd, station.longitude_deg)) - np.degrees(angle)
    return ra % 360.0, np.degrees(dec)


def _steady(camera: str, cloud: float, rng: Any) -> list[list[float]]:
    first = 100_000 * (1 + LETTERS[camera[-1]])
    flux = 1e4 * (1.0 - 0.7 * cloud) * (1.0 + 0.02 * np.arange(6))
    return [
        [first + k, _figure(one * rng.normal(1.0, 0.01)), _figure(one * rng.normal(1.0, 0.003))]
        for k, one in enumerate(flux)
    ]


def _warnings(camera: str, step: int) -> list[str]:
    words = []
    if step == 2:
        words.append("The image has bright parts")
    if step == 4 and camera[-1] in "EW":
        slot = (FIRST_BATCH + step) * BATCH + 20
        words.append(f"The camera moved before slot {slot}: solved again")
    if step % 6 == 1 and camera[-1] in "NS":
        words.append(f"Stars were not recognised on {2 + step % 5} frames")
    return words
