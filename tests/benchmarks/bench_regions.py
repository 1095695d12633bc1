"""Reading and writing 1,000 regions, beside astropy-regions on the same file.

Run it as a script: ``python tests/benchmarks/bench_regions.py``.
"""

from __future__ import annotations

import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from nightglass.core.lightspeed.pointing import Pointing
from nightglass.core.regions.systems import Surroundings
from nightglass.core.regions.text.document import read_document
from nightglass.core.regions.text.writer import write_regions

if TYPE_CHECKING:
    from collections.abc import Callable

COUNT, REPEATS, LIMIT_MS = 1000, 7, 50.0
FRAME = Surroundings(Pointing(83.63, -22.01, 33.0, 0.05, (1023.5, 1023.5)))
HEADER = (
    "# Region file format: DS9 version 4.1\n"
    'global color=green dashlist=8 3 width=1 font="helvetica 10 normal roman" select=1 '
    "highlite=1 dash=0 fixed=0 edit=1 move=1 delete=1 include=1 source=1\n"
)


def circles() -> str:
    places = np.random.default_rng(1).uniform(10, 2000, (COUNT, 2))
    return "image\n" + "".join(
        f"circle({x:.3f},{y:.3f},3.5) # color=red text={{star {n}}} tag={{field}}\n"
        for n, (x, y) in enumerate(places)
    )


def mixed_on_the_sky() -> str:
    places = np.random.default_rng(2).uniform((83.62, -22.02), (83.64, -22), (COUNT, 2))
    kinds = ('circle({0},1.5")', 'box({0},3",2",20)', 'ellipse({0},3",2",20)', 'annulus({0},2",3")')
    return "fk5\n" + "".join(
        kinds[n % 4].format(f"{ra:.7f},{dec:.7f}") + "\n" for n, (ra, dec) in enumerate(places)
    )


def best_ms(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        spent.append(time.perf_counter() - started)
    return min(spent) * 1e3


def compare(name: str, body: str, folder: Path) -> float:
    from regions import Regions

    path = folder / "many.reg"
    path.write_text(HEADER + body)
    document = read_document(path, FRAME)
    assert len(document.entries) == COUNT
    assert all(entry.shape is not None for entry in document.entries)
    ours = best_ms(lambda: read_document(path, FRAME))
    written = best_ms(lambda: write_regions(document.entries, FRAME, document=document))
    converted = best_ms(lambda: write_regions(document.entries, FRAME, system="galactic"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = best_ms(lambda: Regions.read(str(path), format="ds9"))
    print(
        f"{name:20s} read {ours:7.1f} ms (astropy-regions {theirs:7.1f} ms), "
        f"written unchanged {written:6.1f} ms, in galactic {converted:6.1f} ms"
    )
    return ours


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        slowest = max(
            compare("circles, image", circles(), folder),
            compare("four kinds, fk5", mixed_on_the_sky(), folder),
        )
    print(f"limit {LIMIT_MS:.0f} ms: {'kept' if slowest <= LIMIT_MS else 'MISSED'}")


if __name__ == "__main__":
    main()
