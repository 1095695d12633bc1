"""One piece of background work: its state, its way to report, its way to be stopped."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from ..errors import Cancelled, NightglassError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

PROGRESS_INTERVAL_S = 0.1


class JobState(Enum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_finished(self) -> bool:
        """Whether the job will never run again."""
        return self in _FINISHED


_FINISHED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})
_NEXT = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.CANCELLED}),
    JobState.RUNNING: _FINISHED,
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: `done` of `total` steps (None: unknown) and what it does now."""

    done: int = 0
    total: int | None = None
    text: str = ""

    @property
    def fraction(self) -> float | None:
        """Part done, 0 to 1, or None while the total is unknown."""
        return min(1.0, self.done / self.total) if self.total else None


class CancelToken:
    """A flag that only goes up, and what has to happen at that moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []
        self._cancelled = False

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._cancelled

    def cancel(self) -> bool:
        """Raise the flag; True for the first call. Callbacks run on the calling thread."""
        with self._lock:
            if self._cancelled:
                return False
            self._cancelled = True
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()
        return True

    def on_cancel(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Run `callback` (quick, from any thread) at the cancel; returns what takes it back.

        A token cancelled before runs it at once.
        """
        with self._lock:
            waits = not self._cancelled
            if waits:
                self._callbacks.append(callback)
        if not waits:
            callback()
        return lambda: self._forget(callback)

    def _forget(self, callback: Callable[[], None]) -> None:
        with self._lock:
            if callback in self._callbacks:
                self._callbacks.remove(callback)


