"""Pulsars of every kind put into the counts of a camera, and folded by the store."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from nightglass.core.engine.jobs import JobContext
from nightglass.core.frames.times import FrameTime
from nightglass.core.lightspeed.calibration import CountScale
from nightglass.core.lightspeed.fold.request import FoldRequest, SourceCounts
from nightglass.core.lightspeed.fold.settings import FoldSettings
from nightglass.core.lightspeed.region_sums import SpotSums
from nightglass.core.lightspeed.times import TimeModel
from nightglass.core.simulate.pulse import PulseShape
from nightglass.core.timing.ephemeris import load_ephemeris
from nightglass.core.timing.grid import later
from nightglass.core.timing.phase import PhaseModel
from nightglass.core.timing.sites import find_site

if TYPE_CHECKING:
    from nightglass.core.lightspeed.fold.result import SourceFold
    from nightglass.core.lightspeed.fold.store import FoldStore

HEAD = """PSR TEST
RAJ 05:34:31.97
DECJ +22:00:52.1
POSEPOCH 60800
PEPOCH 60800
EPHEM DE421
CLOCK TT(TAI)
UNITS TDB
"""
ISOLATED = HEAD + "F0 11.19\nF1 -1.5e-11\n"
BINARY = HEAD + "F0 85.3\nBINARY DD\nPB 0.1\nA1 1.4\nT0 60999.3\nECC 0.3\nOM 70\n"
ACCRETING = HEAD + "F0 400.975\nBINARY ELL1\nPB 0.0839\nA1 0.0628\nTASC 60999.3\nEPS1 0\nEPS2 0\n"
CRAB = HEAD + "F0 29.946923\nF1 -3.77e-10\n"
SITE = find_site()
START = FrameTime(60999, 30_000.25)
CONSTANT_S = 0.003
SCALE, READ_NOISE_E = CountScale(8.5, 199.5), 0.3
PIXELS, SKY_PIXELS, SKY_E = 40, 120, 0.02
CUBES = 4


@dataclass(frozen=True)
class Injected:
    """A pulsar, the frames taken of it, and its light.

    `peaks` and `fraction` are those of `PulseShape`, `rate` is its mean in electrons a second.
    """

    par: str
    interval_s: float
    exposure_s: float
    peaks: tuple[tuple[float, float, float], ...]
    fraction: float
    rate: float
    frames: int = 6000
    n_bins: int = 32
    start: FrameTime = START

    @property
    def model(self) -> TimeModel:
        return TimeModel(self.start, "gps", 0.0, self.interval_s, 1, CONSTANT_S, "")

    @cached_property
    def shape(self) -> PulseShape:
        return PulseShape(self.peaks, self.fraction)

    @cached_property
    def ephemeris(self) -> Any:
        return load_ephemeris(self.par)

    @cached_property
    def seconds(self) -> list[Any]:
        """Starts of the exposures of each cube; the same arrays for every seed."""
        return list(np.split(np.arange(self.frames) * self.interval_s, CUBES))

    @cached_property
    def expected_e(self) -> Any:
        """Electrons of the star in each frame, without noise."""
        elapsed_s = np.concatenate(self.seconds)
        day, seconds = later(*self.start, elapsed_s + CONSTANT_S)
        turns, fraction = PhaseModel(self.ephemeris, SITE).phase(day, seconds)
        frequency = np.gradient((turns - turns[0]) + fraction, elapsed_s)
        light = self.shape.averaged(fraction, frequency * self.exposure_s)
        return self.rate * self.exposure_s * light

    def cubes(self, seed: int) -> list[SimpleNamespace]:
        """Counts of the star in its pixels and of sky, as the camera gives them."""
        rng = np.random.default_rng([seed, self.frames])
        star = self._counts(rng, self.expected_e + SKY_E * PIXELS, PIXELS)
        sky = self._counts(rng, np.full(self.frames, SKY_E * SKY_PIXELS), SKY_PIXELS)
        return [
            SimpleNamespace(seconds=seconds, source=one, sky=other)
            for seconds, one, other in zip(self.seconds, star, sky, strict=True)
        ]

    def _counts(self, rng: np.random.Generator, expected_e: Any, pixels: int) -> list[SpotSums]:
        electrons = rng.poisson(expected_e)
        electrons = electrons + rng.normal(0.0, READ_NOISE_E * pixels**0.5, self.frames)
        counts = SCALE.adu_per_electron * electrons + SCALE.offset_adu * pixels
        return [
            SpotSums(part, np.full(part.size, pixels))
            for part in np.split(np.rint(counts).astype(np.int64), CUBES)
        ]

    def request(self, cubes: list[Any], **settings: Any) -> FoldRequest:
        return FoldRequest(
            (SourceCounts(1, "star", 31.0, tuple(cubes)),), (self.ephemeris,), SITE,
            FoldSettings(**{"n_bins": self.n_bins, **settings}), None, self.model, SCALE,
            READ_NOISE_E, self.exposure_s, 0.004, 64, "star", Path("star_cube001.fits"),
            self.frames, 0,
        )  # fmt: skip

    def folded(self, store: FoldStore, seed: int, **settings: Any) -> SourceFold:
        request = self.request(self.cubes(seed), **settings)
        return store.fold(request, JobContext()).folds[0]


TWO_PEAKS = ((0.30, 0.06, 0.6), (0.70, 0.12, 0.4))
PULSARS = {
    "isolated": Injected(ISOLATED, 0.005, 0.0049, ((0.9, 0.1, 1.0),), 0.6, 3000.0, n_bins=64),
    "binary": Injected(BINARY, 0.0021, 0.002, ((0.2, 0.3, 1.0),), 0.7, 8000.0),
    "accreting": Injected(ACCRETING, 0.001, 0.001, ((0.45, 0.5, 1.0),), 0.5, 2e4),
    "crab": Injected(CRAB, 0.002, 0.002, TWO_PEAKS, 0.8, 8000.0, n_bins=64),
    "frames longer than a turn": Injected(
        CRAB, 0.0516, 0.05, ((0.2, 0.5, 1.0),), 0.8, 8000.0, frames=4000, n_bins=16
    ),
}
