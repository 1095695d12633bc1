"""Lanes keep their order, their threads few, and latest-wins keys honest."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from nightglass.core.engine.lanes import Lane, LatestTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WAIT_S = 10.0
MakeLane = "Callable[..., Lane]"


@pytest.fixture
def crashes() -> list[BaseException]:
    return []


@pytest.fixture
def lane_of(crashes: list[BaseException]) -> Iterator[Callable[..., Lane]]:
    lanes: list[Lane] = []

    def make(threads: int = 1, **options: object) -> Lane:
        lanes.append(Lane("test", threads, crashes.append, **options))  # type: ignore[arg-type]
        return lanes[-1]

    yield make
    for lane in lanes:
        lane.close()
        assert lane.join(time.monotonic() + WAIT_S)


def our_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("nightglass-")]


def test_threads_start_with_the_first_work_and_are_no_daemons(
    lane_of: Callable[..., Lane],
) -> None:
    lane = lane_of()
    assert our_threads() == []
    done = threading.Event()
    lane.put(done.set)
    assert done.wait(WAIT_S)
    (thread,) = our_threads()
    assert not thread.daemon
    assert thread.name == "nightglass-test-1"


def test_one_thread_keeps_the_order(lane_of: Callable[..., Lane]) -> None:
    lane, got, done = lane_of(), [], threading.Event()
    for number in range(200):
        lane.put(lambda number=number: got.append(number))
    lane.put(done.set)
    assert done.wait(WAIT_S)
    assert got == list(range(200))


def test_two_threads_work_at_the_same_time_and_no_third_starts(
    lane_of: Callable[..., Lane],
) -> None:
    lane = lane_of(2)
    meeting = threading.Barrier(3)
    for _ in range(6):
        lane.put(lambda: meeting.wait(WAIT_S))
    for _ in range(3):
        # Two workers and this test meet; a third worker would break the count.
        meeting.wait(WAIT_S)
    assert len(our_threads()) == 2


def test_idle_threads_leave_and_come_back(lane_of: Callable[..., Lane]) -> None:
    lane = lane_of(idle_s=0.0)
    for _ in range(3):
        done = threading.Event()
        lane.put(done.set)
        assert done.wait(WAIT_S)
        for thread in our_threads():
            thread.join(WAIT_S)
        assert our_threads() == []


def test_work_that_raises_is_told_and_the_thread_goes_on(
    lane_of: Callable[..., Lane], crashes: list[BaseException]
) -> None:
    lane, done = lane_of(), threading.Event()
    lane.put(lambda: 1 / 0)
    lane.put(done.set)
    assert done.wait(WAIT_S)
    assert [type(error) for error in crashes] == [ZeroDivisionError]


def test_a_closed_lane_forgets_waiting_work_and_takes_no_more(
    lane_of: Callable[..., Lane],
) -> None:
    lane, got = lane_of(), []
    running, go_on = threading.Event(), threading.Event()
    lane.put(lambda: (running.set(), go_on.wait(WAIT_S)))
    lane.put(lambda: got.append("waiting"))
    assert running.wait(WAIT_S)
    lane.close()
    lane.put(lambda: got.append("late"))
    assert not lane.join(time.monotonic())
    go_on.set()
    assert lane.join(time.monotonic() + WAIT_S)
    assert got == []


def test_a_lane_that_yields_starts_nothing_while_the_first_has_work(
    lane_of: Callable[..., Lane],
) -> None:
    first = lane_of()
    second = lane_of(yields_to=first, idle_s=0.0)
    got, running, go_on, done = [], threading.Event(), threading.Event(), threading.Event()
    first.put(lambda: (running.set(), go_on.wait(WAIT_S)))
    assert running.wait(WAIT_S)
    second.put(lambda: (got.append("second"), done.set()))
    for number in range(3):
        first.put(lambda number=number: got.append(number))
    go_on.set()
    assert done.wait(WAIT_S)
    assert got == [0, 1, 2, "second"]


def test_a_key_that_is_replaced_all_the_time_keeps_its_turn() -> None:
    table: LatestTable[str] = LatestTable()
    assert table.offer("a", "a1", "finish") == (True, ())
    assert table.offer("a", "a2", "finish") == (False, ("a1",))
    assert table.begin("a") == "a2"


def test_a_dropped_key_has_its_turn_with_nothing_to_do() -> None:
    table: LatestTable[str] = LatestTable()
    table.offer("a", "a1", "finish")
    assert table.drop("a") == ("a1",)
    assert table.drop("unknown") == ()
    assert table.begin("a") is None
    assert table.offer("a", "a2", "finish") == (True, ())


def test_a_place_taken_at_the_end_of_work_stays_taken_when_what_waited_is_dropped() -> None:
    table: LatestTable[str] = LatestTable()
    table.offer("a", "a1", "finish")
    assert table.begin("a") == "a1"
    table.offer("a", "a2", "finish")
    assert table.end("a") == "a2"
    assert table.drop("a") == ("a2",)
    assert table.offer("a", "a3", "finish") == (False, ())
    assert table.begin("a") == "a3"


class LatestMachine(RuleBasedStateMachine):
    """Random requests, turns and drops of three keys against the rules of latest wins."""

    keys = st.sampled_from("abc")

    def __init__(self) -> None:
        super().__init__()
        self.table: LatestTable[int] = LatestTable()
        self.number = 0
        self.places: list[str] = []
        self.running: dict[str, int] = {}
        self.newest: dict[str, int | None] = {}
        self.cancelled: set[int] = set()

    @rule(key=keys, policy=st.sampled_from(["finish", "replace"]))
    def request(self, key: str, policy: str) -> None:
        self.number += 1
        was_waiting = self.newest.get(key)
        needs_place, losers = self.table.offer(key, self.number, policy)  # type: ignore[arg-type]
        expected = {was_waiting} - {None}
        if policy == "replace" and key in self.running:
            expected.add(self.running[key])
        assert set(losers) == expected
        self.cancelled |= set(losers)
        self.newest[key] = self.number
        if needs_place:
            self.places.append(key)

    @precondition(lambda self: self.places)
    @rule()
    def turn(self) -> None:
        key = self.places.pop(0)
        assert key not in self.running
        work = self.table.begin(key)
        assert work == self.newest.get(key)
        self.newest[key] = None
        if work is not None:
            assert work not in self.cancelled
            self.running[key] = work

    @precondition(lambda self: self.running)
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.running)))
        del self.running[key]
        waiting = self.table.end(key)
        if waiting is not None:
            assert waiting == self.newest[key]
            self.places.append(key)

    @rule(key=keys)
    def drop(self, key: str) -> None:
        dropped = set(self.table.drop(key))
        assert dropped == {self.running.get(key), self.newest.get(key)} - {None}
        self.cancelled |= dropped
        self.newest[key] = None

    @invariant()
    def every_waiting_request_will_have_its_turn(self) -> None:
        assert len(self.places) == len(set(self.places))
        for key, waiting in self.newest.items():
            if waiting is not None:
                assert key in self.places or key in self.running


TestLatestMachine = LatestMachine.TestCase
