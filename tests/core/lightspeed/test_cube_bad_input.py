"""Broken cubes: one clear sentence each, the rest stays usable, the disk stays as it was."""

import errno
import hashlib
import os
import warnings

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.cube import Cube, IncompleteFileError, NotACubeError
from nightglass.core.lightspeed.cube import read_cube_header as read
from nightglass.core.lightspeed.open_capture import open_capture
from nightglass.core.lightspeed.report import survey

from .writer import CubeSpec, camera_cards, hdus, pixels, write_capture, write_cube

SPEC = CubeSpec(rows=6, columns=8, bundles=40, per_bundle=2)


def cut_to(size):
    def spoil(path):
        os.truncate(path, size)

    return spoil


def cut_by(count):
    def spoil(path):
        os.truncate(path, path.stat().st_size - count)

    return spoil


def content(raw):
    def spoil(path):
        path.write_bytes(raw)

    return spoil


def units(make):
    def spoil(path):
        fits.HDUList(make(hdus(SPEC, 2))).writeto(path, overwrite=True)

    return spoil


def nan_image(given):
    values = np.full((40, 12, 8), np.nan, np.float32)
    return [given[0], fits.ImageHDU(values, given[1].header, name="DATA_CUBE"), given[2]]


def image_of(kind):
    return lambda given: [
        given[0],
        fits.ImageHDU(np.zeros((40, 12, 8), kind), name="DATA_CUBE"),
        given[2],
    ]


def no_frames(path):
    units_ = hdus(SPEC, 2)
    units_[1].header["NAXIS3"] = 0
    header, table = units_[1].header.tostring(), units_[2].header.tostring()
    rows = np.array(units_[2].data).tobytes()
    raw = (units_[0].header.tostring() + header + table).encode()
    path.write_bytes(raw + rows.ljust(2880, b"\0"))


def zeros_after_header(path):
    """Space reserved for a file whose content has not arrived."""
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:2880].ljust(size, b"\0"))


BROKEN = {
    "empty": (cut_to(0), IncompleteFileError, "ends after 0 bytes"),
    "cut in the primary header": (cut_to(1000), IncompleteFileError, "ends after 1000"),
    "cut in the second header": (cut_to(5000), IncompleteFileError, "ends after 5000"),
    "cut in the pixels": (cut_to(9000), IncompleteFileError, "ends after 9000"),
    "half-written, no table": (cut_by(5760), NightglassError, "TIMESTAMPS|ends after"),
    "half-written table": (cut_by(2500), IncompleteFileError, "ends after"),
    "text": (content(b"no fits here\n" * 500), NightglassError, "does not start like a FITS"),
    "gzip": (content(b"\x1f\x8b" + bytes(9000)), NightglassError, "gzip"),
    "only zeros after its header": (zeros_after_header, NightglassError, "DATA_CUBE"),
    "no image": (units(lambda given: [given[0], given[2]]), NotACubeError, "no DATA_CUBE"),
    "no table": (units(lambda given: given[:2]), NotACubeError, "no TIMESTAMPS"),
    "NaN floats": (units(nan_image), NotACubeError, "BITPIX -32"),
    "32-bit integers": (units(image_of(np.int32)), NotACubeError, "BITPIX 32"),
    "64-bit floats": (units(image_of(np.float64)), NotACubeError, "BITPIX -64"),
    "zero frames": (no_frames, NightglassError, "holds no frames"),
}


def sums(folder):
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() + str(path.stat().st_mtime_ns)
        for path in folder.iterdir()
    }


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_cube_is_one_sentence_that_names_it(tmp_path, case):
    spoil, kind, words = BROKEN[case]
    path = write_cube(tmp_path, SPEC, 2)
    spoil(path)
    with pytest.raises(kind, match=words) as caught:
        read(path)
    assert path.name in str(caught.value)
    assert caught.value.hint
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("case", BROKEN)
def test_the_rest_of_the_capture_stays_usable_and_the_disk_as_it_was(tmp_path, case):
    paths = write_capture(tmp_path, SPEC)
    BROKEN[case][0](paths[1])
    before = sums(tmp_path)
    capture = open_capture(tmp_path)
    assert capture.n_frames == 160
    np.testing.assert_array_equal(capture.read(81), pixels(SPEC, 3)[1])
    assert [error.path for error in capture.left_out] == [str(paths[1])]
    assert capture.missing_cubes == (2,)
    assert capture.accounting().lost == 80
    assert capture.frame_time(80).iso() == "2025-12-10T03:15:00.820600"
    report = survey(tmp_path)
    assert paths[1].name in report.captures[0]["problems"][0]
    capture.close()
    assert sums(tmp_path) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_cube_without_permission_is_a_sentence(tmp_path):
    path = write_cube(tmp_path, SPEC, 1)
    path.chmod(0)
    with pytest.raises(NightglassError, match="may not be opened"):
        read(path)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "may not be opened by this user"),
        (errno.EIO, "the disk reports an error"),
        (errno.ENODEV, "unplugged"),
        (errno.ESTALE, "disconnected"),
        (errno.ENOENT, "is not there"),
    ],
)
@pytest.mark.parametrize("call", ["open", "pread", "preadv", "fstat"])
def test_a_failing_disk_is_a_sentence_in_every_call(tmp_path, monkeypatch, call, number, words):
    path = write_cube(tmp_path, SPEC, 1)
    cube = Cube(read(path), mapping=False)

    def fail(*_args, **_options):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(NightglassError, match=words) as caught:
            read(path) if call != "preadv" else cube.raw(0)
    assert str(path) in str(caught.value)


