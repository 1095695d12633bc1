"""What is to be measured: every source of the region list with its sky and its star."""

from __future__ import annotations

from dataclasses import dataclass
from operator import is_
from typing import TYPE_CHECKING, NamedTuple

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

        skies, cuts = backgrounds(entries), _cuts(entries)
        found: list[Target] = []
        known, self._known = self._known, {}
        for place, (ident, entry) in enumerate(entries.items(), 1):
            if ident not in skies or len(found) == MOST_TARGETS:
                continue
            parts = _Parts(entry, tuple(entries[sky] for sky in skies[ident]), cuts, shape)
            before = known.get(ident)
            is_same = before is not None and before[0].is_same(parts)
            spots = before[1] if before is not None and is_same else _spots(parts)
            self._known[ident] = parts, spots
            if spots is not None:
                name = entry.text or f"{entry.kind} {place}"
                found.append(Target(ident, name, *spots, is_comparison(entry)))
        return tuple(found)


class _Parts(NamedTuple):
    """What the spots of one source depend on."""

    entry: RegionEntry
    skies: tuple[RegionEntry, ...]
    cuts: tuple[Shape, ...]
    shape: tuple[int, int]

    def is_same(self, other: _Parts) -> bool:
        """Whether all of it are the same objects, which is quick to say."""
        if self.entry is not other.entry or self.shape != other.shape:
            return False
        pairs = (self.skies, other.skies), (self.cuts, other.cuts)
        return all(len(mine) == len(its) and all(map(is_, mine, its)) for mine, its in pairs)


def _spots(parts: _Parts) -> _Spots:
    """Source and sky; None where the source holds no pixel."""
    from ...lightspeed.region_spots import Lead, Spot

    source = _aperture([parts.entry], parts.cuts, parts.shape)
    if source is None:
        return None
    most_px = lock_px(parts.entry) or 0.0
    lead = Lead(source, most_px) if 0.0 < most_px < float("inf") else None
    sky = _aperture(parts.skies, parts.cuts, parts.shape)
    return Spot(source, lead), None if sky is None else Spot(sky, lead)


def _aperture(
    entries: Iterable[RegionEntry], cuts: tuple[Shape, ...], shape: tuple[int, int]
) -> Aperture | None:
    from ...lightspeed.region_spots import Aperture, placed_mask

    shapes = tuple(entry.shape for entry in entries if entry.shape is not None)
    if not shapes:
        return None
    bounds = Aperture(shapes).bounds
    aperture = Aperture(shapes, tuple(cut for cut in cuts if _touch(cut.bounds(), bounds)))
    return aperture if placed_mask(aperture, shape).pixels else None


def _cuts(entries: Mapping[int, RegionEntry]) -> tuple[Shape, ...]:
    excluded = (one for one in entries.values() if one.has_pixels and not one.include)
    return tuple(one.shape for one in excluded if one.shape is not None)


def _touch(one: Bounds, other: Bounds) -> bool:
    across = one[0] <= other[2] and other[0] <= one[2]
    return across and one[1] <= other[3] and other[1] <= one[3]
