"""From counts to light curves and stacks, each beside numpy and scipy frame by frame.

Run as ``python tests/benchmarks/bench_reduce.py``; prints figure, bar, reference, ratio, row by row
as they are found. All files are in the page cache. Needs 4 GB of room for temporary files.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits
from nightglass.core.lightspeed.cube import Cube, read_cube_header
from nightglass.core.lightspeed.reduce import (
    NATIVE_RULE,
    Recipe,
    aperture_sums,
    histograms,
    stack,
)
from scipy.ndimage import median_filter

if TYPE_CHECKING:
    from collections.abc import Callable

    from nightglass.core.lightspeed.cube_header import CubeHeader

SMALL, FULL = (256, 256), (2304, 4096)
GAIN = 8.5
RECIPE = Recipe(GAIN)
BAR_MB = 1024
LINKS = 10
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
        print(f"{'figure':44} {'frames/s':>10} {'bar':>6} {'reference':>12} {'ratio':>8}   load")

    def line(self, name: str, ours: float, bar: str, theirs: float) -> None:
        print(
            f"{name:44} {ours:10,.0f} {bar:>6} {theirs:10.2f}/s {ours / theirs:7,.0f}x "
            f"{os.getloadavg()[0]:6.1f}",
            flush=True,
        )


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
    """A small aperture in small frames."""
    down, across = np.indices(SMALL)
    mask = np.hypot(down - 128, across - 128) < 12
    values = field(SMALL, 1000, 5, 2)
    headers = [write(folder, number + 1, values) for number in range(10)]
    generator = np.random.default_rng(2)
    bias = Recipe(GAIN, pedestal_e=generator.normal(0, 0.3, SMALL))
    weights = [generator.random(SMALL)]
    theirs = slow_rate(headers[0], 50, lambda frame: np.nansum(frame[mask]))
    cases: list[tuple[str, str, Recipe, dict[str, Any]]] = [
        ("circle of 12 px in 256x256", "500x", RECIPE, {}),
        ("the same, one thread", "", RECIPE, {"threads": 1}),
        ("the same, mapped", "", RECIPE, {"mapping": True}),
        ("the same, with a pedestal", "500x", bias, {}),
        ("the same, rounded electrons", "", RECIPE, {"clip": True}),
        ("the same, rounded, with a pedestal", "", bias, {"clip": True}),
        ("the same, weighted", "", RECIPE, {"weights": weights}),
    ]
    for name, bar, recipe, how in cases:
        spent_s = seconds(lambda: aperture_sums(headers, recipe, [mask], **how))  # noqa: B023
        table.line(name, 1000 * len(headers) / spent_s, bar, theirs)
    spent_s = seconds(lambda: histograms(headers, RECIPE, mask, low_adu=180, high_adu=320))
    table.line("histograms of its pixels", 1000 * len(headers) / spent_s, "", theirs)
    for header in headers:
        header.path.unlink()
    short = [write(folder, number + 1, values[:100]) for number in range(100)]
    spent_s = seconds(lambda: aperture_sums(short, RECIPE, [mask]))
    table.line("circle of 12 px, 100 cubes of 100 frames", 10_000 / spent_s, "", theirs)


def stacks(table: Table, folder: Path) -> None:
    """Whole frames."""
    values = field(FULL, 100, 100, 20)
    header = write(folder, 1, values)
    del values
    kept, good = np.zeros(FULL), np.zeros(FULL)

    def add(frame: np.ndarray) -> None:
        seen = ~np.isnan(frame)
        kept[seen] += frame[seen]
        good[seen] += 1

    theirs = slow_rate(header, 2, add)
    plain = Recipe(GAIN, cosmic=None)
    bias = Recipe(GAIN, pedestal_e=np.random.default_rng(2).normal(0, 0.3, FULL))
    cases: list[tuple[str, str, Recipe, dict[str, Any]]] = [
        ("stack of 2304x4096", "250x", RECIPE, {}),
        ("the same, one thread", "", RECIPE, {"threads": 1}),
        ("the same, files read and not mapped", "", RECIPE, {"mapping": False}),
        ("the same, with a pedestal", "250x", bias, {}),
        ("the same, no cosmic rays cut", "250x", plain, {}),
    ]
    for name, bar, recipe, how in cases:
        spent_s = seconds(lambda: stack([header] * 2, recipe, **how))  # noqa: B023
        table.line(name, 200 / spent_s, bar, theirs)
    spent_s = seconds(lambda: stack([header], bias, clip=True), 1)
    table.line("the same, rounded, with a pedestal", 100 / spent_s, "", theirs)
    memory(folder, header)


def memory(folder: Path, header: CubeHeader) -> None:
    """Anonymous memory of a stack of one cube linked under many names."""
    for number in range(2, LINKS + 1):
        os.link(header.path, folder / header.path.name.replace("cube001", f"cube{number:03d}"))
    gigabytes = LINKS * header.path.stat().st_size / 1e9
    words = [sys.executable, __file__, str(folder)]
    with subprocess.Popen(words) as process:
        peak_kb = 0
        while process.poll() is None:
            peak_kb = max(peak_kb, anonymous_kb(process.pid))
            time.sleep(0.02)
    print(
        f"RssAnon of a stack of {gigabytes:.0f} GB with a pedestal: {peak_kb / 1024:.0f} MB "
        f"(bar {BAR_MB}), exit code {process.returncode}",
        flush=True,
    )


def anonymous_kb(pid: int) -> int:
    """RssAnon of a process; 0 once it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if "RssAnon" in line), 0)


def stack_folder(folder: Path) -> int:
    """Do what `memory` watches from outside."""
    headers = [read_cube_header(path) for path in sorted(folder.glob("*.fits"))]
    bias = Recipe(GAIN, pedestal_e=np.random.default_rng(2).normal(0, 0.3, FULL))
    stack(headers, bias)
    return 0


def main() -> int:
    """Print the table."""
    print(f"rule: {NATIVE_RULE}; load of the machine {os.getloadavg()[0]:.1f}", flush=True)
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        light_curves(table, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        stacks(table, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(stack_folder(Path(sys.argv[1])) if len(sys.argv) > 1 else main())
