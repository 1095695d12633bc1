"""Other programs to talk with: stand-ins, a hub of our own, and a real DS9."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from nightglass.core.exchange.xpa import Ds9

from ..running_ds9 import running_ds9
from .other_programs import FakeXpa, fake_xpa_on_path, own_samp_home, running_hub

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def xpa(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeXpa:
    """Stand-ins of the XPA programs; one DS9 called ds9 runs."""
    return fake_xpa_on_path(tmp_path / "xpa", monkeypatch)


@pytest.fixture
def samp_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder where hubs say that they run; none does."""
    own_samp_home(tmp_path, monkeypatch)
    return tmp_path


@pytest.fixture
def hub(samp_home: Path) -> Iterator[object]:
    """A SAMP hub in this process."""
    with running_hub() as running:
        yield running


@pytest.fixture(scope="session")
def started_ds9(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """Title and environment of a real DS9."""
    title = f"exchange{os.getpid()}"
    with running_ds9(title, tmp_path_factory.mktemp("exchange-ds9")) as environment:
        yield title, environment


@pytest.fixture
def real_ds9(started_ds9: tuple[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> Ds9:
    """A real DS9 with one empty frame."""
    title, environment = started_ds9
    for name in ("XPA_METHOD", "XPA_TMPDIR"):
        monkeypatch.setenv(name, environment[name])
    ds9 = Ds9(title, timeout_s=30.0)
    ds9.set("frame", "delete", "all")
    ds9.set("frame", "new")
    return ds9
