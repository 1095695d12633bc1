"""Raw frames: cards, counts, statistics and the image without dark agree with numpy and astropy."""

import math

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.frames.positioned import IncompleteFileError
from nightglass.core.mascara.raw.frame import read_frame, read_header, reduce_frame, statistics

from .raw_frames import NX, NY, SHAPE, X0, Y0, content, sky_counts, write_raw

ACTIVE = slice(Y0, Y0 + NY), slice(X0, X0 + NX)
NAME = "48506263LSC.fits"
OPTIONAL = ("LSTIDX", "UTC-OBS", "CCDTEMP", "DWLDTIME", "MARGTIME", "SITE-OBS", "CAMERA",
            "APIVER", "AVERSION")  # fmt: skip


@pytest.fixture
def dark():
    return np.random.default_rng(2).normal(1000.0, 5.0, SHAPE).astype(np.float32)


@pytest.fixture
def raw(tmp_path):
    return read_frame(write_raw(tmp_path / NAME))


def test_a_header_of_the_station_is_read(tmp_path):
    header = read_header(write_raw(tmp_path / NAME))
    assert (header.lstseq, header.lstidx, header.camera, header.site) == (
        48506263,
        763,
        "C",
        "LaSilla",
    )
    assert (header.jd, header.lst_h) == (2459876.516233906, 21.83338055802537)
    assert (header.exptime_s, header.ccdtemp_c) == (6.382928100414574, -15.0)
    assert (header.download_s, header.margin_s) == (1.5, 0.25)
    assert (header.api_version, header.acquisition_version) == ("1.71", "2017.00")
    assert header.active == ACTIVE


def test_a_julian_date_may_be_text(tmp_path):
    assert read_header(write_raw(tmp_path / NAME, JD="2459876.516233906")).jd == 2459876.516233906


@pytest.mark.parametrize("blank", [" ", "T"])
def test_both_spellings_of_the_time_are_one(tmp_path, blank):
    path = write_raw(tmp_path / NAME, **{"UTC-OBS": f"2022-10-24{blank}00:23:22.609478"})
    assert read_header(path).utc == "2022-10-24T00:23:22.609478"


def test_what_a_camera_does_not_tell_is_computed_or_unknown(tmp_path):
    header = read_header(write_raw(tmp_path / NAME, **dict.fromkeys(OPTIONAL), SWVER="brc"))
    assert header.lstidx == 763
    assert all(math.isnan(x) for x in (header.ccdtemp_c, header.download_s, header.margin_s))
    assert (header.utc, header.site, header.camera, header.api_version) == ("", "", "", "")
    assert header.acquisition_version == "brc"


@pytest.mark.parametrize("card", ["LSTSEQ", "LST", "JD", "EXPTIME", "X0", "XSIZE", "Y0", "YSIZE"])
def test_a_missing_card_is_named(tmp_path, card):
    path = write_raw(tmp_path / NAME, **{card: None})
    with pytest.raises(NightglassError, match=rf"{NAME} tells no usable {card}\."):
        read_frame(path)


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("shape", [SHAPE, (600, 900)])
def test_counts_are_those_of_astropy(tmp_path, suffix, shape):
    counts = np.random.default_rng(3).integers(0, 65536, shape, np.uint16)
    raw = read_frame(write_raw(tmp_path / f"{NAME}{suffix}", counts))
    assert raw.counts.dtype == np.uint16
    np.testing.assert_array_equal(raw.counts, counts)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "ends after 0"),
        (content()[:2000], "ends after 2000"),
        (content()[:-2881], "ends after"),
        (b"no frame " * 999, "does not start like a FITS file"),
        (b"\x1f\x8b" + b"no gzip " * 999, "packed data that make no sense"),
        (b"SIMPLE  =" + b" " * 2880 * 200, "header without an end"),
        (content(np.zeros(SHAPE, np.float32)), "unsigned 16-bit"),
        (content(np.zeros(SHAPE, np.int16)), "unsigned 16-bit"),
        (content(np.zeros((2, *SHAPE), np.uint16)), "no two-dimensional image"),
        (content(sky_counts(shape=(20, 50))), "active window of 40 x 24 begins at column 5"),
        (content(XSIZE=0), "active window of 0 x 24"),
    ],
    ids=["empty", "cut header", "cut data", "garbage", "bad gzip", "endless", "float", "signed",
         "cube", "small", "no window"],
)  # fmt: skip
def test_a_frame_that_cannot_be_used_says_why(tmp_path, data, sentence):
    path = tmp_path / NAME
    path.write_bytes(data)
    with pytest.raises(NightglassError, match=sentence) as caught:
        read_frame(path)
    assert caught.value.path == str(path)


