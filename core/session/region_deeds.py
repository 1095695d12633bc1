"""What menus and keys do to the regions selected, each as one step with a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..regions.geometry.drawing import name_of
from ..regions.geometry.placement import middle
from . import region_edits, region_marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..regions.entries import RegionEntry
    from .regions import RegionList

DUPLICATE_SHIFT_PX = 10.0, -10.0
"""Where a copy lies, right and up of what it was made of."""


def said(entries: Iterable[RegionEntry]) -> str:
    """Name what a step touches: "circle", or "3 regions"."""
    names = [name_of(entry) for entry in entries]
    return names[0] if len(names) == 1 else f"{len(names)} regions"


def push(regions: RegionList, dx: float, dy: float) -> bool:
    """Move the selected regions by pixels; pushes one after the other are one step.

    Nothing is pushed in the middle of a drag.

    Returns
    -------
    bool
        Whether any region is selected.
    """
    chosen = regions.chosen()
    changes = region_edits.nudged(chosen, dx, dy)
    if changes and not regions.is_dragging:
        merge = "push", frozenset(changes)
        regions.edit(f"Move {said(changes.values())}", changes, merge=merge)
    return bool(chosen)


def delete(regions: RegionList, verb: str = "Delete") -> None:
    """Take the selected regions away that may be."""
    gone = region_edits.deletable(regions.chosen())
    if gone:
        regions.remove(gone, f"{verb} {said(regions.entries[i] for i in gone)}")


def duplicate(regions: RegionList) -> None:
    """Put a copy of the selected regions beside them and select it."""
    copies = region_edits.duplicated(regions.chosen().values(), *DUPLICATE_SHIFT_PX)
    if copies:
        regions.add(copies, f"Duplicate {said(copies)}")


def include(regions: RegionList, is_included: bool) -> None:
    """Count the pixels of the selected regions, or cut them out."""
    verb = "Include" if is_included else "Exclude"
    _edit(regions, verb, region_edits.included(regions.chosen(), is_included))


def mark_background(regions: RegionList, is_background: bool) -> None:
    """Let the selected regions be sky, or sources."""
    verb = "Mark as sky" if is_background else "Mark as source"
    _edit(regions, f"{verb}:", region_edits.as_background(regions.chosen(), is_background))


def colour(regions: RegionList, name: str) -> None:
    """Draw the selected regions in a colour."""
    _edit(regions, "Colour", region_edits.with_property(regions.chosen(), "color", name))


def group(regions: RegionList, tag: str) -> None:
    """Give the selected regions a tag in common."""
    if tag.strip():
        _edit(regions, "Group", region_marks.grouped(regions.chosen(), tag.strip()))


def ungroup(regions: RegionList) -> None:
    """Take the selected regions out of their groups."""
    _edit(regions, "Ungroup", region_marks.ungrouped(regions.chosen()))


def compare(regions: RegionList) -> None:
    """Make comparison stars of the selected regions, or plain ones again."""
    _edit(regions, "Comparison star:", region_marks.compared(regions.chosen()))


def lock(regions: RegionList) -> None:
    """Let the selected regions follow their stars, or stay again."""
    changes = region_marks.locked(regions.chosen())
    is_on = any(region_marks.lock_px(entry) is not None for entry in changes.values())
    _edit(regions, "Lock" if is_on else "Unlock", changes)


def ring_with_sky(regions: RegionList) -> None:
    """Add a ring of sky round each selected source; the sources stay selected."""
    chosen = regions.selection
    pairs = region_marks.with_sky(regions.entries, regions.chosen())
    if not pairs:
        return
    label = f"Add sky to {said(tagged for tagged, _ in pairs.values())}"
    regions.begin(label)
    regions.edit(label, {ident: tagged for ident, (tagged, _) in pairs.items()})
    regions.add([ring for _, ring in pairs.values()], label)
    regions.commit()
    regions.select(chosen)


def bring_to_front(regions: RegionList) -> None:
    """Draw the selected regions over all others."""
    chosen = regions.chosen()
    rest = [ident for ident in regions.entries if ident not in chosen]
    regions.reorder([*rest, *chosen], f"Bring {said(chosen.values())} to front")


def send_to_back(regions: RegionList) -> None:
    """Draw the selected regions under all others."""
    chosen = regions.chosen()
    rest = [ident for ident in regions.entries if ident not in chosen]
    regions.reorder([*chosen, *rest], f"Send {said(chosen.values())} to back")


def select_others(regions: RegionList) -> None:
    """Select the regions that are not selected now."""
    regions.select(set(regions.entries) - regions.selection)


def rename(regions: RegionList, ident: int, text: str) -> None:
    """Call a region something else."""
    entry = regions.get(ident)
    if entry is not None and text != entry.text:
        changes = region_edits.with_property({ident: entry}, "text", text)
        regions.edit(f"Rename {name_of(entry)}", changes)


def put_at(
    regions: RegionList, places: Mapping[int, tuple[float, float]], verb: str = "Move"
) -> None:
    """Move the middles of regions in one step; those that are gone are left out.

    Parameters
    ----------
    regions : RegionList
    places : mapping of int to (x, y)
        1-based image pixels.
    verb : str
        For the menu.
    """
    changes: dict[int, RegionEntry] = {}
    for ident, (x, y) in places.items():
        entry = regions.get(ident)
        if entry is not None and entry.shape is not None:
            was_x, was_y = middle(entry.shape)
            changes |= region_edits.nudged({ident: entry}, x - was_x, y - was_y)
    _edit(regions, verb, changes)


def _edit(regions: RegionList, verb: str, changes: Mapping[int, RegionEntry]) -> None:
    if changes:
        regions.edit(f"{verb} {said(changes.values())}", changes)
