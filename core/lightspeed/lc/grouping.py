"""Groups of frames by bin of phase, for what is not folded frame by frame."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..box import Box
from .folding import Clock
from .parts import slices_of, used_cubes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..data_set import DataSet
    from ..ephemeris import Ephemeris
    from ..reduce import Recipe

# Around what is wanted, so that cosmic rays are found as in the whole frame.
_MARGIN_PX = 4


def phase_bins(
    data_set: DataSet, ephemeris: Ephemeris, n_bins: int, delay_s: float = 0.0
) -> NDArray[np.int16]:
    """Bin of the middle of every frame in use, -1 for one without a time, shape (n,)."""
    cubes = slices_of(used_cubes(data_set), data_set.num_frames())
    turns = Clock(data_set, ephemeris).turns(0, cubes)
    phase = np.concatenate([of.phase + delay_s * of.frequency_hz for of in turns])
    known = np.isfinite(phase)
    fraction = np.where(known, phase - np.floor(np.where(known, phase, 0.0)), 0.0)
    place = (fraction * n_bins).astype(np.int64) % n_bins
    return np.where(known, place, -1).astype(np.int16)


def around(data_set: DataSet, mask: NDArray[np.bool_]) -> tuple[Recipe, tuple[slice, slice]]:
    """Give a recipe for the part of the frame around a mask, and that part.

    Cosmic rays of the mask's pixels are found as in the whole frame; memory is that of the part.
    """
    recipe, outer = data_set.recipe(), data_set.options.bbox
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    bottom, top = max(int(rows[0]) - _MARGIN_PX, 0), int(rows[-1]) + 1 + _MARGIN_PX
    left, right = max(int(columns[0]) - _MARGIN_PX, 0), int(columns[-1]) + 1 + _MARGIN_PX
    top, right = min(top, mask.shape[0]), min(right, mask.shape[1])
    part = slice(bottom, top), slice(left, right)
    corner = (0, 0) if outer is None else (outer.left, outer.bottom)
    box = Box(corner[0] + left, corner[1] + bottom, corner[0] + right, corner[1] + top)
    pedestal = recipe.pedestal_e
    cropped = None if pedestal is None else np.ascontiguousarray(pedestal[part])
    return replace(recipe, box=box, pedestal_e=cropped), part
