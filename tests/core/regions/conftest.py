"""A SAOImage DS9 of our own that tells which pixels it counts into regions."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ..running_ds9 import running_ds9

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

SIDE = 19
# DS9 numbers its regions through all frames and never uses a number again.
STATISTICS = """
set out [open {%(out)s} w]
set next_id 1
foreach frame $ds9(frames) {
    $frame marker delete all
    $frame marker command ds9 var regions
    set found 0
    while {$found < %(count)d && $next_id < 1000000} {
        set statistics [$frame get marker $next_id analysis stats image fk5]
        if {$statistics ne ""} {
            incr found
            puts $out "MARKER\\n$statistics"
        }
        incr next_id
    }
}
close $out
"""


class RegionDs9:
    """A running DS9; one frame for each row of pixels, with powers of two in its columns."""

    def __init__(self, title: str, environment: dict[str, str], folder: Path) -> None:
        self.title, self.environment, self.folder = title, environment, folder

    def call(self, program: str, *words: object, text: str = "") -> str:
        command = [program, *(["-p"] if program == "xpaset" and not text else [])]
        done = subprocess.run(
            [*command, self.title, *map(str, words)], env=self.environment, check=False,
            capture_output=True, text=True, timeout=60, input=text,
        )  # fmt: skip
        return done.stdout.strip()

    def show_rows(self) -> None:
        from astropy.io import fits

        for row in range(SIDE):
            image = np.zeros((SIDE, SIDE), np.float32)
            image[row] = 2.0 ** np.arange(SIDE)
            path = self.folder / f"row{row}.fits"
            fits.writeto(path, image, overwrite=True)
            if row:
                self.call("xpaset", "frame", "new")
            self.call("xpaset", "fits", path)

    def masks(self, lines: Sequence[str]) -> list[list[NDArray[np.bool_]]]:
        """Pixels of each ring of each region in image coordinates."""
        out, script = self.folder / "out.txt", self.folder / "script.tcl"
        words = "image\\n" + "\\n".join(lines) + "\\n"
        script.write_text(
            f'set regions "{words}"\n' + STATISTICS % {"out": out, "count": len(lines)}
        )
        self.call("xpaset", "source", script)
        found = [_sums(part) for part in out.read_text().split("MARKER\n")[1:]]
        assert len(found) == SIDE * len(lines)
        rows = [found[k :: len(lines)] for k in range(len(lines))]
        return [_bits(np.array(sums, np.int64)) for sums in rows]


def _sums(statistics: str) -> list[float]:
    table = re.search(r"npix.*\n---.*\n((?:\d+\t.*\n?)+)", statistics)
    if table is None:  # of a region without any size
        return [0.0]
    return [float(line.split("\t")[1]) for line in table[1].splitlines()]


def _bits(sums: NDArray[np.int64]) -> list[NDArray[np.bool_]]:
    return [(ring[:, None] >> np.arange(SIDE) & 1).astype(bool) for ring in sums.T]


@pytest.fixture(scope="session")
def region_ds9(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegionDs9]:
    folder, title = tmp_path_factory.mktemp("ds9"), f"regions{os.getpid()}"
    with running_ds9(title, folder) as environment:
        ds9 = RegionDs9(title, environment, folder)
        ds9.show_rows()
        yield ds9
