"""The last unit of a camera's night: light curves, pictures and log from its batches."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..settings import ReductionSettings
from .layout import CameraNight
from .reading import read_night

if TYPE_CHECKING:
    from ...engine import JobContext
    from ...engine.journal import Record


def merge_night(
    ctx: JobContext,
    camera: str,
    night: str,
    folder: str,
    journal: str,
    batches: list[int],
    settings: dict[str, Any],
) -> Record:
    """Join the batches of a camera's night.

    The temporary files of the batches stay until the journal holds this record.

    Returns
    -------
    dict
        The journal record of the unit.
    """
    place = CameraNight(Path(folder), night, camera)
    place.make()
    rules = ReductionSettings.model_validate(settings)
    start = time.perf_counter()
    facts = {"night": night, "state": "done", "stars_fast": 0, "stars_slow": 0, "rows": 0}
    if batches:
        facts |= _light_curves(ctx, place, batches, rules)
    _thumbnails(place, rules)
    seconds = {"light curves": round(time.perf_counter() - start, 3)}
    _pictures(place, night, camera, Path(journal), rules)
    seconds["all"] = round(time.perf_counter() - start, 3)
    names = sorted(path.name for path in place.folder.rglob("*LC_*.hdf5"))
    return {**facts, "files": names, "seconds": seconds}


def _light_curves(
    ctx: JobContext, place: CameraNight, batches: list[int], rules: ReductionSettings
) -> Record:
    from ..products.night_file import write_night_file
    from ..products.star_fits import write_stars

    found: Record = {}
    for kind, path in (("fast", place.fast_file), ("slow", place.slow_file)):
        paths = [place.batch(kind, number) for number in batches]
        ctx.publish(path.name)
        merged = write_night_file(path, paths, {}, rules.min_observations, kind)
        ctx.publish(f"{kind} light curves")
        write_stars(paths, place.folder / "lightcurves", kind, rules.min_observations)
        found[f"stars_{kind}"] = merged.stars
        found["rows"] = found.get("rows", 0) + merged.rows
    return found


def _thumbnails(place: CameraNight, rules: ReductionSettings) -> None:
    """Join the thumbnails of each group of stars."""
    from ..stacking.stamps import merge_stamps

    for group in sorted(rules.targets):
        parts = place.group(group)
        if parts:
            merge_stamps(parts, place.folder / "thumbs" / f"{group}_{place.name}.hdf5")


def _pictures(
    place: CameraNight, night: str, camera: str, journal: Path, rules: ReductionSettings
) -> None:
    from ..report.camera_files import write_camera_files
    from ..report.overview_picture import light_curve_overview
    from ..report.records import night_records

    records = night_records(read_night(journal)).camera(camera, night)
    write_camera_files(place.folder / "log", records, rules.ccd_set_point_c)
    if place.fast_file.exists():
        light_curve_overview(place.folder, night)


def remove_temporary(place: CameraNight) -> None:
    """Delete the batches of a merged night."""
    folder = place.folder / "tmp"
    for pattern in ("tmp_*.hdf5", "thumbs_*.hdf5"):
        for path in folder.glob(pattern):
            path.unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
