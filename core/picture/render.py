"""From a frame to the codes of the cells on the screen."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .codes import BLANK_CODE, SCALE_CODES, Codes, Colours, Plane
from .counts import NO_PLANE, Correction, Counts, counts_of, kernel_view
from .histogram import Histogram, histogram
from .limits import Limits, apart, even_grid, limits_of, sample
from .plan import ShrinkPlan, plan_shrink
from .stretch import Stretch, equalised_table, scale_table

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ..frames.encoding import Encoding
    from .viewport import Viewport

# Enough for a smooth histogram, few enough to cost nothing beside the picture.
_SAMPLE = 1 << 14
_EQUALISE_SAMPLE = 1 << 18
_NEVER = 0x10000

_Numbers: TypeAlias = tuple[NDArray[Any], bool, np.uint16, float, float, Plane, Plane]


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """What the view wants of a frame.

    Attributes
    ----------
    viewport : Viewport
    limits, stretch : Limits, Stretch
    saturation : float or None
        Value (before correction) from which a pixel is marked saturated.
    correction : Correction or None
        Calibration for display.
    lock : (float, float) or None
        Limits found earlier, used instead of looking for new ones.
    """

    viewport: Viewport
    limits: Limits = field(default_factory=Limits)
    stretch: Stretch = field(default_factory=Stretch)
    saturation: float | None = None
    correction: Correction | None = None
    lock: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class Picture:
    """Codes of the cells on the screen.

    Attributes
    ----------
    index : uint16 ndarray, shape (height, width)
        C-contiguous, row 0 at the top of the screen. 0 to 16383 on the colour scale, then
        `codes.BLANK_CODE`, `codes.NAN_CODE`, `codes.SATURATED_CODE`.
    covered : (float, float, float, float)
        Left, bottom, right, top of the image rectangle that `index` fills, in pixel edges.
    scaled : bool
        One cell per image pixel, to be magnified when painted; else one per device pixel.
    low, high : float
        The limits used.
    sample : float64 ndarray
        A fair sample of the frame's finite values.
    """

    index: Codes
    covered: tuple[float, float, float, float]
    scaled: bool
    low: float
    high: float
    sample: NDArray[np.float64]

    @cached_property
    def histogram(self) -> Histogram:
        """Coarse histogram of the frame around the limits."""
        return histogram(self.sample, self.low, self.high)


@dataclass(frozen=True, slots=True, eq=False)
class _Coder:
    """Everything the kernels need to turn numbers into codes.

    Without a correction they work on the stored numbers as they are (`decode` is False), and
    `low`, `factor` and `saturation` are in stored numbers; else in values.
    """

    counts: Counts
    planes: tuple[Plane, Plane]
    decode: bool
    low: float
    factor: float
    table: Codes
    saturation: float

    def numbers(self) -> _Numbers:
        """The pixels and how to decode and correct them."""
        counts = self.counts
        scale, offset = (counts.scale, counts.offset) if self.decode else (1.0, 0.0)
        subtract, multiply = self.planes
        return counts.pixels, counts.swap, counts.flip, scale, offset, subtract, multiply

    def levels(self) -> tuple[float, float, Codes]:
        """Where a number falls among the codes."""
        return self.low, self.factor, self.table


def render(
    frame: NDArray[Any],
    encoding: Encoding | None,
    request: RenderRequest,
    executor: Executor | None = None,
) -> Picture:
    """Make the picture of a frame.

    Seen smaller than life, each device pixel is the exact area average of the pixels it covers,
    so that a single bright pixel never comes and goes; a saturated pixel marks every device
    pixel it touches. Seen larger, the picture has one cell per image pixel.

    Parameters
    ----------
    frame : ndarray, shape (rows, columns)
        Stored numbers, if their type is that of `encoding`, else values.
    encoding : Encoding or None
        How stored numbers become values; None for values.
    request : RenderRequest
    executor : Executor or None
        Where a second thread may do half of the work.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If the frame is not two-dimensional, is empty, or a correction has another shape.
    """
    counts = counts_of(frame, encoding)
    _check(request.correction, frame.shape)
    low, high = request.lock or limits_of(counts, request.limits, request.correction)
    low, high = apart(low, high)
    coder = _coder(counts, request, low, high)
    if request.viewport.shrinks:
        index, covered = _shrunk(coder, request.viewport, executor), _rectangle(request.viewport)
    else:
        index, covered = _magnified(coder, request.viewport)
    some = sample(counts, even_grid(_shape(counts), _SAMPLE), request.correction)
    return Picture(index, covered, not request.viewport.shrinks, low, high, some)


def recolour(index: Codes, table: Colours, out: Colours | None = None) -> Colours:
    """Colours of the codes of a picture.

    Parameters
    ----------
    index : uint16 ndarray, shape (height, width)
    table : uint32 ndarray, shape (codes.TABLE_SIZE,)
        From `colour.colour_table`.
    out : uint32 ndarray of the shape of `index`, or None
        C-contiguous array to fill instead of a new one.

    Returns
    -------
    uint32 ndarray, shape (height, width)
        0xffRRGGBB, which is Qt's Format_RGB32.
    """
    from . import kernels

    if out is None:
        out = np.empty(index.shape, np.uint32)
    kernels.recolour(kernel_view(index), kernel_view(table), out)
    return out


def _check(correction: Correction | None, shape: tuple[int, ...]) -> None:
    planes = () if correction is None else (correction.subtract, correction.multiply)
    for plane in planes:
        if plane is not None and plane.shape != shape:
            raise ValueError(f"the calibration is {plane.shape}, the frame {shape}")


def _shape(counts: Counts) -> tuple[int, int]:
    rows, columns = counts.pixels.shape
    return rows, columns


def _rectangle(viewport: Viewport) -> tuple[float, float, float, float]:
    return viewport.left, viewport.bottom, viewport.right, viewport.top


def _coder(counts: Counts, request: RenderRequest, low: float, high: float) -> _Coder:
    correction = request.correction
    planes = (NO_PLANE, NO_PLANE) if correction is None else correction.planes()
    # No comparison with NaN is true: nothing is ever saturated.
    saturation = math.nan if request.saturation is None else request.saturation
    factor = (SCALE_CODES - 1) / (high - low)
    table = _table(counts, request, low, high)
    if any(plane.size for plane in planes) or counts.scale <= 0:
        return _Coder(counts, planes, True, low, factor, table, saturation)
    scale, offset = counts.scale, counts.offset
    stored_low, stored_saturation = (low - offset) / scale, (saturation - offset) / scale
    return _Coder(counts, planes, False, stored_low, factor * scale, table, stored_saturation)


def _table(counts: Counts, request: RenderRequest, low: float, high: float) -> Codes:
    if request.stretch.kind != "histogram":
        return scale_table(request.stretch)
    grid = even_grid(_shape(counts), _EQUALISE_SAMPLE)
    return equalised_table(sample(counts, grid, request.correction), low, high)


def _shrunk(coder: _Coder, viewport: Viewport, executor: Executor | None) -> Codes:
    plan = plan_shrink(viewport, _shape(coder.counts))
    index = np.empty((viewport.height, viewport.width), np.uint16)
    _blank_outside(index, plan)
    if executor is None:
        _shrink_band(coder, plan, index)
        return index
    other = executor.submit(_shrink_band, coder, plan.band(1, 2), index)
    _shrink_band(coder, plan.band(0, 2), index)
    other.result()
    return index


def _blank_outside(index: Codes, plan: ShrinkPlan) -> None:
    index[: plan.down.start] = BLANK_CODE
    index[plan.down.stop :] = BLANK_CODE
    index[:, : plan.across.start] = BLANK_CODE
    index[:, plan.across.stop :] = BLANK_CODE


def _shrink_band(coder: _Coder, plan: ShrinkPlan, index: Codes) -> None:
    from . import kernels

    part = index[plan.down, plan.across]
    if part.size == 0:
        return
    out = part if part.flags.c_contiguous else np.empty(part.shape, np.uint16)
    axes = (plan.rows, plan.row_weights, plan.start, plan.weights)
    if coder.counts.are_integers and not coder.decode:
        counts, level = coder.counts, _whole(coder.saturation)
        kernels.shrink_counts(
            counts.pixels, counts.swap, counts.flip, *axes, *coder.levels(), level, out
        )
    else:
        kernels.shrink_values(*coder.numbers(), *axes, *coder.levels(), coder.saturation, out)
    if out is not part:
        part[:] = out


def _whole(saturation: float) -> int:
    """Smallest 16-bit count that is saturated; one more than the largest for none."""
    return _NEVER if math.isnan(saturation) else math.ceil(min(max(saturation, 0), _NEVER))


def _magnified(
    coder: _Coder, viewport: Viewport
) -> tuple[Codes, tuple[float, float, float, float]]:
    from . import kernels

    rows, columns = _shape(coder.counts)
    left, right = _visible(viewport.left, viewport.right, columns)
    bottom, top = _visible(viewport.bottom, viewport.top, rows)
    index = np.empty((top - bottom, right - left), np.uint16)
    if index.size:
        kernels.encode_pixels(
            *coder.numbers(), top - 1, left, *coder.levels(), coder.saturation, index
        )
    return index, (left, bottom, right, top)


def _visible(low: float, high: float, pixels: int) -> tuple[int, int]:
    """Pixels from edge to edge that the view touches; an empty range if it touches none."""
    first = min(max(math.floor(low), 0), pixels)
    return first, min(max(math.ceil(high), first), pixels)
