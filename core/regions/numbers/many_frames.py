"""Numbers of regions over all pixels in all frames, in one pass and little memory."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from .statistics import RIM_PX, RegionStatistics, covers_of, in_both, measure, rows_needed
from .summary import Summary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ...frames.source import FrameSource
    from ..entries import RegionEntry
    from .aperture_flux import Counts
    from .covers import Cover
    from .weights import Method

    Numbers = NDArray[np.float64]

# Values gathered before they are counted: counting has a cost of its own.
_GATHERED = 1 << 18


def measure_all(
    source: FrameSource,
    entries: Mapping[int, RegionEntry],
    counts: Counts | None,
    ctx: JobContext,
    *,
    method: Method = "center",
) -> dict[int, RegionStatistics]:
    """Measure regions over all frames there are now.

    Sum to maximum are those of all pixels in all frames, exact for whole counts; so are the
    saturated ones. The flux is that of all frames together. Centroid and width are those of
    the mean frame. npix counts the pixels once.

    Parameters
    ----------
    source : FrameSource
    entries, counts, method
        As for `statistics.measure`.
    ctx : JobContext
        Told of the progress, and asked whether to stop.

    Returns
    -------
    dict of int to RegionStatistics
        The median is None for frames that are not whole counts of 8 or 16 bits, unless there
        is only one. Sums and squares beyond all numbers are None.

    Raises
    ------
    NightglassError
        If a frame cannot be read.
    Cancelled
        If the job was cancelled.
    """
    if source.n_frames == 1:
        return measure(source.read(0), entries, counts, method=method)
    n_frames = source.n_frames
    band = _Band(source, entries, counts, method)
    with np.errstate(over="ignore", invalid="ignore"):
        for index in range(n_frames):
            ctx.check()
            band.add(index)
            ctx.progress(index + 1, n_frames)
        means = measure(band.mean(n_frames), entries, counts, corner=band.corner, method=method)
        return {
            ident: _over_all(found, band.tallies.get(ident), counts, n_frames)
            for ident, found in means.items()
        }


def _over_all(
    mean: RegionStatistics, tally: _Histogram | _Running | None, counts: Counts | None, frames: int
) -> RegionStatistics:
    """Put numbers of all pixels in the place of those of the mean frame."""
    if tally is None or not mean.npix:
        return mean
    numbers = in_both(counts, tally.summary(), tally.saturated)
    whole = replace(mean, **numbers | {"npix": mean.npix})
    if mean.flux_e is None or mean.flux_error_e is None:
        return whole
    # The errors of the frames are independent, and so add up by their squares.
    error_e = math.sqrt(frames) * mean.flux_error_e
    flux_e = frames * mean.flux_e
    snr = flux_e / error_e if error_e else None
    return replace(whole, flux_e=flux_e, flux_error_e=error_e, snr=snr)


class _Band:
    """The part of the frames that regions need, added up, and a tally of each region."""

    def __init__(
        self,
        source: FrameSource,
        entries: Mapping[int, RegionEntry],
        counts: Counts | None,
        method: Method,
    ) -> None:
        self._source = source
        self._rows = rows_needed(entries.values(), source.shape)
        height = self._rows.stop - self._rows.start
        whole = covers_of(entries, (height, source.shape[1]), (0, self._rows.start), method)
        self._columns = _columns_needed(whole, source.shape[1])
        self.corner = self._columns.start, self._rows.start
        size = height, self._columns.stop - self._columns.start
        self._covers = covers_of(entries, size, self.corner, method)
        is_whole = source.encoding.native.kind == "u"
        saturation = math.inf if counts is None else counts.saturation_adu
        make = _Histogram if is_whole else _Running
        self.tallies: dict[int, _Histogram | _Running] = {
            ident: make(None if cover.parts is None else cover.parts[cover.inside], saturation)
            for ident, cover in self._covers.items()
        }
        self._sum = np.zeros(size)
        self._good: NDArray[np.int64] | None = None if is_whole else np.zeros(size, np.int64)

    def add(self, index: int) -> None:
        """Take one frame."""
        raw = self._source.read_raw(index, self._rows)
        values = self._source.encoding.decode(raw[:, self._columns])
        for ident, cover in self._covers.items():
            self.tallies[ident].add(values[cover.rows, cover.columns][cover.inside])
        if self._good is None:
            self._sum += values
        else:
            good = np.isfinite(values)
            self._good += good
            self._sum += np.where(good, values, 0.0)

    def mean(self, n_frames: int) -> Numbers:
        """Mean of all frames taken; NaN where no frame has a value."""
        if self._good is None:
            return self._sum / n_frames
        mean = np.full(self._sum.shape, np.nan)
        np.divide(self._sum, self._good, out=mean, where=self._good > 0)
        return mean


def _columns_needed(covers: Mapping[int, Cover], count: int) -> slice:
    columns = [cover.columns for cover in covers.values() if cover.inside.size]
    if not columns:
        return slice(0, 0)
    first, last = min(part.start for part in columns), max(part.stop for part in columns)
    return slice(max(first - RIM_PX, 0), min(last + RIM_PX, count))


class _Histogram:
    """How often each whole count occurs in a region; as long as the counts are spread."""

    def __init__(self, parts: Numbers | None, saturation: float) -> None:
        self._parts = parts
        self._saturation = saturation
        self._gathered: list[NDArray[Any]] = []
        self._lowest = 0
        self._weights = np.zeros(0)
        self.saturated = 0

    def add(self, values: NDArray[Any]) -> None:
        """Take the pixels of one frame."""
        if values.size:
            self._gathered.append(values)
        if len(self._gathered) * values.size >= _GATHERED:
            self._count()

    def summary(self) -> Summary:
        """Describe all that was taken."""
        self._count()
        (levels,) = np.nonzero(self._weights)
        return Summary.of_sorted(levels + self._lowest, self._weights[levels])

    def _count(self) -> None:
        if not self._gathered:
            return
        values = np.concatenate(self._gathered)
        parts = None if self._parts is None else np.tile(self._parts, len(self._gathered))
        self._gathered.clear()
        self.saturated += int(np.count_nonzero(values >= self._saturation))
        self._reach(int(values.min()), int(values.max()))
        places = values.astype(np.intp) - self._lowest
        self._weights += np.bincount(places, parts, self._weights.size)

    def _reach(self, low: int, high: int) -> None:
        """Make room for counts from `low` to `high`."""
        if not self._weights.size:
            self._lowest = low
        below = max(self._lowest - low, 0)
        above = max(high + 1 - self._lowest - self._weights.size, 0)
        if below or above:
            self._weights = np.pad(self._weights, (below, above))
            self._lowest -= below


class _Running:
    """Mean and squares of values that are not whole counts, joined frame by frame.

    Chan, Golub & LeVeque 1983, American Statistician 37, 242, eqs. 1.5.
    """

    def __init__(self, parts: Numbers | None, saturation: float) -> None:
        self._parts = parts
        self._saturation = saturation
        self._weight = self._mean = self._squares = 0.0
        self._low, self._high = math.inf, -math.inf
        self.saturated = 0

    def add(self, values: NDArray[Any]) -> None:
        """Take the pixels of one frame."""
        good = np.isfinite(values)
        numbers = values[good].astype(np.float64)
        if not numbers.size:
            return
        parts = np.ones(numbers.size) if self._parts is None else self._parts[good]
        weight = float(parts.sum())
        mean = float(numbers @ parts) / weight
        total, away = self._weight + weight, mean - self._mean
        self._squares += float(parts @ (numbers - mean) ** 2)
        self._squares += away * away * self._weight * weight / total
        self._mean += away * weight / total
        self._weight = total
        self._low = min(self._low, float(numbers.min()))
        self._high = max(self._high, float(numbers.max()))
        self.saturated += int(np.count_nonzero(numbers >= self._saturation))

    def summary(self) -> Summary:
        """Describe all that was taken; no median."""
        if not self._weight:
            return Summary()
        return Summary(
            self._weight,
            self._weight * self._mean,
            self._mean,
            None,
            math.sqrt(self._squares / self._weight),
            self._low,
            self._high,
        )
