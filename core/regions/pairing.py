"""Which sky belongs to which source."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .entries import RegionEntry


def backgrounds(entries: Mapping[int, RegionEntry]) -> dict[int, tuple[int, ...]]:
    """Find the sky of every source.

    Returns
    -------
    dict of int to tuple of int
        For each source in the order of `entries`: the background regions that share a tag with
        it; else those that share none with another source; else all of them.
    """
    usable = {ident: entry for ident, entry in entries.items() if entry.has_pixels}
    skies = {ident: entry.tags for ident, entry in usable.items() if is_sky(entry)}
    sources = {ident: entry.tags for ident, entry in usable.items() if is_source(entry)}
    used = {tag for tags in set(sources.values()) for tag in tags}
    shared = tuple(sky for sky, tags in skies.items() if used.isdisjoint(tags)) or tuple(skies)
    own = _own_skies(set(sources.values()), skies)
    return {ident: own[tags] or shared for ident, tags in sources.items()}


def is_sky(entry: RegionEntry) -> bool:
    """Whether it is background, and not taken away."""
    return entry.include and entry.background


def is_source(entry: RegionEntry) -> bool:
    """Whether it is neither background nor taken away."""
    return entry.include and not entry.background


def _own_skies(
    wanted: Iterable[tuple[str, ...]], skies: Mapping[int, tuple[str, ...]]
) -> dict[tuple[str, ...], tuple[int, ...]]:
    """Background regions that share a tag with each of some sets of tags, in their order."""
    places = {sky: place for place, sky in enumerate(skies)}
    tagged: dict[str, set[int]] = {}
    for sky, tags in skies.items():
        for tag in tags:
            tagged.setdefault(tag, set()).add(sky)
    found = {tags: set().union(*(tagged.get(tag, ()) for tag in tags)) for tags in wanted}
    return {tags: tuple(sorted(own, key=places.__getitem__)) for tags, own in found.items()}
