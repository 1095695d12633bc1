"""The whole sky over a station as its cameras saw it in one batch, in altitude and azimuth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ...stars.places import vectors_of
from ..report.healpix import cell_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...timing.station import Station

    Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class SeenCell:
    """A cell of the sky that a batch measured.

    Attributes
    ----------
    number : int
        HEALPix number, see `report.healpix`.
    transparency : float
        Part of the light of a clear sky that arrived: mean of the cameras, weighted with stars.
    zero_point_mag : float
        In the same way; NaN where nothing arrived.
    stars : int
        Of all cameras.
    cameras : tuple of (str, float, int)
        Each camera's transparency and stars.
    """

    number: int
    transparency: float
    zero_point_mag: float
    stars: int
    cameras: tuple[tuple[str, float, int], ...]


@dataclass(frozen=True, eq=False)
class ChipOutline:
    """Where a camera looks.

    Attributes
    ----------
    camera : str
    is_measured : bool
        Whether it has light curves of this batch; else this is where it looked last.
    edge_deg : ndarray of float64, shape (n, 2)
        Altitude and azimuth along the edge of its chip.
    """

    camera: str
    is_measured: bool
    edge_deg: Numbers


@dataclass(frozen=True, eq=False)
class SkyStars:
    """Stars above the horizon, the bright ones first; columns of shape (n,).

    Attributes
    ----------
    ascc : ndarray of int64
    hd, hip : ndarray of int32
        0 where there is none.
    vmag, alt_deg, az_deg : ndarray of float64
    transparency : ndarray of float64
        By the star itself; NaN where it was not measured or its point is spoilt.
    is_measured : ndarray of bool
        Whether a camera saw it in this batch.
    """

    ascc: NDArray[np.int64]
    hd: NDArray[np.int32]
    hip: NDArray[np.int32]
    vmag: Numbers
    alt_deg: Numbers
    az_deg: Numbers
    transparency: Numbers
    is_measured: NDArray[np.bool_]

    def __len__(self) -> int:
        return self.ascc.size


@dataclass(frozen=True, eq=False)
class SkyView:
    """The sky in the middle of a batch. Angles in degrees, azimuths from north through east.

    Attributes
    ----------
    batch : int
        Its number.
    jd : float
        Julian date, UTC.
    station : Station
    cells : tuple of SeenCell
    cell_edges_deg : ndarray of float64, shape (cells, n, 2)
        Altitude and azimuth along the edge of each.
    chips : tuple of ChipOutline
    stars : SkyStars
    sun_deg, moon_deg : tuple of float
        Altitude and azimuth.
    moon_phase : float
        Illuminated part.
    matrix : ndarray of float64, shape (3, 3)
        From right ascension and declination to north, east and up.
    """

    batch: int
    jd: float
    station: Station
    cells: tuple[SeenCell, ...]
    cell_edges_deg: Numbers
    chips: tuple[ChipOutline, ...]
    stars: SkyStars
    sun_deg: tuple[float, float]
    moon_deg: tuple[float, float]
    moon_phase: float
    matrix: Numbers

    @cached_property
    def _by_number(self) -> dict[int, SeenCell]:
        return {cell.number: cell for cell in self.cells}

    def radec(self, alt_deg: float, az_deg: float) -> tuple[float, float]:
        """Right ascension and declination at a place, good to half a degree at the horizon."""
        x, y, z = (vectors_of([alt_deg], [az_deg]) @ self.matrix)[0]
        return float(np.degrees(np.arctan2(y, x)) % 360.0), float(np.degrees(np.arcsin(z)))

    def cell_at(self, alt_deg: float, az_deg: float) -> SeenCell | None:
        """The measured cell at a place."""
        return self._by_number.get(int(cell_of(*self.radec(alt_deg, az_deg))))
