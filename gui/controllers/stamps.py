"""The panel of time stamps, kept in step with the capture shown while anybody sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from ..stamps import EMPTY_TEXT
from ..widgets.throttle import Throttle

if TYPE_CHECKING:
    from ...core.session.view import View
    from ...core.settings import Settings
    from ...core.workbench import Workbench
    from ..stamps import StampsPanel

REFRESH_MS = 500
WAITING_TEXT = "The time stamps of {name} are being checked."
NONE_TEXT = "{name} has no time stamps of the camera."


class StampsController(QObject):
    """Shows the stamps of the capture shown, at most twice a second, and only when seen."""

    def __init__(
        self, workbench: Workbench, panel: StampsPanel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._panel = panel
        self._is_seen = False
        self._refresh = Throttle(self._show, REFRESH_MS, self)
        panel.frameRequested.connect(workbench.transport.go_to)
        workbench.session.changed.connect(self._on_view_changed)
        workbench.desk.grown.connect(self._on_capture_grown)
        workbench.settings_changed.connect(self._on_settings_changed)

    def set_seen(self, is_seen: bool) -> None:
        """Begin or stop to keep the panel up to date."""
        self._is_seen = is_seen
        if is_seen:
            self._refresh.call()
        else:
            self._refresh.cancel()

    def stop(self) -> None:
        """Show nothing new any more."""
        self.set_seen(False)

    def _on_view_changed(self, before: View, after: View) -> None:
        if before.capture != after.capture:
            self._refresh_if_seen()

    def _on_capture_grown(self, key: str) -> None:
        if key == self._bench.session.view.capture:
            self._refresh_if_seen()

    def _on_settings_changed(self, _: Settings) -> None:
        self._refresh_if_seen()

    def _refresh_if_seen(self) -> None:
        if self._is_seen:
            self._refresh.call()

    def _show(self) -> None:
        sheet = self._bench.stamp_sheet()
        if sheet is None:
            self._panel.set_empty(self._why_empty())
        else:
            self._panel.set_sheet(sheet)

    def _why_empty(self) -> str:
        capture = self._bench.capture
        if capture is None:
            return EMPTY_TEXT
        text = NONE_TEXT if capture.lightspeed is None else WAITING_TEXT
        return text.format(name=capture.source.name)
