"""Which sky belongs to which source."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .entries import RegionEntry


def background_for(entries: Mapping[int, RegionEntry], ident: int) -> tuple[int, ...]:
    """Find the sky of one source.

    Parameters
    ----------
    entries : mapping of int to RegionEntry
    ident : int
        A key of it.

    Returns
    -------
    tuple of int
        In the order of `entries`: the background regions that share a tag with it; else those
        that share none with another source; else all of them. Empty for what is no source.
    """
    return backgrounds(entries).get(ident, ())


def backgrounds(entries: Mapping[int, RegionEntry]) -> dict[int, tuple[int, ...]]:
    """Find the sky of every source at once; see `background_for`."""
    usable = {ident: entry for ident, entry in entries.items() if entry.has_pixels}
    skies = {ident: set(entry.tags) for ident, entry in usable.items() if is_sky(entry)}
    sources = {ident: set(entry.tags) for ident, entry in usable.items() if is_source(entry)}
    users: dict[str, set[int]] = {}
    for ident, tags in sources.items():
        for tag in tags:
            users.setdefault(tag, set()).add(ident)
    claimed = _claimed_by(skies, users)
    return {ident: _choose(ident, tags, skies, claimed) for ident, tags in sources.items()}


def is_sky(entry: RegionEntry) -> bool:
    """Whether it is background, and not taken away."""
    return entry.include and entry.background


def is_source(entry: RegionEntry) -> bool:
    """Whether it is neither background nor taken away."""
    return entry.include and not entry.background


def _claimed_by(
    skies: Mapping[int, set[str]], users: Mapping[str, set[int]]
) -> dict[int, set[int]]:
    """Sources that share a tag with each background region."""
    return {
        sky: set().union(*(users.get(tag, set()) for tag in tags)) for sky, tags in skies.items()
    }


def _choose(
    ident: int,
    tags: set[str],
    skies: Mapping[int, set[str]],
    claimed: Mapping[int, set[int]],
) -> tuple[int, ...]:
    own = tuple(sky for sky, other in skies.items() if tags & other)
    return own or tuple(sky for sky in skies if not claimed[sky] - {ident}) or tuple(skies)
