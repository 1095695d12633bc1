"""End of a night: 100 batches of 6,500 stars joined into the night file and 6,500 FITS files.

Run as ``python tests/benchmarks/bench_mascara_merge.py [FOLDER]``. The batches take 4 GB of
disk, the results 8 GB more, all in a temporary folder (inside FOLDER, if given). Memory is RssAnon
of a process that does nothing else: mapped and cached files do not count.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from nightglass.core.mascara.products.batch_store import Batch, write_batch
from nightglass.core.mascara.products.night_file import write_night_file
from nightglass.core.mascara.products.records import astrometry_rows, exposure_rows, star_dtype
from nightglass.core.mascara.products.rows import batch_dtype
from nightglass.core.mascara.products.star_fits import write_stars

STARS, FRAMES, BATCHES, FIRST_BATCH = 6500, 50, 100, 212_021
BAR_S, BAR_MB = 360.0, 2048
MERGE, FITS = "night file", "star files"


def make_batch(place: int) -> Batch:
    """Noise of the right types, stars in order."""
    generator = np.random.default_rng(place)
    ascc = np.arange(STARS) * 37 + 11
    slots = (FIRST_BATCH + place) * FRAMES + np.arange(FRAMES)
    rows = np.zeros(STARS * FRAMES, batch_dtype(2))
    for name in rows.dtype.names or ():
        if rows.dtype[name].kind == "f":
            rows[name] = generator.normal(1000.0, 30.0, len(rows))
    rows["ascc"], rows["lstseq"] = np.repeat(ascc, FRAMES), np.tile(slots, STARS)
    stars = np.zeros(STARS, star_dtype())
    stars["ascc"], stars["spectype"] = ascc, b"G2V"
    exposures = exposure_rows("fast", {"lstseq": slots, "jd": 2459876.5 + slots * 7.4e-5})
    attributes = {"station": "LaPalma", "camera": "LPC", "naper": 2, "aper0": 2.5, "aper1": 4.5}
    solution = astrometry_rows({"lstseq": int(slots[25]), "dr": 0.2}, "{}")
    return Batch(attributes, stars, rows, exposures, solution)


def make_batches(folder: Path) -> None:
    """Write the batches; tells the time of one."""
    spent = []
    for place in range(BATCHES):
        batch = make_batch(place)
        started = time.perf_counter()
        write_batch(folder / f"tmp_fast{FIRST_BATCH + place:08d}.hdf5", batch)
        spent.append(time.perf_counter() - started)
    print(f"batch of {STARS * FRAMES:,} rows written in {np.median(spent):.2f} s", flush=True)


def work(what: str, folder: Path) -> None:
    """One half of the merge, in its own process."""
    paths = sorted(folder.glob("tmp_fast*.hdf5"))
    if what == MERGE:
        merged = write_night_file(folder / "fLC.hdf5", paths, {})
        print(f"{merged.stars:,} stars, {merged.rows:,} points", flush=True)
    else:
        print(f"{len(write_stars(paths, folder / 'lightcurves')):,} files", flush=True)


def measured(what: str, folder: Path) -> float:
    """Run one half; print and return its seconds."""
    started, before_s = time.perf_counter(), children_s()
    with subprocess.Popen([sys.executable, __file__, what, str(folder)]) as process:
        peak_kb = 0
        while process.poll() is None:
            peak_kb = max(peak_kb, anonymous_kb(process.pid))
            time.sleep(0.02)
    spent_s = time.perf_counter() - started
    cpu_s = children_s() - before_s
    times = f"{spent_s:6.1f} s ({cpu_s:.0f} s of a core)"
    print(f"{what} {times}, {peak_kb / 1024:6.0f} MB (bar {BAR_MB})", flush=True)
    return spent_s


def children_s() -> float:
    """Processor time of the processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def anonymous_kb(pid: int) -> int:
    """RssAnon of a process; 0 once it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if "RssAnon" in line), 0)


def main(place: str | None) -> None:
    """Make the batches, join them, forget them."""
    with tempfile.TemporaryDirectory(dir=place) as name:
        make_batches(Path(name))
        os.sync()
        total_s = sum(measured(what, Path(name)) for what in (MERGE, FITS))
    print(f"end of the night {total_s:.0f} s (bar {BAR_S:.0f})")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        work(sys.argv[1], Path(sys.argv[2]))
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else None)
