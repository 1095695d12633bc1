"""The regions of the session: a list that tells of every change and can take all of them back."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from psygnal import Signal

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from ..regions.entries import RegionEntry
    from ..regions.text.document import RegionDocument


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
class _State:
    """All regions in their order, and the file they came from."""

    entries: Mapping[int, RegionEntry]
    document: RegionDocument | None = None


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


class RegionList:
    """Regions by number, in the order they are drawn and written; owner thread only.

    Every change is one undo step, without a limit. Between `begin` and `commit` changes are told
    as they come and make one step together; `abort` takes them back.

    Signals: `changed` (RegionChange) at each change, `settled` once a change is final and not in
    the middle of a drag, `selection_changed`, `history_changed`.
    """

    changed = Signal(RegionChange)
    settled = Signal()
    selection_changed = Signal()
    history_changed = Signal()

    def __init__(self) -> None:
        self._state = _State({})
        self._next = 1
        self._selection: frozenset[int] = frozenset()
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._begun: tuple[str, _State] | None = None
        self._saved: _State = self._state
        self._owner = threading.get_ident()

    def __len__(self) -> int:
        return len(self._state.entries)

    @property
    def entries(self) -> Mapping[int, RegionEntry]:
        """All regions by number, in order; never changes once given out."""
        return MappingProxyType(self._state.entries)

    @property
    def document(self) -> RegionDocument | None:
        """The file they came from, None when all were drawn."""
        return self._state.document

    def get(self, ident: int) -> RegionEntry | None:
        """The region of that number."""
        return self._state.entries.get(ident)

    # Changing

    def add(
        self, entries: Sequence[RegionEntry], label: str, *, source: object = None
    ) -> tuple[int, ...]:
        """Put regions at the end and select them; gives their numbers."""
        idents = tuple(range(self._next, self._next + len(entries)))
        self._next += len(entries)
        self.edit(label, dict(zip(idents, entries, strict=True)), source=source)
        self.select(idents)
        return idents

    def remove(self, idents: Iterable[int], label: str, *, source: object = None) -> None:
        """Take regions away."""
        self.edit(label, dict.fromkeys(idents), source=source)

    def edit(
        self,
        label: str,
        changes: Mapping[int, RegionEntry | None],
        *,
        merge: Hashable = None,
        source: object = None,
    ) -> None:
        """Replace regions by number; None takes one away, a new number goes to the end.

        Parameters
        ----------
        label : str
            For the menu.
        changes : mapping of int to RegionEntry or None
        merge : hashable or None
            The next change with the same value is part of the same undo step.
        source : object
            Passed on in `RegionChange`.
        """
        entries = dict(self._state.entries)
        for ident, entry in changes.items():
            if entry is None:
                entries.pop(ident, None)
            else:
                entries[ident] = entry
        self._become(label, _State(entries, self.document), merge, source)

    def replace_all(
        self, entries: Sequence[RegionEntry], document: RegionDocument | None, label: str
    ) -> tuple[int, ...]:
        """Put other regions in the place of all, with the file they come from."""
        idents = tuple(range(self._next, self._next + len(entries)))
        self._next += len(entries)
        state = _State(dict(zip(idents, entries, strict=True)), document)
        self._become(label, state, None, None)
        return idents

    def reorder(self, idents: Sequence[int], label: str) -> None:
        """Put the regions in another order; all of them must be named."""
        entries = {ident: self._state.entries[ident] for ident in idents}
        if len(entries) != len(self):
            raise ValueError("every region must be named once")
        self._become(label, _State(entries, self.document), None, None)

    # A drag

    @property
    def is_dragging(self) -> bool:
        """Whether changes are being made that are not final."""
        return self._begun is not None

    def begin(self, label: str) -> None:
        """From now on changes are one undo step."""
        if self._begun is not None:
            self.commit()
        self._begun = label, self._state

    def commit(self) -> None:
        """The changes since `begin` are final."""
        if self._begun is None:
            return
        (label, before), self._begun = self._begun, None
        self._note(label, before, None)
        self.settled.emit()

    def abort(self, *, source: object = None) -> None:
        """Take the changes since `begin` back."""
        if self._begun is None:
            return
        (_, before), self._begun = self._begun, None
        self._put(before, source)
        self.settled.emit()

    # Undo

    @property
    def undo_label(self) -> str | None:
        """What `undo` would take back."""
        return self._done[-1].label if self._done else None

    @property
    def redo_label(self) -> str | None:
        """What `redo` would do again."""
        return self._undone[-1].label if self._undone else None

    @property
    def undo_count(self) -> int:
        """How many steps can be taken back."""
        return len(self._done)

    def undo(self) -> None:
        """Take the last step back; a drag that goes on is taken back instead."""
        self._travel(self._done, self._undone, is_back=True)

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._travel(self._undone, self._done, is_back=False)

    def forget_history(self) -> None:
        """Let what is there be the beginning."""
        self._done.clear()
        self._undone.clear()
        self.history_changed.emit()

    # Saved or not

    @property
    def is_saved(self) -> bool:
        """Whether nothing differs from what was saved or loaded last."""
        return self._saved == self._state

    def mark_saved(self, document: RegionDocument | None = None) -> None:
        """What is there is in the file now.

        Parameters
        ----------
        document : RegionDocument or None
            The file as it was written; None keeps the one known.
        """
        if document is not None:
            self._state = _State(self._state.entries, document)
        self._saved = self._state
        self.history_changed.emit()

    # Selection

    @property
    def selection(self) -> frozenset[int]:
        """The regions that keys and menus act on."""
        return self._selection

    def select(self, idents: Iterable[int]) -> None:
        """Select exactly these; numbers that are gone are left out."""
        chosen = frozenset(idents) & self._state.entries.keys()
        if chosen != self._selection:
            self._selection = chosen
            self.selection_changed.emit()

    def chosen(self) -> dict[int, RegionEntry]:
        """The selected regions in order."""
        return {i: entry for i, entry in self._state.entries.items() if i in self._selection}

    # How

    def _become(self, label: str, state: _State, merge: Hashable, source: object) -> None:
        before = self._state
        if not self._put(state, source):
            return
        if self._begun is None:
            self._note(label, before, merge)
            self.settled.emit()

    def _put(self, state: _State, source: object) -> bool:
        """Let a state hold and tell what is different; False when nothing is."""
        if threading.get_ident() != self._owner:
            raise RuntimeError("the regions belong to another thread")
        before, self._state = self._state, state
        change = _difference(before, state, source)
        is_same_order = tuple(before.entries) == tuple(state.entries)
        if not change and is_same_order and before.document is state.document:
            return False
        self.select(self._selection)
        self.changed.emit(change)
        return True

    def _note(self, label: str, before: _State, merge: Hashable) -> None:
        step = _step(label, before, self._state, merge)
        if step is None:
            return
        last = self._done[-1] if self._done else None
        if merge is not None and last is not None and last.merge == merge and not self._undone:
            step = _merged(last, step)
            self._done.pop()
        self._done.append(step)
        self._undone.clear()
        self.history_changed.emit()

    def _travel(self, source: list[Step], target: list[Step], *, is_back: bool) -> None:
        if self._begun is not None:
            self.abort()
            return
        if not source:
            return
        step = source.pop()
        target.append(step)
        state = _applied(step, self._state, is_back=is_back)
        self._put(state, None)
        self.select(set(step.before) & state.entries.keys())
        self.history_changed.emit()
        self.settled.emit()


def _difference(before: _State, after: _State, source: object) -> RegionChange:
    old, new = before.entries, after.entries
    both = old.keys() & new.keys()
    changed = frozenset(i for i in both if old[i] is not new[i] and old[i] != new[i])
    return RegionChange(
        frozenset(new.keys() - old.keys()), frozenset(old.keys() - new.keys()), changed, source
    )


def _step(label: str, before: _State, after: _State, merge: Hashable) -> Step | None:
    change = _difference(before, after, None)
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


def _merged(first: Step, second: Step) -> Step:
    orders = None
    if first.orders or second.orders:
        begin, end = first.orders or second.orders, second.orders or first.orders
        assert begin is not None  # for the type checker
        assert end is not None
        orders = begin[0], end[1]
    documents = first.documents or second.documents
    if first.documents and second.documents:
        documents = first.documents[0], second.documents[1]
    return Step(
        first.label,
        {**second.before, **first.before},
        {**first.after, **second.after},
        orders,
        documents,
        first.merge,
    )


def _applied(step: Step, state: _State, *, is_back: bool) -> _State:
    entries = dict(state.entries)
    for ident, entry in (step.before if is_back else step.after).items():
        if entry is None:
            entries.pop(ident, None)
        else:
            entries[ident] = entry
    if step.orders is not None:
        entries = {ident: entries[ident] for ident in step.orders[0 if is_back else 1]}
    document = state.document
    if step.documents is not None:
        document = step.documents[0 if is_back else 1]
    return _State(entries, document)
