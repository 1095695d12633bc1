"""Counts of a pulsar in any number of frames, without files: what a fold is asked for."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from nightglass.core.frames.times import FrameTime
from nightglass.core.lightspeed.calibration import CountScale
from nightglass.core.lightspeed.fold.request import FoldRequest, SourceCounts
from nightglass.core.lightspeed.fold.settings import FoldSettings
from nightglass.core.lightspeed.region_sums import SpotSums
from nightglass.core.lightspeed.times import TimeModel
from nightglass.core.timing.ephemeris import load_ephemeris
from nightglass.core.timing.sites import find_site
from nightglass.core.workbench.light.ledger import SlabCounts

if TYPE_CHECKING:
    from collections.abc import Iterator

PAR = Path(str(files("nightglass.resources.data").joinpath("crab_demo.par")))
INTERVAL_S, FREQUENCY_HZ = 0.0005, 29.6
CUBE_FRAMES, PIXELS, SKY_PIXELS = 1000, 200, 800
SCALE = CountScale(9.35, 200.0)
START = FrameTime(61_019, 11_700.0)


def cubes(frames: int) -> Iterator[SlabCounts]:
    """Counts of star and sky, cube by cube, with a pulse and Poisson noise."""
    random = np.random.default_rng(1)
    for first in range(0, frames, CUBE_FRAMES):
        seconds = INTERVAL_S * np.arange(first, min(first + CUBE_FRAMES, frames))
        light = random.poisson(20.0 + 5.0 * np.cos(2.0 * np.pi * FREQUENCY_HZ * seconds))
        star, sky = (
            SpotSums(counts.astype(np.int64), np.full(seconds.size, pixels))
            for counts, pixels in (
                (9.35 * light + PIXELS * 201.0, PIXELS),
                (random.normal(SKY_PIXELS * 201.0, 60.0, seconds.size), SKY_PIXELS),
            )
        )
        yield SlabCounts(seconds, star, sky)


def request(frames: int, n_bins: int) -> FoldRequest:
    """The fold of so many frames on the par file of the simulator."""
    return FoldRequest(
        sources=(SourceCounts(1, "crab", 127.0, tuple(cubes(frames))),),
        ephemerides=(load_ephemeris(PAR),),
        site=find_site(),
        settings=FoldSettings(n_bins=n_bins),
        shift=None,
        model=TimeModel(START, "gps", 0.0, INTERVAL_S, 1, 0.0, ""),
        scale=SCALE,
        read_noise_e=0.3,
        frame_s=INTERVAL_S,
        readout_s=0.0,
        frame_rows=256,
        capture="crab",
        path=Path("crab"),
        frames_total=frames,
        frames_missing=0,
    )
