"""From the folder to the light curve: every frame counted, whatever the writer does."""

from __future__ import annotations

import threading
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.engine.jobs import JobContext
from nightglass.core.lightspeed.box import central_box
from nightglass.core.lightspeed.counting import Tally
from nightglass.core.lightspeed.follow import Follower
from nightglass.core.lightspeed.follow_events import CaptureName, CubeReady, CubeRewritten
from nightglass.core.lightspeed.live import (
    CaptureOpened,
    CubeCounted,
    CubeLost,
    CubeRefused,
    LiveFolder,
)

from .cube_files import cube_bytes, name_of, write_cube

if TYPE_CHECKING:
    from pathlib import Path

CRAB = CaptureName("20260111_020000", "crab")


def frames(seed: int, bundles: int = 4, shape: tuple[int, int] = (40, 48)) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 4000, (bundles, *shape)).astype(np.uint16)


class Bench:
    """A live folder with a clock of our own: every round is one look and the work after it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now_s = 0.0
        self.live = LiveFolder(Follower(folder, clock=self.clock), clock=self.clock)
        self.events: list = []

    def clock(self) -> float:
        return self.now_s

    def write(self, number: int, counts: np.ndarray, **cards: object) -> Path:
        return write_cube(self.folder, number, counts, start=4 * (number - 1), **cards)

    def round(self, times: int = 3, step_s: float = 0.25) -> list:
        new: list = []
        for _ in range(times):
            self.now_s += step_s
            for event in self.live.follower.look(self.now_s):
                self.live.take(event, new.append)
            while self.live.work(JobContext(), new.append):
                pass
        self.events += new
        return new

    @property
    def tally(self) -> Tally:
        return self.live.tally(CRAB)

    def counted(self) -> list[int]:
        return [event.counted.number for event in self.events if isinstance(event, CubeCounted)]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def of(events: list, kind: type) -> list:
    return [event for event in events if isinstance(event, kind)]


def test_a_cube_is_opened_told_of_and_counted_in_this_order(bench: Bench) -> None:
    bench.write(1, frames(1))
    kinds = [type(event).__name__ for event in bench.round()]
    assert kinds == ["CaptureStarted", "CaptureOpened", "CubeReady", "CubeCounted"]
    opened = of(bench.events, CaptureOpened)[0]
    assert opened.name == CRAB
    assert opened.capture.n_frames == 4


def test_all_frames_of_a_growing_capture_are_counted_once(bench: Bench) -> None:
    for number in (2, 1, 4, 3, 5):
        bench.write(number, frames(number))
        bench.round()
    assert sorted(bench.counted()) == [1, 2, 3, 4, 5]
    assert bench.tally == Tally(asked=20, read=20, counted=20, lost=0)
    capture = of(bench.events, CaptureOpened)[0].capture
    assert [cube.number for cube in capture.cubes] == [1, 2, 3, 4, 5]
    box = central_box((40, 48))
    for event in of(bench.events, CubeCounted):
        part = frames(event.counted.number)[:, box.bottom : box.top, box.left : box.right]
        np.testing.assert_array_equal(event.counted.sums, part.astype(np.int64).sum((1, 2)))


def test_a_rewritten_cube_is_counted_again_and_only_once_in_the_balance(bench: Bench) -> None:
    bench.write(1, frames(1))
    bench.write(2, frames(2))
    bench.round()
    bench.write(2, frames(9, bundles=3))
    events = bench.round(10)
    assert len(of(events, CubeRewritten)) == 1
    assert bench.counted() == [1, 2, 2]
    assert bench.tally == Tally(asked=7, read=11, counted=7, lost=0)


def test_a_deleted_cube_leaves_the_balance(bench: Bench) -> None:
    paths = [bench.write(number, frames(number)) for number in (1, 2)]
    bench.round()
    paths[1].unlink()
    bench.round()
    assert bench.tally.counted == 4
    paths[0].unlink()
    bench.round()
    assert bench.tally == Tally()
    bench.write(3, frames(3))
    bench.round()
    assert len(of(bench.events, CaptureOpened)) == 2
    assert bench.tally.counted == 4


def test_a_cube_of_another_kind_is_refused_after_some_tries(bench: Bench) -> None:
    bench.write(1, frames(1))
    bench.round()
    path = bench.write(2, frames(2, shape=(20, 48)))
    events = bench.round(12)
    (refused,) = of(events, CubeRefused)
    assert refused.path == path
    assert refused.error.text
    assert bench.tally == Tally(asked=4, read=4, counted=4, lost=0)
    bench.write(3, frames(3))
    bench.round()
    assert bench.tally.counted == 8


def test_a_refused_cube_that_is_deleted_is_not_tried_again(bench: Bench) -> None:
    bench.write(1, frames(1))
    bench.round()
    path = bench.write(2, frames(2, shape=(20, 48)))
    bench.round(3)
    path.unlink()
    assert of(bench.round(20), CubeRefused) == []


def test_a_capture_begun_anew_over_its_old_files_is_opened_again(bench: Bench) -> None:
    for number in (1, 2):
        bench.write(number, frames(number))
    bench.round()
    for number in (1, 2):
        bench.write(number, frames(number, shape=(20, 24)))
    bench.round(20)
    first, second = of(bench.events, CaptureOpened)
    assert second.capture.shape == (20, 24)
    assert [cube.number for cube in second.capture.cubes] == [1, 2]
    assert bench.tally == Tally(asked=8, read=8, counted=8, lost=0)
    assert first.capture is not second.capture


def test_the_only_cube_rewritten_with_another_shape_is_a_new_capture(bench: Bench) -> None:
    bench.write(1, frames(1))
    bench.round()
    bench.write(1, frames(1, shape=(10, 12)))
    bench.round(6)
    assert [event.capture.shape for event in of(bench.events, CaptureOpened)][-1] == (10, 12)
    assert bench.tally.counted == 4


def test_a_cube_that_vanishes_before_it_is_counted_is_lost_and_named(bench: Bench) -> None:
    path = bench.write(1, frames(1))
    events: list = []
    for now_s in (0.0, 1.0):
        for event in bench.live.follower.look(now_s):
            bench.live.take(event, events.append)
    path.unlink()
    for bench.now_s in (1.0, 2.0, 3.0, 4.0):
        bench.live.work(JobContext(), events.append)
    (lost,) = of(events, CubeLost)
    assert lost.lost.number == 1
    assert lost.tally == Tally(asked=4, read=0, counted=0, lost=4)


def test_counting_gives_way_to_looking(bench: Bench) -> None:
    for number in range(1, 6):
        bench.write(number, frames(number))
    steps = count()
    bench.clock = lambda: bench.now_s + 0.03 * next(steps)  # type: ignore[method-assign]
    bench.live = LiveFolder(Follower(bench.folder), clock=bench.clock)
    events: list = []
    for now_s in (0.0, 1.0):
        for event in bench.live.follower.look(now_s):
            bench.live.take(event, events.append)
    assert bench.live.work(JobContext(), events.append)
    assert 0 < len(of(events, CubeCounted)) < 5


def test_two_captures_in_one_folder_are_kept_apart(bench: Bench) -> None:
    bench.write(1, frames(1))
    bench.round()
    bench.write(1, frames(2, shape=(20, 24)), stamp="20260111_021000", object_name="vela")
    bench.write(2, frames(3))
    bench.round()
    assert bench.tally.counted == 8
    assert bench.live.tally(CaptureName("20260111_021000", "vela")).counted == 4
    assert {event.name.object_name for event in of(bench.events, CaptureOpened)} == {
        "crab",
        "vela",
    }


class Camera(threading.Thread):
    """Writes cubes of 100 frames of 64 x 64 at its pace, in the way the real software does.

    Under the final name, in pieces, every third cube finished only after the next one.
    """

    def __init__(self, folder: Path, cubes: int, cube_s: float) -> None:
        super().__init__()
        self.folder, self.cubes, self.cube_s = folder, cubes, cube_s
        self.written = 0
        self.halt = threading.Event()

    def run(self) -> None:
        counts = frames(1, bundles=100, shape=(64, 64))
        late: tuple[Path, bytes] | None = None
        for number in range(1, self.cubes + 1):
            content = cube_bytes(counts, start=100 * (number - 1))
            path = self.folder / name_of(number)
            half = len(content) // 2
            path.write_bytes(content[:half])
            if late is not None:
                self.append(*late)
                late = None
            if number % 3 == 0 and number < self.cubes:
                late = path, content[half:]
            else:
                self.append(path, content[half:])
            if self.halt.wait(self.cube_s):
                return

    def append(self, path: Path, rest: bytes) -> None:
        with path.open("ab") as file:
            file.write(rest)
        self.written += 100


def follow_camera(folder: Path, cubes: int, cube_s: float) -> tuple[Camera, list, Tally]:
    """Follow a camera to its last cube; its own events and the balance at the end."""
    live = LiveFolder(Follower(folder))
    events: list = []
    camera = Camera(folder, cubes, cube_s)
    give_up = threading.Timer(60.0 + 2 * cubes * cube_s, live.follower.stop)
    give_up.start()

    def publish(event: object) -> None:
        events.append(event)
        if live.tally(CRAB).counted == 100 * cubes:
            live.follower.stop()

    camera.start()
    try:
        live.run(JobContext(), publish)
    finally:
        give_up.cancel()
        give_up.join()
        camera.halt.set()
        camera.join()
    return camera, events, live.tally(CRAB)


def test_a_camera_at_work_is_counted_to_the_last_frame(tmp_path: Path) -> None:
    camera, events, tally = follow_camera(tmp_path, 20, 0.01)
    assert camera.written == tally.counted == 2000
    assert sorted(event.counted.number for event in of(events, CubeCounted)) == [*range(1, 21)]
    assert len(of(events, CubeReady)) == 20


@pytest.mark.slow
def test_two_thousand_frames_a_second_are_counted_to_the_last_frame(tmp_path: Path) -> None:
    camera, events, tally = follow_camera(tmp_path, 600, 0.05)
    assert camera.written == tally.counted == 60_000
    assert len(of(events, CubeCounted)) == 600
    seconds = {event.counted.number: event.counted.seconds for event in of(events, CubeCounted)}
    in_order = np.concatenate([seconds[number] for number in range(1, 601)])
    np.testing.assert_allclose(np.diff(in_order), 0.01, atol=1e-6)
