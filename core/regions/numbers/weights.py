"""How much of each pixel a region holds.

Three methods: ``center`` holds a pixel where its centre lies inside, outlines as in DS9;
``subpixel`` counts the centres of 5 x 5 parts of it by the same rule (astropy-regions leaves
outlines to chance: of a box of 8 x 4 around the middle of a pixel it has too little or too much
on either side); ``exact`` is the area, by astropy-regions for circles, ellipses, boxes and their
rings. Polygons are our own: the library fills those whose edges cross as if they did not (2351
square pixels for a five-pointed star of 1241).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from ..shapes import Box, Circle, Ellipse, Polygon, Rings, Shape
from .clipping import polygon_areas

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

Method = Literal["center", "exact", "subpixel"]
METHODS: tuple[Method, ...] = ("center", "exact", "subpixel")
SUBPIXELS = 5
# The library draws the whole of a shape, also where it lies outside the frame.
_LARGEST_DRAWN_PX = 1 << 24


class Weights(NamedTuple):
    """Parts of the pixels of a box of the frame that a region holds.

    Attributes
    ----------
    rows, columns : slice
        The box.
    values : ndarray of bool (method ``center``) or float64, shape (rows, columns) of the box
        From 0 to 1.
    """

    rows: slice
    columns: slice
    values: NDArray[Any]


class Grid(NamedTuple):
    """Pixels of a box.

    Attributes
    ----------
    size : (rows, columns)
    x, y : float
        1-based image coordinates of the first one.
    """

    size: tuple[int, int]
    x: float
    y: float

    @classmethod
    def of(cls, rows: slice, columns: slice, corner: tuple[int, int]) -> Grid:
        """Describe rows and columns of a frame whose first pixel is the (0-based) corner."""
        size = rows.stop - rows.start, columns.stop - columns.start
        return cls(size, columns.start + corner[0] + 1.0, rows.start + corner[1] + 1.0)


def weights(
    shape: Shape,
    frame_shape: tuple[int, int],
    method: Method = "center",
    corner: tuple[int, int] = (0, 0),
) -> Weights:
    """Find how much of each pixel of a frame a shape holds.

    Parameters
    ----------
    shape : Shape
    frame_shape : (rows, columns)
    method : {"center", "exact", "subpixel"}
    corner : (column, row)
        0-based image coordinates of the frame's first pixel, for a frame that was cropped.

    Returns
    -------
    Weights
        Of an empty box where the shape lies outside the frame.
    """
    rows, columns = box_of(shape, frame_shape, corner)
    return Weights(rows, columns, weights_on(shape, Grid.of(rows, columns, corner), method))


def weights_on(shape: Shape, grid: Grid, method: Method) -> NDArray[Any]:
    """Find how much of each pixel of a box a shape holds; see `Weights.values`."""
    if 0 in grid.size:
        return np.zeros(grid.size, np.bool_ if method == "center" else np.float64)
    return _centres(shape, grid) if method == "center" else _parts(shape, grid, method)


def box_of(
    shape: Shape, frame_shape: tuple[int, int], corner: tuple[int, int] = (0, 0)
) -> tuple[slice, slice]:
    """Find the rows and columns of a frame that a shape can reach; see `weights`."""
    left, bottom, right, top = shape.bounds()
    x, y = corner[0] + 1, corner[1] + 1
    return _reach(bottom - y, top - y, frame_shape[0]), _reach(left - x, right - x, frame_shape[1])


def _reach(low: float, high: float, count: int) -> slice:
    """Indices between two 0-based coordinates, one more on each side against rounding."""
    # Kept to the frame first: sizes may be beyond all numbers.
    start = math.floor(min(max(low, 0.0), count))
    return slice(start, max(math.ceil(min(max(high + 1.0, 0.0), count)), start))


def _centres(shape: Shape, grid: Grid) -> NDArray[np.bool_]:
    rows, columns = grid.size
    x = np.arange(columns, dtype=np.float64) + grid.x
    y = np.arange(rows, dtype=np.float64) + grid.y
    return shape.contains(x, y[:, None])


def _parts(shape: Shape, grid: Grid, method: Method) -> Numbers:
    if not shape.area_px:
        return np.zeros(grid.size)
    if method == "subpixel":
        return _sampled(shape, grid)
    if isinstance(shape, Polygon):
        # Corners from the lower left corner of the first pixel.
        return polygon_areas(
            [(x - grid.x + 0.5, y - grid.y + 0.5) for x, y in shape.points], grid.size
        )
    if isinstance(shape, (Circle, Ellipse, Box)):
        left, bottom, right, top = shape.bounds()
        is_small = (right - left + 2) * (top - bottom + 2) < _LARGEST_DRAWN_PX
        return _drawn(shape, grid) if is_small else _sampled(shape, grid)
    if isinstance(shape, Rings):
        parts = [_parts(ring, grid, method) for ring in shape.rings]
        return np.asarray(np.sum(parts, axis=0), np.float64)
    return _ring_areas(shape, grid)


def _ring_areas(shape: Any, grid: Grid) -> Numbers:
    """What the outline of a ring holds less what its hole does."""
    outer, inner = (_parts(part, grid, "exact") for part in (shape.outer, shape.inner))
    return np.maximum(outer - inner, 0.0)


def _drawn(shape: Circle | Ellipse | Box, grid: Grid) -> Numbers:
    """Let the library find the areas."""
    mask = _region(shape, grid).to_mask(mode="exact")
    values = np.zeros(grid.size)
    ours, theirs = mask.get_overlap_slices(grid.size)
    if ours is not None:
        values[ours] = mask.data[theirs]
    return values


def _region(shape: Circle | Ellipse | Box, grid: Grid) -> Any:
    """Make a region of the library in 0-based pixels of the grid."""
    import regions
    from astropy import units

    centre = regions.PixCoord(shape.x - grid.x, shape.y - grid.y)
    if isinstance(shape, Circle):
        return regions.CirclePixelRegion(centre, shape.r)
    angle = shape.angle * units.deg
    if isinstance(shape, Ellipse):
        return regions.EllipsePixelRegion(centre, 2 * shape.a, 2 * shape.b, angle)
    return regions.RectanglePixelRegion(centre, shape.width, shape.height, angle)


def _sampled(shape: Shape, grid: Grid) -> Numbers:
    """Count centres of parts of each pixel."""
    places = (np.arange(SUBPIXELS) + 0.5) / SUBPIXELS - 0.5
    values = np.zeros(grid.size)
    for y in places:
        for x in places:
            values += _centres(shape, grid._replace(x=grid.x + x, y=grid.y + y))
    return values / SUBPIXELS**2
