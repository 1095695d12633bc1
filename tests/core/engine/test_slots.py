"""Worker slots: one death costs one task, and nobody outlives the owner."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nightglass.core.engine.slots import Slots, Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightglass.core.engine.slots import Outcome

HERE = Path(__file__).parent
DEADLINE_S = 30.0


@pytest.fixture(autouse=True)
def _findable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(HERE))


@pytest.fixture
def slots() -> Iterator[Slots]:
    running = Slots(2)
    yield running
    running.close()


def task(name: str, ident: str = "", silence_s: float = 600.0, **arguments: object) -> Task:
    return Task(ident or name, f"slot_tasks:{name}", arguments, silence_s)


def outcomes(slots: Slots, count: int) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}
    deadline = time.monotonic() + DEADLINE_S
    while len(found) < count:
        assert time.monotonic() < deadline
        found |= {outcome.task.ident: outcome for outcome in slots.wait(1.0)}
    return found


def test_results_come_back_under_their_names(slots: Slots) -> None:
    slots.start(task("double", "four", number=2))
    slots.start(task("double", "six", number=3))
    assert slots.free == 0
    found = outcomes(slots, 2)
    assert {ident: outcome.result for ident, outcome in found.items()} == {"four": 4, "six": 6}
    assert slots.free == 2


def test_an_error_is_told_and_is_no_crash(slots: Slots) -> None:
    slots.start(task("refuse"))
    outcome = outcomes(slots, 1)["refuse"]
    assert outcome.error is not None
    assert "not tonight" in str(outcome.error)
    assert not outcome.crashed


def test_a_process_that_dies_costs_its_own_task_and_tells_what_it_was_at(slots: Slots) -> None:
    slots.start(task("die", at="frame 7", signal_name="SIGSEGV"))
    slots.start(task("double", number=1))
    found = outcomes(slots, 2)
    assert found["double"].result == 2
    assert found["die"].crashed
    assert found["die"].last_part == "frame 7"
    assert "SIGSEGV" in str(found["die"].error)


def test_a_process_that_says_nothing_is_ended(slots: Slots, tmp_path: Path) -> None:
    slots.start(task("hang", flag=str(tmp_path / "flag"), silence_s=0.05))
    outcome = outcomes(slots, 1)["hang"]
    assert outcome.crashed
    assert "said nothing" in str(outcome.error)


def test_close_ends_what_runs(tmp_path: Path) -> None:
    slots = Slots(1)
    flag = tmp_path / "flag"
    slots.start(task("hang", flag=str(flag)))
    number = process_of(flag)
    slots.close()
    assert not is_alive(number)
    assert slots.running == ()


def test_workers_use_one_thread_each(slots: Slots) -> None:
    slots.start(task("variables"))
    assert outcomes(slots, 1)["variables"].result == {"threads": "1"}


def test_workers_die_with_an_owner_that_is_killed(tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    script = (
        "from nightglass.core.engine.slots import Slots, Task\n"
        f"slots = Slots(1)\nslots.start(Task('x', 'slot_tasks:hang', {{'flag': {str(flag)!r}}}))\n"
        "slots.wait(60.0)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script]) as owner:
        number = process_of(flag)
        owner.kill()
    deadline = time.monotonic() + DEADLINE_S
    while is_alive(number):
        assert time.monotonic() < deadline


def process_of(flag: Path) -> int:
    deadline = time.monotonic() + DEADLINE_S
    while not flag.exists() or not flag.read_text():
        assert time.monotonic() < deadline
    return int(flag.read_text())


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{number}/stat").read_text().split()[2] != "Z"
