"""DS9 by XPA: words, faults, and a DS9 that runs."""

from __future__ import annotations

import threading
import time
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.exchange.ds9_words import Shown
from nightglass.core.exchange.pixel_check import PixelCount, _sums, count_pixels, spare_frame
from nightglass.core.exchange.xpa import Ds9

from .other_programs import ADDRESS

if TYPE_CHECKING:
    from pathlib import Path

    from .other_programs import FakeXpa

CARDS = {
    "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 83.63, "CRVAL2": -22.01,
    "CRPIX1": 32.5, "CRPIX2": 25.5, "CD1_1": -1e-4, "CD1_2": 0.0, "CD2_1": 0.0, "CD2_2": 1e-4,
    "RADESYS": "FK5", "EQUINOX": 2000.0, "LTV1": -100.0, "LTV2": -200.0,
}  # fmt: skip
IMAGE = np.arange(3200, dtype=np.uint16).reshape(50, 64)
COUNTED = (
    "center=10 10\nimage\n\nreg\tsum\tnpix\tmean\n---\t---\t----\t----\n"
    "1\t20\t25\t0.8\n2\t3\t4\t0.75\n\n"
)


def test_names_are_those_of_every_ds9_and_of_nobody_else(xpa: FakeXpa) -> None:
    xpa.names("ds9", "second")
    assert Ds9().names() == ("ds9", "second")
    assert Ds9("second").names() == ("second",)
    assert Ds9().is_there()


def test_no_ds9_is_no_name_and_the_name_server_is_left_alone(xpa: FakeXpa) -> None:
    xpa.names()
    xpa.install("xpaget", '#!/bin/sh\ntouch "{0}/asked"\n')
    assert Ds9().names() == ()
    assert not Ds9().is_there()
    assert not (xpa.folder / "asked").exists()


def test_one_ds9_is_spoken_to_where_several_have_the_name(xpa: FakeXpa) -> None:
    xpa.names("ds9", "ds9")
    Ds9("ds9").clear_regions()
    assert xpa.orders == [f"-p {ADDRESS} regions delete all"]


def test_orders_carry_their_data_by_standard_input(xpa: FakeXpa) -> None:
    Ds9().send_regions("image\ncircle(1,2,3)\n")
    assert xpa.orders == [f"{ADDRESS} regions"]
    assert xpa.data == b"image\ncircle(1,2,3)\n"


def test_an_image_goes_as_fits_with_its_cards(xpa: FakeXpa) -> None:
    Ds9().send_image(IMAGE, CARDS, name="crab.fits", is_new=True)
    assert xpa.orders == [f"{ADDRESS} fits new crab.fits"]
    with fits.open(BytesIO(xpa.data)) as file:
        np.testing.assert_array_equal(file[0].data, IMAGE)
        assert file[0].header["LTV2"] == -200.0


def test_an_empty_frame_shows_nothing(xpa: FakeXpa) -> None:
    xpa.answer("fits size", "0 0\n")
    assert Ds9().shown() == Shown()


def test_a_frame_tells_size_name_and_sky(xpa: FakeXpa) -> None:
    xpa.answer("fits size", "64 50 300\n")
    xpa.answer("file", "crab.fits\n")
    assert Ds9().shown() == Shown("crab.fits", (50, 64), has_sky=False)
    xpa.answer("crosshair fk5 degrees", "83.6 -22.0\n")
    assert Ds9().shown() == Shown("crab.fits", (50, 64), has_sky=True)


def test_only_a_header_is_no_region(xpa: FakeXpa) -> None:
    words = "regions -format ds9 -system image -sky fk5 -skyformat degrees"
    xpa.answer(words, "# Region file format: DS9 version 4.1\nglobal color=green\nimage\n")
    assert Ds9().regions() == ""
    xpa.answer(words, "# Region file format\nglobal color=green\nimage\ncircle(1,2,3)\n")
    assert Ds9().regions().endswith("image\ncircle(1,2,3)\n")


def test_a_crosshair_without_sky_is_told(xpa: FakeXpa) -> None:
    xpa.answer("crosshair image", "10.25 7.5\n")
    assert Ds9().crosshair() == (10.25, 7.5)
    with pytest.raises(NightglassError, match="does not know where it lies on the sky"):
        Ds9().crosshair("fk5")


def test_missing_programs_are_told_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not Ds9().is_there()
    with pytest.raises(NightglassError, match=r"xpaaccess is not installed.*xpa-tools"):
        Ds9().version()


def test_no_ds9_is_told_with_what_to_start(xpa: FakeXpa) -> None:
    xpa.names()
    with pytest.raises(NightglassError, match=r"not running.*Start DS9"):
        Ds9().version()


