"""Magnifier and panner of one view: where they stand and when they ask for pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from ..theme import spaced
from ..widgets.throttle import Throttle
from .magnifier import Magnifier
from .panner import Panner

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..theme import Roles
    from .canvas import FrameCanvas
    from .corner import CornerPicture

_PANNER_REFRESH_MS = 500


class Corners(QObject):
    """Keep the magnifier top right and the panner bottom right, hidden until asked for."""

    def __init__(self, canvas: FrameCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._is_magnifier_left = False
        self.magnifier = Magnifier(canvas)
        self.panner = Panner(canvas)
        for corner in self._all():
            corner.hide()
        self.panner.centreRequested.connect(canvas.centre_on)
        self._panner_refresh = Throttle(self.panner.request, _PANNER_REFRESH_MS, self)

    def _all(self) -> tuple[CornerPicture, CornerPicture]:
        return self.magnifier, self.panner

    def show_corner(self, corner: CornerPicture, is_shown: bool) -> None:
        """Show or hide one of the two."""
        corner.setVisible(is_shown)
        if is_shown:
            self.place()
            corner.raise_()
            self.follow_camera()
            corner.request()

    def place(self) -> None:
        """Put both into their corners."""
        margin = spaced(2)
        right = self._canvas.width() - margin
        left = margin if self._is_magnifier_left else right - self.magnifier.width()
        self.magnifier.move(left, margin)
        bottom = self._canvas.height() - margin
        self.panner.move(right - self.panner.width(), bottom - self.panner.height())

    def follow_camera(self) -> None:
        """Show in the panner which part is on the screen."""
        shape = self._canvas.frame_shape
        if shape is None or not self.panner.isVisible():
            return
        self.panner.set_frame_shape(shape)
        self.panner.show_part(self._canvas.projection.viewport(), self._canvas.camera)
        self.place()

    def follow_pointer(self, x: float, y: float) -> None:
        """Enlarge the pixels around an image position."""
        if self.magnifier.isVisible():
            self._dodge(x, y)
            self.magnifier.look_at(x, y, self._canvas.camera)

    def _dodge(self, x: float, y: float) -> None:
        """Take the magnifier to the other side when the pointer comes under it."""
        if self.magnifier.geometry().contains(self._canvas.widget_at(x, y).toPoint()):
            self._is_magnifier_left = not self._is_magnifier_left
            self.place()

    def refresh(self) -> None:
        """A new frame is shown: the magnifier follows each, the panner twice a second."""
        self.magnifier.request()
        if self.panner.isVisible():
            self._panner_refresh.call()

    def set_table(self, table: npt.NDArray[np.uint32]) -> None:
        """Take the colours of the view."""
        for corner in self._all():
            corner.set_table(table)

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        for corner in self._all():
            corner.set_roles(roles)
