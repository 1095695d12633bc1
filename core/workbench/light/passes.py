"""Passes over the frames of a capture: a quick look at some frames, and the count of all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ...frames.source import FrameSource
    from ...lightspeed.cube import CubeHeader
    from ...lightspeed.region_frames import Frames
    from ...lightspeed.region_spots import Lead, Shift, Spot
    from ...lightspeed.region_sums import Counts

    Numbers = NDArray[np.int64]
    Seconds = NDArray[np.float64]

IMAGES_A_SLAB = 64
"""Images that are no cubes are counted so many at a time."""
PIECE_FRAMES = 2048
_TEXT = "Measuring the regions"


@dataclass(frozen=True, eq=False)
class Slab:
    """Frames that are counted at once: those of a cube, or some images.

    Attributes
    ----------
    number : int
        Of the cube; ascending.
    first_frame, n_frames : int
        Its frames in the capture.
    header : CubeHeader or None
        None for images that are no cubes.
    """

    number: int
    first_frame: int
    n_frames: int
    header: CubeHeader | None


@dataclass(frozen=True, eq=False)
class Work:
    """What a full pass has to do.

    Attributes
    ----------
    source : FrameSource
    parts : sequence of (Slab, tuple of Spot)
        Ascending.
    ends : mapping of Lead to mapping of int to tuple of float
        How far each star had moved at the end of slabs counted before.
    block : int
        Frames whose mean shows a star that is followed.
    """

    source: FrameSource
    parts: Sequence[tuple[Slab, tuple[Spot, ...]]]
    ends: Mapping[Lead, Mapping[int, Shift]]
    block: int


@dataclass(frozen=True, eq=False)
class CountedSlab:
    """Counts of some spots in all frames of a slab; `clock_s` are its stamps, if it has any."""

    slab: Slab
    counts: Counts
    clock_s: Seconds | None


@dataclass(frozen=True)
class LostSlab:
    """A slab that could not be read after several tries, and why."""

    slab: Slab
    why: str


@dataclass
class Chain:
    """Where each star was last, slab by slab."""

    ends: dict[Lead, dict[int, Shift]] = field(default_factory=dict)

    def before(self, number: int, spots: Iterable[Spot]) -> dict[Lead, Shift]:
        """Where the stars of some spots were before a slab."""
        found: dict[Lead, Shift] = {}
        for lead in {spot.lead for spot in spots} - {None}:
            assert lead is not None  # for the type checker
            known = self.ends.get(lead, {})
            earlier: int | None = number - 1
            if earlier not in known:
                earlier = max((one for one in known if one < number), default=None)
            if earlier is not None:
                found[lead] = known[earlier]
        return found

    def take(self, number: int, counts: Counts) -> None:
        """Note where the stars are after a slab."""
        for lead, end in counts.ends.items():
            self.ends.setdefault(lead, {})[number] = end


def slabs_of(source: FrameSource) -> tuple[Slab, ...]:
    """Cut the frames there are now into slabs."""
    from ...lightspeed.capture import Capture

    if isinstance(source, Capture):
        cubes = source.cubes
        starts = accumulate((cube.n_frames for cube in cubes), initial=0)
        pairs = zip(cubes, starts, strict=False)
        return tuple(Slab(cube.number, first, cube.n_frames, cube) for cube, first in pairs)
    total = source.n_frames
    firsts = range(0, total, IMAGES_A_SLAB)
    return tuple(
        Slab(number, first, min(IMAGES_A_SLAB, total - first), None)
        for number, first in enumerate(firsts)
    )


def seconds_of(source: FrameSource, slab: Slab, clock_s: Seconds | None) -> Seconds:
    """Start of each exposure in seconds since the start; frame numbers where nothing tells."""
    from ...lightspeed.capture import Capture

    frames = np.arange(slab.first_frame, slab.first_frame + slab.n_frames, dtype=np.float64)
    if not isinstance(source, Capture) or clock_s is None:
        return frames
    try:
        return source.time_model().elapsed(clock_s)
    except NightglassError:
        return np.full(slab.n_frames, np.nan)


def block_of(source: FrameSource) -> int:
    """Frames whose mean is looked at for a star that is followed."""
    from ...lightspeed.capture import Capture
    from ...lightspeed.region_sums import block_frames

    if not isinstance(source, Capture):
        return block_frames(None)
    try:
        return block_frames(source.interval_s)
    except NightglassError:
        return block_frames(None)


def count_all(work: Work, ctx: JobContext) -> None:
    """Count every slab and publish it, in order; what cannot be read is tried again.

    Spots that stay are counted by several threads, those that follow a star slab after slab.

    Raises
    ------
    Cancelled
        If the job was cancelled.
    """
    from ...lightspeed.counting import RETRY_SECONDS
    from ...lightspeed.warm import warm

    warm(ctx)
    chain = Chain({lead: dict(ends) for lead, ends in work.ends.items()})
    failed = _count(work, work.parts, chain, ctx)
    for pause_s in RETRY_SECONDS:
        if not failed:
            return
        ctx.rest(pause_s)
        failed = _count(work, [part for part in work.parts if part[0] in failed], chain, ctx)
    for slab, error in failed.items():
        ctx.publish(LostSlab(slab, str(error)))


def _count(
    work: Work,
    parts: Sequence[tuple[Slab, tuple[Spot, ...]]],
    chain: Chain,
    ctx: JobContext,
) -> dict[Slab, NightglassError]:
    """Count these slabs; gives those that could not be read."""
    failed: dict[Slab, NightglassError] = {}
    total, done = sum(slab.n_frames for slab, _ in parts), 0
    moves = any(spot.lead is not None for _, spots in parts for spot in spots)
    results = _one_by_one(work, parts, chain, ctx) if moves else _together(work, parts, ctx)
    for slab, result in results:
        if isinstance(result, NightglassError):
            failed[slab] = result
        else:
            ctx.publish(result)
        done += slab.n_frames
        ctx.progress(done, total, _TEXT)
    return failed


def _one_by_one(
    work: Work,
    parts: Sequence[tuple[Slab, tuple[Spot, ...]]],
    chain: Chain,
    ctx: JobContext,
) -> Iterator[tuple[Slab, CountedSlab | NightglassError]]:
    for slab, spots in parts:
        starts = chain.before(slab.number, spots)
        try:
            whole = slice(0, slab.n_frames)
            counts = _piece(work, slab, spots, whole, starts, ctx)
            counted = CountedSlab(slab, counts, clock_of(work.source, slab))
        except NightglassError as error:
            yield slab, error
            continue
        chain.take(slab.number, counts)
        yield slab, counted


def _together(
    work: Work, parts: Sequence[tuple[Slab, tuple[Spot, ...]]], ctx: JobContext
) -> Iterator[tuple[Slab, CountedSlab | NightglassError]]:
    """Count pieces of slabs on all processors, and give whole slabs in order."""
    from ...lightspeed.reduce.pool import threads_of

    with ThreadPoolExecutor(threads_of(None), "nightglass-light") as pool:
        waiting = [
            (slab, [pool.submit(_piece, work, slab, spots, piece, {}, ctx)
                    for piece in _pieces(slab.n_frames)])
            for slab, spots in parts
        ]  # fmt: skip
        try:
            for slab, futures in waiting:
                try:
                    counts = _joined([future.result() for future in futures])
                    yield slab, CountedSlab(slab, counts, clock_of(work.source, slab))
                except NightglassError as error:
                    yield slab, error
        finally:
            for _, futures in waiting:
                for future in futures:
                    future.cancel()


def _pieces(n_frames: int) -> list[slice]:
    return [
        slice(first, min(first + PIECE_FRAMES, n_frames))
        for first in range(0, n_frames, PIECE_FRAMES)
    ]


def _piece(
    work: Work,
    slab: Slab,
    spots: Sequence[Spot],
    piece: slice,
    starts: Mapping[Lead, Shift],
    ctx: JobContext,
) -> Counts:
    from ...lightspeed.counting import check_unchanged
    from ...lightspeed.region_sums import count_spots

    frames = np.arange(piece.start, piece.stop)
    slab = _as_it_is(slab)
    frames_of, frames = reader(work.source, slab, frames)
    counts = count_spots(frames_of, frames, spots, starts, work.block, ctx.check)
    if slab.header is not None:
        check_unchanged(slab.header)
    return counts


def _as_it_is(slab: Slab) -> Slab:
    """Read the header anew where the file was touched since."""
    from ...lightspeed.counting import check_unchanged, same_again

    if slab.header is None:
        return slab
    try:
        check_unchanged(slab.header)
    except NightglassError:
        return replace(slab, header=same_again(slab.header))
    return slab


def reader(source: FrameSource, slab: Slab, places: Numbers) -> tuple[Frames, Numbers]:
    """Open a slab; give its frames by the numbers its reader takes."""
    from ...lightspeed.region_frames import CubeFrames, SourceFrames

    if slab.header is None:
        return SourceFrames(source), places + slab.first_frame
    return CubeFrames(slab.header), places


def _joined(parts: Sequence[Counts]) -> Counts:
    from ...lightspeed.region_sums import Counts, joined

    if len(parts) == 1:
        return parts[0]
    return Counts({spot: joined([part.of[spot] for part in parts]) for spot in parts[0].of})


def clock_of(source: FrameSource, slab: Slab) -> Seconds | None:
    """Stamps of a slab, None where it has none."""
    from ...lightspeed.capture import Capture

    if slab.header is None or not isinstance(source, Capture):
        return None
    return source.stamps(slab.header).clock_s
