"""Windows come and go while a night is reduced: it neither ends with them nor is it forgotten."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nightglass.core.workbench.night.launch import launch
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from .night_at_work import SETTINGS, Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..desktop import Desktop
    from .night_at_work import Reduction

pytestmark = [pytest.mark.slow, pytest.mark.expected_log]
ANOTHER = "Another window watches this night"


def offered(watcher: Watcher, title: str, answer: int = 0) -> None:
    """See that a night is offered at the start, and press one of the buttons."""
    toasts = watcher.desktop.window.toasts
    watcher.wait(lambda: [one for one in toasts.toasts if one.problem.title == title])
    (toast,) = (one for one in toasts.toasts if one.problem.title == title)
    QTest.mouseClick(list(toast.buttons.values())[answer], Qt.MouseButton.LeftButton)


def test_closing_the_window_leaves_the_reduction_which_the_next_one_offers(
    start: Callable[..., Desktop], reduction: Reduction
) -> None:
    first = Watcher(start(night=reduction.output))
    first.begin(reduction, is_live=False)
    first.desktop.window.close()
    assert reduction.is_driven

    second = Watcher(start())
    offered(second, "A night is being reduced")
    done = len(reduction.done)
    second.wait_long(lambda: len(reduction.done) > done)
    second.wait(lambda: second.desktop.bench.night.snapshot.is_running)
    second.desktop.window.close()
    os.kill(reduction.pid, signal.SIGKILL)
    second.wait(lambda: not reduction.is_driven)

    third = Watcher(start())
    offered(third, "A night is not finished")
    third.wait_long(lambda: reduction.state == "finished")
    assert len(reduction.done) == len(set(reduction.done)) == 4


def test_two_windows_are_told_of_each_other_until_one_is_gone(
    watcher: Watcher, reduction: Reduction
) -> None:
    watcher.begin(reduction)
    other = subprocess.Popen([sys.executable, "-m", "nightglass", "--night", reduction.output])
    try:
        mark = reduction.output / "windows" / str(other.pid)
        watcher.wait_long(lambda: mark.exists() and mark.read_text())
        watcher.is_told(ANOTHER, f"process {other.pid}", "Orders given there count as well")
        other.kill()
        watcher.wait_without(ANOTHER)
        watcher.wait(lambda: not mark.exists())
    finally:
        other.kill()
        other.wait()
    assert reduction.is_driven


@pytest.fixture
def terminal() -> Iterator[tuple[int, str]]:
    """A terminal: the end that somebody types at, and the name of the other one."""
    ours, theirs = os.openpty()
    yield ours, os.ttyname(theirs)
    for end in (ours, theirs):
        try:
            os.close(end)
        except OSError:  # hung up already
            continue


def interrupt(ours: int) -> None:
    os.write(ours, b"\x03")


@pytest.mark.parametrize(("trouble", "code"), [(interrupt, 0), (os.close, -signal.SIGHUP)])
def test_what_ends_the_window_in_its_terminal_leaves_the_reduction(
    qtbot: object, reduction: Reduction, terminal: tuple[int, str],
    trouble: Callable[[int], object], code: int,
) -> None:  # fmt: skip
    wait = lambda condition: qtbot.waitUntil(lambda: bool(condition()), timeout=120_000)  # noqa: E731
    launch(reduction.request(), SETTINGS)
    wait(lambda: reduction.is_driven and reduction.workers)
    os.kill(reduction.pid, signal.SIGKILL)
    wait(lambda: not reduction.is_driven)
    ours, theirs = terminal
    words = [sys.executable, Path(__file__).with_name("window_alone.py"), theirs, reduction.output]
    window = subprocess.Popen(words, start_new_session=True, stdin=subprocess.DEVNULL)
    try:
        wait(lambda: reduction.is_driven and reduction.workers)
        trouble(ours)
        assert window.wait(30.0) == code
    finally:
        window.kill()
        window.wait()
    assert reduction.is_driven
    wait(lambda: reduction.done)
