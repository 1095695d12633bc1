"""An append-only record of finished work: JSON lines, each on the disk before it counts.

One process writes (whoever holds the lock of the folder), any number of others read. A line torn
by a crash is skipped by readers; the next writer ends it and goes on below it.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Record = dict[str, Any]


class Journal:
    """The writer's end.

    Parameters
    ----------
    path : path-like
        The file; made when absent, continued when present.

    Raises
    ------
    OSError
        If it cannot be opened for writing.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._lock = threading.Lock()
        self._file = open(self.path, "ab", buffering=0)  # noqa: SIM115 - open to the end
        self._has_torn_line = not _ends_with_newline(self.path)

    def append(self, record: Record, *, settled: bool = True) -> None:
        """Add one line; when `settled` it is on the disk before this returns.

        Raises
        ------
        OSError
            If the line could not be written whole (a full disk); what got there is taken
            back, so that the same record can be tried again.
        """
        line = json.dumps(record, separators=(",", ":"), allow_nan=False).encode() + b"\n"
        with self._lock:
            if self._has_torn_line:
                line = b"\n" + line
            self._write(line)
            self._has_torn_line = False
            if settled:
                os.fsync(self._file.fileno())

    def _write(self, line: bytes) -> None:
        start = os.fstat(self._file.fileno()).st_size
        try:
            while line:
                line = line[self._file.write(line) or 0 :]
        except OSError:
            self._file.truncate(start)
            raise

    @property
    def file(self) -> IO[bytes]:
        """The open file, to be locked."""
        return self._file

    def is_in_place(self) -> bool:
        """Whether what is written still arrives under the name of the file.

        Raises
        ------
        OSError
            If the disk does not answer.
        """
        try:
            there = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return os.path.samestat(there, os.fstat(self._file.fileno()))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _ends_with_newline(path: Path) -> bool:
    with open(path, "rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


class JournalTail:
    """A reader that goes on where it stopped: each `read` gives what came since the last.

    Parameters
    ----------
    path : path-like
        The journal; it need not exist yet.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.skipped = 0
        """Lines that were no record: torn by a crash or damaged."""
        self._offset = 0
        self._identity: int | None = None

    def read(self) -> list[Record]:
        """The whole lines that were added since the last call; none while there is no file.

        A journal that was replaced or cut is read from its beginning; `skipped` starts anew.
        """
        try:
            file = open(self.path, "rb")  # noqa: SIM115 - closed below
        except FileNotFoundError:
            return []
        with file:
            self._notice_another_file(os.fstat(file.fileno()))
            file.seek(self._offset)
            content = file.read()
        whole = content.rfind(b"\n") + 1
        self._offset += whole
        return list(self._records(content[:whole]))

    def _notice_another_file(self, status: os.stat_result) -> None:
        if self._identity not in {None, status.st_ino} or status.st_size < self._offset:
            self._offset = self.skipped = 0
        self._identity = status.st_ino

    def _records(self, content: bytes) -> Iterator[Record]:
        for line in content.splitlines():
            record = _record(line)
            if record is not None:
                yield record
            elif line.strip():
                self.skipped += 1


def _record(line: bytes) -> Record | None:
    try:
        record = json.loads(line)
    except ValueError:  # torn, or not UTF-8
        return None
    return record if isinstance(record, dict) else None


def read_journal(path: str | os.PathLike[str]) -> list[Record]:
    """Every whole record of a journal, oldest first; none when it is absent."""
    return JournalTail(path).read()
