"""Phases of a million frames from a par file, beside PINT asked for every frame.

Run as ``python tests/benchmarks/bench_phases.py``; PINT is imported before the clock starts, its
nodes are computed anew each time. The reference is PINT on two thousand of the same frames,
scaled up.
"""

from __future__ import annotations

import statistics
import time
from importlib.resources import files

import numpy as np
from nightglass.core.frames.times import spread
from nightglass.core.timing import phase as phase_module
from nightglass.core.timing.ephemeris import load_ephemeris
from nightglass.core.timing.nodes import PintPhases
from nightglass.core.timing.phase import PhaseModel
from nightglass.core.timing.sites import find_site

FRAMES = 1_000_000
SAMPLE = 2_000
START_DAY, START_S = 61_019, 11_700.0
BAR_S = 0.3


def measure(name: str, interval_s: float) -> None:
    """Print one line: a par file over a million frames of this interval."""
    par = str(files("nightglass.resources.data").joinpath(name))
    site = find_site()
    load_ephemeris(par)  # imports PINT and reads its tables
    day, seconds = spread(START_DAY, START_S, np.arange(FRAMES) * interval_s)
    spent = []
    for _ in range(5):
        phase_module._cache.clear()
        started = time.perf_counter()
        model = PhaseModel(load_ephemeris(par), site)
        _, fraction = model.phase(day, seconds)
        spent.append(time.perf_counter() - started)
    ask = PintPhases(load_ephemeris(par), site)
    step = FRAMES // SAMPLE
    started = time.perf_counter()
    _, rest = ask(day[::step], seconds[::step])
    reference_s = (time.perf_counter() - started) * step
    wrong = (fraction[::step] - rest + 0.5) % 1.0 - 0.5
    worst_ns = np.abs(wrong).max() / model.ephemeris.f0_hz * 1e9
    ours_s = statistics.median(spent)
    print(
        f"{name:18} {FRAMES * interval_s / 60:7.1f} min  {ours_s:6.3f} s (bar {BAR_S} s, worst "
        f"{max(spent):.3f})  PINT {reference_s:6.0f} s  ratio {reference_s / ours_s:7.0f}  "
        f"worst {worst_ns:.2f} ns"
    )


if __name__ == "__main__":
    for par_name in ("crab_demo.par", "binary_demo.par"):
        for interval in (0.0005, 0.005):
            measure(par_name, interval)
