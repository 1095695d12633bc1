"""The drawing surface of a frame view: picture, marker and overlays under one camera."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QPen, QTransform
from PyQt6.QtWidgets import (
    QFrame,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QWidget,
)

from ...core.picture.colour import Specials, colour_table
from ..widgets.pens import cosmetic_pen
from .camera import Camera, Projection, fitting_camera
from .paint_count import PaintCount
from .picture_item import PictureItem
from .world import World

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PyQt6.QtGui import QImage, QPainter, QResizeEvent, QShowEvent

    from ...core.picture.render import Picture
    from ...core.picture.viewport import Viewport
    from ..theme import Roles


class FrameCanvas(QGraphicsView):
    """Show a picture under a camera.

    Items added with `add_overlay` are in image coordinates: 0-based, pixel centres, y up. The
    camera changes only by the observer's hand, by a call from outside, or to keep a whole frame
    in view after `fit`; new pictures never move it. `cameraChanged` tells only what was asked for,
    `cameraFitted` that a whole frame was fitted again by itself.
    """

    viewportChanged = pyqtSignal(object)
    cameraChanged = pyqtSignal(object)
    cameraFitted = pyqtSignal()
    cameraPlaced = pyqtSignal()
    zoomChanged = pyqtSignal(float)
    painted = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._camera = Camera()
        self._shape: tuple[int, int] | None = None
        self._is_fitted = True
        self._outline = QPen()
        self._told_viewport: Viewport | None = None
        self._colours = ("grey", False, 1.0, 0.5)
        self._specials = Specials()
        self._is_saturation_shown = True
        self._paint_count = PaintCount()
        self._build_scene()
        self._configure()
        self._viewport_timer = QTimer(self)
        self._viewport_timer.setSingleShot(True)
        self._viewport_timer.timeout.connect(self._emit_viewport)

    def _build_scene(self) -> None:
        scene = QGraphicsScene(self)
        scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setScene(scene)
        self._world = World()
        scene.addItem(self._world)
        self._picture_item = PictureItem(self._on_picture_paint)
        self._picture_item.setParentItem(self._world)
        self._picture_item.set_table(colour_table(*self._colours))

    def _configure(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        # The background is painted here; Qt need not clear it, nor paint a view that lies below.
        for widget in (self, self._surface):
            widget.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def _surface(self) -> QWidget:
        surface = self.viewport()
        assert surface is not None
        return surface

    @property
    def device_ratio(self) -> float:
        """Device pixels per logical pixel of the screen the view is on."""
        return self._surface.devicePixelRatioF()

    @property
    def projection(self) -> Projection:
        """The camera applied to the size of the view in device pixels."""
        ratio = self.device_ratio
        size = self._surface.size()
        return Projection(self._camera, round(size.width() * ratio), round(size.height() * ratio))

    # The picture

    def set_picture(self, picture: Picture | None, frame: int | None = None) -> None:
        """Show a picture; it is counted as painted once a frame, when it reaches the screen.

        Parameters
        ----------
        picture : Picture or None
            What to show, or None to clear the view.
        frame : int or None
            The number of the frame, so that painting it again at another zoom is not counted as
            another frame; without it every picture counts.
        """
        self._paint_count.expect(frame, picture is not None)
        self._picture_item.set_picture(picture)

    def set_colours(self, name: str, inverted: bool, contrast: float, bias: float) -> None:
        """Recolour by the look-up table only."""
        colours = (name, inverted, contrast, bias)
        if colours != self._colours:
            self._colours = colours
            self._recolour()

    def show_saturation(self, is_shown: bool) -> None:
        """Mark saturated pixels in a colour of their own, or as the brightest of the map."""
        if is_shown != self._is_saturation_shown:
            self._is_saturation_shown = is_shown
            self._recolour()

    def _recolour(self) -> None:
        specials = self._specials
        if not self._is_saturation_shown:
            specials = replace(specials, saturated=None)
        self._apply_table(colour_table(*self._colours, specials))

    def _apply_table(self, table: npt.NDArray[np.uint32]) -> None:
        self._picture_item.set_table(table)

    @property
    def colours(self) -> tuple[str, bool, float, float]:
        """Colour map name, inverted, contrast and bias in use."""
        return self._colours

    @property
    def picture_image(self) -> QImage:
        """A copy of the picture in colour, without what lies over it."""
        return self._picture_item.image

    @property
    def painted_count(self) -> int:
        """How many frames have really been painted."""
        return self._paint_count.count

    @property
    def painted_per_second(self) -> float:
        """Frames painted a second over the last second."""
        return self._paint_count.per_second()

    def _on_picture_paint(self) -> None:
        if self._paint_count.painted():
            self.painted.emit(self._paint_count.count)

    # The camera

    @property
    def frame_shape(self) -> tuple[int, int] | None:
        """Rows and columns of the frame, or None without one."""
        return self._shape

    def set_frame_shape(self, shape: tuple[int, int] | None) -> None:
        """Tell the size of the frames to come, rows and columns.

        The first shape is fitted. Later ones keep zoom and centre, unless the observer was
        looking at the whole frame (then the whole new one is shown) or would look at nothing.
        """
        if shape == self._shape:
            return
        is_first, self._shape = self._shape is None, shape
        self._told_viewport = None
        self._surface.update()
        if shape is not None and (is_first or self._is_fitted or not self._sees_frame()):
            self._refit()
        else:
            self._schedule_viewport()

    def _sees_frame(self) -> bool:
        rows, columns = self._shape or (0, 0)
        seen = self.projection.viewport()
        return seen.left < columns and seen.right > 0 and seen.bottom < rows and seen.top > 0

    @property
    def camera(self) -> Camera:
        """Where the view looks; hand it to another view to lock the two."""
        return self._camera

    def set_camera(self, camera: Camera, is_fitted: bool = False) -> None:
        """Look where another view looks; `cameraChanged` is not emitted."""
        self._is_fitted = is_fitted
        self._apply(camera)

    @property
    def zoom(self) -> float:
        """Device pixels per image pixel."""
        return self._camera.zoom

    @property
    def is_fitted(self) -> bool:
        """Whether the whole frame is kept in view when the window changes."""
        return self._is_fitted

    def fit(self) -> None:
        """Show the whole frame, and go on doing so when the window changes its size."""
        if self._shape is None:
            return
        at = self.projection
        self._move(fitting_camera(self._shape, at.width, at.height, self._camera), True)

    def _refit(self) -> None:
        """Fit because the frame or the window changed, not because the observer asked."""
        if self._shape is None:
            return
        at = self.projection
        self._is_fitted = True
        self._apply(fitting_camera(self._shape, at.width, at.height, self._camera))
        self.cameraFitted.emit()

    def set_zoom(self, zoom: float) -> None:
        """Set the device pixels per image pixel, keeping the centre."""
        self._move(self._camera.zoomed(zoom, (0.0, 0.0)))

    def zoom_by(self, factor: float, about: tuple[float, float] | None = None) -> None:
        """Zoom by a factor about an image position, or about the centre of the view."""
        at = self.projection
        across, down = (at.width / 2.0, at.height / 2.0) if about is None else at.to_device(*about)
        offset = (across - at.width / 2.0, down - at.height / 2.0)
        self._move(self._camera.zoomed(self.zoom * factor, offset))

    def zoom_by_at(self, factor: float, position: QPointF) -> None:
        """Zoom by a factor about a place in the widget."""
        at, ratio = self.projection, self.device_ratio
        offset = (position.x() * ratio - at.width / 2.0, position.y() * ratio - at.height / 2.0)
        self._move(self._camera.zoomed(self.zoom * factor, offset))

    def centre_on(self, x: float, y: float) -> None:
        """Bring an image position to the middle of the view."""
        self._move(replace(self._camera, x=x, y=y))

    def centre_at(self, position: QPointF) -> None:
        """Bring a place in the widget to the middle of the view."""
        self.centre_on(*self.image_at(position))

    def pan_screen(self, screens_x: float, screens_y: float) -> None:
        """Look further by so many screens to the right and up."""
        at = self.projection
        self._move(self._camera.panned(-screens_x * at.width, screens_y * at.height))

    def pan_from(self, start: Camera, moved: QPointF) -> None:
        """Push the picture from where it lay under `start`, in logical pixels."""
        ratio = self.device_ratio
        self._move(start.panned(moved.x() * ratio, moved.y() * ratio))

    def flip(self, flip_x: bool, flip_y: bool) -> None:
        """Mirror the view left to right, and top to bottom."""
        self._move(replace(self._camera, flip_x=flip_x, flip_y=flip_y))

    def _move(self, camera: Camera, is_fitted: bool = False) -> None:
        """Change the camera for the observer and say so."""
        self._is_fitted = is_fitted
        if camera == self._camera:
            return
        self._apply(camera)
        self.cameraChanged.emit(camera)

    def _apply(self, camera: Camera) -> None:
        old, self._camera = self._camera, camera
        self._picture_item.set_flips(camera.flip_x, camera.flip_y)
        self._place_world()
        if camera.zoom != old.zoom:
            self.zoomChanged.emit(camera.zoom)

    def _place_world(self) -> None:
        """Put image coordinates under the camera; the old picture moves along at once."""
        at, ratio = self.projection, self.device_ratio
        across, down = at.to_device(0.0, 0.0)
        step_x, step_y = at.camera.scale_x / ratio, at.camera.scale_y / ratio
        self._world.setTransform(QTransform(step_x, 0.0, 0.0, step_y, across / ratio, down / ratio))
        self._surface.update()
        self._schedule_viewport()
        self.cameraPlaced.emit()

    def _schedule_viewport(self) -> None:
        if self._shape is not None and not self._viewport_timer.isActive():
            self._viewport_timer.start(0)

    def _emit_viewport(self) -> None:
        seen = self.projection.viewport()
        if self._shape is not None and self.isVisible() and seen != self._told_viewport:
            self._told_viewport = seen
            self.viewportChanged.emit(seen)

    def image_at(self, position: QPointF) -> tuple[float, float]:
        """Turn a place in the widget into image coordinates."""
        ratio = self.device_ratio
        return self.projection.to_image(position.x() * ratio, position.y() * ratio)

    def widget_at(self, x: float, y: float) -> QPointF:
        """Turn image coordinates into a place in the widget."""
        across, down = self.projection.to_device(x, y)
        return QPointF(across, down) / self.device_ratio

    # Overlays and looks

    def add_overlay(self, item: QGraphicsItem) -> None:
        """Lay an item in image coordinates over the picture; give it cosmetic pens.

        An item that accepts a mouse press gets it before the view's own habits do.
        """
        item.setParentItem(self._world)

    def remove_overlay(self, item: QGraphicsItem) -> None:
        """Take an overlay away again."""
        item.setParentItem(None)
        scene = self.scene()
        if scene is not None and item.scene() is scene:
            scene.removeItem(item)

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self.setBackgroundBrush(QColor(roles.view_background))
        self._outline = cosmetic_pen(roles.line)
        self._specials = Specials(
            blank=_rgb(roles.view_background), nan=_rgb(roles.line), saturated=_rgb(roles.bad)
        )
        self._recolour()

    def drawForeground(self, painter: QPainter | None, rect: QRectF) -> None:
        """Draw a line just outside the frame."""
        super().drawForeground(painter, rect)
        if painter is None or self._shape is None:
            return
        rows, columns = self._shape
        corner, opposite = self.widget_at(-0.5, -0.5), self.widget_at(columns - 0.5, rows - 0.5)
        step = 1.0 / self.device_ratio
        painter.setPen(self._outline)
        painter.drawRect(QRectF(corner, opposite).normalized().adjusted(-step, -step, 0.0, 0.0))

    # Qt's events

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep a fitted frame whole; otherwise keep the centre and the zoom."""
        super().resizeEvent(event)
        size = self._surface.size()
        self.setSceneRect(0.0, 0.0, size.width(), size.height())
        if self._is_fitted:
            self._refit()
        self._place_world()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Ask for the picture that was not needed while hidden."""
        super().showEvent(event)
        self._schedule_viewport()

    def viewportEvent(self, event: QEvent | None) -> bool:
        """Follow the window to a screen with other pixels."""
        if event is not None and event.type() == QEvent.Type.DevicePixelRatioChange:
            self._place_world()
        return super().viewportEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Never scroll: the camera alone moves the picture."""


def _rgb(colour: str) -> int:
    return QColor(colour).rgb() & 0xFFFFFF
