"""What no file of the project may hold: bare imports, paths of somebody's machine, registries."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "gui", "resources")
SOURCES = (*ROOMS, "packaging", "tests", ".ci", "pyproject.toml", "README.md", "LICENSE")
NO_TEXT = {".png", ".pyc", ".nbi", ".nbc"}
# The brackets keep this file from holding what it looks for; "me" is nobody in particular.
MACHINE_PATHS = re.compile(r"(?<![\w.~}-])/([w]ork|[r]oot)(?![\w-])|(?<!\w)/[h]ome/(?!me\b)\w")
REGISTRIES = re.compile(r"pypi[.]|python[h]osted|conda[.]|--[i]ndex-url")


def files() -> Iterator[Path]:
    """Every text file of the project; links and caches are not its own."""
    for name in SOURCES:
        top = ROOT / name
        for path in [top, *top.rglob("*")]:
            inside = path.relative_to(ROOT)
            is_link = any(parent.is_symlink() for parent in [path, *path.parents])
            is_ours = not is_link and "__pycache__" not in inside.parts
            if is_ours and path.is_file() and path.suffix not in NO_TEXT:
                yield path


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def bare_imports(path: Path) -> list[str]:
    """Imports of a room by its bare name, which would be a second copy of its modules."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        found += [f"{path.relative_to(ROOT)}:{node.lineno}" for name in names
                  if name.partition(".")[0] in ROOMS]  # fmt: skip
    return found


def test_the_files_of_the_project_are_found() -> None:
    found = {str(path.relative_to(ROOT)) for path in files()}
    assert {"core/errors.py", "packaging/run.sh", ".ci/run", "README.md"} <= found
    assert not any("site-packages" in name for name in found)


def test_no_file_imports_a_room_by_its_bare_name() -> None:
    assert [line for path in files() if path.suffix == ".py" for line in bare_imports(path)] == []


@pytest.mark.parametrize(
    "text", ["import core.errors", "from gui import app", "import os, resources"]
)
def test_a_bare_import_would_be_found(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    (tmp_path / "module.py").write_text(f"from .core import fine\n{text}\n", encoding="utf-8")
    assert bare_imports(tmp_path / "module.py") == ["module.py:2"]


def test_no_file_holds_a_path_of_one_machine() -> None:
    assert lines_with(MACHINE_PATHS) == []


def test_no_file_names_a_registry() -> None:
    assert lines_with(REGISTRIES) == []
