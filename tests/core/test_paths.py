"""The program's own files lie where they should, or all together where they are told to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nightglass.core import paths

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = [paths.config_dir, paths.state_dir, paths.cache_dir, paths.log_dir]


def test_one_variable_moves_every_folder_and_they_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIGHTGLASS_HOME", str(tmp_path / "home"))
    found = [folder() for folder in FOLDERS]
    assert len(set(found)) == 4
    for folder in found:
        assert folder.parent == tmp_path / "home"
        assert folder.is_dir()


def test_without_the_variable_the_folders_are_those_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NIGHTGLASS_HOME")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for folder in FOLDERS:
        assert "nightglass" in folder().parts


def test_a_tilde_means_the_home_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("NIGHTGLASS_HOME", "~/glass")
    assert paths.state_dir() == tmp_path / "glass" / "state"


def test_a_folder_that_cannot_be_made_is_told_by_the_one_who_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NIGHTGLASS_HOME", str(tmp_path / "file"))
    with pytest.raises(OSError, match="file"):
        (paths.state_dir() / "x").touch()
