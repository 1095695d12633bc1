"""What is declared in pyproject.toml agrees with what lies in the tree."""

from __future__ import annotations

import tomllib
from importlib.metadata import entry_points, version
from importlib.resources import files
from pathlib import Path

import nightglass

ROOT = Path(__file__).resolve().parents[2]
TOP_LEVEL = {
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "gui",
    "core",
    "resources",
    "tests",
    "packaging",
    ".ci",
    ".gitignore",
}
NOT_OURS = {".git", ".venv", "build", "dist", "demo-output"}


def _config() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_source_package_is_declared() -> None:
    declared = set(_config()["tool"]["setuptools"]["packages"]) - {"nightglass"}
    found = {
        "nightglass." + ".".join(path.relative_to(ROOT).parts)
        for top in ("core", "gui", "resources")
        for path in (ROOT / top, *(ROOT / top).rglob("*"))
        if path.is_dir() and path.name != "__pycache__"
    }
    assert declared == found


def test_the_top_level_is_the_agreed_one() -> None:
    found = {path.name for path in ROOT.iterdir()}
    generated = {name for name in found if name.endswith(("_cache", ".egg-info", ".hypothesis"))}
    assert found - NOT_OURS - generated == TOP_LEVEL


def test_packaging_is_no_python_package() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()


def test_the_console_script_leads_to_the_entry_point() -> None:
    (script,) = entry_points(group="console_scripts", name="nightglass")
    assert script.value == "nightglass.__main__:main"
    assert version("nightglass") == nightglass.__version__


def test_every_resource_kind_is_packed() -> None:
    declared = _config()["tool"]["setuptools"]["package-data"]
    for package, patterns in declared.items():
        folder = files(package)
        for item in folder.iterdir():
            if item.is_file() and not item.name.endswith(".py") and package != "nightglass":
                assert any(Path(item.name).match(pattern) for pattern in patterns), item.name


def test_locks_pin_and_hash_everything() -> None:
    for lock in (ROOT / "packaging").glob("*.lock"):
        for entry in lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
            assert "==" in entry, f"{lock.name}: {entry}"
            assert "--hash=sha256:" in entry, f"{lock.name}: {entry}"


def test_no_lock_names_a_registry() -> None:
    for lock in (ROOT / "packaging").glob("*.lock"):
        assert "://" not in lock.read_text(encoding="utf-8")
