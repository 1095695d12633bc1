"""What the kernels are told about stored frames and about the recipe; arrays are read-only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_RULE, MEDIAN, LAPLACIAN, CEILING = range(4)
# Frames are looked at in tiles: so tall that most work goes through rows, so small that a star or a
# ray spoils little.
TILE_ROWS, TILE_COLUMNS = 16, 64


class Stored(NamedTuple):
    """Windows of frames as they lie in memory.

    Attributes
    ----------
    flat : ndarray of uint16, one dimension
        All that is at hand, high byte first as in the file; each window has its own start.
    stride : int
        From one row to the next.
    rows, columns : int
        Of a window.
    flip : uint16
        Bits to turn over in the native number: the sign bit of signed ones.
    zero_adu : int
        Counts = number + zero.
    """

    flat: NDArray[np.uint16]
    stride: int
    rows: int
    columns: int
    flip: np.uint16
    zero_adu: int


class Judge(NamedTuple):
    """The recipe for one window.

    Attributes
    ----------
    kind : int
        `NO_RULE`, `MEDIAN`, `LAPLACIAN` or `CEILING`.
    pedestal : ndarray of float64, shape (rows, columns) of the window, or (0, 0)
        Electrons.
    shift : ndarray of uint16, same shape
        Counts taken off each pixel before `limit` is asked.
    limit : ndarray of int32, shape (65536,)
        See `early_out.limits`.
    edge_highest : int
        At the edge of the frame counts above are never good at first sight.
    """

    kind: int
    threshold: float
    temporal: bool
    least_e: float
    offset: float
    gain: float
    pedestal: NDArray[np.float64]
    shift: NDArray[np.uint16]
    limit: NDArray[np.int32]
    edge_highest: int


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Give a contiguous read-only view: the one form the kernels are compiled for."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view
