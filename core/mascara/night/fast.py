"""Fast photometry: every star on every frame, at forced positions."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ...timing.sidereal import SLOTS_PER_DAY, local_h
from .sky_of_batch import OnChip, pixels_on_chip

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...timing.stations import Station
    from ..astrometry.solution import Solution
    from ..camera.model import CameraModel
    from .batch_request import BatchRequest
    from .exposures import Exposure
    from .sky_of_batch import BatchSky

    Numbers = NDArray[np.float64]
    Rows = NDArray[np.void]


class FastPhotometry:
    """Gathers the points of a batch.

    Parameters
    ----------
    job : BatchRequest
    sky : BatchSky
        Stars to measure.
    """

    def __init__(self, job: BatchRequest, sky: BatchSky) -> None:
        self._job = job
        self._sky = sky
        self._parts: list[Rows] = []
        self.exposures: list[dict[str, Any]] = []

    def add(self, exposure: Exposure, solution: Solution, dark_slot: int) -> None:
        """Measure one frame with the solution that holds for it."""
        header, shape = exposure.header, exposure.image.shape
        vectors = self._sky.vectors(header.jd)
        moon = moon_pixel(solution.model, header.jd, self._job.station, shape)
        chip = pixels_on_chip(solution.model, vectors, shape, self._job.rules.edge_px)
        keep = chip.on_chip & ~masked(self._job, chip, shape)
        self._parts.append(self._rows(exposure, vectors[keep], chip, keep, moon, solution.aflag))
        self.exposures.append(station_row(exposure, self._job.station, moon, dark_slot))

    def _rows(
        self,
        exposure: Exposure,
        vectors: Numbers,
        chip: OnChip,
        keep: NDArray[np.bool_],
        moon: tuple[float, float] | None,
        aflag: int,
    ) -> Rows:
        from ...stars.places import altaz_of
        from ..photometry.apertures import measure
        from ..products.rows import batch_rows

        rules, header = self._job.rules, exposure.header
        found = measure(
            exposure.image, chip.x[keep], chip.y[keep], rules.fast_radii_px, rules.sky_radii_px,
            rules.gain_e_adu, rules.bad_level_adu, moon, moon_radius_px=rules.moon_radius_px,
        )  # fmt: skip
        alt, az = altaz_of(vectors)
        columns = {
            **photometry_columns(found, aflag),
            "x": chip.x[keep], "y": chip.y[keep], "alt": alt, "az": az,
            "ccdtemp": header.ccdtemp_c, "exptime": header.exptime_s, "jdmid": header.jd,
            "lst": float(local_h(header.jd, self._job.station.longitude_deg)),
            "lstidx": header.lstseq % SLOTS_PER_DAY, "lstseq": header.lstseq,
        }  # fmt: skip
        return batch_rows(self._sky.stars.ascc[keep], columns, len(rules.fast_radii_px))

    @cached_property
    def rows(self) -> Rows:
        """All points, sorted by star and time."""
        from ..products.rows import in_order

        return in_order(self._parts)


def photometry_columns(found: Any, aflag: int) -> dict[str, Any]:
    """What was measured, as columns, flags translated."""
    from ..photometry.flags import lp_flag

    finite = np.isfinite(found.flux).all(axis=1) & np.isfinite(found.eflux).all(axis=1)
    return {
        "flag": lp_flag(found.pflag, aflag, finite),
        "flux": found.flux, "eflux": found.eflux, "sky": found.sky, "esky": found.esky,
        "peak": found.peak, "pflag": found.pflag, "aflag": aflag,
    }  # fmt: skip


def masked(job: BatchRequest, chip: OnChip, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Stars behind what stands in the view."""
    hidden = np.zeros(chip.x.size, bool)
    for left, right, bottom, top in job.masks(shape):
        in_x = (chip.x >= left) & (chip.x < right)
        hidden |= in_x & (chip.y >= bottom) & (chip.y < top)
    return hidden


def moon_pixel(
    model: CameraModel, jd: float, station: Station, shape: tuple[int, ...]
) -> tuple[float, float] | None:
    """Where the Moon is on the chip; None when it is not."""
    from ...timing.stations import moon_vectors

    x, y, in_front = model.pixels(np.atleast_2d(moon_vectors(jd, station)))
    inside = in_front[0] and -50 <= x[0] < shape[1] + 50 and -50 <= y[0] < shape[0] + 50
    return (float(x[0]), float(y[0])) if inside else None


def sky_bodies(jd: float, station: Station, moon: tuple[float, float] | None) -> dict[str, Any]:
    """Sun and Moon, as the station table of the products names them."""
    from ...timing import stations

    sun, moon_place = stations.sun_radec_deg(jd), stations.moon_radec_deg(jd, station)
    bodies = {
        "sunra": sun[0], "sundec": sun[1], "sunalt": stations.sun_altaz(jd, station)[0],
        "moonra": moon_place[0], "moondec": moon_place[1],
        "moonalt": stations.moon_altaz(jd, station)[0],
        "moonph": stations.moon_phase(jd), "moonmag": stations.moon_magnitude(jd),
    }  # fmt: skip
    numbers = {name: float(np.ravel(value)[0]) for name, value in bodies.items()}
    if moon is not None and min(moon) >= 0:
        return {**numbers, "moonx": round(moon[0]), "moony": round(moon[1])}
    return numbers


def station_row(
    exposure: Exposure, station: Station, moon: tuple[float, float] | None, dark_slot: int
) -> dict[str, Any]:
    """One row of the station table."""
    header, counts = exposure.header, exposure.statistics
    return {
        "lstseq": header.lstseq, "jd": header.jd,
        "lst": float(local_h(header.jd, station.longitude_deg)),
        "exptime": header.exptime_s, "ccdtemp": header.ccdtemp_c,
        "dwldtime": header.download_s, "margtime": header.margin_s,
        "imnzero": counts.zeros, "imnsat": counts.saturated, "imstd": counts.std,
        "immed": counts.median,
        **{f"oversca{side}": round(level) for side, level in enumerate(counts.overscan)},
        "darkfile": dark_slot, **sky_bodies(header.jd, station, moon),
    }  # fmt: skip