def test_a_cut_packed_frame_is_incomplete(tmp_path):
    path = write_raw(tmp_path / f"{NAME}.gz")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(IncompleteFileError, match="ends after"):
        read_frame(path)


def test_a_frame_that_is_gone_is_an_error_in_words(tmp_path):
    with pytest.raises(NightglassError, match="is not there"):
        read_frame(tmp_path / NAME)


def test_statistics_are_those_of_numpy(tmp_path):
    counts = sky_counts(5)
    counts[:Y0] += 7
    counts[:, -X0:] -= 20
    counts[4, :9], counts[7, 3:12], counts[0, 0] = 0, 64001, 64000
    found = statistics(read_frame(write_raw(tmp_path / NAME, counts)))
    assert (found.zeros, found.saturated) == ((counts == 0).sum(), 9)
    assert found.std == pytest.approx(counts.std(), rel=1e-12)
    assert found.median == np.median(counts)
    assert found.bright == pytest.approx(np.percentile(counts, 95), rel=1e-12)
    strips = counts[:Y0], counts[:, :X0], counts[-Y0:], counts[:, -X0:]
    assert found.overscan == tuple(np.median(strip) for strip in strips)


def test_a_frame_of_one_level_has_no_deviation(tmp_path):
    found = statistics(read_frame(write_raw(tmp_path / NAME, np.full(SHAPE, 64000, np.uint16))))
    assert (found.std, found.median, found.bright, found.saturated) == (0.0, 64000.0, 64000.0, 0)


def test_without_borders_there_is_no_overscan(tmp_path):
    rows, columns = SHAPE
    raw = read_frame(write_raw(tmp_path / NAME, X0=0, Y0=0, XSIZE=columns, YSIZE=rows))
    assert statistics(raw).overscan == (0.0, 0.0, 0.0, 0.0)
    np.testing.assert_array_equal(reduce_frame(raw, None), raw.counts)


def test_the_dark_is_taken_off_and_the_window_cut_out(raw, dark):
    image = reduce_frame(raw, dark)
    assert image.dtype == np.float32
    assert image.flags.c_contiguous
    np.testing.assert_array_equal(image, (raw.counts.astype(np.float32) - dark)[ACTIVE])


def test_without_a_dark_the_overscan_is_taken_off(raw):
    outside = np.ones(SHAPE, bool)
    outside[ACTIVE] = False
    expected = raw.counts[ACTIVE] - np.median(raw.counts[outside])
    np.testing.assert_array_equal(reduce_frame(raw, None), expected.astype(np.float32))


@pytest.mark.parametrize("name", ["dark", "bad-pixel map"])
def test_calibration_of_another_size_is_refused(raw, name):
    planes = (
        (np.zeros((9, 9), np.float32), None) if name == "dark" else (None, np.zeros((9, 9), bool))
    )
    with pytest.raises(NightglassError, match=f"The {name} does not fit"):
        reduce_frame(raw, *planes)


def _mended(image, bad):
    """The plain twin: median of the good pixels in the smallest square with three of them."""
    out = image.copy()
    for y, x in np.argwhere(bad):
        for reach in range(1, 5):
            box = np.s_[max(y - reach, 0) : y + reach + 1, max(x - reach, 0) : x + reach + 1]
            good = image[box][~bad[box]]
            if good.size >= 3:
                out[y, x] = np.median(good)
                break
    return out


@pytest.mark.parametrize("share", [0.01, 0.3, 0.9])
def test_bad_pixels_get_the_median_of_good_ones_around(raw, dark, share):
    bad = np.random.default_rng(6).random(SHAPE) < share
    bad[Y0, X0] = bad[Y0 + NY - 1, X0 + NX - 1] = True
    bad[10:12, 10:30] = True
    expected = _mended(reduce_frame(raw, dark), bad[ACTIVE])
    np.testing.assert_array_equal(reduce_frame(raw, dark, bad), expected)


def test_a_frame_without_good_pixels_stays_as_it_is(raw, dark):
    everywhere = np.ones(SHAPE, bool)
    np.testing.assert_array_equal(reduce_frame(raw, dark, everywhere), reduce_frame(raw, dark))
