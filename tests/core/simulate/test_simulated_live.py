"""Live captures: the camera's pace, files that grow in place, and nothing half done left."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.simulate.lightspeed import run, simulate_capture, simulate_live
from nightglass.core.simulate.pace import AtOnce, CameraPace
from nightglass.core.simulate.plan import make_plan
from nightglass.core.simulate.settings import CaptureSettings
from nightglass.core.simulate.workers import CubeCrew

if TYPE_CHECKING:
    from pathlib import Path

SMALL: dict[str, Any] = {
    "shape": (16, 16), "pulsed_fraction": 0.0, "exposure_s": 0.0005, "frames": 1000,
}  # fmt: skip


def test_a_live_capture_keeps_the_camera_pace(tmp_path: Path):
    begun = time.monotonic()
    report = simulate_live(CaptureSettings(**SMALL), tmp_path)
    assert report.frames == 1000
    assert 0.5 <= report.elapsed_s <= time.monotonic() - begun
    assert report.latest_s >= 0.0


def test_a_faster_pace_can_be_asked_for(tmp_path: Path):
    settings = CaptureSettings(**{**SMALL, "exposure_s": 0.05})
    assert 0.25 <= simulate_live(settings, tmp_path, 200.0).elapsed_s < 50.0


def test_live_and_at_once_give_the_same_bytes(tmp_path: Path):
    settings = CaptureSettings(**{**SMALL, "defects": ("lost-frames", "truncated:3")})
    live = simulate_live(settings, tmp_path / "live", 10.0)
    once = simulate_capture(settings, tmp_path / "once")
    assert [p.read_bytes() for p in live.files] == [p.read_bytes() for p in once.files]
    assert live.truth.read_bytes() == once.truth.read_bytes()


def test_a_cube_can_be_whole_before_the_one_in_front_of_it(tmp_path: Path):
    sizes: list[list[int]] = []

    def progress(*_: int) -> None:
        sizes.append([path.stat().st_size for path in sorted(tmp_path.glob("*.fits"))])

    report = simulate_live(CaptureSettings(**SMALL), tmp_path, 5.0, progress=progress)
    assert len(sizes) == len(report.files) == 10
    whole = report.files[0].stat().st_size
    assert any(len(seen) > 3 and seen[2] < whole == seen[3] for seen in sizes)


def test_slow_files_wait_half_written_for_their_follower():
    settings = CaptureSettings(**SMALL)
    cubes = make_plan(settings).cubes
    stop = threading.Event()
    pace = CameraPace(settings, cubes, 1e9, stop)
    passed = threading.Event()

    def write_slow_one() -> None:
        pace.halfway(cubes[2])
        passed.set()

    thread = threading.Thread(target=write_slow_one)
    thread.start()
    pace.finished(cubes[1])
    assert not passed.wait(0.15)
    pace.finished(cubes[3])
    assert passed.wait(10.0)
    thread.join()


def test_the_last_file_and_a_stopped_one_wait_for_nobody():
    settings = CaptureSettings(**{**SMALL, "frames": 300})
    cubes = make_plan(settings).cubes
    stop = threading.Event()
    pace = CameraPace(settings, cubes, 1.0, stop)
    pace.halfway(cubes[2])
    more = make_plan(CaptureSettings(**SMALL)).cubes
    pace = CameraPace(settings, more, 1.0, stop)
    stop.set()
    pace.halfway(more[2])
    with pytest.raises(Cancelled):
        pace.exposed(more[9], 1)


def test_deadlines_do_not_drift():
    settings = CaptureSettings(**SMALL)
    cubes = make_plan(settings).cubes
    pace = CameraPace(settings, cubes, 2.0, threading.Event())
    pace.start()
    begun = time.monotonic()
    for cube in cubes:
        pace.exposed(cube, 100)
    assert time.monotonic() - begun >= 0.2499


def test_stopping_leaves_whole_cubes_only(tmp_path: Path):
    settings = CaptureSettings(**{**SMALL, "frames": 200_000})
    stop = threading.Event()

    def progress(done: int, _: int) -> None:
        if done >= 500:
            stop.set()

    report = simulate_live(settings, tmp_path, 5.0, stop, progress=progress)
    assert report.stopped
    assert 500 <= report.frames <= 700
    for path in tmp_path.glob("*.fits"):
        assert fits.getdata(path, 1).shape == (100, 16, 16)
        assert len(fits.getdata(path, 2)) == 100
    assert "stopped_after_cubes" in report.truth.read_text()


class FullDisk:
    """Stands for the cube writer of a disk that fills during the second cube."""

    def write(self, cube: Any, path: Path, pace: AtOnce) -> None:
        pace.exposed(cube, 1)
        path.write_bytes(b"half")
        if cube.number == 2:
            raise OSError(28, "No space left on device", str(path))


def test_an_error_removes_the_file_in_hand_and_ends_the_capture(tmp_path: Path):
    cubes = make_plan(CaptureSettings(**SMALL)).cubes
    stop = threading.Event()
    crew = CubeCrew(FullDisk(), cubes, tmp_path, AtOnce(stop), stop, lambda _: None)  # type: ignore[arg-type]
    with pytest.raises(OSError, match="No space left"):
        crew.run()
    assert stop.is_set()
    assert not (tmp_path / cubes[1].name).exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NightglassError, match="file"):
        simulate_capture(CaptureSettings(**SMALL), tmp_path / "file" / "folder")


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf")])
def test_senseless_speeds_are_refused(tmp_path: Path, speed: float):
    with pytest.raises(NightglassError, match="speed"):
        simulate_live(CaptureSettings(**SMALL), tmp_path, speed)


class Context:
    """A job context that remembers; cancelled from the first progress on when asked."""

    def __init__(self, cancel: bool = False) -> None:
        self.seen: list[tuple[int, int]] = []
        self._cancel = cancel
        self._callbacks: list[Any] = []

    def progress(self, done: int, total: int, text: str) -> None:
        assert "frames" in text
        self.seen.append((done, total))
        if self._cancel:
            for callback in self._callbacks:
                callback()

    def on_cancel(self, callback: Any) -> Any:
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    def check(self) -> None:
        if self._cancel:
            raise Cancelled


def test_a_job_runs_from_json_values_and_reports_progress(tmp_path: Path):
    ctx = Context()
    told = run(ctx, {**SMALL, "shape": [16, 16]}, str(tmp_path))  # type: ignore[arg-type]
    assert told["frames"] == 1000
    assert sorted(ctx.seen)[-1] == (1000, 1000)
    assert ctx._callbacks == []


def test_a_cancelled_job_ends_early(tmp_path: Path):
    settings = {**SMALL, "shape": [16, 16], "frames": 100_000}
    with pytest.raises(Cancelled):
        run(Context(cancel=True), settings, str(tmp_path), live=1.0)  # type: ignore[arg-type]
    assert len(list(tmp_path.glob("*.fits"))) <= 3


def test_large_frames_are_written_piece_by_piece(tmp_path: Path):
    settings = CaptureSettings(
        shape=(2304, 4096), frames=2, bundle=1, exposure_s=0.01, calibration="bias"
    )
    (path,) = simulate_capture(settings, tmp_path).files
    with fits.open(path, memmap=True, do_not_scale_image_data=True) as hdus:
        data = hdus[1].data
        assert data.shape == (2, 2304, 4096)
        corner = data[:, ::64, ::64].astype(float) + 32768
    assert corner.mean() == pytest.approx(199.5, abs=0.3)
    assert not np.array_equal(corner[0], corner[1])
