"""A reduction or a worker is killed: the window tells, and its own button mends it."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .night_at_work import Reduction, Watcher

pytestmark = [pytest.mark.slow, pytest.mark.expected_log]
KILLED = "The reduction is dead"


def test_a_reduction_that_is_killed_is_told_and_goes_on_by_the_button_to_its_end(
    watcher: Watcher, reduction: Reduction
) -> None:
    watcher.begin(reduction, is_live=False)
    watcher.wait_long(lambda: reduction.done)
    os.kill(reduction.pid, signal.SIGKILL)
    watcher.is_told(KILLED, "process ended without a word")
    assert watcher.desktop.window.isVisible()
    watcher.click(KILLED)
    watcher.wait_without(KILLED)
    watcher.wait_long(lambda: reduction.state == "finished")
    assert len(reduction.done) == len(set(reduction.done)) == 4
    watcher.wait_long(reduction.layout.report.exists)
    watcher.wait(lambda: not watcher.words)


def test_a_worker_that_is_killed_is_told_and_its_unit_is_made_by_itself(
    watcher: Watcher, reduction: Reduction
) -> None:
    watcher.begin(reduction, cameras=("E",))
    watcher.wait_long(lambda: batches_at_work(reduction) and reduction.workers)
    (worker,), (unit,) = reduction.workers, batches_at_work(reduction)
    os.kill(worker, signal.SIGKILL)
    watcher.is_told("SIGKILL", "started again", of=lambda: watcher.messages)
    watcher.wait_long(lambda: states_of(reduction, unit) == ["done"])
    assert reduction.is_driven


def test_a_unit_whose_workers_are_killed_again_and_again_is_made_by_the_button(
    watcher: Watcher, reduction: Reduction
) -> None:
    watcher.begin(reduction, workers=1, cameras=("E",))
    watcher.wait_long(lambda: batches_at_work(reduction))
    (unit,) = batches_at_work(reduction)
    killed: set[int] = set()

    def kill() -> bool:
        if unit in batches_at_work(reduction):
            for worker in set(reduction.workers) - killed:
                killed.add(worker)
                os.kill(worker, signal.SIGKILL)
        return unit in reduction.done

    watcher.wait_long(kill)
    watcher.is_told("1 unit failed", unit)
    watcher.click("1 unit failed")
    watcher.wait_long(lambda: states_of(reduction, unit) == ["failed", "done"])
    watcher.wait(lambda: not watcher.words)


def states_of(reduction: Reduction, unit: str) -> list[str]:
    """How a unit ended, each time."""
    return [one["state"] for one in reduction.records if one.get("unit") == unit and "state" in one]


def batches_at_work(reduction: Reduction) -> set[str]:
    open_ones: set[str] = set()
    for one in reduction.records:
        if one["kind"] == "start" and "dark" not in one["unit"]:
            open_ones.add(one["unit"])
        elif one["kind"] in {"unit", "again"}:
            open_ones.discard(one["unit"])
    return open_ones