def test_a_disk_that_comes_back_is_read_again(tmp_path, monkeypatch):
    capture = open_capture(write_cube(tmp_path, SPEC, 1), mapping=False)
    with monkeypatch.context() as patch:
        patch.setattr(os, "preadv", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "gone")))
        with pytest.raises(NightglassError):
            capture.read(3)
    np.testing.assert_array_equal(capture.read(3), pixels(SPEC, 1)[3])


def test_a_capture_without_one_readable_cube_says_why(tmp_path):
    path = write_cube(tmp_path, SPEC, 1)
    os.truncate(path, 6000)
    with pytest.raises(IncompleteFileError, match="ends after 6000"):
        open_capture(tmp_path)


card_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30),
    st.sampled_from(["N/A", "ON", "OFF", "nan", "inf", "1e999", "2025-99-99", "25:61:61"]),
)
camera_keys = st.sampled_from(sorted(camera_cards(SPEC)))
primary_keys = st.sampled_from(["GPSSTART", "CUBEIDX", "OBJECT"])
structure_keys = st.sampled_from(
    ["BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "NAXIS3", "PCOUNT", "GCOUNT", "BSCALE", "BZERO"]
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return write_cube(tmp_path_factory.mktemp("whole"), SPEC, 1)


def set_card(raw, keyword, value, unit):
    """Replace or remove a card in the bytes of a file, as a strange writer would."""
    start = raw.find(b"XTENSION") if unit else 0
    long = len(keyword) > 8 or " " in keyword
    head = f"HIERARCH {keyword} =" if long else f"{keyword:<8}="
    place = raw.find(head.encode(), start)
    if place < 0:
        return raw
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            card = fits.Card(f"HIERARCH {keyword}" if long else keyword, value).image
        except ValueError:
            return raw
    text = "COMMENT removed" if value is None else card[:80]
    return raw[:place] + text.ljust(80).encode() + raw[place + 80 :]


def check_any_header(path, raw):
    path.write_bytes(raw)
    told = [str(error) for error in survey(path).failures]
    try:
        capture = open_capture(path)
        capture.frame_times()
        capture.frame_time(0)
        capture.accounting()
        capture.read(capture.n_frames - 1)
        capture.close()
    except NightglassError as error:
        told.append(str(error))
    assert all(path.name in sentence for sentence in told)


changes = st.one_of(
    st.tuples(camera_keys, card_values, st.just(1)),
    st.tuples(primary_keys, card_values, st.just(0)),
    st.tuples(structure_keys, card_values, st.just(1)),
    st.tuples(structure_keys, card_values, st.just(0)),
)
quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@quick
@given(st.lists(changes, min_size=1, max_size=4))
def test_no_header_whatever_raises_anything_but_a_sentence(whole, tmp_path, listed):
    raw = whole.read_bytes()
    for keyword, value, unit in listed:
        raw = set_card(raw, keyword, value, unit)
    check_any_header(tmp_path / whole.name, raw)


@pytest.mark.slow
@settings(quick, max_examples=4000)
@given(st.lists(changes, min_size=1, max_size=6))
def test_no_header_whatever_raises_anything_but_a_sentence_often(whole, tmp_path, listed):
    raw = whole.read_bytes()
    for keyword, value, unit in listed:
        raw = set_card(raw, keyword, value, unit)
    check_any_header(tmp_path / whole.name, raw)


@quick
@given(st.integers(0, 20_000), st.binary(min_size=1, max_size=200))
def test_no_damage_whatever_raises_anything_but_a_sentence(whole, tmp_path, place, noise):
    raw = bytearray(whole.read_bytes())
    raw[place : place + len(noise)] = noise
    check_any_header(tmp_path / whole.name, bytes(raw))
