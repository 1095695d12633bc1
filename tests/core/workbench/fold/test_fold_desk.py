"""The fold kept up to date: regions, par files, settings and new cubes, whatever the order."""

from __future__ import annotations

import json
import shlex
import shutil
from dataclasses import replace
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.cli import main
from nightglass.core.engine.jobs import JobContext
from nightglass.core.errors import NightglassError
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.shapes import Annulus, Circle
from nightglass.core.simulate.lightspeed import simulate_capture
from nightglass.core.simulate.settings import CaptureSettings
from nightglass.core.timing.pulse.ranges import PhaseRange
from nightglass.core.timing.sites import find_site
from nightglass.core.workbench.fold.headless import HeadlessFold, fold_headless
from nightglass.core.workbench.fold.kept import take_values, values_of
from nightglass.core.workbench.fold.outputs import FoldOutputs

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.workbench import Workbench

    from ..night import Waiter

STAR = RegionEntry("circle", Circle(16.5, 16.5, 5.0), properties={"text": "crab"})
SKY = RegionEntry("annulus", Annulus(16.5, 16.5, 11.0, 15.0), background=True)
DARK = RegionEntry("circle", Circle(4.0, 4.0, 3.0), properties={"text": "dark"})
FRAMES = 3000
CAPTURE = CaptureSettings(
    object_name="crab", frames=FRAMES, shape=(32, 32), frames_per_cube=250, interval_s=0.002,
    exposure_s=0.002, star_rate=2e4, pulsed_fraction=0.8, stars=0,
    seeing_arcsec=0.15,
)  # fmt: skip


@pytest.fixture(scope="module")
def crab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crab")
    simulate_capture(CAPTURE, folder)
    return folder


@pytest.fixture
def par(tmp_path: Path) -> Path:
    path = tmp_path / "crab.par"
    source = resources.files("nightglass.resources.data") / "crab_demo.par"
    path.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    return path


@pytest.fixture
def folding(bench: Workbench, crab: Path, par: Path) -> Workbench:
    """A workbench that folds the star; everything has happened when a call returns."""
    bench.fold.is_wanted = True
    bench.open([crab])
    bench.regions.list.add([STAR, SKY], "Draw")
    bench.fold.shelf.choose([par])
    return bench


def test_what_is_missing_is_said_until_there_is_a_fold(
    bench: Workbench, crab: Path, par: Path
) -> None:
    fold, said = bench.fold, []
    fold.changed.connect(lambda: said.append(fold.missing))
    fold.is_wanted = True
    assert fold.missing == "no capture"
    bench.open([crab])
    assert fold.missing == "no region"
    bench.regions.list.add([STAR, SKY], "Draw")
    assert fold.missing == "no par file"
    fold.shelf.choose([par])
    assert fold.missing is None
    assert fold.result is not None
    assert fold.result.frames_counted == FRAMES
    assert {"no region", "no par file", None} <= set(said)


def test_the_pulse_of_a_simulated_crab_is_found(folding: Workbench) -> None:
    result = folding.fold.result
    assert result is not None
    (made,) = result.folds
    assert made.moments.h_test().probability < 1e-20
    assert made.profile.chi_square().reduced > 20
    assert made.pulsed_fraction.value == pytest.approx(0.75, abs=0.12)
    assert folding.fold.is_up_to_date


def test_nothing_is_folded_while_nobody_looks(bench: Workbench, crab: Path, par: Path) -> None:
    bench.open([crab])
    bench.regions.list.add([STAR], "Draw")
    bench.fold.shelf.choose([par])
    assert bench.fold.result is None
    bench.fold.is_wanted = True
    assert bench.fold.result is not None


def test_a_change_of_bins_or_ranges_is_folded_at_once(folding: Workbench) -> None:
    fold = folding.fold
    fold.change(n_bins=50, on=PhaseRange(0.2, 0.4))
    assert fold.result is not None
    assert fold.result.folds[0].profile.n_bins == 50
    assert fold.result.settings.on == PhaseRange(0.2, 0.4)
    with pytest.raises(NightglassError, match="3 bins"):
        fold.change(n_bins=3)
    assert fold.settings.n_bins == 50


