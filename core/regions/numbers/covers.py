"""Pixels of regions, kept for as long as the regions do not change."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from .weights import Grid, Method, box_of, weights_on

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from ..shapes import Shape

    Numbers = NDArray[np.float64]

LARGEST_KEPT_BYTES = 64 << 20


class Cover(NamedTuple):
    """Pixels that a region holds.

    Attributes
    ----------
    rows, columns : slice
        Box of the frame.
    inside : ndarray of bool, shape (rows, columns) of the box
    parts : ndarray of float64, shape of the box, or None
        How much of each pixel; None where each pixel inside is held whole.
    """

    rows: slice
    columns: slice
    inside: NDArray[np.bool_]
    parts: Numbers | None

    @property
    def nbytes(self) -> int:
        """Memory in use."""
        return self.inside.nbytes + (0 if self.parts is None else self.parts.nbytes)

    def without(self, other: Cover) -> Cover:
        """Take another region away; of a pixel held in part the rest of the other is left."""
        rows, columns = _common(self.rows, other.rows), _common(self.columns, other.columns)
        if rows is None or columns is None:
            return self
        own = _within(rows, self.rows), _within(columns, self.columns)
        theirs = _within(rows, other.rows), _within(columns, other.columns)
        if self.parts is None or other.parts is None:
            inside = self.inside.copy()
            inside[own] &= ~other.inside[theirs]
            return self._replace(inside=inside)
        parts = self.parts.copy()
        parts[own] *= 1.0 - other.parts[theirs]
        return self._replace(inside=parts > 0.0, parts=parts)

    def without_all(self, others: Iterable[Cover]) -> Cover:
        """Take several regions away."""
        left = self
        for other in others:
            left = left.without(other)
        return left


class CoverCache:
    """Covers of shapes looked at lately, up to a size; safe from any thread.

    Parameters
    ----------
    largest_bytes : int
        The least used covers are let go beyond it.
    """

    def __init__(self, largest_bytes: int = LARGEST_KEPT_BYTES) -> None:
        self._largest_bytes = largest_bytes
        self._lock = threading.Lock()
        self._covers: OrderedDict[object, Cover] = OrderedDict()
        self._bytes = 0

    @property
    def nbytes(self) -> int:
        """Memory in use."""
        return self._bytes

    def get(
        self, shape: Shape, frame_shape: tuple[int, int], method: Method, corner: tuple[int, int]
    ) -> Cover:
        """Give the pixels of a shape; see `weights.weights`."""
        rows, columns = box_of(shape, frame_shape, corner)
        grid = Grid.of(rows, columns, corner)
        key = shape, grid, method
        with self._lock:
            known = self._covers.get(key)
            if known is not None:
                self._covers.move_to_end(key)
        if known is None:
            known = _cover(shape, grid, method)
            with self._lock:
                self._keep(key, known)
        # The same pixels may stand at other places of another part of the frame.
        return known._replace(rows=rows, columns=columns)

    def _keep(self, key: object, cover: Cover) -> None:
        if key in self._covers or cover.nbytes > self._largest_bytes:
            return
        self._covers[key] = cover
        self._bytes += cover.nbytes
        while self._bytes > self._largest_bytes:
            self._bytes -= self._covers.popitem(last=False)[1].nbytes


def _cover(shape: Shape, grid: Grid, method: Method) -> Cover:
    rows, columns = (slice(0, count) for count in grid.size)
    values = weights_on(shape, grid, method)
    if method == "center":
        return Cover(rows, columns, values, None)
    return Cover(rows, columns, values > 0.0, values)


def _common(first: slice, second: slice) -> slice | None:
    start, stop = max(first.start, second.start), min(first.stop, second.stop)
    return slice(start, stop) if start < stop else None


def _within(part: slice, box: slice) -> slice:
    return slice(part.start - box.start, part.stop - box.start)
