"""Batches of made-up stars for tests of the products."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from nightglass.core.mascara.products.batch_store import Batch, BatchReader, write_batch
from nightglass.core.mascara.products.records import (
    astrometry_rows,
    exposure_rows,
    star_dtype,
)
from nightglass.core.mascara.products.rows import batch_rows, in_order

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FIRST_BATCH = 212021
SLOT_D = 7.3877e-5


def catalogue(numbers: Sequence[int]) -> np.ndarray:
    """Entries that follow from the numbers alone."""
    stars = np.zeros(len(numbers), star_dtype())
    stars["ascc"] = sorted(numbers)
    stars["ra"], stars["dec"] = stars["ascc"] % 360, stars["ascc"] % 90
    stars["vmag"], stars["bmag"] = 4.76 + stars["ascc"] % 4, 5.5
    stars["spectype"], stars["blend"], stars["blendvalue"] = b"G2V", b"B", 0.25
    return stars


def points(numbers: Sequence[int], slot: int, naper: int = 2) -> np.ndarray:
    """Rows of one exposure; every value tells star, slot and field."""
    ascc = np.asarray(numbers)
    aperture = np.arange(naper)
    seed = ascc[:, np.newaxis] * 1e-3 + slot % 1000 + aperture
    columns: dict[str, Any] = {
        "flag": 0, "flux": 1000 + seed, "eflux": 10 + seed, "sky": 150 + ascc % 7, "esky": 25.0,
        "peak": 900.5, "x": 100 + ascc % 50, "y": slot % 100, "alt": 45.0, "az": 10.0,
        "ccdtemp": -15.0, "exptime": 6.3829, "jdmid": 2459876.5 + slot % 100_000 * SLOT_D,
        "lst": slot % 13500 * 6.4 / 3600, "lstidx": slot % 13500, "lstseq": slot,
        "pflag": 0, "aflag": 0,
    }  # fmt: skip
    return batch_rows(ascc, columns, naper)


def make_batch(
    numbers: Sequence[int],
    batch: int = FIRST_BATCH,
    frames: Sequence[int] = tuple(range(50)),
    naper: int = 2,
    kind: str = "fast",
) -> Batch:
    """A batch in which every star was measured on every frame."""
    slots = np.array([batch * 50 + frame for frame in frames])
    rows = in_order([points(numbers, int(slot), naper) for slot in slots])
    station = {"lstseq": slots, "jd": 2459876.5 + slots % 100_000 * SLOT_D, "exptime": 6.3829,
               "ccdtemp": -14.5, "lst": slots % 13500 * 6.4 / 3600}  # fmt: skip
    attributes = {
        "station": "LaPalma", "camera": "LPC", "naper": naper, "rversion": "1.0",
        **{f"aper{k}": 2.5 + k for k in range(naper)}, "skyrad0": 6.0, "skyrad1": 21.0,
    }  # fmt: skip
    solution = astrometry_rows(
        {"lstseq": int(slots[len(slots) // 2]), "dr": 0.2, "ustars": 500}, f'{{"batch": {batch}}}'
    )
    return Batch(attributes, catalogue(numbers), rows, exposure_rows(kind, station), solution)


def read_batch(path: Path) -> Batch:
    """A whole batch."""
    with BatchReader(path) as reader:
        rows = reader.rows(0, len(reader))
        return Batch(reader.attributes, reader.stars, rows, reader.exposures, reader.astrometry)


def write_night(folder: Path, stars: Sequence[Sequence[int]], **options: Any) -> list[Path]:
    """Batches one after the other, each with its own stars."""
    folder.mkdir(parents=True, exist_ok=True)
    kind = options.get("kind", "fast")
    return [
        write_batch(
            folder / f"tmp_{kind}{FIRST_BATCH + place:08d}.hdf5",
            make_batch(numbers, FIRST_BATCH + place, **options),
        )
        for place, numbers in enumerate(stars)
    ]
