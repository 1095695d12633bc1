"""Counts of every frame of a cube in a box.

Only the rows of the box are read. Files are read by position and never mapped: a cube that its
writer cuts short is then an error to be retried and not the end of the process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .cube import Cube

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ..engine.jobs import JobContext
    from .cube import CubeHeader

BOX_SIDE_PX = 32
CHUNK_BYTES = 4 << 20  # of rows in memory at once; also how often a cancel is looked for


class Box(NamedTuple):
    """Part of a frame in 0-based array indices; `right` and `top` are not in it any more."""

    left: int
    bottom: int
    right: int
    top: int

    @property
    def pixels(self) -> int:
        """How many pixels it holds."""
        return (self.right - self.left) * (self.top - self.bottom)


def central_box(shape: tuple[int, int], side_px: int = BOX_SIDE_PX) -> Box:
    """Give the box of `side_px` in the middle of a frame of (rows, columns), or all of it."""
    (rows, columns), side = shape, side_px
    height, width = min(rows, side), min(columns, side)
    left, bottom = (columns - width) // 2, (rows - height) // 2
    return Box(left, bottom, left + width, bottom + height)


def box_sums(header: CubeHeader, box: Box, ctx: JobContext | None = None) -> NDArray[np.float64]:
    """Add up the counts in a box of every frame of one cube.

    Parameters
    ----------
    header : CubeHeader
        Of the cube.
    box : Box
        Inside the frame.
    ctx : JobContext or None
        Checked between chunks of rows.

    Returns
    -------
    ndarray of float64, shape (n_frames,)
        Sums in ADU; whole numbers and exact (a full frame of 16 bits stays below 2**53).

    Raises
    ------
    NightglassError
        If the file cannot be read or is shorter than its header said.
    Cancelled
        If the job was cancelled.
    """
    cube = Cube(header, mapping=False)
    try:
        parts = [
            header.encoding.decode(rows[:, :, box.left : box.right]).sum((1, 2), np.float64)
            for rows in _chunks(cube, box, ctx)
        ]
    finally:
        cube.close()
    return np.concatenate(parts)


def _chunks(cube: Cube, box: Box, ctx: JobContext | None) -> Iterator[NDArray[np.generic]]:
    """Read the rows of the box of every frame into one buffer that is used again and again."""
    header = cube.header
    rows = slice(box.bottom, box.top)
    frame_shape = (box.top - box.bottom, header.columns)
    frame_bytes = frame_shape[0] * frame_shape[1] * header.encoding.storage.itemsize
    step = min(max(1, CHUNK_BYTES // frame_bytes), header.n_frames)
    buffer = np.empty((step, *frame_shape), header.encoding.storage)
    for first in range(0, header.n_frames, step):
        if ctx is not None:
            ctx.check()
        frames = min(step, header.n_frames - first)
        for place in range(frames):
            cube.raw(first + place, rows, buffer[place])
        yield buffer[:frames]
