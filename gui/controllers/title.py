"""The title of the window: capture, session and whether regions are unsaved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

if TYPE_CHECKING:
    from ...core.session.view import View
    from ...core.workbench import Workbench
    from ..main_window import MainWindow


class TitleController(QObject):
    """Names in the title what the window shows."""

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench = workbench
        self._window = window
        self._session = ""
        workbench.session.changed.connect(self._on_view_changed)

    def set_session(self, text: str) -> None:
        """Name the session, with its star."""
        self._session = text
        self._show()

    def _on_view_changed(self, before: View, after: View) -> None:
        if before.capture != after.capture:
            self._show()

    def _show(self) -> None:
        capture = self._bench.capture
        parts = ["" if capture is None else capture.source.name, self._session, "Nightglass"]
        self._window.setWindowTitle(" – ".join(part for part in parts if part))
