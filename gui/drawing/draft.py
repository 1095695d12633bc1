"""A polygon that is being clicked together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...core.regions.shapes import Polygon

if TYPE_CHECKING:
    from ...core.regions.geometry.placement import Pair
    from .layer import RegionLayer

_FEWEST = 3


class PolygonDraft:
    """Gather corners and show them; places are 1-based image pixels."""

    def __init__(self, layer: RegionLayer) -> None:
        self._layer = layer
        self._points: list[Pair] = []

    @property
    def is_begun(self) -> bool:
        """Whether there is a corner."""
        return bool(self._points)

    def press(self, place: Pair, near_px: float) -> Polygon | None:
        """Add a corner, or close the polygon where it began and give it.

        Parameters
        ----------
        place : tuple of float
        near_px : float
            How near to a corner is on it, in image pixels.
        """
        if self._points and math.dist(place, self._points[0]) <= near_px:
            return self.finish()
        if not self._points or math.dist(place, self._points[-1]) > 0.0:
            self._points.append(place)
        self._layer.show_draft(self._points)
        return None

    def follow(self, place: Pair) -> None:
        """Draw the edge to the pointer."""
        if self._points:
            self._layer.show_draft([*self._points, place])

    def step_back(self) -> None:
        """Take the last corner away."""
        del self._points[-1:]
        self._layer.show_draft(self._points)

    def finish(self) -> Polygon | None:
        """Give the polygon, once it has three corners; until then it goes on."""
        if len(self._points) < _FEWEST:
            return None
        polygon = Polygon(tuple(self._points))
        self.give_up()
        return polygon

    def give_up(self) -> None:
        """Forget all corners."""
        self._points = []
        self._layer.show_draft(())
