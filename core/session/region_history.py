"""States of a region list, and the steps from one to the next that can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from ..regions.entries import RegionEntry
    from ..regions.text.document import RegionDocument

T = TypeVar("T")


@dataclass(frozen=True)
class RegionChange:
    """What became different at one moment.

    Attributes
    ----------
    added, removed, changed : frozenset of int
        Which regions.
    source : object
        Who did it, for those who need not hear of their own doing.
    """

    added: frozenset[int] = frozenset()
    removed: frozenset[int] = frozenset()
    changed: frozenset[int] = frozenset()
    source: object = None

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True)
class State:
    """All regions in their order, and the file they came from."""

    entries: Mapping[int, RegionEntry] = field(default_factory=dict)
    document: RegionDocument | None = None

    def edited(self, changes: Mapping[int, RegionEntry | None]) -> State:
        """Replace regions by number; None takes one away, a new number goes to the end."""
        entries = dict(self.entries)
        for ident, entry in changes.items():
            if entry is None:
                entries.pop(ident, None)
            else:
                entries[ident] = entry
        return State(entries, self.document)


@dataclass(frozen=True)
class Step:
    """One thing that can be undone.

    Attributes
    ----------
    label : str
        What was done, for the menu: "Move circle".
    before, after : mapping of int to RegionEntry or None
        The regions it touched; None where there was or is none.
    orders : pair of tuple of int, or None
        All regions in order, before and after; None when the order is the same.
    documents : pair of RegionDocument or None
        The file, before and after; None when it is the same.
    merge : hashable or None
        Steps one after the other with the same value become one.
    """

    label: str
    before: Mapping[int, RegionEntry | None]
    after: Mapping[int, RegionEntry | None]
    orders: tuple[tuple[int, ...], tuple[int, ...]] | None = None
    documents: tuple[RegionDocument | None, RegionDocument | None] | None = None
    merge: Hashable = None

    def taken(self, state: State, *, is_back: bool) -> State:
        """Take the step, or take it back."""
        edited = state.edited(self.before if is_back else self.after)
        entries, document = edited.entries, edited.document
        side = 0 if is_back else 1
        if self.orders is not None:
            entries = {ident: entries[ident] for ident in self.orders[side]}
        if self.documents is not None:
            document = self.documents[side]
        return State(entries, document)

    def joined(self, following: Step) -> Step:
        """Make one of this step and the one that follows it."""
        return Step(
            self.label,
            {**following.before, **self.before},
            {**self.after, **following.after},
            _span(self.orders, following.orders),
            _span(self.documents, following.documents),
            self.merge,
        )


def difference(before: State, after: State, source: object = None) -> RegionChange:
    """Find the regions that came, went or became others."""
    old, new = before.entries, after.entries
    both = old.keys() & new.keys()
    changed = frozenset(i for i in both if old[i] is not new[i] and old[i] != new[i])
    return RegionChange(
        frozenset(new.keys() - old.keys()), frozenset(old.keys() - new.keys()), changed, source
    )


def step_between(label: str, before: State, after: State, merge: Hashable) -> Step | None:
    """Find the step from one state to another; None where they are the same."""
    change = difference(before, after)
    touched = change.added | change.removed | change.changed
    orders = tuple(before.entries), tuple(after.entries)
    is_same_document = before.document is after.document
    if not touched and orders[0] == orders[1] and is_same_document:
        return None
    return Step(
        label,
        {ident: before.entries.get(ident) for ident in touched},
        {ident: after.entries.get(ident) for ident in touched},
        None if orders[0] == orders[1] else orders,
        None if is_same_document else (before.document, after.document),
        merge,
    )


def _span(first: tuple[T, T] | None, second: tuple[T, T] | None) -> tuple[T, T] | None:
    """From before the first to after the second."""
    if first is None or second is None:
        return first or second
    return first[0], second[1]
