"""Everything that the reduction knows of a frame, over the frame, as one graphics item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QImage, QPainter, QTransform
from PyQt6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ...theme import tabular_font, worn
from ...widgets.pens import cosmetic_pen
from . import star_marks
from .field_names import draw_names, draw_shaded
from .field_paint import (
    draw_masks,
    draw_moon,
    draw_residuals,
    draw_targets,
    ink,
    on_screen,
    star_colour,
)
from .legend import draw_legend, residual_words, scale_bar
from .looks import OverlayLook

if TYPE_CHECKING:
    import numpy.typing as npt

    from ....core.mascara.field.overlay import FieldOverlay
    from ....core.mascara.field.residuals import StarResiduals
    from ...theme import Roles

    Places = npt.NDArray[np.int64]

_EVERYWHERE = QRectF(-1e6, -1e6, 2e6, 2e6)
_BELOW_REGIONS = 40.0
_NEAR_PX = 9.0
_ROOM_PX = 20.0
"""Rings are no denser than one in a square of this side: the brightest stars have them."""


class FieldLayer(QGraphicsItem):
    """Paints an overlay over a picture in its image coordinates (0-based, y up).

    All of it is kept as one picture of the view and made again when the view, the overlay or its
    look is another; a new frame below costs one copy. The mouse passes through.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(_BELOW_REGIONS)
        self._overlay: FieldOverlay | None = None
        self._residuals: StarResiduals | None = None
        self._look = OverlayLook()
        self._roles = worn()
        self._hovered: int | None = None
        self._pixels: npt.NDArray[np.uint32] | None = None
        self._image: QImage | None = None
        self._made_for: tuple[object, ...] | None = None
        self._shown: Places = np.empty(0, np.int64)

    # What is shown

    @property
    def overlay(self) -> FieldOverlay | None:
        """What is shown."""
        return self._overlay

    @property
    def shown_stars(self) -> int:
        """Stars with a ring in the last paint."""
        return int(self._shown.size)

    def show_overlay(self, overlay: FieldOverlay | None) -> None:
        """Show the places of another frame; residuals of another one go."""
        self._overlay, self._hovered = overlay, None
        if overlay is None or self._residuals is None or self._residuals.lstseq != overlay.lstseq:
            self._residuals = None
        self._forget()

    def show_residuals(self, residuals: StarResiduals | None) -> None:
        """Show what was measured on the frame."""
        self._residuals = residuals
        self._forget()

    def set_look(self, look: OverlayLook) -> None:
        """Choose what is drawn."""
        self._look = look
        self._forget()

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles = roles
        self._forget()

    def set_hovered(self, star: int | None) -> None:
        """Mark one star by its place in the overlay, or none."""
        if star != self._hovered:
            self._hovered = star
            self.update()

    def star_at(self, x: float, y: float) -> int | None:
        """The star whose ring is under an image position, the nearest of several."""
        overlay, stars = self._overlay, self._shown
        if overlay is None or not self._look.has_stars or not stars.size:
            return None
        away = np.hypot(overlay.x[stars] - x, overlay.y[stars] - y)
        nearest = int(np.argmin(away))
        if away[nearest] * abs(self.sceneTransform().m11()) > _NEAR_PX:
            return None
        return int(stars[nearest])

    def _forget(self) -> None:
        self._made_for = None
        self.update()

    # Painting

    def boundingRect(self) -> QRectF:
        """Everywhere: words and arrows reach beyond the frame."""
        return _EVERYWHERE

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,  # noqa: ARG002 - given by Qt
        widget: QWidget | None = None,
    ) -> None:
        """Paint in logical pixels of the screen."""
        if painter is None or widget is None or self._overlay is None:
            return
        to_screen = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        ratio = widget.devicePixelRatioF()
        image = self._made(self._overlay, to_screen, widget, ratio)
        margin = -star_marks.MARGIN / ratio
        painter.drawImage(QPointF(margin, margin), image)
        if self._hovered is not None:
            self._paint_hovered(painter, self._overlay, self._hovered, to_screen)
        painter.restore()

    def _made(
        self, overlay: FieldOverlay, to_screen: QTransform, widget: QWidget, ratio: float
    ) -> QImage:
        wanted = (QTransform(to_screen), widget.width(), widget.height(), ratio)
        if self._image is None or self._made_for != wanted:
            self._made_for = wanted
            width, height = round(widget.width() * ratio), round(widget.height() * ratio)
            self._pixels = star_marks.blank(width, height)
            self._choose(overlay, to_screen, widget)
            if self._look.has_stars:
                self._add_rings(self._pixels, overlay, to_screen, ratio)
            self._image = star_marks.image_of(self._pixels, ratio)
            self._draw(self._image, overlay, to_screen, widget)
        return self._image

    def _choose(self, overlay: FieldOverlay, to_screen: QTransform, widget: QWidget) -> None:
        """The brightest stars in the view, as many as it has room for."""
        across, down = on_screen(to_screen, overlay.x, overlay.y)
        seen = (across > -_ROOM_PX) & (across < widget.width() + _ROOM_PX)
        seen &= (down > -_ROOM_PX) & (down < widget.height() + _ROOM_PX)
        stars = np.flatnonzero(seen & (overlay.vmag <= self._look.faintest_vmag))
        if stars.size:
            scale = abs(to_screen.m11())
            rows, columns = overlay.shape
            width = min(widget.width(), columns * scale)
            height = min(widget.height(), rows * scale)
            stars = stars[: max(1, int(width * height / _ROOM_PX**2))]
        self._shown = stars if self._look.has_stars or self._look.has_names else stars[:0]

    def _add_rings(
        self,
        pixels: npt.NDArray[np.uint32],
        overlay: FieldOverlay,
        to_screen: QTransform,
        ratio: float,
    ) -> None:
        stars = self._shown
        across, down = on_screen(to_screen, overlay.x[stars], overlay.y[stars])
        colours = star_colour(self._roles), self._roles.view_background
        star_marks.add_rings(
            pixels,
            across * ratio,
            down * ratio,
            overlay.vmag[stars],
            colours,
            ratio,
            abs(to_screen.m11()),
        )

    def _draw(
        self, image: QImage, overlay: FieldOverlay, to_screen: QTransform, widget: QWidget
    ) -> None:
        """Draw over the rings what Qt draws."""
        look, roles = self._look, self._roles
        painter = QPainter(image)
        painter.setFont(tabular_font(widget.font()))
        margin = star_marks.MARGIN / image.devicePixelRatio()
        painter.translate(margin, margin)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if look.has_masks:
            draw_masks(painter, overlay, to_screen, roles)
        if look.has_residuals and self._residuals is not None:
            draw_residuals(painter, self._residuals, look.factor, to_screen, roles)
        if look.has_moon and overlay.moon is not None:
            draw_moon(painter, overlay.moon, to_screen, roles)
        if look.has_targets:
            draw_targets(painter, overlay, to_screen, roles)
        if look.has_names:
            self._draw_names(painter, overlay, to_screen)
        self._draw_legend(painter, overlay, to_screen, QRectF(widget.rect()))
        painter.end()

    def _draw_names(self, painter: QPainter, overlay: FieldOverlay, to_screen: QTransform) -> None:
        stars = self._shown[~overlay.is_target[self._shown]] if self._look.has_targets else (
            self._shown
        )  # fmt: skip
        across, down = on_screen(to_screen, overlay.x[stars], overlay.y[stars])
        scale = abs(to_screen.m11())
        named = (
            (x + star_marks.radius_of(float(overlay.vmag[star]), scale), y, str(overlay.ascc[star]))
            for x, y, star in zip(across.tolist(), down.tolist(), stars, strict=True)
        )
        draw_names(painter, named, *ink(self._roles))

    def _draw_legend(
        self, painter: QPainter, overlay: FieldOverlay, to_screen: QTransform, room: QRectF
    ) -> None:
        look, bar = self._look, None
        if look.has_residuals and self._residuals is not None and len(self._residuals.ascc):
            bar = scale_bar(look.factor * abs(to_screen.m11()))
        compass = overlay.compass if look.has_compass else None
        lines = list(self._words(overlay))
        draw_legend(painter, room, compass, lines, bar, to_screen, self._roles)

    def _words(self, overlay: FieldOverlay) -> list[str]:
        look, words = self._look, []
        if look.has_compass:
            compass = overlay.compass
            words.append(f"alt {compass.alt_deg:.1f}°  az {compass.az_deg:.1f}°")
        if not overlay.is_solved:
            words.append("nominal pointing, not solved yet")
        if look.has_stars and self._shown.size:
            faintest = float(overlay.vmag[self._shown].max())
            words.append(f"{self.shown_stars:,} stars to V {faintest:.1f}")
        if look.has_residuals:
            words.append(f"{residual_words(self._residuals)}, lines × {look.factor}")
        return words

    def _paint_hovered(
        self, painter: QPainter, overlay: FieldOverlay, star: int, to_screen: QTransform
    ) -> None:
        at = to_screen.map(QPointF(overlay.x[star], overlay.y[star]))
        radius = star_marks.radius_of(float(overlay.vmag[star]), abs(to_screen.m11())) + 3.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(cosmetic_pen(self._roles.accent))
        painter.drawEllipse(at, radius, radius)
        painter.setFont(tabular_font(painter.font()))
        words = at + QPointF(radius + 4.0, -radius)
        draw_shaded(painter, words, star_words(overlay, star), *ink(self._roles))


def star_words(overlay: FieldOverlay, star: int) -> str:
    """Numbers and magnitude of a star."""
    hd = int(overlay.hd[star])
    names = f"ASCC {overlay.ascc[star]}" + (f"  HD {hd}" if hd else "")
    return f"{names}  V {overlay.vmag[star]:.2f}"
