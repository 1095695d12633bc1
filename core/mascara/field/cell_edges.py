"""Edges of the equal-area cells of the sky, to be drawn."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from ...stars.separations import unit_vectors
from ..report.healpix import NSIDE, cell_count, cell_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_STEPS = 6
_LEAST_REACH = 1e-9


@cache
def cell_edges(nside: int = NSIDE, steps: int = _STEPS) -> Numbers:
    """Closed edges of all cells, counterclockwise as seen from outside of the sphere.

    Parameters
    ----------
    nside : int
        Divisions of the side of one of the twelve base cells.
    steps : int
        Points along each of the four sides of a cell.

    Returns
    -------
    ndarray of float64, shape (cells, 4 * steps, 3)
        By number of the cell. Unit vectors; the axes are those of right ascension and declination.

    Notes
    -----
    In the plane of `healpix.cell_of`, longitude in quarters across and the heights of both
    formulas up, 3/4 z in the belt and 1 - sqrt(3 (1 - z)) / 2 in the caps, each cell is a
    square that stands on a corner.
    """
    across, height = _middles(nside)
    quarter = np.floor(across) + 0.5
    side = np.arange(steps) / steps
    # From the eastern corner by north, west and south.
    right = np.concatenate([1.0 - side, -side, side - 1.0, side])
    up = np.concatenate([side, 1.0 - side, -side, side - 1.0])
    x = across[:, None] + right / (2.0 * nside)
    y = np.clip(height[:, None] + up / (2.0 * nside), -1.0, 1.0)
    edges = np.empty((cell_count(nside), 4 * steps, 3))
    edges[cell_of(*_sky(across, height, quarter), nside)] = unit_vectors(
        *_sky(x, y, quarter[:, None])
    )
    return edges


def _middles(nside: int) -> tuple[Numbers, Numbers]:
    """Middles of all cells in the plane, ring after ring."""
    rings = [_ring(number, nside) for number in range(1, 4 * nside)]
    heights = 1.0 - np.arange(1, 4 * nside) / (2.0 * nside)
    return np.concatenate(rings), np.repeat(heights, [len(ring) for ring in rings])


def _ring(number: int, nside: int) -> Numbers:
    """Middles of the cells of a ring, quarters."""
    from_pole = min(number, 4 * nside - number)
    if from_pole >= nside:
        shift = (number - nside + 1) % 2
        return np.asarray((np.arange(4 * nside) + 0.5 * shift) / nside)
    quarter, place = np.divmod(np.arange(4 * from_pole), from_pole)
    return np.asarray(quarter + 0.5 + (place + 0.5 - 0.5 * from_pole) / nside)


def _sky(x: Numbers, y: Numbers, quarter: Numbers) -> tuple[Numbers, Numbers]:
    """Longitude and latitude, degrees, of places in the plane."""
    reach = 2.0 * (1.0 - np.abs(y))  # 1 where belt and cap meet, 0 at the pole
    in_cap = reach < 1.0
    pulled = (x - quarter) / np.maximum(reach, _LEAST_REACH)
    longitude = np.where(in_cap, quarter + np.clip(pulled, -0.5, 0.5), x)
    z = np.where(in_cap, np.copysign(1.0 - reach**2 / 3.0, y), y / 0.75)
    return longitude * 90.0, np.degrees(np.arcsin(np.clip(z, -1.0, 1.0)))
