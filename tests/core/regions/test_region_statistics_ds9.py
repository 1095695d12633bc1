"""Sums, means, medians and deviations of regions against those of a running SAOImage DS9."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.regions.masks import mask_of
from nightglass.core.regions.numbers.statistics import RegionStatistics, measure
from nightglass.core.regions.text.reader import parse_regions

pytestmark = pytest.mark.ds9

SHAPE = (60, 80)
# DS9 numbers its regions through all frames and never uses a number again.
SCRIPT = """
set out [open {%(out)s} w]
set frame $current(frame)
$frame marker delete all
$frame marker command ds9 var regions
set found 0
for {set id 1} {$found < %(count)d && $id < 1000000} {incr id} {
    set statistics [$frame get marker $id analysis stats image fk5]
    if {$statistics ne ""} {
        incr found
        puts $out "MARKER\\n$statistics"
    }
}
close $out
"""
KINDS = [
    "circle(40.3,30.2,11.7)",
    "ellipse(40.3,30.2,15.1,6.3,31.7)",
    "box(40.3,30.2,21.3,9.9,23.4)",
    "annulus(40.3,30.2,5.3,9.1,14.2)",
    "ellipse(40.3,30.2,4.1,2.2,12.3,6.6,131)",
    "box(40.3,30.2,8.1,4.2,22.3,12.6,17)",
    "circle(2.3,58.1,6.2)",
    "circle(40,30,5)",
    "box(40,30,10,6,0)",
]


@pytest.fixture
def noise() -> Any:
    return np.random.default_rng(3).poisson(700, SHAPE).astype(np.uint16)


def theirs(ds9: Any, image: Any) -> list[dict[str, float]]:
    path, out = ds9.folder / "noise.fits", ds9.folder / "numbers.txt"
    script = ds9.folder / "numbers.tcl"
    fits.writeto(path, image, overwrite=True)
    words = "image\\n" + "\\n".join(KINDS) + "\\n"
    script.write_text(f'set regions "{words}"\n' + SCRIPT % {"out": out, "count": len(KINDS)})
    ds9.call("xpaset", "frame", "new")
    try:
        ds9.call("xpaset", "fits", path)
        ds9.call("xpaset", "source", script)
    finally:
        ds9.call("xpaset", "frame", "delete")
    found = [_rows(part) for part in out.read_text().split("MARKER\n")[1:]]
    assert len(found) == len(KINDS)
    return [row for rows in found for row in rows]


def _rows(text: str) -> list[dict[str, float]]:
    """Read the table whose heading has npix."""
    table = re.search(r"(.*npix.*)\n---.*\n((?:\d+\t.*\n?)+)", text)
    assert table is not None
    names = table[1].split()
    return [
        dict(zip(names, map(float, line.split()), strict=True)) for line in table[2].splitlines()
    ]


def test_every_number_is_that_of_ds9(region_ds9: Any, noise: Any) -> None:
    entries = dict(enumerate(parse_regions("image\n" + "\n".join(KINDS)).entries))
    ours = measure(noise, entries, None)
    rows = theirs(region_ds9, noise)
    assert len(rows) == len(ours) == len(KINDS) + 1
    for row, found, entry in zip(rows, ours.values(), entries.values(), strict=True):
        _assert_equal(found, row)
        # Of an even number of pixels DS9 tells the upper one of the two in the middle.
        ordered = np.sort(noise[mask_of(entry, SHAPE)])
        assert row["median"] == ordered[ordered.size // 2]
        assert found.median.adu == np.median(ordered)


def _assert_equal(found: RegionStatistics, row: dict[str, float]) -> None:
    assert found.npix == row["npix"]
    assert found.sum.adu == row["sum"]
    assert (found.min.adu, found.max.adu) == (row["min"], row["max"])
    assert found.mean.adu == pytest.approx(row["mean"], rel=1e-5)
    assert found.std.adu == pytest.approx(row["stddev"], rel=1e-4)
