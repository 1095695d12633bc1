"""The stars of a batch and where they are seen: catalogue, apparent places, camera model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...timing.sidereal import BATCH_D
from .star_file import load_stars

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...stars.places import Places
    from ...stars.table import StarTable
    from ..camera.model import CameraModel
    from .batch_request import BatchRequest

    Numbers = NDArray[np.float64]
    Mask = NDArray[np.bool_]

_FIELD_COSINE = 0.62
"""No pixel is further than 51 degrees from the axis, pointing errors included."""


class BatchSky:
    """Stars that can be on the chip during a batch.

    Parameters
    ----------
    job : BatchRequest
    stars : StarTable
        Those of the whole catalogue.
    """

    def __init__(self, job: BatchRequest, stars: StarTable) -> None:
        self._job = job
        self.stars = stars

    @classmethod
    def near(cls, job: BatchRequest, axis: Numbers) -> BatchSky:
        """The stars of the catalogue in the hemisphere about a camera's axis (3,)."""
        everything = cls(job, load_stars(Path(job.catalogue)))
        seen = everything.vectors(job.middle_jd) @ axis
        return everything.select(seen > _FIELD_COSINE)

    def select(self, which: Mask) -> BatchSky:
        """Some of the stars."""
        return BatchSky(self._job, self.stars.select(which))

    @cached_property
    def _places(self) -> Places:
        from ...stars.places import Places

        job = self._job
        return Places.of(
            self.stars, job.station, job.middle_jd, job.rules.pressure_hpa, job.rules.temperature_c
        )

    def vectors(self, jd: float) -> Numbers:
        """Observed directions at a Julian date, (n, 3) north, east, up."""
        return self._places.vectors(jd)

    def touching(self, model: CameraModel, shape: tuple[int, int], edge_px: float) -> BatchSky:
        """The stars that are on the chip at the beginning, the middle or the end of the batch."""
        moments = (self._job.middle_jd + part * BATCH_D for part in (-0.5, 0.0, 0.5))
        on_chip = np.zeros(len(self.stars), bool)
        for jd in moments:
            on_chip |= pixels_on_chip(model, self.vectors(jd), shape, edge_px).on_chip
        return self.select(on_chip)

    def astrometric(self) -> Mask:
        """Stars that the astrometry uses."""
        from ...stars.table import astrometry_stars

        rules = self._job.rules
        return np.asarray(
            astrometry_stars(
                self.stars,
                rules.astrometry_bright_vmag,
                rules.astrometry_faint_vmag,
                rules.astrometry_isolation_px,
            )
        )

    def fast(self) -> Mask:
        """Stars measured on every frame."""
        return np.asarray(
            (self.stars.vmag <= self._job.rules.fast_limit_vmag) | self.stars.included
        )


@dataclass(frozen=True, eq=False)
class OnChip:
    """Pixels of stars, and which of them can be measured.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
    on_chip : ndarray of bool, shape (n,)
    """

    x: Numbers
    y: Numbers
    on_chip: Mask


def pixels_on_chip(
    model: CameraModel, vectors: Numbers, shape: tuple[int, int], edge_px: float
) -> OnChip:
    """Where directions fall, and whether that is inside the chip by a margin."""
    x, y, in_front = model.pixels(vectors)
    rows, columns = shape
    inside = (
        (x >= edge_px) & (x < columns - edge_px) & (y >= edge_px) & (y < rows - edge_px)
    )  # fmt: skip
    return OnChip(x, y, in_front & inside)
