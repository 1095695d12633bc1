"""The star catalogue that is used: one that was named, one beside the frames, the imported one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NightglassError
from ..paths import config_dir
from .table import read_catalogue, write_catalogue

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

FILE_NAME = "catalogue.csv"
FAINTEST_VMAG = 11.0
"""Fainter stars do not matter to stars of the light curves, and would be in the way."""


def import_catalogue(path: str | os.PathLike[str], faintest_vmag: float = FAINTEST_VMAG) -> Path:
    """Make a catalogue the one that is used where no other is named.

    Parameters
    ----------
    path : path-like
        Whatever `read_catalogue` reads.
    faintest_vmag : float
        Fainter stars are left out, unless the file marks them as to be included.

    Returns
    -------
    Path
        The imported copy, a table of text among the user's settings.

    Raises
    ------
    NightglassError
        If it cannot be read or holds no star; an earlier one stays then.
    """
    table = read_catalogue(path, faintest_vmag)
    copy = config_dir() / FILE_NAME
    write_catalogue(copy, table)
    return copy


def find_catalogue(
    given: str | os.PathLike[str] | None = None,
    raw_folders: Iterable[str | os.PathLike[str]] = (),
) -> Path:
    """Choose the catalogue: the given one, `catalogue.csv` beside the frames, the imported one.

    Raises
    ------
    NightglassError
        If the given one is not there, or there is none at all.
    """
    if given is not None:
        return _present(Path(given))
    for folder in (*raw_folders, config_dir()):
        candidate = Path(folder) / FILE_NAME
        if candidate.is_file():
            return candidate
    raise NightglassError(
        "No star catalogue",
        f"None was named, there is no {FILE_NAME} beside the frames, and none was imported.",
        "Import one, such as ASCC-2.5 (VizieR I/280B), by 'nightglass catalogue import FILE'.",
    )


def _present(path: Path) -> Path:
    if not path.is_file():
        raise NightglassError(
            "No such catalogue", f"{path} is not a file.", "Check the path of the catalogue.", path
        )
    return path
