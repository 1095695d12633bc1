"""Journals of imagined nights, and night files, for the tests of the reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
from nightglass.core.timing.sidereal import jd_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Record = dict[str, Any]

NIGHT, FIRST_BIN = "20160130", 304601
BATCH_S = 319.13
UNIX_JD = 2440587.5


def unix_s(lstseq: float) -> float:
    return float((jd_of(lstseq + 0.5) - UNIX_JD) * 86400.0)


def header_record(**fields: Any) -> Record:
    return {
        "kind": "night", "version": 1, "at": unix_s(FIRST_BIN * 50), "night": NIGHT,
        "site": "LaPalma", "cameras": ["LPC"], "config": {"ccd_set_point_c": -15.0},
        "program": "0.1", **fields,
    }  # fmt: skip


def frames_of(batch: int, rng: np.random.Generator, lost: Sequence[int] = (3,)) -> list[Record]:
    slots = [batch * 50 + k for k in range(50) if k not in lost]
    # A cloud, and the Moon rising in the second half of the night.
    step = batch - FIRST_BIN
    sky = 160.0 + 12.0 * max(0, step - 50) + 120.0 * np.exp(-((step - 40) ** 2) / 20.0)
    return [
        {
            "lstseq": slot, "jd": float(jd_of(slot + 0.5)), "sky": sky + rng.normal(0.0, 3.0),
            "std": 40.0, "ccdtemp": -15.0 + 0.1 * np.sin(slot / 300) + (2.0 if step == 70 else 0),
            "exptime": 6.3829, "overscan": [1000, 1001, 1000, 999], "zeros": 0, "saturated": 31,
        }
        for slot in slots
    ]  # fmt: skip


def solution(step: int, **fields: Any) -> Record:
    places = np.array([[0.1, 0.0], [0.3, -0.2], [0.0, 0.1], [-0.2, 0.3], [-0.1, -0.1]])
    return {
        "aflag": 0, "stars_used": 1180 + 3 * (step % 7), "stars_expected": 1215 + 2 * (step % 5),
        "dx": 0.2, "dy": 0.22, "dr": 0.31 + 0.02 * (step % 4), "order": 5,
        "drift_arcmin": (places * step / 30.0).tolist(), "binned": {"dr": 0.27},
        "pointing": {"alt0": 89.71, "az0": 12.3, "th0": 270.21, "x0": 2004.0, "y0": 1336.0},
        "model": {}, **fields,
    }  # fmt: skip


def batch_record(step: int = 0, camera: str = "LPC", **fields: Any) -> Record:
    batch, rng = FIRST_BIN + step, np.random.default_rng(step)
    frames = frames_of(batch, rng)
    cloud = float(np.exp(-((step - 40) ** 2) / 20.0))
    cells = {
        str(300 + (cell + step) % 60): [17.0 - cloud, 0.97 - 0.6 * cloud * (cell % 3) / 2, 12]
        for cell in range(30)
    }
    stars = [
        [100 + star, 9e3 * (1 - 0.7 * cloud) + 600 * star, 9.1e3 * (1 - 0.7 * cloud) + 600 * star]
        for star in range(4)
    ]
    return {
        "kind": "unit", "unit": f"{camera}-{batch:08d}", "camera": camera, "night": NIGHT,
        "bin": batch, "state": "done", "key": "ab", "attempt": 1,
        "at": unix_s(frames[-1]["lstseq"]) + 25.0,
        "files": [], "received": 49, "reduced": 49, "missing": [batch * 50 + 3], "failed": {},
        "first_lstseq": frames[0]["lstseq"], "last_lstseq": frames[-1]["lstseq"],
        "mid_jd": float(jd_of(batch * 50 + 25.0)), "frames": frames,
        "sky": float(np.median([frame["sky"] for frame in frames])), "ccdtemp": -15.0,
        "overscan": [1000, 1001, 1000, 999], "astrometry": solution(step),
        "zero_point": 17.03 - 0.9 * cloud, "cells": cells, "calibration_stars": stars,
        "flags": {"saturated": 40, "moon": 3 if step > 60 else 0}, "stars_fast": 6512,
        "stars_slow": 24012, "dark": {"file": "dark.fits", "age_h": 2.0, "temperature_c": -15.0},
        "seconds": {"read": 1.2, "astrometry": 0.8, "photometry": 9.5}, "warnings": [], **fields,
    }  # fmt: skip


def failed_record(step: int = 0, camera: str = "LPC") -> Record:
    return {
        "kind": "unit", "unit": f"{camera}-{FIRST_BIN + step:08d}", "camera": camera,
        "night": NIGHT, "bin": FIRST_BIN + step, "state": "failed", "key": "ab", "attempt": 3,
        "at": unix_s((FIRST_BIN + step + 1) * 50), "files": ["a.fits"], "received": 1,
        "reduced": 0, "warnings": ["The process ended (SIGSEGV)."],
    }  # fmt: skip


def dark_record(camera: str = "LPC", **fields: Any) -> Record:
    slot = FIRST_BIN * 50 - 40
    return {
        "kind": "dark", "unit": f"{camera}-dark-{slot:08d}", "camera": camera, "state": "done",
        "at": unix_s(slot), "file": f"{slot:08d}{camera}masterdark.fits", "frames": 20,
        "rejected": 0, "ccdtemp": -15.1, "exptime": 6.38, "level": 1004.0, "problems": [], **fields,
    }  # fmt: skip


def merge_record(camera: str = "LPC", **fields: Any) -> Record:
    return {
        "kind": "merge", "unit": f"{camera}-merge", "camera": camera, "night": NIGHT,
        "state": "done", "stars_fast": 7011, "stars_slow": 25120, "rows": 1, "files": [],
        "seconds": 200.0, "at": unix_s((FIRST_BIN + 102) * 50), **fields,
    }  # fmt: skip


def beat_record(at_s: float, lag_s: float, camera: str = "LPC", **fields: Any) -> Record:
    own = {
        "newest_lstseq": (FIRST_BIN + 2) * 50 + 17, "received": 118, "queued_frames": 20,
        "running": None, "lag_s": lag_s, **fields,
    }  # fmt: skip
    return {"kind": "beat", "at": at_s, "cameras": {camera: own}, "free_bytes": 120 * 10**9}


def whole_night(cameras: Sequence[str] = ("LPC",), batches: int = 100) -> list[Record]:
    records = [header_record(cameras=list(cameras))]
    for camera in cameras:
        records.append(dark_record(camera))
        records += [batch_record(step, camera) for step in range(batches)]
        records.append(merge_record(camera))
    start = unix_s(FIRST_BIN * 50)
    records += [beat_record(start + 5.0 * k, 60.0 + k % 60, cameras[0]) for k in range(200)]
    return [*records, {"kind": "end", "at": unix_s((FIRST_BIN + 103) * 50), "state": "finished"}]


def write_night_file(
    path: Path, vmags: dict[int, float], *, points: int = 300, slow: bool = False, rate: float = 9e3
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    first = FIRST_BIN * 50
    with h5py.File(path, "w") as file:
        file.create_group("global").attrs["STATION"] = np.bytes_("LaPalma")
        file["global"].attrs["CAMERA"] = np.bytes_("LPC")
        file["header_table/ascc"] = np.array([str(ascc).encode() for ascc in vmags], "S7")
        file["header_table/vmag"] = np.array(list(vmags.values()))
        for k, ascc in enumerate(vmags):
            begin = first + k * 400
            slots = begin + np.arange(points) * (50 if slow else 1)
            rows = np.zeros(points, [("flux0", "f8"), ("exptime", "f8"), ("jdmid", "f8")])
            shape = 1.0 - 0.4 * np.linspace(-1.0, 1.0, points) ** 2 + 0.05 * k
            noise = np.random.default_rng(k).normal(1.0, 0.003 if slow else 0.02, points)
            rows["jdmid"], rows["exptime"] = jd_of(slots + 0.5), 6.3829
            rows["flux0"] = rate * shape * noise * 6.3829
            file[f"data/{ascc}"] = rows
