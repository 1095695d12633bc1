"""Browsing a finished and a running five-camera night: list of stars, light curves, search.

Run as ``python tests/benchmarks/bench_mascara_browsing.py [FOLDER]``. One camera's night of 100
batches of 6,500 fast stars (22,000 slow ones) is made; the other cameras are further names of the
same files. It takes 9 GB of disk, in a temporary folder (inside FOLDER, if given).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from bench_mascara_merge import BATCHES, FIRST_BATCH, STARS, make_batch
from nightglass.core.mascara.browsing.index import StarIndex
from nightglass.core.mascara.browsing.search import StarSearch
from nightglass.core.mascara.browsing.stars import StarFilter
from nightglass.core.mascara.night.layout import CameraNight
from nightglass.core.mascara.night.merge_unit import remove_temporary
from nightglass.core.mascara.night.star_file import save_stars
from nightglass.core.mascara.products.batch_store import Batch, write_batch
from nightglass.core.mascara.products.night_file import write_night_file
from nightglass.core.mascara.products.records import exposure_rows, star_dtype
from nightglass.core.mascara.products.rows import batch_dtype
from nightglass.core.stars.table import StarTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nightglass.core.mascara.browsing.curve import Kind

NIGHT, CAMERAS = "20160130", ("LPC", "LPE", "LPN", "LPS", "LPW")
SLOW_STARS, CATALOGUE_STARS = 22_000, 100_000
SEARCHES = ("8", "80", "807", "HD 18", "hip 98505", "20:00:43.7 +22:42:39", "300.18 22.71 r 5d")
OPEN_BAR_S, CURVE_BAR_MS, SEARCH_BAR_MS, SORT_BAR_MS = 2.0, 50.0, 30.0, 50.0


def slow_batch(place: int) -> Batch:
    """One binned image."""
    generator = np.random.default_rng(place)
    rows, stars = np.zeros(SLOW_STARS, batch_dtype(4)), np.zeros(SLOW_STARS, star_dtype())
    stars["ascc"] = rows["ascc"] = np.arange(SLOW_STARS) * 37 + 11
    slot = (FIRST_BATCH + place) * 50 + 25
    rows["lstseq"], rows["flux3"] = slot, generator.normal(1000.0, 30.0, SLOW_STARS)
    station = exposure_rows("slow", {"lstseq": slot, "jd": 2459876.5 + slot * 7.4e-5})
    attributes = {"naper": 4, **{f"aper{k}": 2.5 + k for k in range(4)}}
    return Batch(attributes, stars, rows, station, make_batch(place).astrometry)


def make_night(output: Path) -> list[CameraNight]:
    """Batches of the first camera, and the other cameras as links to them."""
    places = [CameraNight(output / f"{NIGHT}{camera}", NIGHT, camera) for camera in CAMERAS]
    places[0].make()
    for place in range(BATCHES):
        write_batch(places[0].batch("fast", FIRST_BATCH + place), make_batch(place))
        write_batch(places[0].batch("slow", FIRST_BATCH + place), slow_batch(place))
    for other in places[1:]:
        other.make()
        link(places[0].folder / "tmp", other.folder / "tmp")
    ascc = np.arange(CATALOGUE_STARS) * 37 + 11
    generator = np.random.default_rng(1)
    save_stars(output / "work", StarTable.of(
        ascc=ascc, hd=generator.permutation(CATALOGUE_STARS), hip=generator.permutation(ascc.size),
        ra_deg=generator.uniform(0, 360, ascc.size), dec_deg=generator.uniform(-30, 90, ascc.size),
        vmag=generator.uniform(3, 10, ascc.size),
    ))  # fmt: skip
    return places


def link(folder: Path, other: Path) -> None:
    """Give all files of a folder further names."""
    for path in folder.iterdir():
        (other / path.name).hardlink_to(path)


def merge(places: list[CameraNight]) -> None:
    """Write the night files of the first camera and link those of the others."""
    first = places[0]
    for kind, path in (("fast", first.fast_file), ("slow", first.slow_file)):
        write_night_file(path, first.batches(kind), {}, kind=kind)
    for other in places[1:]:
        other.fast_file.hardlink_to(first.fast_file)
        other.slow_file.hardlink_to(first.slow_file)
    for place in places:
        remove_temporary(place)


def forget(output: Path) -> None:
    """Ask the system to keep no file of the night in memory."""
    os.sync()
    for path in output.rglob("*.hdf5"):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def timed(what: str, work: Callable[[], object], times: int, bar_ms: float) -> None:
    """Print the median and the worst time of something."""
    spent_ms = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        spent_ms.append((time.perf_counter() - started) * 1e3)
    told = f"median {np.median(spent_ms):7.1f} ms, worst {max(spent_ms):7.1f} ms"
    print(f"{what:44} {told} (bar {bar_ms:g})", flush=True)


def browse(output: Path, state: str) -> None:
    """List the stars, and read light curves."""
    forget(output)
    index = StarIndex(output)
    timed(f"{state}: list of stars, disk cold", index.refresh, 1, OPEN_BAR_S * 1e3)
    timed(f"{state}: list of stars again", index.refresh, 5, OPEN_BAR_S * 1e3)
    timed(f"{state}: list of stars by a new index", StarIndex(output).refresh, 1, OPEN_BAR_S * 1e3)
    forget(output)
    numbers = iter(np.random.default_rng(2).permutation(STARS) * 37 + 11)
    for kind in ("fast", "slow"):
        read = partial(read_next, index, numbers, kind)
        timed(f"{state}: {kind} curve, all cameras, cold", read, 20, CURVE_BAR_MS)
    timed(f"{state}: fast curve again", lambda: index.curve(11), 20, CURVE_BAR_MS)
    print(f"{len(index.curve(11)):,} points of a star, peak memory {peak_mb():.0f} MB", flush=True)
    find(index)


def read_next(index: StarIndex, numbers: Iterator[int], kind: Kind) -> None:
    """Read a star that was not read before."""
    index.curve(int(next(numbers)), kind)


def find(index: StarIndex) -> None:
    """Search and sort the stars listed."""
    stars = index.refresh()
    search, limits = StarSearch(stars), StarFilter(faintest_vmag=9.0)
    for text in SEARCHES:
        work = partial(search.find, text, limits)
        timed(f"search {text!r} among {len(stars):,}", work, 5, SEARCH_BAR_MS)
    rows = search.find("")
    for column in ("vmag", "hd", "flagged_percent", "spectype"):
        timed(f"sort by {column}", partial(search.order, rows, column), 5, SORT_BAR_MS)


def peak_mb() -> float:
    """Most memory that this process ever had."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line) / 1024


def main(place: str | None) -> None:
    """Make the night, browse it as it runs and when it is merged, forget it."""
    with tempfile.TemporaryDirectory(dir=place) as name:
        output = Path(name)
        places = make_night(output)
        in_a_process_of_its_own(output, "running")
        started = time.perf_counter()
        merge(places)
        print(f"merged in {time.perf_counter() - started:.0f} s", flush=True)
        in_a_process_of_its_own(output, "merged")


def in_a_process_of_its_own(output: Path, state: str) -> None:
    """Browse with no other memory than that takes."""
    subprocess.run([sys.executable, __file__, str(output), state], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        browse(Path(sys.argv[1]), sys.argv[2])
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else None)
