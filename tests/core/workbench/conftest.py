"""A workbench with threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nightglass.core.settings import Settings
from nightglass.core.workbench import Workbench

from .night import Waiter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightglass.core.engine import Engine
    from nightglass.core.problems import ProblemList


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
