"""Cells of equal area on the sky: HEALPix numbers in ring order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]
    Whole = NDArray[np.int64]

NSIDE = 8
"""The station's cells: 768 of 7.3 degrees."""


def cell_count(nside: int = NSIDE) -> int:
    """Cells of the whole sky."""
    return 12 * nside * nside


def cell_of(ra_deg: ArrayLike, dec_deg: ArrayLike, nside: int = NSIDE) -> Whole:
    """Number of the cell that a direction lies in.

    Parameters
    ----------
    ra_deg, dec_deg : array_like of float64
        Any right ascension; declination from -90 to 90.
    nside : int
        Divisions of the side of one of the twelve base cells.

    Returns
    -------
    ndarray of int64
        Ring order, 0 at the north pole; -1 where a direction is not finite.

    Notes
    -----
    Gorski et al. 2005, ApJ 622, 759, sections 4 and 5: cell edges are straight in the plane of
    longitude and z = sin(dec) in the equatorial belt, and in that of longitude and
    sqrt(3 (1 - |z|)) in the caps. Counting the edges of both directions between a point and its
    quarter's corner gives ring and place. The first cell of a ring is that at the least right
    ascension from 0 on, as the library of those authors counts; equation 9 puts that of every
    second ring of the belt last.
    """
    ra, dec = np.broadcast_arrays(
        np.asarray(ra_deg, np.float64), np.clip(np.asarray(dec_deg, np.float64), -90.0, 90.0)
    )
    is_finite = np.isfinite(ra) & np.isfinite(dec)
    quarter = np.where(is_finite, ra, 0.0) % 360.0 / 90.0 % 4.0
    z = np.sin(np.radians(np.where(is_finite, dec, 0.0)))
    in_belt = np.abs(z) <= 2.0 / 3.0
    cells = np.where(in_belt, _belt(quarter, z, nside), _cap(quarter, z, nside))
    return np.asarray(np.where(is_finite, cells, -1), np.int64)


def _belt(quarter: Numbers, z: Numbers, nside: int) -> Whole:
    across, along = nside * (0.5 + quarter), 0.75 * nside * z
    falling, rising = np.floor(across - along), np.floor(across + along)
    ring = nside + falling - rising  # 0 for the uppermost ring of the belt
    shift = 1 + (ring.astype(np.int64) & 1)
    place = (falling + rising - nside + shift).astype(np.int64) // 2 % (4 * nside)
    before = 2 * nside * (nside - 1) + ring.astype(np.int64) * 4 * nside
    return np.asarray(before + place, np.int64)


def _cap(quarter: Numbers, z: Numbers, nside: int) -> Whole:
    part = quarter - np.floor(quarter)
    reach = nside * np.sqrt(3.0 * np.maximum(1.0 - np.abs(z), 0.0))
    ring = (np.floor(part * reach) + np.floor((1.0 - part) * reach)).astype(np.int64) + 1
    ring = np.minimum(ring, nside)
    place = np.minimum(np.floor(quarter * ring), 4 * ring - 1).astype(np.int64)
    north = 2 * ring * (ring - 1) + place
    south = cell_count(nside) - 2 * ring * (ring + 1) + place
    return np.asarray(np.where(z > 0, north, south), np.int64)
