"""A quick look at regions in some frames spread over a capture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError
from .passes import Chain, clock_of, reader, seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ...frames.source import FrameSource
    from ...lightspeed.region_spots import Spot
    from ...lightspeed.region_sums import Counts
    from .passes import Slab

    Numbers = NDArray[np.int64]
    Seconds = NDArray[np.float64]

PREVIEW_FRAMES = 600
PREVIEW_BYTES = 32 << 20
LEAST_PREVIEW_FRAMES = 250
PREVIEW_IMAGES = 200
PREVIEW_SLABS = 40
"""Each cube that is opened costs a third of a millisecond."""
PREVIEW_BLOCKS = 8
"""So often a star that is followed is looked for."""


@dataclass(frozen=True, eq=False)
class Preview:
    """Counts of some spots in some frames spread over the capture.

    Attributes
    ----------
    frames, numbers : ndarray of int64, shape (n,)
        Frames, and numbers of their slabs.
    seconds : ndarray of float64, shape (n,)
    counts : Counts
    """

    frames: Numbers
    numbers: Numbers
    seconds: Seconds
    counts: Counts


def look(
    source: FrameSource, slabs: Sequence[Slab], spots: Sequence[Spot], ctx: JobContext
) -> Preview:
    """Count spots in frames spread evenly over a capture; slabs that cannot be read are left out.

    Raises
    ------
    Cancelled
        If the job was cancelled.
    """
    from ...lightspeed.region_sums import Counts, count_spots, joined

    chain = Chain()
    seen: list[tuple[Numbers, Numbers, Seconds, Counts]] = []
    chosen = list(_spread(slabs, _preview_frames(source, spots)))
    every = -(-len(chosen) // PREVIEW_BLOCKS)
    for turn, (slab, places) in enumerate(chosen):
        ctx.check()
        block = None if turn % every else -(-len(places) * len(chosen) // PREVIEW_BLOCKS)
        try:
            frames_of, frames = reader(source, slab, places)
            starts = chain.before(slab.number, spots)
            counts = count_spots(frames_of, frames, spots, starts, block, ctx.check)
            seconds = seconds_of(source, slab, clock_of(source, slab))[places]
        except NightglassError:
            continue
        chain.take(slab.number, counts)
        numbers = np.full(len(places), slab.number)
        seen.append((places + slab.first_frame, numbers, seconds, counts))
    if not seen:
        return Preview(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), Counts())
    frames, numbers, seconds = (np.concatenate([one[i] for one in seen]) for i in range(3))
    of = {spot: joined([one[3].of[spot] for one in seen]) for spot in spots}
    return Preview(frames, numbers, seconds, Counts(of))


def _preview_frames(source: FrameSource, spots: Iterable[Spot]) -> int:
    """Frames that can be read while a hand moves on."""
    from ...lightspeed.capture import Capture
    from ...lightspeed.region_spots import reach

    if not isinstance(source, Capture):
        return PREVIEW_IMAGES
    windows = [reach(spot.aperture.bounds, source.shape) for spot in spots]
    rows = max(w.last_row for w in windows) - min(w.first_row for w in windows)
    row_bytes = source.shape[1] * source.encoding.storage.itemsize
    return min(PREVIEW_FRAMES, max(LEAST_PREVIEW_FRAMES, PREVIEW_BYTES // (rows * row_bytes)))


def _spread(slabs: Sequence[Slab], count: int) -> Iterator[tuple[Slab, Numbers]]:
    """Choose frames evenly; give each slab that has some with places of its frames."""
    some = [slabs[place] for place in _evenly(len(slabs), PREVIEW_SLABS)]
    ends = np.cumsum([slab.n_frames for slab in some])
    chosen = _evenly(int(ends[-1]), count)
    for slab, end, last in zip(some, ends, np.searchsorted(chosen, ends), strict=True):
        first = int(np.searchsorted(chosen, end - slab.n_frames))
        if first < last:
            yield slab, chosen[first:last] - (end - slab.n_frames)


def _evenly(total: int, count: int) -> Numbers:
    """Choose at most `count` of `total` numbers, the first and the last among them."""
    chosen = np.linspace(0, total - 1, min(count, total)).round()
    return np.unique(chosen.astype(np.int64))
