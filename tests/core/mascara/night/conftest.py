"""What the slow tests of whole nights share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .night_runs import undisturbed_night

if TYPE_CHECKING:
    from .night_runs import Undisturbed


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """A small night of real frames, reduced by the command line."""
    return undisturbed_night(tmp_path_factory.mktemp("undisturbed"))
