"""Fold of two million frames, beside numpy in the same run. The bar is for the first two.

Run as ``python tests/benchmarks/bench_fold.py``. The references: numpy's histograms for frames
that fall whole into a bin, and the cumulative method (interpolated integrals between the bin
edges) for frames that are spread out.
"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import numpy as np
from nightglass.core.timing.fold import fold

if TYPE_CHECKING:
    from collections.abc import Callable

FRAMES, BINS, BAR_MS = 2_000_000, 128, 50.0


def milliseconds(work: Callable[[], object]) -> float:
    """Median of nine calls after one to warm up."""
    work()
    spent = []
    for _ in range(9):
        started = time.perf_counter()
        work()
        spent.append(time.perf_counter() - started)
    return statistics.median(spent) * 1e3


def whole(phases: np.ndarray, values: np.ndarray, variances: np.ndarray) -> None:
    """Sums, variances and exposure by numpy, every frame in one bin."""
    place = (phases * BINS).astype(np.int64)
    for weights in (values, variances, None):
        np.bincount(place, weights, minlength=BINS)


def spread(phases: np.ndarray, values: np.ndarray, smear: float) -> None:
    """Sums by numpy, every frame split between at most two bins."""
    low = (phases - smear / 2) * BINS
    first = np.floor(low)
    share = np.clip((first + 1 - low) / (smear * BINS), 0.0, 1.0)
    for place, part in ((first, share), (first + 1, 1 - share)):
        where = place.astype(np.int64) % BINS
        for weights in (values * part, part):
            np.bincount(where, weights, minlength=BINS)


if __name__ == "__main__":
    generator = np.random.default_rng(1)
    turns = generator.random(FRAMES)
    flux = generator.poisson(20.0, FRAMES).astype(float)
    for name, covered, reference in (
        ("whole frames", 0.0, lambda: whole(turns, flux, flux)),
        ("smeared over 0.005 turns", 0.005, lambda: spread(turns, flux, 0.005)),
        ("smeared over 0.06 turns", 0.06, None),
        ("smeared over 2.3 turns", 2.3, None),
    ):
        ours = milliseconds(
            lambda covered=covered: fold(
                turns, flux, 0.001, BINS, smear_turns=covered, variances=flux
            )
        )
        theirs = f"numpy {milliseconds(reference):.0f} ms" if reference else ""
        print(f"fold of {FRAMES:,} points, {name:26} {ours:7.1f} ms (bar {BAR_MS:.0f})  {theirs}")
