"""The fixtures that watch every test do see what they are there for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., str]

CONFTEST = Path(__file__).parent.parent / "conftest.py"
CONFIG = """
[pytest]
addopts = --strict-markers
qt_api = pyqt6
markers =
    gui: x
    slow: x
"""
LEAKS = """
import logging, threading
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QWidget
from nightglass.core.engine import Engine
from nightglass.core.problems import ProblemList

kept = []
stop = threading.Event()
engine = Engine(ProblemList())

def test_log():
    logging.getLogger("x").warning("odd")

def test_thread():
    threading.Thread(target=stop.wait, name="left").start()

def test_engine():
    engine.submit(lambda ctx: stop.wait(), title="x")

def test_after():
    stop.set()
    engine.close()

def test_window(qapp):
    kept.append(QWidget())

def test_timer(qapp):
    kept.append(QTimer())
    kept[-1].start(10000)
"""
CLEAN = """
import logging, os, pytest, threading
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QWidget

def test_window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    QTimer(window).start(1000)

def test_log(expected_log):
    logging.error("meant")
    assert expected_log[0].getMessage() == "meant"

@pytest.mark.expected_log
def test_marked():
    logging.error("meant")

def test_info():
    logging.info("fine")

def test_thread():
    threading.Thread(target=print).start()

def test_home(tmp_path):
    assert os.environ["NIGHTGLASS_HOME"] == str(tmp_path / "nightglass-home")

@pytest.mark.slow
def test_soak():
    pass

def test_par(shared):
    assert (shared / "data").is_dir()
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run pytest on the text of a test module; gives its report."""
    (tmp_path / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(CONFIG, encoding="utf-8")
    monkeypatch.delenv("CI", raising=False)
    command = [sys.executable, "-P", "-m", "pytest", "-v", "-rs", "-p", "no:cacheprovider"]

    def run(text: str, *options: str, **environment: str) -> str:
        (tmp_path / "test_it.py").write_text(text, encoding="utf-8")
        done = subprocess.run(
            [*command, *options],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return done.stdout + done.stderr

    return run


def test_what_a_test_leaves_behind_fails_it(run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "conftest.py"
    # These threads stay however long one waits for them.
    copy.write_text(f"{copy.read_text(encoding='utf-8')}\nLAST_WISH_S = 0.05\n", encoding="utf-8")
    report = run(LEAKS)
    assert "6 passed, 5 errors" in report
    for complaint in (
        "WARNING x: odd",
        "left behind by this test: thread left",
        "left behind by this test: thread nightglass-compute-1",
        "left behind by this test: window <",
        "left behind by this test: timer <",
    ):
        assert complaint in report


def test_what_is_announced_or_cleaned_up_passes_and_windows_come_last(
    run: Run, tmp_path: Path
) -> None:
    report = run(CLEAN, NIGHTGLASS_SHARED=str(tmp_path / "none"))
    assert "6 passed, 2 skipped" in report
    assert "slow: set CI or choose -m slow" in report
    assert "shared data absent" in report
    assert report.index("::test_home PASSED") < report.index("::test_window PASSED")


def test_slow_tests_run_in_the_house_of_checks_and_shared_data_is_found(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "some" / "data").mkdir(parents=True)
    report = run(CLEAN, CI="true", NIGHTGLASS_SHARED=str(tmp_path / "some"))
    assert "8 passed" in report


@pytest.mark.parametrize(("mark", "test"), [("slow", "test_soak"), ("gui", "test_window")])
def test_tests_can_be_chosen_by_their_mark(mark: str, test: str, run: Run) -> None:
    report = run(CLEAN, "-m", mark)
    assert "1 passed, 7 deselected" in report
    assert f"::{test} PASSED" in report
