"""The frames of a fold one by one: for tables of phases, and for the self-check."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError
from ...timing.edits import PivotedPhases
from ...timing.windows import wrapped
from .files.phase_table import CubeFrames, FoldedFrames
from .phases import FramePhases, pivot_of
from .running import pieces_of
from .selfcheck import SelfCheck, self_check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from .request import FoldRequest, SourceCounts

    Numbers = NDArray[np.float64]

CHECK_SIGMA = 10.0


def pulsar_of(request: FoldRequest, number: int) -> PivotedPhases:
    """Phases of one of the par files of a request; the first has the edits."""
    edits = (None, None) if number else (request.settings.f0_hz, request.settings.f1_hz_s)
    pivot = pivot_of(request.model, request.path)
    return PivotedPhases(request.ephemerides[number], request.site, pivot, *edits)


def clocks_of(request: FoldRequest) -> tuple[PivotedPhases, ...]:
    """Phases of each fold: those of all par files for each region."""
    pulsars = [pulsar_of(request, number) for number in range(len(request.ephemerides))]
    return tuple(pulsar for _ in request.sources for pulsar in pulsars)


def cube_frames(request: FoldRequest, clocks: Sequence[PivotedPhases]) -> Iterator[CubeFrames]:
    """Give the frames of cube after cube as each fold saw them.

    Parameters
    ----------
    request : FoldRequest
        That was folded.
    clocks : sequence of PivotedPhases
        From `clocks_of`.
    """
    first, count = 0, len(request.ephemerides)
    for place, cube in enumerate(request.sources[0].cubes):
        folds: list[FoldedFrames] = []
        for number, source in enumerate(request.sources):
            own = clocks[number * count : (number + 1) * count]
            folds += _as_folded(request, source, place, own)
        timing = FramePhases(request.model, clocks[0], request.settings, request.frame_s)
        day, seconds = timing.instants(cube.seconds)
        yield CubeFrames(place + 1, first, day, seconds, folds)
        first += len(cube.seconds)


def check_on_sky(request: FoldRequest, seed: int = 0) -> SelfCheck:
    """Put a sinusoid of ten sigma into the sky of the first region, fold it, and measure it.

    Raises
    ------
    NightglassError
        If no sky was drawn.
    """
    source, clock = request.sources[0], clocks_of(request)[0]
    skies = [cube.sky for cube in source.cubes if cube.sky is not None]
    if not skies:
        raise NightglassError(
            "No sky to check with",
            f"{source.name} has no background region.",
            "Draw an annulus round it and mark it as background.",
            request.path,
        )
    light = [request.light(sky, None) for sky in skies]
    sky_e, variance_e2 = (np.concatenate([part[row] for part in light]) for row in range(2))
    seconds = [cube.seconds for cube in source.cubes]
    phase = np.concatenate(_phases(request, source, clock, seconds))
    ends = np.cumsum([0, *(len(one) for one in seconds)])
    starts, _ = pieces_of(np.concatenate(seconds), ends)
    known = np.isfinite(variance_e2)
    exposure_s = request.frame_s * np.count_nonzero(known)
    expected_e2 = float(variance_e2[known].sum())
    if expected_e2 < 0.0:
        raise NightglassError(
            "No self-check",
            f"The sky of {source.name} is darker than the offset of the detector.",
            "Correct the offset in Settings.",
            request.path,
        )
    rate = CHECK_SIGMA * math.sqrt(2.0 * expected_e2) / exposure_s
    return self_check(
        phase, sky_e, variance_e2, rate, frame_s=request.frame_s,
        smear_turns=request.clock(clock, source).smear_turns, n_bins=request.settings.n_bins,
        starts=starts, seed=seed,
    )  # fmt: skip


def _as_folded(
    request: FoldRequest, source: SourceCounts, place: int, clocks: Sequence[PivotedPhases]
) -> Iterator[FoldedFrames]:
    """Give the frames of one cube of a source by the phases of each par file."""
    cube = source.cubes[place]
    light = request.light(cube.source, cube.sky)
    for clock in clocks:
        (phase,) = _phases(request, source, clock, [cube.seconds])
        yield FoldedFrames(phase, light.net_e, light.variance_e2)


def _phases(
    request: FoldRequest, source: SourceCounts, clock: PivotedPhases, seconds: Sequence[Numbers]
) -> list[Numbers]:
    """Phases with the offset and the delay of the rows, in [0, 1)."""
    phases = request.clock(clock, source).phases(seconds)
    offset = request.settings.phase_offset
    return [wrapped(phase + offset) for phase in phases]
