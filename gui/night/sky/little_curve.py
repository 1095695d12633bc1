"""The light curve of a star, small: flux over its median against UTC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF
from PyQt6.QtWidgets import QSizePolicy, QWidget

from ...theme import DOTTED, LineCue, spaced, tabular_font, worn
from ..words import clock_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PyQt6.QtGui import QPaintEvent

    from ....core.mascara.browsing.curve import Curve
    from ...theme import Roles

    Numbers = NDArray[np.float64]

LOW_PERCENT, HIGH_PERCENT = 1.0, 99.0
ROOM = 0.25
LEAST_HALF = 0.02
DOT_PX = 2.0
MOST_POINTS = 4000
"""Every so manieth point of a longer curve is drawn: the plot is 250 pixels wide."""
MARGIN_D = 10.0 / 86400.0


@dataclass(frozen=True, eq=False)
class CurvePoints:
    """What is drawn of a curve: JD and flux over its camera's median; flagged ones are left out.

    Parameters
    ----------
    jd, ratio : ndarray of float64, shape (n,)
    low, high : float
        Ends of the upright axis.
    """

    jd: Numbers
    ratio: Numbers
    low: float
    high: float

    @classmethod
    def of(cls, curve: Curve) -> CurvePoints:
        """Points of the largest aperture."""
        points = curve.points
        names = [name for name in points.dtype.names or () if name.startswith("flux")]
        good = points["flag"] == 0
        flux, camera = points[names[-1]][good], curve.camera[good]
        ratio = np.full(flux.shape, np.nan)
        for one in np.unique(camera):
            own = camera == one
            middle = float(np.median(flux[own]))
            ratio[own] = flux[own] / middle if middle > 0.0 else np.nan
        known = np.isfinite(ratio)
        step = 1 + int(known.sum()) // MOST_POINTS
        jd, ratio = points["jdmid"][good][known][::step], ratio[known][::step]
        low, high = _ends(ratio)
        return cls(jd, ratio, low, high)


def _ends(ratio: Numbers) -> tuple[float, float]:
    if not ratio.size:
        return 1.0 - LEAST_HALF, 1.0 + LEAST_HALF
    low, high = np.percentile(ratio, (LOW_PERCENT, HIGH_PERCENT)).tolist()
    room = ROOM * (high - low)
    return min(low - room, 1.0 - LEAST_HALF), max(high + room, 1.0 + LEAST_HALF)


class LittleCurve(QWidget):
    """Draws a curve with two numbers at each axis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roles = worn()
        self._points: CurvePoints | None = None
        self.setFont(tabular_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Light curve of the star pointed at")

    def sizeHint(self) -> QSize:
        """A plot that shows whether a star varies."""
        return QSize(spaced(60), spaced(36))

    def minimumSizeHint(self) -> QSize:
        """Two numbers at each axis."""
        return QSize(spaced(40), 5 * self.fontMetrics().height())

    @property
    def points(self) -> CurvePoints | None:
        """What is drawn."""
        return self._points

    def show_points(self, points: CurvePoints | None) -> None:
        """Draw another curve, or none."""
        self._points = points
        self.update()

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles = roles
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: ARG002 - given by Qt
        """Draw frame, numbers and points."""
        if self._points is None or not self._points.jd.size:
            return
        painter = QPainter(self)
        height = self.fontMetrics().height()
        left = self.fontMetrics().horizontalAdvance("0.888") + spaced(1)
        frame = QRectF(left, height / 2, self.width() - left - 1, self.height() - 1.5 * height - 3)
        painter.setPen(LineCue(self._roles.line).pen())
        painter.drawRect(frame)
        self._paint_numbers(painter, frame, self._points)
        self._paint_points(painter, frame, self._points)
        painter.end()

    def _paint_numbers(self, painter: QPainter, frame: QRectF, points: CurvePoints) -> None:
        height = self.fontMetrics().height()
        painter.setPen(QColor(self._roles.muted))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value in (points.low, points.high):
            room = QRectF(0.0, 0.0, frame.left() - spaced(1), height)
            room.moveCenter(QPointF(room.center().x(), _y(frame, points, value)))
            painter.drawText(room, right, f"{value:.3f}")
        foot = QRectF(frame.left(), frame.bottom() + 2, frame.width(), height)
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, clock_of(float(points.jd.min())))
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, clock_of(float(points.jd.max())))
        painter.drawText(foot, Qt.AlignmentFlag.AlignHCenter, "UTC")

    def _paint_points(self, painter: QPainter, frame: QRectF, points: CurvePoints) -> None:
        painter.setClipRect(frame)
        painter.setPen(LineCue(self._roles.muted, DOTTED).pen())
        clear = _y(frame, points, 1.0)
        painter.drawLine(QPointF(frame.left(), clear), QPointF(frame.right(), clear))
        begin, end = points.jd.min() - MARGIN_D, points.jd.max() + MARGIN_D
        x = frame.left() + (points.jd - begin) / (end - begin) * frame.width()
        y = _y(frame, points, points.ratio)
        pen = QPen(QColor(self._roles.accent), DOT_PX)
        pen.setCosmetic(True)
        painter.setPen(pen)
        places = np.stack([x, y], axis=-1).tolist()
        painter.drawPoints(QPolygonF([QPointF(*place) for place in places]))


def _y(frame: QRectF, points: CurvePoints, value: Any) -> Any:
    return frame.bottom() - (value - points.low) / (points.high - points.low) * frame.height()
