"""One driver per night: a lock that the system takes back when its holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ...errors import NightglassError

if TYPE_CHECKING:
    from .layout import NightLayout

_PATIENCE_S = 0.5
"""Who only asks whether a night is driven holds the lock for a moment."""


class DriverLock:
    """Held from making to `close`; worker processes do not inherit it.

    Parameters
    ----------
    path : Path
        Made when it is absent; what an earlier driver left in it means nothing.

    Raises
    ------
    NightglassError
        If another driver holds it.
    OSError
        If the file cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self._file = open(path, "a+", encoding="ascii")  # noqa: SIM115 - open to the end
        try:
            _claim(self._file)
        except BlockingIOError as error:
            holder = self._holder()
            self._file.close()
            raise _driven_already(path.parent, holder) from error
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n")
        self._file.flush()

    def _holder(self) -> str:
        self._file.seek(0)
        number = self._file.read(20).strip()
        return f" (process {number})" if number.isdigit() else ""

    def claim(self, file: IO[bytes]) -> None:
        """Lock the journal too: somebody may take the lock file for a stale one and remove it.

        Raises
        ------
        NightglassError
            If another driver holds it.
        """
        try:
            _claim(file)
        except BlockingIOError as error:
            raise _driven_already(Path(file.name).parent, "") from error

    def close(self) -> None:
        """Let the next driver in."""
        self._file.close()


def _claim(file: IO[str] | IO[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
        time.sleep(_PATIENCE_S / 10)


def _driven_already(folder: Path, holder: str) -> NightglassError:
    return NightglassError(
        "This night is being reduced already",
        f"Another reduction{holder} works in {folder}.",
        "Watch it with 'nightglass night status'; 'night stop' ends it.",
        folder,
    )


def holds_driver(layout: NightLayout) -> bool:
    """Whether a driver works on a night now; it holds the journal as well as its lock."""
    return is_driven(layout.lock) or is_driven(layout.journal)


def is_driven(path: Path) -> bool:
    """Whether a driver holds this file, its lock or its journal, now."""
    try:
        with open(path, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return False
    except BlockingIOError:
        return True
    return False
