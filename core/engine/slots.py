"""Supervised worker slots: each task in a process of its own, whose death costs that task alone."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import Cancelled, NightglassError, translate
from .child import ChildCrashError, run_in_child
from .jobs import CancelToken, JobContext

if TYPE_CHECKING:
    from collections.abc import Mapping

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Results must not depend on the number of processors, and slots share the machine."""


@dataclass(frozen=True)
class Task:
    """One call in a process of its own.

    Parameters
    ----------
    ident : str
        The name under which the outcome is told.
    target : str
        ``"package.module:function"``, called as ``function(ctx, **arguments)``.
    arguments : mapping
        What JSON can carry.
    silence_s : float
        Ended by force when it has said nothing (no progress, no part) for so long.
    """

    ident: str
    target: str
    arguments: Mapping[str, Any] = field(repr=False)
    silence_s: float = 600.0


@dataclass(frozen=True)
class Outcome:
    """How a task ended.

    Parameters
    ----------
    task : Task
    result : object
        What the function returned; None after a failure.
    error : NightglassError or None
        Why there is no result.
    crashed : bool
        Whether the process died (or had to be ended) instead of telling an error.
    last_part : object
        The last thing it published: what it was at when it died.
    seconds : float
        How long it took.
    """

    task: Task
    result: Any = None
    error: NightglassError | None = None
    crashed: bool = False
    last_part: Any = None
    seconds: float = 0.0


class Slots:
    """Runs up to `count` tasks at the same time.

    Parameters
    ----------
    count : int
        Processes at the same time.

    Notes
    -----
    A worker hangs on a pipe of this process and ends when it closes, also when this process is
    killed; it inherits no file but that pipe, so no lock either. Use from one thread.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._running: dict[str, _Run] = {}
        self._ended: queue.SimpleQueue[Outcome] = queue.SimpleQueue()

    @property
    def running(self) -> tuple[str, ...]:
        """Names of the tasks that run."""
        return tuple(self._running)

    @property
    def free(self) -> int:
        """How many more may start."""
        return self._count - len(self._running)

    def start(self, task: Task) -> None:
        """Start a task in a free slot."""
        assert self.free > 0
        assert task.ident not in self._running
        self._running[task.ident] = _Run(task, self._ended)

    def parts(self) -> dict[str, Any]:
        """The newest part that each running task published."""
        return {ident: run.last_part for ident, run in self._running.items()}

    def wait(self, timeout_s: float) -> list[Outcome]:
        """The tasks that ended; waits for the first one up to `timeout_s`."""
        self._end_silent_ones()
        ended: list[Outcome] = []
        try:
            ended.append(self._ended.get(timeout=timeout_s))
            while True:
                ended.append(self._ended.get_nowait())
        except queue.Empty:
            pass
        for outcome in ended:
            self._running.pop(outcome.task.ident).join()
        return ended

    def _end_silent_ones(self) -> None:
        for run in self._running.values():
            if run.silent_s > run.task.silence_s:
                run.give_up()

    def close(self) -> None:
        """End every worker and wait until it is gone."""
        for run in self._running.values():
            run.cancel()
        for run in self._running.values():
            run.join()
        self._running.clear()


class _Run:
    """One task on its way: a thread that waits for the process."""

    def __init__(self, task: Task, ended: queue.SimpleQueue[Outcome]) -> None:
        self.task = task
        self.last_part: Any = None
        self._token = CancelToken()
        self._heard = self._began = time.monotonic()
        self._gave_up = False
        self._thread = threading.Thread(
            target=self._follow, args=(ended,), name=f"nightglass-slot-{task.ident}"
        )
        self._thread.start()

    @property
    def silent_s(self) -> float:
        """Seconds since it said anything."""
        return time.monotonic() - self._heard

    def give_up(self) -> None:
        """End a task that says nothing any more."""
        self._gave_up = True
        self.cancel()

    def cancel(self) -> None:
        """Ask the process to end; after a second it is ended by force."""
        self._token.cancel()

    def join(self) -> None:
        """Wait until process and thread are gone."""
        self._thread.join()

    def _hear(self, part: object = None) -> None:
        self._heard = time.monotonic()
        if part is not None:
            self.last_part = part

    def _follow(self, ended: queue.SimpleQueue[Outcome]) -> None:
        result, error, crashed = None, None, False
        ctx = JobContext(self._token, lambda _: self._hear(), self._hear)
        try:
            result = run_in_child(
                ctx, self.task.target, dict(self.task.arguments), environment=_ONE_THREAD
            )
        except Cancelled:
            error, crashed = self._stopped(), True
        except Exception as problem:  # noqa: BLE001 - the owner tells it
            error, crashed = translate(problem), isinstance(problem, ChildCrashError)
        seconds = time.monotonic() - self._began
        ended.put(Outcome(self.task, result, error, crashed, self.last_part, seconds))

    def _stopped(self) -> NightglassError:
        if self._gave_up:
            return NightglassError(
                "A background process hung",
                f"It said nothing for {self.task.silence_s:.0f} s and was ended.",
            )
        return NightglassError("A background process was stopped", "It was asked to end.")
