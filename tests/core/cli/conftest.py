"""Loops are compiled before any command runs: the first one would tell that it does so."""

from __future__ import annotations

from importlib import import_module

import pytest
from nightglass.core.lightspeed import warm


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    for name in warm._KERNELS:
        import_module(f"nightglass.core.{name}")
