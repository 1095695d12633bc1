"""Which part of a frame is on the screen, and how large."""

from __future__ import annotations

import math
from dataclasses import dataclass

# A whole-number zoom reached through a chain of factors must still count as that number.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Viewport:
    """A rectangle of the image and the device pixels it fills.

    Image coordinates are 0-based pixel edges: pixel i spans [i, i + 1], y points up. Screen
    coordinates are device pixels from the top left corner, y down.
    """

    left: float
    bottom: float
    right: float
    top: float
    width: int
    height: int

    def __post_init__(self) -> None:
        """Refuse a rectangle without an area."""
        spans = (self.right - self.left, self.top - self.bottom, self.width, self.height)
        if not all(math.isfinite(span) and span > 0 for span in spans):
            raise ValueError("a viewport needs a positive width and height")

    @classmethod
    def centred(cls, x: float, y: float, zoom: float, width: int, height: int) -> Viewport:
        """Make the view of `width` x `height` device pixels with (x, y) in its middle.

        `zoom` is in device pixels per image pixel.
        """
        half_x, half_y = width / zoom / 2, height / zoom / 2
        return cls(x - half_x, y - half_y, x + half_x, y + half_y, width, height)

    @classmethod
    def fit(cls, shape: tuple[int, int], width: int, height: int) -> Viewport:
        """Make the view that just holds a whole frame of `shape` (rows, columns)."""
        rows, columns = shape
        zoom = min(width / columns, height / rows)
        return cls.centred(columns / 2, rows / 2, zoom, width, height)

    @property
    def zoom(self) -> float:
        """Device pixels per image pixel."""
        return self.width / (self.right - self.left)

    @property
    def centre(self) -> tuple[float, float]:
        """The image position (x, y) in the middle of the view."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    @property
    def shrinks(self) -> bool:
        """Whether several image pixels share a device pixel."""
        across = (self.right - self.left) / self.width
        up = (self.top - self.bottom) / self.height
        return max(across, up) > 1 + _ROUNDING

    def to_image(self, column: float, row: float) -> tuple[float, float]:
        """Image position under a screen position."""
        x = self.left + column * (self.right - self.left) / self.width
        y = self.top - row * (self.top - self.bottom) / self.height
        return x, y

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        """Screen position of an image position."""
        column = (x - self.left) * self.width / (self.right - self.left)
        row = (self.top - y) * self.height / (self.top - self.bottom)
        return column, row

    def zoomed(self, factor: float, x: float, y: float) -> Viewport:
        """Magnify by `factor`, keeping the image position (x, y) where it is on the screen."""
        return Viewport(
            x + (self.left - x) / factor,
            y + (self.bottom - y) / factor,
            x + (self.right - x) / factor,
            y + (self.top - y) / factor,
            self.width,
            self.height,
        )

    def moved(self, x: float, y: float) -> Viewport:
        """Shift the view by (x, y) image pixels."""
        return Viewport(
            self.left + x,
            self.bottom + y,
            self.right + x,
            self.top + y,
            self.width,
            self.height,
        )

    def resized(self, width: int, height: int) -> Viewport:
        """Keep centre and zoom in a view of another size."""
        return Viewport.centred(*self.centre, self.zoom, width, height)
