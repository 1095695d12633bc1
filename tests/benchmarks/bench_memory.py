"""Anonymous memory of every command on a capture of 100 GB.

Run as ``python tests/benchmarks/bench_memory.py [GIGABYTES [COMMAND ...]]``. One cube of frames of
256 x 256 pixels is simulated and linked under as many names as the capture needs, so that the disk
holds it once. `cube` is left out, because it writes as much as it reads.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nightglass.core.simulate.lightspeed import simulate_capture
from nightglass.core.simulate.settings import CaptureSettings

BAR_MB = 1024
FRAMES = 1600
NAME = "long_20251210_001500_cube{:03d}.fits"
REGION = "image\ncircle(128,128,12)\nannulus(128,128,20,30) # background\n"


def make_capture(folder: Path, gigabytes: float) -> Path:
    """Simulate one cube and link it until the capture has its size."""
    single = folder / "single"
    simulate_capture(
        CaptureSettings(
            object_name="long", frames=FRAMES, frames_per_cube=FRAMES, exposure_s=0.002
        ),
        single,
    )
    source = next(single.glob("*.fits"))
    capture = folder / "capture"
    capture.mkdir()
    for number in range(1, round(gigabytes * 1e9 / source.stat().st_size) + 1):
        os.link(source, capture / NAME.format(number))
    return capture / NAME.format(1)


def commands(first: Path, folder: Path, par: Path) -> dict[str, list[str]]:
    """Words of every command."""
    region = folder / "source.reg"
    region.write_text(REGION)
    shared = ["--input", str(first), "--clobber"]
    roi, eph = ["--roi", str(region)], ["--eph", str(par)]
    return {
        "image": ["image", *shared, "--wcs"],
        "image weight": ["image", *shared, "--mode", "weight", "--frames", "200000"],
        "lc": ["lc", *shared, *roi, *eph, "--bins", "64"],
        "lc errors": ["lc", *shared, *roi, *eph, "--bins", "64", "--errors"],
        "lc weight": ["lc", *shared, *roi, *eph, "--bins", "20", "--mode", "weight"],
        "onoff": ["onoff", *shared, *eph, "--range", "0.2:0.4,0.5:0.1"],
        "photo": ["photo", *shared, *roi, "--rebin", "100"],
        "bias": ["bias", *shared, "--map-noise"],
        "fft": ["fft", *shared, *roi],
        "events": ["events", *shared, *roi, *eph],
    }


def peak_mb(words: list[str]) -> tuple[float, float, int]:
    """Run a command; largest anonymous memory seen in MB, seconds, exit code."""
    started = time.perf_counter()
    with subprocess.Popen([sys.executable, "-m", "nightglass", *words]) as process:
        peak_kb = 0
        while process.poll() is None:
            peak_kb = max(peak_kb, anonymous_kb(process.pid))
            time.sleep(0.02)
    return peak_kb / 1024, time.perf_counter() - started, process.returncode


def anonymous_kb(pid: int) -> int:
    """RssAnon of a process; 0 once it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if "RssAnon" in line), 0)


def main(gigabytes: float, wanted: list[str]) -> None:
    """Print one line a command."""
    from importlib.resources import files

    par = Path(str(files("nightglass.resources.data").joinpath("crab_demo.par")))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = make_capture(folder, gigabytes)
        for title, words in commands(first, folder, par).items():
            if wanted and title not in wanted:
                continue
            output = folder / f"{title.replace(' ', '_')}.fits"
            mb, spent_s, code = peak_mb([*words, "--output", str(output)])
            print(
                f"{title:14} {mb:7.0f} MB (bar {BAR_MB}) {spent_s:7.1f} s  exit code {code}",
                flush=True,
            )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 100.0, sys.argv[2:])
