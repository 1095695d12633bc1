"""Counting against numpy on the whole cube."""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.engine.jobs import CancelToken, JobContext
from nightglass.core.errors import Cancelled
from nightglass.core.lightspeed import box as boxes
from nightglass.core.lightspeed.box import Box, box_sums, central_box
from nightglass.core.lightspeed.capture import Capture
from nightglass.core.lightspeed.counting import (
    RETRY_SECONDS,
    CountedCube,
    FrameCounter,
    LostCube,
    Tally,
    count_frames,
)
from nightglass.core.lightspeed.cube import read_cube_header
from nightglass.core.lightspeed.open_capture import open_capture

from .cube_files import cube_bytes, write_cube

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def stack(seed: int, bundles: int, rows: int = 40, columns: int = 48) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 65536, (bundles, rows, columns)).astype(np.uint16)


@pytest.fixture
def capture(tmp_path: Path) -> Capture:
    for number in (1, 2, 3):
        write_cube(tmp_path, number, stack(number, 5), start=5 * (number - 1))
    return open_capture(tmp_path)


def leaping() -> Callable[[], float]:
    """A clock on which every retry is due at once."""
    ticks = count(step=10)
    return lambda: float(next(ticks))


def touch(path: Path) -> None:
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000))


@pytest.mark.parametrize(
    ("shape", "box"),
    [
        ((64, 64), Box(16, 16, 48, 48)),
        ((2304, 4096), Box(2032, 1136, 2064, 1168)),
        ((4, 100), Box(34, 0, 66, 4)),
        ((33, 5), Box(0, 0, 5, 32)),
    ],
)
def test_the_box_is_the_middle_of_the_frame(shape: tuple[int, int], box: Box) -> None:
    assert central_box(shape) == box


def test_sums_are_exact_for_any_box_and_chunk(tmp_path: Path, monkeypatch) -> None:
    cube = stack(1, 7)
    header = read_cube_header(write_cube(tmp_path, 1, cube))
    for box in (Box(0, 0, 48, 40), Box(3, 5, 4, 6), central_box((40, 48))):
        want = cube[:, box.bottom : box.top, box.left : box.right].astype(np.int64).sum((1, 2))
        np.testing.assert_array_equal(box_sums(header, box), want)
        monkeypatch.setattr(boxes, "CHUNK_BYTES", 3 * 48 * 2 * (box.top - box.bottom))
        np.testing.assert_array_equal(box_sums(header, box), want)


def test_bundled_frames_are_counted_one_by_one(tmp_path: Path) -> None:
    frames = stack(2, 12, 10, 48)
    path = write_cube(
        tmp_path, 1, frames.reshape(3, 40, 48), FRAMEBUNDLE_MODE="ON", FRAMEBUNDLE_NUMBER=4.0
    )
    capture = open_capture(path)
    results: list = []
    count_frames(capture, JobContext(), publish=results.append)
    (counted,) = results
    np.testing.assert_array_equal(counted.sums, frames[:, :, 8:40].astype(np.int64).sum((1, 2)))
    np.testing.assert_allclose(counted.seconds, 0.0025 * np.arange(12), atol=1e-12)


def test_every_frame_of_a_capture_is_counted_in_order(capture: Capture) -> None:
    results: list = []
    tally = count_frames(capture, JobContext(), publish=results.append)
    assert tally == Tally(asked=15, read=15, counted=15, lost=0)
    assert [(cube.number, cube.first_frame) for cube in results] == [(1, 0), (2, 5), (3, 10)]
    box = central_box((40, 48))
    frames = np.concatenate([stack(number, 5) for number in (1, 2, 3)])
    mean = frames[:, box.bottom : box.top, box.left : box.right].mean((1, 2), dtype=np.float64)
    values = np.concatenate([cube.values for cube in results])
    np.testing.assert_allclose(values, mean, rtol=1e-6)
    assert values.dtype == np.float32
    seconds = np.concatenate([cube.seconds for cube in results])
    np.testing.assert_allclose(seconds, capture.frame_times().relative_s(), atol=1e-9)


