"""Frames in electrons, one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .apertures import common_shape
from .blocks import Window, saturation_code
from .pool import Watch, count_frames, spans
from .reading import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ..cube_header import CubeHeader
    from .reading import Batch
    from .recipe import Recipe


def electrons(
    cubes: Sequence[CubeHeader], recipe: Recipe
) -> Iterator[tuple[NDArray[np.float64], bool]]:
    """Give every frame in electrons.

    Parameters
    ----------
    cubes : sequence of CubeHeader
        In the order wanted.
    recipe : Recipe
        Counts to electrons.

    Yields
    ------
    frame : ndarray of float64, shape (rows, columns)
        A fresh array; NaN where a cosmic ray was.
    saturated : bool
        Whether a pixel is saturated.

    Raises
    ------
    NightglassError
        If a cube cannot be read.
    """
    if not cubes:
        return
    rows, columns = common_shape(cubes, recipe)
    reader = Reader(cubes, recipe, Window(0, rows, 0, columns))
    total = count_frames(cubes)
    for span in spans(cubes, total, total):
        saturation = saturation_code(span.cube, recipe)
        for batch in reader.batches(span, Watch(None, total)):
            yield from _frames(batch, saturation)


def _frames(batch: Batch, saturation: int) -> Iterator[tuple[NDArray[np.float64], bool]]:
    from . import sum_kernels

    begin = 0
    for i in range(batch.span[1] - batch.span[0]):
        frame = np.empty((batch.stored.rows, batch.stored.columns))
        base = batch.bases[batch.span[0] + i - batch.first]
        highest = sum_kernels.take_frame(batch.stored, batch.judge, int(base), frame)
        end = int(batch.ends[i])
        frame.reshape(-1)[batch.found[begin:end]] = np.nan
        begin = end
        yield frame, highest >= saturation
