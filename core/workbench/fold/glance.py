"""Some frames spread over a capture, for the fold of a region that a hand moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...errors import NightglassError
from ..light.ledger import SlabCounts
from ..light.passes import clock_of, reader, seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ...frames.source import FrameSource
    from ..light.passes import Slab
    from ..light.targets import Target

    Numbers = NDArray[np.int64]

GLANCE_FRAMES = 4096
GLANCE_RUNS = 32
GLANCE_BYTES = 48 << 20
LEAST_FRAMES = 512


class Glance(NamedTuple):
    """What some frames of a capture give of each target."""

    counts: tuple[list[SlabCounts], ...]


def glance(
    source: FrameSource, slabs: Sequence[Slab], targets: Sequence[Target], ctx: JobContext
) -> Glance:
    """Count targets in runs of consecutive frames spread over a capture.

    Runs, and not every so manieth frame: that could keep step with the pulsar. What cannot be
    read is left out; apertures that follow a star stay where they were drawn.

    Raises
    ------
    Cancelled
        If the job was cancelled.
    """
    from ...lightspeed.region_sums import count_spots

    spots = tuple(dict.fromkeys(spot for target in targets for spot in target.spots))
    seen: tuple[list[SlabCounts], ...] = tuple([] for _ in targets)
    for slab, places in _runs(slabs, _frames(source, targets)):
        ctx.check()
        try:
            frames_of, frames = reader(source, slab, places)
            counts = count_spots(frames_of, frames, spots, {}, None, ctx.check)
            seconds = seconds_of(source, slab, clock_of(source, slab))[places]
        except NightglassError:
            continue
        for target, of in zip(targets, seen, strict=True):
            sky = None if target.sky is None else counts.of[target.sky]
            of.append(SlabCounts(seconds, counts.of[target.source], sky))
    return Glance(seen)


def _frames(source: FrameSource, targets: Sequence[Target]) -> int:
    """Frames that can be read while a hand moves on."""
    from ...lightspeed.region_spots import reach

    windows = [
        reach(spot.aperture.bounds, source.shape) for target in targets for spot in target.spots
    ]
    rows = max(w.last_row for w in windows) - min(w.first_row for w in windows)
    row_bytes = source.shape[1] * source.encoding.storage.itemsize
    return min(GLANCE_FRAMES, max(LEAST_FRAMES, GLANCE_BYTES // (rows * row_bytes)))


def _runs(slabs: Sequence[Slab], n_frames: int) -> Iterator[tuple[Slab, Numbers]]:
    """Choose runs of frames; give each slab that has some with places of its frames."""
    total = sum(slab.n_frames for slab in slabs)
    length = -(-n_frames // GLANCE_RUNS)
    firsts = np.linspace(0, max(0, total - length), GLANCE_RUNS).astype(np.int64)
    wanted = np.unique((firsts[:, None] + np.arange(min(length, total))).ravel())
    begin = 0
    for slab in slabs:
        low, high = np.searchsorted(wanted, (begin, begin + slab.n_frames))
        if high > low:
            yield slab, wanted[low:high] - begin
        begin += slab.n_frames
