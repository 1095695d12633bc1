"""The engine with real threads: the measured policies, cancel, and the way home."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING

import pytest
from nightglass.core.engine import Engine, InlineEngine, JobContext, JobState
from nightglass.core.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from nightglass.core.problems import ProblemList

    Settle = Callable[[Engine], None]

WAIT_S = 10.0


class Gate:
    """A job that says when it runs and ends when the test lets it."""

    def __init__(self) -> None:
        self.running = threading.Event()
        self.go_on = threading.Event()
        self.seen_cancel = False

    def __call__(self, ctx: JobContext) -> str:
        self.running.set()
        assert self.go_on.wait(WAIT_S)
        self.seen_cancel = ctx.cancelled
        return "gate"

    def pass_through(self) -> None:
        self.go_on.set()


@pytest.fixture
def gate() -> Gate:
    return Gate()


def request(engine: Engine, got: list[object], key: str = "picture", **options: object) -> object:
    def ask(number: int) -> None:
        engine.latest(key, lambda ctx: number, title="picture", on_result=got.append, **options)  # type: ignore[arg-type]

    return ask


def test_nothing_runs_before_the_first_job(engine: Engine) -> None:
    assert not [t for t in threading.enumerate() if t.name.startswith("nightglass-")]


def test_a_drag_shows_the_running_one_and_the_newest(
    engine: Engine, gate: Gate, settle: Settle
) -> None:
    got: list[object] = []
    ask = request(engine, got)
    engine.latest("picture", gate, title="picture", on_result=got.append)
    assert gate.running.wait(WAIT_S)
    for number in range(100):
        ask(number)
    gate.pass_through()
    settle(engine)
    # The owner took nothing in between, so the newest may have replaced the first.
    assert got in (["gate", 99], [99])
    assert not gate.seen_cancel


def test_finishing_delivers_the_running_one_to_an_owner_who_looks(
    engine: Engine, gate: Gate
) -> None:
    got: list[object] = []
    second = Gate()
    engine.latest("picture", gate, title="first", on_result=lambda _: got.append(1))
    assert gate.running.wait(WAIT_S)
    engine.latest("picture", second, title="second", on_result=lambda _: got.append(2))
    gate.pass_through()
    assert engine.mailbox.drain_until(lambda: got == [1])
    second.pass_through()
    assert engine.mailbox.drain_until(lambda: got == [1, 2])


def test_replacing_cancels_the_running_one_for_good(
    engine: Engine, gate: Gate, settle: Settle
) -> None:
    got: list[object] = []
    engine.latest("picture", gate, title="old cube", on_result=got.append)
    assert gate.running.wait(WAIT_S)
    request(engine, got, policy="replace")(7)
    gate.pass_through()
    settle(engine)
    assert got == [7]
    assert gate.seen_cancel


def test_replacing_also_takes_back_a_result_nobody_has_seen(engine: Engine, gate: Gate) -> None:
    got: list[object] = []
    request(engine, got)(1)
    assert engine.mailbox.wait(WAIT_S)
    engine.latest("picture", gate, title="new", on_result=got.append, policy="replace")
    gate.running.wait(WAIT_S)
    engine.mailbox.drain()
    assert got == []
    gate.pass_through()
    assert engine.mailbox.drain_until(lambda: got == ["gate"])


def test_of_one_key_never_two_run_at_the_same_time(engine: Engine, gate: Gate) -> None:
    got: list[object] = []
    ask = request(engine, got, lane="compute")
    engine.latest("picture", gate, title="first", lane="compute", on_result=got.append)
    assert gate.running.wait(WAIT_S)
    ask(1)
    other = engine.submit(lambda ctx: "other", title="other")
    assert other.result(WAIT_S) == "other"
    assert engine.mailbox.drain() == 0
    gate.pass_through()
    assert engine.mailbox.drain_until(lambda: 1 in got)


def test_keys_do_not_disturb_each_other(engine: Engine, gate: Gate) -> None:
    got: list[object] = []
    engine.submit(gate, title="busy", lane="frames")
    for key in "abc":
        for number in range(10):
            request(engine, got, key)(number)
    gate.pass_through()
    assert engine.mailbox.drain_until(lambda: len(got) == 3)
    assert got == [9, 9, 9]


def test_a_dropped_key_delivers_nothing(engine: Engine, gate: Gate, settle: Settle) -> None:
    got: list[object] = []
    ask = request(engine, got)
    ask(1)
    assert engine.mailbox.wait(WAIT_S)
    engine.drop("picture")
    engine.latest("picture", gate, title="x", on_result=got.append)
    assert gate.running.wait(WAIT_S)
    ask(2)
    engine.drop("picture")
    gate.pass_through()
    settle(engine)
    assert got == []
    ask(3)
    assert engine.mailbox.drain_until(lambda: got == [3])


def test_after_the_cancel_of_a_running_job_nothing_arrives(engine: Engine, gate: Gate) -> None:
    got: list[object] = []
    job = engine.submit(
        gate, title="x", on_result=got.append, on_error=got.append, on_partial=got.append
    )
    assert gate.running.wait(WAIT_S)
    job.cancel()
    assert job.state is JobState.RUNNING
    gate.pass_through()
    with pytest.raises(Cancelled):
        job.result(WAIT_S)
    engine.mailbox.drain()
    assert got == []
    assert job.state is JobState.CANCELLED


def test_after_the_cancel_a_result_in_the_mailbox_does_not_arrive(engine: Engine) -> None:
    got: list[object] = []

    def work(ctx: JobContext) -> int:
        ctx.publish("part")
        return 1

    job = engine.submit(work, title="x", on_result=got.append, on_partial=got.append)
    job.result(WAIT_S)
    job.cancel()
    assert engine.mailbox.drain() == 2
    assert got == []


def test_after_the_cancel_a_failure_is_no_problem(
    engine: Engine, problems: ProblemList, gate: Gate
) -> None:
    def crash(ctx: JobContext) -> None:
        gate(ctx)
        raise OSError(5, "gone", "/data/x")

    job = engine.submit(crash, title="x")
    assert gate.running.wait(WAIT_S)
    job.cancel()
    gate.pass_through()
    with pytest.raises(Cancelled):
        job.result(WAIT_S)
    engine.mailbox.drain()
    assert problems.entries() == ()


def test_a_cancelled_waiting_job_never_runs(engine: Engine, gate: Gate) -> None:
    ran: list[int] = []
    engine.submit(gate, title="busy", lane="frames")
    assert gate.running.wait(WAIT_S)
    job = engine.submit(lambda ctx: ran.append(1), title="x", lane="frames")
    last = engine.submit(lambda ctx: 2, title="y", lane="frames")
    job.cancel()
    assert job.state is JobState.CANCELLED
    gate.pass_through()
    assert last.result(WAIT_S) == 2
    assert ran == []


def test_closing_cancels_joins_and_delivers_nothing_more(problems: ProblemList) -> None:
    engine, got, running = Engine(problems, compute_threads=2), [], threading.Event()

    def until_cancelled(ctx: JobContext) -> None:
        stop = threading.Event()
        ctx.on_cancel(stop.set)
        running.set()
        assert stop.wait(WAIT_S)
        ctx.check()

    engine.submit(lambda ctx: 1, title="done", on_result=got.append).result(WAIT_S)
    job = engine.submit(until_cancelled, title="long", on_result=got.append)
    waiting = [engine.submit(until_cancelled, title="more") for _ in range(5)]
    assert running.wait(WAIT_S)
    assert engine.close(WAIT_S) == []
    engine.mailbox.drain()
    assert got == []
    assert {one.state for one in (job, *waiting)} == {JobState.CANCELLED}


def test_closing_names_what_does_not_stop_and_can_wait_again(
    problems: ProblemList, gate: Gate
) -> None:
    engine = Engine(problems)
    stubborn = engine.submit(gate, title="stubborn")
    quiet = Gate()
    engine.latest("key", quiet, title="quiet")
    assert gate.running.wait(WAIT_S)
    assert quiet.running.wait(WAIT_S)
    assert [job.title for job in engine.close(timeout=0.0)] == ["stubborn", "quiet"]
    gate.pass_through()
    quiet.pass_through()
    assert engine.close(WAIT_S) == []
    assert stubborn.state is JobState.CANCELLED


def test_a_failure_nobody_took_is_still_told_at_the_close(
    problems: ProblemList, expected_log: object
) -> None:
    engine = Engine(problems)
    job = engine.submit(lambda ctx: 1 / 0, title="x")
    with pytest.raises(Exception, match="division"):
        job.result(WAIT_S)
    assert problems.entries() == ()
    engine.close()
    engine.mailbox.drain()
    assert len(problems.entries()) == 1
    assert problems.entries()[0].count == 1


def test_a_watcher_that_raises_becomes_a_problem_and_the_thread_lives(
    engine: Engine, problems: ProblemList, gate: Gate, expected_log: object
) -> None:
    engine.submit(gate, title="x", lane="frames")
    assert gate.running.wait(WAIT_S)

    def bad() -> None:
        raise ValueError("watcher")

    leave = engine.subscribe(bad)
    told = threading.Event()
    problems.subscribe(lambda _: told.set())
    gate.pass_through()
    assert told.wait(WAIT_S)
    leave()
    assert engine.submit(lambda ctx: 2, title="y", lane="frames").result(WAIT_S) == 2
    assert "watcher" in problems.entries()[0].text


def test_an_idle_engine_does_not_keep_the_last_result(engine: Engine) -> None:
    class Big:
        pass

    kept: list[weakref.ref[Big]] = []

    def make(ctx: JobContext) -> Big:
        big = Big()
        kept.append(weakref.ref(big))
        return big

    got: list[Big] = []
    for _ in range(3):
        engine.submit(make, title="x", on_result=got.append, lane="frames")
    assert engine.mailbox.drain_until(lambda: len(got) == 3)
    engine.submit(lambda ctx: None, title="last", lane="frames").result(WAIT_S)
    got.clear()
    assert [ref() for ref in kept] == [None, None, None]


def test_many_threads_may_submit_and_nothing_is_lost(engine: Engine) -> None:
    got: list[object] = []
    start = threading.Barrier(4)

    def give(name: int) -> None:
        start.wait(WAIT_S)
        for number in range(200):
            engine.submit(lambda ctx, n=number: (name, n), title="x", on_result=got.append)

    threads = [threading.Thread(target=give, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert engine.mailbox.drain_until(lambda: len(got) == 800)
    assert len(set(got)) == 800


def test_an_interrupt_from_the_keyboard_goes_through_the_inline_engine(
    inline_engine: InlineEngine, problems: ProblemList
) -> None:
    def interrupted(ctx: JobContext) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        inline_engine.submit(interrupted, title="x")
    assert problems.entries() == ()
    assert inline_engine.close() == []


def test_a_key_dropped_at_the_very_end_of_its_work_can_be_used_again(
    engine: Engine, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = engine._keys.end

    def end_then_drop(key: str) -> object:
        waiting = end(key)
        engine.drop(key)
        return waiting

    gate, got = Gate(), []
    engine.latest("a", gate, title="first")
    assert gate.running.wait(WAIT_S)
    engine.latest("a", lambda ctx: "second", title="second", on_result=got.append)
    monkeypatch.setattr(engine._keys, "end", end_then_drop)
    gate.pass_through()
    settle(engine)
    monkeypatch.undo()
    engine.latest("a", lambda ctx: "third", title="third", on_result=got.append)
    settle(engine)
    assert got == ["third"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_random_drags_and_cancels_always_end_with_the_newest(
    engine: Engine, seed: int, settle: Settle
) -> None:
    import random

    dice = random.Random(seed)
    last: dict[str, int] = {}
    shown: dict[str, list[int]] = {key: [] for key in "abcd"}
    for number in range(5000):
        key = dice.choice("abcd")
        policy = dice.choice(["finish", "replace"])
        lane = dice.choice(["frames", "compute"])
        if dice.random() < 0.05:
            engine.drop(key)
            last.pop(key, None)
            shown[key].append(-1)
        else:
            last[key] = number
            engine.latest(
                key,
                lambda ctx, n=number: n,
                title="x",
                lane=lane,  # type: ignore[arg-type]
                policy=policy,  # type: ignore[arg-type]
                on_result=shown[key].append,
            )
        if dice.random() < 0.1:
            engine.mailbox.drain()
    settle(engine)
    for key, numbers in shown.items():
        real = [number for number in numbers if number >= 0]
        assert real == sorted(real)
        if key in last:
            assert numbers[-1] == last[key]
