"""What magnifier and panner share: a small picture of their own in a corner of the view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import QWidget

from ..widgets.pens import cosmetic_pen
from .camera import Camera, Projection
from .coloured import ColouredPicture

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PyQt6.QtGui import QPaintEvent

    from ...core.picture.render import Picture
    from ..theme import Roles


class CornerPicture(QWidget):
    """A framed little picture; it asks for its pixels and is given them.

    Requests are gathered: many changes in one turn of the event loop ask once.
    """

    viewportRequested = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._coloured = ColouredPicture()
        self._camera = Camera()
        self._pens = {name: cosmetic_pen("grey") for name in ("line", "accent", "shadow", "grid")}
        self._background = QColor("black")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._request_timer = QTimer(self)
        self._request_timer.setSingleShot(True)
        self._request_timer.timeout.connect(self._emit_request)

    @property
    def projection(self) -> Projection:
        """The camera of the corner applied to its size in device pixels."""
        ratio = self.devicePixelRatioF()
        return Projection(self._camera, round(self.width() * ratio), round(self.height() * ratio))

    def set_picture(self, picture: Picture | None) -> None:
        """Take the pixels asked for."""
        self._coloured.set_picture(picture)
        self.update()

    def set_table(self, table: npt.NDArray[np.uint32]) -> None:
        """Take the colours of the view."""
        self._coloured.set_table(table)
        self.update()

    def request(self) -> None:
        """Ask for the pixels again, the frame may have changed."""
        if self.isVisible() and not self._request_timer.isActive():
            self._request_timer.start(0)

    def _emit_request(self) -> None:
        if self.isVisible():
            self.viewportRequested.emit(self.projection.viewport())

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._background = QColor(roles.view_background)
        grid = QColor(roles.muted)
        grid.setAlpha(70)
        self._pens = {
            "line": cosmetic_pen(roles.line),
            "accent": cosmetic_pen(roles.accent),
            "shadow": cosmetic_pen(self._background),
            "grid": cosmetic_pen(grid),
        }
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: ARG002 - given by Qt
        """Draw the picture, what lies on it and a line around."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._background)
        self._coloured.draw_at(painter, self.projection, self.devicePixelRatioF())
        self._paint_over(painter)
        painter.setPen(self._pens["line"])
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_over(self, painter: QPainter) -> None:
        """Draw what the kind of corner adds, in logical pixels."""
