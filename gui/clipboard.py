"""The clipboard, which some systems lack."""

from __future__ import annotations

from PyQt6.QtGui import QGuiApplication


def put_on_clipboard(text: str) -> None:
    """Copy a text."""
    clipboard = QGuiApplication.clipboard()
    if clipboard is not None:
        clipboard.setText(text)


def text_on_clipboard() -> str:
    """The text that was copied last, "" for none."""
    clipboard = QGuiApplication.clipboard()
    return "" if clipboard is None else clipboard.text()
