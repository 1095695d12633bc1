"""Stored numbers become values as astropy makes them."""

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.frames.cards import Cards
from nightglass.core.frames.encoding import Encoding

CAMERA = Encoding(">i2", 1.0, 32768.0)


@given(st.lists(st.integers(0, 65_535), min_size=1, max_size=30))
def test_counts_survive_the_detour_over_signed_numbers(counts):
    stored = (np.array(counts) - 32_768).astype(">i2")
    decoded = CAMERA.decode(stored)
    assert decoded.dtype == np.uint16
    assert decoded.tolist() == counts


def test_decoding_never_touches_what_is_stored():
    stored = np.array([-32768, 0, 32767], ">i2")
    stored.flags.writeable = False
    assert CAMERA.decode(stored).tolist() == [0, 32_768, 65_535]


@pytest.mark.parametrize("bitpix", [8, 16, 32, 64, -32, -64])
@pytest.mark.parametrize(("scale", "zero"), [(1.0, 0.0), (0.25, 100.0), (2.0, -3.0)])
def test_scaling_is_astropys(tmp_path, bitpix, scale, zero):
    stored = np.arange(24).reshape(4, 6).astype(Encoding.from_cards(bitpix_cards(bitpix)).storage)
    header = fits.Header([("SIMPLE", True), ("BITPIX", bitpix), ("NAXIS", 2)])
    header["NAXIS1"], header["NAXIS2"] = 6, 4
    header["BSCALE"], header["BZERO"] = scale, zero
    raw = header.tostring(padding=True).encode() + stored.tobytes().ljust(2880, b"\0")
    (tmp_path / "a.fits").write_bytes(raw)
    encoding = Encoding.from_cards(Cards(header.tostring(endcard=False, padding=False).encode()))
    truth = fits.getdata(tmp_path / "a.fits")
    np.testing.assert_array_equal(encoding.decode(stored), truth)


def bitpix_cards(bitpix):
    return Cards(f"BITPIX  = {bitpix:20d}".ljust(80).encode())


@pytest.mark.parametrize(
    ("encoding", "native"),
    [
        (CAMERA, np.uint16),
        (Encoding("u1"), np.uint8),
        (Encoding(">i2"), np.float32),
        (Encoding(">i2", 1.0, 32768.0, 7), np.float32),
        (Encoding(">f4"), np.float32),
        (Encoding(">i4"), np.float64),
        (Encoding(">f8"), np.float64),
    ],
)
def test_the_native_type_holds_every_value_exactly(encoding, native):
    assert encoding.native == native
    assert encoding.decode(np.zeros(3, encoding.storage)).dtype == native


def test_blank_pixels_become_nan_and_others_do_not():
    decoded = Encoding(">i2", 1.0, 32768.0, -5).decode(np.array([-5, 0], ">i2"))
    assert np.isnan(decoded[0])
    assert decoded[1] == 32_768