def test_a_ds9_that_ends_between_two_words_is_not_there(xpa: FakeXpa) -> None:
    xpa.trouble(f"XPA$ERROR no 'xpaget' access points match template: {ADDRESS}\n")
    with pytest.raises(NightglassError, match="not running"):
        Ds9().version()


def test_a_refusal_is_told_in_the_words_of_ds9(xpa: FakeXpa) -> None:
    xpa.trouble(f"XPA$ERROR syntax error: foo (DS9:ds9 {ADDRESS})\n")
    with pytest.raises(NightglassError, match=r"DS9 says: syntax error: foo\."):
        Ds9().send_regions("foo")


def test_a_handshake_without_an_answer_is_no_refusal(xpa: FakeXpa) -> None:
    xpa.trouble("XPA$ERROR: no response from server during handshake (DS9:ds9)\n")
    with pytest.raises(NightglassError, match="does not answer"):
        Ds9().version()


def test_a_ds9_that_hangs_is_waited_for_only_so_long(xpa: FakeXpa) -> None:
    xpa.install("xpaset", "#!/bin/sh\nexec sleep 60\n")
    begun_s = time.monotonic()
    with pytest.raises(NightglassError, match=r"did not answer within 0\.2 s"):
        Ds9(timeout_s=0.2).clear_regions()
    assert time.monotonic() - begun_s < 20.0


def test_a_wait_can_be_given_up_from_another_thread(xpa: FakeXpa) -> None:
    xpa.install("xpaset", '#!/bin/sh\ntouch "{0}/waits"\nexec sleep 60\n')
    ds9, ends = Ds9(timeout_s=60.0), []

    def wait() -> None:
        with pytest.raises(Cancelled):
            ds9.clear_regions()
        ends.append(True)

    thread = threading.Thread(target=wait)
    thread.start()
    while not (xpa.folder / "waits").exists():
        thread.join(0.01)
    ds9.stop()
    thread.join(20.0)
    assert ends == [True]
    with pytest.raises(Cancelled):
        ds9.clear_regions()


def test_a_program_that_cannot_be_run_is_told(xpa: FakeXpa) -> None:
    xpa.install("xpaset", "#!/nowhere/at/all\n")
    with pytest.raises(NightglassError, match="xpaset cannot be run"):
        Ds9().clear_regions()


@pytest.mark.parametrize(
    "garbage", ["", "nan nan", "inf 3", "-1 -1", "1e400 1", "\x00\x01", "64", "{0}", "é" * 10_000]
)
def test_garbage_instead_of_answers_is_nothing_or_one_sentence(xpa: FakeXpa, garbage: str) -> None:
    for words in ("version", "fits size", "file", "crosshair image", "frame"):
        xpa.answer(words, garbage)
    xpa.answer("regions -format ds9 -system image -sky fk5 -skyformat degrees", garbage)
    ds9 = Ds9()
    assert isinstance(ds9.version(), str)
    assert ds9.shown().shape is None
    assert ds9.regions() == ""
    if garbage != "-1 -1":
        with pytest.raises(NightglassError, match="No place in DS9"):
            ds9.crosshair()


@pytest.mark.parametrize(
    ("script", "told"), [("kill -9 $$", "was killed by signal 9"), ("exit 3", "ended with code 3")]
)
def test_a_program_that_dies_in_the_middle_gives_no_answer(
    xpa: FakeXpa, script: str, told: str
) -> None:
    xpa.install("xpaset", f"#!/bin/sh\necho garbage\n{script}\n")
    with pytest.raises(NightglassError, match=rf"xpaset {told}"):
        Ds9().clear_regions()


def test_bytes_of_a_file_go_as_they_came(xpa: FakeXpa) -> None:
    raw = b"image\ncircle(1,2,3) # text={caf\xe9}\n"
    Ds9().send_regions(raw.decode(errors="surrogateescape"))
    assert xpa.data == raw


@pytest.mark.parametrize(
    "row", ["1\t2", "1\tx\ty\tz", "1\tnan\t3\t1", "1\t3\tinf\t1", "1\t1e999\t3"]
)
def test_garbage_instead_of_sums_is_told(row: str) -> None:
    told = f"center=1 1\nreg\tsum\tnpix\tmean\n---\t---\t----\t----\n{row}\n"
    with pytest.raises(NightglassError, match="DS9 gave no numbers"):
        _sums(told)


