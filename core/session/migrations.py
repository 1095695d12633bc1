"""Session files of other versions: older ones are brought up to date, newer ones refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import NightglassError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

VERSION = 1
"""Raised when a file of before can no longer be read as it stands."""
MINOR = 0
"""Raised when something is added that an older program may pass over."""

MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""What makes a file of a version one of the next, by the version it has."""


def migrated(
    entries: dict[str, Any],
    path: Path,
    migrations: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = MIGRATIONS,
    version: int = VERSION,
) -> dict[str, Any]:
    """Bring the entries of a session file to the present version.

    Parameters
    ----------
    entries : dict
        As they stand in the file.
    path : Path
        Named when it is refused.
    migrations : mapping
        One step for each older version.
    version : int
        The present one.

    Raises
    ------
    NightglassError
        If the file tells no version, or one that is not known here.
    """
    found = entries.get("version")
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise NightglassError(
            "Could not open the session",
            f"{path} tells no version that a session could have.",
            "Choose a file that Nightglass has saved.",
            path,
        )
    if found > version:
        raise NightglassError(
            "Could not open the session",
            f"{path} was saved by a newer Nightglass (version {found} of its sessions; this one"
            f" reads up to {version}).",
            "Open it with that Nightglass, or bring this one up to date.",
            path,
        )
    for step in range(found, version):
        entries = {**migrations[step](entries), "version": step + 1}
    return entries
