"""What keys and menus do to the regions selected: changes for `RegionList.edit`.

Each function takes regions by number and gives only those it changes. What the file forbids
(``move=0``, ``edit=0``, ``rotate=0``, ``delete=0``, ``select=0``) stays as it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..regions.geometry.placement import moved
from ..regions.marks import Sketch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..regions.entries import RegionEntry

    Entries = Mapping[int, RegionEntry]


def may(entry: RegionEntry, deed: str) -> bool:
    """Whether the observer may do this to a region.

    Parameters
    ----------
    entry : RegionEntry
    deed : {"select", "move", "edit", "rotate", "delete"}
        The DS9 property that forbids it when it is 0. What is only kept, and not understood well
        enough to be written anew, can be selected and deleted.
    """
    if entry.properties.get(deed, "1") == "0":
        return False
    is_kept = entry.shape is None or isinstance(entry.shape, Sketch)
    return deed in {"select", "delete"} or not is_kept


def nudged(entries: Entries, dx: float, dy: float) -> dict[int, RegionEntry]:
    """Push regions by pixels right and up."""
    return {
        ident: replace(entry, shape=moved(entry.shape, dx, dy))
        for ident, entry in entries.items()
        if entry.shape is not None and may(entry, "move")
    }


def deletable(entries: Entries) -> tuple[int, ...]:
    """Those that may be deleted."""
    return tuple(ident for ident, entry in entries.items() if may(entry, "delete"))


def duplicated(entries: Iterable[RegionEntry], dx: float, dy: float) -> tuple[RegionEntry, ...]:
    """New regions beside those given, in the same order; what is only kept has no second."""
    return tuple(
        replace(entry.detached(), shape=moved(entry.shape, dx, dy), raw="")
        for entry in entries
        if entry.shape is not None and not isinstance(entry.shape, Sketch)
    )


def included(entries: Entries, is_included: bool) -> dict[int, RegionEntry]:
    """Count the pixels of regions, or cut them out of the others."""
    return _changed(entries, {i: replace(e, include=is_included) for i, e in entries.items()})


def as_background(entries: Entries, is_background: bool) -> dict[int, RegionEntry]:
    """Let regions be sky, or sources."""
    return _changed(entries, {i: replace(e, background=is_background) for i, e in entries.items()})


def with_property(entries: Entries, name: str, value: str) -> dict[int, RegionEntry]:
    """Give regions a property of DS9."""
    changes = {
        ident: replace(entry, properties={**entry.properties, name: value})
        for ident, entry in entries.items()
    }
    return _changed(entries, changes)


def _changed(entries: Entries, changes: dict[int, RegionEntry]) -> dict[int, RegionEntry]:
    return {ident: entry for ident, entry in changes.items() if entry != entries[ident]}
