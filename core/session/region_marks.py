"""What tags say about regions: pairs of source and sky, comparison stars, locks to a star."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from ..regions.entries import RegionEntry
from ..regions.geometry.placement import middle
from ..regions.shapes import Annulus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Entries = Mapping[int, RegionEntry]

COMPARISON = "comparison"
"""Tag of a star that light curves are divided by."""

LOCK = "lock="
"""Start of the tag of a region that follows its star; the largest shift in pixels comes after."""

USUAL_SHIFT_PX = 5.0
SKY_RADII = 2.0, 3.0
"""Inner and outer radius of a ring of sky, in radii of the source."""


def is_comparison(entry: RegionEntry) -> bool:
    """Whether light curves are divided by it."""
    return COMPARISON in entry.tags


def lock_px(entry: RegionEntry) -> float | None:
    """How far it may follow its star, pixels; None where it stays."""
    for tag in entry.tags:
        if tag.startswith(LOCK):
            try:
                return float(tag.removeprefix(LOCK))
            except ValueError:
                return None
    return None


def plain_tags(entry: RegionEntry) -> tuple[str, ...]:
    """Its groups, without the tags that mean something of their own."""
    return tuple(tag for tag in entry.tags if tag != COMPARISON and not tag.startswith(LOCK))


def with_comparison(entry: RegionEntry, is_on: bool) -> RegionEntry:
    """Let light curves be divided by it, or no longer."""
    tags = tuple(tag for tag in entry.tags if tag != COMPARISON)
    return replace(entry, tags=(*tags, COMPARISON) if is_on else tags)


def with_lock(entry: RegionEntry, shift_px: float | None) -> RegionEntry:
    """Let it follow its star by up to `shift_px` pixels; None lets it stay."""
    tags = tuple(tag for tag in entry.tags if not tag.startswith(LOCK))
    return replace(entry, tags=tags if shift_px is None else (*tags, f"{LOCK}{shift_px:g}"))


def with_plain_tags(entry: RegionEntry, tags: Iterable[str]) -> RegionEntry:
    """Put it into other groups; comparison and lock stay."""
    special = [tag for tag in entry.tags if tag not in plain_tags(entry)]
    return replace(entry, tags=tuple(dict.fromkeys([*tags, *special])))


def grouped(entries: Entries, tag: str) -> dict[int, RegionEntry]:
    """Put regions into a group, besides those they are in; gives those that were not."""
    return {
        i: replace(entry, tags=(*entry.tags, tag))
        for i, entry in entries.items()
        if tag not in entry.tags
    }


def ungrouped(entries: Entries) -> dict[int, RegionEntry]:
    """Take regions out of all their groups; gives those that were in one."""
    return {i: with_plain_tags(entry, ()) for i, entry in entries.items() if plain_tags(entry)}


def compared(entries: Entries) -> dict[int, RegionEntry]:
    """Make comparison stars of regions, or plain ones where all are comparison stars."""
    is_on = not all(map(is_comparison, entries.values()))
    return {i: with_comparison(e, is_on) for i, e in entries.items() if is_comparison(e) != is_on}


def locked(entries: Entries) -> dict[int, RegionEntry]:
    """Let regions follow their stars, or stay where all of them follow."""
    is_on = any(lock_px(entry) is None for entry in entries.values())
    shift = USUAL_SHIFT_PX if is_on else None
    return {
        i: with_lock(entry, shift)
        for i, entry in entries.items()
        if entry.has_pixels and (lock_px(entry) is None) == is_on
    }


def with_sky(entries: Entries, chosen: Iterable[int]) -> dict[int, tuple[RegionEntry, RegionEntry]]:
    """Ring regions with sky, each pair with a tag of its own.

    Parameters
    ----------
    entries : mapping of int to RegionEntry
        All regions; their tags are not used again.
    chosen : iterable of int
        Regions to ring; what holds no pixels or is sky itself is left out.

    Returns
    -------
    dict of int to pair of RegionEntry
        The region with its new tag, and its ring.
    """
    taken = {tag for entry in entries.values() for tag in entry.tags}
    names = (name for name in map("pair {}".format, count(1)) if name not in taken)
    pairs: dict[int, tuple[RegionEntry, RegionEntry]] = {}
    for ident in chosen:
        entry = entries[ident]
        if entry.has_pixels and not entry.background:
            tag = next(names)
            tagged = replace(entry, tags=(*entry.tags, tag))
            pairs[ident] = tagged, replace(_ring_round(entry), tags=(tag,))
    return pairs


def _ring_round(entry: RegionEntry) -> RegionEntry:
    assert entry.shape is not None  # it has pixels
    left, bottom, right, top = entry.shape.bounds()
    radius = max(right - left, top - bottom) / 2
    ring = Annulus(*middle(entry.shape), *(factor * radius for factor in SKY_RADII))
    kept = {k: v for k, v in entry.properties.items() if k in {"color", "width"}}
    return RegionEntry("annulus", ring, background=True, properties=kept, system=entry.system)
