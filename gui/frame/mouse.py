"""What the mouse does on a frame, after the habits of DS9."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from PyQt6.QtCore import QPointF, Qt

from .camera import NOTCH_ZOOM, Camera

if TYPE_CHECKING:
    from PyQt6.QtGui import QMouseEvent, QWheelEvent

DRAG_THRESHOLD = 4.0
CONTRAST_MOST = 10.0
PointerMode = Literal["pan", "crosshair"]
_NOTCH = 120.0


class HandledView(Protocol):
    """What the mouse habits need of a view; positions are in its widget, logical pixels."""

    @property
    def camera(self) -> Camera:
        """Where it looks now."""

    def width(self) -> int:
        """Its width."""

    def height(self) -> int:
        """Its height."""

    def hover(self, position: QPointF, /) -> None:
        """The pointer is here."""

    def click_at(self, position: QPointF, /) -> None:
        """The left button was clicked here."""

    def double_click_at(self, position: QPointF, /) -> None:
        """The left button was clicked twice here."""

    def mark_at(self, position: QPointF, /) -> None:
        """The crosshair is dragged to here."""

    def centre_at(self, position: QPointF, /) -> None:
        """What is here goes to the middle."""

    def zoom_by_at(self, factor: float, position: QPointF, /) -> None:
        """Zoom, and keep this place where it is."""

    def pan_from(self, start: Camera, moved: QPointF, /) -> None:
        """The picture is dragged, from where it was at the start."""

    def show_pan_hand(self, is_panning: bool, /) -> None:
        """The picture is held, or let go."""

    def drag_contrast(self, contrast: float, bias: float, /) -> None:
        """Contrast and bias are dragged."""


class Hand(Protocol):
    """What is offered every mouse event first; True takes it away from the habits."""

    def press(self, event: QMouseEvent, /) -> bool:
        """A button went down."""

    def move(self, event: QMouseEvent, /) -> bool:
        """The pointer moved, with or without a button down."""

    def release(self, event: QMouseEvent, /) -> bool:
        """A button went up."""

    def double_click(self, event: QMouseEvent, /) -> bool:
        """A button went down for the second time."""


class EmptyHand:
    """Leave every event to the habits."""

    def press(self, event: QMouseEvent, /) -> bool:  # noqa: ARG002
        """Not taken."""
        return False

    move = release = double_click = press


class MouseHabits:
    """Translate mouse events of a canvas into what they mean.

    The wheel zooms about the pointer, the middle button centres, the right button drags contrast
    (up and down) and bias (left and right) with DS9's scales, the left button pans or moves the
    crosshair, a left click marks a place. What `hand` takes has no such meaning.
    """

    def __init__(self, view: HandledView) -> None:
        self._view = view
        self._button = Qt.MouseButton.NoButton
        self._start = QPointF()
        self._start_camera = Camera()
        self._is_dragging = False
        self.mode: PointerMode = "pan"
        self.hand: Hand = EmptyHand()

    def press(self, event: QMouseEvent) -> None:
        """Remember where a click or drag begins."""
        if self.hand.press(event):
            return
        self._button = event.button()
        self._start = event.position()
        self._start_camera = self._view.camera
        self._is_dragging = False
        if self._button == Qt.MouseButton.LeftButton and self.mode == "crosshair":
            self._view.mark_at(event.position())

    def move(self, event: QMouseEvent) -> None:
        """Drag if a button is down; tell where the pointer is in any case."""
        is_taken = self.hand.move(event)
        is_down = self._button != Qt.MouseButton.NoButton
        if not is_taken and is_down and self._passes_threshold(event):
            self._drag(event)
        self._view.hover(event.position())

    def release(self, event: QMouseEvent) -> None:
        """Finish a drag, or count a press that did not move as a click."""
        if self.hand.release(event) or event.button() != self._button:
            return
        was_dragging, self._is_dragging = self._is_dragging, False
        button, self._button = self._button, Qt.MouseButton.NoButton
        self._view.show_pan_hand(False)
        if was_dragging:
            return
        if button == Qt.MouseButton.LeftButton:
            self._view.click_at(event.position())
        elif button == Qt.MouseButton.MiddleButton:
            self._view.centre_at(event.position())

    def double_click(self, event: QMouseEvent) -> None:
        """Ask for what is known about the place; the click itself came before."""
        self._button = Qt.MouseButton.NoButton
        if not self.hand.double_click(event) and event.button() == Qt.MouseButton.LeftButton:
            self._view.double_click_at(event.position())

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom about the pointer, four notches for a factor of two."""
        notches = event.angleDelta().y() / _NOTCH
        if notches:
            self._view.zoom_by_at(NOTCH_ZOOM**notches, event.position())

    def _passes_threshold(self, event: QMouseEvent) -> bool:
        if not self._is_dragging:
            moved = event.position() - self._start
            self._is_dragging = moved.manhattanLength() >= DRAG_THRESHOLD
        return self._is_dragging

    def _drag(self, event: QMouseEvent) -> None:
        if self._button == Qt.MouseButton.RightButton:
            self._drag_contrast(event.position())
        elif self._button == Qt.MouseButton.LeftButton and self.mode == "crosshair":
            self._view.mark_at(event.position())
        elif self._button in {Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton}:
            self._view.show_pan_hand(True)
            self._view.pan_from(self._start_camera, event.position() - self._start)

    def _drag_contrast(self, position: QPointF) -> None:
        """Bias is the fraction of the width, contrast ten times that of the height from the top."""
        bias = _clamped(position.x() / max(self._view.width(), 1), 1.0)
        contrast = _clamped(position.y() / max(self._view.height(), 1), 1.0) * CONTRAST_MOST
        self._view.drag_contrast(contrast, bias)


def _clamped(value: float, most: float) -> float:
    return min(max(value, 0.0), most)
