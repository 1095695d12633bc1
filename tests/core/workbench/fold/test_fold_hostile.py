"""Captures, regions and par files that nobody should bring, and what the fold makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.engine.jobs import JobContext
from nightglass.core.errors import NightglassError
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.shapes import Annulus, Box, Circle
from nightglass.core.timing.sites import find_site
from nightglass.core.workbench.fold.headless import HeadlessFold, fold_headless
from nightglass.core.workbench.fold.outputs import FoldOutputs

from ...lightspeed.fold.pulsar import PAR
from ...lightspeed.writer import stamps, write_cube
from ..night import BUNDLES, CUBES, SPEC, written

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.workbench import Workbench

STAR = RegionEntry("circle", Circle(16.0, 12.0, 5.0))
SKY = RegionEntry("annulus", Annulus(16.0, 12.0, 8.0, 11.0), background=True)
NO_STAMPS = np.full(BUNDLES, np.nan)
SILENT: dict[str, Any] = {
    "EXPOSURE TIME": None, "INTERNAL FRAME INTERVAL": None, "TIMING READOUT TIME": None
}  # fmt: skip


@pytest.fixture
def par(tmp_path: Path) -> Path:
    path = tmp_path / "crab.par"
    path.write_text(PAR, encoding="utf-8")
    return path


@pytest.fixture
def fold(bench: Workbench, par: Path) -> Any:
    """Fold the star of a folder; gives the desk."""

    def fold(folder: Path, *regions: RegionEntry) -> Any:
        bench.fold.is_wanted = True
        bench.open([folder])
        bench.regions.list.add(list(regions or (STAR, SKY)), "Draw")
        bench.fold.shelf.choose([par])
        return bench.fold

    return fold


@pytest.mark.parametrize("blind", [(1,), (2,), (3,), (2, 3), (1, 2, 3)])
def test_cubes_without_stamps_are_left_out_and_nothing_else(
    fold: Any, bench: Workbench, tmp_path: Path, blind: tuple[int, ...]
) -> None:
    for number in range(1, CUBES + 1):
        clock = NO_STAMPS if number in blind else stamps(SPEC, number)[0]
        write_cube(tmp_path, SPEC, number, clock=clock)
    desk = fold(tmp_path)
    seen = CUBES - len(blind)
    assert desk.result.frames_counted == seen * BUNDLES
    assert desk.result.frames_read == CUBES * BUNDLES
    assert (desk.result.span_s > 0.0) is (seen > 0)
    assert desk.is_up_to_date
    assert bench.problems.entries() == ()


@pytest.mark.expected_log
def test_without_any_exposure_time_the_fold_says_so(
    fold: Any, bench: Workbench, tmp_path: Path
) -> None:
    write_cube(tmp_path, SPEC.with_(bundles=1, cards=SILENT), 1)
    assert fold(tmp_path).result is None
    (problem,) = bench.problems.entries()
    assert problem.title == "Cannot fold without an exposure time"


def test_without_exposure_time_the_interval_stands_in(fold: Any, tmp_path: Path) -> None:
    desk = fold(written(tmp_path / "night", SPEC.with_(cards=SILENT)))
    assert desk.result.frame_s == pytest.approx(SPEC.interval_s, abs=1e-6)


@pytest.mark.expected_log
def test_without_a_date_the_fold_says_so(fold: Any, bench: Workbench, tmp_path: Path) -> None:
    dateless = SPEC.with_(gps=None, start="99999999_999999", cards={"DATEOBS": None})
    assert fold(written(tmp_path / "night", dateless)).result is None
    assert {one.title for one in bench.problems.entries()} == {"No phases without a date"}


@pytest.mark.parametrize(
    "regions",
    [
        [RegionEntry("c", Circle(500.0, 500.0, 3.0))],
        [RegionEntry("c", Circle(16.0, 12.0, 5.0), include=False)],
        [STAR, RegionEntry("b", Box(16.0, 12.0, 99.0, 99.0, 0.0), include=False)],
    ],
    ids=["outside", "excluded", "cut away"],
)
def test_regions_without_a_pixel_are_no_sources(
    fold: Any, bench: Workbench, tmp_path: Path, regions: list[RegionEntry]
) -> None:
    desk = fold(written(tmp_path / "night"), *regions)
    assert (desk.result, desk.missing) == (None, "no region")
    assert bench.problems.entries() == ()


@pytest.mark.parametrize(
    "regions",
    [
        [RegionEntry("b", Box(16.0, 12.0, 1.0, 1.0, 0.0)), SKY],
        [RegionEntry("b", Box(16.5, 12.5, 500.0, 500.0, 0.0)),
         RegionEntry("c", Circle(5.0, 5.0, 1.0), background=True)],
        [RegionEntry("c", Circle(16.0, 12.0, 0.5)),
         RegionEntry("b", Box(16.5, 12.5, 500.0, 500.0, 0.0), background=True)],
    ],
    ids=["one pixel", "whole frame", "whole frame as sky"],
)  # fmt: skip
def test_regions_of_any_size_are_folded_and_written(
    fold: Any, bench: Workbench, tmp_path: Path, regions: list[RegionEntry]
) -> None:
    desk = fold(written(tmp_path / "night"), *regions)
    assert desk.result.frames_counted == CUBES * BUNDLES
    outputs = FoldOutputs(bench)
    outputs.write("fold", tmp_path / "fold.fits")
    outputs.write("phases", tmp_path / "frames.csv")
    assert (tmp_path / "fold.fits").is_file()
    assert (tmp_path / "frames.csv").is_file()
    assert bench.problems.entries() == ()


def test_counts_below_the_offset_can_be_written(
    fold: Any, bench: Workbench, tmp_path: Path
) -> None:
    """Their expected variance is negative, which no root takes."""
    fold(written(tmp_path / "night", SPEC.with_(bitpix=8)), STAR)
    outputs = FoldOutputs(bench)
    outputs.write("fold", tmp_path / "fold.ecsv")
    outputs.write("phases", tmp_path / "frames.csv")
    assert (tmp_path / "frames.csv").is_file()
    assert bench.problems.entries() == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("F0 1e308", "no spin of a star"), ("F0 1e-300", "no spin of a star"), ("F0 -1", "above"),
        ("PEPOCH 2451545.0", "no MJD of these"),
        ("F1 1", "Cannot fold with these frequencies"),
        ("F1 -1e-5", "Cannot fold with these frequencies"),
    ],
)  # fmt: skip
@pytest.mark.expected_log
def test_spins_of_no_star_are_refused_at_once(
    fold: Any, bench: Workbench, tmp_path: Path, par: Path, line: str, said: str
) -> None:
    key = line.partition(" ")[0]
    kept = [one for one in PAR.splitlines() if one.partition(" ")[0] != key]
    par.write_text("\n".join([*kept, line, ""]), encoding="utf-8")
    assert fold(written(tmp_path / "night")).result is None
    assert any(said in str(one) for one in bench.problems.entries())


@pytest.mark.parametrize("changes", [{"timing_offset_s": 1e9}, {"phase_offset": -1e7}])
def test_offsets_that_leave_no_digits_are_refused(
    fold: Any, tmp_path: Path, changes: dict[str, float]
) -> None:
    desk = fold(written(tmp_path / "night"))
    with pytest.raises(NightglassError, match="Cannot fold like that"):
        desk.change(**changes)
    assert desk.is_up_to_date


def test_a_background_without_a_pixel_is_no_fold_without_sky(tmp_path: Path, par: Path) -> None:
    wanted = HeadlessFold(
        written(tmp_path / "night"), (par,), "image;circle(16,12,5)", "image;circle(500,500,2)"
    )
    with pytest.raises(NightglassError, match="background file has a pixel"):
        fold_headless(wanted, find_site(), JobContext())
