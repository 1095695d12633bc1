"""Figures of the accounting strip: rates, free disk and how long it lasts."""

from __future__ import annotations

import shutil
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

RATE_WINDOW_S = 4.0


class RateMeter:
    """Events a second over the last few seconds."""

    def __init__(self, window_s: float = RATE_WINDOW_S) -> None:
        self._window_s = window_s
        self._marks: deque[tuple[float, int]] = deque()

    def mark(self, now_s: float, total: int) -> None:
        """Note that `total` events had happened by `now_s`."""
        self._marks.append((now_s, total))
        while len(self._marks) > 2 and self._marks[1][0] <= now_s - self._window_s:
            self._marks.popleft()

    @property
    def per_second(self) -> float:
        """Mean rate over the window; 0 until two marks exist."""
        if len(self._marks) < 2:
            return 0.0
        (start_s, start), (end_s, end) = self._marks[0], self._marks[-1]
        return max(0.0, (end - start) / (end_s - start_s)) if end_s > start_s else 0.0


@dataclass(frozen=True)
class Disk:
    """Free space where the data are written.

    Attributes
    ----------
    free_gb : float
        Free space in GB (1e9 bytes).
    hours : float or None
        How long it lasts at the present rate; None while nothing is written.
    """

    free_gb: float
    hours: float | None


def disk_left(folder: Path, bytes_per_second: float) -> Disk | None:
    """Free space of the disk that holds `folder`; None while the folder is away."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return None
    hours = free / bytes_per_second / 3600 if bytes_per_second > 0 else None
    return Disk(free / 1e9, hours)


@dataclass(frozen=True)
class Strip:
    """One reading of the accounting strip. All counts are frames.

    Attributes
    ----------
    captured : int
        In complete cubes on disk.
    read : int
        Whose counts were read.
    counted : int
        In the light curve.
    painted : int
        Shown on the screen.
    lost : int
        Missing by the stamps or by absent cubes.
    behind : int
        Between the one shown and the newest.
    frames_per_second : float
        Arriving, while live; painted otherwise.
    disk : Disk or None
    """

    captured: int = 0
    read: int = 0
    counted: int = 0
    painted: int = 0
    lost: int = 0
    behind: int = 0
    frames_per_second: float = 0.0
    disk: Disk | None = None
