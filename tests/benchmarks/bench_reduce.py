"""From counts to light curves and stacks, each beside numpy and scipy frame by frame.

Run as ``python tests/benchmarks/bench_reduce.py``; prints figure, bar, reference, ratio. All files
are in the page cache. Needs 4 GB of room for temporary files.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from nightglass.core.lightspeed.cube import Cube, read_cube_header
from nightglass.core.lightspeed.reduce import NATIVE_RULE, Recipe, aperture_sums, stack
from scipy.ndimage import median_filter

if TYPE_CHECKING:
    from collections.abc import Callable

    from nightglass.core.lightspeed.cube_header import CubeHeader

SMALL, FULL = (256, 256), (2304, 4096)
GAIN = 8.5
RECIPE = Recipe(GAIN)
LONG_AGO_NS = 1_700_000_000 * 10**9


def seconds(work: Callable[[], object], repeats: int = 2) -> float:
    """Shortest time of several calls, after one call to warm up."""
    work()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


class Table:
    """Lines of the result."""

    def __init__(self) -> None:
        print(f"{'figure':52} {'frames/s':>10} {'bar':>7} {'reference':>12} {'ratio':>8}")

    def line(self, name: str, ours: float, bar: str, theirs: float) -> None:
        print(f"{name:52} {ours:10,.0f} {bar:>7} {theirs:10.2f}/s {ours / theirs:7,.0f}x")


def field(shape: tuple[int, int], frames: int, stars: int, rays: int) -> np.ndarray:
    """Sky of one electron, stars that stay, cosmic rays that do not."""
    generator = np.random.default_rng(1)
    scene = np.ones(shape)
    down, across = np.indices((41, 41)) - 20
    spot = np.exp(-(down**2 + across**2) / 2 / 3.0**2)
    for star in range(stars):
        row, column = generator.integers(0, shape[0] - 41), generator.integers(0, shape[1] - 41)
        if star == 0:
            row, column = shape[0] // 2 - 20, shape[1] // 2 - 20
        scene[row : row + 41, column : column + 41] += (
            100 if star == 0 else generator.exponential(50)
        ) * spot
    kinds = [generator.poisson(scene) + generator.normal(0, 0.3, shape) for _ in range(4)]
    counts = [np.rint(kind * GAIN + 199.5).astype(np.uint16) for kind in kinds]
    values = np.array([counts[k % 4] for k in range(frames)])
    for frame in values:
        places = generator.integers(0, shape[0], rays), generator.integers(0, shape[1], rays)
        frame[places] = 3000
    return values


def write(folder: Path, number: int, values: np.ndarray) -> CubeHeader:
    """Write one cube that looks finished long ago."""
    path = folder / f"field{values.shape[1]}_20260101_000000_cube{number:03d}.fits"
    image = fits.ImageHDU(values, name="DATA_CUBE")
    image.header["HIERARCH EXPOSURE TIME"] = 0.01
    image.header["HIERARCH FRAMEBUNDLE MODE"] = "OFF"
    stamps = fits.Column("TIMESTAMP", "D", array=np.arange(len(values)) * 0.01)
    table = fits.BinTableHDU.from_columns([stamps], name="TIMESTAMPS")
    fits.HDUList([fits.PrimaryHDU(), image, table]).writeto(path)
    os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS))
    return read_cube_header(path)


def slow_frame(header: CubeHeader, cube: Cube, index: int) -> np.ndarray:
    """One frame in electrons, cosmic rays NaN, by numpy and scipy."""
    value = (header.encoding.decode(cube.raw(index)).astype(np.float64) - 199.5) / GAIN
    median = median_filter(value, 3, mode="reflect")
    value[np.abs(value - median) / np.sqrt(np.maximum(median, 0) + 1) > 20] = np.nan
    return value


def slow_rate(header: CubeHeader, frames: int, use: Callable[[np.ndarray], object]) -> float:
    """Frames per second of the reference."""
    cube = Cube(header, mapping=True)

    def work() -> None:
        for index in range(frames):
            use(slow_frame(header, cube, index))

    try:
        return frames / seconds(work, 2)
    finally:
        cube.close()


def light_curves(table: Table, folder: Path) -> None:
    down, across = np.indices(SMALL)
    mask = np.hypot(down - 128, across - 128) < 12
    values = field(SMALL, 1000, 5, 2)
    headers = [write(folder, number + 1, values) for number in range(20)]
    theirs = slow_rate(headers[0], 100, lambda frame: np.nansum(frame[mask]))
    total = 1000 * len(headers)
    for threads in (1, None):
        for mapping in (None, True):
            rate = total / seconds(
                lambda: aperture_sums(headers, RECIPE, [mask], threads=threads, mapping=mapping)  # noqa: B023
            )
            name = f"circle of 12 px in 256x256, {threads or 'all'} thread(s)"
            bar = "500x" if threads is None and mapping is None else ""
            table.line(name + (", mapped" if mapping else ""), rate, bar, theirs)
    rate = total / seconds(lambda: aperture_sums(headers, RECIPE, [mask], clip=True))
    table.line("the same, rounded electrons", rate, "", theirs)
    for header in headers:
        header.path.unlink()
    short = [write(folder, number + 1, values[:100]) for number in range(200)]
    rate = 20_000 / seconds(lambda: aperture_sums(short, RECIPE, [mask]))
    table.line("the same, 200 cubes of 100 frames", rate, "", theirs)


def stacks(table: Table, folder: Path) -> None:
    values = field(FULL, 100, 100, 20)
    headers = [write(folder, number + 1, values) for number in range(2)]
    del values
    kept, good = np.zeros(FULL), np.zeros(FULL)

    def add(frame: np.ndarray) -> None:
        seen = ~np.isnan(frame)
        kept[seen] += frame[seen]
        good[seen] += 1

    theirs = slow_rate(headers[0], 2, add)
    plain = Recipe(GAIN, cosmic=None)
    bias = Recipe(GAIN, pedestal_e=np.random.default_rng(2).normal(0, 0.3, FULL))
    cases = [
        ("stack of 2304x4096", "250x", RECIPE, {}),
        ("the same, one thread", "", RECIPE, {"threads": 1}),
        ("the same, files read and not mapped", "", RECIPE, {"mapping": False}),
        ("the same, with a pedestal", "", bias, {}),
        ("the same, no cosmic rays cut", "", plain, {}),
        ("the same, rounded electrons", "", RECIPE, {"clip": True}),
    ]
    for name, bar, recipe, how in cases:
        rate = 200 / seconds(lambda: stack(headers, recipe, **how), 2)  # noqa: B023
        table.line(name, rate, bar, theirs)
    print(
        f"memory of its own during a stack: {memory_mb(lambda: stack(headers * 3, RECIPE)):.0f} MB"
    )


def memory_mb(work: Callable[[], object]) -> float:
    """Most anonymous memory while `work` runs, above what there was."""
    before, most, done = _anonymous_mb(), [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            most[0] = max(most[0], _anonymous_mb())

    watcher = threading.Thread(target=watch)
    watcher.start()
    work()
    done.set()
    watcher.join()
    return most[0] - before


def _anonymous_mb() -> float:
    text = Path("/proc/self/status").read_text(encoding="utf-8")
    return float(text.split("RssAnon:")[1].split()[0]) / 1024


def main() -> int:
    """Print the table."""
    print(f"rule: {NATIVE_RULE}; load of the machine {os.getloadavg()[0]:.1f}")
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        light_curves(table, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        stacks(table, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
