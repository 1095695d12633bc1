"""The frame view: a canvas with the observer's hand, a marker, magnifier and panner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QCursor

from ...core.picture.colour import colour_table
from ..widgets.empty_state import EmptyState
from .canvas import FrameCanvas
from .corners import Corners
from .marker import MarkerItem
from .mouse import Hand, MouseHabits, PointerMode
from .title import ViewTitle

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PyQt6.QtGui import QMouseEvent, QResizeEvent, QWheelEvent
    from PyQt6.QtWidgets import QWidget

    from ...core.picture.render import Picture
    from ..theme import Roles

EMPTY_TEXT = "No frame yet. Open a capture, or follow tonight's folder."
EMPTY_CHOICES = (("open", "Open capture…"), ("follow", "Follow folder…"))


class FrameView(FrameCanvas):
    """Show frames and report, in plain values, what the observer does on them.

    `cursorMoved` carries 0-based image coordinates (pixel centres), or None twice when the pointer
    has left. `contrastChanged` follows a right-drag; the view has recoloured itself by then.
    """

    cursorMoved = pyqtSignal(object, object)
    pressed = pyqtSignal()
    clicked = pyqtSignal(float, float)
    doubleClicked = pyqtSignal(float, float)
    contrastChanged = pyqtSignal(float, float)
    magnifierRequested = pyqtSignal(object)
    pannerRequested = pyqtSignal(object)
    openRequested = pyqtSignal()
    followRequested = pyqtSignal()
    rolesChanged = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hovered: QPointF | None = None
        self._habits = MouseHabits(self)
        self._marker = MarkerItem()
        self._marker.setVisible(False)
        self.add_overlay(self._marker)
        self.setMouseTracking(True)
        # Files dropped on the picture are the window's; a scene would swallow them.
        self.setAcceptDrops(False)
        self._surface.setAcceptDrops(False)
        self._resting_cursor = QCursor(Qt.CursorShape.CrossCursor)
        self._surface.setCursor(self._resting_cursor)
        self._build_corners()
        self._build_empty_state()
        self._title = ViewTitle(self)
        self.cameraPlaced.connect(self._on_camera_placed)

    def _build_corners(self) -> None:
        self._corners = Corners(self)
        self._corners.set_table(colour_table(*self.colours))
        self._corners.magnifier.viewportRequested.connect(self.magnifierRequested)
        self._corners.panner.viewportRequested.connect(self.pannerRequested)

    def _build_empty_state(self) -> None:
        self.empty_state = EmptyState(EMPTY_TEXT, EMPTY_CHOICES, self)
        self.empty_state.setAutoFillBackground(True)
        self.empty_state.chosen.connect(self._on_empty_chosen)

    def _on_empty_chosen(self, choice: str) -> None:
        signal = self.openRequested if choice == "open" else self.followRequested
        signal.emit()

    def _on_camera_placed(self) -> None:
        self._corners.place()
        self._corners.follow_camera()
        if self._hovered is not None:
            self._tell_cursor(*self.image_at(self._hovered))

    # The picture and its corners

    def set_frame_shape(self, shape: tuple[int, int] | None) -> None:
        """Tell the size of the frames to come; None brings the empty state back."""
        super().set_frame_shape(shape)
        self.empty_state.setVisible(shape is None)
        if shape is None:
            self.set_picture(None)
        self._corners.follow_camera()

    def set_title(self, text: str) -> None:
        """Name the capture in the upper left corner; "" takes the name away."""
        self._title.set_text(text)

    def show_active(self, is_active: bool) -> None:
        """Mark the view as the one of several that keys act on."""
        self._title.set_active(is_active)

    def set_empty_text(self, text: str) -> None:
        """Say in the empty state what is being waited for."""
        self.empty_state.set_text(text)

    def set_picture(self, picture: Picture | None, frame: int | None = None) -> None:
        """Show a picture; see `FrameCanvas.set_picture`."""
        super().set_picture(picture, frame)
        self._corners.refresh()

    def _apply_table(self, table: npt.NDArray[np.uint32]) -> None:
        super()._apply_table(table)
        self._corners.set_table(table)

    def show_magnifier(self, is_shown: bool) -> None:
        """Show or hide the magnifier; `magnifierRequested` asks for its pixels."""
        self._corners.show_corner(self._corners.magnifier, is_shown)
        self._corners.follow_pointer(*(self.marker or self._start_of_marker()))

    def show_panner(self, is_shown: bool) -> None:
        """Show or hide the panner; `pannerRequested` asks for its pixels."""
        self._corners.show_corner(self._corners.panner, is_shown)

    def set_magnifier_picture(self, picture: Picture | None) -> None:
        """Answer `magnifierRequested`."""
        self._corners.magnifier.set_picture(picture)

    def set_panner_picture(self, picture: Picture | None) -> None:
        """Answer `pannerRequested`."""
        self._corners.panner.set_picture(picture)

    # The marker and the pointer

    @property
    def marker(self) -> tuple[float, float] | None:
        """Image position of the crosshair, or None without one."""
        place = self._marker.pos()
        return (place.x(), place.y()) if self._marker.isVisible() else None

    def set_marker(self, x: float, y: float) -> None:
        """Put the crosshair on an image position."""
        self._marker.setPos(x, y)
        self._marker.setVisible(True)

    def clear_marker(self) -> None:
        """Take the crosshair away."""
        self._marker.setVisible(False)

    def nudge_cursor(self, dx: float, dy: float) -> None:
        """Move the crosshair by image pixels, from pixel centre to pixel centre."""
        start = self.marker or self._start_of_marker()
        x, y = round(start[0]) + dx, round(start[1]) + dy
        self.set_marker(x, y)
        self._keep_in_view(x, y)
        self._tell_cursor(x, y)

    def _tell_cursor(self, x: float, y: float) -> None:
        self._corners.follow_pointer(x, y)
        self.cursorMoved.emit(x, y)

    def _start_of_marker(self) -> tuple[float, float]:
        if self._hovered is not None:
            return self.image_at(self._hovered)
        return self.camera.x, self.camera.y

    def _keep_in_view(self, x: float, y: float) -> None:
        seen = self.projection.viewport()
        is_seen = seen.left <= x + 0.5 <= seen.right and seen.bottom <= y + 0.5 <= seen.top
        if not is_seen:
            self.centre_on(x, y)

    @property
    def pointer_mode(self) -> PointerMode:
        """What the left button does when it drags."""
        return self._habits.mode

    def set_pointer_mode(self, mode: PointerMode) -> None:
        """Let the left button pan, or drag the crosshair."""
        self._habits.mode = mode

    def set_hand(self, hand: Hand) -> None:
        """Offer every mouse event to a hand before the habits of the view take it."""
        self._habits.hand = hand

    def set_resting_cursor(self, cursor: QCursor) -> None:
        """Show by the pointer's shape what a press would do."""
        self._resting_cursor = cursor
        self.show_pan_hand(False)

    # Called by the mouse habits

    def hover(self, position: QPointF) -> None:
        """The pointer is over a place in the widget."""
        self._hovered = position
        self._tell_cursor(*self.image_at(position))

    def click_at(self, position: QPointF) -> None:
        """Mark a place and tell it."""
        x, y = self.image_at(position)
        self.set_marker(x, y)
        self.clicked.emit(x, y)

    def mark_at(self, position: QPointF) -> None:
        """Drag the crosshair along."""
        self.set_marker(*self.image_at(position))

    def double_click_at(self, position: QPointF) -> None:
        """Tell the place of a double click."""
        self.doubleClicked.emit(*self.image_at(position))

    def drag_contrast(self, contrast: float, bias: float) -> None:
        """Recolour at once and tell the new values."""
        name, inverted, _, _ = self.colours
        self.set_colours(name, inverted, contrast, bias)
        self.contrastChanged.emit(contrast, bias)

    def show_pan_hand(self, is_panning: bool) -> None:
        """Show by the pointer's shape that the picture is held."""
        held = QCursor(Qt.CursorShape.ClosedHandCursor)
        cursor = held if is_panning else self._resting_cursor
        if self._surface.cursor() != cursor:
            self._surface.setCursor(cursor)

    # Qt's events

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep the empty state over the whole view."""
        super().resizeEvent(event)
        self.empty_state.setGeometry(self.rect())

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Offer the press to overlays, then take it."""
        self.pressed.emit()
        super().mousePressEvent(event)
        if event is not None and not self._is_held_by_overlay():
            self._habits.press(event)
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Let a grabbed overlay follow, or drag."""
        super().mouseMoveEvent(event)
        if event is None:
            return
        if self._is_held_by_overlay():
            self.hover(event.position())
        else:
            self._habits.move(event)
            event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """Let go of an overlay, or finish a drag or click."""
        was_held = self._is_held_by_overlay()
        super().mouseReleaseEvent(event)
        if event is not None and not was_held:
            self._habits.release(event)
            event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Offer a double click to overlays, then take it."""
        super().mouseDoubleClickEvent(event)
        if event is not None and not self._is_held_by_overlay():
            self._habits.double_click(event)
            event.accept()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Zoom about the pointer."""
        if event is not None:
            self._habits.wheel(event)
            event.accept()

    def viewportEvent(self, event: QEvent | None) -> bool:
        """Notice when the pointer goes, also onto a corner of the view."""
        if event is not None and event.type() == QEvent.Type.Leave:
            self._hovered = None
            self.cursorMoved.emit(None, None)
        return super().viewportEvent(event)

    def _is_held_by_overlay(self) -> bool:
        scene = self.scene()
        return scene is not None and scene.mouseGrabberItem() is not None

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        super().set_roles(roles)
        self._corners.set_roles(roles)
        self._title.set_roles(roles)
        self._marker.set_colours(QColor(roles.accent), QColor(roles.view_background))
        self.rolesChanged.emit(roles)
