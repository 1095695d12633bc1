"""Any FITS image is a frame source."""

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.frames.fits_image import FitsImageSource, open_source
from nightglass.core.frames.positioned import IncompleteFileError

from .source_contract import check_contract

RNG_SEED = 20251210


def noise(shape):
    return np.random.default_rng(RNG_SEED).normal(100.0, 5.0, shape).astype(np.float32)


def with_nan(shape):
    values = noise(shape)
    values[..., 2, 3] = np.nan
    return values


def with_blank(shape):
    return np.arange(np.prod(shape), dtype=np.int16).reshape(shape)


IMAGES = {
    "uint16, 2-D": (noise((8, 9)).astype(np.uint16), {}),
    "uint16, 3-D": ((np.arange(4 * 8 * 9) * 227 % 65536).astype(np.uint16).reshape(4, 8, 9), {}),
    "uint8": (np.arange(72, dtype=np.uint8).reshape(8, 9), {}),
    "int16": (np.arange(-36, 36, dtype=np.int16).reshape(8, 9), {}),
    "int16 with BLANK": (with_blank((2, 8, 9)), {"BLANK": 70}),
    "int32": (np.arange(72, dtype=np.int32).reshape(8, 9) * 1_000_003, {}),
    "int64": (np.arange(72, dtype=np.int64).reshape(8, 9) * 1_000_003, {}),
    "float32 with NaN": (with_nan((3, 8, 9)), {}),
    "float64": (noise((8, 9)).astype(np.float64), {}),
}


def decoded(values, cards):
    truth = values.reshape(-1, *values.shape[-2:])
    if "BLANK" in cards:
        truth = np.where(truth == cards["BLANK"], np.nan, truth)
    return truth


@pytest.mark.parametrize("mapping", [True, False], ids=["mapped", "positioned"])
@pytest.mark.parametrize("case", IMAGES)
@pytest.mark.parametrize("place", ["primary", "extension"])
def test_plain_images_keep_the_contract(tmp_path, case, place, mapping):
    values, cards = IMAGES[case]
    image = fits.PrimaryHDU(values) if place == "primary" else fits.ImageHDU(values)
    image.header.update(cards)
    path = tmp_path / "image.fits"
    units = [image] if place == "primary" else [fits.PrimaryHDU(), image]
    fits.HDUList(units).writeto(path)
    check_contract(FitsImageSource(path, mapping=mapping), decoded(values, cards))


@pytest.mark.parametrize("case", ["uint16, 2-D", "uint16, 3-D", "int16", "int32", "uint8"])
def test_rice_compressed_integers_keep_the_contract(tmp_path, case):
    values, _ = IMAGES[case]
    path = tmp_path / "packed.fits"
    packed = fits.CompImageHDU(values, compression_type="RICE_1")
    fits.HDUList([fits.PrimaryHDU(), packed]).writeto(path)
    check_contract(FitsImageSource(path), decoded(values, {}))


def test_rice_compressed_floats_keep_the_contract_and_their_blanks(tmp_path):
    path = tmp_path / "packed.fits"
    packed = fits.CompImageHDU(with_nan((3, 8, 9)), compression_type="RICE_1", quantize_level=16)
    fits.HDUList([fits.PrimaryHDU(), packed]).writeto(path)
    with fits.open(path) as hdus:
        truth = np.array(hdus[1].data)
    assert np.isnan(truth[:, 2, 3]).all()
    check_contract(FitsImageSource(path), truth)


def test_scaled_integers_come_out_scaled(tmp_path):
    path = tmp_path / "scaled.fits"
    image = fits.PrimaryHDU(np.arange(12, dtype=np.int16).reshape(3, 4))
    image.header["BSCALE"], image.header["BZERO"] = 0.5, 10.0
    image.writeto(path)
    raw = bytearray(path.read_bytes())
    values = np.arange(12, dtype=">i2")
    raw[2880 : 2880 + 24] = values.tobytes()
    path.write_bytes(bytes(raw))
    source = open_source(path)
    expected = values.reshape(3, 4) * 0.5 + 10
    np.testing.assert_array_equal(source.read(0), expected)
    source.close()


def test_leading_axes_of_length_one_are_not_in_the_way(tmp_path):
    path = tmp_path / "four.fits"
    fits.PrimaryHDU(noise((1, 2, 8, 9))).writeto(path)
    source = open_source(path)
    assert (source.n_frames, source.shape) == (2, (8, 9))


def test_the_first_image_with_pixels_is_taken(tmp_path):
    path = tmp_path / "several.fits"
    table = fits.BinTableHDU.from_columns([fits.Column("A", "D", array=[1.0])])
    units = [fits.PrimaryHDU(), table, fits.ImageHDU(noise((5, 6))), fits.ImageHDU(noise((7, 8)))]
    fits.HDUList(units).writeto(path)
    assert open_source(path).shape == (5, 6)


def test_a_single_image_is_timed_from_its_header(tmp_path):
    path = tmp_path / "dated.fits"
    image = fits.PrimaryHDU(noise((5, 6)))
    image.header["DATE-OBS"], image.header["EXPTIME"] = "2025-12-10T23:59:59.5", 2.0
    image.writeto(path)
    source = FitsImageSource(path)
    assert source.frame_times().iso(0) == "2025-12-11T00:00:00.500000"
    assert source.frame_times().quality == "telescope"
    assert source.frame_times().constant_s == 1.0


def test_frames_of_an_undated_image_have_no_time(tmp_path):
    path = tmp_path / "undated.fits"
    fits.PrimaryHDU(noise((2, 5, 6))).writeto(path)
    source = FitsImageSource(path)
    assert source.frame_time(0) is None
    assert np.isnan(source.frame_times().seconds).all()


@pytest.mark.parametrize(
    ("units", "sentence"),
    [
        ([fits.PrimaryHDU()], "holds no image"),
        ([fits.PrimaryHDU(np.zeros(7))], "1 axes"),
        ([fits.PrimaryHDU(np.zeros((2, 2, 2, 2)))], "4 axes"),
    ],
)
def test_a_file_without_a_fitting_image_is_refused_by_name(tmp_path, units, sentence):
    path = tmp_path / "odd.fits"
    fits.HDUList(units).writeto(path)
    with pytest.raises(NightglassError, match=sentence) as caught:
        open_source(path)
    assert "odd.fits" in str(caught.value)


def test_a_damaged_compressed_image_is_one_sentence(tmp_path):
    path = tmp_path / "packed.fits"
    packed = fits.CompImageHDU(noise((64, 64)).astype(np.int16), compression_type="GZIP_1")
    fits.HDUList([fits.PrimaryHDU(), packed]).writeto(path)
    with fits.open(path, disable_image_compression=True) as hdus:
        start = hdus[1].fileinfo()["datLoc"]
    raw = bytearray(path.read_bytes())
    raw[start + 600 : start + 1500] = bytes(900)
    path.write_bytes(bytes(raw))
    with pytest.raises(NightglassError, match=r"packed\.fits cannot be decompressed"):
        open_source(path)


def test_a_cut_image_is_called_not_whole(tmp_path):
    path = tmp_path / "cut.fits"
    fits.PrimaryHDU(noise((64, 64))).writeto(path)
    path.write_bytes(path.read_bytes()[:6000])
    with pytest.raises(IncompleteFileError, match=r"cut\.fits ends after 6000"):
        open_source(path)
