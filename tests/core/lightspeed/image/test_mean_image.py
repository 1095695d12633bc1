"""Mean images of simulated captures against what was put into them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.box import Box
from nightglass.core.lightspeed.data_set import DataSet
from nightglass.core.lightspeed.image import Image, fit_star, mean_image
from nightglass.core.lightspeed.noise.pixel_properties import PixelProperties

from ..writer import CubeSpec, pixels, write_capture
from .skies import calibration, sky, true_rate

if TYPE_CHECKING:
    from pathlib import Path

EXPOSURE_S = 0.005


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("skies")


@pytest.fixture(scope="module")
def trapped(folder: Path) -> DataSet:
    """A field seen through charge traps, with its bias."""
    data_set = sky(folder / "trapped", traps=4)
    bias = calibration(folder / "bias", "bias", data_set, frames=2000)
    data_set.set_bias(PixelProperties.from_bias(bias, data_set))
    return data_set


def pulls(image: Image, truth: np.ndarray) -> np.ndarray:
    return (image.data - truth) / image.error


@pytest.mark.parametrize("mode", ["sum", "clip"])
def test_photon_rates_are_found_within_their_errors(
    folder: Path, trapped: DataSet, mode: Any
) -> None:
    truth = true_rate(folder / "trapped")
    pull = pulls(mean_image(trapped, mode=mode), truth)
    assert abs(pull.mean()) < 0.1
    assert 0.6 < pull.std() < 1.1


def test_weight_mode_finds_photon_rates_too(folder: Path, trapped: DataSet) -> None:
    truth = true_rate(folder / "trapped")
    image = mean_image(trapped, mode="weight", qe=False)
    bright = truth > np.percentile(truth, 90)
    pull = pulls(image, truth)[bright]
    assert image.unit == "ph/s"
    assert image.data[bright].sum() == pytest.approx(truth[bright].sum(), rel=0.02)
    assert abs(pull.mean()) < 0.3
    assert 0.8 < pull.std() < 1.3


def test_the_scale_of_photons_is_right_where_traps_matter_most(
    folder: Path, trapped: DataSet
) -> None:
    truth = true_rate(folder / "trapped")
    bright = truth > np.percentile(truth, 90)
    photons = mean_image(trapped).data[bright].sum()
    electrons = mean_image(trapped, qe=False)
    assert photons == pytest.approx(truth[bright].sum(), rel=0.02)
    assert electrons.data[bright].sum() < 0.8 * photons
    assert (electrons.header["QECORR"], electrons.unit) == ("F", "electron/s")


def test_detected_electrons_are_the_mean_of_the_frames(tmp_path: Path) -> None:
    spec = CubeSpec(rows=6, columns=8, bundles=4)
    data_set = DataSet(write_capture(tmp_path, spec), cut_cr=False, gain=8.0)
    frames = np.concatenate([pixels(spec, number) for number in (1, 2, 3)]).astype(float)
    image = mean_image(data_set, qe=False)
    np.testing.assert_allclose(
        image.data, ((frames - 199.5) / 8.0).mean(0) / spec.exposure_s, rtol=1e-12
    )
    np.testing.assert_allclose(image.exposure_s, 12 * spec.exposure_s)
    expected = (frames >= 60_000).any(0)
    np.testing.assert_array_equal(image.saturated, expected)
    assert image.header["NSATPIX"] == expected.sum()


def test_a_flat_is_divided_out_and_its_shadows_are_unknown(folder: Path) -> None:
    data_set = sky(folder / "vignetted", vignetting=0.4, response_spread=0.03, star_rate=0.0,
                   stars=0, sky_rate=400.0, frames=1000, bias_spread_e=0.0)  # fmt: skip
    flat = calibration(folder / "flat", "flat", data_set, vignetting=0.4, response_spread=0.03,
                       bias_spread_e=0.0)  # fmt: skip
    plain = mean_image(data_set, qe=False).data
    data_set.set_flat(flat)
    image = mean_image(data_set, qe=False)
    assert plain.std() / plain.mean() > 0.03
    assert image.data.std() < 1.15 * np.sqrt((image.error**2).mean())
    assert image.header["FLATCORR"] == "T"
    response = data_set.flat()
    assert response is not None
    assert np.median(response) == pytest.approx(1.0)
    response[3, 4] = 0.01
    assert np.isnan(mean_image(data_set).data[3, 4])


def test_pixels_that_were_always_cut_stay_unknown_unless_filled(tmp_path: Path) -> None:
    data_set = sky(tmp_path / "sky", frames=20, star_rate=300_000.0)
    ceiling = 8.0
    data_set.options = data_set.options.changed(cr_ceil=ceiling)
    image = mean_image(data_set)
    never = image.exposure_s == 0.0
    assert never.any()
    assert np.isnan(image.data[never]).all()
    assert np.isnan(image.error[never]).all()
    assert image.header["NNOVALUE"] == never.sum()
    filled = mean_image(data_set, fill=True)
    assert np.isfinite(filled.data).sum() > np.isfinite(image.data).sum()
    assert np.isnan(filled.error[never]).all()


def test_world_coordinates_hit_the_injected_star(folder: Path) -> None:
    data_set = sky(folder / "turned", stars=0, rotation_deg=33.0, sky_rate=1.0, bias_spread_e=0.0)
    truth = json.loads((folder / "turned" / "truth.json").read_text())
    image = mean_image(data_set, wcs=True, plate_scale_arcsec=0.05)
    mask = np.ones(image.shape, bool)
    fit = fit_star(image.data, mask, error=image.error)
    x, y = truth["pulsar"]["x"], truth["pulsar"]["y"]
    assert (fit.x - 1.0, fit.y - 1.0) == pytest.approx((x, y), abs=0.05)
    # The pulsar stands where the telescope points.
    ra, dec = WCS(image.header).pixel_to_world_values(fit.x - 1.0, fit.y - 1.0)
    target = data_set.header.cards
    assert float(dec) == pytest.approx(_degrees(target["TELDEC"]), abs=3e-6)
    assert float(ra) == pytest.approx(15.0 * _degrees(target["TELRA"]), abs=3e-6)


def _degrees(text: Any) -> float:
    sign = -1.0 if text.startswith("-") else 1.0
    whole, minutes, seconds = (float(part) for part in text.lstrip("+-").split(":"))
    return sign * (whole + minutes / 60.0 + seconds / 3600.0)


def test_a_cropped_image_is_the_part_of_the_whole_one(trapped: DataSet) -> None:
    whole = mean_image(trapped)
    twin = DataSet(trapped.filenames, bbox=Box(10, 4, 50, 40))
    twin.set_bias(trapped.pixel_properties)
    part = mean_image(twin)
    np.testing.assert_allclose(part.data[1:-1, 1:-1], whole.data[5:39, 11:49], rtol=1e-12)
    assert (part.header["LTV1"], part.header["LTV2"]) == (-10.0, -4.0)
    assert "LTV1" not in whole.header


def test_threads_do_not_change_an_image(trapped: DataSet) -> None:
    one = mean_image(DataSet(trapped.filenames, threads=1))
    three = mean_image(DataSet(trapped.filenames, threads=3))
    np.testing.assert_array_equal(one.data, three.data)
    np.testing.assert_array_equal(one.error, three.error)


def test_smoothing_lowers_the_errors(trapped: DataSet) -> None:
    plain, smooth = mean_image(trapped), mean_image(trapped, smooth=1.5)
    assert np.nanmean(smooth.error) < 0.4 * np.nanmean(plain.error)
    assert np.nansum(smooth.data) == pytest.approx(np.nansum(plain.data), rel=0.05)


@pytest.mark.parametrize(
    ("keywords", "why"),
    [
        ({"mode": "mean"}, "no mode 'mean'"),
        ({"smooth": 0.0}, "sigma of 0 pixels"),
        ({"plate_scale_arcsec": -1.0}, "-1 arcseconds a pixel is none"),
        ({"n_iterations": 0}, "one or more iterations"),
    ],
)
def test_nonsense_is_refused_before_a_frame_is_read(
    trapped: DataSet, keywords: dict[str, Any], why: str
) -> None:
    with pytest.raises(NightglassError, match=why):
        mean_image(trapped, **keywords)


def test_no_pointing_matters_only_to_world_coordinates(tmp_path: Path) -> None:
    spec = CubeSpec(cards={"TELRA": None, "TELDEC": "N/A"})
    data_set = DataSet(write_capture(tmp_path, spec))
    assert "CTYPE1" not in mean_image(data_set).header
    with pytest.raises(NightglassError, match="no readable TELRA and TELDEC"):
        mean_image(data_set, wcs=True)


def test_a_saved_image_comes_back(tmp_path: Path, trapped: DataSet) -> None:
    image = mean_image(trapped, wcs=True)
    path = image.save(tmp_path / "mean.fits")
    again = Image.load(path)
    for name in ("data", "error", "exposure_s", "saturated"):
        np.testing.assert_array_equal(getattr(again, name), getattr(image, name))
    assert again.unit == "ph/s"
    assert again.header["OPTION MODE"] == "sum"
    with fits.open(path) as units:
        assert [unit.name for unit in units] == ["PRIMARY", "ERROR", "EXPOSURE", "SATURATED"]
        assert units["ERROR"].header["CRVAL1"] == units[0].header["CRVAL1"]
        assert units[0].data.dtype == np.dtype(">f8")
    with pytest.raises(NightglassError, match="exists and is not replaced"):
        image.save(path)
    image.save(path, clobber=True)


@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "is not there"), (b"no fits at all", "no sound FITS"), ("cube", "no image in its")],
)
def test_what_is_no_image_is_refused(tmp_path: Path, content: Any, why: str) -> None:
    path = tmp_path / "thing.fits"
    if content == "cube":
        fits.PrimaryHDU(np.zeros((2, 3, 4))).writeto(path)
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(NightglassError, match=why):
        Image.load(path)


def test_a_plain_image_has_no_errors(tmp_path: Path) -> None:
    path = tmp_path / "plain.fits"
    fits.PrimaryHDU(np.ones((3, 4), np.float32)).writeto(path)
    image = Image.load(path)
    assert image.data.dtype == np.float64
    assert np.isnan(image.error).all()
    assert image.saturated is None
