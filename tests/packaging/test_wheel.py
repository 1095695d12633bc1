"""The wheel holds the program and its resources and nothing else, and it runs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("core", "gui", "resources", "packaging/src")
FILES = ("pyproject.toml", "README.md", "LICENSE")
PLACES = {
    "packaging/src/nightglass": "nightglass",
    "core": "nightglass/core",
    "gui": "nightglass/gui",
    "resources": "nightglass/resources",
}
PIP = ("-P", "-m", "pip", "--disable-pip-version-check", "--no-input")

pytestmark = pytest.mark.slow


def links_and_caches(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name == "__pycache__" or Path(folder, name).is_symlink()]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, because building leaves folders beside them."""
    copy = tmp_path_factory.mktemp("source")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, copy / name, ignore=links_and_caches)
    for name in FILES:
        shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without the network by the installed back end."""
    pytest.importorskip("setuptools", "77", reason="the build back end setuptools is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    words = ["wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(folder)]
    done = subprocess.run(
        [sys.executable, *PIP, *words, str(source)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "would be ignored" not in said
    (path,) = folder.glob("nightglass-*-py3-none-any.whl")
    return path


def expected(source: Path) -> Iterator[str]:
    """Every file of the rooms, under the name that it has in the wheel."""
    for folder, place in PLACES.items():
        for path in (source / folder).rglob("*"):
            if path.is_file():
                yield f"{place}/{path.relative_to(source / folder).as_posix()}"


def test_the_wheel_holds_every_file_of_the_program_and_no_other(wheel: Path, source: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert found == set(expected(source))


def test_the_wheel_carries_the_licence_and_the_console_script(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        metadata = {Path(name).name: name for name in archive.namelist() if ".dist-info/" in name}
        script = archive.read(metadata["entry_points.txt"]).decode()
        about = archive.read(metadata["METADATA"]).decode()
    assert "LICENSE" in metadata
    assert "nightglass = nightglass.__main__:main" in script
    assert "License-Expression: BSD-3-Clause" in about


def test_the_wheel_runs_from_the_place_where_it_was_unpacked(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "site"
    words = ["install", "--no-deps", "--no-index", "--no-compile", "--target", str(place)]
    subprocess.run([sys.executable, *PIP, *words, str(wheel)], check=True, capture_output=True)
    script = (
        f"import sys; sys.path.insert(0, {str(place)!r});"
        "import nightglass.__main__ as start; print(start.__file__);"
        "sys.exit(start.main(['simulate', 'lightspeed', '--output', 'out', '--frames', '3',"
        "'--shape', '16', '16', '--pulsed-fraction', '0', '--exposure', '0.001']))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(place)
    assert len(list((tmp_path / "out").glob("*.fits"))) == 1
