"""Where a frame lies on the screen: pure arithmetic, no Qt.

Image coordinates count from 0 at the centre of the first pixel, x to the right and y up, so the
first pixel spans -0.5 to 0.5. Device coordinates are screen pixels of the view, y down. A
`Viewport` speaks in pixel edges instead: the first pixel spans 0 to 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ...core.picture.viewport import Viewport

ZOOM_LEAST = 1.0 / 64.0
ZOOM_MOST = 128.0
NOTCH_ZOOM = 2.0**0.25  # four notches of the wheel are exactly a factor of two


@dataclass(frozen=True)
class Camera:
    """What the view looks at.

    Parameters
    ----------
    x, y : float
        Image coordinates in the middle of the view.
    zoom : float
        Device pixels per image pixel.
    flip_x, flip_y : bool
        Whether x runs to the left, and y down.
    """

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0
    flip_x: bool = False
    flip_y: bool = False

    @property
    def scale_x(self) -> float:
        """Device pixels to the right per image pixel, negative when flipped."""
        return -self.zoom if self.flip_x else self.zoom

    @property
    def scale_y(self) -> float:
        """Device pixels down per image pixel, negative unless flipped."""
        return self.zoom if self.flip_y else -self.zoom

    def zoomed(self, zoom: float, about: tuple[float, float]) -> Camera:
        """Return the camera at another zoom that leaves one place of the screen alone.

        Parameters
        ----------
        zoom : float
            Device pixels per image pixel; brought into the range allowed.
        about : tuple of float
            The place that stays, in device pixels right of and below the middle of the view.
        """
        zoom = clean_zoom(zoom)
        shrink = 1.0 / self.zoom - 1.0 / zoom
        across, down = about
        return replace(
            self,
            x=self.x + across * shrink * math.copysign(1.0, self.scale_x),
            y=self.y + down * shrink * math.copysign(1.0, self.scale_y),
            zoom=zoom,
        )

    def panned(self, across: float, down: float) -> Camera:
        """Return the camera after the picture was pushed by device pixels right and down."""
        return replace(self, x=self.x - across / self.scale_x, y=self.y - down / self.scale_y)


def clean_zoom(zoom: float) -> float:
    """Bring a zoom into the range allowed, and onto the wheel's ladder when it is next to it."""
    zoom = min(max(zoom, ZOOM_LEAST), ZOOM_MOST)
    step = math.log2(zoom) * 4.0
    return float(2.0 ** (round(step) / 4.0)) if abs(step - round(step)) < 1e-6 else zoom


def fitting_camera(shape: tuple[int, int], width: int, height: int, like: Camera) -> Camera:
    """Return the camera that shows a whole frame of `shape` (rows, columns), flipped `like`."""
    rows, columns = shape
    zoom = clean_zoom(min(width / max(columns, 1), height / max(rows, 1)))
    return replace(like, x=(columns - 1) / 2.0, y=(rows - 1) / 2.0, zoom=zoom)


@dataclass(frozen=True)
class Projection:
    """A camera applied to a view of a given size.

    The corner of the first pixel always falls on a whole device pixel, so a picture averaged in
    whole blocks does not shimmer while it is panned and pixel edges stay sharp at whole zooms.
    """

    camera: Camera
    width: int
    height: int

    @property
    def origin_x(self) -> float:
        """Device x of pixel edge 0."""
        return float(round(self.width / 2.0 - self.camera.scale_x * (self.camera.x + 0.5)))

    @property
    def origin_y(self) -> float:
        """Device y of pixel edge 0."""
        return float(round(self.height / 2.0 - self.camera.scale_y * (self.camera.y + 0.5)))

    def to_image(self, across: float, down: float) -> tuple[float, float]:
        """Turn device pixels into image coordinates."""
        camera = self.camera
        x = (across - self.origin_x) / camera.scale_x - 0.5
        y = (down - self.origin_y) / camera.scale_y - 0.5
        return x, y

    def to_device(self, x: float, y: float) -> tuple[float, float]:
        """Turn image coordinates into device pixels."""
        camera = self.camera
        across = self.origin_x + (x + 0.5) * camera.scale_x
        down = self.origin_y + (y + 0.5) * camera.scale_y
        return across, down

    def viewport(self) -> Viewport:
        """Return the part of the frame on the screen, in pixel edges."""
        ends_x = sorted((self.to_image(0.0, 0.0)[0], self.to_image(self.width, 0.0)[0]))
        ends_y = sorted((self.to_image(0.0, 0.0)[1], self.to_image(0.0, self.height)[1]))
        return Viewport(
            left=ends_x[0] + 0.5,
            bottom=ends_y[0] + 0.5,
            right=ends_x[1] + 0.5,
            top=ends_y[1] + 0.5,
            width=self.width,
            height=self.height,
        )
