"""A five-camera night of full size for the window: journal and night files, made once and kept.

5,000 exposures of 6,500 fast stars and 100 binned images of 22,000 slow ones a camera, 100,000
stars in all. Tables are real; of the points only those of `READ` stars that two cameras saw are
written, the others are holes in the file, where a merge has put them.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import h5py
import numpy as np
from nightglass.core.mascara.night.layout import CameraNight
from nightglass.core.mascara.night.star_file import save_stars
from nightglass.core.mascara.products.night_file import new_hdf5, write_attributes, write_columns
from nightglass.core.mascara.products.quality import quality_dtype
from nightglass.core.mascara.products.records import astrometry_rows, exposure_rows
from nightglass.core.mascara.products.rows import data_dtype, facts_dtype
from nightglass.core.stars.table import StarTable
from nightglass.core.timing.sidereal import BATCH, jd_of

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.core.mascara.browsing.made_stars import plan_night
from tests.core.mascara.watching.made_night import write_journal
from tests.core.mascara.watching.made_plan import FIRST_BATCH, NIGHT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

LETTERS = "CENSW"
BATCHES, EXPOSURES = 100, 5000
FAST_STARS, SLOW_STARS, CATALOGUE_STARS, BETWEEN = 6_500, 22_000, 100_000, 19_500
READ = 150
STEP, FIRST = 37, 11
COMING, COMING_STARS, COMES = 16, 10_000, ".comes"
APERTURES = {"fast": (2.5, 4.5), "slow": (2.5, 3.5, 4.5, 5.5)}


def finished_night(folder: Path) -> Path:
    """The night, made unless it is there."""
    output = folder / "five-cameras"
    if not output.is_dir():
        partial = folder / "five-cameras-unfinished"
        shutil.rmtree(partial, ignore_errors=True)
        write_journal(partial, LETTERS, BATCHES)
        for place, letter in enumerate(LETTERS):
            _write_camera(partial, place, f"LP{letter}")
        save_stars(partial / "work", _catalogue())
        partial.rename(output)
    return output


def running_night(folder: Path, batches: int) -> Path:
    """A night of which so many batches of each camera are done and the last one is at work."""
    output = folder / "running"
    shutil.rmtree(output, ignore_errors=True)
    write_journal(output, LETTERS, batches, is_over=False, is_whole=True)
    stars = plan_night(output, LETTERS, COMING_STARS, COMING * BATCH)
    save_stars(output / "work", stars.stars)
    for camera in stars.cameras:
        stars.place(camera).make()
        for batch in stars.batches:
            stars.write(camera, batch)
            if batch != stars.batches[0]:
                for path in (stars.place(camera).folder / "tmp").glob(f"*{batch}.hdf5"):
                    path.rename(path.with_suffix(COMES))
    return output


def let_come(output: Path, camera: str) -> None:
    """Let the stars of one more batch of a running night come, as long as there are any."""
    waiting = sorted((output / f"{NIGHT}{camera}" / "tmp").glob(f"*{COMES}"))
    for path in waiting:
        if path.stem[-8:] == waiting[0].stem[-8:]:
            path.rename(path.with_suffix(".hdf5"))


def numbers_of(places: Numbers) -> Numbers:
    """ASCC numbers of places in the catalogue."""
    return places * STEP + FIRST


def read_places() -> Numbers:
    """Places in the catalogue of the stars whose points are written: two cameras saw them."""
    return BETWEEN + np.arange(READ)


def _catalogue() -> StarTable:
    rng = np.random.default_rng(1)
    count = CATALOGUE_STARS
    return StarTable.of(
        ascc=numbers_of(np.arange(count)), hd=rng.permutation(count), hip=rng.permutation(count),
        ra_deg=rng.uniform(0, 360, count), dec_deg=rng.uniform(-30, 90, count),
        # Half a magnitude fainter there are 1.8 times as many: one in a hundred is brighter than 6.
        vmag=np.maximum(10.0 + 2.0 * np.log10(rng.uniform(0, 1, count)), 1.0),
    )  # fmt: skip


def _write_camera(output: Path, place: int, camera: str) -> None:
    night = CameraNight(output / f"{NIGHT}{camera}", NIGHT, camera)
    night.folder.mkdir(parents=True, exist_ok=True)
    slow = place * BETWEEN + np.arange(SLOW_STARS)
    known = np.isin(slow, read_places())
    others = np.random.default_rng(place).permutation(slow[~known])[: FAST_STARS - known.sum()]
    fast = np.sort(np.concatenate([slow[known], others]))
    _write(night.fast_file, "fast", fast, FIRST_BATCH * BATCH + np.arange(EXPOSURES))
    middles = (FIRST_BATCH + np.arange(BATCHES)) * BATCH + BATCH // 2
    _write(night.slow_file, "slow", slow, middles)


def _write(path: Path, kind: str, places: Numbers, slots: Numbers) -> None:
    """A night file as `write_night_file` gives it."""
    radii = APERTURES[kind]
    with new_hdf5(path) as file:
        facts = {"NAPER": len(radii), **{f"APER{k}": radius for k, radius in enumerate(radii)}}
        write_attributes(file.create_group("global"), facts)
        write_attributes(file["global"], {name.lower(): value for name, value in facts.items()})
        _write_points(file.create_group("data"), places, slots, len(radii))
        _write_tables(file, kind, places, slots)


def _write_points(group: h5py.Group, places: Numbers, slots: Numbers, naper: int) -> None:
    dtype, read = data_dtype(naper), set(read_places().tolist())
    whole = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    whole.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    whole.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
    whole.set_obj_track_times(False)
    kept, space = h5py.h5t.py_create(dtype, logical=True), h5py.h5s.create_simple((len(slots),))
    for place in sorted(places.tolist(), key=lambda place: str(place * STEP + FIRST)):
        name = str(place * STEP + FIRST).encode()
        dataset = h5py.h5d.create(group.id, name, kept, space, whole)
        if place in read:
            points = _points(place, slots, dtype)
            dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, points)


def _points(place: int, slots: Numbers, dtype: np.dtype[np.void]) -> NDArray[np.void]:
    rng = np.random.default_rng(place)
    points = np.zeros(len(slots), dtype)
    for name in dtype.names or ():
        if dtype[name].kind == "f":
            points[name] = rng.normal(1000.0, 30.0, len(slots))
    points["lstseq"], points["jdmid"] = slots, jd_of(slots + 0.5)
    points["flag"] = rng.random(len(slots)) < 0.02
    return points


def _write_tables(file: h5py.File, kind: str, places: Numbers, slots: Numbers) -> None:
    rng = np.random.default_rng(int(places[0]))
    names = numbers_of(places).astype("S")
    order = np.argsort(names)
    header = file.create_group("header_table")
    header.create_dataset("ascc", data=names[order].astype("S7"), track_times=False)
    facts, quality = np.zeros(len(places), facts_dtype()), np.zeros(len(places), quality_dtype())
    catalogue = _catalogue().select(places[order])
    for ours, theirs in (("ra", "ra_deg"), ("dec", "dec_deg"), ("vmag", "vmag")):
        facts[ours] = getattr(catalogue, theirs)
    facts["nobs"] = len(slots)
    quality["flagged"], quality["flux"] = rng.integers(0, 90, len(places)), 1000.0
    quality["scatter"] = rng.uniform(0.003, 0.1, len(places))
    write_columns(header, facts)
    write_columns(file.create_group("quality"), quality)
    exposures = exposure_rows(kind, {"lstseq": slots, "jd": jd_of(slots + 0.5)})
    write_columns(file.create_group("station"), exposures)
    solutions = [astrometry_rows({"lstseq": int(slot), "dr": 0.2}, "{}") for slot in slots[::50]]
    write_columns(file.create_group("astrometry"), np.concatenate(solutions))
