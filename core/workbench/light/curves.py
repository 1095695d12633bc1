"""Light curves of regions as they are shown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from ..curve import GrowingCurve

    Floats = NDArray[np.float64]
    Frames = NDArray[np.int64]

ELECTRONS = "e\u207b"
_NOTHING = np.empty(0)


class Summary(NamedTuple):
    """Of all frames whose light is known; NaN where there is none."""

    mean: float
    std: float
    min: float
    max: float


class Dots(NamedTuple):
    """Light in some frames spread over the capture, shape (n,) each."""

    frames: Frames
    seconds: Floats
    values: Floats


NO_DOTS = Dots(np.empty(0, np.int64), _NOTHING, _NOTHING)


@dataclass(frozen=True, eq=False)
class RegionCurve:
    """Light of one source against time.

    Attributes
    ----------
    ident : int
        Number of the region.
    name : str
    seconds : ndarray of float64, shape (n,)
        Start of each exposure since the start of the capture; frame numbers for images.
    values : ndarray of float64, shape (n,)
        Light in `unit`: raw counts above the sky (or the offset), without calibration.
    unit : str
        Electrons of a camera whose gain is known, else counts or what the image says.
    is_preview : bool
        Whether no frame is counted yet and what is here is the quick look.
    counted, total : int
        Frames counted, and frames there are.
    is_comparison : bool
        Whether others are compared with it; such a one is shown as it is.
    dots : Dots
        Quick look at the frames not counted yet.
    growth : GrowingCurve or None
        What `seconds` and `values` are a part of, to ask what has moved since.
    """

    ident: int
    name: str
    seconds: Floats
    values: Floats
    unit: str
    is_preview: bool
    counted: int
    total: int
    is_comparison: bool = False
    dots: Dots = NO_DOTS
    growth: GrowingCurve | None = None
    find_frames: Callable[[], Frames] = field(default=lambda: np.empty(0, np.int64), repr=False)

    @cached_property
    def frames(self) -> Frames:
        """Number of each frame, from 0, shape (n,)."""
        return self.dots.frames if self.is_preview else self.find_frames()

    @cached_property
    def summary(self) -> Summary:
        """Mean, standard deviation, least and greatest of the light."""
        known = self.values[np.isfinite(self.values)]
        if not known.size:
            return Summary(np.nan, np.nan, np.nan, np.nan)
        return Summary(*(float(of(known)) for of in (np.mean, np.std, np.min, np.max)))


def compared(curve: RegionCurve, rivals: Sequence[RegionCurve]) -> RegionCurve:
    """Light over that of the comparison stars together, times the mean of theirs.

    Only frames that all have are left, counted ones and those looked at apart.
    """
    own = Dots(curve.find_frames(), curve.seconds, curve.values)
    counted, mean = _over(own, [Dots(r.find_frames(), r.seconds, r.values) for r in rivals])
    dots, other = _over(curve.dots, [rival.dots for rival in rivals])
    mean = mean if np.isfinite(mean) else other
    return replace(
        curve, seconds=counted.seconds, values=counted.values * mean,
        counted=len(counted.frames), dots=dots._replace(values=dots.values * mean),
        growth=None, find_frames=lambda: counted.frames,
    )  # fmt: skip


def _over(light: Dots, rivals: Sequence[Dots]) -> tuple[Dots, float]:
    """Ratio of light in the frames all have, and the mean of what it was divided by."""
    frames = light.frames
    for rival in rivals:
        frames = frames if frames is rival.frames else np.intersect1d(frames, rival.frames, True)
    below = np.zeros(len(frames))
    for rival in rivals:
        below += rival.values[np.searchsorted(rival.frames, frames)]
    own = np.searchsorted(light.frames, frames)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = light.values[own] / below
    known = below[np.isfinite(below)]
    ratio[~np.isfinite(ratio)] = np.nan
    mean = float(known.mean()) if known.size else float("nan")
    return Dots(frames, light.seconds[own], ratio), mean
