"""Light curves of regions: hand to quick look, and the pass over all frames, beside numpy.

Run as ``python tests/benchmarks/bench_region_light.py [folder]``. It writes a capture of 100,000
frames of 256 x 256 (13 GB) into a temporary folder there, reads it once, measures, and removes it.
It says so and stops where there is less than 16 GB of memory or no room on the disk.
``NIGHTGLASS_BENCH_FRAMES=10000`` takes fewer frames.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from nightglass.core.engine import Engine
from nightglass.core.lightspeed.open_capture import open_capture
from nightglass.core.problems import ProblemList
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.masks import mask_of
from nightglass.core.regions.shapes import Annulus, Circle
from nightglass.core.session.regions import RegionList
from nightglass.core.settings import Settings
from nightglass.core.simulate.lightspeed import simulate_capture
from nightglass.core.simulate.settings import CaptureSettings
from nightglass.core.workbench import Workbench
from nightglass.core.workbench.light.light import RegionLight

FRAMES = int(os.environ.get("NIGHTGLASS_BENCH_FRAMES", "100000"))
SIDE, CUBE_FRAMES, SEED_FRAMES = 256, 1000, 1000
LEAST_MEMORY = 16e9
STEPS = 40
PATIENCE_S = 120.0
SOURCE = RegionEntry("circle", Circle(128.0, 128.0, 8.0))
SKY = RegionEntry("annulus", Annulus(128.0, 128.0, 14.0, 22.0), background=True)
LARGE = RegionEntry("circle", Circle(128.0, 128.0, 60.0))
LARGE_SKY = RegionEntry("annulus", Annulus(128.0, 128.0, 80.0, 110.0), background=True)


def why_not(folder: Path) -> str:
    """Say why it cannot be measured here; "" when it can."""
    need = FRAMES * SIDE * SIDE * 2
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if need > 4e9 and memory < LEAST_MEMORY:
        return f"the machine has {memory / 1e9:.0f} GB of memory, 16 are needed"
    free = shutil.disk_usage(folder).free
    return f"{free / 1e9:.0f} GB are free in {folder}" if free < 1.2 * need else ""


def write(folder: Path) -> None:
    """Simulate one cube, and give its frames again under the names of all others."""
    settings = CaptureSettings(
        frames=2 * CUBE_FRAMES, frames_per_cube=CUBE_FRAMES, shape=(SIDE, SIDE), object_name="crab"
    )
    simulate_capture(settings, folder)
    first, second = sorted(folder.glob("*_cube*.fits"))[:2]
    stem = first.name.partition("_cube")[0]
    for number in range(3, FRAMES // CUBE_FRAMES + 1):
        shutil.copyfile(second, folder / f"{stem}_cube{number:03d}.fits")


def read_beforehand(folder: Path) -> float:
    """Have every byte in the memory of the system."""
    begun = time.perf_counter()
    for path in sorted(folder.glob("*.fits")):
        with path.open("rb", buffering=0) as file:
            while file.read(8 << 20):
                pass
    return time.perf_counter() - begun


class Bench:
    """The program without a window, and a hand that drags."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.bench = Workbench(engine, engine.problems, Settings())
        self.regions = RegionList()
        self.bench.open([folder])
        self.wait(lambda: self.bench.capture is not None)
        capture = self.bench.capture
        self.wait(lambda: capture.counted == capture.captured)
        self.light = RegionLight(
            engine, self.bench.desk, self.bench.session, self.regions, engine.problems
        )

    def wait(self, reached) -> None:
        if not self.engine.mailbox.drain_until(reached, PATIENCE_S):
            raise SystemExit("it did not happen in time")

    def curve(self):
        return self.light.curves(self.bench.session.view.capture)[0]

    def count(self, entries) -> float:
        """Seconds from new regions to all frames counted."""
        begun = time.perf_counter()
        self.regions.replace_all(entries, None, "Load")
        self.wait(lambda: self.curve().counted == FRAMES)
        return time.perf_counter() - begun

    def drag(self) -> tuple[list[float], int]:
        """Seconds from each step of a hand to the look at the whole capture, and its frames."""
        ident, took = next(iter(self.regions.entries)), []
        entry = self.regions.entries[ident]
        self.regions.begin("Move")
        for step in range(1, STEPS + 1):
            told: list[str] = []
            begun = time.perf_counter()
            shape = replace(entry.shape, x=entry.shape.x + 0.25 * step)
            self.regions.edit("Move", {ident: replace(entry, shape=shape)})
            self.light.changed.connect(told.append)
            self.wait(lambda told=told: bool(told))
            self.light.changed.disconnect(told.append)
            curve = self.curve()
            took.append(time.perf_counter() - begun)
        seen = len(curve.frames)
        self.regions.abort()
        return took, seen


def by_numpy(folder: Path, frames: int) -> float:
    """Seconds for source and annulus of as many frames with numpy on the mapped files."""
    cubes = open_capture(folder).cubes
    masks = [np.flatnonzero(mask_of(one.shape, (SIDE, SIDE))) for one in (SOURCE, SKY)]
    begun, done = time.perf_counter(), 0
    for cube in cubes:
        data = np.memmap(cube.path, ">i2", "r", cube.data_offset, (cube.n_frames, SIDE * SIDE))
        for mask in masks:
            data[:, mask].sum(1, dtype=np.int64)
        done += cube.n_frames
        if done >= frames:
            break
    return (time.perf_counter() - begun) * FRAMES / done


def measure(folder: Path) -> None:
    """Print all figures."""
    print(f"{FRAMES} frames of {SIDE} x {SIDE}, read beforehand in {read_beforehand(folder):.1f} s")
    with Engine(ProblemList()) as engine:
        bench = Bench(engine, folder)
        for name, entries in (
            ("circle 8, ring 14-22", (SOURCE, SKY)),
            ("the same, locked", (replace(SOURCE, tags=("lock=5",)), SKY)),
            ("circle 60, ring 80-110", (LARGE, LARGE_SKY)),
        ):
            whole_s = bench.count(entries)
            took, seen = bench.drag()
            print(f"{name}: all frames {whole_s:.2f} s (bar 5 s)")
            print(
                f"{name}: hand to look at {seen} frames, median "
                f"{1e3 * statistics.median(took):.1f} ms, longest {1e3 * max(took):.1f} ms "
                "(bar 100 ms)"
            )
            begun = time.perf_counter()
            for _ in range(20):
                bench.curve()
            print(f"{name}: curves for the window {50 * (time.perf_counter() - begun):.2f} ms")
        bench.light.close()
        bench.bench.close()
    numpy_s = by_numpy(folder, min(FRAMES, 20_000))
    print(f"circle 8, ring 14-22 by numpy on mapped files, one thread: {numpy_s:.2f} s")


def main() -> None:
    """Measure, or say why not."""
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.gettempdir())
    reason = why_not(place)
    if reason:
        print(f"skipped: {reason}")
        return
    with tempfile.TemporaryDirectory(dir=place) as name:
        folder = Path(name) / "crab"
        write(folder)
        measure(folder)


if __name__ == "__main__":
    main()
