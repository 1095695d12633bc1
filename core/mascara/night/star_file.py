"""The stars of a night as the workers read them: arrays, in a moment and without surprises."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from ...atomic import write_bytes
from ...errors import NightglassError

if TYPE_CHECKING:
    from pathlib import Path

    from ...stars.table import StarTable

_STEM = "catalogue-"


def save_stars(folder: Path, stars: StarTable) -> tuple[Path, str]:
    """Write a star table under a name that tells its content: no other run changes it.

    Returns
    -------
    path : Path
    key : str
        Digest; the same stars give the same bytes.
    """
    content = BytesIO()
    np.savez(content, allow_pickle=False, **stars.columns())
    whole = content.getvalue()
    key = sha256(whole).hexdigest()[:24]
    path = folder / f"{_STEM}{key}.npz"
    folder.mkdir(parents=True, exist_ok=True)
    write_bytes(path, whole)
    return path, key


def forget_others(path: Path) -> None:
    """Remove star tables of earlier runs beside this one."""
    for other in path.parent.glob(f"{_STEM}*.npz"):
        if other != path:
            with suppress(OSError):
                other.unlink()


def newest_stars(output: Path) -> Path | None:
    """The star table that was written last in an output folder; None where there is none."""
    times: dict[Path, int] = {}
    for path in (output / "work").glob(f"{_STEM}*.npz"):
        with suppress(OSError):  # another run has just removed it
            times[path] = path.stat().st_mtime_ns
    return max(times, key=lambda path: (times[path], path.name), default=None)


def load_stars(path: Path) -> StarTable:
    """Read what `save_stars` wrote.

    Raises
    ------
    OSError
        If it cannot be read.
    NightglassError
        If it is damaged.
    """
    from ...stars.table import StarTable

    try:
        # Not by its name: the file would stay open where it is cut short.
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as columns:
            return StarTable.of(**columns)
    except (BadZipFile, ValueError, KeyError, TypeError, EOFError) as error:
        raise NightglassError(
            "Cannot read the star list of the night",
            f"{path.name} is not a whole star table.",
            "'nightglass night resume' makes it again.",
            path,
        ) from error
