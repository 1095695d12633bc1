"""Who runs what and when: threads that take work in order, and latest-wins keys."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

W = TypeVar("W")

Policy = Literal["finish", "replace"]
IDLE_S = 5.0


class Lane:
    """A few threads that run pieces of work in the order they came.

    Threads start with the first work, leave after `idle_s` without any, and are never
    daemons: the one who made the lane closes and joins it.

    Parameters
    ----------
    name : str
        Part of the threads' names.
    threads : int
        How many pieces may run at the same time.
    crashed : callable
        Gets the exception of a piece of work that raised; the thread goes on.
    yields_to : Lane or None
        A lane that goes first: nothing starts here while it has work.
    """

    def __init__(
        self,
        name: str,
        threads: int,
        crashed: Callable[[BaseException], object],
        yields_to: Lane | None = None,
        idle_s: float = IDLE_S,
    ) -> None:
        self._name = name
        self._limit = threads
        self._crashed = crashed
        self._idle_s = idle_s
        self._first = yields_to
        self.followers: list[Lane] = []
        self.lock: threading.Lock = threading.Lock()
        if yields_to is not None:
            self.lock = yields_to.lock
            yields_to.followers.append(self)
        self._wanted = threading.Condition(self.lock)
        self._queue: deque[Callable[[], object]] = deque()
        self._threads: set[threading.Thread] = set()
        self._started = 0
        self._idle = 0
        self._busy = 0
        self._closed = False

    def put(self, work: Callable[[], object]) -> None:
        """Add work at the end; ignored after `close`."""
        with self.lock:
            if self._closed:
                return
            self._queue.append(work)
            if self._idle < len(self._queue) and len(self._threads) < self._limit:
                self._start_thread()
            self._wanted.notify()

    def close(self) -> None:
        """Forget the waiting work and let the threads go home after what they do now."""
        with self.lock:
            self._closed = True
            self._queue.clear()
            self._wanted.notify_all()

    def wake(self) -> None:
        """Let the threads look again whether they may start; call with the lock held."""
        self._wanted.notify_all()

    def join(self, deadline_s: float) -> bool:
        """Wait for the threads until `deadline_s` (monotonic clock); True if all ended."""
        with self.lock:
            threads = tuple(self._threads)
        for thread in threads:
            thread.join(max(0.0, deadline_s - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    def _start_thread(self) -> None:
        self._started += 1
        thread = threading.Thread(
            target=self._work, name=f"nightglass-{self._name}-{self._started}", daemon=False
        )
        self._threads.add(thread)
        thread.start()

    def _work(self) -> None:
        while (work := self._take()) is not None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - told to the owner, thread goes on
                self._crashed(error)
            del work  # an idle thread must not keep the arrays of its last job
            self._done()

    def _take(self) -> Callable[[], object] | None:
        with self.lock:
            self._idle += 1
            stays = self._wait_for_work()
            self._idle -= 1
            if not stays:
                self._threads.discard(threading.current_thread())
                return None
            self._busy += 1
            return self._queue.popleft()

    def _wait_for_work(self) -> bool:
        """Sleep until there is work (True) or a reason to leave (False)."""
        while not self._closed:
            if self._queue and not (self._first and self._first.has_work):
                return True
            if not self._wanted.wait(self._idle_s) and not self._queue:
                return False
        return False

    @property
    def has_work(self) -> bool:
        """Whether something waits or runs; ask with the lock held."""
        return bool(self._queue) or self._busy > 0

    def _done(self) -> None:
        with self.lock:
            self._busy -= 1
            if not self.has_work:
                for lane in self.followers:
                    lane.wake()


@dataclass(slots=True)
class _Slot(Generic[W]):
    """State of one key: at most one running and one waiting; `queued` has a place in a lane."""

    running: W | None = None
    waiting: W | None = None
    queued: bool = False


class LatestTable(Generic[W]):
    """Latest wins: per key at most one piece of work runs and at most one waits.

    The place in the lane belongs to the key, not to the work, so that a key whose waiting
    work is replaced all the time keeps its turn.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._slots: dict[Hashable, _Slot[W]] = {}

    def offer(self, key: Hashable, work: W, policy: Policy) -> tuple[bool, tuple[W, ...]]:
        """Let `work` wait for `key`; returns (needs a place in a lane, work to cancel)."""
        with self._lock:
            slot = self._slots.setdefault(key, _Slot())
            losers = [slot.waiting] if slot.waiting is not None else []
            if policy == "replace" and slot.running is not None:
                losers.append(slot.running)
            slot.waiting = work
            return self._needs_place(slot), tuple(losers)

    def begin(self, key: Hashable) -> W | None:
        """The key's turn has come: its waiting work runs now; None if it was dropped."""
        with self._lock:
            slot = self._slots[key]
            slot.queued = False
            slot.running, slot.waiting = slot.waiting, None
            if slot.running is None:
                del self._slots[key]
            return slot.running

    def end(self, key: Hashable) -> W | None:
        """The running work is over; the waiting work, if the key needs a new place in a lane.

        The place is then taken, also when that work is dropped a moment later: `begin` finds
        nothing in its turn and frees the key.
        """
        with self._lock:
            slot = self._slots[key]
            slot.running = None
            if slot.waiting is None:
                del self._slots[key]
                return None
            return slot.waiting if self._needs_place(slot) else None

    def drop(self, key: Hashable) -> tuple[W, ...]:
        """Forget what waits; returns all work of the key, to be cancelled."""
        with self._lock:
            slot = self._slots.get(key)
            if slot is None:
                return ()
            dropped = tuple(work for work in (slot.running, slot.waiting) if work is not None)
            slot.waiting = None
            return dropped

    @staticmethod
    def _needs_place(slot: _Slot[W]) -> bool:
        needs = slot.running is None and not slot.queued
        slot.queued = slot.queued or needs
        return needs
