"""The list of jobs as a person sees it, and those who watch it."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from .jobs import Job

KEPT = 50


class JobBoard:
    """All unfinished jobs and the last finished ones; safe from every thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._active: dict[int, Job[Any]] = {}
        self._finished: deque[Job[Any]] = deque(maxlen=KEPT)
        self._watchers: list[Callable[[], object]] = []

    def add(self, job: Job[Any]) -> None:
        """Put a new job up; `changed` tells it."""
        with self._lock:
            self._active[job.id] = job

    def changed(self, job: Job[Any]) -> None:
        """Take note of a new state or progress of a job on the board."""
        if job.state.is_finished:
            self._retire(job)
        self._tell(job)

    def active(self) -> tuple[Job[Any], ...]:
        """Every unfinished job, quiet ones too."""
        with self._lock:
            return tuple(self._active.values())

    def jobs(self) -> tuple[Job[Any], ...]:
        """Unfinished jobs and the last 50 finished, oldest first, without the quiet ones."""
        with self._lock:
            both = (*self._finished, *self._active.values())
        return tuple(sorted((job for job in both if not job.quiet), key=lambda job: job.id))

    def subscribe(self, watcher: Callable[[], object]) -> Callable[[], None]:
        """Call `watcher` (quick, from any thread) at each change; returns what ends it."""
        with self._lock:
            self._watchers.append(watcher)
        return lambda: self._unsubscribe(watcher)

    def _unsubscribe(self, watcher: Callable[[], object]) -> None:
        with self._lock:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

    def _retire(self, job: Job[Any]) -> None:
        with self._lock:
            if self._active.pop(job.id, None) is not None and not job.quiet:
                self._finished.append(job.summary())

    def _tell(self, job: Job[Any]) -> None:
        if job.quiet:
            return
        with self._lock:
            watchers = tuple(self._watchers)
        for watcher in watchers:
            watcher()
