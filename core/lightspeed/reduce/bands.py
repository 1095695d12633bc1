"""Work on images: the frames are cut into bands of rows, each of which belongs to one thread.

A thread goes through the frames in their order and through its bands in each span of frames.
Nothing is shared between threads, so that results do not depend on their number.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from .pool import Watch, run, spans, threads_of
from .reading import Reader
from .views import TILE_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..cube_header import CubeHeader
    from .blocks import Window
    from .pool import Span
    from .recipe import Recipe

# A window of a band stays in the processor's cache, with the sums of its pixels.
_BAND_BYTES = 128 << 10
_LEAST_ROWS = 8
# All bands of a span are read before the next span: it should stay in the page cache meanwhile.
_SPAN_BYTES = 512 << 20
_LEAST_SPAN = 16
_MOST_SPAN = 4096


def bands_of(part: Window, columns: int, threads: int) -> list[Window]:
    """Cut a part of the frame into bands.

    Parameters
    ----------
    columns : int
        Of the stored frames.
    threads : int
        There are as many bands at least, if there are as many rows.
    """
    rows = part.last_row - part.first_row
    height = max(_LEAST_ROWS, _BAND_BYTES // (2 * columns) - 2)
    if height >= TILE_ROWS:
        # With its neighbours a whole number of tiles.
        height = (height + 2) // TILE_ROWS * TILE_ROWS - 2
    height = min(height, -(-rows // threads))
    return [
        part._replace(first_row=first, last_row=min(first + height, part.last_row))
        for first in range(part.first_row, part.last_row, height)
    ]


def work_on_bands(
    cubes: Sequence[CubeHeader],
    recipe: Recipe,
    part: Window,
    work: Callable[[Reader, Span, Watch, Window], None],
    *,
    n_frames: int,
    wanted: NDArray[np.bool_] | None = None,
    ctx: JobContext | None = None,
    threads: int | None = None,
    mapping: bool | None = None,
) -> None:
    """Call `work` with a reader of each band and each span of frames.

    Parameters
    ----------
    part : Window
        Of the cropped frame, to be cut into bands.
    work : callable
        Takes reader, span, watch and band.
    n_frames : int
        So many frames from the start.
    wanted : ndarray of bool or None
        As `Reader` takes it.

    Raises
    ------
    NightglassError
        If a cube cannot be read.
    Cancelled
        If the job was cancelled.
    """
    workers = threads_of(threads)
    bands = bands_of(part, cubes[0].columns, workers)
    frame_bytes = 2 * cubes[0].rows * cubes[0].columns
    size = max(_LEAST_SPAN, min(_MOST_SPAN, _SPAN_BYTES // frame_bytes))
    pieces = spans(cubes, size, n_frames)
    watch, own = Watch(ctx, n_frames), threading.local()
    readers = [Reader(cubes, recipe, band, wanted, mapping, own) for band in bands]
    every = list(zip(bands, readers, strict=True))

    def go_through(mine: Sequence[tuple[Window, Reader]]) -> None:
        for span in pieces:
            for band, reader in mine:
                work(reader, span, watch, band)
                watch.advance(span.frames / len(bands))

    run([partial(go_through, every[k::workers]) for k in range(workers)], watch, workers)
