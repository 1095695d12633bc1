"""Workbenches with and without threads."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from nightglass.core.lightspeed import follow
from nightglass.core.settings import Settings
from nightglass.core.workbench import Workbench

from .night import Waiter, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nightglass.core.engine import Engine, InlineEngine
    from nightglass.core.problems import ProblemList


@pytest.fixture
def bench(inline_engine: InlineEngine, problems: ProblemList) -> Iterator[Workbench]:
    """A workbench where everything has happened when a call returns."""
    made = Workbench(inline_engine, problems, Settings())
    yield made
    made.close()


@pytest.fixture
def busy_bench(engine: Engine, problems: ProblemList) -> Iterator[Workbench]:
    """A workbench with real threads."""
    made = Workbench(engine, problems, Settings())
    yield made
    made.close()


@pytest.fixture
def until(engine: Engine) -> Waiter:
    """Wait for a condition while letters of the engine are opened."""
    return Waiter(engine)


@pytest.fixture
def capture_folder(tmp_path: Path) -> Path:
    """Three cubes of known counts."""
    return written(tmp_path / "night" / "crab")


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a follower look often."""
    monkeypatch.setattr(follow, "Follower", partial(follow.Follower, scan_interval_s=0.01))
