"""Every edit of the regions can be taken back and done again, however they are mixed."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.shapes import Circle
from nightglass.core.session.regions import RegionList

if TYPE_CHECKING:
    from nightglass.core.session.region_history import RegionChange


def circle(x: float = 0.0, r: float = 5.0) -> RegionEntry:
    return RegionEntry("circle", Circle(x, 0.0, r))


def moved(entry: RegionEntry, dx: float) -> RegionEntry:
    assert isinstance(entry.shape, Circle)
    return replace(entry, shape=replace(entry.shape, x=entry.shape.x + dx))


class History(RuleBasedStateMachine):
    """The list beside a twin that keeps a copy of everything at every step."""

    def __init__(self) -> None:
        super().__init__()
        self.regions = RegionList()
        self.snapshots: list[dict[int, RegionEntry]] = [{}]
        self.place = 0
        self.drag_start: dict[int, RegionEntry] | None = None
        self.told: dict[int, RegionEntry] = {}
        self.merges = count()
        self.regions.changed.connect(self._follow)

    def _follow(self, change: RegionChange) -> None:
        for ident in change.removed:
            del self.told[ident]
        for ident in change.added | change.changed:
            self.told[ident] = self.regions.entries[ident]

    def _now(self) -> dict[int, RegionEntry]:
        return dict(self.regions.entries)

    def _pushed(self) -> None:
        """Whatever was undone is gone once something else is done."""
        now = self._now()
        if self.drag_start is None and list(now.items()) != list(self._shown().items()):
            del self.snapshots[self.place + 1 :]
            self.snapshots.append(now)
            self.place += 1

    def _shown(self) -> dict[int, RegionEntry]:
        return self.snapshots[self.place]

    def _some(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(sorted(self.regions.entries)))

    @rule(number=st.integers(1, 3), x=st.integers(-9, 9))
    def draws(self, number: int, x: int) -> None:
        self.regions.add([circle(x + i) for i in range(number)], "Draw circles")
        self._pushed()

    @precondition(lambda self: len(self.regions))
    @rule(data=st.data(), dx=st.integers(-3, 3))
    def moves(self, data: st.DataObject, dx: int) -> None:
        ident = self._some(data)
        self.regions.edit("Move", {ident: moved(self.regions.entries[ident], dx)})
        self._pushed()

    @precondition(lambda self: len(self.regions))
    @rule(data=st.data(), times=st.integers(1, 4))
    def nudges(self, data: st.DataObject, times: int) -> None:
        ident, run = self._some(data), ("nudge", next(self.merges))
        for _ in range(times):
            entry = moved(self.regions.entries[ident], 1.0)
            self.regions.edit("Nudge", {ident: entry}, merge=run)
        self._pushed()

    @precondition(lambda self: len(self.regions))
    @rule(data=st.data())
    def removes(self, data: st.DataObject) -> None:
        self.regions.remove([self._some(data)], "Delete")
        self._pushed()

    @precondition(lambda self: len(self.regions) > 1)
    @rule(data=st.data())
    def reorders(self, data: st.DataObject) -> None:
        self.regions.reorder(data.draw(st.permutations(list(self.regions.entries))), "To front")
        self._pushed()

    @rule(number=st.integers(0, 3))
    def loads_a_file(self, number: int) -> None:
        self.regions.replace_all([circle(i) for i in range(number)], None, "Open file")
        self._pushed()

    @precondition(lambda self: self.drag_start is None)
    @rule()
    def presses(self) -> None:
        self.regions.begin("Drag")
        self.drag_start = self._now()

    @precondition(lambda self: self.drag_start is not None)
    @rule()
    def releases(self) -> None:
        self.drag_start = None
        self.regions.commit()
        self._pushed()

    @precondition(lambda self: self.drag_start is not None)
    @rule(by_undo=st.booleans())
    def gives_up(self, by_undo: bool) -> None:
        start, self.drag_start = self.drag_start, None
        if by_undo:
            self.regions.undo()
        else:
            self.regions.abort()
        assert self._now() == start

    @precondition(lambda self: self.drag_start is None)
    @rule(times=st.integers(1, 12))
    def undoes(self, times: int) -> None:
        for _ in range(times):
            self.regions.undo()
        self.place = max(0, self.place - times)

    @precondition(lambda self: self.drag_start is None)
    @rule(times=st.integers(1, 12))
    def redoes(self, times: int) -> None:
        for _ in range(times):
            self.regions.redo()
        self.place = min(len(self.snapshots) - 1, self.place + times)

    @invariant()
    def holds_what_the_twin_holds(self) -> None:
        if self.drag_start is None:
            assert list(self._now().items()) == list(self._shown().items())
            assert self.regions.undo_count == self.place
            assert (self.regions.redo_label is None) == (self.place == len(self.snapshots) - 1)

    @invariant()
    def tells_every_difference(self) -> None:
        assert self.told == self._now()

    @invariant()
    def selects_only_what_is_there(self) -> None:
        assert self.regions.selection <= self.regions.entries.keys()


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)


def test_a_drag_of_many_moves_is_one_step_with_its_name() -> None:
    regions = RegionList()
    (ident,) = regions.add([circle()], "Draw circle")
    regions.begin("Move circle")
    for x in range(1, 50):
        regions.edit("Move circle", {ident: circle(x)})
    regions.commit()
    assert (regions.undo_label, regions.undo_count) == ("Move circle", 2)
    regions.undo()
    assert regions.entries == {ident: circle()}
    assert (regions.undo_label, regions.redo_label) == ("Draw circle", "Move circle")


def test_a_drag_that_changes_nothing_is_no_step() -> None:
    regions = RegionList()
    (ident,) = regions.add([circle()], "Draw circle")
    regions.begin("Move circle")
    regions.edit("Move circle", {ident: circle(9)})
    regions.edit("Move circle", {ident: circle()})
    regions.commit()
    assert regions.undo_label == "Draw circle"


def test_ten_thousand_steps_can_be_taken_back() -> None:
    regions = RegionList()
    (ident,) = regions.add([circle()], "Draw circle")
    for x in range(1, 10_000):
        regions.edit(f"Move {x}", {ident: circle(x)})
    for _ in range(10_000):
        regions.undo()
    assert len(regions) == 0
    assert regions.undo_label is None


def test_a_change_is_told_with_its_source_and_is_final_only_after_the_drag() -> None:
    regions = RegionList()
    (ident,) = regions.add([circle()], "Draw circle")
    changes: list[RegionChange] = []
    settled: list[bool] = []
    regions.changed.connect(changes.append)
    regions.settled.connect(lambda: settled.append(regions.is_dragging))
    regions.begin("Move")
    regions.edit("Move", {ident: circle(1)}, source="the hand")
    assert (changes[-1].changed, changes[-1].source, settled) == ({ident}, "the hand", [])
    regions.commit()
    assert settled == [False]


def test_undo_selects_what_it_brought_back() -> None:
    regions = RegionList()
    first, second = regions.add([circle(1), circle(2)], "Draw circles")
    regions.remove([first], "Delete")
    assert regions.selection == {second}
    regions.undo()
    assert regions.selection == {first}
    assert list(regions.entries) == [first, second]


def test_what_was_saved_is_known_until_the_next_edit_and_again_after_its_undo() -> None:
    regions = RegionList()
    (ident,) = regions.add([circle()], "Draw circle")
    assert not regions.is_saved
    regions.mark_saved()
    assert regions.is_saved
    regions.edit("Move", {ident: circle(3)})
    assert not regions.is_saved
    regions.undo()
    assert regions.is_saved


def test_reordering_needs_every_region_once() -> None:
    regions = RegionList()
    first, _ = regions.add([circle(1), circle(2)], "Draw circles")
    with pytest.raises(ValueError, match="every region"):
        regions.reorder([first], "To front")
