"""The desk with real threads: cubes in any order, hands on everything, and the same end."""

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
from nightglass.core.lightspeed.fold.settings import STAMPS
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.shapes import Annulus, Circle
from nightglass.core.simulate.lightspeed import simulate_capture
from nightglass.core.simulate.settings import CaptureSettings
from nightglass.core.timing.pulse.ranges import PhaseRange
from nightglass.core.timing.sites import find_site
from nightglass.core.workbench.fold.headless import HeadlessFold, fold_headless
from nightglass.core.workbench.fold.outputs import FoldOutputs

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.workbench import Workbench

    from ..night import Waiter

STAR = RegionEntry("circle", Circle(16.5, 16.5, 5.0), properties={"text": "crab"})
DARK = RegionEntry("circle", Circle(6.0, 25.0, 3.0), properties={"text": "dark"})
SKY = RegionEntry("annulus", Annulus(16.5, 16.5, 11.0, 15.0), background=True)
ROI = (
    "image\ncircle(16.5,16.5,5) # text={crab}\ncircle(6,25,3) # text={dark}\n"
    "annulus(16.5,16.5,11,15) # background\n"
)
FRAMES = 1600
CAPTURE = CaptureSettings(
    object_name="crab", frames=FRAMES, shape=(32, 32), frames_per_cube=200, interval_s=0.002,
    exposure_s=0.002, star_rate=2e4, pulsed_fraction=0.8, stars=0, seeing_arcsec=0.15,
    defects=("lost-frames",),
)  # fmt: skip
LAST: dict[str, Any] = {"n_bins": 40, "row_delay": True, "on": PhaseRange(0.2, 0.4)}


