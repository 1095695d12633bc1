"""Figures of the night panel as an observer waits for them.

Run as ``python tests/benchmarks/bench_night_panel.py [--data FOLDER] [--only ROW ...]``. A finished
five-camera night is made once and kept in FOLDER (5 minutes; 19 GB of holes, 1 GB on the disk): a
journal of 100 batches a camera, and night files of 6,500 fast and 22,000 slow stars of 5,000
exposures each.

The window stands on the screen of DISPLAY, or on an Xvfb of 1600 x 900 that the script starts.
Every figure ends with the paint, the answer of the X server included. A stall is how late a timer
of 4 ms comes; that of a process without a window, which does nothing at the same time, tells what
the machine adds, and "work" what the main thread itself worked in its longest turn.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from night_files import finished_night, running_night
from window_support import Row, case, command, print_table, screen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Path(__file__).resolve().parent
BEHIND_S, OPEN_S, CURVE_MS, SEARCH_MS, STALL_MS, MEMORY_MB = 1.0, 2.0, 50.0, 30.0, 50.0, 600.0
RUNS, BATCHES, MORE, MOVES = 5, 60, 5, 80
IDLE_S = 60
_case = partial(case, script="night_cases.py")


class Bench:
    """The rows of the table."""

    def __init__(self, output: Path, home: Path) -> None:
        self._output, self._home = output, home

    def behind(self) -> Iterator[Row]:
        """From the journal to the screen."""
        running = running_night(self._home, BATCHES)
        times = _case("behind", self._home, output=running, batches=BATCHES, more=MORE)["times"]
        took = f"{_seconds(times):.2f} s (worst {max(times) / 1e3:.2f})"
        figure = "line appended to the journal, to painted grid"
        looks = "looked at every 0.25 s"
        yield Row(figure, f"<= {BEHIND_S:g} s", took, looks, max(times) / 1e3 <= BEHIND_S)

    def open(self) -> Iterator[Row]:
        """A finished night, in a window that has not shown the workspace yet."""
        for page, told in (("plots", "tiles, grid and plots"), ("curves", "tiles, grid, stars")):
            runs = [_case("opened", self._home, output=self._output, page=page)
                    for _ in range(RUNS)]  # fmt: skip
            seconds, cpu_s = _median(runs, "seconds"), _median(runs, "cpu_s")
            worst_s = max(run["seconds"] for run in runs)
            figure = f"finished night opened, disk cold, to {told}"
            beside = f"{cpu_s:.2f} s of a processor; tiles, grid {_median(runs, 'glance_s'):.2f} s"
            took = f"{seconds:.2f} s (worst {worst_s:.2f})"
            yield Row(figure, f"<= {OPEN_S:g} s", took, beside, seconds <= OPEN_S)

    def curve(self) -> Iterator[Row]:
        """One star after another."""
        found = _case("curve", self._home, output=self._output, moves=MOVES)
        figure = f"light curve of {found['points']:,} points, key to painted plot"
        yield _waited(figure, CURVE_MS, found["times"], "stars not read before")

    def search(self) -> Iterator[Row]:
        """A number, a name, a position typed."""
        found = _case("search", self._home, output=self._output)
        figure = f"search among {found['stars']:,} stars, key to painted list"
        yield _waited(figure, SEARCH_MS, found["times"], "bar: 35,000 stars")

    def session(self) -> Iterator[Row]:
        """A scripted hour."""
        running = running_night(self._home, BATCHES)
        words = [sys.executable, str(HERE / "fold_cases.py"), "idle"]
        asked = json.dumps({"seconds": IDLE_S})
        with subprocess.Popen([*words, asked], stdout=subprocess.PIPE) as bare:
            found = _case("session", self._home, output=self._output, running=running,
                          batches=BATCHES)  # fmt: skip
            idle_ms = json.loads(bare.communicate()[0])["worst_ms"]
        for name, (worst_ms, cpu_ms) in found["stalls"].items():
            is_met = worst_ms <= STALL_MS
            figure, took = f"worst stall: {name}", f"{worst_ms:.0f} ms ({cpu_ms:.0f} of work)"
            yield Row(figure, f"<= {STALL_MS:g} ms", took, f"idle process {idle_ms:.0f} ms", is_met)
        memory_mb, own_mb = found["memory_mb"], found["anonymous_mb"]
        beside = f"{own_mb:.0f} MB without mapped files; " + ("; ".join(found["problems"]))[:40]
        took = f"{memory_mb:.0f} MB"
        yield Row("memory after all of it (VmRSS)", f"<= {MEMORY_MB:g} MB", took, beside,
                  memory_mb <= MEMORY_MB)  # fmt: skip

    def start(self) -> Iterator[Row]:
        """The program started with a night."""
        runs = [self._started() for _ in range(RUNS)]
        for key, figure, bar_ms in (
            ("worst_stall_ms", "started with --night, worst stall", STALL_MS),
            ("p99_stall_ms", "started with --night, 99 % of stalls", None),
        ):
            values = [run[key] for run in runs]
            bar = "" if bar_ms is None else f"<= {bar_ms:g} ms"
            took = f"{statistics.median(values):.0f} ms (worst {max(values):.0f})"
            is_met = None if bar_ms is None else statistics.median(values) <= bar_ms
            yield Row(figure, bar, took, f"usable after {_median(runs, 'startup_s'):.2f} s", is_met)

    def _started(self) -> dict[str, Any]:
        timings = self._home / "timings.json"
        words = command("--night", self._output, "--timings", timings, "--exit-after", "3")
        environment = {**os.environ, "NIGHTGLASS_HOME": str(self._home)}
        subprocess.run(words, env=environment, check=True)
        told: dict[str, Any] = json.loads(timings.read_text(encoding="utf-8"))
        return told


def _median(runs: Sequence[dict[str, Any]], key: str) -> float:
    return statistics.median(run[key] for run in runs)


def _seconds(times: Sequence[float]) -> float:
    return statistics.median(times) / 1e3


def _waited(figure: str, bar_ms: float, times: Sequence[float], beside: str) -> Row:
    """A row of how long a hand waits for what it did."""
    middle_ms = statistics.median(times)
    most_ms = sorted(times)[int(0.95 * len(times))]
    took = f"{middle_ms:.0f} ms (95 %: {most_ms:.0f})"
    return Row(figure, f"<= {bar_ms:g} ms", took, beside, middle_ms <= bar_ms)


ROWS = ("behind", "open", "curve", "search", "session", "start")


def main() -> int:
    """Print the table; 1 when a bar is not met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=ROWS, default=ROWS)
    usual = Path(tempfile.gettempdir()) / "nightglass-benchmark"
    parser.add_argument("--data", type=Path, default=usual)
    wanted = parser.parse_args()
    wanted.data.mkdir(parents=True, exist_ok=True)
    output = finished_night(wanted.data)
    with screen(), tempfile.TemporaryDirectory(dir=wanted.data) as home:
        bench = Bench(output, Path(home))
        return print_table(row for name in wanted.only for row in getattr(bench, name)())


if __name__ == "__main__":
    sys.exit(main())
