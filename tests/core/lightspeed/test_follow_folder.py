"""The follower on a real folder, with real cubes and a real thread."""

from __future__ import annotations

import os
import threading
from queue import Queue
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.engine.jobs import CancelToken, JobContext
from nightglass.core.errors import Cancelled
from nightglass.core.lightspeed.follow import Follower
from nightglass.core.lightspeed.follow_disk import Glance, LocalDisk
from nightglass.core.lightspeed.follow_events import (
    CaptureStarted,
    CubeDeleted,
    CubeReady,
    CubeRewritten,
    FolderBack,
    FolderMissing,
    Waiting,
)

from .cube_files import cube_bytes, name_of, write_cube

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE_S = 20.0
COUNTS = np.arange(3 * 4 * 5).reshape(3, 4, 5)
FLOATS = b"BITPIX  =                  -32"


class Running:
    """A follower in a thread; its events one by one."""

    def __init__(self, folder: Path) -> None:
        self.follower = Follower(folder, scan_interval_s=0.01)
        self.token = CancelToken()
        self.events: Queue = Queue()
        self.ended: Queue = Queue()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.follower.run(JobContext(self.token), self.events.put)
            self.ended.put("stopped")
        except Cancelled:
            self.ended.put("cancelled")

    def next(self) -> object:
        return self.events.get(timeout=PATIENCE_S)

    def until(self, kind: type) -> object:
        while not isinstance(event := self.next(), kind):
            pass
        return event


@pytest.fixture
def follow() -> Iterator[Callable[[Path], Running]]:
    started: list[Running] = []

    def start(folder: Path) -> Running:
        started.append(Running(folder))
        return started[-1]

    yield start
    for running in started:
        running.follower.stop()
        running.thread.join(PATIENCE_S)


def looks(folder: Path, times: int = 3) -> list:
    follower = Follower(folder)
    return [event for step in range(times) for event in follower.look(float(step))]


def test_a_night_is_followed_from_before_its_folder_exists(tmp_path: Path, follow) -> None:
    folder = tmp_path / "captures_2026_01_11"
    running = follow(folder)
    missing = running.next()
    assert isinstance(missing, FolderMissing)
    assert missing.why == f"{folder} is not there."
    folder.mkdir()
    assert running.next() == FolderBack(folder)
    path = write_cube(folder, 1, COUNTS)
    assert isinstance(running.until(CaptureStarted), CaptureStarted)
    ready = running.until(CubeReady)
    assert ready.header.path == path
    assert ready.header.n_frames == 3
    path.write_bytes(cube_bytes(COUNTS[:2]))
    assert running.until(CubeRewritten).header.n_frames == 2
    path.unlink()
    assert running.until(CubeDeleted).was_ready


def test_a_cube_written_slowly_is_taken_when_its_last_byte_is_there(tmp_path: Path, follow) -> None:
    content = cube_bytes(COUNTS)
    path = tmp_path / name_of(1)
    running = follow(tmp_path)
    with path.open("wb", buffering=0) as file:
        for cut, words in (
            (0, "ends after 0"),
            (100, "ends after 100"),
            (2880, "has no DATA_CUBE extension"),
            (5000, "ends after 5000"),
            (5770, "ends after 5770"),
            (8640, "has no TIMESTAMPS table"),
            (len(content) - 2840, "ends after"),
        ):
            file.write(content[file.tell() : cut])
            assert words in running.until(Waiting).why
        file.write(content[file.tell() :])
    assert running.until(CubeReady).header.size_bytes == len(content)


def test_cancelling_ends_the_wait_at_once(tmp_path: Path, follow) -> None:
    running = follow(tmp_path)
    running.follower.scan_interval_s = 1000.0
    write_cube(tmp_path, 1, COUNTS)
    running.token.cancel()
    assert running.ended.get(timeout=PATIENCE_S) == "cancelled"


def test_stopping_ends_the_job_well(tmp_path: Path, follow) -> None:
    running = follow(tmp_path)
    running.follower.stop()
    assert running.ended.get(timeout=PATIENCE_S) == "stopped"


def test_work_is_done_after_every_look_and_hurries_the_next(tmp_path: Path) -> None:
    follower = Follower(tmp_path, scan_interval_s=1000.0)
    left = iter([True, True, False])

    def work() -> bool:
        more = next(left)
        if not more:
            follower.stop()
        return more

    follower.run(JobContext(), [].append, work)
    assert next(left, None) is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "ends after 0"),
        (b"SIMPLE", "ends after 6"),
        (b"not a FITS file at all" * 1000, "does not start like a FITS file"),
        (cube_bytes(COUNTS)[:-2860], "ends after"),
        (cube_bytes(COUNTS[:0]), "holds no frames"),
        (cube_bytes(COUNTS).replace(b"TIMESTAMP", b"SOMETHING"), "TIMESTAMPS"),
        (cube_bytes(COUNTS).replace(b"BITPIX  =                   16", FLOATS), "BITPIX -32"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_whole_cube_waits_with_a_sentence(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / name_of(1)
    path.write_bytes(content)
    write_cube(tmp_path, 2, COUNTS)
    events = looks(tmp_path)
    (waiting,) = [event for event in events if isinstance(event, Waiting)]
    assert waiting.path == path
    assert words in waiting.why
    assert waiting.why.endswith(".")
    assert [event.header.number for event in events if isinstance(event, CubeReady)] == [2]
    assert path.read_bytes() == content


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read all")
def test_a_file_without_permission_waits_with_a_sentence(tmp_path: Path) -> None:
    write_cube(tmp_path, 1, COUNTS).chmod(0)
    (waiting,) = [event for event in looks(tmp_path) if isinstance(event, Waiting)]
    assert "may not be opened" in waiting.why


def test_stray_files_folders_and_links_do_not_disturb(tmp_path: Path) -> None:
    (tmp_path / name_of(7)).mkdir()
    (tmp_path / name_of(8)).symlink_to(tmp_path / "nowhere")
    (tmp_path / "notes.txt").write_text("seeing 0.6")
    (tmp_path / f"{name_of(1)}.gz").write_bytes(b"x")
    os.mkfifo(tmp_path / name_of(9))
    write_cube(tmp_path, 1, COUNTS)
    events = looks(tmp_path, 5)
    assert [event.header.number for event in events if isinstance(event, CubeReady)] == [1]
    assert {event.path.name for event in events if isinstance(event, Waiting)} == {
        name_of(7),
        name_of(9),
    }


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("")
    (event,) = looks(path)
    assert isinstance(event, FolderMissing)
    assert "has a file where a folder should be" in event.why


def test_size_and_time_of_the_disk_and_of_the_header_are_the_same(tmp_path: Path) -> None:
    path = write_cube(tmp_path, 1, COUNTS)
    header = LocalDisk().header(path)
    assert LocalDisk().glance(path) == Glance(header.size_bytes, header.modified_ns)
    listing = LocalDisk().listing(tmp_path)
    assert listing.inodes[path.name] == path.stat().st_ino