def test_results_are_published_and_progress_told(capture: Capture) -> None:
    partials, progress = [], []
    ctx = JobContext(on_partial=partials.append, on_progress=progress.append)
    count_frames(capture, ctx)
    assert [type(part) for part in partials] == [CountedCube] * 3
    assert ctx.last_progress.done == ctx.last_progress.total == 15


def test_a_cube_that_stays_broken_is_lost_with_the_reason(capture: Capture) -> None:
    capture.cubes[1].path.write_bytes(b"")
    results: list = []
    tally = count_frames(capture, JobContext(), publish=results.append, clock=leaping())
    assert tally == Tally(asked=15, read=10, counted=10, lost=5)
    lost = results[-1]
    assert isinstance(lost, LostCube)
    assert (lost.number, lost.frames) == (2, 5)
    assert results[0].seconds.shape == (5,)
    assert "cube002.fits ends after" in lost.why


def test_a_cube_that_recovers_is_counted_at_the_retry(capture: Capture) -> None:
    path = capture.cubes[1].path
    whole, size = path.read_bytes(), path.stat().st_size
    counter = FrameCounter(capture)
    counter.add(capture.cubes[1])
    os.truncate(path, size // 2)
    assert counter.step(0.0) is None
    assert counter.next_due_s() == RETRY_SECONDS[0]
    assert counter.step(0.1) is None
    path.write_bytes(whole)
    assert counter.step(0.2) is None
    counted = counter.step(10.0)
    assert isinstance(counted, CountedCube)
    assert len(counted) == 5
    assert counter.tally.waiting == 0
    assert counter.next_due_s() is None


def test_a_file_that_was_only_touched_is_counted_after_all(capture: Capture) -> None:
    touch(capture.cubes[0].path)
    tally = count_frames(capture, JobContext(), publish=[].append, clock=leaping())
    assert tally == Tally(asked=15, read=20, counted=15, lost=0)


def test_a_file_that_changed_its_size_is_not_taken_for_the_same(capture: Capture) -> None:
    capture.cubes[0].path.write_bytes(cube_bytes(stack(9, 9)))
    tally = count_frames(capture, JobContext(), publish=[].append, clock=leaping())
    assert (tally.counted, tally.lost) == (10, 5)


def test_a_deleted_file_is_lost_with_a_sentence(capture: Capture) -> None:
    capture.cubes[0].path.unlink()
    results: list = []
    count_frames(capture, JobContext(), publish=results.append, clock=leaping())
    assert "is not there" in results[-1].why


def test_a_rewritten_or_dropped_cube_leaves_the_balance_right(capture: Capture) -> None:
    counter = FrameCounter(capture)
    for header in capture.cubes:
        counter.add(header)
    while counter.next_due_s() is not None:
        counter.step(0.0)
    counter.add(capture.cubes[1])
    assert (counter.tally.counted, counter.tally.waiting) == (10, 5)
    counter.drop(3)
    counter.step(0.0)
    assert counter.tally == Tally(asked=10, read=20, counted=10, lost=0)
    assert counter.step(0.0) is None


def test_a_cube_that_arrives_late_is_put_in_its_place(tmp_path: Path) -> None:
    headers = [
        read_cube_header(write_cube(tmp_path, number, stack(number, 4), start=4 * (number - 1)))
        for number in (1, 2, 3)
    ]
    capture = Capture([headers[0], headers[2]], live=True)
    counter = FrameCounter(capture)
    counter.add(headers[2])
    assert counter.step(0.0).first_frame == 4
    capture.add_cube(headers[1])
    counter.add(headers[1])
    assert counter.step(0.0).first_frame == 4
    counter.add(headers[2])
    assert counter.step(0.0).first_frame == 8


def test_counting_stops_when_cancelled(capture: Capture) -> None:
    token = CancelToken()
    ctx = JobContext(token)
    with pytest.raises(Cancelled):
        count_frames(capture, ctx, publish=lambda _: token.cancel())


def test_a_cancel_ends_the_wait_for_a_retry_at_once(capture: Capture) -> None:
    for header in capture.cubes:
        header.path.unlink()
    token = CancelToken()
    seconds = iter([0.0] * 6)

    def clock() -> float:
        now = next(seconds, None)
        if now is None:
            token.cancel()
            return -1e9
        return now

    with pytest.raises(Cancelled):
        count_frames(capture, JobContext(token), clock=clock)
