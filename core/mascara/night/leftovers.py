"""Half-written files of processes that were killed: found by their temporary names.

Only folders that a reduction makes are looked into, and only names that `atomic.replacing` gives:
an output folder may be anybody's.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NIGHT_FOLDER = re.compile(r"\d{8}[A-Z]{2}[NESWC]")
_OWN_FOLDERS = ("calibration", "control", "work")
_TEMPORARY = re.compile(r"\..+-[a-z0-9_]{8}(\.\w+)*")


def remove_leftovers(output: Path, camera: str = "") -> None:
    """Remove what killed processes left in the folders of a night.

    Parameters
    ----------
    output : Path
        Of the reduction; need not be there.
    camera : str
        Only folders and files with this in their names: other cameras are at work.
    """
    for folder in _own_folders(output):
        for path in list(_temporaries(folder)):
            if camera in path[len(str(output)) :]:
                with suppress(OSError):
                    os.unlink(path)  # noqa: PTH108 - thousands of names


def _own_folders(output: Path) -> list[Path]:
    try:
        inside = [path for path in output.iterdir() if path.is_dir() and not path.is_symlink()]
    except OSError:
        return []
    return [
        path for path in inside if _NIGHT_FOLDER.fullmatch(path.name) or path.name in _OWN_FOLDERS
    ]


def _temporaries(folder: Path | str) -> Iterator[str]:
    try:
        entries = os.scandir(folder)
    except OSError:
        return
    with entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _temporaries(entry.path)
            elif _TEMPORARY.fullmatch(entry.name):
                yield entry.path
