"""The raster on the screen: one picture over two turns, hatched where nothing was exposed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QImage, QPainter

from ...core.picture.codes import SCALE_CODES
from ...core.picture.colour import colour_table
from ..frame.coloured import memory_of
from ..widgets.view_item import PixelItem
from .plot import TURNS

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PyQt6.QtGui import QTransform

    from ...core.lightspeed.fold.result import Raster
    from ..theme import Roles

    Numbers = NDArray[np.float64]

MAPS = {"dark": ("viridis", False), "light": ("grey", True), "red": ("red", False)}
"""Colour map of each theme, and whether it is turned round."""
COLOURS = 256
LOW_PERCENT, HIGH_PERCENT = 1.0, 99.5
MOST_ROWS, MOST_BINS = 128, 128
MOST_SAMPLES = 16_384
HATCH_ALPHA = 150
Z = -10.0


def raster_colours(roles: Roles) -> NDArray[np.uint32]:
    """Colours of a theme from dark to bright light, shape (256,), 0xffRRGGBB."""
    name, is_turned = MAPS.get(roles.name, MAPS["dark"])
    table = colour_table(name, is_turned)[:SCALE_CODES]
    return np.ascontiguousarray(table[:: SCALE_CODES // COLOURS][:COLOURS])


def coarse(raster: Raster) -> Raster:
    """Raster whose cells are not smaller than a few pixels.

    What is seen of a fine raster is then light and not noise.
    """
    rows, bins = raster.sums.shape
    row_step, bin_step = -(-rows // MOST_ROWS), -(-bins // MOST_BINS)
    if row_step == bin_step == 1:
        return raster
    places = np.arange(0, rows, row_step), np.arange(0, bins, bin_step)
    sums, variances, shares = (
        np.add.reduceat(np.add.reduceat(part, places[0], axis=0), places[1], axis=1)
        for part in (raster.sums, raster.variances, raster.shares)
    )
    # Rows of a picture are all as high: the last one may hold less than the others.
    edges_s = np.arange(len(sums) + 1) * (row_step * float(raster.edges_s[-1]) / rows)
    return replace(raster, sums=sums, variances=variances, shares=shares, edges_s=edges_s)


def robust_levels(rates: Numbers) -> tuple[float, float]:
    """Limits between which nearly all numbers lie; 0 and 1 where there is none."""
    flat = rates.ravel()
    sample = flat[:: max(1, flat.size // MOST_SAMPLES)]
    sample = sample[np.isfinite(sample)]
    if not sample.size:
        return 0.0, 1.0
    low, high = np.percentile(sample, (LOW_PERCENT, HIGH_PERCENT)).tolist()
    return (low, high) if high > low else (low - 0.5, low + 0.5)


class RasterItem(PixelItem):
    """Paints rates against phase and time; the picture is stretched, the numbers are not."""

    def __init__(self, roles: Roles) -> None:
        super().__init__()
        self._roles = roles
        self.colours = raster_colours(roles)
        self._rates: Numbers = np.empty((0, 0))
        self._pixels: NDArray[np.uint32] = np.zeros((0, 0), np.uint32)
        self._image = QImage()
        self._end = 1.0
        self.levels = (0.0, 1.0)
        self.setZValue(Z)

    @property
    def image(self) -> QImage:
        """What is painted, the latest row on top, both turns."""
        return self._image

    def set_rates(self, rates: Numbers, end: float) -> None:
        """Show rates, shape (rows, n_bins), first row at 0 and the end of the last at `end`."""
        self._rates, self._end = rates, end
        self.levels = robust_levels(rates)
        self._colour()

    def set_roles(self, roles: Roles) -> None:
        """Use the colours of a theme."""
        self._roles = roles
        self.colours = raster_colours(roles)
        self._colour()

    def _colour(self) -> None:
        low, high = self.levels
        rows, bins = self._rates.shape
        if self._pixels.shape != (rows, 2 * bins):
            self._pixels = np.zeros((rows, 2 * bins), np.uint32)
            layout = QImage.Format.Format_ARGB32_Premultiplied
            size = 2 * bins, rows, 8 * bins
            self._image = QImage(memory_of(self._pixels), *size, layout) if rows else QImage()
        if rows:
            places = np.clip((self._rates[::-1] - low) * (COLOURS / (high - low)), 0, COLOURS - 1)
            is_dark = np.isnan(places)
            places[is_dark] = 0.0
            colours = self.colours[places.astype(np.uint8)]
            colours[is_dark] = 0
            self._pixels[:, :bins] = colours
            self._pixels[:, bins:] = colours
        self.update()

    def paint_pixels(self, painter: QPainter, world: QTransform) -> None:
        """Paint in device pixels, the right way up."""
        if self._image.isNull():
            return
        target = world.mapRect(QRectF(0.0, 0.0, TURNS, self._end))
        colour = QColor(self._roles.muted)
        colour.setAlpha(HATCH_ALPHA)
        painter.fillRect(target, QBrush(colour, Qt.BrushStyle.BDiagPattern))
        is_reduced = self._image.width() > target.width() or self._image.height() > target.height()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_reduced)
        painter.drawImage(target, self._image)
