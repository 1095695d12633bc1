"""Autosaves: one file for each running window, found again when its window has died.

A window holds a lock beside its file. The system lets go of it when the process ends, however it
ends, so what can be locked belongs to nobody. Whoever offers a file to the observer holds its
lock meanwhile: no two windows offer the same one.
"""

from __future__ import annotations

import fcntl
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

from ..errors import NightglassError, translate
from ..paths import state_dir
from ..wording import counted
from .document import SUFFIX, SessionDocument, read_session, write_session

if TYPE_CHECKING:
    from pathlib import Path

KEPT_S = 14 * 86400.0
_AUTO, _KEPT, _LOCK, _BAD = "auto-", "kept-", ".lock", ".unreadable"


def sessions_dir() -> Path:
    """Folder of the autosaves.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    folder = state_dir() / "sessions"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Claim:
    """A lock held on a file of its own, until it is let go or the process ends."""

    def __init__(self, path: Path, file: IO[str]) -> None:
        self._path = path
        self._file = file

    @classmethod
    def take(cls, path: Path) -> Claim | None:
        """Lock `path`, which is made where it is missing; None when somebody else holds it.

        Raises
        ------
        OSError
            If the disk knows no locks, or the folder cannot be written.
        """
        while True:
            file = path.open("a")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
                return None
            except BaseException:
                file.close()
                raise
            if _is_at(file, path):
                return cls(path, file)
            # Its last holder has removed it in between.
            file.close()

    @property
    def holds(self) -> bool:
        """Whether others still find the lock where it was taken."""
        return _is_at(self._file, self._path)

    def release(self) -> None:
        """Remove the file and let go."""
        if self.holds:
            self._path.unlink(missing_ok=True)
        self._file.close()


def _is_at(file: IO[str], path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    return False


class Autosave:
    """The file in which one window keeps its state; `write` may be called from any thread.

    Parameters
    ----------
    folder : Path
    now_s : float
        Seconds since 1970, for the name.

    Raises
    ------
    OSError
        If the folder cannot be written or locked.
    """

    def __init__(self, folder: Path, now_s: float) -> None:
        self._lock = threading.Lock()
        self._is_open = True
        self.path, self._claim = _fresh(folder, now_s)

    def write(self, document: SessionDocument) -> None:
        """Put a newer state in the place of the one before; nothing once it is closed.

        Where somebody has removed the lock, or the whole folder, it goes on under a new name.

        Raises
        ------
        NightglassError
            If it cannot be written.
        """
        with self._lock:
            if self._is_open:
                if not self._claim.holds:
                    self._begin_anew(document.saved_at.timestamp())
                write_session(self.path, document)

    def _begin_anew(self, now_s: float) -> None:
        folder, lost = self.path.parent, self._claim
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.path, self._claim = _fresh(folder, now_s)
        except OSError as error:
            raise translate(error, folder) from error
        lost.release()

    def close(self, *, keeps: bool = False) -> Path | None:
        """End it; the last state is removed, or kept for `last_kept`: where is told then."""
        with self._lock:
            if not self._is_open:
                return None
            self._is_open = False
            kept = _put_away(self.path, keeps=keeps)
            self._claim.release()
            return kept


def _fresh(folder: Path, now_s: float) -> tuple[Path, Claim]:
    """A name that no window has or had, and its lock."""
    stem = f"{_AUTO}{datetime.fromtimestamp(now_s, UTC):%Y%m%dT%H%M%S}-{os.getpid()}"
    number = 0
    while True:
        path = folder / f"{stem}-{number}{SUFFIX}"
        claim = Claim.take(_lock_of(path))
        if claim is not None and not path.exists() and not _kept_name(path).exists():
            return path, claim
        if claim is not None:
            claim.release()
        number += 1


def _lock_of(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(SUFFIX) + _LOCK)


def _kept_name(path: Path) -> Path:
    return path.with_name(path.name.replace(_AUTO, _KEPT, 1))


def _put_away(path: Path, *, keeps: bool) -> Path | None:
    """Remove a state, or keep it under another name, which is given."""
    if not keeps:
        path.unlink(missing_ok=True)
        return None
    with suppress(FileNotFoundError):
        return path.replace(_kept_name(path))
    return None


@dataclass(frozen=True, eq=False)
class Recovery:
    """A state whose window has died; held for this process until it is put away.

    Attributes
    ----------
    path : Path
    document : SessionDocument
    """

    path: Path
    document: SessionDocument
    _claim: Claim

    @property
    def saved_at(self) -> datetime:
        """When it was written, UTC."""
        return self.document.saved_at

    @property
    def title(self) -> str:
        """What is in it, as a phrase."""
        return contents(self.document)

    def put_away(self, *, keeps: bool) -> Path | None:
        """Never offer it again; it is removed, or kept for `last_kept`: where is told then."""
        kept = _put_away(self.path, keeps=keeps)
        self._claim.release()
        return kept

    def leave(self) -> None:
        """Let another window offer it."""
        self._claim.release()


def contents(document: SessionDocument) -> str:
    """What a session holds, as a phrase: "12 regions on crab_20251210_031500"."""
    count, names = len(document.regions), [record.name for record in document.captures]
    where = names[0] if names else ""
    if len(names) > 1:
        where += f" and {len(names) - 1} more"
    what = counted(count, "region")
    if not where:
        return what
    return f"{what} on {where}" if count else where


def abandoned(folder: Path, now_s: float) -> tuple[tuple[Recovery, ...], list[NightglassError]]:
    """States whose window has died, newest first, each held from now on.

    Old ones are removed. One that cannot be read is put aside and never looked at again.

    Parameters
    ----------
    folder : Path
    now_s : float
        Seconds since 1970.

    Returns
    -------
    recoveries : tuple of Recovery
    refused : list of NightglassError
        What could not be read.
    """
    refused: list[NightglassError] = []
    held = [_held(path, refused) for path in sorted(folder.glob(f"{_AUTO}*{SUFFIX}"))]
    fresh = []
    for recovery in filter(None, held):
        if now_s - recovery.saved_at.timestamp() > KEPT_S or recovery.document.is_empty:
            recovery.put_away(keeps=False)
        else:
            fresh.append(recovery)
    fresh.sort(key=lambda recovery: recovery.saved_at, reverse=True)
    return tuple(fresh), refused


def _held(path: Path, refused: list[NightglassError]) -> Recovery | None:
    """The state of a window that has died; None when it lives or cannot be understood."""
    claim = Claim.take(_lock_of(path))
    if claim is None:
        return None
    try:
        return Recovery(path, read_session(path), claim)
    except NightglassError as error:
        refused.append(error)
        with suppress(OSError):
            path.replace(path.with_name(path.name + _BAD))
        claim.release()
        return None


def keep(folder: Path, document: SessionDocument, now_s: float) -> Path | None:
    """Keep a state beside those of windows that were closed; gives its place."""
    auto = Autosave(folder, now_s)
    auto.write(document)
    return auto.close(keeps=True)


def last_kept(folder: Path) -> Path | None:
    """The state kept last."""
    names = sorted(folder.glob(f"{_KEPT}*{SUFFIX}"), key=lambda path: path.stat().st_mtime_ns)
    return names[-1] if names else None


def tidy(folder: Path, now_s: float) -> None:
    """Remove what no living window needs and nobody has asked for in two weeks."""
    for path in folder.iterdir():
        is_auto = path.name.startswith(_AUTO)
        if path.suffix == _LOCK:
            _tidy_lock(path)
        elif not (is_auto and path.name.endswith(SUFFIX)) and _is_old(path, now_s):
            path.unlink(missing_ok=True)


def _tidy_lock(path: Path) -> None:
    """A lock without a file belongs to a window that died early, unless somebody holds it."""
    if not path.with_name(path.stem + SUFFIX).exists():
        claim = Claim.take(path)
        if claim is not None:
            claim.release()


def _is_old(path: Path, now_s: float) -> bool:
    with suppress(FileNotFoundError):
        return now_s - path.stat().st_mtime > KEPT_S
    return False
