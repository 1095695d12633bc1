"""Regions that rest, as one picture that is pushed about while the view is panned."""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QImage, QPainter, QTransform

from .painting import Batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PyQt6.QtWidgets import QWidget

    from .drawn import DrawnRegion
    from .ink import Ink

SLICE = 64
"""So many regions are painted at once; the others follow in the next repaints, and no click
waits for a thousand of them."""
_SIGNS_PX = 16.0
_WORDS_HIGH_PX = 48.0
_FEW = 50
_MOST_MENDED = 8
_MOST_STALE = 64


class Still:
    """Paint regions that do not change.

    Many are kept as a picture of the view, made in slices. A pan moves image coordinates by whole
    device pixels, so the picture is shifted and only the strips that came into view are painted;
    a live frame below costs one copy, and where a few regions come, go or change only the places
    of these are painted anew. Few are painted each time, which takes no memory.
    """

    def __init__(self) -> None:
        self._regions: Sequence[DrawnRegion] = ()
        self._painted = 0
        self._reach_px = 0.0
        self._stale: list[DrawnRegion] = []
        self._image: QImage | None = None
        self._placed = QTransform()
        self._before: tuple[QImage, QTransform] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the picture holds all regions."""
        return len(self._regions) <= _FEW or self._painted == len(self._regions)

    @property
    def shown(self) -> Sequence[DrawnRegion]:
        """The regions that the last paint showed."""
        is_whole = len(self._regions) <= _FEW
        return self._regions if is_whole else self._regions[: self._painted]

    def show(self, regions: Sequence[DrawnRegion]) -> None:
        """Show these regions, in this order from the bottom to the top."""
        before, self._regions = self._regions, regions
        if len(before) == len(regions) and all(map(is_, before, regions)):
            return
        changed = _changed(before, regions)
        is_mended = changed is not None and len(self._stale) < _MOST_STALE
        if changed is not None and is_mended and self._painted == len(before) > _FEW:
            self._stale += changed
            self._painted = len(regions)
        else:
            self.forget()

    def forget(self) -> None:
        """Paint afresh the next time."""
        self._begin(None)
        self._before = None

    def _begin(self, image: QImage | None) -> None:
        self._image, self._painted, self._reach_px = image, 0, 0.0
        self._stale.clear()

    def paint(self, painter: QPainter, ink: Ink, to_screen: QTransform, widget: QWidget) -> None:
        """Draw the regions; the painter draws in logical pixels of the widget."""
        if len(self._regions) <= _FEW:
            shown = within(
                QRectF(widget.rect()), self._regions, to_screen, reach_of_words(self._regions)
            )
            Batch(shown).paint(painter, ink, to_screen, widget.devicePixelRatioF())
            return
        image = self._place(ink, to_screen, widget)
        if self._stale:
            self._mend(image, ink, to_screen)
        if not self.is_whole:
            self._go_on(image, ink, to_screen)
        if self.is_whole:
            self._before = None
        else:
            widget.update()
        self._show_before(painter, to_screen)
        painter.drawImage(0, 0, image)

    def _show_before(self, painter: QPainter, to_screen: QTransform) -> None:
        """While the picture grows the one before is seen, at its new scale."""
        if self._before is not None:
            image, placed = self._before
            painter.save()
            painter.setTransform(placed.inverted()[0] * to_screen, combine=True)
            painter.drawImage(0, 0, image)
            painter.restore()

    def _place(self, ink: Ink, to_screen: QTransform, widget: QWidget) -> QImage:
        """The picture of this place: the one there is, one that was pushed, or an empty one."""
        before, placed, self._placed = self._image, self._placed, to_screen
        if before is None or before.size() != _size(widget):
            self.forget()
            self._image = _blank(widget)
            return self._image
        if placed == to_screen:
            return before
        image, shift = _blank(widget), _shift(placed, to_screen, before.devicePixelRatio())
        if shift is not None:
            painter = _painter_on(image)
            painter.drawImage(shift, before)
            painter.end()
            self._image = image
            self._paint_parts(image, _uncovered(QRectF(widget.rect()), shift), ink, to_screen)
            return image
        if self.is_whole and not self._stale:
            self._before = before, placed
        self._begin(image)
        return image

    def _mend(self, image: QImage, ink: Ink, to_screen: QTransform) -> None:
        """Paint anew where regions were and are that have changed."""
        stale, self._stale = self._stale, []
        self._reach_px = max(self._reach_px, reach_of_words(stale))
        self._paint_parts(image, [_room_of(one, to_screen) for one in stale], ink, to_screen)

    def _paint_parts(
        self, image: QImage, parts: Iterable[QRectF], ink: Ink, to_screen: QTransform
    ) -> None:
        """Paint parts of the picture anew, with as many regions as it holds."""
        painter = _painter_on(image)
        for part in parts:
            painter.setClipRect(part)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
            painter.fillRect(part, Qt.GlobalColor.transparent)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            shown = within(part, self._regions[: self._painted], to_screen, self._reach_px)
            Batch(shown).paint(painter, ink, to_screen, image.devicePixelRatio())
        painter.end()

    def _go_on(self, image: QImage, ink: Ink, to_screen: QTransform) -> None:
        """Paint the next regions above those that the picture holds."""
        some = self._regions[self._painted : self._painted + SLICE]
        self._painted += len(some)
        reach_px = reach_of_words(some)
        self._reach_px = max(self._reach_px, reach_px)
        whole = QRectF(QPointF(), image.deviceIndependentSize())
        painter = _painter_on(image)
        shown = within(whole, some, to_screen, reach_px)
        Batch(shown).paint(painter, ink, to_screen, image.devicePixelRatio())
        painter.end()


def _changed(before: Sequence[DrawnRegion], now: Sequence[DrawnRegion]) -> list[DrawnRegion] | None:
    """Regions that are in one list only; None where there are many, or the order is another."""
    old, new = set(before), set(now)
    changed = old ^ new
    if len(changed) > _MOST_MENDED:
        return None
    both = [one for one in before if one in new], [one for one in now if one in old]
    return list(changed) if both[0] == both[1] else None


def _room_of(drawn: DrawnRegion, to_screen: QTransform) -> QRectF:
    """Part of the screen that a region is painted in, in whole pixels."""
    aside = reach_of_words([drawn]) + drawn.style.width
    up = (_WORDS_HIGH_PX if drawn.words else _SIGNS_PX) + drawn.style.width
    return QRectF(to_screen.mapRect(drawn.rect).adjusted(-aside, -up, aside, up).toAlignedRect())


def _shift(placed: QTransform, to_screen: QTransform, ratio: float) -> QPointF | None:
    """How far a picture must be pushed to be right; None where it cannot be."""
    if (to_screen.m11(), to_screen.m22()) != (placed.m11(), placed.m22()):
        return None
    shift = QPointF(to_screen.dx() - placed.dx(), to_screen.dy() - placed.dy())
    steps = (shift.x() * ratio, shift.y() * ratio)
    return shift if all(abs(step - round(step)) < 1e-6 for step in steps) else None


def _painter_on(image: QImage) -> QPainter:
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def _blank(widget: QWidget) -> QImage:
    image = QImage(_size(widget), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(widget.devicePixelRatioF())
    image.fill(0)
    return image


def within(
    seen: QRectF, regions: Sequence[DrawnRegion], to_screen: QTransform, reach_px: float
) -> list[DrawnRegion]:
    """Those of which something may be seen in a part of the screen; `reach_px` of all of them."""
    to_image = to_screen.inverted()[0]
    near = to_image.mapRect(seen.adjusted(-_SIGNS_PX, -_SIGNS_PX, _SIGNS_PX, _SIGNS_PX))
    far = to_image.mapRect(seen.adjusted(-reach_px, -_WORDS_HIGH_PX, reach_px, _WORDS_HIGH_PX))
    return [drawn for drawn in regions if (far if drawn.words else near).intersects(drawn.rect)]


def reach_of_words(regions: Iterable[DrawnRegion]) -> float:
    """How far words may stand out to the side of their regions, in pixels of the screen."""
    widths = ((drawn.words_size.width(), drawn.middle is None) for drawn in regions)
    return max((width / 2 if over else width for width, over in widths), default=0.0) + _SIGNS_PX


def _uncovered(whole: QRectF, shift: QPointF) -> list[QRectF]:
    """Parts of a rectangle that the same one, pushed, does not cover: at most two."""
    across, down = shift.x(), shift.y()
    parts = [
        QRectF(whole.left() if across > 0 else whole.right() + across, whole.top(),
               abs(across), whole.height()),
        QRectF(whole.left(), whole.top() if down > 0 else whole.bottom() + down,
               whole.width(), abs(down)),
    ]  # fmt: skip
    return [part & whole for part in parts if not part.isEmpty()]


def _size(widget: QWidget) -> QSize:
    return widget.size() * widget.devicePixelRatioF()
