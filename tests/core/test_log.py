"""One log: the ring for the dock, the file on disk, warnings and loguru in it."""

from __future__ import annotations

import logging
import sys
import threading
import warnings
import weakref
from typing import TYPE_CHECKING

import pytest
from nightglass.core import log
from nightglass.core.paths import log_dir

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.expected_log


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    level = logging.getLogger().level
    yield
    log.reset()
    logging.getLogger().setLevel(level)


def test_records_reach_the_ring_the_file_and_the_worse_ones_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ring = log.configure("INFO")
    logging.getLogger("nightglass.a").debug("hidden")
    logging.getLogger("nightglass.a").info("told %d", 1)
    logging.getLogger("other").warning("late")
    assert [record.getMessage() for record in ring.records()] == ["told 1", "late"]
    text = (log_dir() / "nightglass.log").read_text()
    assert "INFO" in text
    assert "told 1" in text
    assert "hidden" not in text
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "nightglass: late\n"


def test_a_second_set_up_replaces_the_first(tmp_path: Path) -> None:
    first = log.configure()
    before = len(logging.getLogger().handlers)
    second = log.configure(file=tmp_path / "own.log")
    assert len(logging.getLogger().handlers) == before
    logging.getLogger().info("x")
    assert first.records() == ()
    assert len(second.records()) == 1
    assert "x" in (tmp_path / "own.log").read_text()
    log.reset()
    logging.getLogger().error("y")
    assert len(second.records()) == 1


def test_the_ring_keeps_text_and_lets_objects_go() -> None:
    class Big:
        pass

    ring, big = log.LogRing(), Big()
    kept = weakref.ref(big)
    try:
        raise ValueError("trouble")
    except ValueError:
        record = logging.makeLogRecord({"msg": "with %s", "args": (big,)})
        record.exc_info = sys.exc_info()
        ring.handle(record)
    del big, record
    (text,) = ring.records()
    assert text.getMessage().startswith("with <")
    assert "ValueError: trouble" in (text.exc_text or "")
    assert text.exc_info is None
    assert kept() is None


def test_the_ring_forgets_the_oldest() -> None:
    ring = log.LogRing(size=3)
    for number in range(5):
        ring.handle(logging.makeLogRecord({"msg": str(number)}))
    assert [record.getMessage() for record in ring.records()] == ["2", "3", "4"]


def test_watchers_of_the_ring_hear_records_of_every_thread_until_they_leave() -> None:
    ring = log.configure()
    heard: list[str] = []
    leave = ring.subscribe(lambda record: heard.append(record.getMessage()))
    thread = threading.Thread(target=logging.getLogger("x").info, args=("from a thread",))
    thread.start()
    thread.join()
    leave()
    leave()
    logging.getLogger("x").info("later")
    assert heard == ["from a thread"]


def test_a_watcher_that_raises_does_not_break_the_log_call(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ring = log.configure()

    def bad(_: object) -> None:
        raise ValueError("watcher")

    ring.subscribe(bad)
    logging.getLogger().info("goes on")
    assert [record.getMessage() for record in ring.records()] == ["goes on"]
    assert "watcher" in capsys.readouterr().err


def test_warnings_of_libraries_are_in_the_log() -> None:
    ring = log.configure()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn("old table", UserWarning, stacklevel=1)
        logging.captureWarnings(capture=False)
    assert any("old table" in record.getMessage() for record in ring.records())


def test_the_file_is_rotated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "FILE_BYTES", 1000)
    log.configure()
    for _ in range(100):
        logging.getLogger().info("x" * 80)
    files = sorted(path.name for path in log_dir().iterdir())
    assert files == ["nightglass.log", *(f"nightglass.log.{n}" for n in range(1, 6))]
    assert all(path.stat().st_size <= 1000 for path in log_dir().iterdir())


def test_a_folder_that_cannot_be_written_leaves_the_rest_of_the_log(tmp_path: Path) -> None:
    ring = log.configure(file=tmp_path / "nowhere" / "x.log")
    (record,) = ring.records()
    assert "No log file is written" in record.getMessage()


def test_a_name_that_is_no_text_is_written_with_its_bytes() -> None:
    log.configure()
    logging.getLogger().info("read %s", "cube\udcff.fits")
    assert r"cube\udcff.fits" in (log_dir() / "nightglass.log").read_text()


def test_loguru_speaks_through_the_log_and_not_to_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    loguru = pytest.importorskip("loguru")
    ring = log.configure("INFO")
    log.bridge_loguru()
    log.bridge_loguru()
    loguru.logger.debug("hidden")
    loguru.logger.info("from PINT")
    try:
        raise ValueError("clock file")
    except ValueError:
        loguru.logger.exception("trouble")
    first, second = ring.records()
    assert (first.getMessage(), first.levelno) == ("from PINT", logging.INFO)
    assert (second.getMessage(), second.levelno) == ("trouble", logging.ERROR)
    assert "ValueError: clock file" in (second.exc_text or "")
    log.reset()
    capsys.readouterr()
    logging.getLogger().setLevel(logging.CRITICAL)
    loguru.logger.info("silence")
    assert capsys.readouterr().err == ""
