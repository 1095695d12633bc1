"""The sky flattened to a disc: zenith in the middle, horizon round it, north up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPolygonF

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]

QUARTER_DEG = 90.0


@dataclass(frozen=True)
class Dome:
    """Places on a widget of directions of the sky; altitudes are as far apart everywhere.

    Parameters
    ----------
    x, y : float
        Of the zenith, in logical pixels.
    radius : float
        Of the horizon.
    is_east_left : bool
        As the sky is seen by who looks up; else as a map of the ground.
    """

    x: float = 0.0
    y: float = 0.0
    radius: float = 1.0
    is_east_left: bool = True

    @property
    def rectangle(self) -> QRectF:
        """Around the horizon."""
        return QRectF(
            self.x - self.radius, self.y - self.radius, 2.0 * self.radius, 2.0 * self.radius
        )

    def places(self, alt_deg: ArrayLike, az_deg: ArrayLike) -> Numbers:
        """Places (..., 2) of altitudes and azimuths; those below the horizon are outside."""
        turn = np.radians(np.asarray(az_deg, np.float64))
        out = self.radius * (1.0 - np.asarray(alt_deg, np.float64) / QUARTER_DEG)
        side = -1.0 if self.is_east_left else 1.0
        return np.stack([self.x + side * out * np.sin(turn), self.y - out * np.cos(turn)], axis=-1)

    def place(self, alt_deg: float, az_deg: float) -> QPointF:
        """Place of one direction."""
        return QPointF(*self.places(alt_deg, az_deg).tolist())

    def direction(self, at: QPointF) -> tuple[float, float] | None:
        """Altitude and azimuth at a place; None below the horizon."""
        side = -1.0 if self.is_east_left else 1.0
        right, up = side * (at.x() - self.x), self.y - at.y()
        alt_deg = QUARTER_DEG * (1.0 - float(np.hypot(right, up)) / self.radius)
        if alt_deg < 0.0:
            return None
        return alt_deg, float(np.degrees(np.arctan2(right, up)) % 360.0)

    def polygon(self, edge_deg: Numbers) -> QPolygonF:
        """Closed line through altitudes and azimuths (n, 2)."""
        at = self.places(edge_deg[:, 0], edge_deg[:, 1])
        return QPolygonF([QPointF(x, y) for x, y in at.tolist()])
