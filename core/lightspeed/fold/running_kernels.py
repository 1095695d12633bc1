"""Compiled sum over pieces, one after the other; to be imported inside functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import float64, int64, void

from ...compiled import kernel, read_only

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_PIECES = read_only(float64, 2)


@kernel(void(_PIECES, read_only(int64), float64[::1], float64[:, ::1]))
def add_pieces(pieces: Numbers, rows: NDArray[np.int64], total: Numbers, raster: Numbers) -> None:
    """Add each piece to the total and to its row of the raster, in order.

    Order is what makes a capture that grows and one that is read at once equal to the last bit.
    """
    for piece in range(pieces.shape[0]):
        row = rows[piece]
        for bin_ in range(pieces.shape[1]):
            value = pieces[piece, bin_]
            total[bin_] += value
            raster[row, bin_] += value
