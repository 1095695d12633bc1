"""Commands measure the regions on the picture, unless a file is named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.shapes import Circle
from nightglass.core.regions.text.reader import read_regions

if TYPE_CHECKING:
    from ..desktop import Desktop

ROI = "--roi"


def circle(x: float) -> RegionEntry:
    return RegionEntry("circle", Circle(x, 31.5, 4.0))


def test_the_dialog_of_a_light_curve_takes_the_regions_drawn_and_follows_them(
    crab: Desktop, tmp_path: Path
) -> None:
    regions = crab.bench.regions.list
    (ident,) = regions.add([circle(30.0)], "Draw circle")
    dialog = crab.running.products.open("lc")
    crab.wait(lambda: dialog.editor(ROI).text().endswith(".reg"))
    first = Path(dialog.editor(ROI).text())
    assert [entry.shape for entry in read_regions(first).entries] == [Circle(30.0, 31.5, 4.0)]
    crab.wait(lambda: not dialog.fault(ROI))
    regions.edit("Move circle", {ident: circle(33.0)})
    crab.wait(lambda: Path(dialog.editor(ROI).text()) != first)
    own = tmp_path / "own.reg"
    own.write_text("image\ncircle(10,10,3)\n")
    dialog.editor(ROI).show_text(str(own))
    dialog.lines.edited.emit(ROI)
    regions.edit("Move circle", {ident: circle(35.0)})
    crab.wait(lambda: crab.bench.engine.jobs() is not None)
    assert dialog.editor(ROI).text() == str(own)


def test_photometry_asks_for_a_file_until_there_is_a_region(crab: Desktop) -> None:
    dialog = crab.running.products.open("photo")
    assert not dialog.run_button.isEnabled()
    crab.bench.regions.list.add([circle(30.0)], "Draw circle")
    crab.wait(lambda: dialog.editor("--src").text().endswith(".reg"))
    crab.wait(dialog.run_button.isEnabled)
