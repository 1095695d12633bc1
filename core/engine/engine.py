"""The engine room: everything slow runs here, and only the mailbox brings it back."""

from __future__ import annotations

import itertools
import logging
import os
import threading
import time
import traceback
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeVar

from ..errors import Cancelled, NightglassError, translate
from .board import JobBoard
from .jobs import Job, JobContext
from .lanes import Lane, LatestTable, Policy
from .mailbox import Mailbox

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from ..problems import ProblemList

T = TypeVar("T")

LaneName = Literal["frames", "compute", "prefetch", "watch"]
WATCHERS = 16

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Task(Generic[T]):
    """A job with its function and the owner's callbacks."""

    job: Job[T]
    function: Callable[[JobContext], T]
    on_result: Callable[[T], object] | None
    on_partial: Callable[[Any], object] | None
    on_error: Callable[[NightglassError], object] | None
    key: Hashable = None


class Engine:
    """Runs job functions on threads and delivers what they give on the owner thread.

    The owner is whoever calls ``mailbox.drain()``: the Qt main thread, a script or a test.
    Every callback runs there. After a cancel nothing of the job arrives. A failure without
    `on_error` becomes exactly one entry in the problem list.

    Lanes: ``frames`` (one thread: read a frame, make a picture), ``compute`` (as many as
    `compute_threads`), ``prefetch`` (one thread that stands back while ``frames`` is busy),
    ``watch`` (a thread for each job: those that wait for the world and never end by themselves).

    Parameters
    ----------
    problems : ProblemList
        Where failures go that nobody else takes.
    wake : callable or None
        See `Mailbox`.
    compute_threads : int or None
        None takes one less than the processors of the machine, at least one.
    """

    def __init__(
        self,
        problems: ProblemList,
        wake: Callable[[], None] | None = None,
        compute_threads: int | None = None,
    ) -> None:
        self.problems = problems
        self.mailbox = Mailbox(wake)
        self._numbers = itertools.count(1)
        self._board = JobBoard()
        self._keys: LatestTable[_Task[Any]] = LatestTable()
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._unreported: dict[int, Job[Any]] = {}
        frames = Lane("frames", 1, problems.report)
        threads = compute_threads or max(1, (os.cpu_count() or 2) - 1)
        self._lanes: dict[str, Lane] = {
            "frames": frames,
            "compute": Lane("compute", threads, problems.report),
            "prefetch": Lane("prefetch", 1, problems.report, yields_to=frames),
            "watch": Lane("watch", WATCHERS, problems.report),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(
        self,
        fn: Callable[[JobContext], T],
        *,
        title: str,
        lane: LaneName = "compute",
        on_result: Callable[[T], object] | None = None,
        on_partial: Callable[[Any], object] | None = None,
        on_error: Callable[[NightglassError], object] | None = None,
        quiet: bool = False,
    ) -> Job[T]:
        """Run `fn` after what its lane has to do already; nothing is ever left out.

        Parameters
        ----------
        fn : callable
            Gets a `JobContext`; should call its ``check()`` every 50 ms or so.
        title : str
            What a person reads in the job list.
        lane : {"frames", "compute", "prefetch", "watch"}
            Which threads run it.
        on_result, on_partial, on_error : callable, optional
            Run on the owner thread with the result, with every published part in order, and
            with the failure.
        quiet : bool
            Keep the job out of the job list.

        Returns
        -------
        Job
            Already cancelled if the engine is closed.
        """
        job = self._new_job(title, lane, quiet=quiet)
        task = _Task(job, fn, on_result, on_partial, on_error)
        if self._accept(job):
            self._dispatch(lane, partial(self._run, task))
        return job

    def latest(
        self,
        key: Hashable,
        fn: Callable[[JobContext], T],
        *,
        title: str,
        lane: LaneName = "frames",
        on_result: Callable[[T], object] | None = None,
        on_error: Callable[[NightglassError], object] | None = None,
        policy: Policy = "finish",
        quiet: bool = True,
    ) -> None:
        """Run `fn` for `key`, where only the newest request matters.

        At most one request per key runs and one waits; a new one takes the place of the
        waiting one. With ``policy="finish"`` the running one ends and is delivered (dragging
        keeps showing pictures: cancelling at each of 100 requests a second showed 1 picture
        in 3 s, finishing showed 39). With ``"replace"`` the running one is cancelled and
        never delivered (its input is gone). Results the owner has not taken yet are replaced
        by newer ones of the same key.
        """
        job = self._new_job(title, lane, quiet=quiet)
        if not self._accept(job):
            return
        task = _Task(job, fn, on_result, None, on_error, key=("latest", key))
        needs_place, losers = self._keys.offer(key, task, policy)
        for loser in losers:
            loser.job.cancel()
        if policy == "replace":
            self._discard_letters(task.key)
        if needs_place:
            self._dispatch(lane, partial(self._run_key, key))

    def drop(self, key: Hashable) -> None:
        """Cancel what runs and waits for `key`; nothing of it arrives any more."""
        for task in self._keys.drop(key):
            task.job.cancel()
        self._discard_letters(("latest", key))

    def jobs(self) -> tuple[Job[Any], ...]:
        """Unfinished jobs and the last 50 finished, oldest first, without the quiet ones.

        The finished ones hold state, progress and error, not their results.
        """
        return self._board.jobs()

    def subscribe(self, watcher: Callable[[], object]) -> Callable[[], None]:
        """Call `watcher` (quick, from any thread) when the job list changed.

        Progress counts as a change at most ten times a second per job. Returns the function
        that ends the subscription.
        """
        return self._board.subscribe(watcher)

    def close(self, timeout: float = 2.0) -> list[Job[Any]]:
        """Accept nothing more, cancel everything, wait, and join the threads.

        Results that were not taken are not delivered any more; failures still become
        entries in the problem list. May be called again to wait longer.

        Returns
        -------
        list of Job
            Those that did not stop within `timeout` seconds.
        """
        deadline_s = time.monotonic() + timeout
        with self._lock:
            self._closed.set()
        for job in self._board.active():
            job.cancel()
        for lane in self._lanes.values():
            lane.close()
        for lane in self._lanes.values():
            lane.join(deadline_s)
        with self._lock:
            failed, self._unreported = self._unreported, {}
        for job in failed.values():
            self._report(job)
        return list(self._board.active())

    def _new_job(self, title: str, lane: str, *, quiet: bool) -> Job[Any]:
        return Job(next(self._numbers), title, lane, quiet=quiet, changed=self._board.changed)

    def _accept(self, job: Job[Any]) -> bool:
        """Put the job on the board, or cancel it when the engine is closed."""
        with self._lock:
            accepts = not self._closed.is_set()
            if accepts:
                self._board.add(job)
        if accepts:
            self._board.changed(job)
        else:
            job.cancel()
        return accepts

    def _dispatch(self, lane: str, work: Callable[[], object]) -> None:
        self._lanes[lane].put(work)

    def _discard_letters(self, key: Hashable) -> None:
        self.mailbox.discard(key)
        self.mailbox.discard(("error", key))

    def _run_key(self, key: Hashable) -> None:
        task = self._keys.begin(key)
        if task is None:
            return
        try:
            self._run(task)
        finally:
            if (waiting := self._keys.end(key)) is not None:
                self._dispatch(waiting.job.lane, partial(self._run_key, key))

    def _run(self, task: _Task[T]) -> None:
        job = task.job
        context = JobContext(
            job.token,
            on_progress=lambda _: self._board.changed(job),
            on_partial=partial(self._post_partial, task),
        )
        if not job.begin(context):
            return
        try:
            value = task.function(context)
        except Cancelled:
            job.fail(None)
        except KeyboardInterrupt:
            job.fail(None)
            raise
        except BaseException as error:  # noqa: BLE001 - every failure is told, whatever it is
            self._post_failure(task, error)
        else:
            if job.complete(value):
                self._post_result(task, value)
        finally:
            job.settle()

    def _post_partial(self, task: _Task[Any], part: object) -> None:
        if task.on_partial is not None:
            self.mailbox.append(self._deliver, task.job, task.on_partial, part)

    def _post_result(self, task: _Task[T], value: T) -> None:
        if task.on_result is None:
            return
        if task.key is None:
            self.mailbox.append(self._deliver, task.job, task.on_result, value)
        else:
            self.mailbox.post(task.key, self._deliver, task.job, task.on_result, value)

    def _post_failure(self, task: _Task[Any], raised: BaseException) -> None:
        error = translate(raised)
        _forget_locals(raised)
        if not task.job.fail(error):
            _log.debug("%s failed after its cancel", task.job.title, exc_info=raised)
            return
        _log.info("%s failed: %s", task.job.title, error)
        if task.on_error is None:
            with self._lock:
                self._unreported[task.job.id] = task.job
            self.mailbox.append(self._deliver_problem, task.job)
        elif task.key is None:
            self.mailbox.append(self._deliver, task.job, task.on_error, error)
        else:
            key = ("error", task.key)
            self.mailbox.post(key, self._deliver, task.job, task.on_error, error)

    def _deliver(self, job: Job[Any], callback: Callable[[Any], object], value: object) -> None:
        if not job.is_muted and not self._closed.is_set():
            callback(value)

    def _deliver_problem(self, job: Job[Any]) -> None:
        with self._lock:
            waits = self._unreported.pop(job.id, None)
        if waits is not None:
            self._report(job)

    def _report(self, job: Job[Any]) -> None:
        if job.error is not None and not job.is_muted:
            self.problems.report(job.error)


def _forget_locals(error: BaseException | None) -> None:
    """Empty the frames of a failed call, which would keep its arrays as long as the error."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
