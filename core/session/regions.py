"""The regions of the session: a list that tells of every change and can take all of them back."""

from __future__ import annotations

import threading
from types import MappingProxyType
from typing import TYPE_CHECKING

from psygnal import Signal

from .region_history import RegionChange, State, Step, difference, step_between

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from ..regions.entries import RegionEntry
    from ..regions.text.document import RegionDocument


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
        self._state = State()
        self._next = 1
        self._selection: frozenset[int] = frozenset()
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._begun: tuple[str, State] | None = None
        self._saved: State = self._state
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
        idents = self._numbered(len(entries))
        self.edit(label, dict(zip(idents, entries, strict=True)), source=source)
        self.select(idents)
        return idents

    def remove(self, idents: Iterable[int], label: str) -> None:
        """Take regions away."""
        self.edit(label, dict.fromkeys(idents))

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
        self._become(label, self._state.edited(changes), merge, source)

    def replace_all(
        self, entries: Sequence[RegionEntry], document: RegionDocument | None, label: str
    ) -> tuple[int, ...]:
        """Put other regions in the place of all, with the file they come from."""
        idents = self._numbered(len(entries))
        state = State(dict(zip(idents, entries, strict=True)), document)
        self._become(label, state, None, None)
        return idents

    def reorder(self, idents: Sequence[int], label: str) -> None:
        """Put the regions in another order; all of them must be named."""
        entries = {ident: self._state.entries[ident] for ident in idents}
        if len(entries) != len(self):
            raise ValueError("every region must be named once")
        self._become(label, State(entries, self.document), None, None)

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

    def mark_saved(self) -> None:
        """What is there is in the file now."""
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

    def _numbered(self, count: int) -> tuple[int, ...]:
        """Numbers that no region has had."""
        first, self._next = self._next, self._next + count
        return tuple(range(first, self._next))

    def _become(self, label: str, state: State, merge: Hashable, source: object) -> None:
        before = self._state
        if not self._put(state, source):
            return
        if self._begun is None:
            self._note(label, before, merge)
            self.settled.emit()

    def _put(self, state: State, source: object) -> bool:
        """Let a state hold and tell what is different; False when nothing is."""
        if threading.get_ident() != self._owner:
            raise RuntimeError("the regions belong to another thread")
        before, self._state = self._state, state
        change = difference(before, state, source)
        is_same_order = tuple(before.entries) == tuple(state.entries)
        if not change and is_same_order and before.document is state.document:
            return False
        self.select(self._selection)
        self.changed.emit(change)
        return True

    def _note(self, label: str, before: State, merge: Hashable) -> None:
        step = step_between(label, before, self._state, merge)
        if step is None:
            return
        last = self._done[-1] if self._done else None
        if merge is not None and last is not None and last.merge == merge and not self._undone:
            step = last.joined(step)
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
        state = step.taken(self._state, is_back=is_back)
        self._put(state, None)
        self.select(set(step.before) & state.entries.keys())
        self.history_changed.emit()
        self.settled.emit()
