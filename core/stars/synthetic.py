"""A sky that could be real: as many stars of each magnitude, crowded along the Milky Way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .separations import unit_vectors
from .table import StarTable, with_isolation

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

# Stars brighter than V in the field of one camera, the mean over the sky; ends are extrapolated.
_COUNTS_VMAG = np.array([-1.5, 0.0, 2.0, 4.0, 5.0, 6.0, 7.0, 7.5, 8.0, 8.4, 9.0, 10.0, 12.0])
_COUNTS = np.array(
    [0.087, 0.35, 4.2, 45.0, 140.0, 420.0, 1250.0, 2200.0, 3700.0, 6000.0, 10500.0, 30000.0, 2e5]
)
_CAMERA_SKY = 0.0867
_SPHERE_SR = 4.0 * np.pi
_LARGEST_NUMBER = 2_501_313
_GALACTIC_POLE_DEG = (192.85948, 27.12825)
# Density over |sin b|: the plane holds five times as many stars as the poles.
_PLANE, _PLANE_WIDTH = 4.0, 0.2
# Spectral class, where it begins in B-V, and its share of the stars at these magnitudes.
_CLASSES = "BAFGKM"
_CLASS_BV = np.array([-0.25, -0.05, 0.30, 0.58, 0.85, 1.45, 1.75])
_CLASS_SHARE = np.array([0.10, 0.21, 0.17, 0.14, 0.31, 0.07])


def synthetic_sky(
    seed: int,
    faintest_vmag: float = 10.0,
    *,
    density: float = 1.0,
    centre_deg: tuple[float, float] | None = None,
    radius_deg: float = 180.0,
) -> StarTable:
    """Make up the stars of the sky, or of a part of it.

    Parameters
    ----------
    seed : int
        Same seed and settings, same stars.
    faintest_vmag : float
        Down to V 12.
    density : float
        How many times more stars than the real sky has.
    centre_deg : tuple of float, optional
        Right ascension and declination of the middle of a cap; the whole sky without.
    radius_deg : float
        Of the cap.

    Returns
    -------
    StarTable
        By growing ASCC-like number, which runs from the north pole to the south pole in zones of
        one degree as the real numbers do. Counts of magnitudes follow those of the stations'
        cameras.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    axis = unit_vectors(*(centre_deg or (0.0, 90.0)))
    least = np.cos(np.radians(radius_deg)) if centre_deg is not None else -1.0
    expected = _all_sky(faintest_vmag) * density
    vectors = _scattered(rng, expected, axis, float(least))
    vmag = _magnitudes(rng, len(vectors), faintest_vmag)
    colour, spectype = _spectra(rng, len(vectors))
    ra_deg = np.degrees(np.arctan2(vectors[:, 1], vectors[:, 0])) % 360.0
    dec_deg = np.degrees(np.arcsin(vectors[:, 2]))
    order = np.lexsort((ra_deg, np.floor(-dec_deg)))
    table = StarTable.of(
        ascc=_numbers(dec_deg[order]),
        # As many digits as catalogues have, so that a copy as text is the same sky.
        ra_deg=np.round(ra_deg[order], 7) % 360.0,
        dec_deg=np.round(dec_deg[order], 7),
        vmag=np.round(vmag[order], 3),
        bmag=np.round(vmag[order] + colour[order], 3),
        spectype=spectype[order],
    )
    return with_isolation(table)


def _all_sky(vmag: float) -> float:
    """Stars of the sky brighter than V."""
    return float(10.0 ** np.interp(vmag, _COUNTS_VMAG, np.log10(_COUNTS)) / _CAMERA_SKY)


def _scattered(rng: Generator, expected: float, axis: Numbers, least: float) -> Numbers:
    """Directions (n, 3) within a cap, denser towards the galactic plane.

    `expected` is their number over the whole sphere.
    """
    share = (1.0 - least) / 2.0
    peak = (1.0 + _PLANE) / _mean_density()
    count = rng.poisson(expected * share * peak)
    vectors = _in_cap(rng, count, axis, least)
    height = np.abs(vectors @ unit_vectors(*_GALACTIC_POLE_DEG))
    chance = (1.0 + _PLANE * np.exp(-height / _PLANE_WIDTH)) / (1.0 + _PLANE)
    return np.asarray(vectors[rng.random(count) < chance])


def _mean_density() -> float:
    """Mean of the density over the sphere, in terms of that at the poles."""
    return float(1.0 + _PLANE * _PLANE_WIDTH * (1.0 - np.exp(-1.0 / _PLANE_WIDTH)))


def _in_cap(rng: Generator, count: int, axis: Numbers, least: float) -> Numbers:
    """Directions evenly over the cap whose cosine to an axis is at least `least`."""
    cosine = rng.uniform(least, 1.0, count)
    turn = rng.uniform(0.0, 2.0 * np.pi, count)
    aside = np.cross(axis, [1.0, 0.0, 0.0] if abs(axis[0]) < 0.9 else [0.0, 1.0, 0.0])
    aside /= np.linalg.norm(aside)
    across = np.cos(turn)[:, None] * aside + np.sin(turn)[:, None] * np.cross(axis, aside)
    sine = np.sqrt(1.0 - cosine**2)
    return np.asarray(cosine[:, None] * axis + sine[:, None] * across)


def _magnitudes(rng: Generator, count: int, faintest_vmag: float) -> Numbers:
    """Magnitudes by the counts."""
    logs = np.log10(_COUNTS)
    brighter = rng.random(count) * 10.0 ** np.interp(faintest_vmag, _COUNTS_VMAG, logs)
    return np.asarray(np.interp(np.log10(np.maximum(brighter, _COUNTS[0])), logs, _COUNTS_VMAG))


def _spectra(rng: Generator, count: int) -> tuple[Numbers, NDArray[np.bytes_]]:
    """B-V and spectral type."""
    kind = rng.choice(len(_CLASSES), count, p=_CLASS_SHARE)
    part = rng.random(count)
    colour = _CLASS_BV[kind] + part * (_CLASS_BV[kind + 1] - _CLASS_BV[kind])
    giant = colour > rng.uniform(0.7, 1.3, count)
    words = [f"{letter}{digit}{size}".encode() for letter in _CLASSES for digit in range(10)
             for size in ("V", "III")]  # fmt: skip
    index = (kind * 10 + (part * 10.0).astype(np.int64)) * 2 + giant
    return colour, np.array(words, "S9")[index]


def _numbers(dec_deg: Numbers) -> NDArray[np.int64]:
    """Growing numbers, each but once, about where the real catalogue has this declination."""
    zone, first, count = np.unique(np.floor(-dec_deg), return_index=True, return_counts=True)
    north, south = (np.sin(np.radians(edge)) for edge in (zone, zone + 1.0))
    steps = np.arange(dec_deg.size)
    within = (steps - np.repeat(first, count)) / np.repeat(count, count)
    part = (1.0 + np.repeat(north, count) + np.repeat(south - north, count) * within) / 2.0
    wanted = np.asarray(part * _LARGEST_NUMBER, np.int64)
    return np.asarray(np.maximum.accumulate(wanted - steps) + steps + 1)
