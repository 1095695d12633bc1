"""The clock of the computer is set, or a camera falls silent, while a night is reduced."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nightglass.core.mascara.watching import watcher as watching

from .night_at_work import FIRST, SETTINGS, Reduction, Watcher, simulate
from .other_time import sitecustomize as other_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..desktop import Desktop

pytestmark = [pytest.mark.slow, pytest.mark.expected_log]
SET_BACK, SET_FORWARD = "The clock was set back by 60 min", "The clock was set forward by 24 h"
SPEED = 20
FEW, MANY = 10, 240
"""Frames of the camera that falls silent, and of the other one."""


@pytest.fixture
def step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], object]:
    """Set the clock of this window and of what it starts: seconds off the true time."""
    file = tmp_path / "step"
    file.write_text("0")
    monkeypatch.setenv(other_time.STEP_FILE, str(file))
    monkeypatch.setenv("PYTHONPATH", str(Path(other_time.__file__).parent), prepend=os.pathsep)
    clocked = partial(watching.NightWatcher, clock=other_time.set_clock)
    monkeypatch.setattr(watching, "NightWatcher", clocked)
    return lambda seconds: file.write_text(str(seconds))


def test_a_clock_that_is_set_back_is_told_and_the_reduction_goes_on(
    step: Callable[[float], object], start: Callable[..., Desktop], reduction: Reduction
) -> None:
    watcher = Watcher(start(night=reduction.output))
    watcher.begin(reduction, is_live=False)
    watcher.wait_long(lambda: reduction.done)
    step(-3600.0)
    watcher.is_told(SET_BACK, "frames get wrong times", "Check the time service")
    (row,) = watcher.rows
    assert row.close_button.isVisible()
    done = len(reduction.done)
    watcher.wait_long(lambda: len(reduction.done) > done)
    times_s = [one["at"] for one in reduction.records if "at" in one]
    assert min(times_s[1:]) < times_s[0] - 3000.0
    step(0.0)
    watcher.wait_without("The clock")
    watcher.wait_long(lambda: reduction.state == "finished")
    assert len(reduction.done) == len(set(reduction.done)) == 4


def test_a_clock_that_is_set_forward_is_told_and_nobody_is_taken_for_dead(
    step: Callable[[float], object], start: Callable[..., Desktop], reduction: Reduction
) -> None:
    watcher = Watcher(start(night=reduction.output))
    watcher.begin(reduction)
    step(86_400.0)
    watcher.is_told(SET_FORWARD, "Check the time service")
    watcher.wait_long(lambda: reduction.done)
    assert [row.alarm.kind for row in watcher.rows] == ["clock"]


@pytest.fixture
def fast_reduction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reduction]:
    """A night at twenty times the pace, its reduction included: each camera has its folder."""
    monkeypatch.setenv(other_time.PACE, str(SPEED))
    monkeypatch.setenv("PYTHONPATH", str(Path(other_time.__file__).parent), prepend=os.pathsep)
    folders = tuple(tmp_path / name for name in ("north", "east", "east-later"))
    for folder in folders:
        folder.mkdir()
    made = Reduction(folders, tmp_path / "products")
    yield made
    made.end()


def test_a_camera_that_is_silent_for_ten_minutes_is_told_until_it_writes_again(
    fast_reduction: Reduction, start: Callable[..., Desktop], written: Path
) -> None:
    north, east, later = fast_reduction.raw
    watcher = Watcher(start(night=fast_reduction.output))
    catalogue = written / "catalogue.csv"
    watcher.desktop.bench.night.start(fast_reduction.request(catalogue=catalogue), SETTINGS)
    watcher.wait_long(lambda: fast_reduction.is_driven)
    stars = "--catalogue", catalogue, "--clobber", "--live", SPEED
    simulators = [
        simulate(north, MANY, "--start", FIRST, *stars, cameras="N"),
        simulate(east, FEW, "--start", FIRST, *stars, cameras="E"),
    ]
    try:
        watcher.wait_long(lambda: fast_reduction.silence_s("LPE") > 590.0)
        watcher.is_told("LPE is silent", "No frame of it came for 10 min")
        assert "LPN is silent" not in watcher.words
        simulators.append(simulate(later, 50, "--start", FIRST + MANY, *stars, cameras="E"))
        watcher.wait_without("LPE is silent")
        assert fast_reduction.is_driven
    finally:
        for simulator in simulators:
            simulator.kill()
            simulator.wait()
