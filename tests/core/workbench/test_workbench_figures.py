"""Accounting strip, settings that change on the way, and workers that fail."""

from __future__ import annotations

import errno
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.settings import Settings, TimingConstant
from nightglass.core.workbench import Workbench, workbench
from nightglass.core.workbench.figures import Strip

from ..lightspeed.writer import write_cube
from .night import BUNDLES, CUBES, SPEC, WHOLE, BrokenSource, written

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.engine import InlineEngine
    from nightglass.core.problems import ProblemList

    from .night import Waiter

FRAMES = BUNDLES * CUBES


def test_the_strip_of_an_open_capture(bench: Workbench, capture_folder: Path) -> None:
    assert bench.strip(0, 0.0) == Strip()
    sorted(capture_folder.iterdir())[1].unlink()
    bench.open([capture_folder])
    bench.transport.go_to(4)
    strip = bench.strip(painted=7, painted_per_second=55.0)
    assert (strip.captured, strip.read, strip.counted) == (20, 20, 20)
    assert (strip.painted, strip.lost, strip.behind) == (7, BUNDLES, 15)
    assert strip.frames_per_second == 55.0
    assert strip.disk is not None
    free = shutil.disk_usage(capture_folder).free
    assert strip.disk.free_gb == pytest.approx(free / 1e9, rel=0.01)
    assert strip.disk.hours is None


@pytest.mark.usefixtures("quick_looks")
def test_the_rate_of_a_live_capture_is_that_of_its_frames(
    busy_bench: Workbench, until: Waiter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = [1000.0]
    monkeypatch.setattr(workbench, "monotonic", lambda: now_s[0])
    folder = written(tmp_path / "tonight", cubes=1)
    busy_bench.follow(folder)
    until(lambda: busy_bench.capture is not None)
    busy_bench.strip(0, 0.0)
    for number in (2, 3):
        write_cube(folder, SPEC, number)
        until(lambda number=number: busy_bench.capture.captured == number * BUNDLES)
        now_s[0] += 0.5
        strip = busy_bench.strip(0, 0.0)
    assert strip.frames_per_second == pytest.approx(2 * BUNDLES / 1.0)
    now_s[0] += 10.0
    busy_bench.strip(0, 0.0)
    now_s[0] += 10.0
    strip = busy_bench.strip(0, 0.0)
    assert strip.frames_per_second == 0.0


def test_the_timing_constant_of_the_settings_moves_the_times(bench, capture_folder: Path) -> None:
    bench.open([capture_folder])
    bench.pictures.look("main", WHOLE)
    source = bench.capture.source
    before = source.frame_times().seconds.copy()
    constant = TimingConstant(readout_fraction=0.0, exposure_fraction=1.0, offset_s=2.0)
    told: list[Settings] = []
    bench.settings_changed.connect(told.append)
    bench.use_settings(bench.settings.changed(timing_constant=constant))
    assert told == [bench.settings]
    shift = (0.005 + 2.0) - (0.5 * 0.005 + 0.5 * 0.0042)
    np.testing.assert_allclose(source.frame_times().seconds - before, shift, atol=1e-9)
    # What is opened from now on has it from the start.
    bench.desk.close(bench.desk.order[0])
    bench.open([capture_folder])
    again = bench.capture.source.frame_times().seconds
    np.testing.assert_allclose(again - before, shift, atol=1e-9)


def test_the_first_view_is_that_of_the_settings(
    inline_engine: InlineEngine, problems: ProblemList
) -> None:
    settings = Settings(stretch="log", limits="percentile", limits_percent=98.0, colour_map="heat")
    made = Workbench(inline_engine, problems, settings)
    view = made.session.view
    assert (view.stretch.kind, view.colour_map) == ("log", "heat")
    assert (view.limits.mode, view.limits.percent) == ("percentile", 98.0)
    made.close()


@pytest.mark.expected_log
def test_an_unplugged_disk_while_scrubbing_is_one_problem(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "cube.fits"
    source = BrokenSource(path, OSError(errno.EIO, "Input/output error", str(path)))
    bench.pictures.look("main", WHOLE)
    bench.desk.put(source)
    for frame in (1, 7, 8, 9, 12):
        bench.transport.go_to(frame)
    (problem,) = bench.problems.entries()
    assert problem.count == 4
    assert str(path) in problem.text
    assert problem.hint
    assert bench.pictures.shown["main"].frame == 1
    bench.transport.go_to(2)
    assert bench.pictures.shown["main"].frame == 2
    bench.desk.close(bench.desk.order[0])
    assert source.closed


@pytest.mark.expected_log
def test_whatever_a_worker_raises_is_one_problem(bench: Workbench, tmp_path: Path) -> None:
    bench.pictures.look("main", WHOLE)
    bench.desk.put(BrokenSource(tmp_path / "cube.fits", ZeroDivisionError("by zero"), 0))
    (problem,) = bench.problems.entries()
    assert problem.title == "Unexpected trouble"
    assert "by zero" in problem.text
    assert "ZeroDivisionError" in problem.details


@pytest.mark.expected_log
def test_a_cube_that_cannot_be_counted_is_named(bench: Workbench, capture_folder, monkeypatch):
    from nightglass.core.lightspeed import counting

    bad = sorted(capture_folder.iterdir())[1]
    whole = counting.box_sums

    def stumble(header, *rest):
        if header.path == bad:
            raise counting.NightglassError("Could not read", f"{bad.name} has a hole.", path=bad)
        return whole(header, *rest)

    monkeypatch.setattr(counting, "box_sums", stumble)
    monkeypatch.setattr(counting, "RETRY_SECONDS", (0.0,))
    bench.open([capture_folder])
    (problem,) = bench.problems.entries()
    assert problem.path == str(bad)
    assert "10 frames are not in the light curve" in problem.text
    assert bench.capture is not None
    assert bench.capture.counted == 2 * BUNDLES
