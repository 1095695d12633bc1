"""Figures of the whole program in a real window, each beside a reference of the same run.

Run as ``python tests/benchmarks/bench_window.py``; it prints figure, bar, measured, reference,
verdict, and ends with 1 when a bar is not met. `--only WORD` chooses rows, `--follow-seconds`
the length of the live capture (60), `--data FOLDER` where the captures are kept (2.5 GB; made
by the program's own simulator when they are not there).

The window stands on the screen of DISPLAY, or on an Xvfb of 1600 x 900 that the script starts.
Frames are counted in the paint event of the view, and the clock stops only after the X server
has answered. Every figure comes from a fresh process with settings of its own. What else runs on
the machine shows in the figures: the load is printed first and last.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from window_references import astropy_first_frame_s, ds9, ds9_slices, pyqtgraph_per_s
from window_support import (
    AbsentError,
    Captures,
    Row,
    case,
    command,
    milliseconds,
    print_table,
    screen,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRUB_S = 8.0
PLAY_PER_S = 500.0
RUNS = 5
LIVE_PER_S = 2000
LIVE_SHAPE = ("64", "64")
LONG_RUN_S = 300


class Bench:
    """The rows of the table."""

    def __init__(self, captures: Captures, work: Path, follow_s: int) -> None:
        self._captures = captures
        self._work = work
        self._follow_s = follow_s

    @property
    def _home(self) -> Path:
        return self._work / "home"

    def _fresh_home(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self._work))

    # Start

    def start(self) -> Iterator[Row]:
        """Start to usable window, and what that imports."""
        home = self._fresh_home()
        times = [self._start_s(home) for _ in range(RUNS + 1)][1:]
        try:
            with ds9() as (_, ds9_s):
                reference = f"DS9 answers after {ds9_s:.2f} s"
        except AbsentError as reason:
            reference = f"DS9: {reason}"
        middle = statistics.median(times)
        yield Row(
            "start to usable window, second start", "<= 1.0 s",
            f"{middle:.2f} s (worst {max(times):.2f})", reference, middle <= 1.0,
        )  # fmt: skip
        unwanted = case("modules", home)["unwanted"]
        yield Row(
            "PINT, photutils, regions imported by then", "none", ", ".join(unwanted) or "none",
            "sys.modules", not unwanted,
        )  # fmt: skip

    def _start_s(self, home: Path) -> float:
        timings = home / "timings.json"
        words = command("--timings", timings, "--exit-after", "1")
        subprocess.run(words, env={**os.environ, "NIGHTGLASS_HOME": str(home)}, check=True)
        return float(json.loads(timings.read_text(encoding="utf-8"))["startup_s"])

    # Opening

    def first(self) -> Iterator[Row]:
        """First frame of a large cube, and of a capture larger than any memory."""
        path = self._captures.full()
        times = [case("first_frame", self._home, path=path)["seconds"] for _ in range(RUNS)]
        theirs_s = astropy_first_frame_s(next(path.glob("*.fits")))
        middle = statistics.median(times)
        yield Row(
            "first frame of a 1.9 GB cube, from open to painted", "<= 0.15 s",
            f"{middle:.3f} s (worst {max(times):.3f})", f"astropy .data {theirs_s:.2f} s",
            middle <= 0.15,
        )  # fmt: skip

    def memory(self) -> Iterator[Row]:
        """A capture of 100 GB in a few MB."""
        found = case("memory", self._home, path=self._captures.sparse(), seconds=SCRUB_S)
        size = "53 cubes of 100 full frames"
        yield Row(
            "first frame of a 100 GB capture, open to painted", "<= 0.5 s",
            f"{found['first_s']:.3f} s", size, found["first_s"] <= 0.5,
        )  # fmt: skip
        yield Row(
            "its anonymous memory over the empty window", "< 150 MB",
            f"{found['first_mb']:.0f} MB, scrubbed {found['most_mb']:.0f}",
            f"{found['frames']} frames scrubbed", found["most_mb"] < 150,
        )  # fmt: skip

    # Painting

    def scrub(self) -> Iterator[Row]:
        """Painted frames a second while the slider is dragged."""
        full, small = self._captures.full(), self._captures.small()
        references = self._scrub_references(full, small)
        for name, path, bar, picture in (
            ("full frames 2304x4096, averaged", full, 60, "full"),
            ("512x512", small, 120, "small"),
        ):
            for alone, locked in ((False, False), (False, True), (True, False)):
                limits = "locked limits" if locked else "zscale each"
                where = "picture only" if alone else "all panels"
                found = case(
                    "scrub", self._home, path=path, seconds=SCRUB_S, locked=locked, alone=alone
                )
                yield Row(
                    f"painted {name}, {limits}, {where}", f">= {bar}/s",
                    f"{found['per_s']:.0f}/s ({found['cores']:.1f} cores)",
                    references[picture], found["per_s"] >= bar,
                )  # fmt: skip

            found = case("play", self._home, path=path, seconds=SCRUB_S, frames_per_s=PLAY_PER_S)
            yield Row(
                f"painted {name}, zscale each, playing", f">= {bar}/s",
                f"{found['per_s']:.0f}/s", references[picture], found["per_s"] >= bar,
            )  # fmt: skip

    def _scrub_references(self, full: Path, small: Path) -> dict[str, str]:
        found = dict.fromkeys(("full", "small"), "")
        try:
            with ds9() as (running, _):
                for name, path in (("full", full), ("small", small)):
                    cubes = sorted(path.glob("*.fits"))
                    asked, net = ds9_slices(running, cubes, 100, "zscale")
                    found[name] = f"DS9 {asked:.0f}/s ({net:.0f} less XPA)"
        except AbsentError as reason:
            found = dict.fromkeys(found, f"DS9: {reason}")
        for name, path in (("full", full), ("small", small)):
            per_s = pyqtgraph_per_s(min(path.glob("*.fits")))
            found[name] += f", pyqtgraph {per_s:.0f}/s"
        return found

    def zscale(self) -> Iterator[Row]:
        """zscale of a full frame."""
        from astropy.visualization import ZScaleInterval
        from nightglass.core.lightspeed.open_capture import open_capture
        from nightglass.core.picture.limits import Limits, find_limits

        capture = open_capture(self._captures.full())
        raw = capture.read_raw(3)
        ours = milliseconds(lambda: find_limits(raw, Limits("zscale"), capture.encoding))
        values = capture.read(3)
        theirs = milliseconds(lambda: ZScaleInterval(n_samples=600).get_limits(values))
        capture.close()
        yield Row(
            "zscale of a full frame", "<= 5 ms", f"{ours:.2f} ms",
            f"astropy ZScaleInterval {theirs:.1f} ms", ours <= 5,
        )  # fmt: skip

    # Live

    def follow(self) -> Iterator[Row]:
        """Stalls, frames and memory while a live capture is followed and the view is dragged."""
        found, written = self._follow()
        yield from follow_rows(found, written, self._follow_s)

    def _follow(self) -> tuple[dict[str, Any], int]:
        folder = Path(tempfile.mkdtemp(dir=self._work))
        frames = self._follow_s * LIVE_PER_S
        words = command(
            "simulate", "lightspeed", "--output", folder, "--object", "live", "--shape",
            *LIVE_SHAPE, "--frames", str(frames), "--exposure", str(1 / LIVE_PER_S), "--live",
            "--json",
        )  # fmt: skip
        with subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as writer:
            rests = self._follow_s >= LONG_RUN_S
            found = case("follow", self._home, folder=folder, frames=frames, rests=rests)
            told, _ = writer.communicate()
        return found, int(json.loads(told)["frames"])


def follow_rows(found: dict[str, Any], written: int, seconds: int) -> Iterator[Row]:
    """The lines of one live run."""
    often = "now and then" if seconds >= LONG_RUN_S else "all the time"
    run = f"{LIVE_PER_S:,} frames/s of 64x64, {seconds} s, dragged {often}"
    yield Row(
        "main-thread stall while following, 99th percentile", "<= 16 ms",
        f"{found['p99_stall_ms']:.1f} ms", run, found["p99_stall_ms"] <= 16,
    )  # fmt: skip
    yield Row(
        "main-thread stall while following, worst", "<= 50 ms", f"{found['worst_stall_ms']:.1f} ms",
        f"{found['over_16_ms']} turns over 16 ms; {worst_at(found['notes'])}",
        found["worst_stall_ms"] <= 50,
    )  # fmt: skip
    counted = found["counted_frames"]
    yield Row(
        "frames counted against frames written", "equal", f"{counted:,}",
        f"{written:,} written, {found['lost_frames']} lost", counted == written,
    )  # fmt: skip
    frame_bytes, growth_mb = growth(found["notes"])
    yield Row(
        "anonymous memory a frame, second half of the run", "",
        f"{frame_bytes:.0f} bytes (+{growth_mb:.0f} MB)", f"{found['cores']:.2f} cores used", None,
    )  # fmt: skip
    yield Row("problems reported meanwhile", "none", str(len(found["problems"])),
              "; ".join(found["problems"])[:46], not found["problems"])  # fmt: skip


def worst_at(notes: list[list[float]]) -> str:
    """When the worst stall was reached, as "ms at s"."""
    worst_ms = notes[-1][3]
    when_s = next(one[0] for one in notes if one[3] == worst_ms)
    return f"{worst_ms:.0f} ms at {when_s:.0f} s"


def growth(notes: list[list[float]]) -> tuple[float, float]:
    """Growth of the memory in the second half of a run: bytes a frame counted, and MB."""
    running = [one for one in notes if one[1] > 0]
    if len(running) < 4:
        return 0.0, 0.0
    (_, frames, mb, _), (_, last_frames, last_mb, _) = running[len(running) // 2], running[-1]
    return (last_mb - mb) * 2**20 / max(1.0, last_frames - frames), last_mb - mb


ROWS = ("start", "first", "memory", "scrub", "zscale", "follow")


def main() -> int:
    """Print the table; 1 when a bar is not met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=ROWS, default=ROWS)
    parser.add_argument("--follow-seconds", type=int, default=60)
    usual = Path(tempfile.gettempdir()) / "nightglass-benchmark"
    parser.add_argument("--data", type=Path, default=usual)
    wanted = parser.parse_args()
    wanted.data.mkdir(parents=True, exist_ok=True)
    with screen(), tempfile.TemporaryDirectory(dir=wanted.data) as work:
        bench = Bench(Captures(wanted.data), Path(work), wanted.follow_seconds)
        return print_table(row for name in wanted.only for row in getattr(bench, name)())


if __name__ == "__main__":
    sys.exit(main())
