"""Figures of the fold that builds up live, each beside numpy or PINT in the same run.

Run as ``python tests/benchmarks/bench_fold_live.py [--data FOLDER] [--only ROW ...]``. The movie
writes a capture of 100,000 frames of 256 x 256 (13 GB) into a temporary folder there, reads it
once, measures in a process of its own, and removes it; it is skipped by name where there is less
than 16 GB of memory or no room on the disk. ``NIGHTGLASS_BENCH_FRAMES=10000`` takes fewer frames.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from bench_region_light import FRAMES as MOVIE_FRAMES
from bench_region_light import SIDE, read_beforehand, why_not, write
from nightglass.core.frames.times import spread
from nightglass.core.lightspeed.calibration import CountScale
from nightglass.core.lightspeed.fold.movie.movie import PhaseMovie
from nightglass.core.lightspeed.fold.movie.plan import Plan
from nightglass.core.lightspeed.fold.running_kernels import add_pieces
from nightglass.core.lightspeed.open_capture import open_capture
from nightglass.core.timing import phase as phase_module
from nightglass.core.timing.ephemeris import load_ephemeris
from nightglass.core.timing.nodes import PintPhases
from nightglass.core.timing.phase import PhaseModel
from nightglass.core.timing.pulse.moments import HARMONICS, moments_of
from nightglass.core.timing.pulse.pieces import fold_pieces
from nightglass.core.timing.pulse.ranges import PhaseRange
from nightglass.core.timing.pulse.shift import shifted_phases
from nightglass.core.timing.sites import find_site
from window_support import Row, case, milliseconds, print_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

THREADS = 2
INTERVAL_S, FREQUENCY_HZ, BINS = 0.0005, 29.6, 32
PIECE_FRAMES = 500
REBINNED, DRAGGED, MOMENTS, PHASES = 2_000_000, 1_000_000, 1_000_000, 100_000
SAMPLE, NUMPY_FRAMES = 500, 2000
START_DAY, START_S = 61_019, 11_700.0
REBIN_MS, DRAG_MS, MOMENTS_MS, PHASES_MS, MOVIE_S = 10.0, 100.0, 40.0, 300.0, 10.0


class Light:
    """Frames of a pulsar: phases, electrons and variances, in pieces."""

    def __init__(self, frames: int) -> None:
        self.elapsed_s = np.arange(frames) * INTERVAL_S
        self.phase = self.elapsed_s * FREQUENCY_HZ % 1.0
        generator = np.random.default_rng(1)
        self.values = generator.poisson(20.0, frames).astype(float)
        self.variances = self.values + 3.0
        self.starts = np.arange(0, frames + 1, PIECE_FRAMES)

    def fold(self, bins: int, smear: float, phase: Numbers | None = None) -> None:
        """Fold all pieces, and add them up to the total and a raster of rows of 16 pieces."""
        turns = self.phase if phase is None else phase
        made = fold_pieces(
            turns, self.values, self.variances, self.starts, bins, smear, threads=THREADS
        )
        rows = np.arange(self.starts.size - 1) // 16
        total, raster = np.zeros((3, bins)), np.zeros((3, rows[-1] + 1, bins))
        for kind in range(3):
            add_pieces(made[kind], rows, total[kind], raster[kind])

    def fold_by_numpy(self, bins: int, smear: float, phase: Numbers | None = None) -> None:
        """Fold all frames at once with bincount, each split between at most two bins."""
        low = ((self.phase if phase is None else phase) - smear / 2) * bins
        first = np.floor(low)
        share = np.clip((first + 1 - low) / (smear * bins), 0.0, 1.0)
        for place, part in ((first, share), (first + 1, 1 - share)):
            where = place.astype(np.int64) % bins
            for weights in (self.values * part, self.variances * part * part, part):
                np.bincount(where, weights, minlength=bins)


def _row(figure: str, bar_ms: float, ours_ms: float, reference: str, theirs_ms: float) -> Row:
    told = f"{reference} {theirs_ms:,.0f} ms ({theirs_ms / ours_ms:,.0f}x)"
    return Row(figure, f"<= {bar_ms:.0f} ms", f"{ours_ms:.2f} ms", told, ours_ms <= bar_ms)


def rebin() -> Iterator[Row]:
    """Frames folded again with other bins."""
    light = Light(REBINNED)
    smear = INTERVAL_S * FREQUENCY_HZ
    for bins in (BINS, 64):
        ours = milliseconds(lambda bins=bins: light.fold(bins, smear))
        theirs = milliseconds(lambda bins=bins: light.fold_by_numpy(bins, smear), 3)
        figure = f"{REBINNED:,} frames in pieces into {bins} bins"
        yield _row(figure, REBIN_MS, ours, "numpy bincount", theirs)
    for name, covered in (("2 bins", 0.06), ("0.4 turns", 0.4), ("2.3 turns", 2.3)):
        ours = milliseconds(lambda covered=covered: light.fold(BINS, covered))
        figure = f"{REBINNED:,} frames of {name} into {BINS} bins"
        yield Row(figure, "", f"{ours:.2f} ms", "", None)


def drag() -> Iterator[Row]:
    """Phases moved with F0 and F1, and folded."""
    light = Light(DRAGGED)
    smear, df, df1 = INTERVAL_S * FREQUENCY_HZ, 1e-3, 1e-7
    moved = np.empty(DRAGGED)

    def ours() -> None:
        light.fold(BINS, smear, shifted_phases(light.phase, light.elapsed_s, df, df1, out=moved))

    def theirs() -> None:
        time_s = light.elapsed_s
        turns = (light.phase + df * time_s + 0.5 * df1 * time_s**2) % 1.0
        light.fold_by_numpy(BINS, smear, turns)

    figure = f"F0 and F1 of {DRAGGED:,} frames changed, and folded again"
    yield _row(figure, DRAG_MS, milliseconds(ours), "numpy", milliseconds(theirs, 3))


def moments() -> Iterator[Row]:
    """Sums for Z^2 and H."""
    light = Light(MOMENTS)
    ours = milliseconds(lambda: moments_of(light.phase, light.values, light.variances), 5)

    def theirs() -> None:
        turn = np.exp(2j * np.pi * light.phase[::10])
        power = np.ones_like(turn)
        for _ in range(HARMONICS):
            power *= turn
            (power * light.values[::10]).sum()
            power.sum()

    figure = f"moments of {MOMENTS:,} frames, {HARMONICS} harmonics, one thread"
    yield _row(figure, MOMENTS_MS, ours, "numpy", 10 * milliseconds(theirs, 3))


def phases() -> Iterator[Row]:
    """Phases from a par file, PINT imported beforehand and asked anew."""
    site = find_site()
    seconds = np.arange(PHASES) * INTERVAL_S
    day, seconds = spread(START_DAY, START_S, seconds)
    step = PHASES // SAMPLE
    for name in ("crab_demo.par", "binary_demo.par"):
        par = str(files("nightglass.resources.data").joinpath(name))
        ask = PintPhases(load_ephemeris(par), site)

        def ours(par: str = par) -> None:
            phase_module._cache.clear()
            PhaseModel(load_ephemeris(par), site).phase(day, seconds)

        def theirs(ask: PintPhases = ask) -> None:
            ask(day[::step], seconds[::step])

        figure = f"phases of {PHASES:,} frames, {name}"
        ours_ms, theirs_ms = milliseconds(ours, 5), step * milliseconds(theirs, 1)
        yield _row(figure, PHASES_MS, ours_ms, "PINT", theirs_ms)


def movie(place: Path) -> Iterator[Row]:
    """A capture added up into images by phase."""
    figure, bar = f"movie of {MOVIE_FRAMES:,} frames of {SIDE} x {SIDE}", f"<= {MOVIE_S:.0f} s"
    reason = why_not(place)
    if reason:
        yield Row(figure, bar, "skipped", reason, None)
        return
    with tempfile.TemporaryDirectory(dir=place) as name:
        folder = Path(name) / "crab"
        write(folder)
        read_beforehand(folder)
        found = case("movie", Path(name), script="bench_fold_live.py", folder=folder)
    ours_s = found["ours_s"]
    theirs = f"numpy, one frame after another {found['theirs_s']:.0f} s"
    yield Row(f"{figure}, {BINS} bins", bar, f"{ours_s:.2f} s", theirs, ours_s <= MOVIE_S)
    yield Row("the same on one thread", "", f"{found['single_s']:.2f} s", "", None)
    copied = f"a copy of it {found['copy_ms']:.0f} ms"
    yield Row("image of the pulse of that", "", f"{found['pulse_ms']:.0f} ms", copied, None)
    yield Row("memory of the process at most", "", f"{found['peak_mb']:.0f} MB", "", None)


def build(cubes: Any, threads: int) -> tuple[float, PhaseMovie]:
    """Seconds for a movie of all cubes, phases given, and the movie."""
    made = PhaseMovie(Plan.of(cubes[0].shape, BINS), threads=threads)
    begun, first = time.perf_counter(), 0
    for cube in cubes:
        elapsed_s = (first + np.arange(cube.n_frames)) * INTERVAL_S
        made.add(cube, elapsed_s * FREQUENCY_HZ % 1.0)
        first += cube.n_frames
    return time.perf_counter() - begun, made


def by_numpy(cube: Any) -> float:
    """Seconds for all frames with numpy, from some of them."""
    data = np.memmap(cube.path, ">i2", "r", cube.data_offset, (cube.n_frames, *cube.shape))
    sums = np.zeros((BINS, *cube.shape), np.int64)
    frames = min(NUMPY_FRAMES, cube.n_frames)
    places = (np.arange(frames) * INTERVAL_S * FREQUENCY_HZ % 1.0 * BINS).astype(int)
    begun = time.perf_counter()
    for frame, place in zip(data, places, strict=False):
        sums[place] += frame
    return (time.perf_counter() - begun) * MOVIE_FRAMES / frames


def measure_movie(folder: str) -> dict[str, float]:
    """What the case of the movie finds, in a process of its own."""
    cubes = open_capture(Path(folder)).cubes
    build(cubes[:1], THREADS)
    ours_s, made = build(cubes, THREADS)
    scale = CountScale(9.35, 200.0)
    images = made.images(scale, 0.3)
    on, off = PhaseRange(0.9, 0.1), PhaseRange(0.5, 0.8)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "ours_s": ours_s,
        "single_s": build(cubes, 1)[0],
        "copy_ms": milliseconds(lambda: made.images(scale, 0.3), 5),
        "pulse_ms": milliseconds(lambda: images.on_minus_off(on, off), 5),
        "peak_mb": peak_mb,
        "theirs_s": by_numpy(cubes[0]),
    }


ROWS = {"rebin": rebin, "drag": drag, "moments": moments, "phases": phases}


def main() -> int:
    """Print the table; 1 when a bar is not met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=[*ROWS, "movie"], default=[*ROWS, "movie"])
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()))
    wanted = parser.parse_args()
    makers = {**ROWS, "movie": lambda: movie(wanted.data)}
    return print_table(row for name in wanted.only for row in makers[name]())


if __name__ == "__main__":
    if sys.argv[1:2] == ["movie"]:
        print(json.dumps(measure_movie(**json.loads(sys.argv[2]))))
    else:
        sys.exit(main())
