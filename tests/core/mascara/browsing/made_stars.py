"""Nights of made-up stars on the disk, written by the writers of the products, with their truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from nightglass.core.mascara.night.layout import CameraNight
from nightglass.core.mascara.night.merge_unit import remove_temporary
from nightglass.core.mascara.night.star_file import save_stars
from nightglass.core.mascara.photometry.flags import PFlag, lp_flag
from nightglass.core.mascara.products.batch_store import Batch, write_batch
from nightglass.core.mascara.products.night_file import write_night_file
from nightglass.core.mascara.products.records import astrometry_rows, exposure_rows, star_rows
from nightglass.core.mascara.products.rows import batch_rows
from nightglass.core.stars.table import StarTable
from nightglass.core.timing.sidereal import BATCH, SLOTS_PER_DAY, jd_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Kind = Literal["fast", "slow"]

NIGHT, FIRST_BATCH = "20160130", 304601
HD_189733 = 807144
"""Its number in the ASCC; the first camera sees it all night long."""
PERIOD_D = 0.02
"""Period of the one star that varies, a sine of 10 % of its light."""
RADII_PX = {"fast": (2.5, 4.5), "slow": (2.5, 3.5, 4.5, 5.5)}
MIN_EXPOSURES = 51
_ZERO_POINT, _SKY_NOISE_ADU = 17.03, 25.3
_APERTURE_PARTS = {"fast": (0.8, 1.0), "slow": (0.8, 0.9, 1.0, 1.0)}


@dataclass(frozen=True, eq=False)
class MadeNight:
    """A night and what is true of it.

    Attributes
    ----------
    output : Path
    cameras : tuple of str
        Ids such as LPN.
    stars : StarTable
        Sorted by number; the catalogue of the night.
    exposures : int
        Of each camera, one a slot, none missing.
    seed : int
    """

    output: Path
    cameras: tuple[str, ...]
    stars: StarTable
    exposures: int
    seed: int

    @property
    def first_slot(self) -> int:
        return FIRST_BATCH * BATCH

    @property
    def batches(self) -> range:
        return range(FIRST_BATCH, FIRST_BATCH + -(-self.exposures // BATCH))

    @property
    def variable(self) -> int:
        """Number of the star that varies with `PERIOD_D`."""
        return int(self.stars.ascc[self._places[3]])

    @property
    def spoilt(self) -> int:
        """Number of the star of which all points are flagged: nothing was measured."""
        return int(self.stars.ascc[self._places[5]])

    @property
    def _places(self) -> NDArray[np.int64]:
        """Where the star made first, second, ... is among the sorted ones."""
        return np.argsort(self.stars.hip, kind="stable")

    @property
    def _made_as(self) -> NDArray[np.int64]:
        return np.argsort(self._places, kind="stable")

    def place(self, camera: str) -> CameraNight:
        return CameraNight(self.output / f"{NIGHT}{camera}", NIGHT, camera)

    def slots(self, batch: int) -> NDArray[np.int64]:
        """Slots of a batch with an exposure."""
        first = batch * BATCH
        return np.arange(first, min(first + BATCH, self.first_slot + self.exposures))

    def seen(self, camera: str, batch: int, kind: Kind = "fast") -> NDArray[np.int64]:
        """Numbers of the stars on the chip in a batch; every eleventh left after the first."""
        made, count = self._made_as, len(self.cameras)
        at_home = made % count
        here = self.cameras.index(camera)
        is_seen = (at_home == here) | ((made % 4 == 0) & ((at_home + 1) % count == here))
        is_seen &= (made % 11 != 10) | (batch == FIRST_BATCH)
        if kind == "fast":
            is_seen &= self.stars.vmag <= 8.4
        return self.stars.ascc[is_seen]

    def merged_stars(self, camera: str, kind: Kind = "fast") -> NDArray[np.int64]:
        """Numbers of the stars with enough points for the night file of a camera."""
        counts: dict[int, int] = {}
        for batch in self.batches:
            for ascc in self.seen(camera, batch, kind).tolist():
                counts[ascc] = counts.get(ascc, 0) + (
                    len(self.slots(batch)) if kind == "fast" else 1
                )
        least = MIN_EXPOSURES if kind == "fast" else 2
        return np.array(
            sorted(ascc for ascc, points in counts.items() if points >= least), np.int64
        )

    def true_flux(self, ascc: Any, jd: Any) -> NDArray[np.float64]:
        """Flux in the largest aperture without noise, ADU per exposure."""
        numbers = np.asarray(ascc)
        vmag = self.stars.vmag[np.searchsorted(self.stars.ascc, numbers)]
        wave = np.where(numbers == self.variable, 0.1, 0.0) * np.sin(2 * np.pi * self.phase(jd))
        return np.asarray(10.0 ** (0.4 * (_ZERO_POINT - vmag)) * (1.0 + wave))

    def phase(self, jd: Any) -> NDArray[np.float64]:
        return np.asarray((np.asarray(jd) - float(jd_of(self.first_slot))) / PERIOD_D)

    def rows(self, camera: str, batch: int, kind: Kind = "fast") -> NDArray[np.void]:
        """Rows of a batch, the same every time, sorted by star and slot."""
        stars = self.seen(camera, batch, kind)
        slots = (
            self.slots(batch) if kind == "fast" else self.slots(batch)[-1:] // BATCH * BATCH + 25
        )
        key = [self.seed, self.cameras.index(camera), batch, kind == "slow"]
        rng = np.random.default_rng(key)
        ascc, slot = np.repeat(stars, len(slots)), np.tile(slots, len(stars))
        return batch_rows(ascc, self._columns(ascc, slot, kind, rng), len(RADII_PX[kind]))

    def _columns(self, ascc: Any, slot: Any, kind: Kind, rng: np.random.Generator) -> Any:
        unique, which = np.unique(slot, return_inverse=True)
        jd = jd_of(unique + 0.5)[which] if len(unique) else np.zeros(0)
        frames = 1 if kind == "fast" else 50
        radii = np.array(RADII_PX[kind])
        flux = self.true_flux(ascc, jd)[:, np.newaxis] * np.array(_APERTURE_PARTS[kind])
        eflux = np.sqrt((np.pi * radii**2 * _SKY_NOISE_ADU**2 + flux / 0.62) / frames)
        flux = flux + rng.normal(0.0, 1.0, flux.shape) * eflux
        pflag = np.where(rng.random(len(ascc)) < 0.02, int(PFlag.MOON), 0)
        pflag |= np.where(flux.min(axis=1, initial=np.inf) < 0, int(PFlag.NEGATIVE), 0)
        spoilt = ascc == self.spoilt
        pflag[spoilt] = int(PFlag.EDGE)
        flux[spoilt], eflux[spoilt] = 0.0, 0.0
        return {
            "flag": lp_flag(pflag, 0, True), "flux": flux, "eflux": eflux,
            "sky": 150.0 + rng.normal(0.0, 1.0, len(ascc)), "esky": _SKY_NOISE_ADU,
            "peak": 150.0 + flux[:, -1] / 12.0, "x": 300.0 + ascc % 977 + 1.24 * (slot % 1000),
            "y": 400.0 + ascc % 877, "alt": 60.0 - (slot % 1000) / 100.0, "az": 120.0,
            "ccdtemp": -15.0 + 0.1 * np.sin(slot / 300), "exptime": 6.3829, "jdmid": jd,
            "lst": slot % SLOTS_PER_DAY * 6.4 / 3600, "lstidx": slot % SLOTS_PER_DAY,
            "lstseq": slot, "pflag": pflag, "aflag": 0,
        }  # fmt: skip

    def write(self, camera: str, batch: int) -> None:
        """Write both temporary files of a batch."""
        place = self.place(camera)
        place.make()
        for kind in ("fast", "slow"):
            write_batch(place.batch(kind, batch), self.batch(camera, batch, kind))

    def batch(self, camera: str, batch: int, kind: Kind = "fast") -> Batch:
        """All of a batch."""
        rows = self.rows(camera, batch, kind)
        slots = np.unique(rows["lstseq"]) if len(rows) else self.slots(batch)[-1:]
        known = np.isin(self.stars.ascc, rows["ascc"])
        station = {"lstseq": slots, "jd": jd_of(slots + 0.5), "exptime": 6.3829,
                   "lst": slots % SLOTS_PER_DAY * 6.4 / 3600}  # fmt: skip
        station |= {"ccdtemp": -15.0} if kind == "fast" else {"nimages": len(self.slots(batch))}
        attributes = {
            "station": "LaPalma", "camera": camera, "night": NIGHT, "naper": len(RADII_PX[kind]),
            **{f"aper{k}": radius for k, radius in enumerate(RADII_PX[kind])},
            "skyrad0": 6.0, "skyrad1": 21.0, "gain": 0.62, "rversion": "1.0",
        }  # fmt: skip
        solution = astrometry_rows({"lstseq": int(slots[len(slots) // 2]), "dr": 0.3}, "{}")
        stars = star_rows(self.stars.select(known))
        return Batch(attributes, stars, rows, exposure_rows(kind, station), solution)

    def merge(self, camera: str, *, keep: bool = False) -> None:
        """Write the night files of a camera and, unless told otherwise, remove its batches."""
        place = self.place(camera)
        for kind, path in (("fast", place.fast_file), ("slow", place.slow_file)):
            write_night_file(path, place.batches(kind), {}, MIN_EXPOSURES, kind)
        if not keep:
            remove_temporary(place)


def write_night(
    output: Path,
    cameras: str = "NESWC",
    stars: int = 300,
    exposures: int = 100,
    merged: bool | Literal["half"] = True,
    seed: int = 1,
) -> MadeNight:
    """Write night files, batches that are not merged yet, or some cameras so and some so.

    Parameters
    ----------
    output : Path
    cameras : str
        Letters.
    stars : int
        Different stars of the night; a quarter of them is too faint for fast light curves.
    exposures : int
        Of each camera, from slot 0 of batch `FIRST_BATCH` on.
    merged : bool or "half"
        Half: the first cameras are merged, the others (half of them, at least one) not yet.
    seed : int
    """
    made = plan_night(output, cameras, stars, exposures, seed)
    save_stars(output / "work", made.stars)
    count = len(made.cameras)
    ready = {True: count, False: 0, "half": count // 2}[merged]
    for place, camera in enumerate(made.cameras):
        for batch in made.batches:
            made.write(camera, batch)
        if place < ready:
            made.merge(camera)
    return made


def plan_night(
    output: Path, cameras: str = "NESWC", stars: int = 300, exposures: int = 100, seed: int = 1
) -> MadeNight:
    """A night of which nothing is on the disk yet."""
    rng = np.random.default_rng(seed)
    made = np.arange(stars)
    ascc, ra_deg, dec_deg = (
        700_001 + made * 373,
        rng.uniform(0, 360, stars),
        rng.uniform(-30, 90, stars),
    )
    vmag = np.where(made % 4 == 3, rng.uniform(8.5, 10.0, stars), rng.uniform(4.5, 8.4, stars))
    hd = np.where(made % 3 == 2, 0, 200_000 + made)
    ascc[0], ra_deg[0], dec_deg[0], vmag[0], hd[0] = HD_189733, 300.18214, 22.71085, 7.67, 189733
    if stars > 3:
        vmag[3] = 6.0
    # The Hipparcos number tells the order in which the stars were made.
    hip = 98_505 + made
    spectype = np.array([b"K1.5V", b"G2V", b"A0"])[made % 3]
    table = StarTable.of(
        ascc=ascc, ra_deg=ra_deg, dec_deg=dec_deg, vmag=vmag, bmag=vmag + 0.6, spectype=spectype,
        hd=hd, hip=hip, variable=(made == 3).astype(int),
    )  # fmt: skip
    ids = tuple(f"LP{letter}" for letter in cameras)
    return MadeNight(output, ids, table.select(np.argsort(ascc)), exposures, seed)
