"""The stars of a night where a camera sees them, moment after moment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError, translate
from ...stars.separations import unit_vectors
from ..night.star_file import load_stars, newest_stars

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...stars.table import StarTable
    from ...timing.station import Station
    from ..camera.model import CameraModel
    from ..settings import ReductionSettings

    Numbers = NDArray[np.float64]

_FIELD_COSINE = 0.62
"""No pixel is further than 51 degrees from the axis."""


@dataclass(frozen=True, eq=False)
class ChipStars:
    """Stars of the catalogue that fall on a chip at one moment.

    Attributes
    ----------
    table : StarTable
    x, y : ndarray of float64, shape (n,)
        Pixels from 0.
    """

    table: StarTable
    x: Numbers
    y: Numbers


def stars_of_night(output: Path) -> StarTable:
    """The star table that the workers of a reduction read.

    Raises
    ------
    NightglassError
        If there is none (yet).
    """
    found = newest_stars(Path(output))
    if found is None:
        raise NightglassError(
            "The stars of the night are not known",
            f"{Path(output) / 'work'} holds no star table.",
            "It is written when the reduction starts; start it again.",
            Path(output),
        )
    try:
        return load_stars(found)
    except OSError as error:
        raise translate(error, found) from error


def stars_on_chip(
    table: StarTable,
    model: CameraModel,
    station: Station,
    jd: float,
    rules: ReductionSettings,
    faintest_vmag: float,
) -> ChipStars:
    """Find the stars on a chip at a moment, where the reduction has them, to the last bit.

    Parameters
    ----------
    table : StarTable
    model : CameraModel
    station : Station
    jd : float
        Julian date, UTC.
    rules : ReductionSettings
        Tell of the air.
    faintest_vmag : float
        Fainter ones are left out, unless the catalogue includes them whatever they are.
    """
    from ...stars.places import LocalSky, Places

    bright = table.select((table.vmag <= faintest_vmag) | table.included)
    axis = model.pointing.matrix[2]
    local = unit_vectors(bright.ra_deg, bright.dec_deg) @ LocalSky.at(station, jd).matrix.T
    near = bright.select(local @ axis > _FIELD_COSINE)
    places = Places.of(near, station, jd, rules.pressure_hpa, rules.temperature_c)
    x, y, in_front = model.pixels(places.vectors(jd))
    with np.errstate(invalid="ignore"):
        on_chip = in_front & (x >= 0) & (x <= model.nx - 1) & (y >= 0) & (y <= model.ny - 1)
    return ChipStars(near.select(on_chip), x[on_chip], y[on_chip])
