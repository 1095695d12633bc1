"""Threads over parts of a search: results in order, progress, and the way to stop."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

    from ...engine.jobs import JobContext

_TEXT = "Trying frequencies"
_Part = TypeVar("_Part")
_Made = TypeVar("_Made")


class Workers:
    """Some threads for the length of a ``with``; what they give does not depend on their number.

    Parameters
    ----------
    ctx : JobContext
        Told of the progress; checked before every result.
    total : int
        Trials.
    threads : int or None
        None takes one for each processor we may run on.
    """

    def __init__(self, ctx: JobContext, total: int, threads: int | None = None) -> None:
        self._ctx = ctx
        self._total = total
        self._done = 0
        self._threads = max(1, threads or _processors())
        self._executor = ThreadPoolExecutor(self._threads, "nightglass-search")

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown(cancel_futures=True)

    def each(
        self,
        work: Callable[[_Part], _Made],
        parts: Iterable[_Part],
        trials: Callable[[_Part], int] | None = None,
    ) -> Iterator[tuple[_Part, _Made]]:
        """Do the work for all parts, a few ahead of what was taken.

        Parameters
        ----------
        work : callable
        parts : iterable
        trials : callable or None
            Trials that a part is, for the progress.

        Raises
        ------
        Cancelled
            If the job was cancelled.
        """
        waiting: deque[tuple[_Part, Future[_Made]]] = deque()
        for part in parts:
            waiting.append((part, self._executor.submit(work, part)))
            if len(waiting) > 2 * self._threads:
                yield self._next(waiting, trials)
        while waiting:
            yield self._next(waiting, trials)

    def _next(
        self,
        waiting: deque[tuple[_Part, Future[_Made]]],
        trials: Callable[[_Part], int] | None,
    ) -> tuple[_Part, _Made]:
        self._ctx.check()
        part, future = waiting.popleft()
        made = future.result()
        self._done += 0 if trials is None else trials(part)
        self._ctx.progress(min(self._done, self._total), self._total, _TEXT)
        return part, made


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
