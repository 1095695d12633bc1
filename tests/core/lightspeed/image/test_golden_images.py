"""Images and bias planes of the published library come out again under its conventions.

The published trap matrix is an unseeded Monte Carlo, so that images agree to 0.5 %. Where a rate
is near zero that makes no sense: there 0.5 % of the median rate is allowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy import units
from astropy.coordinates import EarthLocation
from astropy.io import fits
from nightglass.core.lightspeed import DataSet, Ephemeris, PixelProperties
from nightglass.core.lightspeed.image import mean_image, on_off
from nightglass.core.timing.sites import Site

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.lightspeed.image import Image

RANGE = "0.22:0.38,0.5:0.1"


@pytest.fixture
def reference(shared: Path) -> Path:
    return shared / "data" / "lightspeed" / "reference"


def capture(reference: Path, **keywords: Any) -> DataSet:
    return DataSet.from_dir(reference / "capture", cut_cr=False, compat="v3", **keywords)


def agrees(image: Image, published: Path) -> None:
    expected = fits.getdata(published)
    tolerance = 0.005 * np.maximum(np.abs(expected), np.median(np.abs(expected)))
    assert np.all(np.abs(image.data - expected) <= tolerance)


@pytest.mark.parametrize("mode", ["sum", "clip"])
def test_mean_images_agree(reference: Path, mode: Any) -> None:
    agrees(mean_image(capture(reference), mode=mode), reference / f"published_image_{mode}.fits")


def test_a_mean_image_with_the_published_bias_file_agrees(reference: Path) -> None:
    data_set = capture(reference)
    data_set.set_bias(PixelProperties.load(reference / "published_bias.fits", "v3"))
    agrees(mean_image(data_set), reference / "published_image_sum_bias.fits")


def test_the_published_keys_are_there(reference: Path) -> None:
    header = mean_image(capture(reference)).header
    published = fits.getheader(reference / "published_image_sum.fits")
    for name in ("BUNIT", "QECORR", "FLATCORR", "EXPTIME", "GPSSTART", "EXPOSURE TIME", "TELRA"):
        assert header[name] == pytest.approx(published[name])


def test_on_minus_off_agrees_to_the_rounding_of_numbers(reference: Path) -> None:
    data_set = capture(reference)
    place = EarthLocation.from_geodetic(-70.6926 * units.deg, -29.0146 * units.deg, 2380 * units.m)
    site = Site("reference", *(float(part.to_value(units.m)) for part in place.geocentric))
    image = on_off(
        data_set, Ephemeris(reference / "capture" / "ref_crab.par", data_set, site), RANGE
    )
    published = reference / "published_onoff_sum.fits"
    np.testing.assert_allclose(image.data, fits.getdata(published), rtol=1e-9, atol=1e-9)
    assert image.header["EXPTIME"] == pytest.approx(fits.getval(published, "EXPTIME"))


def test_bias_and_widths_agree_to_float32(reference: Path) -> None:
    source = DataSet.from_dir(reference / "bias_capture", cut_cr=False, compat="v3")
    made = PixelProperties.from_bias(source)
    with fits.open(reference / "published_bias.fits") as published:
        for plane, unit in ((made.bias, published[1]), (made.widths, published[2])):
            np.testing.assert_array_equal(plane.astype(np.float32), unit.data.astype(np.float32))
