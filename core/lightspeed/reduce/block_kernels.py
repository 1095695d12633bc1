"""Compiled loop that reads pieces of a file; to be imported inside functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import int32, int64, intp, types, uint8

from ...compiled import kernel, read_only

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_pread = types.ExternalFunction("pread", intp(int32, types.voidptr, types.uintp, int64))


@kernel(int64(int64, read_only(int64), read_only(int64), int64, int64, int64, uint8[::1]))
def read_windows(
    descriptor: int,
    places: NDArray[np.int64],
    targets: NDArray[np.int64],
    pieces: int,
    size: int,
    step: int,
    buffer: NDArray[np.uint8],
) -> int:
    """Read windows of `pieces` pieces of `size` bytes, `step` bytes apart in the file.

    Window i starts at byte `places[i]` of the file and goes to `buffer[targets[i]:]` without gaps.

    Returns
    -------
    int
        How many windows are whole; the next one failed.
    """
    for i in range(places.size):
        for piece in range(pieces):
            begin = targets[i] + piece * size
            target = buffer[begin : begin + size]
            place = places[i] + piece * step
            if _pread(int32(descriptor), target.ctypes.data, size, place) != size:
                return i
    return places.size
