"""Figures of the picture engine, each beside a reference measured in the same run.

Run as ``python tests/benchmarks/bench_picture.py``; prints figure, bar, reference, ratio.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from nightglass.core.frames.encoding import Encoding
from nightglass.core.picture.codes import SCALE_CODES
from nightglass.core.picture.colour import colour_table
from nightglass.core.picture.limits import Limits, find_limits
from nightglass.core.picture.profile import radial_profile
from nightglass.core.picture.render import RenderRequest, recolour, render
from nightglass.core.picture.stack import FrameStack
from nightglass.core.picture.stretch import Stretch
from nightglass.core.picture.viewport import Viewport
from nightglass.core.picture.warm import warm

if TYPE_CHECKING:
    from collections.abc import Callable

FULL = (2304, 4096)
SCREEN = (1400, 790)
CAMERA = Encoding(">i2", 1.0, 32768.0)
FRAMES = 12
LOW, HIGH = 250.0, 400.0


def seconds(work: Callable[[int], object], repeats: int = 2 * FRAMES) -> float:
    """Median time of one call, after one call to warm up."""
    work(0)
    times = []
    for k in range(repeats):
        started = time.perf_counter()
        work(k % FRAMES)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


class Table:
    """Lines of the result."""

    def __init__(self) -> None:
        print(f"{'figure':44} {'measured':>12} {'bar':>12} {'reference':>30} {'ratio':>7}")

    def line(self, name: str, ours_s: float, bar: str, reference: str, theirs_s: float) -> None:
        measured = f"{ours_s * 1e3:.2f} ms"
        other = f"{reference} {theirs_s * 1e3:.1f} ms"
        print(f"{name:44} {measured:>12} {bar:>12} {other:>30} {theirs_s / ours_s:6.1f}x")


class Cube:
    """Full frames as the camera stores them, mapped from the disk."""

    shape = FULL
    encoding = CAMERA
    generation = 0

    def __init__(self, folder: Path) -> None:
        generator = np.random.default_rng(1)
        path = folder / "frames.bin"
        with path.open("wb") as file:
            for _ in range(FRAMES):
                counts = generator.poisson(300, FULL).astype(np.int32)
                file.write((counts - 32768).astype(">i2").tobytes())
        self.frames = np.memmap(path, ">i2", "r", shape=(FRAMES, *FULL))

    def read_raw(self, index: int, rows: slice | None = None, into: object = None) -> np.ndarray:
        del into
        return self.frames[index] if rows is None else self.frames[index, rows]


def area_by_reduceat(raw: np.ndarray) -> np.ndarray:
    """Whole-pixel block means by numpy, no fractions: what one would write at once."""
    counts = CAMERA.decode(raw).astype(np.float32)
    rows = np.linspace(0, FULL[0], SCREEN[1], endpoint=False).astype(int)
    columns = np.linspace(0, FULL[1], SCREEN[0], endpoint=False).astype(int)
    return np.add.reduceat(np.add.reduceat(counts, rows, axis=0), columns, axis=1)


def by_pyqtgraph(frame: np.ndarray) -> object:
    from pyqtgraph import functions

    return functions.makeARGB(frame, levels=(LOW, HIGH))


def pictures(table: Table, cube: Cube) -> None:
    view = Viewport.fit(FULL, *SCREEN)
    locked = RenderRequest(view, lock=(LOW, HIGH))
    reference = seconds(lambda k: area_by_reduceat(cube.frames[k]), 5)
    with ThreadPoolExecutor(1) as executor:
        cases: list[tuple[str, str, RenderRequest, ThreadPoolExecutor | None]] = [
            ("full frame to 1400x790, area average", "6 ms", locked, None),
            ("the same, two threads", "", locked, executor),
            ("the same, zscale anew, saturation", "", RenderRequest(view, saturation=6e4), None),
            ("the same, log", "", RenderRequest(view, stretch=Stretch("log")), None),
        ]
        for name, bar, request, threads in cases:
            ours = seconds(lambda k: render(cube.frames[k], CAMERA, request, threads))  # noqa: B023
            table.line(name, ours, bar, "numpy reduceat", reference)
    small = RenderRequest(Viewport.fit((512, 512), *SCREEN), lock=(LOW, HIGH))
    corner = np.ascontiguousarray(cube.frames[:, :512, :512])
    ours = seconds(lambda k: render(corner[k], CAMERA, small))
    theirs = seconds(lambda k: by_pyqtgraph(CAMERA.decode(corner[k])))
    table.line("512x512 frame, codes", ours, "", "pyqtgraph makeARGB", theirs)


def limits(table: Table, cube: Cube) -> None:
    from astropy.visualization import ZScaleInterval

    interval = ZScaleInterval(n_samples=600)
    theirs = seconds(lambda k: interval.get_limits(CAMERA.decode(cube.frames[k])), 5)
    ours = seconds(lambda k: find_limits(cube.frames[k], Limits("zscale"), CAMERA))
    table.line("zscale of a full frame", ours, "5 ms", "astropy", theirs)
    for mode, reference in (
        (Limits("minmax"), lambda raw: (raw.min(), raw.max())),
        (Limits("percentile", 99.5), lambda raw: np.percentile(raw, [0.25, 99.75])),
    ):
        ours = seconds(lambda k: find_limits(cube.frames[k], mode, CAMERA))  # noqa: B023
        theirs = seconds(lambda k: reference(CAMERA.decode(cube.frames[k])), 3)  # noqa: B023
        table.line(f"{mode.mode} of a full frame", ours, "", "numpy", theirs)


def colours(table: Table) -> None:
    index = np.random.default_rng(2).integers(0, SCALE_CODES, SCREEN[::-1]).astype(np.uint16)
    out = np.empty(index.shape, np.uint32)
    lookup = colour_table("heat")
    ours = seconds(lambda _: recolour(index, lookup, out))
    theirs = seconds(lambda _: np.take(lookup, index, out=out))
    table.line("recolour 1.1 Mpixel", ours, "1.5 ms", "numpy take", theirs)
    ours = seconds(lambda k: colour_table("heat", False, 1.0 + k / 10, 0.4))
    theirs = seconds(lambda _: by_pyqtgraph(index))
    table.line("colour table at another contrast", ours, "1 ms", "pyqtgraph makeARGB", theirs)


def stacks(table: Table, cube: Cube) -> None:
    everything = FRAMES - 1
    for kind, reference in (
        ("mean", lambda: cube.frames[:].astype(np.float32).mean(axis=0)),
        ("max", lambda: CAMERA.decode(cube.frames[:]).max(axis=0)),
        ("median", None),
    ):
        ours = seconds(lambda _: FrameStack(cube, kind, FRAMES).image(everything), 3)  # noqa: B023
        if reference is None:
            theirs = 36 * seconds(lambda _: np.median(cube.frames[:, :64], axis=0), 1)
        else:
            theirs = seconds(lambda _: reference(), 1)  # noqa: B023
        table.line(f"{kind} of {FRAMES} full frames", ours, "", "numpy", theirs)
    running = FrameStack(cube, "mean", FRAMES // 2)
    ours = seconds(running.image, FRAMES)
    theirs = seconds(lambda _: cube.frames[:6].astype(np.float32).mean(axis=0), 1)
    table.line("running mean of 6, one step", ours, "", "numpy", theirs)


def profiles(table: Table) -> None:
    down, across = np.indices((101, 101))
    star = 500 + 2000 * (1 + ((across - 50.2) ** 2 + (down - 49.7) ** 2) / 16) ** -3.0
    star += np.random.default_rng(3).normal(0, 5, star.shape)
    ours = seconds(lambda _: radial_profile(star, 51, 50))
    table.line("radial profile with fit", ours, "", "one screen frame", 1 / 60)


def main() -> int:
    """Print the table."""
    print(f"loading of the compiled loops: {warm():.2f} s")
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        cube = Cube(Path(folder))
        pictures(table, cube)
        limits(table, cube)
        colours(table)
        stacks(table, cube)
        profiles(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
