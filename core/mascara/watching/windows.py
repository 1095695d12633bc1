"""Who else watches a night: each window holds a small locked file while it looks."""

from __future__ import annotations

import fcntl
import os
import socket
from contextlib import suppress
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FOLDER = "windows"
_MOST_OWN = 100


class WindowMark:
    """The file of one window; where none can be written nobody is told of it.

    Parameters
    ----------
    output : Path
        Folder of the night.
    """

    def __init__(self, output: Path) -> None:
        self._folder = output / _FOLDER
        self._file: IO[str] | None = None
        self._path: Path | None = None

    def show(self) -> None:
        """Hold the file, unless it is held already."""
        if self._path is not None and self._is_in_place():
            return
        self.close()
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            self._take_a_name()

    def _is_in_place(self) -> bool:
        assert self._file is not None
        assert self._path is not None
        try:
            return os.path.samestat(self._path.stat(), os.fstat(self._file.fileno()))
        except OSError:
            return False

    def _take_a_name(self) -> None:
        """Two windows of one process have names of their own."""
        for number in range(_MOST_OWN):
            path = self._folder / (f"{os.getpid()}-{number}" if number else str(os.getpid()))
            try:
                self._file, self._path = _locked(path), path
            except BlockingIOError:
                continue
            return

    def others(self) -> tuple[str, ...]:
        """Which processes watch besides this one, in words; files of dead ones are removed."""
        try:
            paths = sorted(self._folder.iterdir())
        except OSError:
            return ()
        found = (_holder(path) for path in paths if path != self._path)
        return tuple(one for one in found if one not in {"", _own_words()})

    def close(self) -> None:
        """Take the file away."""
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink()
        if self._file is not None:
            self._file.close()
        self._file = self._path = None


def _own_words() -> str:
    return f"process {os.getpid()} on {socket.gethostname()}"


def _locked(path: Path) -> IO[str]:
    """The file, locked and telling whose it is.

    Raises
    ------
    OSError
        BlockingIOError if it is another window's; else where files cannot be locked or written.
    """
    file = open(path, "a+", encoding="utf-8")  # noqa: SIM115 - open to the end
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.truncate(0)
        file.write(_own_words() + "\n")
        file.flush()
    except OSError:
        file.close()
        raise
    return file


def _holder(path: Path) -> str:
    """What a marker says while its window lives; a stale one is removed and says nothing."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return file.readline(200).strip() or f"process {path.name}"
            path.unlink()
    except OSError:
        pass
    return ""
