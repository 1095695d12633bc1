"""Flux against time: edges, partial bins, sky, comparison stars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.lc import Table, photometry
from nightglass.core.regions.masks import mask_of
from nightglass.core.regions.shapes import Annulus, Circle

from .skies import GAIN, OFFSET_ADU, SPEC, Sky, write_frames

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.lightspeed import DataSet

STAR, RING = Circle(14.0, 12.0, 6.0), Annulus(14.0, 12.0, 8.0, 11.0)


@pytest.fixture(scope="module")
def sky(tmp_path_factory: pytest.TempPathFactory) -> Sky:
    return Sky.make(tmp_path_factory.mktemp("time"), cubes=2)


@pytest.fixture(scope="module")
def steady(sky: Sky) -> DataSet:
    return sky.take(sky.rates(np.full(500, 100.0), 40.0), seed=1)


def test_every_frame_is_in_its_bin_and_the_last_bin_is_kept(sky: Sky, steady: DataSet) -> None:
    table = photometry(steady, sky.roi, rebin=120)
    frames = np.array([frame.image for frame in steady.iterator(use_bar=False)])
    star, ring = (mask_of(shape, steady.shape) for shape in (STAR, RING))
    net = frames[:, star].sum(axis=1) - star.sum() / ring.sum() * frames[:, ring].sum(axis=1)
    pieces = np.split(net, [120, 240, 360, 480])
    expected = [piece.sum() / (piece.size * 0.005) for piece in pieces]
    np.testing.assert_allclose(table["FLUX"], expected, rtol=1e-9)
    np.testing.assert_allclose(table["EXPOSURE"], [0.6] * 4 + [0.1])
    assert table.header["DURATION"] == pytest.approx(0.6)
    assert table.header["EXPTIME"] == pytest.approx(2.5)


def test_times_are_starts_and_ends_of_exposures(sky: Sky, steady: DataSet) -> None:
    table, times = photometry(steady, sky.roi, rebin=120), steady.frame_times()
    assert table.header["MJDREFI"] == times.day[0]
    assert table.header["TIMESYS"] == "UTC"
    np.testing.assert_allclose(table["TIMELO"], times.seconds[::120] - 0.0025, rtol=0, atol=1e-9)
    last = times.seconds[[119, 239, 359, 479, 499]] + 0.0025
    np.testing.assert_allclose(table["TIMEHI"], last, rtol=0, atol=1e-9)


def test_errors_are_those_of_the_scatter(sky: Sky, steady: DataSet) -> None:
    table = photometry(steady, sky.roi)
    assert len(table) == 500
    assert table["FLUX"].std() / np.sqrt(np.mean(table["ERROR"] ** 2)) == pytest.approx(1, abs=0.08)


def test_a_comparison_star_takes_out_clouds(sky: Sky) -> None:
    cloud = 1.0 - 0.5 * np.arange(500) / 500
    light = sky.light(100_000.0, 0.0) * cloud
    rates = sky.rates(light, 40.0)
    rates[:, 2:5, 2:5] += (cloud * 20.0)[:, None, None]
    data_set = sky.take(rates, seed=2)
    comparison = sky.folder / "comparison.reg"
    comparison.write_text("image\nbox(4,4,5,5,0)\n", encoding="utf-8")
    table = photometry(data_set, sky.roi, comparison=comparison, rebin=50)
    assert table["FLUX"][0] / table["FLUX"][-1] > 1.7
    pulls = (table["REL"] - table["REL"].mean()) / table["REL_ERROR"]
    assert np.sqrt(np.mean(pulls**2)) < 2.0
    np.testing.assert_allclose(table["REL"], table["FLUX"] / table["COMP"])


def test_frames_without_a_pixel_leave_the_exposure(sky: Sky, tmp_path: Path) -> None:
    counts = np.full((250, SPEC.rows, SPEC.columns), round(OFFSET_ADU + 10 * GAIN))
    counts[7, 11, 13] = 50_000
    data_set = write_frames(tmp_path / "capture", counts)
    roi = tmp_path / "pixel.reg"
    roi.write_text("image\ncircle(14,12,0.6)\n", encoding="utf-8")
    table = photometry(data_set, roi, rebin=5)
    assert table["EXPOSURE"][1] == pytest.approx(4 * 0.005)
    np.testing.assert_allclose(table["FLUX"], table["FLUX"][0])
    single = photometry(data_set, roi)
    assert np.isnan(single["FLUX"][7])
    assert single["EXPOSURE"][7] == 0.0


def test_files_keep_the_table(sky: Sky, steady: DataSet, tmp_path: Path) -> None:
    table = photometry(steady, sky.roi, rebin=100)
    read = Table.load(table.save(tmp_path / "photo.fits"))
    assert list(read.columns)[:5] == ["TIMEHI", "TIMELO", "FLUX", "ERROR", "EXPOSURE"]
    np.testing.assert_array_equal(read["FLUX"], table["FLUX"])
    assert read.units["FLUX"] == "electron/s"
    assert read.header["MJDREFI"] == table.header["MJDREFI"]
    with pytest.raises(NightglassError, match="exists"):
        table.save(tmp_path / "photo.fits")


@pytest.mark.parametrize("suffix", ["csv", "ecsv"])
def test_text_files_too(sky: Sky, steady: DataSet, tmp_path: Path, suffix: str) -> None:
    from astropy.table import Table as AstropyTable

    table = photometry(steady, sky.roi, rebin=100)
    read = AstropyTable.read(table.save(tmp_path / f"photo.{suffix}"))
    np.testing.assert_array_equal(read["FLUX"], table["FLUX"])


def test_no_frames_in_a_bin_are_refused(sky: Sky, steady: DataSet) -> None:
    with pytest.raises(NightglassError, match="0 frames"):
        photometry(steady, sky.roi, rebin=0)