def test_a_dragged_frequency_is_shown_and_taken_and_taken_back(folding: Workbench) -> None:
    fold = folding.fold
    before = fold.result
    step = 1.0 / (FRAMES * 0.002)
    fold.drag(step)
    assert fold.result is not None
    assert fold.result.is_linear
    fold.forget_drag()
    assert fold.result is not None
    np.testing.assert_array_equal(fold.result.folds[0].profile.sums, before.folds[0].profile.sums)
    fold.drag(step, 1e-3)
    with pytest.raises(NightglassError, match="PEPOCH is too far"):
        fold.settle()
    assert not fold.result.is_linear
    fold.drag(step, 1e-6)
    fold.settle()
    exact = fold.result
    assert exact is not None
    assert not exact.is_linear
    assert exact.folds[0].frequency_hz - before.folds[0].frequency_hz == pytest.approx(
        step, rel=1e-3
    )
    fold.reset()
    np.testing.assert_array_equal(fold.result.folds[0].profile.sums, before.folds[0].profile.sums)


def test_a_drag_that_ends_where_it_began_edits_nothing(folding: Workbench) -> None:
    folding.fold.drag(0.3)
    folding.fold.drag(0.0)
    folding.fold.settle()
    assert not folding.fold.settings.is_edited
    assert folding.fold.result is not None
    assert not folding.fold.result.is_linear


def test_a_region_being_dragged_is_folded_on_some_frames_and_then_on_all(
    folding: Workbench,
) -> None:
    regions, fold, seen = folding.regions.list, folding.fold, []
    fold.changed.connect(lambda: seen.append(fold.result))
    ident = next(iter(regions.entries))
    regions.begin("Move")
    regions.edit("Move", {ident: replace(STAR, shape=Circle(17.5, 16.5, 5.0))})
    assert seen[-1] is not None
    assert seen[-1].is_preview
    regions.commit()
    assert fold.result is not None
    assert not fold.result.is_preview
    assert fold.result.frames_counted == FRAMES


def test_a_second_region_is_folded_beside_the_first(folding: Workbench) -> None:
    regions, fold = folding.regions.list, folding.fold
    (dark,) = regions.add([DARK], "Draw")
    star = next(iter(regions.entries))
    regions.select([star])
    fold.second = dark
    assert fold.result is not None
    assert [one.name for one in fold.result.folds] == ["crab", "dark"]
    star_h, dark_h = (one.moments.h_test().h for one in fold.result.folds)
    assert star_h > 20 * dark_h
    fold.second = None
    assert fold.result is not None
    assert len(fold.result.folds) == 1


def test_the_region_selected_last_is_folded(folding: Workbench) -> None:
    (dark,) = folding.regions.list.add([DARK], "Draw")
    folding.regions.list.select([dark])
    assert folding.fold.result is not None
    assert folding.fold.result.folds[0].name == "dark"


def test_another_par_file_forgets_the_edits_of_the_one_before(
    folding: Workbench, tmp_path: Path
) -> None:
    folding.fold.change(f0_hz=30.5)
    other = tmp_path / "other.par"
    text = folding.fold.shelf.chosen[0].text.replace("29.946", "29.9")
    other.write_text(text, encoding="utf-8")
    folding.fold.shelf.choose([other])
    assert not folding.fold.settings.is_edited
    assert folding.fold.result is not None
    assert folding.fold.result.folds[0].par_path == other


def test_a_fold_goes_with_its_capture(folding: Workbench) -> None:
    folding.desk.close_all()
    assert folding.fold.result is None
    assert folding.fold.missing == "no capture"


