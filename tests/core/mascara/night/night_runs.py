"""Nights reduced by the command line, in processes that tests disturb."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from nightglass.core.engine.journal import read_journal

from .small_night import digests, simulated

DEADLINE_S = 300.0
FRAMES = 32
"""20 in a first batch, 12 in the next."""
_SETTINGS = '{"min_observations": 10, "targets": {"bright": [%d]}}'


class Undisturbed(NamedTuple):
    """A night that nobody disturbed."""

    raw: Path
    products: dict[str, str]
    seconds: dict[str, float]
    """How long each unit took."""


def undisturbed_night(folder: Path) -> Undisturbed:
    """Simulate a night and reduce it twice."""
    raw = simulated(folder / "raw", frames=FRAMES, scale=0.15)
    brightest = (raw / "catalogue.csv").read_text().splitlines()[1].split(",")[0]
    (raw / "settings.json").write_text(_SETTINGS % int(brightest))
    for name in ("cold", "warm"):  # the first one may have to compile
        assert run(raw, folder / name).wait(DEADLINE_S) == 0
    records = read_journal(folder / "warm" / "journal.jsonl")
    took = {one["unit"]: one["took_s"] for one in records if "took_s" in one}
    assert digests(folder / "cold") == digests(folder / "warm")
    return Undisturbed(raw, digests(folder / "warm"), took)


def run(raw: Path, output: Path, *more: object, words: int = subprocess.DEVNULL) -> Process:
    """Start or resume the reduction of a night; `words` is where it speaks to people."""
    command = ["night", "reduce", raw, "--output", output, "--config", raw / "settings.json"]
    return subprocess.Popen(
        [sys.executable, "-m", "nightglass", *map(str, (*command, "--resume", *more))],
        stderr=words,
    )


Process = subprocess.Popen[bytes]


def children(number: int) -> list[int]:
    """Processes that a process started and that are there."""
    try:
        threads = list(Path(f"/proc/{number}/task").iterdir())
        return [int(word) for one in threads for word in (one / "children").read_text().split()]
    except FileNotFoundError:
        return []


def gone(numbers: list[int]) -> None:
    """Wait until workers have followed their driver."""
    deadline = time.monotonic() + DEADLINE_S
    while any(Path(f"/proc/{number}").exists() for number in numbers):
        assert time.monotonic() < deadline


def started(driver: Process, output: Path, unit: str) -> bool:
    """Wait until a unit is started."""
    deadline = time.monotonic() + DEADLINE_S
    while driver.poll() is None and time.monotonic() < deadline:
        records = read_journal(output / "journal.jsonl")
        if any(one["kind"] == "start" and one["unit"] == unit for one in records):
            return True
    return False
