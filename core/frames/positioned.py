"""Files read at given places, safe against writers that change them meanwhile."""

from __future__ import annotations

import os
import stat
import weakref
from pathlib import Path

from ..errors import NightglassError, translate

PathLike = str | os.PathLike[str]


class IncompleteFileError(NightglassError):
    """A file is shorter than its own headers say: cut short, or still being written."""


def incomplete(path: PathLike, have: int, need: int | None = None) -> IncompleteFileError:
    """Say that `path` holds `have` bytes where at least `need` are expected."""
    wanted = "" if need is None else f" of at least {need}"
    return IncompleteFileError(
        "The file is not whole",
        f"{Path(path).name} ends after {have}{wanted} bytes.",
        "If it is being written, wait until it is finished; otherwise copy it again.",
        path,
    )


class Handle:
    """An open file for positioned reads from any thread.

    The descriptor is closed when the last reader lets go of the object: closing it earlier could
    give another thread the bytes of whatever file gets the same number next.

    Parameters
    ----------
    path : path-like
        File to open for reading.

    Raises
    ------
    NightglassError
        If the file cannot be opened or is no ordinary file.
    """

    __slots__ = ("__weakref__", "_fd", "path")

    def __init__(self, path: PathLike) -> None:
        self.path = path if isinstance(path, Path) else Path(path)
        try:
            # Without O_NONBLOCK a named pipe would hold the program until somebody writes.
            self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except (OSError, ValueError) as error:
            raise translate(error, path) from error
        weakref.finalize(self, os.close, self._fd)
        if not stat.S_ISREG(self.status().st_mode):
            raise NightglassError(
                "Not a file", f"{self.path} is not an ordinary file.", "Choose a file.", path
            )

    def status(self) -> os.stat_result:
        """Size and times of the open file, in one call."""
        try:
            return os.fstat(self._fd)
        except OSError as error:
            raise translate(error, self.path) from error

    def fileno(self) -> int:
        """Descriptor, for mapping the file."""
        return self._fd

    def read(self, offset: int, count: int) -> bytes:
        """Up to `count` bytes from `offset`; fewer at the end of the file."""
        try:
            return os.pread(self._fd, count, offset)
        except (OSError, OverflowError) as error:
            raise translate(error, self.path) from error

    def read_into(self, offset: int, buffer: memoryview) -> None:
        """Fill `buffer` from `offset`.

        Raises
        ------
        IncompleteFileError
            If the file ends first, for instance because its writer truncated it.
        NightglassError
            If the disk fails.
        """
        done = 0
        while done < len(buffer):
            try:
                count = os.preadv(self._fd, [buffer[done:]], offset + done)
            except OSError as error:
                raise translate(error, self.path) from error
            if count == 0:
                raise incomplete(self.path, offset + done, offset + len(buffer))
            done += count
