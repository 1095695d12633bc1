"""Everything that goes wrong becomes one entry: never a dead process, never silence."""

from __future__ import annotations

import faulthandler
import gc
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from nightglass.core import problems as module
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.paths import state_dir
from nightglass.core.problems import Problem, ProblemList, install_hooks

pytestmark = pytest.mark.expected_log


def test_an_exception_becomes_an_entry_with_its_story(problems: ProblemList) -> None:
    try:
        Path("/nowhere/cube.fits").read_bytes()
    except OSError as error:
        entry = problems.report(error)
    assert problems.entries() == (entry,)
    assert (entry.severity, entry.path, entry.count) == ("error", "/nowhere/cube.fits", 1)
    assert entry.text == "/nowhere/cube.fits is not there."
    assert "FileNotFoundError" in entry.details
    assert entry.first_seen == entry.last_seen
    assert entry.first_seen.utcoffset() is not None
    assert str(entry).endswith(entry.hint)


def test_equal_trouble_is_counted_and_different_trouble_is_not(problems: ProblemList) -> None:
    for _ in range(3):
        problems.note("warning", "Late", "Cube 7 is late.", path=Path("/data/7"))
    problems.note("notice", "Late", "Cube 7 is late.", path="/data/7")
    problems.note("warning", "Late", "Cube 7 is late.", path="/data/8")
    problems.note("warning", "Late", "Cube 8 is late.", path="/data/7")
    first, *others = problems.entries()
    assert first.count == 3
    assert first.last_seen >= first.first_seen
    assert [entry.count for entry in others] == [1, 1, 1]


def test_a_repeated_problem_keeps_its_place_and_its_details(problems: ProblemList) -> None:
    problems.report(NightglassError("A", "a"))
    problems.note("error", "B", "b")
    problems.note("error", "A", "a")
    assert [entry.title for entry in problems.entries()] == ["A", "B"]
    assert "NightglassError" in problems.entries()[0].details


def test_the_oldest_go_when_there_are_too_many(problems: ProblemList) -> None:
    for number in range(module.KEPT + 3):
        problems.note("notice", "n", str(number))
    assert len(problems.entries()) == module.KEPT
    assert problems.entries()[0].text == "3"


def test_watchers_hear_every_entry_and_the_clearing_until_they_leave(
    problems: ProblemList,
) -> None:
    heard: list[Problem | None] = []
    leave = problems.subscribe(heard.append)
    first = problems.note("error", "A", "a")
    again = problems.note("error", "A", "a")
    problems.clear()
    leave()
    leave()
    problems.note("error", "B", "b")
    assert heard == [first, again, None]
    assert again.count == 2


def test_the_log_tells_repeated_trouble_in_powers_of_ten(
    problems: ProblemList, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(150):
        problems.note("warning", "Late", "Cube 7 is late.", "Wait.")
    told = [record.getMessage() for record in caplog.records]
    line = "Late: Cube 7 is late. Wait."
    assert told == [line, f"{line} (10 times)", f"{line} (100 times)"]


@pytest.mark.parametrize(
    ("severity", "level"),
    [("error", logging.ERROR), ("warning", logging.WARNING), ("notice", logging.INFO)],
)
def test_the_log_level_follows_the_severity(
    severity: module.Severity,
    level: int,
    problems: ProblemList,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    problems.note(severity, "A", "a")
    assert [record.levelno for record in caplog.records] == [level]


def test_many_threads_report_without_loss(problems: ProblemList) -> None:
    start = threading.Barrier(4)

    def report() -> None:
        start.wait()
        for number in range(100):
            problems.note("notice", "n", str(number))

    threads = [threading.Thread(target=report) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.count for entry in problems.entries()] == [4] * 100


@pytest.fixture
def hooked(problems: ProblemList, monkeypatch: pytest.MonkeyPatch) -> ProblemList:
    """Hooks over ones that must not be called, put back after the test."""
    passed: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda *_: passed.append("main"))
    monkeypatch.setattr(threading, "excepthook", lambda _: passed.append("thread"))
    monkeypatch.setattr(sys, "unraisablehook", lambda _: passed.append("unraisable"))
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    restore = install_hooks(problems)
    problems.passed = passed  # type: ignore[attr-defined]
    yield problems  # type: ignore[misc]
    restore()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
    assert faulthandler.is_enabled()  # pytest's own


def test_an_uncaught_exception_is_an_entry(hooked: ProblemList) -> None:
    try:
        raise ValueError("slot")
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    (entry,) = hooked.entries()
    assert entry.text == "ValueError: slot."
    assert "test_an_uncaught_exception" in entry.details


def test_an_uncaught_exception_of_a_thread_is_an_entry(hooked: ProblemList) -> None:
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    assert [entry.text for entry in hooked.entries()] == ["ZeroDivisionError: division by zero."]


def test_an_exception_nobody_can_catch_is_an_entry(hooked: ProblemList) -> None:
    class Bad:
        def __del__(self) -> None:
            raise ValueError("in a destructor")

    Bad()
    gc.collect()
    assert [entry.text for entry in hooked.entries()] == ["ValueError: in a destructor."]


def test_a_cancelled_job_is_told_to_nobody(hooked: ProblemList) -> None:
    sys.excepthook(Cancelled, Cancelled(), None)
    assert hooked.entries() == ()
    assert hooked.passed == []  # type: ignore[attr-defined]


def test_an_interrupt_from_the_keyboard_passes_through(hooked: ProblemList) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    args = threading.ExceptHookArgs((KeyboardInterrupt, KeyboardInterrupt(), None, None))
    threading.excepthook(args)
    assert hooked.entries() == ()
    assert hooked.passed == ["main", "thread"]  # type: ignore[attr-defined]


def test_a_thread_that_leaves_by_exit_is_no_trouble(hooked: ProblemList) -> None:
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    assert hooked.entries() == ()
    assert hooked.passed == []  # type: ignore[attr-defined]


def test_a_list_that_fails_hands_the_exception_to_the_hook_before(hooked: ProblemList) -> None:
    def bad(_: object) -> None:
        raise RuntimeError("watcher")

    hooked.subscribe(bad)
    sys.excepthook(ValueError, ValueError("x"), None)
    assert hooked.passed == ["main"]  # type: ignore[attr-defined]


def test_the_trace_of_the_last_crash_is_told_and_kept(problems: ProblemList) -> None:
    (state_dir() / module.FAULT_FILE).write_text("Fatal Python error: Segmentation fault")
    install_hooks(problems)()
    (entry,) = problems.entries()
    assert entry.severity == "warning"
    assert entry.path is not None
    assert "Segmentation" in Path(entry.path).read_text()
    again = ProblemList()
    install_hooks(again)()
    assert again.entries() == ()


def test_a_state_folder_that_cannot_be_written_is_an_entry(
    problems: ProblemList, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NIGHTGLASS_HOME", str(tmp_path / "file"))
    install_hooks(problems)()
    assert len(problems.entries()) == 1


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_real_crash_leaves_its_trace_for_the_next_start(problems: ProblemList) -> None:
    script = (
        "import ctypes\n"
        "from nightglass.core.problems import ProblemList, install_hooks\n"
        "install_hooks(ProblemList())\n"
        "ctypes.string_at(0)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, timeout=60)
    assert done.returncode < 0
    install_hooks(problems)()
    (entry,) = problems.entries()
    assert entry.title == "The last run ended in a crash"
