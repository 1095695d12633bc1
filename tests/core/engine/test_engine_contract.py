"""What holds for the engine with threads and for its twin without."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from nightglass.core.engine import Engine, InlineEngine, JobContext, JobState, Progress
from nightglass.core.errors import Cancelled, NightglassError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nightglass.core.problems import ProblemList

    Settle = Callable[[Engine], None]


@pytest.fixture(params=["threads", "inline"])
def any_engine(request: pytest.FixtureRequest, problems: ProblemList) -> Iterator[Engine]:
    made = Engine(problems, compute_threads=2)
    if request.param == "inline":
        made = InlineEngine(problems)
    with made:
        yield made


def fail(_: JobContext) -> None:
    raise FileNotFoundError(2, "No such file", "/data/cube007.fits")


def test_a_result_arrives_on_the_owner_thread(any_engine: Engine) -> None:
    got: list[Any] = []
    job = any_engine.submit(
        lambda ctx: 42,
        title="answer",
        on_result=lambda value: got.append((value, threading.current_thread())),
    )
    assert job.result(10.0) == 42
    any_engine.mailbox.drain()
    assert got == [(42, threading.main_thread())]
    assert job.state is JobState.DONE
    assert job.error is None


def test_parts_arrive_in_order_every_one_before_the_result(
    any_engine: Engine, settle: Settle
) -> None:
    def count(ctx: JobContext) -> str:
        for number in range(300):
            ctx.publish(number)
        return "end"

    got: list[object] = []
    any_engine.submit(count, title="count", on_partial=got.append, on_result=got.append)
    settle(any_engine)
    assert got == [*range(300), "end"]


@pytest.mark.parametrize("lane", ["frames", "prefetch"])
def test_a_lane_of_one_thread_runs_everything_in_order(
    any_engine: Engine, lane: Any, settle: Settle
) -> None:
    got: list[int] = []
    for number in range(100):
        any_engine.submit(lambda ctx, n=number: n, title="n", lane=lane, on_result=got.append)
    settle(any_engine)
    assert got == list(range(100))


def test_a_failure_nobody_takes_becomes_one_problem(
    any_engine: Engine, problems: ProblemList, expected_log: object, settle: Settle
) -> None:
    job = any_engine.submit(fail, title="open")
    with pytest.raises(NightglassError, match=r"cube007\.fits is not there") as raised:
        job.result(10.0)
    settle(any_engine)
    settle(any_engine)
    assert job.state is JobState.FAILED
    assert raised.value is job.error
    assert isinstance(job.error.__cause__, FileNotFoundError)
    (problem,) = problems.entries()
    assert (problem.path, problem.count) == ("/data/cube007.fits", 1)
    assert "FileNotFoundError" in problem.details
    assert "in fail" in problem.details


def test_a_failure_somebody_takes_is_no_problem(
    any_engine: Engine, problems: ProblemList, settle: Settle
) -> None:
    got: list[NightglassError] = []
    any_engine.submit(fail, title="open", on_error=got.append)
    any_engine.latest("key", fail, title="open", on_error=got.append)
    settle(any_engine)
    assert [error.path for error in got] == ["/data/cube007.fits"] * 2
    assert problems.entries() == ()


def test_a_failure_of_a_latest_request_becomes_one_problem(
    any_engine: Engine, problems: ProblemList, expected_log: object, settle: Settle
) -> None:
    any_engine.latest("key", fail, title="open")
    settle(any_engine)
    assert len(problems.entries()) == 1


@pytest.mark.parametrize("error", [SystemExit(3), GeneratorExit(), MemoryError()])
def test_even_what_ends_a_program_ends_only_the_job(
    error: BaseException,
    any_engine: Engine,
    problems: ProblemList,
    expected_log: object,
    settle: Settle,
) -> None:
    def leave(_: JobContext) -> None:
        raise error

    job = any_engine.submit(leave, title="leave")
    settle(any_engine)
    assert job.state is JobState.FAILED
    assert len(problems.entries()) == 1
    assert any_engine.submit(lambda ctx: 1, title="next").result(10.0) == 1


def test_a_job_may_end_itself_in_silence(
    any_engine: Engine, problems: ProblemList, settle: Settle
) -> None:
    def stop(_: JobContext) -> None:
        raise Cancelled

    got: list[object] = []
    job = any_engine.submit(stop, title="stop", on_result=got.append, on_error=got.append)
    settle(any_engine)
    assert job.state is JobState.CANCELLED
    with pytest.raises(Cancelled):
        job.result(0)
    assert got == []
    assert problems.entries() == ()


def test_a_callback_may_start_the_next_job(any_engine: Engine) -> None:
    got: list[int] = []

    def next_one(value: int) -> None:
        got.append(value)
        if value < 5:
            any_engine.submit(lambda ctx: value + 1, title="n", on_result=next_one)

    any_engine.submit(lambda ctx: 1, title="n", on_result=next_one)
    assert any_engine.mailbox.drain_until(lambda: len(got) == 5)
    assert got == [1, 2, 3, 4, 5]


def test_a_callback_may_ask_again_for_its_own_key(any_engine: Engine) -> None:
    got: list[int] = []

    def again(value: int) -> None:
        got.append(value)
        if value < 5:
            any_engine.latest("key", lambda ctx: value + 1, title="n", on_result=again)

    any_engine.latest("key", lambda ctx: 1, title="n", on_result=again)
    assert any_engine.mailbox.drain_until(lambda: len(got) == 5)
    assert got == [1, 2, 3, 4, 5]


def test_a_part_that_makes_the_owner_cancel_is_the_last(any_engine: Engine, settle: Settle) -> None:
    got: list[object] = []
    seen = threading.Event()

    def count(ctx: JobContext) -> None:
        ctx.publish("first")
        if not isinstance(any_engine, InlineEngine):
            seen.wait(10.0)
        ctx.publish("second")
        ctx.check()

    def take(part: object) -> None:
        got.append(part)
        any_engine.jobs()[-1].cancel()
        seen.set()

    any_engine.submit(count, title="count", on_partial=take, on_result=got.append)
    assert any_engine.mailbox.drain_until(lambda: bool(got))
    settle(any_engine)
    assert got == ["first"]
    assert any_engine.jobs()[-1].state is JobState.CANCELLED


def test_the_list_shows_the_last_fifty_finished_without_the_quiet_ones(
    any_engine: Engine, settle: Settle
) -> None:
    jobs = [any_engine.submit(lambda ctx: 1, title=f"{n}") for n in range(60)]
    any_engine.submit(lambda ctx: 1, title="quiet", quiet=True)
    any_engine.latest("key", lambda ctx: 1, title="picture")
    settle(any_engine)
    assert any_engine.jobs() == tuple(jobs[10:])
    assert {job.state for job in any_engine.jobs()} == {JobState.DONE}


def test_watchers_hear_of_the_list_until_they_leave(any_engine: Engine) -> None:
    states: list[JobState] = []
    leave = any_engine.subscribe(lambda: states.extend(job.state for job in any_engine.jobs()))
    any_engine.submit(lambda ctx: ctx.progress(1, 2, "half"), title="x").result(10.0)
    any_engine.submit(lambda ctx: 1, title="quiet", quiet=True).result(10.0)
    assert states[0] is JobState.QUEUED
    assert states[-1] is JobState.DONE
    assert JobState.RUNNING in states
    assert any_engine.jobs()[0].progress == Progress(1, 2, "half")
    leave()
    leave()
    count = len(states)
    any_engine.submit(lambda ctx: 1, title="y").result(10.0)
    assert len(states) == count


def test_a_closed_engine_takes_nothing_more(any_engine: Engine) -> None:
    assert any_engine.close() == []
    got: list[int] = []
    job = any_engine.submit(lambda ctx: 1, title="late", on_result=got.append)
    any_engine.latest("key", lambda ctx: 1, title="late", on_result=got.append)
    any_engine.drop("key")
    assert job.state is JobState.CANCELLED
    assert any_engine.mailbox.drain() == 0
    assert got == []
    assert any_engine.close() == []


def test_frames_of_a_failed_job_do_not_keep_its_arrays(
    any_engine: Engine, expected_log: object, settle: Settle
) -> None:
    import gc
    import weakref

    class Big:
        pass

    kept: list[weakref.ref[Big]] = []

    def allocate(_: JobContext) -> None:
        big = Big()
        kept.append(weakref.ref(big))
        raise ValueError("full")

    job = any_engine.submit(allocate, title="big")
    settle(any_engine)
    gc.collect()
    assert job.error is not None
    assert kept[0]() is None
