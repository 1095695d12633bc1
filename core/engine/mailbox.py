"""The only way from working threads to the owner thread: letters, and one ring of the bell."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from functools import partial
from typing import ParamSpec

P = ParamSpec("P")
_Letter = Callable[[], object]


class Mailbox:
    """Letters from any thread, opened on the thread that calls `drain`.

    Parameters
    ----------
    wake : callable or None
        Called (on the posting thread, quick) for the first letter after a drain, once.
        May be set later; letters that lie there already ring at once.
    """

    def __init__(self, wake: Callable[[], None] | None = None) -> None:
        self._arrived = threading.Condition(threading.Lock())
        self._letters: dict[Hashable, _Letter] = {}
        self._serial = 0
        self._wake = wake

    @property
    def wake(self) -> Callable[[], None] | None:
        """What rings when letters wait."""
        return self._wake

    @wake.setter
    def wake(self, wake: Callable[[], None] | None) -> None:
        with self._arrived:
            self._wake = wake
            rings = bool(self._letters)
        if rings and wake is not None:
            wake()

    def __len__(self) -> int:
        return len(self._letters)

    def post(
        self, key: Hashable, callback: Callable[P, object], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Leave a letter that replaces an unopened one of the same key."""
        self._put(("key", key), partial(callback, *args, **kwargs))

    def append(self, callback: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Leave a letter that is opened in any case, in the order of arrival."""
        self._put(None, partial(callback, *args, **kwargs))

    def discard(self, key: Hashable) -> None:
        """Throw the unopened letter of this key away."""
        with self._arrived:
            self._letters.pop(("key", key), None)

    def _put(self, key: Hashable, letter: _Letter) -> None:
        with self._arrived:
            if key is None:
                self._serial += 1
                key = self._serial
            rings = not self._letters
            # A replaced letter takes its new place in the order, so that it never overtakes.
            self._letters.pop(key, None)
            self._letters[key] = letter
            self._arrived.notify_all()
            wake = self._wake
        if rings and wake is not None:
            wake()

    def drain(self, most_s: float = float("inf")) -> int:
        """Open every letter that lies there now; returns how many.

        An exception of a callback goes up to the caller; the letters behind it stay for the
        next drain, and the bell rings for them. So it is with those that are left after
        `most_s` seconds; one is opened in any case.
        """
        letters, opened, end_s = self._take(), 0, time.monotonic() + most_s
        try:
            for open_letter in letters.values():
                opened += 1
                open_letter()
                if time.monotonic() >= end_s:
                    break
        finally:
            if opened < len(letters):
                self._put_back(dict(list(letters.items())[opened:]))
        return opened

    def wait(self, timeout: float | None = None) -> bool:
        """Sleep until a letter lies there; False after `timeout` seconds without one."""
        with self._arrived:
            return self._arrived.wait_for(lambda: bool(self._letters), timeout)

    def drain_until(self, reached: Callable[[], bool], timeout: float = 10.0) -> bool:
        """Open letters until `reached` is true: the owner's loop of scripts and tests."""
        deadline_s = time.monotonic() + timeout
        self.drain()
        while not reached():
            if not self.wait(max(0.0, deadline_s - time.monotonic())):
                return reached()
            self.drain()
        return True

    def _take(self) -> dict[Hashable, _Letter]:
        with self._arrived:
            letters, self._letters = self._letters, {}
        return letters

    def _put_back(self, letters: dict[Hashable, _Letter]) -> None:
        with self._arrived:
            newer = self._letters
            kept = {key: letter for key, letter in letters.items() if key not in newer}
            self._letters = {**kept, **newer}
            rings, wake = bool(kept), self._wake
        if rings and wake is not None:
            wake()
