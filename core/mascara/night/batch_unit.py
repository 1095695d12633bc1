"""One unit of a night: one camera, one batch of 50 exposures, from raw frames to products.

Everything is written under temporary names and renamed; running it again writes the same bytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError
from .batch_request import BatchRequest, Stopwatch
from .exposures import Exposures
from .fast import FastPhotometry
from .following import Following
from .measured import Measured
from .record import batch_record, failed_record
from .sky_of_batch import BatchSky
from .slow import BinnedImage
from .solving import axis_of, solve

if TYPE_CHECKING:
    from ...engine import JobContext
    from ...engine.journal import Record
    from ..astrometry.solution import Solution

_UNSOLVED = (
    "No astrometric solution: the sky is too bright or the stars could not be recognised, nothing "
    "was measured"
)


def reduce_batch(ctx: JobContext, **request: Any) -> Record:
    """Reduce one batch and write its products.

    Parameters
    ----------
    ctx : JobContext
    **request
        Fields of `BatchRequest`.

    Returns
    -------
    dict
        The journal record of the unit.
    """
    job = BatchRequest.of(request)
    watch = Stopwatch()
    exposures = Exposures(job, ctx, watch)
    with watch("stars"):
        sky = BatchSky.near(job, axis_of(job))
    with watch("astrometry"):
        solution = solve(job, sky, exposures)
    if solution is None:
        return failed_record(job, exposures, watch, _UNSOLVED)
    measured = _measure(job, sky, solution, exposures, watch)
    if measured is None:
        return failed_record(job, exposures, watch, "None of its frames could be read")
    with watch("write"):
        _write(job, measured)
    with watch("left"):
        left = _save_those_that_left(job)
    return batch_record(job, exposures, measured, watch, left)


def _measure(
    job: BatchRequest, sky: BatchSky, solution: Solution, exposures: Exposures, watch: Stopwatch
) -> Measured | None:
    fast: FastPhotometry | None = None
    for exposure in exposures:
        shape = exposure.image.shape
        if fast is None:
            on_chip = sky.touching(solution.model, shape, job.rules.edge_px)
            fast = FastPhotometry(job, on_chip.select(on_chip.fast()))
            stack = BinnedImage(job, solution, shape)
            following = Following(job, on_chip, solution)
        with watch("astrometry"):
            own = following.solution_of(exposure)
        with watch("photometry"):
            fast.add(exposure, own, exposures.calibration.dark_slot)
        with watch("stack"):
            stack.add(exposure, own)
    if fast is None:
        return None
    with watch("binned"):
        binned = stack.measured(on_chip)
    return Measured(solution, fast, binned, on_chip, following)


def _write(job: BatchRequest, measured: Measured) -> None:
    from ..products.batch_store import Batch, write_batch
    from ..products.records import exposure_rows
    from ..stacking.files import binned_name, write_binned
    from .solution_row import solution_row

    job.place.make()
    for kind, rows, station, solution in (
        ("fast", measured.fast.rows, _columns(measured.fast.exposures), measured.solution),
        ("slow", measured.binned.rows, measured.binned.station, measured.binned.solution),
    ):
        batch = Batch(
            attributes=_attributes(job, kind),
            stars=_stars_of(measured.sky, rows["ascc"]),
            rows=rows,
            exposures=exposure_rows(kind, station),
            astrometry=solution_row(job, solution),
        )
        write_batch(job.place.batch(kind, job.number), batch)
    name = binned_name(job.middle_jd, job.camera)
    write_binned(job.place.folder / "binned" / name, measured.binned.binned, measured.binned.cards)
    _write_stamps(job, measured)


def _write_stamps(job: BatchRequest, measured: Measured) -> None:
    from ..products.records import exposure_rows
    from ..stacking.stamps import write_stamps

    rows, station = measured.binned.rows, exposure_rows("slow", measured.binned.station)
    for group, wanted in sorted(job.rules.targets.items()):
        found = rows[np.isin(rows["ascc"], wanted)]
        if len(found):
            path = job.place.thumbnails(group, job.number)
            stars = _stars_of(measured.sky, found["ascc"])
            write_stamps(path, measured.binned.binned.image, found, stars=stars, station=station)


def _columns(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Rows side by side as columns; a value that a row lacks stays unknown."""
    names = set.intersection(*(set(row) for row in rows))
    return {name: np.array([row[name] for row in rows]) for name in sorted(names)}


def _stars_of(sky: BatchSky, numbers: np.ndarray[Any, Any]) -> Any:
    from ..products.records import star_rows

    return star_rows(sky.stars.select(np.isin(sky.stars.ascc, numbers)))


def _attributes(job: BatchRequest, kind: str) -> dict[str, Any]:
    from .... import __version__

    rules = job.rules
    radii = rules.fast_radii_px if kind == "fast" else rules.slow_radii_px
    return {
        "station": job.station.name,
        "camera": job.camera,
        "night": job.night,
        "naper": len(radii),
        **{f"aper{place}": radius for place, radius in enumerate(radii)},
        "nstaper": len(rules.slow_radii_px),
        "skyrad0": rules.sky_radii_px[0],
        "skyrad1": rules.sky_radii_px[1],
        "gain": rules.gain_e_adu,
        "rversion": __version__,
    }


def _save_those_that_left(job: BatchRequest) -> int:
    """Write the light curves of stars that were on the chip in the batch before and are no more."""
    from ..products.save_it_all import save_left

    try:
        folder = Path(job.folder) / "lightcurves"
        minobs = job.rules.min_observations
        return save_left(job.place.batches("fast"), job.number, folder, minobs)
    except NightglassError:
        # The end of the night writes every star; an early copy is only a convenience.
        return 0