def test_a_frame_is_never_deleted_in_the_place_of_another(xpa: FakeXpa) -> None:
    xpa.answer("frame", "3\n")
    Ds9().delete_frame("7")
    assert [order.removeprefix(f"-p {ADDRESS} ") for order in xpa.orders] == ["frame 7"]


def test_pixels_are_counted_over_all_rings(xpa: FakeXpa) -> None:
    xpa.install("xpaset", '#!/bin/sh\ncat > /dev/null\n[ "$3" = source ] || exit 0\n'
                "out=$(sed -n 's/^set nightglass_out .open .\\(.*\\). w.$/\\1/p' \"$4\")\n"
                'cp "{0}/counted" "$out"\n')  # fmt: skip
    (xpa.folder / "counted").write_text(COUNTED)
    mask = np.zeros((30, 30), bool)
    mask[:5, :6] = True
    assert count_pixels(Ds9(), "image\nannulus(3,3,1,2,3)\n", mask) == PixelCount(30, 29, 13)


def test_no_numbers_and_too_many_pixels_are_told(xpa: FakeXpa) -> None:
    with pytest.raises(NightglassError, match="DS9 gave no numbers"):
        count_pixels(Ds9(), "image\ncircle(3,3,1)\n", np.ones((3, 3), bool))
    with pytest.raises(NightglassError, match="1000000 pixels"):
        count_pixels(Ds9(), "image\nbox(0,0,9999,9999,0)\n", np.ones((1000, 1000), bool))


@pytest.mark.ds9
class TestRealDs9:
    """What a running DS9 makes of our words."""

    def test_image_cursor_and_regions_go_there_and_come_back(self, real_ds9: Ds9) -> None:
        assert real_ds9.names() == (real_ds9.target,)
        assert real_ds9.version()[0].isdigit()
        assert real_ds9.shown() == Shown()
        real_ds9.send_image(IMAGE, CARDS, name="crab.fits")
        assert real_ds9.shown() == Shown("crab.fits", (50, 64), has_sky=True)
        real_ds9.set_crosshair(10.25, 20.875)
        assert real_ds9.crosshair() == (10.25, 20.875)
        assert real_ds9.crosshair("physical") == (110.25, 220.875)
        ra_deg, dec_deg = real_ds9.crosshair("fk5")
        real_ds9.set_crosshair(ra_deg, dec_deg, "fk5")
        np.testing.assert_allclose(real_ds9.crosshair(), (10.25, 20.875), atol=2e-3)
        real_ds9.pan_to(30.0, 30.0)
        assert real_ds9.get("pan", "image") == "30 30"
        assert real_ds9.regions() == ""
        real_ds9.send_regions("image\ncircle(10.5,20.25,3)\n")
        assert "circle(10.5,20.25,3)" in real_ds9.regions()
        assert "circle(83.63" in real_ds9.regions("fk5")
        real_ds9.clear_regions()
        assert real_ds9.regions() == ""

    def test_an_image_without_sky_says_so(self, real_ds9: Ds9) -> None:
        real_ds9.send_image(IMAGE)
        assert not real_ds9.shown().has_sky
        with pytest.raises(NightglassError, match="on the sky"):
            real_ds9.crosshair("fk5")

    def test_words_it_does_not_know_are_refused(self, real_ds9: Ds9) -> None:
        real_ds9.send_image(IMAGE)
        with pytest.raises(NightglassError, match="DS9 says: syntax error"):
            real_ds9.send_regions("image\nfoo(1,2\n")

    def test_differing_pixels_are_counted_exactly(self, real_ds9: Ds9) -> None:
        real_ds9.send_image(IMAGE, name="crab.fits")
        real_ds9.send_regions("image\ncircle(30,30,4)\n")
        before = real_ds9.get("frame", "all"), real_ds9.current_frame(), real_ds9.regions()
        y, x = np.mgrid[1:51, 1:65]
        mask = np.hypot(x - 10.2, y - 11.3) < 3.7
        with spare_frame(real_ds9):
            text = "image\ncircle(10.2,11.3,3.7)\n"
            assert count_pixels(real_ds9, text, mask).differing == 0
            mask[0, 0] = mask[11, 10] = True
            mask[10, 9] = False
            count = count_pixels(real_ds9, text, mask)
            assert count.differing == 2
            assert count.ours == count.theirs
            rings = (np.hypot(x - 20.1, y - 20.3) < 9.4) & (np.hypot(x - 20.1, y - 20.3) > 2.3)
            text = "image\nannulus(20.1,20.3,2.3,5.6,9.4)\n"
            assert count_pixels(real_ds9, text, rings).differing == 0
        after = real_ds9.get("frame", "all"), real_ds9.current_frame(), real_ds9.regions()
        assert after == before
