"""Raw frames: counts as numbers, what they tell of the camera, and the image the stars are in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError
from ...frames.encoding import Encoding
from .header import FrameHeader, header_of, read_header
from .raw_bytes import RawBytes, shape_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from ...frames.cards import Cards

__all__ = [
    "FrameHeader",
    "FrameStatistics",
    "RawFrame",
    "check_counts",
    "overscan_level",
    "read_frame",
    "read_header",
    "reduce_frame",
    "statistics",
]

SATURATED_ADU = 64000
"""Counts above this one are saturated, in the statistics of a frame."""
_BRIGHT = 0.95
_COUNTS = 1 << 16
_LANES = 4
# Read and converted piece by piece, so that what was read is still in the processor's cache.
_PIECE_BYTES = 1 << 19
Area = tuple[int, int, int, int]
"""First row, row after the last, first column, column after the last."""
_NO_DARK = np.empty((0, 0), np.float32)


@dataclass(frozen=True, eq=False)
class RawFrame:
    """One exposure as the camera wrote it.

    Attributes
    ----------
    header : FrameHeader
    counts : ndarray of uint16, shape (rows, columns)
        ADU, with the overscan around the active window; native byte order.
    """

    header: FrameHeader
    counts: NDArray[np.uint16]


@dataclass(frozen=True)
class FrameStatistics:
    """What the counts of a whole raw frame, overscan included, tell of the camera.

    Attributes
    ----------
    zeros, saturated : int
        Pixels of 0 and of more than 64000 ADU.
    std, median : float
        Standard deviation and median, ADU.
    bright : float
        95th percentile, ADU.
    overscan : tuple of float
        Medians in ADU of the strips above (first rows of the file), left of (first columns),
        below and right of the active window, each over the whole width or height of the frame;
        0 where there is no such strip.
    """

    zeros: int
    saturated: int
    std: float
    median: float
    bright: float
    overscan: tuple[float, float, float, float]


def read_frame(path: Path) -> RawFrame:
    """Read a raw frame.

    Parameters
    ----------
    path : Path
        A FITS file, plain or packed with gzip.

    Raises
    ------
    IncompleteFileError
        If the file is shorter than its header says.
    NightglassError
        If it cannot be read, is no FITS file, does not hold 16-bit counts, lacks a card, or its
        active window is not inside the frame.
    """
    raw = RawBytes(path)
    cards = raw.header()
    header = header_of(cards, path)
    check_counts(cards, path)
    counts = np.empty(shape_of(cards) or (0, 0), np.uint16)
    _read_counts(raw, counts)
    return RawFrame(header, counts)


def check_counts(cards: Cards, path: Path) -> None:
    """Make sure that the header tells of unsigned 16-bit counts.

    Raises
    ------
    NightglassError
        If it does not.
    """
    if cards.integer("BITPIX") != 16 or not Encoding.from_cards(cards).is_offset_uint16:
        raise NightglassError(
            "Not a raw frame",
            f"{path.name} does not hold unsigned 16-bit counts (BITPIX 16, BZERO 32768).",
            "The frame is left out; choose the files that the camera wrote.",
            path,
        )


def _read_counts(raw: RawBytes, counts: NDArray[np.uint16]) -> None:
    from .frame_kernels import make_native

    flat = counts.reshape(-1)
    bytes_ = flat.data.cast("B")
    step = _PIECE_BYTES // 2
    for begin in range(0, flat.size, step):
        raw.fill(bytes_[2 * begin : 2 * (begin + step)])
        make_native(flat[begin : begin + step])


def statistics(raw: RawFrame) -> FrameStatistics:
    """Look at the counts of a whole raw frame.

    Mean, deviation and quantiles come from one histogram of the 65,536 possible counts, and are
    exact. A quantile of an even number of pixels is the mean of the two in the middle.
    """
    rows, columns = raw.counts.shape
    histogram = _histogram(raw.counts, (0, rows, 0, columns))
    above, left, below, right = (_median(raw.counts, strip) for strip in _strips(raw))
    return FrameStatistics(
        zeros=int(histogram[0]),
        saturated=int(histogram[SATURATED_ADU + 1 :].sum()),
        std=_deviation(histogram),
        median=_quantile(histogram, 0.5),
        bright=_quantile(histogram, _BRIGHT),
        overscan=(above, left, below, right),
    )


def _strips(raw: RawFrame) -> tuple[Area, Area, Area, Area]:
    """Areas above, left of, below and right of the active window."""
    header, (rows, columns) = raw.header, raw.counts.shape
    return (
        (0, header.y0, 0, columns),
        (0, rows, 0, header.x0),
        (header.y0 + header.ny, rows, 0, columns),
        (0, rows, header.x0 + header.nx, columns),
    )


def _histogram(counts: NDArray[np.uint16], area: Area) -> NDArray[np.int64]:
    from .frame_kernels import count

    lanes = np.zeros((_LANES, _COUNTS), np.uint32)
    count(counts, *area, lanes)
    histogram: NDArray[np.int64] = lanes.sum(axis=0, dtype=np.int64)
    return histogram


def _deviation(histogram: NDArray[np.int64]) -> float:
    """Standard deviation, from whole numbers: exact, in whatever order they are added."""
    values = np.arange(histogram.size)
    total, first = int(histogram.sum()), histogram * values
    mean_part, square_part = int(first.sum()), int((first * values).sum())
    return math.sqrt(total * square_part - mean_part * mean_part) / total


def _quantile(histogram: NDArray[np.int64], part: float) -> float:
    """Value below which a part of the pixels lies, interpolated as `numpy.quantile` does."""
    upto = np.cumsum(histogram)
    place = part * (upto[-1] - 1)
    lower = int(place)
    low, high = np.searchsorted(upto, (lower, min(lower + 1, upto[-1] - 1)), side="right")
    return float(low + (high - low) * (place - lower))


def _median(counts: NDArray[np.uint16], area: Area) -> float:
    top, bottom, left, right = area
    if bottom <= top or right <= left:
        return 0.0
    return _quantile(_histogram(counts, area), 0.5)


def reduce_frame(
    raw: RawFrame,
    dark: NDArray[np.float32] | None,
    bad_pixels: NDArray[np.bool_] | None = None,
) -> NDArray[np.float32]:
    """Take the dark off and cut the active window out.

    Parameters
    ----------
    raw : RawFrame
    dark : ndarray of float32, shape (rows, columns), or None
        Master dark of the whole raw frame, overscan included, ADU. Without one the median of
        the overscan is taken off instead; without overscan, nothing.
    bad_pixels : ndarray of bool, shape (rows, columns), or None
        True where a pixel of the raw frame is bad: it gets the median of the good ones around.

    Returns
    -------
    ndarray of float32, shape (ny, nx)
        ADU.

    Raises
    ------
    NightglassError
        If dark or mask have another shape than the frame.
    """
    from .frame_kernels import mend, take_dark_off

    header = raw.header
    for name, plane in (("dark", dark), ("bad-pixel map", bad_pixels)):
        if plane is not None and plane.shape != raw.counts.shape:
            raise _does_not_fit(name, plane.shape, raw.counts.shape)
    image = np.empty((header.ny, header.nx), np.float32)
    plane = _NO_DARK if dark is None else np.ascontiguousarray(dark, np.float32)
    level = overscan_level(raw) if dark is None else 0.0
    take_dark_off(raw.counts, plane, level, header.x0, header.y0, image)
    if bad_pixels is not None:
        mend(image, np.ascontiguousarray(bad_pixels).view(np.uint8), header.x0, header.y0)
    return image


def overscan_level(raw: RawFrame) -> float:
    """Median of all pixels around the active window, ADU; 0 where there are none."""
    top, left, below, right = _strips(raw)
    middle = raw.header.y0, raw.header.y0 + raw.header.ny
    areas = (top, below, (*middle, *left[2:]), (*middle, *right[2:]))
    outside = [raw.counts[a:b, c:d].ravel() for a, b, c, d in areas]
    together = np.concatenate(outside)
    return float(np.median(together)) if together.size else 0.0


def _does_not_fit(name: str, shape: tuple[int, ...], wanted: tuple[int, ...]) -> NightglassError:
    return NightglassError(
        f"The {name} does not fit the frame",
        f"It has {shape[1]} x {shape[0]} pixels, the frame {wanted[1]} x {wanted[0]}.",
        "Use calibration frames of the same camera, with the same window.",
    )
