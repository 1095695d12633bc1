"""One job: its states, its progress, its cancel."""

from __future__ import annotations

import pytest
from nightglass.core.engine import CancelToken, Job, JobContext, JobState, Progress
from nightglass.core.errors import Cancelled, NightglassError


class Clock:
    """Seconds that go on when the test says so."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_progress_is_passed_on_ten_times_a_second_and_only_if_it_moved() -> None:
    clock, told = Clock(), []
    ctx = JobContext(on_progress=told.append, clock=clock)
    for step in range(1000):
        clock.now_s = step / 1000
        ctx.progress(step, 1000)
        ctx.progress(step, 1000)
    assert len(told) == 10
    assert ctx.last_progress == Progress(999, 1000)
    clock.now_s = 5.0
    ctx.progress(*[told[-1].done, told[-1].total])
    assert len(told) == 10


def test_a_fraction_is_known_when_the_total_is() -> None:
    assert Progress(1, 4).fraction == 0.25
    assert Progress(5, 4).fraction == 1.0
    assert Progress(5).fraction is None


def test_a_context_without_an_engine_serves_a_script() -> None:
    ctx = JobContext()
    ctx.progress(1, 2, "half")
    ctx.publish("part")
    ctx.check()
    ctx.token.cancel()
    assert ctx.cancelled
    with pytest.raises(Cancelled):
        ctx.check()


def test_nothing_is_published_after_the_cancel() -> None:
    got: list[object] = []
    ctx = JobContext(on_partial=got.append)
    ctx.publish(1)
    ctx.token.cancel()
    ctx.publish(2)
    assert got == [1]


def test_a_token_calls_back_once_and_at_once_when_it_is_late() -> None:
    token, calls = CancelToken(), []
    token.on_cancel(lambda: calls.append("kept"))
    forget = token.on_cancel(lambda: calls.append("forgotten"))
    forget()
    forget()
    assert token.cancel()
    assert not token.cancel()
    token.on_cancel(lambda: calls.append("late"))
    assert calls == ["kept", "late"]


def test_a_job_goes_forward_only() -> None:
    job: Job[int] = Job(1, "count", "compute")
    assert job.begin(JobContext())
    assert job.complete(3)
    with pytest.raises(RuntimeError, match="from done to failed"):
        job.fail(NightglassError("x"))
    job.settle()
    assert job.result() == 3


def test_a_cancelled_waiting_job_does_not_begin() -> None:
    job: Job[int] = Job(1, "count", "compute")
    job.cancel()
    job.cancel()
    assert job.state is JobState.CANCELLED
    assert not job.begin(JobContext())
    with pytest.raises(Cancelled):
        job.result(0)


def test_a_result_that_comes_too_late_is_a_timeout() -> None:
    with pytest.raises(TimeoutError, match="count"):
        Job(1, "count", "compute").result(0)


def test_a_summary_keeps_everything_but_the_result() -> None:
    job: Job[bytearray] = Job(7, "count", "compute")
    ctx = JobContext(job.token)
    job.begin(ctx)
    ctx.progress(1, 2)
    job.complete(bytearray(10))
    job.settle()
    summary = job.summary()
    assert summary == job
    assert hash(summary) == hash(job)
    assert (summary.state, summary.progress, summary.title) == (
        JobState.DONE, Progress(1, 2), "count",
    )  # fmt: skip
    assert summary.result(0) is None
    assert "count" in repr(summary)
    assert summary != "count"
