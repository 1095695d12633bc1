"""What is around a journal: folders, disk, driver, clock and other windows. Looked at seldom."""

from __future__ import annotations

import math
import os
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..night.lock import holds_driver
from .pulse import ClockStep
from .windows import WindowMark

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..night.layout import NightLayout

_SELDOM_S = 2.0
SHOWN_S = 600.0
"""A clock that was set is told of for so long."""
_STEP_S = 2.0
"""A clock that is kept by a time service moves by less between two looks."""


@dataclass(frozen=True)
class Around:
    """One look around.

    Attributes
    ----------
    is_driven : bool
        Whether a driver holds the folder.
    has_folder, has_journal : bool
    free_bytes : float
        On the disk of the products; NaN where it cannot be told.
    raw_gone : tuple of str
        Raw folders that are not there.
    others : tuple of str
        Other windows.
    """

    is_driven: bool
    has_folder: bool
    has_journal: bool
    free_bytes: float
    raw_gone: tuple[str, ...]
    others: tuple[str, ...]


def steady_s() -> float:
    """Seconds that run on while the computer sleeps and that nobody can set."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


class Surroundings:
    """Looks around a night.

    Parameters
    ----------
    layout : NightLayout
    steady : callable
        Gives seconds that never jump.
    is_window : bool
        Whether other windows are told that this one watches.
    """

    def __init__(
        self, layout: NightLayout, steady: Callable[[], float], *, is_window: bool
    ) -> None:
        self._layout = layout
        self._steady = steady
        self._mark = WindowMark(layout.output)
        self._is_window = is_window
        self._looked_s = -math.inf
        self._slow: tuple[float, tuple[str, ...], tuple[str, ...]] = (math.nan, (), ())

    def look(self, raw: tuple[str, ...]) -> Around:
        """Look; at disk, raw folders and windows every other second."""
        layout = self._layout
        now_s = self._steady()
        has_journal = layout.journal.exists()
        if now_s - self._looked_s >= _SELDOM_S:
            self._looked_s = now_s
            gone = tuple(folder for folder in raw if not os.path.isdir(folder))  # noqa: PTH112
            self._slow = _free_bytes(layout.output), gone, self._others(has_journal)
        return Around(
            holds_driver(layout),
            layout.output.is_dir(),
            has_journal,
            *self._slow,
        )

    def _others(self, has_journal: bool) -> tuple[str, ...]:
        if self._is_window and has_journal:
            self._mark.show()
        return self._mark.others()

    def close(self) -> None:
        """Tell nobody any more that this window watches."""
        self._mark.close()


class ClockWatch:
    """Holds the clock of the computer against one that cannot be set."""

    def __init__(self) -> None:
        self._ahead_s = math.nan
        self._found: list[tuple[float, ClockStep]] = []

    def steps(self, clock_s: float, steady: float) -> tuple[ClockStep, ...]:
        """By how much the clock was set in the last minutes, if it was and was not set back.

        Parameters
        ----------
        clock_s : float
            What it shows now (Unix).
        steady : float
            Seconds that never jump.
        """
        ahead_s = clock_s - steady
        by_s, self._ahead_s = ahead_s - self._ahead_s, ahead_s
        if abs(by_s) > _STEP_S:
            self._found.append((steady, ClockStep(by_s, clock_s)))
        self._found = [one for one in self._found if steady - one[0] < SHOWN_S]
        total_s = sum(step.by_s for _, step in self._found)
        if abs(total_s) < _STEP_S:
            return ()
        return (ClockStep(total_s, self._found[-1][1].at_s),)


def _free_bytes(folder: Path) -> float:
    try:
        return float(shutil.disk_usage(folder).free)
    except OSError:
        return math.nan
