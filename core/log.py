"""One log for everything: standard error, a rotating file and a ring for the log dock."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections import deque
from copy import copy
from typing import TYPE_CHECKING, Any

from .paths import log_dir

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILE_NAME = "nightglass.log"
RING_SIZE = 2000
FILE_BYTES = 2_000_000
FILES_KEPT = 5
_FORMAT = "%(asctime)s %(levelname)-7s %(threadName)s %(name)s: %(message)s"
_ours: list[logging.Handler] = []

_log = logging.getLogger(__name__)


class LogRing(logging.Handler):
    """The last records, ready to be shown: arguments and tracebacks are text already.

    `records` and `subscribe` may be used from every thread.
    """

    def __init__(self, size: int = RING_SIZE) -> None:
        super().__init__()
        self._guard = threading.Lock()
        self._records: deque[logging.LogRecord] = deque(maxlen=size)
        self._watchers: list[Callable[[logging.LogRecord], object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record and tell the watchers, on the logging thread."""
        kept = _as_text(record)
        with self._guard:
            self._records.append(kept)
            watchers = tuple(self._watchers)
        try:
            for watcher in watchers:
                watcher(kept)
        except Exception:  # noqa: BLE001 - a log call must never raise
            self.handleError(record)

    def records(self) -> tuple[logging.LogRecord, ...]:
        """The kept records, oldest first."""
        with self._guard:
            return tuple(self._records)

    def subscribe(self, watcher: Callable[[logging.LogRecord], object]) -> Callable[[], None]:
        """Call `watcher` (quick, from any thread) with each record; returns what ends it."""
        with self._guard:
            self._watchers.append(watcher)
        return lambda: self._unsubscribe(watcher)

    def _unsubscribe(self, watcher: Callable[[logging.LogRecord], object]) -> None:
        with self._guard:
            if watcher in self._watchers:
                self._watchers.remove(watcher)


def _as_text(record: logging.LogRecord) -> logging.LogRecord:
    """A copy that holds no objects of the caller: those would stay alive in the ring."""
    text = copy(record)
    text.msg, text.args = record.getMessage(), None
    if record.exc_info and record.exc_info[0] is not None:
        text.exc_text = "".join(traceback.format_exception(*record.exc_info)).rstrip()
    text.exc_info = None
    return text


def configure(level: int | str = logging.INFO, file: Path | None = None) -> LogRing:
    """Set logging up for this process; a second call replaces the first.

    Parameters
    ----------
    level : int or str
        Lowest level that is kept in the file and the ring; standard error shows warnings
        and worse.
    file : Path or None
        None means ``nightglass.log`` in the log folder. It is rotated at 2 MB, five old
        ones are kept.

    Returns
    -------
    LogRing
        The last records, for the log dock.
    """
    reset()
    ring = LogRing()
    root = logging.getLogger()
    root.setLevel(level)
    _attach(ring)
    _attach(_to_stderr())
    try:
        _attach(_to_file(file or log_dir() / FILE_NAME))
    except OSError as error:
        _log.warning("No log file is written: %s", error)
    logging.captureWarnings(capture=True)
    return ring


def reset() -> None:
    """Take everything back that `configure` did."""
    logging.captureWarnings(capture=False)
    for handler in _ours:
        logging.getLogger().removeHandler(handler)
        handler.close()
    _ours.clear()


def _attach(handler: logging.Handler) -> None:
    _ours.append(handler)
    logging.getLogger().addHandler(handler)


def _to_stderr() -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("nightglass: %(message)s"))
    return handler


def _to_file(path: Path) -> logging.Handler:
    from logging.handlers import RotatingFileHandler

    handler = RotatingFileHandler(
        path,
        maxBytes=FILE_BYTES,
        backupCount=FILES_KEPT,
        encoding="utf-8",
        errors="backslashreplace",  # names of files may be no proper text
    )
    handler.setFormatter(logging.Formatter(_FORMAT))
    return handler


def bridge_loguru() -> None:
    """Send what PINT says through loguru into this log, and nothing to standard error.

    Call it right after the import of PINT; calling it again changes nothing.
    """
    from loguru import logger

    logger.remove()
    logger.add(_forward, level=0, format="{message}")


def _forward(message: Any) -> None:
    record = message.record
    exception = record["exception"]
    logging.getLogger(record["name"] or "loguru").log(
        record["level"].no,
        "%s",
        record["message"],
        exc_info=tuple(exception) if exception else None,
    )
