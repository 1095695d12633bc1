"""Figures of the fold as an observer waits for them, each beside a reference of the same run.

Run as ``python tests/benchmarks/bench_fold_window.py [--data FOLDER] [--only ROW ...]``. Kernels
alone are in bench_fold_live.py, the search in bench_search.py. A million frames of 16 x 16 are
simulated once and kept in FOLDER; 100,000 of 256 x 256 (13 GB) are written, read beforehand and
removed, and skipped by name where there is less than 16 GB of memory or no room on the disk.
``NIGHTGLASS_BENCH_FRAMES=10000`` takes fewer of them.

The window stands on the screen of DISPLAY, or on an Xvfb of 1600 x 900 that the script starts.
Every figure ends with the paint of profile and raster, the answer of the X server included. A
stall is how late a timer of 4 ms comes; that of a process without a window, which does nothing
else at the same time, tells what the machine adds.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from bench_region_light import FRAMES, SIDE, by_numpy, read_beforehand, why_not
from fold_captures import LONG_FRAMES, STAR, long_capture, write_wide
from fold_light import FREQUENCY_HZ, INTERVAL_S, request
from nightglass.core.engine.jobs import JobContext
from nightglass.core.lightspeed.fold.request import Shift
from nightglass.core.lightspeed.fold.store import FoldStore
from window_support import Row, case, command, milliseconds, print_table, screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightglass.core.lightspeed.fold.request import FoldRequest

HERE = Path(__file__).resolve().parent
THREADS, REBINNED, DRAGGED = 2, 2_000_000, 1_000_000
BINS, MANY_BINS, BEFORE = (32, 64), 256, 16
REBIN_MS, DRAG_MS, PREVIEW_MS, FIRST_S, PHASES_S = 10.0, 100.0, 150.0, 5.0, 0.3
STALL_MS, P99_MS, START_S = 50.0, 16.0, 1.0
MOVES, RUNS = 60, 5
LIVE_PER_S, LIVE_SIDE = 2000, 64
_case = partial(case, script="fold_cases.py")


class Bench:
    """The rows of the table."""

    def __init__(self, data: Path, home: Path, live_s: int) -> None:
        self._data, self._home, self._live_s = data, home, live_s

    def rebin(self) -> Iterator[Row]:
        """Other bins, and a changed frequency, through what the program keeps of a capture."""
        asked = request(REBINNED, BEFORE)
        theirs_ms = milliseconds(lambda: by_bincount(REBINNED, BINS[0]), 3)
        reference = f"numpy bincount of the same {theirs_ms:.0f} ms"
        store = folded(asked)
        for n_bins in (*BINS, MANY_BINS):
            ours_ms = rebinned_ms(store, asked, n_bins)
            figure = f"{REBINNED:,} frames in {n_bins} bins instead, whole result"
            is_met = ours_ms <= REBIN_MS if n_bins in BINS else None
            bar = f"<= {REBIN_MS:.0f} ms" if n_bins in BINS else ""
            yield Row(figure, bar, f"{ours_ms:.1f} ms", reference, is_met)
        store.fold(asked, JobContext())
        same_ms = milliseconds(lambda: store.fold(asked, JobContext()))
        figure = "of that what is no folding: growth, pulsed fraction, copies"
        yield Row(figure, "", f"{same_ms:.1f} ms", "the same bins asked for again", None)

    def drag(self) -> Iterator[Row]:
        """F0 dragged by the ridge line."""
        asked = request(DRAGGED, BINS[0])
        store = folded(asked)
        moved = replace(asked, shift=Shift(1e-4, 1e-8))
        alone_ms = milliseconds(lambda: store.fold(moved, JobContext()))
        theirs_ms = milliseconds(lambda: by_bincount(DRAGGED, BINS[0], 1e-4, 1e-8), 3)
        reference = f"numpy, without a window {theirs_ms:.0f} ms"
        found = _case("drag", self._home, path=long_capture(self._data), moves=MOVES)
        assert found["frames"] == LONG_FRAMES
        figure = f"F0 of {LONG_FRAMES:,} frames dragged, mouse to painted profile and raster"
        yield _waited(figure, DRAG_MS, found["times"], reference)
        yield Row("of that the fold", "", f"{alone_ms:.1f} ms", "without a window", None)
        exact = f"{found['exact_ms']:.0f} ms"
        yield Row("hand let go, to exact phases of PINT", "", exact, "", None)

    def wide(self) -> Iterator[Row]:
        """100,000 frames of 256 x 256: the region moved, and the first fold."""
        figure = f"first fold of {FRAMES:,} frames of {SIDE} x {SIDE}"
        reason = why_not(self._data)
        if reason:
            yield Row(figure, f"<= {FIRST_S:.0f} s", "skipped", reason, None)
            return
        with tempfile.TemporaryDirectory(dir=self._data) as name:
            folder = Path(name) / "crab"
            write_wide(folder, FRAMES)
            yield from self._first(figure, folder)
            yield from self._region(folder)

    def _first(self, figure: str, folder: Path) -> Iterator[Row]:
        read_beforehand(folder)
        theirs_s = by_numpy(folder, min(FRAMES, 20_000))
        reference = f"numpy, counting alone, one thread {theirs_s:.1f} s"
        for told, is_counted in (("at once with it", False), ("and counted before", True)):
            found = _case("first", self._home, path=folder, is_counted=is_counted)
            seconds, phases_s = found["seconds"], found["phases_s"]
            name = f"{figure}, region drawn {told}"
            bar, took = f"<= {FIRST_S:.0f} s", f"{seconds:.2f} s"
            yield Row(name, bar, took, reference, seconds <= FIRST_S)
            loading = f"PINT imported, par file read after {found['loading_s']:.2f} s"
            bar, took = f"<= {PHASES_S} s", f"{phases_s:.2f} s"
            yield Row("of that the phases", bar, took, loading, phases_s <= PHASES_S)

    def _region(self, folder: Path) -> Iterator[Row]:
        found = _case("region", self._home, path=folder, moves=MOVES)
        figure = f"region of {FRAMES:,} frames moved, mouse to painted fold"
        reference = f"of {found['preview']:,} frames; all after {found['whole_ms']:.0f} ms"
        yield _waited(figure, PREVIEW_MS, found["times"], reference)

    def live(self) -> Iterator[Row]:
        """A camera followed, folded, its region and its frequency dragged."""
        frames = LIVE_PER_S * self._live_s
        folder = Path(tempfile.mkdtemp(dir=self._home))
        size, pace = [str(LIVE_SIDE), str(LIVE_SIDE)], str(1.0 / LIVE_PER_S)
        words = command(
            "simulate", "lightspeed", "--output", folder, "--object", "live", "--live", "--json",
            "--frames", str(frames), "--shape", *size, "--exposure", pace, "--interval", pace,
            "--frames-per-cube", "500", *STAR,
        )  # fmt: skip
        idle = [sys.executable, str(HERE / "fold_cases.py"), "idle"]
        with (
            subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as writer,
            subprocess.Popen([*idle, json.dumps({"seconds": self._live_s})],
                             stdout=subprocess.PIPE) as bare,
        ):  # fmt: skip
            found = _case("live", self._home, folder=folder, frames=frames, is_moved=True)
            written = int(json.loads(writer.communicate()[0])["frames"])
            yield from live_rows(found, json.loads(bare.communicate()[0]), written)

    def start(self) -> Iterator[Row]:
        """The window with the dock of the fold."""
        times = [self._start_s() for _ in range(RUNS + 1)][1:]
        middle = statistics.median(times)
        yield Row(
            "start to usable window, fold on view, second start", f"<= {START_S} s",
            f"{middle:.2f} s (worst {max(times):.2f})", "see bench_window.py", middle <= START_S,
        )  # fmt: skip

    def _start_s(self) -> float:
        timings = self._home / "timings.json"
        words = command("--timings", timings, "--exit-after", "1")
        environment = {**os.environ, "NIGHTGLASS_HOME": str(self._home)}
        subprocess.run(words, env=environment, check=True)
        return float(json.loads(timings.read_text(encoding="utf-8"))["startup_s"])


def live_rows(found: dict[str, Any], bare: dict[str, float], written: int) -> Iterator[Row]:
    """What is told of a run with a live camera."""
    yield Row(
        "frames folded live against frames written", "equal", f"{found['folded']:,}",
        f"{written:,} written", found["folded"] == found["counted"] == written,
    )  # fmt: skip
    run = f"{found['drags']} drags of region and F0 in {found['seconds']:.0f} s"
    for name, key, bar_ms in (
        ("worst", "worst_ms", STALL_MS),
        ("99th percentile", "p99_ms", P99_MS),
    ):
        bar, took = f"<= {bar_ms:.0f} ms", f"{found[key]:.1f} ms"
        beside = f"{run}; idle process {bare[key]:.1f} ms"
        yield Row(f"main-thread stall, {name}", bar, took, beside, found[key] <= bar_ms)
    problems = "; ".join(found["problems"]) or "no problem reported"
    yield Row("processors used meanwhile", "", f"{found['cores']:.2f}", problems[:48], None)


def _waited(figure: str, bar_ms: float, times: list[list[float]], reference: str) -> Row:
    """A row of how long a hand waits for what it did."""
    seen_ms = np.array(times)[:, 1]
    middle_ms, most_ms = float(np.median(seen_ms)), float(np.percentile(seen_ms, 95))
    took = f"{middle_ms:.0f} ms (95 %: {most_ms:.0f})"
    return Row(figure, f"<= {bar_ms:.0f} ms", took, reference, middle_ms <= bar_ms)


def with_bins(asked: FoldRequest, n_bins: int) -> FoldRequest:
    """The same with other bins."""
    return replace(asked, settings=replace(asked.settings, n_bins=n_bins))


def rebinned_ms(store: FoldStore, asked: FoldRequest, n_bins: int) -> float:
    """Median time of folds with other bins: as many, and down to a fifth less, each once."""
    times = []
    for bins in range(n_bins, n_bins - max(4, n_bins // 5), -1):
        other = with_bins(asked, bins)
        begun_s = time.perf_counter()
        store.fold(other, JobContext())
        times.append(1e3 * (time.perf_counter() - begun_s))
    return statistics.median(times)


def folded(asked: FoldRequest) -> FoldStore:
    """What the program keeps after a fold."""
    store = FoldStore(THREADS)
    store.fold(asked, JobContext())
    return store


def by_bincount(frames: int, n_bins: int, df_hz: float = 0.0, df1_hz_s: float = 0.0) -> None:
    """Fold light with numpy: sums, variances and frames of each bin, no frame split."""
    time_s = INTERVAL_S * np.arange(frames)
    phase = (FREQUENCY_HZ * time_s + df_hz * time_s + 0.5 * df1_hz_s * time_s**2) % 1.0
    place = (phase * n_bins).astype(np.int64)
    for weights in (time_s, phase, None):
        np.bincount(place, weights, n_bins)


ROWS = ("rebin", "drag", "wide", "live", "start")


def main() -> int:
    """Print the table; 1 when a bar is not met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=ROWS, default=ROWS)
    parser.add_argument("--live-seconds", type=int, default=60)
    usual = Path(tempfile.gettempdir()) / "nightglass-benchmark"
    parser.add_argument("--data", type=Path, default=usual)
    wanted = parser.parse_args()
    wanted.data.mkdir(parents=True, exist_ok=True)
    with screen(), tempfile.TemporaryDirectory(dir=wanted.data) as home:
        bench = Bench(wanted.data, Path(home), wanted.live_seconds)
        return print_table(row for name in wanted.only for row in getattr(bench, name)())


if __name__ == "__main__":
    sys.exit(main())
