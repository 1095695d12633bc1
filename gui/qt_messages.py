"""Qt's own messages on their way to the log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PyQt6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

if TYPE_CHECKING:
    from collections.abc import Callable

# The offscreen platform says these of windows with a smallest size or in front; all is well.
HARMLESS = (
    "This plugin does not support propagateSizeHints()",
    "This plugin does not support raise()",
)
LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

_log = logging.getLogger("qt")


def take_qt_messages() -> Callable[[], None]:
    """Write what Qt has to say to the log; returns what ends it."""
    before = qInstallMessageHandler(_write)

    def end() -> None:
        qInstallMessageHandler(before)

    return end


def _write(kind: QtMsgType, _: QMessageLogContext, text: str | None) -> None:
    if text and text not in HARMLESS:
        _log.log(LEVELS.get(kind, logging.WARNING), "%s", text)
