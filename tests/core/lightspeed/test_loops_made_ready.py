"""Compiled loops are made ready once, told while it lasts, and never stand in the way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from nightglass.core.engine.jobs import CancelToken, JobContext, Progress
from nightglass.core.errors import Cancelled
from nightglass.core.lightspeed import warm as warm_module
from nightglass.core.lightspeed.warm import warm
from nightglass.core.paths import cache_dir

CORE = Path(warm_module.__file__).resolve().parents[1]


def test_it_is_done_once_and_told() -> None:
    told: list[Progress] = []
    warm(JobContext(on_progress=told.append))
    assert {progress.text for progress in told} == {"Compiling for this computer, once"}
    told.clear()
    warm(JobContext(on_progress=told.append))
    assert told == []


def test_it_works_where_nothing_can_be_written() -> None:
    folder = cache_dir()
    shutil.rmtree(folder)
    folder.write_text("in the way")
    warm(JobContext())


def test_it_can_be_cancelled() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        warm(JobContext(token))


def test_no_loop_is_forgotten() -> None:
    found = {
        ".".join(path.relative_to(CORE).with_suffix("").parts)
        for room in ("lightspeed", "timing", "regions")
        for path in (CORE / room).rglob("*kernels.py")
    }
    assert found == set(warm_module._KERNELS)
