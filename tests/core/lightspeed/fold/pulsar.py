"""A pulsar in a capture, folded: phases by PINT, light by Poisson's dice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from nightglass.core.engine.jobs import JobContext
from nightglass.core.frames.times import FrameTime, spread
from nightglass.core.lightspeed.calibration import CountScale
from nightglass.core.lightspeed.fold.files.phase_table import CubeFrames, FoldedFrames
from nightglass.core.lightspeed.fold.files.products import Folded
from nightglass.core.lightspeed.fold.files.provenance import Origin
from nightglass.core.lightspeed.fold.request import FoldRequest, SourceCounts
from nightglass.core.lightspeed.fold.settings import FoldSettings
from nightglass.core.lightspeed.fold.store import FoldStore
from nightglass.core.lightspeed.region_sums import SpotSums
from nightglass.core.lightspeed.times import TimeModel
from nightglass.core.timing.edits import PivotedPhases
from nightglass.core.timing.ephemeris import load_ephemeris
from nightglass.core.timing.sites import Site, find_site

if TYPE_CHECKING:
    from nightglass.core.lightspeed.fold.result import FoldResult
    from nightglass.core.timing.ephemeris import Ephemeris

PAR = """PSR J0534+2200
RAJ 05:34:31.97
DECJ +22:00:52.1
POSEPOCH 60800
PEPOCH 60800
F0 29.946923
F1 -3.77e-10
TZRMJD 60990.125
TZRSITE @
TZRFRQ 0
EPHEM DE421
CLOCK TT(TAI)
UNITS TDB
"""
OTHER = PAR.replace("J0534+2200", "J0000+0000").replace("29.946923", "11.5")
PAR_PATH, OTHER_PATH = Path("/data/par/crab.par"), Path("/data/par/other one.par")
SCALE = CountScale(8.5, 199.5)
INTERVAL_S, EXPOSURE_S, CONSTANT_S = 0.0021, 0.0019, 0.003
START = FrameTime(60999, 86_399.5)
MODEL = TimeModel(START, "gps", 0.0, INTERVAL_S, 1, CONSTANT_S, "A note.")
FRAMES, CUBES, PIXELS = 1000, 5, 40
PULSE_AT, PULSE_WIDTH = 0.3, 0.05
COMMAND = "nightglass fold capture --roi 'circle(1,2,3)\ncircle(4,5,6) # background'"


@dataclass(frozen=True)
class Night:
    """What is folded: by default a Crab, seen from Magellan."""

    site: Site = find_site()  # noqa: RUF009 - a constant
    pars: tuple[str, ...] = (PAR,)
    regions: tuple[str, ...] = ("crab",)
    settings: FoldSettings = FoldSettings(n_bins=32)  # noqa: RUF009 - frozen
    rate_e: float = 9.0
    pulsed_e: float = 12.0


def shape(phase: Any) -> Any:
    """Light of the pulse, a Gaussian, at most 1."""
    away = phase - PULSE_AT
    return np.exp(-0.5 * ((away - np.round(away)) / PULSE_WIDTH) ** 2)


@cache
def ephemeris(text: str) -> Ephemeris:
    path = {PAR: PAR_PATH, OTHER: OTHER_PATH}.get(text)
    return replace(load_ephemeris(text), path=path)


@cache
def folded(night: Night = Night()) -> Folded:
    """The result with its clocks and frames."""
    clocks = [
        PivotedPhases(
            ephemeris(text), night.site, START,
            *((night.settings.f0_hz, night.settings.f1_hz_s) if not number else ()),
        )
        for number, text in enumerate(night.pars)
    ]  # fmt: skip
    elapsed_s = np.arange(FRAMES * CUBES) * INTERVAL_S
    elapsed_s[7] = np.nan
    rng = np.random.default_rng(7)
    truth = clocks[0].phase(*spread(START.day, START.seconds, elapsed_s + CONSTANT_S))
    # The mean over an exposure, which is short against the pulse.
    steps = (np.arange(8) + 0.5) / 8 - 0.5
    smear = EXPOSURE_S * clocks[0].frequency_hz
    mean = np.mean([shape(np.nan_to_num(truth) + step * smear) for step in steps], axis=0)
    sources = tuple(
        SourceCounts(number, name, 31.0, _cubes(rng, elapsed_s, night, mean))
        for number, name in enumerate(night.regions, start=1)
    )
    request = FoldRequest(
        sources, tuple(map(ephemeris, night.pars)), night.site, night.settings, None, MODEL, SCALE,
        0.3, EXPOSURE_S, 0.004, 64, "crab 1", Path("/data/crab 1/crab_cube001.fits"),
        FRAMES * CUBES, 3,
    )  # fmt: skip
    result = FoldStore(1).fold(request, JobContext())
    every = [clocks[number % len(clocks)] for number in range(len(result.folds))]
    return Folded(
        result, Origin(night.site, COMMAND, "circle(1,2,3)\n"), every,
        lambda: _frames(night, request, every),
    )  # fmt: skip


def _cubes(rng: Any, elapsed_s: Any, night: Night, mean: Any) -> tuple[Any, ...]:
    light = rng.poisson(night.rate_e + night.pulsed_e * mean)
    counts = np.rint(8.5 * light + PIXELS * 199.5).astype(np.int64)
    return tuple(
        SimpleNamespace(
            seconds=elapsed_s[part], source=SpotSums(counts[part], np.full(FRAMES, PIXELS)),
            sky=None,
        )
        for part in _parts()
    )  # fmt: skip


def _parts() -> list[slice]:
    return [slice(FRAMES * cube, FRAMES * (cube + 1)) for cube in range(CUBES)]


def _frames(night: Night, request: FoldRequest, clocks: list[PivotedPhases]) -> Any:
    for number, part in enumerate(_parts()):
        seconds_s = request.sources[0].cubes[number].seconds
        day, seconds = spread(START.day, START.seconds, seconds_s + CONSTANT_S)
        folds = []
        for index, clock in enumerate(clocks):
            source = request.sources[index // len(night.pars)]
            light = request.light(source.cubes[number].source, None)
            phase = clock.phase(day, seconds) + night.settings.phase_offset
            folds.append(FoldedFrames(phase - np.floor(phase), light.net_e, light.variance_e2))
        yield CubeFrames(number + 1, part.start, day, seconds, folds)


def several(**changes: Any) -> Night:
    """Two regions on two pulsars."""
    return Night(pars=(PAR, OTHER), regions=("crab", "star b"), **changes)


def emptied(result: FoldResult) -> FoldResult:
    """The same without a fold."""
    return replace(result, folds=())
