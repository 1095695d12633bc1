"""The journal record of a batch: what came, what was measured, how good it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...wording import counted
from ..finite import finite_or_none
from ..photometry.flags import AFlag, PFlag
from .clear_sky import clear_zero_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...engine.journal import Record
    from ..astrometry.solution import Solution
    from .batch_request import BatchRequest, Stopwatch
    from .exposures import Exposures
    from .following import Following
    from .measured import Measured

    Rows = NDArray[np.void]

_STEADY_VMAG = (4.75, 4.80)
"""Stars by which the station judges a night at a glance."""
_ZERO_POINT_VMAG = 8.0
_FLAG_NAMES = {
    PFlag.EDGE: "edge",
    PFlag.SKY_SATURATED: "bright sky pixel",
    PFlag.SKY_NEGATIVE: "negative sky",
    PFlag.SATURATED: "saturated",
    PFlag.NEGATIVE: "negative flux",
    PFlag.MOON: "Moon",
}
_SPOILT = int(PFlag.EDGE | PFlag.SKY_SATURATED | PFlag.SATURATED | PFlag.MOON)
"""Flags of stars that tell nothing of the sky."""


def failed_record(job: BatchRequest, exposures: Exposures, watch: Stopwatch, reason: str) -> Record:
    """The record of a batch from which nothing could be measured."""
    return {
        **_facts(job, exposures),
        "state": "failed",
        "reduced": 0,
        "frames": [],
        "astrometry": None,
        "seconds": watch.seconds(),
        "warnings": [reason, *exposures.warnings],
    }


def batch_record(
    job: BatchRequest, exposures: Exposures, measured: Measured, watch: Stopwatch, left: int
) -> Record:
    """The record of a batch that was measured."""
    frames = measured.fast.exposures
    rows = measured.fast.rows
    is_whole = not exposures.failed and not measured.solution.aflag & ~AFlag.BRIGHT
    return {
        **_facts(job, exposures),
        "state": "done" if is_whole else "partial",
        "reduced": len(frames),
        "first_lstseq": frames[0]["lstseq"],
        "last_lstseq": frames[-1]["lstseq"],
        "mid_jd": measured.binned.station["jdmid"],
        "frames": [_frame(frame) for frame in frames],
        "sky": _median([frame["immed"] for frame in frames]),
        "sky_per_star": _figure(np.median(rows["sky"])) if len(rows) else None,
        "ccdtemp": _median([frame["ccdtemp"] for frame in frames]),
        "overscan": [_median([frame[f"oversca{side}"] for frame in frames]) for side in range(4)],
        "astrometry": _astrometry(job, measured),
        **_transparency(job, measured),
        "calibration_stars": _steady_stars(measured),
        "flags": _flags(rows),
        "stars_fast": int(np.unique(rows["ascc"]).size),
        "stars_slow": len(measured.binned.rows),
        "left": left,
        "seconds": watch.seconds(),
        "warnings": [
            *exposures.warnings,
            *_warnings(measured.solution),
            *_moves(measured.following),
        ],
    }


def _facts(job: BatchRequest, exposures: Exposures) -> Record:
    names = [Path(name).name for name in job.files]
    return {
        "bin": job.number,
        "night": job.night,
        "files": names,
        "received": len(names),
        "missing": job.missing,
        "failed": exposures.failed,
        "dark": exposures.calibration.facts(job.middle_slot),
    }


def _frame(row: dict[str, Any]) -> Record:
    return {
        "lstseq": row["lstseq"],
        "jd": row["jd"],
        "sky": _figure(row["immed"]),
        "std": _figure(row["imstd"]),
        "ccdtemp": _figure(row["ccdtemp"]),
        "exptime": _figure(row["exptime"]),
        "overscan": [_figure(row[f"oversca{side}"]) for side in range(4)],
        "zeros": int(row["imnzero"]),
        "saturated": int(row["imnsat"]),
        "moonalt": _figure(row["moonalt"]),
        "sunalt": _figure(row["sunalt"]),
    }


def _astrometry(job: BatchRequest, measured: Measured) -> Record:
    from ..astrometry.drift import drift, pointing_of
    from ..camera.model import CameraModel

    solution = measured.solution
    first = CameraModel.from_json(job.first_model) if job.first_model else solution.model
    moved = drift(solution.model, first, job.station.latitude_deg)
    return {
        **quality(solution),
        "drift_arcmin": [[_figure(part) for part in point] for point in moved],
        "pointing": pointing_of(solution.model),
        "model": solution.model.as_json(),
        "binned": quality(measured.binned.solution),
    }


def quality(solution: Solution) -> Record:
    """How good a solution is."""
    return {
        "aflag": int(solution.aflag),
        "stars_used": int(solution.stars_used),
        "stars_expected": int(solution.stars_expected),
        "dx": _figure(solution.dx),
        "dy": _figure(solution.dy),
        "dr": _figure(solution.dr),
        "order": int(solution.order),
    }


def _transparency(job: BatchRequest, measured: Measured) -> Record:
    """Zero point of the batch and of each sky cell, from the larger aperture.

    Stars of a frame whose solution is that of another one count as well: under a closed sky
    they are what tells that nothing comes through.
    """
    from ..report.transmission import zero_points

    rows, model = measured.fast.rows, measured.solution.model
    good = rows[(rows["pflag"] & _SPOILT) == 0]
    good = good[np.isfinite(good[_largest(good)])]
    numbers, flux = mean_by_star(good["ascc"], good[_largest(good)])
    alt, x, y = (mean_by_star(good["ascc"], good[name])[1] for name in ("alt", "x", "y"))
    clear = clear_zero_points(job.rules, job.camera, alt, x, y, (model.ny, model.nx))
    stars = measured.sky.stars.select(np.isin(measured.sky.stars.ascc, numbers))
    order = np.argsort(stars.ascc, kind="stable")
    bright = stars.vmag[order] <= _ZERO_POINT_VMAG
    found = zero_points(
        stars.ra_deg[order][bright], stars.dec_deg[order][bright], flux[bright],
        stars.vmag[order][bright], clear[bright],
    )  # fmt: skip
    cells = {
        str(cell): [_figure(value) for value in values] for cell, values in found.cells.items()
    }
    return {"zero_point": _figure(found.zero_point), "cells": cells}


def mean_by_star(ascc: NDArray[np.int64], values: Any) -> tuple[Any, NDArray[np.float64]]:
    """Mean of the values of each star.

    Returns
    -------
    numbers : ndarray of int64, shape (k,)
        Sorted.
    means : ndarray of float64, shape (k,)
    """
    numbers, where = np.unique(ascc, return_inverse=True)
    counts = np.bincount(where, minlength=len(numbers))
    return numbers, np.bincount(where, values, len(numbers)) / np.maximum(counts, 1)


def _largest(rows: Rows) -> str:
    from ..products.rows import apertures_of

    return f"flux{apertures_of(rows.dtype.names or ()) - 1}"


def _steady_stars(measured: Measured) -> list[list[float | int | None]]:
    """ASCC number, fast and slow flux per second of the stars between V 4.75 and 4.80."""
    stars = measured.sky.stars
    bright, faint = _STEADY_VMAG
    wanted = np.sort(stars.ascc[(stars.vmag >= bright) & (stars.vmag <= faint)])
    fast, slow = (_per_second(rows, wanted) for rows in (measured.fast.rows, measured.binned.rows))
    return [
        [int(number), fast.get(int(number)), slow.get(int(number))]
        for number in wanted
        if int(number) in fast
    ]


def _per_second(rows: Rows, wanted: NDArray[np.int64]) -> dict[int, float | None]:
    own = rows[np.isin(rows["ascc"], wanted)]
    numbers, means = mean_by_star(own["ascc"], own["flux0"] / own["exptime"])
    return {int(number): _figure(mean) for number, mean in zip(numbers, means, strict=True)}


def _flags(rows: Rows) -> dict[str, int]:
    counts = {
        name: int(((rows["pflag"] & int(bit)) != 0).sum()) for bit, name in _FLAG_NAMES.items()
    }
    return {name: count for name, count in counts.items() if count}


def _warnings(solution: Solution) -> list[str]:
    words = []
    if solution.aflag & AFlag.BRIGHT:
        words.append("The image has bright parts")
    if solution.aflag & AFlag.TOO_BRIGHT:
        words.append("The sky is too bright for astrometry: the solution before was used")
    if solution.aflag & AFlag.TOO_FEW:
        words.append("Too few stars for astrometry: the solution before was used")
    return words


def _moves(following: Following) -> list[str]:
    """What happened to the camera within the batch."""
    words = [f"The camera moved before slot {slot}: solved again" for slot in following.moved]
    if following.lost:
        words.append(f"Stars were not recognised on {counted(len(following.lost), 'frame')}")
    return words


def _figure(value: Any) -> float | None:
    return finite_or_none(value, 6)


def _median(values: list[float]) -> float | None:
    return _figure(np.median(values)) if values else None
