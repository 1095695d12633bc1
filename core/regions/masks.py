"""Which pixels regions hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import NightglassError
from .entries import RegionEntry
from .numbers.weights import box_of
from .shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .entries import RegionFile

    Mask = NDArray[np.bool_]


def mask_of(
    regions: RegionEntry | Shape | Sequence[RegionEntry | Shape],
    shape: tuple[int, int],
    *,
    base: int = 1,
    corner: tuple[int, int] = (0, 0),
) -> Mask:
    """Find the pixels whose centres lie in any included and no excluded region.

    Parameters
    ----------
    regions : RegionEntry, Shape, or a sequence of them
        A bare shape is included. Those that cannot hold pixels are passed over.
    shape : (rows, columns)
        Of the frame.
    base : {1, 0}
        1: coordinates count from 1, as in DS9. 0: as the published library applies them, from 0
        and without the outline; only polygons use the exact test, where that library loses
        pixels in line with a corner.
    corner : (column, row)
        0-based image coordinates of the frame's first pixel, for a frame that was cropped.

    Returns
    -------
    ndarray of bool, shape (rows, columns)

    Raises
    ------
    NightglassError
        If an included region holds no pixel of the frame, or the excluded ones leave none.
    """
    entries = [_as_entry(region) for region in _as_sequence(regions)]
    usable = [entry for entry in entries if entry.has_pixels]
    included = [entry for entry in usable if entry.include]
    if not included:
        kinds = ", ".join(entry.kind for entry in entries) or "nothing at all"
        raise _no_pixel(f"No included region has an area: {kinds}")
    mask = np.zeros(shape, np.bool_)
    for entry in included:
        part, inside = _pixels(entry, shape, base, corner)
        if not inside.any():
            raise _no_pixel(f"{_named(entry)} holds no pixel of the frame of {_size(shape)}")
        mask[part] |= inside
    for entry in usable:
        if not entry.include:
            part, inside = _pixels(entry, shape, base, corner)
            mask[part] &= ~inside
    if not mask.any():
        raise _no_pixel(
            f"The excluded regions leave no pixel of {_named(included[0])} in the frame of "
            f"{_size(shape)}"
        )
    return mask


def source_and_background(
    file: RegionFile,
) -> tuple[tuple[RegionEntry, ...], tuple[RegionEntry, ...]]:
    """Part the regions of a file into sources and sky, in the order of the file.

    Excluded regions cut both and stand in both; there is no sky where the second part has no
    included region.
    """
    sources = (entry for entry in file.entries if not (entry.include and entry.background))
    sky = (entry for entry in file.entries if entry.background or not entry.include)
    return tuple(sources), tuple(sky)


def _pixels(
    entry: RegionEntry, shape: tuple[int, int], base: int, corner: tuple[int, int]
) -> tuple[tuple[slice, slice], Mask]:
    """Test only the part of the frame that the region can reach."""
    assert entry.shape is not None  # for the type checker; has_pixels was asked
    first = corner[0] + base, corner[1] + base
    rows, columns = box_of(entry.shape, shape, (first[0] - 1, first[1] - 1))
    y = np.arange(rows.start, rows.stop, dtype=np.float64)[:, None] + first[1]
    x = np.arange(columns.start, columns.stop, dtype=np.float64) + first[0]
    return (rows, columns), entry.shape.contains(x, y, strict=base == 0)


def _as_sequence(
    regions: RegionEntry | Shape | Sequence[RegionEntry | Shape],
) -> Sequence[RegionEntry | Shape]:
    return (regions,) if isinstance(regions, (RegionEntry, Shape)) else regions


def _as_entry(region: RegionEntry | Shape) -> RegionEntry:
    if isinstance(region, RegionEntry):
        return region
    return RegionEntry(type(region).__name__.lower(), region, raw=repr(region))


def _named(entry: RegionEntry) -> str:
    name = f" '{entry.text}'" if entry.text else ""
    place = f" in line {entry.line}" if entry.line else ""
    return f"The region{name} {entry.raw}{place}"


def _size(shape: tuple[int, int]) -> str:
    return f"{shape[1]} x {shape[0]} pixels"


def _no_pixel(text: str) -> NightglassError:
    return NightglassError("No pixel in the region", f"{text}.", "Draw it on the frame.")
