"""`nightglass regions stats` against a running SAOImage DS9, through files in each system."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core import cli

from .region_skies import COLUMNS, ROWS, sky_header
from .test_region_statistics_ds9 import SCRIPT, _rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.ds9

# No pixel centre lies within 0.01 px of an outline: DS9's galactic places are 0.004 px from ours.
KINDS = """image
circle(40.5,29.8,11.1)
ellipse(60.4,51,15.5,5.7,32.1)
box(69.9,60.1,20.7,9.4,23.6)
annulus(90.6,40.5,5.5,9,13.8)
ellipse(100.7,91,4.7,1.6,12.7,7.2,131.5)
box(39.5,100.8,7.6,4,22.2,13.2,17.1)
circle(2.3,58.1,6.2)
"""
COUNT = len(KINDS.splitlines()) - 1


@pytest.fixture
def field(region_ds9: Any) -> Iterator[Path]:
    """A frame of noise under a turned sky, shown in DS9."""
    path: Path = region_ds9.folder / "field.fits"
    noise = np.random.default_rng(3).poisson(700, (ROWS, COLUMNS)).astype(np.uint16)
    fits.writeto(path, noise, sky_header(mirrored=False), overwrite=True)
    region_ds9.call("xpaset", "frame", "new")
    try:
        region_ds9.call("xpaset", "fits", path)
        yield path
    finally:
        region_ds9.call("xpaset", "frame", "delete")


def theirs(ds9: Any, text: str) -> list[dict[str, float]]:
    out, script = ds9.folder / "numbers.txt", ds9.folder / "numbers.tcl"
    words = text.replace('"', '\\"').replace("\n", "\\n")
    script.write_text(f'set regions "{words}"\n' + SCRIPT % {"out": out, "count": COUNT})
    ds9.call("xpaset", "source", script)
    return [row for part in out.read_text().split("MARKER\n")[1:] for row in _rows(part)]


@pytest.mark.parametrize("system", ["image", "physical", "fk5", "icrs", "galactic"])
def test_the_command_tells_the_numbers_of_ds9(
    region_ds9: Any, field: Path, tmp_path: Path, capsys: Any, system: str
) -> None:
    drawn, path = tmp_path / "drawn.reg", tmp_path / "there.reg"
    drawn.write_text(KINDS)
    words = ["--system", system, "--frame-of", str(field)]
    assert cli.main(["regions", "convert", str(drawn), str(path), *words]) == 0
    capsys.readouterr()
    assert cli.main(["regions", "stats", str(field), "--roi", str(path), "--json"]) == 0
    ours = json.loads(capsys.readouterr().out)["regions"]
    rows = theirs(region_ds9, path.read_text())
    assert len(ours) == len(rows) == COUNT + 1
    for found, row in zip(ours, rows, strict=True):
        assert (found["npix"], found["sum"]["adu"]) == (row["npix"], row["sum"])
        assert (found["min"]["adu"], found["max"]["adu"]) == (row["min"], row["max"])
        assert found["mean"]["adu"] == pytest.approx(row["mean"], rel=1e-5)
        assert found["std"]["adu"] == pytest.approx(row["stddev"], rel=1e-4)
