"""Figures of region statistics, each beside a reference measured in the same run.

Run as ``python tests/benchmarks/bench_region_numbers.py``; prints figure, bar, reference, ratio.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from nightglass.core.engine.jobs import JobContext
from nightglass.core.frames.fits_image import FitsImageSource
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.masks import mask_of
from nightglass.core.regions.numbers.aperture_flux import Counts
from nightglass.core.regions.numbers.centroid import snap
from nightglass.core.regions.numbers.many_frames import measure_all
from nightglass.core.regions.numbers.statistics import measure
from nightglass.core.regions.shapes import Annulus, Box, Circle, Ellipse, Polygon, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

FULL = (2304, 4096)
CAMERA = Counts(199.5, 8.5, 60_000, 0.3)
FRAMES, SMALL = 4000, (256, 256)


def seconds(work: Callable[[int], object], repeats: int = 50) -> float:
    """Median time of one call, after one call to warm up."""
    work(0)
    times = []
    for k in range(repeats):
        started = time.perf_counter()
        work(k)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def line(name: str, ours_s: float, bar: str, reference: str, theirs_s: float) -> None:
    """Print one figure."""
    other = f"{reference} {theirs_s * 1e3:.1f} ms"
    measured = f"{ours_s * 1e3:.2f} ms"
    print(f"{name:44} {measured:>12} {bar:>9} {other:>34} {theirs_s / ours_s:6.1f}x")


def frame() -> NDArray[np.uint16]:
    """A full frame of noise."""
    return np.random.default_rng(1).poisson(300, FULL).astype(np.uint16)


def ten(shift: float = 0.0) -> dict[int, RegionEntry]:
    """Ten ordinary regions with a star of 3 pixels in each source: five pairs."""
    entries: dict[int, RegionEntry] = {}
    for k in range(5):
        x, y = 300.3 + 800 * k + (shift if k == 2 else 0.0), 200.2 + 450 * k
        shapes: tuple[Shape, ...] = (
            Circle(x, y, 8), Ellipse(x, y, 10, 7, 30), Box(x, y, 16, 14, 20), Circle(x, y, 12),
            Polygon(((x - 9, y - 9), (x + 10, y - 6), (x + 2, y + 10))),
        )  # fmt: skip
        entries[2 * k] = RegionEntry("source", shapes[k], tags=(f"{k}",))
        sky = Annulus(x, y, 14, 20)
        entries[2 * k + 1] = RegionEntry("annulus", sky, background=True, tags=(f"{k}",))
    return entries


def with_stars(image: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Put a star under each source."""
    rows, columns = np.mgrid[-30:31, -30:31]
    star = (3000 * np.exp(-(rows**2 + columns**2) / 8)).astype(np.uint16)
    for k in range(5):
        x, y = 299 + 800 * k, 199 + 450 * k
        image[y - 30 : y + 31, x - 30 : x + 31] += star
    return image


def by_numpy(image: NDArray[np.uint16], entries: Mapping[int, RegionEntry]) -> list[float]:
    """Plain numbers by masks of the whole frame: what one would write at once."""
    found = []
    for entry in entries.values():
        values = image[mask_of(entry, FULL)]
        found += [values.sum(), values.mean(), np.median(values), values.std()]
        found += [values.min(), values.max()]
    return found


def one_frame(image: NDArray[np.uint16]) -> None:
    """Ten regions, in every way."""
    entries = ten()
    theirs = seconds(lambda _: by_numpy(image, entries), 3)
    for method in ("center", "exact", "subpixel"):
        ours = seconds(lambda _: measure(image, entries, CAMERA, method=method))  # type: ignore[arg-type]  # noqa: B023
        bar = "3 ms" if method == "center" else ""
        line(f"ten regions on a full frame, {method}", ours, bar, "numpy, whole masks", theirs)
    steps = [ten(k / 7) for k in range(51)]
    ours = seconds(lambda k: measure(image, steps[k + 1], CAMERA))
    line("the same, one of them dragged", ours, "16 ms", "numpy, whole masks", theirs)
    large = {0: RegionEntry("circle", Circle(2048, 1152, 1000))}
    ours = seconds(lambda _: measure(image, large, CAMERA), 5)
    theirs = seconds(lambda _: by_numpy(image, large), 3)
    line("a circle of 1000 pixels radius", ours, "", "numpy, whole masks", theirs)


def thousand(image: NDArray[np.uint16]) -> None:
    """Very many regions."""
    places = np.random.default_rng(2).uniform((20, 20), (4070, 2280), (1000, 2))
    entries = {k: RegionEntry("circle", Circle(x, y, 5)) for k, (x, y) in enumerate(places)}
    ours = seconds(lambda _: measure(image, entries, CAMERA), 5)
    theirs = 100 * seconds(lambda _: by_numpy(image, {k: entries[k] for k in range(10)}), 2)
    line("a thousand circles without sky", ours, "", "numpy, whole masks", theirs)


def snapping(image: NDArray[np.uint16]) -> None:
    """Find a star."""
    ours = seconds(lambda _: snap(image, 303, 197, 10))
    line("snap to a star", ours, "", "one screen frame", 1 / 60)


def all_frames() -> None:
    """A whole capture."""
    cube = np.random.default_rng(3).poisson(300, (FRAMES, *SMALL)).astype(np.uint16)
    entries = {
        0: RegionEntry("circle", Circle(120, 130, 8)),
        1: RegionEntry("annulus", Annulus(120, 130, 12, 18), background=True),
    }
    masks = [mask_of(entry, SMALL) for entry in entries.values()]

    def plain(_: int) -> None:
        for mask in masks:
            values = cube[:, mask]
            np.median(values), values.mean(), values.std(), values.min(), values.max()

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cube.fits"
        fits.writeto(path, cube)
        source = FitsImageSource(path, mapping=True)
        ours = seconds(lambda _: measure_all(source, entries, CAMERA, JobContext()), 3)
        source.close()
    theirs = seconds(plain, 3)
    line(f"all of {FRAMES} frames of 256x256, a pair", ours, "", "numpy in memory", theirs)


def main() -> int:
    """Print the table."""
    print(f"{'figure':44} {'measured':>12} {'bar':>9} {'reference':>34} {'ratio':>7}")
    image = with_stars(frame())
    one_frame(image)
    thousand(image)
    snapping(image)
    all_frames()
    return 0


if __name__ == "__main__":
    sys.exit(main())