@pytest.mark.expected_log("Could not use the par file")
def test_a_par_file_that_cannot_be_used_is_told_and_the_fold_stays(
    folding: Workbench, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.par"
    broken.write_text("PSR X\n", encoding="utf-8")
    folding.fold.shelf.choose([broken])
    assert [one.title for one in folding.problems.entries()] == ["Could not use the par file"]
    assert folding.fold.result is not None


def everything(result: Any) -> list[np.ndarray]:
    return [
        part
        for fold in result.folds
        for part in (
            fold.profile.sums, fold.profile.variances, fold.profile.shares, fold.raster.sums,
            fold.moments.value_cos, fold.moments.cos,
        )
    ]  # fmt: skip


def test_live_and_headless_are_the_same_to_the_last_bit(
    busy_bench: Workbench, until: Waiter, crab: Path, par: Path, tmp_path: Path
) -> None:
    folder, roi = tmp_path / "live", tmp_path / "star.reg"
    folder.mkdir()
    roi.write_text(
        "image\ncircle(16.5,16.5,5)\nannulus(16.5,16.5,11,15) # background\n", encoding="utf-8"
    )
    cubes = sorted(crab.glob("*.fits"))
    busy_bench.fold.is_wanted = True
    busy_bench.fold.shelf.choose([par])
    busy_bench.follow(folder)
    seen: list[int] = []
    busy_bench.fold.changed.connect(
        lambda: seen.append(getattr(busy_bench.fold.result, "frames_counted", 0))
    )
    for number, cube in enumerate(cubes):
        shutil.copy(cube, folder / f".{cube.name}")
        (folder / f".{cube.name}").rename(folder / cube.name)
        if number == 0:
            until(lambda: busy_bench.capture)
            busy_bench.regions.list.add([STAR, SKY], "Draw")
            until(lambda: busy_bench.fold.result is not None)
    until(lambda: busy_bench.capture.captured == FRAMES and busy_bench.fold.is_up_to_date)
    live = busy_bench.fold.result
    assert live is not None
    assert live.frames_counted == FRAMES
    wanted = HeadlessFold(crab, (par,), str(roi))
    _, headless = fold_headless(wanted, find_site(), JobContext())
    for one, other in zip(everything(live), everything(headless), strict=True):
        np.testing.assert_array_equal(one, other)
    assert seen == sorted(seen)


def test_a_session_keeps_the_fold(folding: Workbench, par: Path) -> None:
    fold = folding.fold
    fold.change(n_bins=50, f0_hz=29.9461, on=PhaseRange(0.9, 0.1), stamp="end", row_delay=True)
    kept, settings = values_of(fold), fold.settings
    assert kept["--eph"] == str(par)
    take_values(fold, {})
    assert fold.missing == "no par file"
    assert values_of(fold) == {}
    take_values(fold, {**kept, "--bins": "50", "--timing-offset": "soon"})
    assert fold.settings == settings
    assert fold.result is not None
    assert fold.result.folds[0].f0_hz == pytest.approx(29.9461, abs=1e-12)


def test_a_session_with_the_same_par_file_brings_its_own_edits(
    folding: Workbench, par: Path, tmp_path: Path
) -> None:
    fold, f0_hz = folding.fold, 29.9461
    take_values(fold, {"--eph": str(par), "--f0": repr(f0_hz)})
    assert fold.settings.f0_hz == f0_hz
    assert fold.result is not None
    assert fold.result.settings.f0_hz == f0_hz
    take_values(fold, {"--eph": str(tmp_path / "gone.par"), "--f0": "31.0"})
    fold.shelf.choose([par])
    assert not fold.settings.is_edited


def test_the_command_that_is_copied_gives_the_same_numbers(
    folding: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    folding.fold.change(n_bins=25, f0_hz=29.9463, off=PhaseRange(0.8, 0.1))
    words = shlex.split(FoldOutputs(folding).command())
    assert words[:2] == ["nightglass", "fold"]
    assert main([*words[1:], "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    result = folding.fold.result
    assert result is not None
    (made,) = result.folds
    assert told["f0_hz"] == made.f0_hz
    assert told["frequency_hz"] == made.frequency_hz
    assert told["frames_counted"] == FRAMES
    np.testing.assert_array_equal(told["profile"], made.profile.rate)
    np.testing.assert_array_equal(told["errors"], made.profile.error)
    assert told["frames_counted"] == FRAMES
    assert told["h_test"] == made.moments.h_test().h
    assert told["pulsed_fraction"] == made.pulsed_fraction.value


def test_the_par_file_that_is_copied_folds_as_is_shown(folding: Workbench, tmp_path: Path) -> None:
    fold = folding.fold
    fold.change(f0_hz=29.9463, phase_offset=0.25)
    assert fold.result is not None
    shown = fold.result.folds[0].profile
    copied: list[str] = []
    FoldOutputs(folding).par_text(copied.append)
    fold.reset()
    fold.shelf.use_text(copied[0], "copied")
    assert fold.result is not None
    np.testing.assert_allclose(
        fold.result.folds[0].profile.rate, shown.rate, atol=0.02 * shown.rate.max()
    )


def test_a_known_pulse_in_the_sky_comes_out_as_it_went_in(folding: Workbench) -> None:
    checks: list[Any] = []
    FoldOutputs(folding).self_check(checks.append)
    assert abs(checks[0].pull) < 4
    assert checks[0].recovered == pytest.approx(checks[0].injected, rel=0.6)
