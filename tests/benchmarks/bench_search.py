"""Search of 10,000 trial frequencies over 100,000 frames with each statistic. The bar is 5 s.

Run as ``python tests/benchmarks/bench_search.py``. The references do the same for fewer trials and
are scaled up: numpy, one sine and cosine for every frame, trial and harmonic or one histogram for
every trial; and stingray's searches of as many events, where it is installed.
"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import numpy as np
from nightglass.core.timing.search.around import search_around
from nightglass.core.timing.search.blind import search_blind
from nightglass.core.timing.search.grid import Extent
from nightglass.core.timing.search.light import SearchLight
from nightglass.core.timing.search.result import Prediction
from nightglass.core.timing.search.statistic import Statistic

if TYPE_CHECKING:
    from collections.abc import Callable

FRAMES, TRIALS, INTERVAL_S, F0_HZ, BAR_S = 100_000, 10_000, 0.001, 29.946, 5.0
SAMPLE = 20


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """Median of some calls after one to warm up."""
    work()
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        spent.append(time.perf_counter() - started)
    return statistics.median(spent)


def light() -> SearchLight:
    """A weak pulse beside the prediction."""
    t = np.arange(FRAMES) * INTERVAL_S
    phase = (F0_HZ + 0.0123) * t % 1.0
    counts = np.random.default_rng(1).poisson(20.0 + np.exp(-0.5 * ((phase - 0.5) / 0.05) ** 2))
    return SearchLight.of(counts, t, interval_s=INTERVAL_S).turned(F0_HZ, 0.0)


def by_numpy(some: SearchLight, statistic: Statistic, offsets_hz: np.ndarray) -> None:
    """The same statistic the plain way."""
    for offset in offsets_hz:
        phase = some.turns + offset * some.clock_s
        if statistic.kind == "ef":
            place = ((phase - np.floor(phase)) * statistic.bins).astype(np.int64)
            for weights in (some.values, None):
                np.bincount(place, weights, minlength=statistic.bins)
            continue
        for k in range(1, statistic.harmonics + 1):
            angle = 2.0 * np.pi * k * phase
            abs(some.values @ np.cos(angle) + 1j * (some.values @ np.sin(angle)))


def by_stingray(statistic: Statistic) -> str:
    """Time of stingray for as many events as frames; H is not there."""
    try:
        from stingray.pulse.search import epoch_folding_search, z_n_search
    except ImportError:
        return "stingray is not installed"
    if statistic.kind == "h":
        return ""
    events = np.sort(np.random.default_rng(2).uniform(0.0, FRAMES * INTERVAL_S, FRAMES))
    trials_hz = F0_HZ + np.arange(TRIALS // SAMPLE) * 0.0025

    def work() -> None:
        if statistic.kind == "ef":
            epoch_folding_search(events, trials_hz, nbin=statistic.bins)
        else:
            z_n_search(events, trials_hz, nharm=statistic.harmonics)

    return f"stingray {seconds(work, 1) * SAMPLE:6.1f} s"


def main() -> None:
    """Print a line for each search."""
    some = light()
    for statistic in (Statistic.of("z2"), Statistic.of("h"), Statistic.of("ef")):
        for name, extent in (
            ("F0", Extent(trials=TRIALS)),
            ("F0 and F1", Extent(trials=TRIALS // 20, f1_span=10 * 4.0 / statistic.harmonics,
                                 f1_is_in_turns=True)),
        ):  # fmt: skip
            grid = extent.grid(some.span_s, statistic.harmonics)
            spent_s = seconds(
                lambda statistic=statistic, grid=grid: search_around(
                    some, Prediction(F0_HZ), statistic, grid
                )
            )
            print(
                f"{statistic.name:6} {name:9} {grid.trials:6,} trials x {FRAMES:,} frames "
                f"{spent_s:6.2f} s (bar {BAR_S:.0f} s)"
            )
        offsets = grid.f0.offsets[: TRIALS // 1000]
        plain_s = seconds(lambda s=statistic, o=offsets: by_numpy(some, s, o), 1) * 1000
        print(f"       numpy {plain_s:6.1f} s  {by_stingray(statistic)}")
    print(f"blind  {FRAMES:,} frames {seconds(lambda: search_blind(some)):6.2f} s")


if __name__ == "__main__":
    main()
