"""One or two frame views: alone, side by side, or blinking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PyQt6.QtCore import QRect, QTimer, pyqtSignal
from PyQt6.QtWidgets import QWidget

from .view import FrameView

if TYPE_CHECKING:
    from PyQt6.QtGui import QResizeEvent

    from ..theme import Roles
    from .camera import Camera

AreaMode = Literal["single", "tile", "blink"]
BLINK_INTERVALS_S = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""The intervals DS9 offers."""
_GAP_PX = 4


class FrameArea(QWidget):
    """Hold two views; the second appears when two captures are tiled or blinked.

    With the lock on, both look at the same place with the same contrast and bias. `activeChanged`
    names the view that keys act on: the one pressed last, or the one blinked up.
    """

    activeChanged = pyqtSignal(int)
    contrastChanged = pyqtSignal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.views = (FrameView(self), FrameView(self))
        self._mode: AreaMode = "single"
        self._active = 0
        self._is_locked = True
        self._blink_timer = QTimer(self)
        self._blink_timer.setInterval(1000)
        self._blink_timer.timeout.connect(self._blink)
        for view in self.views:
            view.cameraChanged.connect(self._on_view_camera_changed)
            view.cameraFitted.connect(self._on_view_fitted)
            view.contrastChanged.connect(self._on_view_contrast_changed)
            view.pressed.connect(self._on_view_pressed)
        self.views[1].hide()

    @property
    def active(self) -> int:
        """Which view keys act on, 0 or 1."""
        return self._active

    @property
    def active_view(self) -> FrameView:
        """The view that keys act on."""
        return self.views[self._active]

    @property
    def mode(self) -> AreaMode:
        """How the views stand."""
        return self._mode

    def set_mode(self, mode: AreaMode) -> None:
        """Show one view, both side by side, or both in turn."""
        self._mode = mode
        self.views[1].setVisible(mode != "single")
        if mode == "single":
            self._activate(0)
        elif self._is_locked:
            self._lead(self.active_view)
        self._place()
        self._run_blink(mode == "blink")
        self._show_active()

    @property
    def is_locked(self) -> bool:
        """Whether both views show the same place."""
        return self._is_locked

    def set_lock(self, is_locked: bool) -> None:
        """Lock place, zoom and colours of the two views, or let each go its way."""
        self._is_locked = is_locked
        if self._leads():
            self._lead(self.active_view)

    def set_blink_interval(self, interval_s: float) -> None:
        """Set how long each view stays up, within DS9's range."""
        shortest, longest = BLINK_INTERVALS_S[0], BLINK_INTERVALS_S[-1]
        self._blink_timer.setInterval(round(1000 * min(max(interval_s, shortest), longest)))

    @property
    def blink_interval_s(self) -> float:
        """How long each view stays up."""
        return self._blink_timer.interval() / 1000.0

    def activate_next(self) -> None:
        """Let the other view be the active one; in blink mode it comes up."""
        if self._mode != "single":
            self._activate(1 - self._active)

    def set_colours(self, name: str, inverted: bool, contrast: float, bias: float) -> None:
        """Give both views the same colours."""
        for view in self.views:
            view.set_colours(name, inverted, contrast, bias)

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        for view in self.views:
            view.set_roles(roles)

    def _run_blink(self, is_running: bool) -> None:
        if is_running:
            self._blink_timer.start()
        else:
            self._blink_timer.stop()

    def _blink(self) -> None:
        self._activate(1 - self._active)

    def _activate(self, number: int) -> None:
        if number == self._active:
            return
        self._active = number
        self._show_active()
        self.activeChanged.emit(number)

    def _show_active(self) -> None:
        self.active_view.raise_()
        for number, view in enumerate(self.views):
            view.show_active(self._mode == "tile" and number == self._active)

    def _place(self) -> None:
        whole = self.rect()
        if self._mode != "tile":
            for view in self.views:
                view.setGeometry(whole)
            return
        width = (whole.width() - _GAP_PX) // 2
        self.views[0].setGeometry(QRect(0, 0, width, whole.height()))
        self.views[1].setGeometry(QRect(width + _GAP_PX, 0, width, whole.height()))

    def _on_view_pressed(self) -> None:
        view = self.sender()
        if view in self.views and self._mode == "tile":
            self._activate(self.views.index(view))

    def _on_view_camera_changed(self, camera: Camera) -> None:
        view = self.sender()
        if self._leads() and isinstance(view, FrameView):
            self._other(view).set_camera(camera, view.is_fitted)

    def _on_view_fitted(self) -> None:
        """Let the active view lead, whichever of the two got a new frame or size."""
        if self._leads():
            leader = self.active_view
            self._other(leader).set_camera(leader.camera, leader.is_fitted)

    def _on_view_contrast_changed(self, contrast: float, bias: float) -> None:
        view = self.sender()
        if self._leads() and isinstance(view, FrameView):
            self._other(view).set_colours(*view.colours)
        self.contrastChanged.emit(contrast, bias)

    def _leads(self) -> bool:
        return self._is_locked and self._mode != "single"

    def _lead(self, view: FrameView) -> None:
        other = self._other(view)
        other.set_camera(view.camera, view.is_fitted)
        other.set_colours(*view.colours)

    def _other(self, view: FrameView) -> FrameView:
        return self.views[1 - self.views.index(view)]

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep the views in place."""
        super().resizeEvent(event)
        self._place()
