"""Makes results of sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .result import FoldResult, Raster, SourceFold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from ...timing.edits import PivotedPhases
    from ...timing.pulse.measured import Measured
    from ...timing.pulse.moments import Moments
    from ...timing.pulse.profile import Profile
    from .request import CubeCounts, FoldRequest, SourceCounts
    from .running import RunningFold
    from .settings import FoldSettings

    Numbers = NDArray[np.float64]

_SCALES = {
    "gps": "UTC from GPS",
    "telescope": "UTC from the telescope's clock",
    "file name": "local time of the camera computer",
    "none": "unknown",
}
_STAMPS = {
    "middle": "mid-exposure",
    "start": "start of exposure",
    "end": "end of exposure",
}


def source_fold(
    request: FoldRequest,
    source: SourceCounts,
    pulsar: PivotedPhases,
    running: RunningFold,
    moments: Moments | None,
    sky_e: float,
) -> SourceFold:
    """Make the result of one region and one par file.

    Parameters
    ----------
    request : FoldRequest
    source : SourceCounts
    pulsar : PivotedPhases
    running : RunningFold
        Up to date.
    moments : Moments or None
        None without a frame.
    sky_e : float
        Electrons of sky a frame in the pixels of the region.
    """
    from ...timing.edits import f1_of
    from ...timing.pulse.growth import growth_of
    from ...timing.pulse.moments import moments_of

    raster = _raster(running, request.frame_s)
    if moments is None:
        nothing = np.empty(0)
        moments = moments_of(nothing, nothing, nothing)
    ephemeris = pulsar.ephemeris
    return SourceFold(
        ident=source.ident,
        name=source.name,
        psr=ephemeris.psr,
        profile=_profile(running.total.copy(), running, request.frame_s),
        sky_rate=sky_e / request.frame_s,
        raster=raster,
        moments=moments,
        growth=growth_of(
            raster.sums,
            raster.variances,
            raster.shares,
            np.cumsum(raster.shares.sum(axis=1)) * request.model.interval_s,
            smear_turns=running.smear_turns,
            on=request.settings.on,
            off=request.settings.off,
        ),
        pulsed_fraction=_fraction(running, request),
        frames_counted=moments.frames,
        par_path=ephemeris.path,
        par_text=ephemeris.text,
        f0_hz=ephemeris.f0_hz,
        f1_hz_s=f1_of(ephemeris),
        pepoch_mjd=ephemeris.summary.pepoch_mjd or 0.0,
        frequency_hz=pulsar.frequency_hz,
        clock=pulsar.clock(),
    )


def _profile(sums: Numbers, running: RunningFold, frame_s: float) -> Profile:
    from ...timing.pulse.profile import Profile

    light, variances, shares = sums
    return Profile(light, variances, shares, frame_s, running.smear_turns)


def _fraction(running: RunningFold, request: FoldRequest) -> Measured:
    from ...timing.pulse.quiet import QUIET_TURNS, quiet_fraction

    on, off = request.settings.on, request.settings.off
    # Frames longer than the quiet phases leave none of them without light of the pulse.
    if on is not None or off is not None or running.smear_turns > QUIET_TURNS:
        return _profile(running.total, running, request.frame_s).pulsed_fraction(on, off)
    halves = (running.raster[:, half::2].sum(axis=1) for half in range(2))
    return quiet_fraction(*(_profile(half, running, request.frame_s) for half in halves))


def _raster(running: RunningFold, frame_s: float) -> Raster:
    sums, variances, shares = running.raster.copy()
    edges_s = running.row_s * np.arange(sums.shape[0] + 1)
    return Raster(sums, variances, shares, edges_s, frame_s)


def told(
    request: FoldRequest,
    pulsars: Sequence[PivotedPhases],
    folds: tuple[SourceFold, ...],
    frames_read: int,
) -> FoldResult:
    """Put folds and what is true of all of them together."""
    model = request.model
    cubes = request.sources[0].cubes if request.sources else ()
    first, last = _known(cubes), _known(reversed(cubes))
    span_s = float(last.max() - first.min()) + request.frame_s if first.size else 0.0
    notices = (*(note for one in pulsars for note in one.notices), model.note)
    return FoldResult(
        folds=folds,
        settings=request.settings,
        capture=request.capture,
        path=request.path,
        frames_read=frames_read,
        frames_total=request.frames_total,
        frames_missing=request.frames_missing,
        start=model.instant,
        span_s=span_s if np.isfinite(span_s) else 0.0,
        frame_s=request.frame_s,
        interval_s=model.interval_s,
        time_note=time_note(model.quality, request.settings),
        notices=tuple(dict.fromkeys(note for note in notices if note)),
        is_preview=request.is_preview,
        is_linear=request.shift is not None,
    )


def _known(cubes: Iterable[CubeCounts]) -> Numbers:
    """Times of the first cube that has any; none where no cube has."""
    times = (cube.seconds[np.isfinite(cube.seconds)] for cube in cubes)
    return next((one for one in times if one.size), np.empty(0))


def time_note(quality: str, settings: FoldSettings) -> str:
    """Say in one line what the phases are of."""
    return "; ".join(_time_words(quality, settings))


def _time_words(quality: str, settings: FoldSettings) -> Iterator[str]:
    # What an observer looks for first; a small plot has room for some of it only.
    yield "TDB, barycentre"
    yield _STAMPS[settings.stamp]
    yield "rows of the region" if settings.row_delay else "middle row"
    yield f"stamps {_SCALES.get(quality, quality)}"
    if settings.timing_offset_s:
        yield f"times less {settings.timing_offset_s:g} s"
    if settings.phase_offset:
        yield f"phases plus {settings.phase_offset:g} turn"