class JobContext:
    """What a job function may ask of the world around it.

    Without arguments it is a context for calling a job function directly from a script.

    Parameters
    ----------
    token : CancelToken, optional
        The flag that stops the work.
    on_progress : callable, optional
        Called with each `Progress` that is passed on (at most ten a second, moved ones only).
    on_partial : callable, optional
        Called with every published part, on the working thread.
    clock : callable
        Seconds that never go back.
    """

    def __init__(
        self,
        token: CancelToken | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        on_partial: Callable[[object], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.token = token or CancelToken()
        self.last_progress = Progress()
        self._on_progress = on_progress
        self._on_partial = on_partial
        self._clock = clock
        self._next_report_s = -float("inf")
        self._reported = self.last_progress

    @property
    def cancelled(self) -> bool:
        """Whether the job should stop; for loops that clean up by themselves."""
        return self.token.cancelled

    def check(self) -> None:
        """Stop here if asked to; call it between steps of at most about 50 ms.

        Raises
        ------
        Cancelled
            When the job was cancelled.
        """
        if self.token.cancelled:
            raise Cancelled

    def rest(self, seconds: float) -> None:
        """Do nothing for a while; a cancel ends it at once.

        Raises
        ------
        Cancelled
            If the job was cancelled.
        """
        self.check()
        if seconds > 0.0:
            woken = threading.Event()
            forget = self.on_cancel(woken.set)
            woken.wait(seconds)
            forget()
            self.check()

    def progress(self, done: int, total: int | None = None, text: str = "") -> None:
        """Tell how far the work is; cheap enough for every turn of a loop."""
        self.last_progress = moved = Progress(done, total, text)
        if self._on_progress is None or moved == self._reported:
            return
        now_s = self._clock()
        if now_s >= self._next_report_s:
            self._next_report_s = now_s + PROGRESS_INTERVAL_S
            self._reported = moved
            self._on_progress(moved)

    def publish(self, partial: object) -> None:
        """Hand over a part of the result; parts arrive in order, every one."""
        if self._on_partial is not None and not self.token.cancelled:
            self._on_partial(partial)

    def on_cancel(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Run `callback` when the job is cancelled; returns what takes it back."""
        return self.token.on_cancel(callback)


def _ignore(_: Job[object]) -> None:
    """Nobody looks at this job."""


class Job(Generic[T]):
    """Handle on work given to the engine; made by the engine, usable from every thread.

    Two handles are equal when they stand for the same job.
    """

    __slots__ = (
        "_changed", "_context", "_error", "_finished", "_lock", "_progress", "_state", "_value",
        "id", "lane", "quiet", "title", "token",
    )  # fmt: skip

    def __init__(
        self,
        number: int,
        title: str,
        lane: str,
        *,
        quiet: bool = False,
        changed: Callable[[Job[object]], None] = _ignore,
    ) -> None:
        self.id = number
        self.title = title
        self.lane = lane
        self.quiet = quiet
        self.token = CancelToken()
        self._changed = changed
        self._context: JobContext | None = None
        self._progress = Progress()
        self._lock = threading.Lock()
        self._finished = threading.Event()
        self._state = JobState.QUEUED
        self._error: NightglassError | None = None
        self._value: T | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Job) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"<Job {self.id} {self.title!r} {self._state.value}>"

    @property
    def state(self) -> JobState:
        """Where the job is in its life."""
        return self._state

    @property
    def progress(self) -> Progress:
        """The newest progress, also between two reports to the listeners."""
        context = self._context
        return context.last_progress if context else self._progress

    @property
    def error(self) -> NightglassError | None:
        """Why the job failed; the original exception is its cause."""
        return self._error

    @property
    def is_muted(self) -> bool:
        """Whether nothing of this job may arrive any more."""
        return self.token.cancelled or self._state is JobState.CANCELLED

    def cancel(self) -> None:
        """Stop the job as soon as it looks; from now on nothing of it is delivered."""
        if self.token.cancel():
            with self._lock:
                waiting = self._state is JobState.QUEUED
                if waiting:
                    self._move(JobState.CANCELLED)
            if waiting:
                self.settle()
            elif self._state is JobState.RUNNING:
                self._changed(cast("Job[object]", self))

    def result(self, timeout: float | None = None) -> T:
        """Wait for the end and give the result (headless use and tests).

        Parameters
        ----------
        timeout : float or None
            Longest wait in seconds; None waits without end.

        Raises
        ------
        TimeoutError
            If the job is not finished in time; it goes on.
        NightglassError
            If it failed.
        Cancelled
            If it was cancelled.
        """
        if not self._finished.wait(timeout):
            raise TimeoutError(f"“{self.title}” is not finished after {timeout} s")
        if self._error is not None:
            raise self._error
        if self._state is JobState.CANCELLED:
            raise Cancelled
        return cast("T", self._value)

    def begin(self, context: JobContext) -> bool:
        """Go from waiting to running; False if the job was cancelled before (engine only)."""
        with self._lock:
            if self._state is not JobState.QUEUED or self.token.cancelled:
                return False
            self._context = context
            self._move(JobState.RUNNING)
        self._changed(cast("Job[object]", self))
        return True

    def complete(self, value: T) -> bool:
        """Keep the result; False if the job was cancelled meanwhile (engine only)."""
        with self._lock:
            delivers = not self.token.cancelled
            self._move(JobState.DONE if delivers else JobState.CANCELLED)
            self._value = value if delivers else None
        return delivers

    def fail(self, error: NightglassError | None) -> bool:
        """Keep the failure; False if the job was cancelled (None: it says so itself)."""
        with self._lock:
            delivers = error is not None and not self.token.cancelled
            self._move(JobState.FAILED if delivers else JobState.CANCELLED)
            self._error = error if delivers else None
        return delivers

    def settle(self) -> None:
        """Let those who wait go on, after everything was posted (engine only)."""
        self._changed(cast("Job[object]", self))
        self._finished.set()

    def summary(self) -> Job[T]:
        """A handle of a finished job that does not keep its result in memory."""
        twin: Job[T] = Job(self.id, self.title, self.lane, quiet=self.quiet)
        twin._state, twin._error = self._state, self._error
        twin.token, twin._progress = self.token, self._progress
        twin._finished.set()
        return twin

    def _move(self, state: JobState) -> None:
        if state not in _NEXT.get(self._state, frozenset()):
            raise RuntimeError(f"a job cannot go from {self._state.value} to {state.value}")
        self._state = state
        if state.is_finished and self._context is not None:
            # The context knows the job: without this cut a result would wait for the collector.
            self._progress, self._context = self._context.last_progress, None
