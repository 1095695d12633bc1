"""Playback: which frame should be on the screen now. Pure arithmetic, no clock of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

PlayUnit = Literal["realtime", "fps"]
EndRule = Literal["stop", "loop", "bounce"]


@dataclass(frozen=True)
class Speed:
    """How fast frames pass.

    Attributes
    ----------
    amount : float
        Multiple of real time, or frames a second; above zero.
    unit : str
        ``realtime`` or ``fps``.
    """

    amount: float = 1.0
    unit: PlayUnit = "realtime"

    def frames_per_second(self, interval_s: float | None) -> float:
        """Frames a second, given the interval of the capture in seconds (None: unknown)."""
        if self.unit == "fps" or not interval_s:
            return self.amount
        return self.amount / interval_s


class Playback:
    """A moving position between two frames.

    It is computed from the time elapsed since the last change of course, so that speeds below
    one frame a tick add up and no speed drifts.
    """

    def __init__(self) -> None:
        self.speed = Speed()
        self.end_rule: EndRule = "loop"
        self._direction = 0
        self._origin_s = 0.0
        self._origin_frame = 0

    @property
    def playing(self) -> bool:
        """Whether frames are moving."""
        return self._direction != 0

    @property
    def backward(self) -> bool:
        """Whether they move towards earlier frames."""
        return self._direction < 0

    def start(self, frame: int, now_s: float, backward: bool = False) -> None:
        """Play on from `frame` at the time `now_s` (any monotonic clock, seconds)."""
        self._direction = -1 if backward else 1
        self._origin_frame, self._origin_s = frame, now_s

    def stop(self) -> None:
        """Stay where we are."""
        self._direction = 0

    def advance(self, now_s: float, first: int, last: int, interval_s: float | None) -> int | None:
        """Frame due at `now_s`, or None when not playing.

        Parameters
        ----------
        now_s : float
            The clock given to `start`, in seconds.
        first, last : int
            The range of frames, both included.
        interval_s : float or None
            Seconds between frames of the capture.
        """
        if not self.playing:
            return None
        moved = (now_s - self._origin_s) * self.speed.frames_per_second(interval_s)
        # Each frame stays for one interval, whichever way they pass.
        position = self._origin_frame + self._direction * math.floor(moved)
        if first <= position <= last:
            return position
        return self._at_the_end(position, now_s, first, last)

    def _at_the_end(self, position: int, now_s: float, first: int, last: int) -> int:
        span = last - first + 1
        if self.end_rule == "loop" and span > 1:
            return first + (position - first) % span
        edge = last if self._direction > 0 else first
        if self.end_rule == "bounce" and span > 1:
            self.start(edge, now_s, backward=self._direction > 0)
        else:
            self.stop()
        return edge
