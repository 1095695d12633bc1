"""Workers and drivers killed at random moments: the products are those of an undisturbed night."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

import h5py
import pytest
from nightglass.core.engine.journal import read_journal

from .night_runs import DEADLINE_S, FRAMES, children, gone, run
from .small_night import FIRST, digests

if TYPE_CHECKING:
    from pathlib import Path

    from .night_runs import Undisturbed

MOMENTS = 50


@pytest.mark.slow
def test_no_kill_at_any_moment_changes_a_product(undisturbed: Undisturbed, tmp_path: Path) -> None:
    killed: list[str] = []
    numbers = count()

    def disturb_nights() -> None:
        while len(killed) < MOMENTS:
            number = next(numbers)
            disturbed(undisturbed, tmp_path / f"night-{number}", random.Random(number), killed)

    with ThreadPoolExecutor(2) as two:
        for end in [two.submit(disturb_nights) for _ in range(2)]:
            end.result()
    assert set(killed) == {"worker", "driver", "both"}


def disturbed(
    undisturbed: Undisturbed, output: Path, chance: random.Random, killed: list[str]
) -> None:
    """Reduce a night with kills in every unit until there were enough."""
    night = Night(undisturbed, output)
    for unit in undisturbed.seconds:
        # No worker twice: a driver gives a unit up that dies again and again.
        for victim in chance.sample(("worker", "driver", "both"), 3):
            moment = chance.uniform(0.0, 1.0)
            if len(killed) < MOMENTS and night.disturb(unit, victim, moment):
                killed.append(victim)
    night.to_the_end()
    assert digests(output) == undisturbed.products
    assert [one["kind"] for one in night.records()].count("merge") == 1
    shutil.rmtree(output)


@pytest.mark.slow
def test_the_undisturbed_night_has_each_exposure_once(undisturbed: Undisturbed) -> None:
    (path,) = undisturbed.raw.parent.glob("warm/*/fLC/*.hdf5")
    with h5py.File(path) as file:
        slots = [list(file[f"data/{star}"]["lstseq"]) for star in file["data"]]
    assert len(slots) > 100
    assert all(sorted(set(one)) == one for one in slots)
    assert max(slots, key=len) == list(range(FIRST, FIRST + FRAMES))


class Night:
    """A night that is started again whenever its driver was killed."""

    def __init__(self, undisturbed: Undisturbed, output: Path) -> None:
        self._raw = undisturbed.raw
        self._seconds = undisturbed.seconds
        self._driver: subprocess.Popen[bytes] | None = None
        self._started: dict[str, int] = {}
        self.output = output

    def disturb(self, unit: str, victim: str, moment: float) -> bool:
        """Kill when a part of a unit's time is over; whether there was somebody to kill."""
        if self._driver is None:
            self._driver = run(self._raw, self.output)
        if not self._starts(unit):
            return False
        with suppress(subprocess.TimeoutExpired):
            self._driver.wait(moment * self._seconds[unit])
            return False
        workers = children(self._driver.pid)
        if victim != "driver":
            for number in workers:
                kill(number)
        if victim != "worker":
            self._driver.kill()
            self._driver.wait()
            self._driver = None
            gone(workers)
        return victim != "worker" or bool(workers)

    def _starts(self, unit: str) -> bool:
        """Wait until the unit is started again; not if it is finished."""
        assert self._driver is not None
        deadline = time.monotonic() + DEADLINE_S
        while True:
            own = [one for one in self.records() if one.get("unit") == unit]
            if any(one["kind"] != "start" for one in own) or self._driver.poll() is not None:
                return False
            if len(own) > self._started.get(unit, 0):
                self._started[unit] = len(own)
                return True
            assert time.monotonic() < deadline
            with suppress(subprocess.TimeoutExpired):
                self._driver.wait(0.02)

    def to_the_end(self) -> None:
        """Let the driver finish."""
        driver = self._driver or run(self._raw, self.output)
        assert driver.wait(DEADLINE_S) == 0

    def records(self) -> list[dict[str, object]]:
        return read_journal(self.output / "journal.jsonl")


def kill(number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)
