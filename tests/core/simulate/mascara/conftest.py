"""A catalogue and a night that tests only read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .nights import made_catalogue, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some stars over the central camera of La Palma."""
    return made_catalogue(tmp_path_factory.mktemp("catalogue"))


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory, catalogue: Path) -> Path:
    """A quick night of one camera; not to be changed."""
    folder = tmp_path_factory.mktemp("night")
    write(folder, catalogue)
    return folder
