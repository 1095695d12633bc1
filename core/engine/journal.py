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
    from collections.abc import Callable, Iterator

Record = dict[str, Any]


def _refuse(token: str) -> None:
    """JSON knows no NaN and no infinity."""
    raise ValueError(token)


_JSON = json.JSONDecoder(parse_constant=_refuse)


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
    is_sound : callable or None
        Whether a record, read from those bytes, is one; any dictionary is by default.

    Attributes
    ----------
    torn_after : list of int
        For each line that was no record, torn by a crash or damaged, how many records came before.
    restarts : int
        How often it began again because the file was replaced, cut or removed.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        is_sound: Callable[[Record, bytes], bool] | None = None,
    ) -> None:
        self.path = Path(path)
        self._is_sound = is_sound
        self.torn_after: list[int] = []
        self.restarts = 0
        self._offset = self._count = 0
        self._identity: int | None = None

    @property
    def skipped(self) -> int:
        """Lines that were no record."""
        return len(self.torn_after)

    def read(self, most_bytes: int = -1) -> list[Record]:
        """The whole lines that were added since the last call; none while there is no file.

        A journal that was replaced or cut is read from its beginning; `skipped` starts anew.

        Parameters
        ----------
        most_bytes : int
            Ends after about so much; the next call goes on there. Negative: no limit.
        """
        while True:
            content = self._read(most_bytes)
            records = list(self._records(content))
            if records or not content:
                return records

    def _read(self, most_bytes: int) -> bytes:
        """Whole lines, of records or not; nothing at the end of the file."""
        try:
            file = open(self.path, "rb")  # noqa: SIM115 - closed below
        except FileNotFoundError:
            self._identify(None, 0)
            return b""
        with file:
            status = os.fstat(file.fileno())
            self._identify(status.st_ino, status.st_size)
            file.seek(self._offset)
            content = file.read(most_bytes)
            if most_bytes >= 0 and not content.endswith(b"\n"):
                content += file.readline()
        whole = content.rfind(b"\n") + 1
        self._offset += whole
        return content[:whole]

    def _identify(self, identity: int | None, size: int) -> None:
        """Begin again where this is not the file that was read so far."""
        if self._identity not in {None, identity} or size < self._offset:
            self._offset = self._count = 0
            self.torn_after = []
            self.restarts += 1
        self._identity = identity

    def _records(self, content: bytes) -> Iterator[Record]:
        for line in content.splitlines():
            record = record_of(line)
            if record is not None and (self._is_sound is None or self._is_sound(record, line)):
                self._count += 1
                yield record
            elif line.strip():
                self.torn_after.append(self._count)


def record_of(line: bytes) -> Record | None:
    """The record that a line is; None where it is none: torn, damaged, or not JSON."""
    try:
        record = _JSON.decode(line.decode())
        if b"\\ud" in line:
            record = _printable(record)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _printable(record: Any) -> Any:
    """The same with question marks for what is no text: bytes of file names in no known coding."""
    return json.loads(json.dumps(record, ensure_ascii=False).encode(errors="replace"))


def read_journal(path: str | os.PathLike[str]) -> list[Record]:
    """Every whole record of a journal, oldest first; none when it is absent."""
    return JournalTail(path).read()
