"""Cells, alarms and small nights for the tests of the panels that watch."""

from __future__ import annotations

import math
from types import SimpleNamespace

from nightglass.core.mascara.watching.snapshot import Alarm, BatchCell, Twilight
from nightglass.core.timing.sidereal import BATCH_D

FIRST = 304594
FIRST_JD = 2457418.3
LETTERS = {
    "d": "done", "p": "partial", "f": "failed", "r": "running", "w": "waiting", "s": "skipped",
}  # fmt: skip

KILLED = Alarm(
    "killed", "trouble", "The reduction is not running",
    "Its last sign of life was at 21:42:10 UTC, and it did not say that it ended.",
    "Go on where it ended.", "resume",
)  # fmt: skip
FAILED = Alarm(
    "failed", "trouble", "One batch failed", "LPC-00304597: the process was killed.",
    "Make it again.", "retry", "LPC-00304597",
)  # fmt: skip
SILENT = Alarm("silent", "notice", "Camera LPW is silent", "No frame for 12 min.", "", "", "LPW")
WINDOW = Alarm(
    "window", "notice", "Another window watches", "Process 4711.", "Orders of both count."
)


def rows(banner):
    """Alarms on the screen, from top to bottom."""
    return list(banner._rows.values())


def lines(members):
    """Lines of the details."""
    return tuple(members.view.item(row).text() for row in range(members.view.count()))


def cells(camera, states, first=FIRST, **figures):
    """A row of a grid; each letter is the first of a state."""
    return tuple(
        BatchCell(
            f"{camera}-{first + k:08d}", camera, first + k, LETTERS[letter],
            FIRST_JD + (first + k - FIRST) * BATCH_D, received=50,
            reduced=50 if letter == "d" else 0,
            **{name: values[k] for name, values in figures.items()},
        )
        for k, letter in enumerate(states)
    )  # fmt: skip


def grid(**rows):
    """Rows of cameras by their states."""
    return {camera: cells(camera, states) for camera, states in rows.items()}


def bare_snapshot(rows, dawn_jd=math.nan):
    """As much of a snapshot as the grid looks at."""
    return SimpleNamespace(output="night", grid=rows, twilight=Twilight(dawn_jd=dawn_jd))
