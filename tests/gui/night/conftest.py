"""What the tests with nights that are really reduced share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .night_at_work import Reduction, Watcher, simulated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ..desktop import Desktop

FRAMES = 100


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Raw frames of a night of two cameras, two batches each."""
    return simulated(tmp_path_factory.mktemp("written") / "raw", FRAMES)


@pytest.fixture
def reduction(written: Path, tmp_path: Path) -> Iterator[Reduction]:
    """A night that is not begun yet; its processes are gone afterwards."""
    made = Reduction((written,), tmp_path / "products")
    yield made
    made.end()


@pytest.fixture
def watcher(start: Callable[..., Desktop], reduction: Reduction) -> Watcher:
    """A window that watches the folder of it."""
    return Watcher(start(night=reduction.output))
