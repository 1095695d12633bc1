"""Real processes killed while they save: what they leave behind is whole, and new."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nightglass.core.session import autosave

if TYPE_CHECKING:
    from nightglass.core.session.autosave import Recovery

PROGRAM = Path(__file__).with_name("drawing_window.py")
OLDEST_S = 60.0


def last_words(after_s: float) -> tuple[int, float]:
    """Number of regions, and time, when a window was killed `after_s` after its first edit."""
    command = [sys.executable, "-P", str(PROGRAM)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        first = window.stdout.readline()
        killer = threading.Timer(after_s, window.kill)
        killer.start()
        lines = [first, *window.stdout]
        killer.join()
    assert window.returncode == -9
    # The last line may be cut off.
    number, now_s = next(line for line in reversed(lines) if line.endswith("\n")).split()
    return int(number), float(now_s)


def left_behind(now_s: float) -> Recovery | None:
    """The one state that the next start offers, which is taken."""
    folder = autosave.sessions_dir()
    recoveries, refused = autosave.abandoned(folder, now_s)
    assert refused == []
    assert not list(folder.glob("*.unreadable"))
    assert len(recoveries) <= 1
    return recoveries[0] if recoveries else None


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_a_window_killed_while_it_saves_leaves_a_whole_state(seed: int) -> None:
    number, now_s = last_words(random.Random(seed).uniform(0.5, 2.5))
    recovery = left_behind(now_s)
    assert recovery is not None
    saved = recovery.document.regions
    assert [record.shape["x"] for record in saved] == list(range(len(saved)))
    assert len(saved) <= number + 1
    # Edits are saved as fast as the disk takes them; nobody loses more than a moment.
    assert now_s - recovery.saved_at.timestamp() < OLDEST_S
    recovery.put_away(keeps=False)
