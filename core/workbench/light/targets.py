"""What is to be measured: every source of the region list with its sky and its star."""

from __future__ import annotations

from dataclasses import dataclass
from operator import is_
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...session.region_marks import is_comparison, lock_px

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...lightspeed.region_spots import Aperture, Spot
    from ...regions.entries import RegionEntry
    from ...regions.shapes import Bounds, Shape

    _Spots = tuple[Spot, Spot | None] | None

MOST_TARGETS = 100
"""So many curves are kept; each takes 24 bytes a frame."""


@dataclass(frozen=True)
class Target:
    """One source.

    Attributes
    ----------
    ident : int
        Its number in the region list.
    name : str
        What the observer calls it, or its kind and place.
    source : Spot
    sky : Spot or None
    is_comparison : bool
        Whether others are compared with it.
    """

    ident: int
    name: str
    source: Spot
    sky: Spot | None
    is_comparison: bool

    @property
    def spots(self) -> tuple[Spot, ...]:
        """What has to be counted for it."""
        return (self.source,) if self.sky is None else (self.source, self.sky)


class TargetFinder:
    """Finds the sources of a region list; only what has changed since is looked at."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[_Parts, _Spots]] = {}
        self._skies: dict[tuple[int, ...], _Sky] = {}
        self._cuts = _Cuts()

    def find(
        self, entries: Mapping[int, RegionEntry], shape: tuple[int, int]
    ) -> tuple[Target, ...]:
        """Find the sources that hold a pixel, in the order of the list.

        Excluded regions cut every source and every sky they touch.

        Parameters
        ----------
        entries : mapping of int to RegionEntry
        shape : (rows, columns)
            Of the frames.
        """
        from ...regions.pairing import backgrounds

        self._cuts, skies_of = self._cuts.renewed(entries), backgrounds(entries)
        found: list[Target] = []
        skies: dict[tuple[int, ...], _Sky] = {}
        known, self._known = self._known, {}
        for place, (ident, entry) in enumerate(entries.items(), 1):
            if ident not in skies_of:
                continue
            of = skies_of[ident]
            if of not in skies:
                skies[of] = self._sky(of, tuple(entries[sky] for sky in of), shape)
            parts = _Parts(entry, skies[of], self._cuts, shape)
            before = known.get(ident)
            spots = before[1] if before and before[0].is_same(parts) else _spots(parts)
            self._known[ident] = parts, spots
            if spots is not None:
                name = entry.text or f"{entry.kind} {place}"
                found.append(Target(ident, name, *spots, is_comparison(entry)))
            if len(found) == MOST_TARGETS:
                break
        self._skies = skies
        return tuple(found)

    def _sky(
        self, of: tuple[int, ...], entries: tuple[RegionEntry, ...], shape: tuple[int, int]
    ) -> _Sky:
        """Sky that may be that of many sources: the same object as long as it is the same."""
        before = self._skies.get(of)
        is_same = before is not None and _is_same(before.entries, entries)
        if before is not None and is_same and before[1:3] == (self._cuts, shape):
            return before
        return _Sky(entries, self._cuts, shape, _aperture(entries, self._cuts, shape))


class _Sky(NamedTuple):
    """Background regions together, and what they depend on."""

    entries: tuple[RegionEntry, ...]
    cuts: _Cuts
    shape: tuple[int, int]
    aperture: Aperture | None


class _Parts(NamedTuple):
    """What the spots of one source depend on."""

    entry: RegionEntry
    sky: _Sky
    cuts: _Cuts
    shape: tuple[int, int]

    def is_same(self, other: _Parts) -> bool:
        """Whether all of it are the same objects, which is quick to say."""
        return self.shape == other.shape and _is_same(self[:3], other[:3])


def _is_same(before: tuple[object, ...], now: tuple[object, ...]) -> bool:
    """Whether these are the same objects."""
    return len(before) == len(now) and all(map(is_, before, now))


def _spots(parts: _Parts) -> _Spots:
    """Source and sky; None where the source holds no pixel."""
    from ...lightspeed.region_spots import Lead, Spot

    source = _aperture([parts.entry], parts.cuts, parts.shape)
    if source is None:
        return None
    most_px = lock_px(parts.entry) or 0.0
    lead = Lead(source, most_px) if 0.0 < most_px < float("inf") else None
    sky = parts.sky.aperture
    return Spot(source, lead), None if sky is None else Spot(sky, lead)


def _aperture(
    entries: Iterable[RegionEntry], cuts: _Cuts, shape: tuple[int, int]
) -> Aperture | None:
    from ...lightspeed.region_spots import Aperture, holds_pixels

    shapes = tuple(entry.shape for entry in entries if entry.shape is not None)
    if not shapes:
        return None
    aperture = Aperture(shapes, cuts.that_touch(Aperture(shapes).bounds))
    return aperture if holds_pixels(aperture, shape) else None


class _Cuts:
    """Shapes that are taken out of all others."""

    def __init__(self, shapes: tuple[Shape, ...] = ()) -> None:
        self.shapes = shapes
        bounds = [shape.bounds() for shape in shapes]
        self._bounds = np.array(bounds, np.float64).reshape(-1, 4)

    def that_touch(self, bounds: Bounds) -> tuple[Shape, ...]:
        """Those of which something lies in these bounds."""
        if not self.shapes:
            return ()
        left, bottom, right, top = self._bounds.T
        across = (left <= bounds[2]) & (bounds[0] <= right)
        near = np.flatnonzero(across & (bottom <= bounds[3]) & (bounds[1] <= top))
        return tuple(self.shapes[place] for place in near)

    def renewed(self, entries: Mapping[int, RegionEntry]) -> _Cuts:
        """Those of some regions; this object where they are the same ones."""
        excluded = (one for one in entries.values() if not one.include and one.has_pixels)
        shapes = tuple(one.shape for one in excluded if one.shape is not None)
        return self if _is_same(self.shapes, shapes) else _Cuts(shapes)
