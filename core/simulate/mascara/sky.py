"""The stars of a night: real ones, or made up, with enough of them on small chips."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...stars.separations import SCALE_DEG, unit_vectors
from ...stars.synthetic import synthetic_sky
from ...stars.table import (
    NEIGHBOUR_VMAG,
    StarTable,
    astrometry_stars,
    fast_stars,
    read_catalogue,
    with_isolation,
)
from ..hashing import key
from . import mounts
from .optics import Optics
from .places import StarPlaces
from .plan import sample_jds

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ...timing.station import Station
    from .plan import NightPlan

    Numbers = NDArray[np.float64]
    Mask = NDArray[np.bool_]

_STEP_S = 1200.0
_MARGIN_PX = 50.0
_MOTION_PX_S = 0.36
"""Fastest stars, in the corners."""
_SLACK_PX = 100.0
_EDGE_PX = 50.0
"""Stars nearer to the edge are not measured, so they do not count."""
_MORE = 1.25
_SLOPE = 0.5
"""Growth of the counts of stars with magnitude, logarithmic."""
_FIRST_NUMBER = 2_600_000
"""Added stars have numbers beyond those of the catalogue."""


def night_stars(plan: NightPlan, station: Station) -> StarTable:
    """Stars that any camera of a night sees.

    Raises
    ------
    NightglassError
        If a catalogue was given that cannot be read.
    """
    settings = plan.settings
    if settings.catalogue:
        return seen_by_any(plan, station, read_catalogue(settings.catalogue))
    table = synthetic_sky(settings.seed, settings.faintest_vmag, density=settings.density)
    if settings.scale < 1.0:
        return _filled(plan, station, table)
    return seen_by_any(plan, station, table)


def seen_by_any(plan: NightPlan, station: Station, table: StarTable) -> StarTable:
    """Stars that come onto the chip of any camera."""
    on_chip = Passages(plan, station, table).on_chip
    return table.select(np.any([on_chip(camera).any(axis=0) for camera in plan.cameras], axis=0))


class Passages:
    """Which stars are on which chip at some moments of a night.

    Parameters
    ----------
    plan : NightPlan
    station : Station
    table : StarTable
    """

    def __init__(self, plan: NightPlan, station: Station, table: StarTable) -> None:
        self._plan, self._station = plan, station
        jds = sample_jds(plan.settings, _STEP_S)
        places = StarPlaces(table.ra_deg, table.dec_deg, station, jds[0])
        self._vectors = [places.vectors(jd) for jd in jds]
        gap_s = (jds[1] - jds[0]) * 86400.0
        self.margin_px = _MARGIN_PX + 0.5 * gap_s * _MOTION_PX_S

    def on_chip(self, camera: str, margin_px: float | None = None) -> Mask:
        """Mask (moments, n) of stars on the chip, or at most a margin outside it."""
        margin = self.margin_px if margin_px is None else margin_px
        settings = self._plan.settings
        rows, columns = settings.shape
        optics = Optics.of(settings.shape, settings.seed, camera)
        turned = mounts.nominal(settings.site, camera[2], self._station.latitude_deg)
        mount = mounts.Mount(turned, settings.seed, camera, 0.0)
        orientation = mount.orientation(0.0)
        # Only what is within the reach of the corners is worth projecting.
        reach_px = np.hypot(rows, columns) / 2 + 2 * margin + _SLACK_PX
        least = np.cos(np.arctan(reach_px / optics.focal_px))
        found = np.zeros((len(self._vectors), len(self._vectors[0])), np.bool_)
        for row, vectors in zip(found, self._vectors, strict=True):
            near = np.flatnonzero((vectors @ orientation[2] > least) & (vectors[:, 2] > 0.0))
            x, y = optics.project(orientation, vectors[near])
            inside = (x > -margin) & (x < columns + margin) & (y > -margin) & (y < rows + margin)
            row[near] = inside
        return found


def _filled(plan: NightPlan, station: Station, table: StarTable) -> StarTable:
    """Stars that any camera sees, with added ones until every chip always has enough."""
    table = seen_by_any(plan, station, table)
    table = _enough(plan, station, table, _ASTROMETRY)
    return with_isolation(_enough(plan, station, table, _FAST))


class _Wanted(NamedTuple):
    """Stars every chip shall have, and what is added where there are too few."""

    kind: Callable[[StarTable], Mask]
    number: int
    vmag: tuple[float, float]
    clear_px: float
    """Other stars of V < 8 so near to an added one are taken away."""


_ASTROMETRY = _Wanted(astrometry_stars, 112, (4.3, 7.4), 14.0)
_FAST = _Wanted(fast_stars, 325, (8.02, 8.35), 0.0)


def _enough(plan: NightPlan, station: Station, table: StarTable, wanted: _Wanted) -> StarTable:
    """Add stars, ever more of them, until every chip has enough inside its edges."""
    rows, columns = plan.settings.shape
    area_px = (rows - 2 * _EDGE_PX) * (columns - 2 * _EDGE_PX)
    filled = with_isolation(table)
    missing = wanted.number - _fewest(plan, station, filled, wanted)
    per_px = missing / area_px
    while missing > 0:
        filled = with_isolation(seen_by_any(plan, station, _with_more(plan, table, per_px, wanted)))
        missing = wanted.number - _fewest(plan, station, filled, wanted)
        per_px *= _MORE
    return filled


def _fewest(plan: NightPlan, station: Station, table: StarTable, wanted: _Wanted) -> int:
    """Fewest stars of a kind on any chip at any time, edges not counted."""
    kind = wanted.kind(table)
    passages = Passages(plan, station, table.select(kind))
    return min(
        int(passages.on_chip(camera, -_EDGE_PX).sum(axis=1).min()) for camera in plan.cameras
    )


def _with_more(plan: NightPlan, table: StarTable, per_px: float, wanted: _Wanted) -> StarTable:
    """Add stars evenly over the sky, `per_px` in a pixel, and clear what is bright around them."""
    rng = np.random.Generator(np.random.PCG64(key(plan.settings.seed, f"added {wanted.vmag}")))
    vectors = _even(rng, per_px)
    count = len(vectors)
    vmag = _magnitudes(rng, count, *wanted.vmag)
    added = StarTable.of(
        ascc=int(max(table.ascc.max(), _FIRST_NUMBER)) + 1 + np.arange(count),
        ra_deg=np.degrees(np.arctan2(vectors[:, 1], vectors[:, 0])) % 360.0,
        dec_deg=np.degrees(np.arcsin(vectors[:, 2])),
        vmag=vmag,
        bmag=vmag + rng.uniform(0.0, 1.2, count),
    )
    kept = table.select(~((table.vmag < NEIGHBOUR_VMAG) & _near(table, vectors, wanted.clear_px)))
    return _joined(kept, added)


def _even(rng: np.random.Generator, per_px: float) -> Numbers:
    """Directions spread evenly over the sphere (Fibonacci's spiral), each a little displaced."""
    pixel_sr = np.radians(SCALE_DEG) ** 2
    count = int(np.ceil(per_px * 4.0 * np.pi / pixel_sr))
    up = 1.0 - (2.0 * np.arange(count) + 1.0) / count
    turn = np.arange(count) * np.pi * (3.0 - np.sqrt(5.0))
    side = np.sqrt(1.0 - up * up)
    vectors = np.stack([side * np.cos(turn), side * np.sin(turn), up], axis=-1)
    vectors += rng.normal(0.0, 0.1 * np.sqrt(4.0 * np.pi / count), vectors.shape)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1)[:, None])


def _magnitudes(rng: np.random.Generator, count: int, bright: float, faint: float) -> Numbers:
    low, high = 10.0 ** (_SLOPE * bright), 10.0 ** (_SLOPE * faint)
    return np.asarray(np.log10(rng.uniform(low, high, count)) / _SLOPE)


def _near(table: StarTable, vectors: Numbers, limit_px: float) -> Mask:
    """Which stars lie nearer than a limit to one of some directions."""
    from scipy.spatial import cKDTree

    own = unit_vectors(table.ra_deg, table.dec_deg)
    limit = np.radians(limit_px * SCALE_DEG)
    distance, _ = cKDTree(vectors).query(own, distance_upper_bound=limit)
    return np.asarray(np.isfinite(distance))


def _joined(table: StarTable, other: StarTable) -> StarTable:
    columns = {
        name: np.concatenate([values, other.columns()[name]])
        for name, values in table.columns().items()
    }
    return StarTable(**columns)
