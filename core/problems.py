"""The one list of everything that went wrong, and the hooks that let nothing pass by it."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Literal

from .errors import Cancelled, in_words, translate
from .paths import state_dir

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

Severity = Literal["error", "warning", "notice"]
Watcher = Callable[["Problem | None"], object]

KEPT = 500
FAULT_FILE = "faults.log"
_LEVELS: dict[Severity, int] = {
    "error": logging.ERROR,
    "warning": logging.WARNING,
    "notice": logging.INFO,
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Problem:
    """One kind of trouble: what, how often, what to do next."""

    first_seen: datetime
    last_seen: datetime
    severity: Severity
    title: str
    text: str
    hint: str = ""
    path: str | None = None
    details: str = ""
    count: int = 1

    def __str__(self) -> str:
        return in_words(self.title, self.text, self.hint)


class ProblemList:
    """Everything that went wrong, newest last; safe from every thread.

    Equal problems (severity, title, text and path) are one entry with a count. Beyond 500
    entries the oldest go.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[tuple[object, ...], Problem] = {}
        self._watchers: list[Watcher] = []

    def report(self, error: BaseException, path: str | os.PathLike[str] | None = None) -> Problem:
        """Add an exception, translated to plain words, with its traceback as details."""
        told = translate(error, path)
        details = "".join(traceback.format_exception(told))
        return self._add("error", told.title, told.text, told.hint, told.path, details)

    def note(
        self,
        severity: Severity,
        title: str,
        text: str,
        hint: str = "",
        path: str | os.PathLike[str] | None = None,
    ) -> Problem:
        """Add trouble that no exception stands for."""
        name = None if path is None else os.fspath(path)
        return self._add(severity, title, text, hint, name, "")

    def entries(self) -> tuple[Problem, ...]:
        """All entries, in the order in which they first came up."""
        with self._lock:
            return tuple(self._entries.values())

    def clear(self) -> None:
        """Forget all entries."""
        with self._lock:
            self._entries.clear()
        self._tell(None)

    def subscribe(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` with each new or repeated entry, and with None after a clear.

        It runs on the thread that reports and must be quick. Returns what ends it.
        """
        with self._lock:
            self._watchers.append(watcher)
        return lambda: self._unsubscribe(watcher)

    def _unsubscribe(self, watcher: Watcher) -> None:
        with self._lock:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

    def _add(
        self, severity: Severity, title: str, text: str, hint: str, path: str | None, details: str
    ) -> Problem:
        now = datetime.now(UTC)
        key = (severity, title, text, path)
        with self._lock:
            old = self._entries.get(key)
            if old is None:
                entry = Problem(now, now, severity, title, text, hint, path, details)
            else:
                entry = replace(
                    old, last_seen=now, count=old.count + 1, details=details or old.details
                )
            self._entries[key] = entry
            if len(self._entries) > KEPT:
                del self._entries[next(iter(self._entries))]
        _write_log(entry)
        self._tell(entry)
        return entry

    def _tell(self, entry: Problem | None) -> None:
        with self._lock:
            watchers = tuple(self._watchers)
        for watcher in watchers:
            watcher(entry)


def _write_log(entry: Problem) -> None:
    """Log the 1st, 10th, 100th ... of equal entries: trouble in every frame fills no disk."""
    if str(entry.count).rstrip("0") != "1":
        return
    times = f" ({entry.count} times)" if entry.count > 1 else ""
    _log.log(_LEVELS[entry.severity], "%s%s", entry, times)
    if entry.details:
        _log.debug("%s", entry.details)


def install_hooks(problems: ProblemList) -> Callable[[], None]:
    """Send every uncaught exception of this process to the problem list.

    Replaces `sys.excepthook` (an uncaught exception in a Qt slot would abort the process),
    `threading.excepthook` and `sys.unraisablehook`, and lets `faulthandler` write to
    ``faults.log`` in the state folder. A keyboard interrupt still ends the program.

    Returns
    -------
    callable
        Puts everything back as it was.
    """
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)

    def on_exception(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if not _tell_uncaught(problems, error):
            before[0](kind, error, trace)

    def on_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_type is not SystemExit and not _tell_uncaught(problems, args.exc_value):
            before[1](args)

    def on_unraisable(args: sys.UnraisableHookArgs) -> None:
        if not _tell_uncaught(problems, args.exc_value):
            before[2](args)

    sys.excepthook, threading.excepthook, sys.unraisablehook = (
        on_exception,
        on_thread,
        on_unraisable,
    )
    stop_faults = _watch_faults(problems)

    def restore() -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = before
        stop_faults()

    return restore


def _tell_uncaught(problems: ProblemList, error: BaseException | None) -> bool:
    """Report `error`; False if the hook before should deal with it."""
    if error is None or isinstance(error, KeyboardInterrupt):
        return False
    if not isinstance(error, Cancelled):
        try:
            problems.report(error)
        except Exception:  # noqa: BLE001 - a hook that raises would hide the first exception
            return False
    return True


def _watch_faults(problems: ProblemList) -> Callable[[], None]:
    """Let a crash of the interpreter leave a trace, and tell the trace of the last one."""
    path = state_dir() / FAULT_FILE
    try:
        _tell_last_crash(problems, path)
        file = path.open("w")
    except OSError as error:
        problems.report(error, path)
        return lambda: None
    was_on = faulthandler.is_enabled()
    faulthandler.enable(file)
    return lambda: _leave_faults(file, was_on=was_on)


def _leave_faults(file: IO[str], *, was_on: bool) -> None:
    faulthandler.disable()
    if was_on and sys.__stderr__ is not None:
        faulthandler.enable(sys.__stderr__)
    file.close()


def _tell_last_crash(problems: ProblemList, path: Path) -> None:
    if not path.exists() or not path.stat().st_size:
        return
    kept = path.with_name("last-crash.log")
    path.replace(kept)
    problems.note(
        "warning",
        "The last run ended in a crash",
        f"Its trace lies in {kept}.",
        "Nothing on disk was changed; please send this file with a report.",
        kept,
    )
