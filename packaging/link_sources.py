"""Link core, gui and resources into packaging/src/nightglass, for tools that read the source tree.

The program and its tests do not need the links; mypy, import-linter and PyInstaller do, because
they look for the package `nightglass` as one folder. The links are ignored by git.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "packaging" / "src" / "nightglass"


def link(name: str) -> None:
    """Make `packaging/src/nightglass/<name>` lead to `<name>` at the top of the tree."""
    place = PACKAGE / name
    if place.is_symlink() or place.exists():
        return
    if sys.platform == "win32":
        import _winapi

        _winapi.CreateJunction(str(ROOT / name), str(place))
    else:
        place.symlink_to(os.path.relpath(ROOT / name, PACKAGE), target_is_directory=True)


if __name__ == "__main__":
    for folder in ("core", "gui", "resources"):
        link(folder)
