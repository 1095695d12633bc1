"""Photometry and stacking of full frames, beside a loop over stars in the same run.

Run as ``python tests/benchmarks/bench_mascara_photometry.py``; prints figure, bar, reference,
ratio. Seconds are those of one core, whatever else the computer does. The sky has the stars of a
camera and the noise of a moonless night; fluxes must agree with those of the loop to 1e-6.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from mascara_per_star import measure_one
from nightglass.core.mascara.camera.model import nominal
from nightglass.core.mascara.photometry.apertures import measure
from nightglass.core.mascara.stacking.files import write_binned
from nightglass.core.mascara.stacking.stack import Binned, Stack

if TYPE_CHECKING:
    from collections.abc import Callable

SHAPE, EDGE = (2672, 4008), 50
FAST, SLOW = (2.5, 4.5), (2.5, 3.5, 4.5, 5.5)
STARS_FAST, STARS_SLOW, STARS_ALL = 6_500, 25_000, 30_000
GAIN, BAD_LEVEL = 0.62, 63000.0


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """Median of several calls after one to warm up, of the processor's time."""
    work()
    spent = []
    for _ in range(times):
        started = time.process_time()
        work()
        spent.append(time.process_time() - started)
    return statistics.median(spent)


def sky() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """An image and the stars in it, the brightest first."""
    generator = np.random.default_rng(6)
    image = generator.normal(150.0, 25.0, SHAPE).astype(np.float32)
    x, y = (generator.uniform(EDGE, size - EDGE, STARS_ALL) for size in SHAPE[::-1])
    vmag = np.sort(10.0 - generator.exponential(1.0 / (0.5 * np.log(10)), STARS_ALL))
    offsets = np.arange(-7, 8)
    for column, row, flux in zip(x, y, 10.0 ** (0.4 * (17.03 - vmag)), strict=True):
        left, low = round(column), round(row)
        across, down = (np.exp(-0.5 * ((offsets + near - place) / 1.4) ** 2)
                        for near, place in ((left, column), (low, row)))  # fmt: skip
        star = flux / (2 * np.pi * 1.4**2) * down[:, np.newaxis] * across
        image[low - 7 : low + 8, left - 7 : left + 8] += star
    return np.minimum(image, 64500.0).astype(np.float32), x, y


def loop(image: np.ndarray, x: np.ndarray, y: np.ndarray, radii: tuple[float, ...]) -> np.ndarray:
    """Fluxes, star by star."""
    apertures = np.array(radii)
    return np.array(
        [
            measure_one(image, *place, apertures, GAIN, BAD_LEVEL)[0]
            for place in zip(x, y, strict=True)
        ]
    )


def photometry() -> None:
    """Fast and slow photometry."""
    image, x, y = sky()
    for name, count, radii, bar in (
        ("fast", STARS_FAST, FAST, 0.15), ("slow", STARS_SLOW, SLOW, 1.0)
    ):  # fmt: skip
        place = x[:count], y[:count]
        ours = seconds(lambda place=place, radii=radii: measure(image, *place, radii))
        started = time.process_time()
        wanted = loop(image, *place, radii)
        theirs = time.process_time() - started
        np.testing.assert_allclose(measure(image, *place, radii).flux, wanted, 1e-6, 1e-3)
        print(
            f"{name} photometry, {count:,} stars, {len(radii)} apertures {ours * 1e3:7.0f} ms "
            f"(bar {bar * 1e3:.0f})  loop {theirs * 1e3:.0f} ms, {theirs / ours:.1f} times"
        )


def stacking() -> None:
    """One frame added to a stack, and the file of a binned image."""
    image = np.random.default_rng(7).normal(150.0, 25.0, SHAPE).astype(np.float32)
    stack = Stack(nominal("LPE"), 28.76, 5.0, SHAPE)
    spent = seconds(lambda: stack.add(image, 5.02), 9)
    print(f"one frame added to the stack {spent * 1e3:21.0f} ms (bar 80)")
    binned: Binned = stack.average()
    with tempfile.TemporaryDirectory() as folder:
        spent = seconds(lambda: write_binned(Path(folder) / "b.fits", binned, {}), 3)
    print(f"binned image written {spent * 1e3:29.0f} ms (bar 700)")


if __name__ == "__main__":
    photometry()
    stacking()
