from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from nightglass.core.workbench.figures import RateMeter, disk_left

if TYPE_CHECKING:
    from pathlib import Path


def test_rate_is_the_mean_over_the_window() -> None:
    meter = RateMeter(window_s=2.0)
    for step in range(11):
        meter.mark(step * 0.5, step * 1000)
    assert meter.per_second == pytest.approx(2000.0)


def test_rate_follows_a_stop_within_the_window() -> None:
    meter = RateMeter(window_s=1.0)
    meter.mark(0.0, 0)
    meter.mark(1.0, 500)
    meter.mark(3.0, 500)
    meter.mark(4.0, 500)
    assert meter.per_second == 0.0


def test_no_marks_is_no_rate() -> None:
    meter = RateMeter()
    meter.mark(1.0, 5)
    assert meter.per_second == 0.0


def test_hours_left_follow_from_the_rate(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    disk = disk_left(tmp_path, bytes_per_second=1e6)
    assert disk is not None
    assert disk.hours == pytest.approx(free / 1e6 / 3600, rel=0.01)
    assert disk.free_gb == pytest.approx(free / 1e9, rel=0.01)


def test_an_idle_disk_has_no_hours(tmp_path: Path) -> None:
    disk = disk_left(tmp_path, 0.0)
    assert disk is not None
    assert disk.hours is None


def test_an_unplugged_disk_is_no_figure(tmp_path: Path) -> None:
    assert disk_left(tmp_path / "gone", 1.0) is None
