"""What holds for every test: no display, its own home, nothing left behind, nothing unsaid."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
import time
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakSet

import hypothesis
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nightglass.core.engine import Engine, InlineEngine
    from nightglass.core.problems import ProblemList
    from nightglass.core.workbench import Workbench
    from PyQt6.QtCore import QTimer

ROOT = Path(__file__).resolve().parent.parent
GUI_FIXTURES = frozenset({"qtbot", "qapp", "qtmodeltester", "qtlog"})
LAST_WISH_S = 10.0
"""Only a thread that stays uses it up; one on its way out may wait for a busy machine."""


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker that this file understands, and let Ctrl-C reach the children."""
    # Seeded, and patient: a first example may wait for a kernel to be compiled.
    hypothesis.settings.register_profile("seeded", deadline=None, derandomize=True)
    hypothesis.settings.load_profile("seeded")
    # A suite started in the background may ignore it, and children would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line(
        "markers", "expected_log: the test is about trouble, warnings in the log are meant"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests with a window, put them last, and leave the slow ones out unless asked for."""
    runs_slow = bool(os.environ.get("CI")) or "slow" in config.getoption("markexpr", "")
    for item in items:
        if GUI_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("gui")
        if item.get_closest_marker("slow") and not runs_slow:
            item.add_marker(pytest.mark.skip(reason="slow: set CI or choose -m slow"))
    items.sort(key=lambda item: item.get_closest_marker("gui") is not None)


@pytest.fixture(autouse=True)
def _nothing_outlives(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves threads, windows or timers behind."""
    threads = set(threading.enumerate())
    is_gui = request.node.get_closest_marker("gui") is not None
    windows = _windows_and_timers() if is_gui else {}
    yield
    left = [f"thread {thread.name}" for thread in _left_threads(threads)]
    if is_gui:
        left += _left_windows(windows)
    if left:
        pytest.fail("left behind by this test: " + ", ".join(left), pytrace=False)


def _left_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    """New threads that do not end; one that is on its way out gets the time for it."""
    new = [thread for thread in threading.enumerate() if thread not in before]
    for thread in new:
        thread.join(LAST_WISH_S)
    return [thread for thread in new if thread.is_alive()]


@cache
def _timers() -> WeakSet[QTimer]:
    """Every timer of this process, noted as it is made: to look for them takes 0.1 s."""
    from PyQt6.QtCore import QTimer

    made = QTimer.__init__
    timers = WeakSet(thing for thing in gc.get_objects() if type(thing) is QTimer)

    def make(timer: QTimer, *args: object, **words: object) -> None:
        made(timer, *args, **words)
        timers.add(timer)

    QTimer.__init__ = make
    return timers


def _windows_and_timers() -> dict[int, str]:
    """Every top-level window and every running timer of this process, by identity."""
    from PyQt6.QtWidgets import QApplication

    running = [timer for timer in _timers() if _is_running(timer)]
    found = {id(timer): f"timer {timer!r}" for timer in running}
    return found | {id(window): f"window {window!r}" for window in QApplication.topLevelWidgets()}


def _is_running(timer: QTimer) -> bool:
    try:
        return timer.isActive()
    except RuntimeError:  # Qt has deleted it, Python has not yet
        return False


def _left_windows(before: dict[int, str]) -> list[str]:
    from PyQt6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
    after = _windows_and_timers()
    if set(after) - set(before):
        gc.collect()
        after = _windows_and_timers()
    return [after[number] for number in set(after) - set(before)]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test its own empty home of the program, and no settings from outside."""
    for name in [name for name in os.environ if name.startswith("NIGHTGLASS_")]:
        if name != "NIGHTGLASS_SHARED":
            monkeypatch.delenv(name)
    monkeypatch.setenv("NIGHTGLASS_HOME", str(tmp_path / "nightglass-home"))


class _Records(logging.Handler):
    """Collects everything from WARNING on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def expected_log(_log_records: list[logging.LogRecord]) -> list[logging.LogRecord]:
    """Allow warnings and errors in the log of this test; gives the records so far."""
    return _log_records


@pytest.fixture
def _log_records() -> Iterator[list[logging.LogRecord]]:
    handler = _Records()
    root = logging.getLogger()
    root.addHandler(handler)
    yield handler.records
    root.removeHandler(handler)


@pytest.fixture(autouse=True)
def _nothing_unsaid(
    request: pytest.FixtureRequest, _log_records: list[logging.LogRecord]
) -> Iterator[None]:
    """Fail a test with a log record from WARNING on that it did not announce."""
    yield
    announced = "expected_log" in request.fixturenames or request.node.get_closest_marker(
        "expected_log"
    )
    if _log_records and not announced:
        lines = [f"{record.levelname} {record.name}: {record.getMessage()}"
                 for record in _log_records]  # fmt: skip
        pytest.fail(
            "unexpected in the log (use the fixture or marker `expected_log` where meant):\n"
            + "\n".join(lines),
            pytrace=False,
        )


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the shared facts and data; the test is skipped where it is absent."""
    folder = Path(os.environ.get("NIGHTGLASS_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip("shared data absent: set NIGHTGLASS_SHARED to its folder")
    return folder


@pytest.fixture
def problems() -> ProblemList:
    """An empty problem list."""
    from nightglass.core.problems import ProblemList

    return ProblemList()


@pytest.fixture
def engine(problems: ProblemList) -> Iterator[Engine]:
    """An engine with real threads, closed afterwards; its owner thread is the test."""
    from nightglass.core.engine import Engine

    running = Engine(problems, compute_threads=2)
    yield running
    assert running.close(timeout=10.0) == []


@pytest.fixture
def inline_engine(problems: ProblemList) -> Iterator[InlineEngine]:
    """An engine without threads."""
    from nightglass.core.engine import InlineEngine

    running = InlineEngine(problems)
    yield running
    running.close()


@pytest.fixture
def bench(inline_engine: InlineEngine, problems: ProblemList) -> Iterator[Workbench]:
    """A workbench where everything has happened when a call returns."""
    from nightglass.core.settings import Settings
    from nightglass.core.workbench import Workbench

    made = Workbench(inline_engine, problems, Settings())
    yield made
    made.close()


@pytest.fixture
def capture_folder(tmp_path: Path) -> Path:
    """Three cubes of known counts."""
    from .core.workbench.night import written

    return written(tmp_path / "night" / "crab")


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a follower look often."""
    from nightglass.core.lightspeed import follow

    monkeypatch.setattr(follow, "Follower", partial(follow.Follower, scan_interval_s=0.01))


@pytest.fixture
def settle() -> Callable[[Engine], None]:
    """Wait until an engine has nothing left to do, then open every letter."""

    def settle(engine: Engine, timeout_s: float = 10.0) -> None:
        deadline_s = time.monotonic() + timeout_s
        while active := engine._board.active():
            for job in active:
                assert job._finished.wait(deadline_s - time.monotonic()), f"{job} does not end"
            engine.mailbox.drain()
        engine.mailbox.drain()

    return settle


@pytest.fixture
def python() -> str:
    """The interpreter that runs the tests, for tests that start a process."""
    return sys.executable
