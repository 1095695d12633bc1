"""Count the frames that really reach the screen."""

from __future__ import annotations

import time
from collections import deque

_SPAN_S = 1.0


class PaintCount:
    """Tell frames from repaints of the same frame, and know their rate."""

    def __init__(self) -> None:
        self.count = 0
        self._is_waiting = False
        self._frame: int | None = None
        self._times_s: deque[float] = deque(maxlen=1024)

    def expect(self, frame: int | None, is_shown: bool) -> None:
        """A picture was handed over; it counts unless it is of the frame painted last."""
        is_same = frame is not None and frame == self._frame
        self._is_waiting = is_shown and (not is_same or self._is_waiting)
        self._frame = frame

    def painted(self) -> bool:
        """Note that the picture was painted; whether that is one more frame."""
        if not self._is_waiting:
            return False
        self._is_waiting = False
        self.count += 1
        self._times_s.append(time.perf_counter())
        return True

    def per_second(self) -> float:
        """Frames a second over the last second."""
        since = time.perf_counter() - _SPAN_S
        while self._times_s and self._times_s[0] < since:
            self._times_s.popleft()
        return len(self._times_s) / _SPAN_S