@pytest.fixture(scope="module")
def crab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crab")
    simulate_capture(CAPTURE, folder)
    return folder


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same frames of another field, to be written over."""
    folder = tmp_path_factory.mktemp("others")
    simulate_capture(replace(CAPTURE, seed=9, star_rate=5e3), folder)
    return folder


@pytest.fixture
def pars(tmp_path: Path) -> tuple[Path, ...]:
    text = (resources.files("nightglass.resources.data") / "crab_demo.par").read_text("utf-8")
    paths = tmp_path / "crab.par", tmp_path / "other one.par"
    paths[0].write_text(text, encoding="utf-8")
    paths[1].write_text(text.replace("29.946", "17.3"), encoding="utf-8")
    return paths


def everything(result: Any) -> list[Any]:
    rows: list[Any] = []
    for fold in result.folds:
        profile, raster, moments = fold.profile, fold.raster, fold.moments
        rows += [
            profile.sums, profile.variances, profile.shares, raster.sums, raster.variances,
            raster.shares, moments.value_cos, moments.value_sin, moments.cos, moments.sin,
            moments.total, moments.squares, fold.sky_rate, fold.frequency_hz,
            fold.pulsed_fraction.value, fold.pulsed_fraction.error, fold.frames_counted,
        ]  # fmt: skip
    return rows


def arrive(cube: Path, folder: Path) -> None:
    """As a whole file under its name at one moment."""
    shutil.copy(cube, folder / f".{cube.name}")
    (folder / f".{cube.name}").replace(folder / cube.name)


@pytest.mark.usefixtures("quick_looks")
@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 8))]
)
def test_cubes_in_any_order_and_hands_on_everything_end_as_headless(
    busy_bench: Workbench, until: Waiter, crab: Path, others: Path, pars: tuple[Path, ...],
    tmp_path: Path, seed: int,
) -> None:  # fmt: skip
    rng = np.random.default_rng(seed)
    bench, fold, folder = busy_bench, busy_bench.fold, tmp_path / "live"
    folder.mkdir()
    fold.is_wanted = fold.folds_all = True
    fold.shelf.choose(pars)
    bench.follow(folder)
    cubes = sorted(crab.glob("*.fits"))
    order = [0, *(rng.permutation(len(cubes) - 1) + 1).tolist()]
    begun: list[int] = []
    for place, number in enumerate(order):
        is_wrong = place == 3
        arrive((others if is_wrong else crab) / cubes[number].name, folder)
        if place == 0:
            until(lambda: bench.capture)
            bench.regions.list.add([STAR, DARK, SKY], "Draw")
            until(lambda: fold.result is not None)
        if is_wrong:
            begun.append(number)
            until(lambda: len(bench.capture.lightspeed.cubes) == 4)
        disturb(bench, rng)
    for number in begun:
        arrive(cubes[number], folder)
    fold.forget_drag()
    fold.reset()
    fold.change(**LAST)
    _, expected = fold_headless(
        HeadlessFold(crab, pars, ROI, settings=fold.settings), find_site(), JobContext()
    )
    until(lambda: fold.is_up_to_date and is_same(fold.result, expected))
    assert fold.result.frames_counted == expected.frames_counted == FRAMES - 4
    assert expected.frames_missing == 4


def is_same(one: Any, other: Any) -> bool:
    pairs = list(zip(everything(one), everything(other), strict=True))
    return all(np.array_equal(left, right) for left, right in pairs)


def disturb(bench: Workbench, rng: np.random.Generator) -> None:
    """Something an observer does while cubes come."""
    fold, kind = bench.fold, rng.integers(6)
    if kind == 0:
        fold.change(n_bins=int(rng.integers(4, 100)))
    elif kind == 1:
        fold.drag(rng.normal(0.0, 0.1))
    elif kind == 2:
        fold.drag(rng.normal(0.0, 0.1))
        fold.settle()
    elif kind == 3:
        ident = next(iter(bench.regions.list.entries))
        bench.regions.list.begin("Move")
        for _ in range(3):
            moved = replace(STAR, shape=Circle(16.5 + rng.normal(), 16.5, 5.0))
            bench.regions.list.edit("Move", {ident: moved})
        bench.regions.list.edit("Move", {ident: STAR})
        bench.regions.list.commit()
    elif kind == 4:
        fold.change(stamp="end", phase_offset=0.3)
        fold.change(stamp="middle", phase_offset=0.0)
    else:
        fold.reset()


def settings_drawn(rng: np.random.Generator) -> dict[str, Any]:
    """Settings that mean something, each left alone as often as not."""

    def some(value: Any, usual: Any) -> Any:
        return value if rng.random() < 0.5 else usual

    start, width = rng.random(2)
    on, off = PhaseRange(start, start + 0.05 + 0.4 * width), PhaseRange(*rng.random(2))
    return {
        "n_bins": int(rng.integers(4, 257)),
        "f0_hz": some(29.946 + rng.normal(0.0, 1e-3), None),
        "f1_hz_s": some(rng.normal(0.0, 1e-9), None),
        "phase_offset": some(rng.normal(), 0.0),
        "timing_offset_s": some(rng.normal(0.0, 0.1), 0.0),
        "stamp": str(rng.choice(STAMPS)),
        "row_delay": bool(rng.random() < 0.5),
        "on": some(on, None),
        "off": some(off, None),
    }


@pytest.mark.parametrize("count", [2, pytest.param(60, marks=pytest.mark.slow)])
def test_the_command_copied_gives_the_numbers_shown_for_any_settings(
    bench: Workbench, crab: Path, pars: tuple[Path, ...], capsys: pytest.CaptureFixture[str],
    count: int,
) -> None:  # fmt: skip
    rng = np.random.default_rng(count)
    fold = bench.fold
    fold.is_wanted = fold.folds_all = True
    bench.open([crab])
    bench.regions.list.add([STAR, DARK, SKY], "Draw")
    for _ in range(count):
        fold.shelf.choose(pars[: rng.integers(1, 3)])
        fold.change(**settings_drawn(rng))
        words = shlex.split(FoldOutputs(bench).command())
        capsys.readouterr()
        assert main([*words[1:], "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert len(told["folds"]) == len(fold.result.folds)
        for one, made in zip(told["folds"], fold.result.folds, strict=True):
            assert_told(one, made, fold.result.settings)


def assert_told(told: dict[str, Any], made: Any, settings: Any) -> None:
    """Every number of a fold, to the last bit."""
    profile, h = made.profile, made.moments.h_test()
    rows = {"profile": profile.rate, "errors": profile.error, "exposure_s": profile.exposure_s}
    for name, row in rows.items():
        np.testing.assert_array_equal(np.array(told[name], float), row)
    numbers = {
        "region": made.name, "psr": made.psr, "f0_hz": made.f0_hz, "f1_hz_s": made.f1_hz_s,
        "frequency_hz": made.frequency_hz, "sky_rate": made.sky_rate, "h_test": h.h,
        "h_probability": h.probability, "chi2_dof": profile.chi_square().reduced,
        "pulsed_fraction": made.pulsed_fraction.value, "frames_counted": made.frames_counted,
        "pulsed_fraction_error": made.pulsed_fraction.error,
        "signal_to_noise": profile.signal_to_noise(settings.on, settings.off).value,
    }  # fmt: skip
    for name, value in numbers.items():
        assert told[name] == (value if value == value else None), name
