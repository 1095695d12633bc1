"""The binned image of a batch: co-added, solved again, measured to the faint limit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...timing.sidereal import SLOTS_PER_DAY, local_h
from ..camera.header_cards import cards_of
from .fast import masked, moon_pixel, photometry_columns, sky_bodies
from .sky_of_batch import pixels_on_chip
from .solving import astrometry_settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..astrometry.solution import Solution
    from ..stacking.stack import Binned
    from .batch_request import BatchRequest
    from .exposures import Exposure
    from .sky_of_batch import BatchSky

    Rows = NDArray[np.void]


class BinnedImage:
    """Co-adds the frames of a batch at the sidereal time of its middle.

    Parameters
    ----------
    job : BatchRequest
    solution : Solution
    shape : tuple of int
        (ny, nx).
    """

    def __init__(self, job: BatchRequest, solution: Solution, shape: tuple[int, int]) -> None:
        from ..stacking.stack import Stack

        self._job = job
        self._solution = solution
        self._stack = Stack(
            solution.model, job.station.latitude_deg, self._lst_h(job.middle_jd), shape
        )
        self._headers: list[Any] = []

    def _lst_h(self, jd: float) -> float:
        return float(local_h(jd, self._job.station.longitude_deg))

    def add(self, exposure: Exposure, solution: Solution) -> None:
        """Add one frame with the solution that holds for it."""
        self._stack.add(exposure.image, self._lst_h(exposure.header.jd), solution.model)
        self._headers.append(exposure.header)

    def measured(self, sky: BatchSky) -> BinnedPoints:
        """Average, solve and measure.

        Parameters
        ----------
        sky : BatchSky
            Stars to the faint limit.
        """
        binned = self._stack.average()
        solution = self._verified(binned, sky)
        rows, moon = self._rows(binned, sky, solution)
        return BinnedPoints(binned, solution, rows, self._station(moon), self._cards(solution))

    def _verified(self, binned: Binned, sky: BatchSky) -> Solution:
        """The solution of the binned image; that of the batch where it cannot be solved."""
        from ..astrometry.solve import verify

        stars = sky.select(sky.astrometric())
        found = verify(
            binned.image,
            stars.vectors(self._job.middle_jd),
            stars.stars.vmag,
            self._solution.model,
            astrometry_settings(self._job, binned.image.shape),
        )
        if found.aflag & ~1:
            return replace(found, model=self._solution.model)
        return found

    def _rows(
        self, binned: Binned, sky: BatchSky, solution: Solution
    ) -> tuple[Rows, tuple[float, float] | None]:
        from ...stars.places import altaz_of
        from ..photometry.apertures import measure
        from ..products.rows import batch_rows, in_order

        job, rules = self._job, self._job.rules
        shape = binned.image.shape
        moon = moon_pixel(solution.model, job.middle_jd, job.station, shape)
        vectors = sky.vectors(job.middle_jd)
        chip = pixels_on_chip(solution.model, vectors, shape, rules.edge_px)
        keep = chip.on_chip & ~masked(job, chip, shape)
        place = chip.x[keep], chip.y[keep]
        found = measure(
            binned.image, *place, rules.slow_radii_px, rules.sky_radii_px,
            rules.gain_e_adu * np.maximum(binned.frames_at(*place), 1), rules.bad_level_adu, moon,
            moon_radius_px=rules.moon_radius_px, noise_ratio=binned.noise_ratio_at(*place),
        )  # fmt: skip
        alt, az = altaz_of(vectors[keep])
        columns = {
            **photometry_columns(found, solution.aflag),
            "x": place[0], "y": place[1], "alt": alt, "az": az,
            "ccdtemp": self._mean("ccdtemp_c"), "exptime": self._mean("exptime_s"),
            "jdmid": self._mean("jd"), "lst": self._lst_h(self._mean("jd")),
            "lstidx": job.middle_slot % SLOTS_PER_DAY, "lstseq": job.middle_slot,
        }  # fmt: skip
        rows = batch_rows(sky.stars.ascc[keep], columns, len(rules.slow_radii_px))
        return in_order([rows]), moon

    def _mean(self, name: str) -> float:
        values = np.array([getattr(header, name) for header in self._headers])
        # Julian dates lose digits when they are summed.
        return float(values[0] + (values - values[0]).mean())

    def _station(self, moon: tuple[float, float] | None) -> dict[str, Any]:
        jd = self._job.middle_jd
        return {
            "lstseq": self._job.middle_slot, "nimages": len(self._headers),
            "exptime": self._mean("exptime_s"), "lst": self._lst_h(jd), "jd": jd,
            "lstmid": self._lst_h(self._mean("jd")), "jdmid": self._mean("jd"),
            **sky_bodies(jd, self._job.station, moon),
        }  # fmt: skip

    def _cards(self, solution: Solution) -> dict[str, Any]:
        jd = self._job.middle_jd
        return {
            "SITE-OBS": self._job.station.name, "CAMERA": self._job.camera[-1],
            "NIMAGES": len(self._headers), "NEXP": len(self._headers),
            "BINNING": len(self._headers), "EXPTIME": self._mean("exptime_s"),
            "CCDTEMP": self._mean("ccdtemp_c"), "LSTSEQ": self._job.middle_slot,
            "LST": self._lst_h(jd), "JD": jd, "LSTMID": self._lst_h(self._mean("jd")),
            "JDMID": self._mean("jd"), **cards_of(solution.model),
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class BinnedPoints:
    """What came of a binned image.

    Parameters
    ----------
    binned : Binned
    solution : Solution
    rows : structured ndarray
        Points, sorted by star.
    station : dict
        Its row of the station table.
    cards : dict
        Header of its file.
    """

    binned: Binned
    solution: Solution
    rows: Rows
    station: dict[str, Any]
    cards: dict[str, Any]
