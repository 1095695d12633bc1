"""A script written against the published document runs after changing its import alone."""

from __future__ import annotations

import argparse
import copy
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core import lightspeed as lightspeedpy
from nightglass.core.simulate.lightspeed import simulate_capture
from nightglass.core.simulate.settings import CaptureSettings

from .test_documented_ephemeris import PAR

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTED = {
    "DataSet": (
        "from_first", "from_dir", "iterator", "num_frames", "display_filenames",
        "apply_timing_offset", "pixel_properties", "set_bias", "set_self_bias", "set_dark",
        "set_flat", "stack", "bootstrap",
    ),
    "Ephemeris": ("get_phase",),
    "Frame": (),
    "PixelProperties": ("default", "from_bias", "from_data", "get_prob", "load", "save"),
    "Region": ("check_inside_absolute", "load"),
    "add_dataset_args": (),
    "get_dataset": (),
    "lc": ("Lightcurve",),
    "image": ("Image",),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTED)
def test_every_documented_name_is_there_and_described(name: str) -> None:
    thing = getattr(lightspeedpy, name)
    assert thing.__doc__
    for member in DOCUMENTED[name]:
        assert getattr(thing, member).__doc__, f"{name}.{member}"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("night")
    shared = {"shape": (32, 32), "seed": 5, "mode": "ultra-quiet", "exposure_s": 0.02}
    simulate_capture(
        CaptureSettings(**shared, frames=300, frames_per_cube=50, star_rate=3000, sky_rate=1.0),
        folder / "science",
    )
    simulate_capture(CaptureSettings(**shared, calibration="bias", frames=200), folder / "bias")
    simulate_capture(CaptureSettings(**shared, calibration="dark"), folder / "dark")
    simulate_capture(CaptureSettings(**shared, calibration="flat"), folder / "flat")
    (folder / "test.par").write_text(PAR)
    (folder / "star.reg").write_text("circle(16.5,16.5,6)\n")
    return folder


def first_cube(folder: Path) -> str:
    return str(min(folder.glob("*cube001.fits")))


def test_a_whole_analysis(night: Path, tmp_path: Path) -> None:
    data_set = lightspeedpy.DataSet.from_first(first_cube(night / "science"), cut_cr=True)
    bias = lightspeedpy.DataSet.from_dir(str(night / "bias"), cut_cr=False)
    dark = lightspeedpy.DataSet.from_dir(str(night / "dark"))
    flat = lightspeedpy.DataSet.from_dir(str(night / "flat"), cut_cr=False)
    data_set.set_bias(bias)
    dark.set_bias(data_set.pixel_properties)
    flat.set_bias(bias)
    data_set.set_dark(dark)
    data_set.set_flat(flat)
    assert data_set.num_frames() == 300

    region = lightspeedpy.Region(str(night / "star.reg"))
    y, x = np.mgrid[1:33, 1:33]
    inside = region.check_inside_absolute(x, y)
    ephemeris = lightspeedpy.Ephemeris(str(night / "test.par"), data_set, observatory="LCO")
    profile, exposure = np.zeros(8), np.zeros(8)
    for frame in data_set.iterator(max_frames=250, use_bar=False):
        place = int(ephemeris.get_phase(frame.timestamp) * 8)
        profile[place] += np.nansum(frame.image[inside])
        exposure[place] += frame.duration
    assert exposure.sum() == pytest.approx(250 * 0.02)
    assert 1500 < profile.sum() / exposure.sum() < 4500

    probability = data_set.pixel_properties.get_prob(frame.image, 0)
    assert probability.shape == frame.image.shape
    faint = data_set.pixel_properties.get_prob(frame.image[inside], 0, mask=inside)
    np.testing.assert_allclose(faint, probability[inside])
    data_set.pixel_properties.save(str(tmp_path / "pixels.fits"), clobber=False)
    again = lightspeedpy.PixelProperties.load(str(tmp_path / "pixels.fits"))
    np.testing.assert_array_equal(again.widths, data_set.pixel_properties.widths)


def test_the_scatter_of_resampled_stacks_is_that_of_the_mean(night: Path) -> None:
    data_set = lightspeedpy.DataSet.from_first(first_cube(night / "science"))
    means = []
    for seed in range(30):
        twin = copy.deepcopy(data_set)
        twin.bootstrap(seed=seed)
        means.append(np.nanmean(twin.stack()))
    frames = [np.nanmean(frame.image) for frame in data_set.iterator(use_bar=False)]
    cubes = np.reshape(frames, (6, 50)).mean(axis=1)
    assert np.std(means) == pytest.approx(np.std(cubes) / np.sqrt(6), rel=0.5)


def test_a_command_of_ones_own(night: Path) -> None:
    parser = argparse.ArgumentParser()
    lightspeedpy.add_dataset_args(parser)
    args = parser.parse_args(
        ["--input", first_cube(night / "science"), "--output", "x.fits", "--max-index", "2",
         "--bias", first_cube(night / "bias"), "--dark", first_cube(night / "dark"),
         "--flat", first_cube(night / "flat")]
    )  # fmt: skip
    data_set = lightspeedpy.get_dataset(args)
    assert data_set.num_frames() == 100
    assert abs(np.nanmedian(data_set.stack(max_frames=40))) < 1
