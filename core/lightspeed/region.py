"""Regions as the documented interface and the commands use them: which pixels of a frame to add."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import NightglassError
from ..regions.masks import mask_of, source_and_background
from ..regions.shapes import Box as BoxShape
from ..regions.systems import Surroundings
from ..regions.text.reader import read_regions
from .box import Box
from .pointing import Pointing

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from ..regions.entries import RegionEntry, RegionFile
    from .data_set import DataSet

Mask = NDArray[np.bool_]


class Region:
    """The regions of a DS9 or CIAO file.

    Parameters
    ----------
    filename : path-like
        The file; coordinates are image or physical, 1-based as in DS9.

    Raises
    ------
    NightglassError
        If it cannot be read, or holds no region.
    """

    def __init__(self, filename: str | os.PathLike[str]) -> None:
        self.path = Path(filename)
        self.file: RegionFile = read_regions(self.path)

    @classmethod
    def load(cls, filename: str | os.PathLike[str]) -> Region:
        """Read a region file."""
        return cls(filename)

    def check_inside_absolute(self, x: Any, y: Any) -> Any:
        """Tell whether a place lies inside.

        Parameters
        ----------
        x, y : float or array_like of equal shape
            1-based image coordinates: the centre of the first pixel is (1, 1).

        Returns
        -------
        bool or ndarray of bool
            Inside any included and no excluded shape.
        """
        sources, _ = source_and_background(self.file)
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        inside = np.zeros(np.broadcast(x, y).shape, bool)
        for entry in sources:
            if entry.shape is not None and entry.include:
                inside |= entry.shape.contains(x, y)
        for entry in sources:
            if entry.shape is not None and not entry.include:
                inside &= ~entry.shape.contains(x, y)
        return bool(inside) if inside.ndim == 0 else inside


@dataclass(frozen=True, eq=False)
class SourceMask:
    """The pixels of one source.

    Attributes
    ----------
    name : str
        Its text in the file, else its kind and number.
    mask : ndarray of bool, shape (rows, columns)
        Of the cropped frame.
    entry : RegionEntry
        What was drawn.
    """

    name: str
    mask: Mask
    entry: RegionEntry


@dataclass(frozen=True, eq=False)
class Apertures:
    """Sources, each with its pixels, and the pixels of the sky (None: no sky is taken off)."""

    sources: tuple[SourceMask, ...]
    sky: Mask | None = None


def apertures(
    roi: str | os.PathLike[str],
    data_set: DataSet,
    background: str | os.PathLike[str] | None = None,
) -> Apertures:
    """Find the pixels of every source in a region file, and of its sky.

    Parameters
    ----------
    roi : path-like
        Each included region without the property ``background`` is a source; those with it
        are the sky. Excluded regions cut all of them.
    data_set : DataSet
        Whose frames are meant; cropping and conventions are taken into account.
    background : path-like or None
        A file all of whose regions are sky.

    Raises
    ------
    NightglassError
        If a file cannot be used, or a region holds no pixel of the frame.
    """
    sources, sky = source_and_background(_read(roi, data_set))
    if background is not None:
        inner, outer = source_and_background(_read(background, data_set))
        sky = (*sky, *inner, *outer)
    holes = tuple(entry for entry in sources if not entry.include)
    wanted = [entry for entry in sources if entry.include and entry.has_pixels]
    if not wanted:
        raise NightglassError(
            "No region", f"{roi} holds no region with pixels.", "Draw a circle or the like.", roi
        )
    masks = tuple(
        SourceMask(_name(entry, place), _mask((entry, *holes), data_set), entry)
        for place, entry in enumerate(wanted, start=1)
    )
    has_sky = any(entry.include for entry in sky)
    return Apertures(masks, _mask((*sky, *holes), data_set) if has_sky else None)


def bounding_box(path: str | os.PathLike[str], data_set: DataSet) -> Box:
    """Read the box to crop to.

    Natively the pixels whose centres lie in it; the published rule cuts
    ``int(y - h/2) : int(y + h/2)`` of 0-based indices and never reaches the last row and column.

    Raises
    ------
    NightglassError
        If the file holds no upright box, or it lies outside the frame.
    """
    shapes = [entry.shape for entry in _read(path, data_set).entries]
    box = next((shape for shape in shapes if isinstance(shape, BoxShape)), None)
    if box is None or box.angle % 90:
        raise NightglassError(
            "No box to crop to", f"{path} holds no upright box.", "Draw a box of angle 0.", path
        )
    width, height = (box.width, box.height) if not box.angle % 180 else (box.height, box.width)
    rows, columns = data_set.header.shape
    if data_set.conventions.is_native:
        left, right = _within(box.x, width, columns)
        bottom, top = _within(box.y, height, rows)
    else:
        left, right = _published(box.x, width, columns)
        bottom, top = _published(box.y, height, rows)
    if left >= right or bottom >= top:
        raise NightglassError(
            "Nothing left to crop to",
            f"The box in {path} lies outside the frame of {columns} x {rows} pixels.",
            "Draw it on the frame.",
            path,
        )
    return Box(left, bottom, right, top)


def _within(middle: float, size: float, count: int) -> tuple[int, int]:
    first, last = np.ceil(middle - size / 2), np.floor(middle + size / 2)
    return max(int(first) - 1, 0), min(int(last), count)


def _published(middle: float, size: float, count: int) -> tuple[int, int]:
    low, high = int(middle - size / 2), int(middle + size / 2)
    return min(max(low, 0), count - 1), min(max(high, 0), count - 1)


def _read(path: str | os.PathLike[str], data_set: DataSet) -> RegionFile:
    header = data_set.header
    pointing = Pointing.from_cards(header.cards, header.shape, binning=header.binning)
    around = Surroundings(pointing, header.cards, header.detector_offset, header.binning)
    return read_regions(path, around)


def _mask(entries: Sequence[RegionEntry], data_set: DataSet) -> Mask:
    box = data_set.options.bbox
    whole = mask_of(entries, data_set.header.shape, base=data_set.conventions.region_base)
    if box is None:
        return whole
    if not data_set.conventions.is_native:
        # The published tools compare a region with the cropped frame as it is.
        return mask_of(entries, data_set.shape, base=0)
    part = whole[box.bottom : box.top, box.left : box.right]
    if not part.any():
        raise NightglassError(
            "The region is cropped away",
            "The box of --bbox holds no pixel of a region.",
            "Make it larger, or leave it out.",
        )
    return np.ascontiguousarray(part)


def _name(entry: RegionEntry, place: int) -> str:
    return entry.text or f"{type(entry.shape).__name__.lower()} {place}"
