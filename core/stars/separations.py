"""Distances between stars, by a tree of unit vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]
    Pairs = tuple[NDArray[np.int64], NDArray[np.int64], Numbers]

SCALE_DEG = 9e-3 / 24.0 * 180.0 / np.pi
"""Degrees of a pixel in the middle of the chip: 9 um behind 24 mm."""
_LEAST_RATIO = 0.01


def unit_vectors(lon_deg: ArrayLike, lat_deg: ArrayLike) -> Numbers:
    """Directions (n, 3) of longitudes and latitudes in degrees."""
    lon, lat = np.radians(lon_deg), np.radians(lat_deg)
    outward = np.cos(lat)
    return np.stack([outward * np.cos(lon), outward * np.sin(lon), np.sin(lat)], axis=-1)


def nearest_px(ra_deg: Numbers, dec_deg: Numbers, neighbours: NDArray[np.bool_]) -> Numbers:
    """Distance of the nearest other star among `neighbours`, pixels; infinite without any."""
    from scipy.spatial import KDTree

    if not neighbours.any():
        return np.full(ra_deg.shape, np.inf)
    vectors = unit_vectors(ra_deg, dec_deg)
    # A star that counts as a neighbour finds itself first.
    chords = np.asarray(KDTree(vectors[neighbours]).query(vectors, k=2)[0])
    return _pixels(np.where(neighbours, chords[:, 1], chords[:, 0]))


def blend_values(ra_deg: Numbers, dec_deg: Numbers, vmag: Numbers, radius_px: float) -> Numbers:
    """Largest part that any neighbour has in a star's aperture, 0 to 1, see `with_blending`."""
    one, other, apart_px = _pairs(unit_vectors(ra_deg, dec_deg), 2.0 * radius_px)
    share = 1.0 - apart_px / (2.0 * radius_px)
    values = np.zeros(vmag.shape)
    for star, neighbour in ((one, other), (other, one)):
        ratio = 10.0 ** (0.4 * (vmag[star] - vmag[neighbour]))
        seen = np.where(ratio >= _LEAST_RATIO, np.minimum(ratio, 1.0), 0.0)
        np.maximum.at(values, star, share * seen)
    return values


def _pairs(vectors: Numbers, within_px: float) -> Pairs:
    """Indices of stars nearer than some pixels to each other, and how far they are apart."""
    from scipy.spatial import KDTree

    chord = 2.0 * np.sin(np.radians(within_px * SCALE_DEG) / 2.0)
    pairs = KDTree(vectors).query_pairs(chord, output_type="ndarray")
    one, other = pairs[:, 0], pairs[:, 1]
    apart_px = _pixels(np.linalg.norm(vectors[one] - vectors[other], axis=1))
    return one, other, np.minimum(apart_px, within_px)


def _pixels(chords: Numbers) -> Numbers:
    """Pixels along a great circle of chords of the unit sphere; infinite ones stay."""
    angle_deg = np.degrees(2.0 * np.arcsin(np.minimum(chords, 2.0) / 2.0))
    return np.where(np.isfinite(chords), angle_deg / SCALE_DEG, np.inf)
