"""Pixel properties on the disk: ours, and those of every published version."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.noise import files, telegraph
from nightglass.core.lightspeed.noise.files import is_properties_file
from nightglass.core.lightspeed.noise.pixel_properties import PixelProperties
from nightglass.core.lightspeed.noise.sources import Origin

from .fake_source import header_of
from .test_pixel_properties import COLUMNS, ROWS, peaks, planes

if TYPE_CHECKING:
    from pathlib import Path

SHAPE = (ROWS, COLUMNS)


def written(path: Path, *images: np.ndarray, mark: Any = "T", **names: int) -> Path:
    """A file as the published versions write it."""
    units = [fits.PrimaryHDU(), *(fits.ImageHDU(image) for image in images)]
    for name, place in names.items():
        units[place].name = name
    for unit in units:
        unit.header["PIXPROP"] = mark
    fits.HDUList(units).writeto(path)
    return path


@pytest.mark.parametrize("has_peaks", [False, True])
@pytest.mark.parametrize("has_skew", [False, True])
def test_what_was_saved_comes_back_bit_for_bit(
    tmp_path: Path, has_peaks: bool, has_skew: bool
) -> None:
    bias, widths, skew = planes()
    origin = Origin.of_header(header_of(tmp_path, ROWS, COLUMNS))
    saved = PixelProperties(
        bias, widths, skew if has_skew else None, params=peaks() if has_peaks else None,
        origin=origin,
    )  # fmt: skip
    path = saved.save(tmp_path / "noise.fits")
    loaded = PixelProperties.load(path)
    assert np.array_equal(loaded.bias, bias)
    assert np.array_equal(loaded.widths, widths)
    assert (loaded.skew is not None) == has_skew
    assert (loaded.params is not None) == has_peaks
    if has_peaks:
        assert np.array_equal(loaded.params, saved.params)
    if has_skew:
        assert np.array_equal(loaded.skew, skew)
    assert loaded.has_noise == (has_peaks or has_skew)
    assert loaded.notices == []
    assert loaded.origin.subarray == origin.subarray
    assert (loaded.origin.mode, loaded.origin.temperature_c) == ("standard", -34.9)
    assert is_properties_file(path)


@pytest.mark.parametrize(
    ("layout", "third", "fourth"),
    [(None, "PARAMS", "SKEWS"), ("v3", "PARAMS", "SKEWS"), ("v1", "SKEWS", "PARAMS")],
)
def test_published_readers_find_what_they_know_in_its_place(
    tmp_path: Path, layout: Any, third: str, fourth: str
) -> None:
    saved = PixelProperties(*planes(), params=peaks())
    path = saved.save(tmp_path / "noise.fits", layout=layout)
    with fits.open(path) as units:
        assert [unit.header["PIXPROP"] for unit in units] == ["T"] * 5
        assert [unit.name for unit in units[1:]] == ["BIAS", "WIDTHS", third, fourth]
        assert {unit.data.dtype.name for unit in units[1:]} == {"float64"}
        assert np.array_equal(units[1].data, saved.bias)
        assert np.array_equal(units[3].data, saved.params if third == "PARAMS" else saved.skew)
        assert units[1].header["BUNIT"] == "electron"
    assert np.array_equal(PixelProperties.load(path).skew, saved.skew)


def test_gain_frames_and_sources_are_told(tmp_path: Path) -> None:
    origin = Origin(adu_per_electron=8.5, frames=400, sources=("bias_cube001.fits",))
    path = PixelProperties(*planes(), origin=origin).save(tmp_path / "noise.fits")
    loaded = PixelProperties.load(path).origin
    assert (loaded.adu_per_electron, loaded.frames) == (8.5, 400)
    assert loaded.sources == ("bias_cube001.fits",)
    assert fits.getheader(path)["PROGRAM"].startswith("nightglass ")


@pytest.mark.parametrize("mark", ["T", True])
def test_axes_decide_what_the_third_extension_is(tmp_path: Path, mark: Any) -> None:
    bias, widths, skew = planes()
    first = PixelProperties.load(written(tmp_path / "v1.fits", bias, widths, skew, mark=mark))
    assert np.array_equal(first.skew, skew)
    assert first.params is None
    third = PixelProperties.load(written(tmp_path / "v3.fits", bias, widths, peaks(), mark=mark))
    assert third.skew is None
    assert third.params is not None
    bare = PixelProperties.load(written(tmp_path / "bare.fits", bias, widths, mark=mark))
    assert not bare.has_noise


def test_peaks_of_a_published_file_are_brought_to_the_bias(tmp_path: Path) -> None:
    bias, widths, _ = planes()
    path = written(tmp_path / "v3.fits", bias, widths, peaks())
    native = PixelProperties.load(path)
    assert native.params is not None
    assert native.params[..., 1] == pytest.approx(peaks()[..., 1] - bias, abs=1e-15)
    assert "counted from the detector offset" in native.notices[0]
    published = PixelProperties.load(path, compat="v3")
    assert np.array_equal(published.params, peaks())
    again = PixelProperties.load(published.save(tmp_path / "again.fits"))
    assert np.array_equal(again.params, native.params)


@pytest.mark.parametrize("numbers", [4, 7, 9])
def test_a_later_version_gives_bias_and_widths_and_says_so(tmp_path: Path, numbers: int) -> None:
    bias, widths, _ = planes()
    mask = np.ones(SHAPE, np.uint8)
    path = written(tmp_path / "v4.fits", bias, widths, np.zeros((*SHAPE, numbers)), mask)
    loaded = PixelProperties.load(path)
    assert np.array_equal(loaded.widths, widths)
    assert (loaded.skew, loaded.params) == (None, None)
    assert loaded.notices == [
        (
            "v4.fits is of a later version of the published library: its bias and widths are used, "
            "its model of the noise and its mask are not."
        )
    ]


def test_golden_file_loads(shared: Path) -> None:
    path = shared / "data" / "lightspeed" / "reference" / "published_bias.fits"
    loaded = PixelProperties.load(path)
    with fits.open(path) as units:
        assert np.array_equal(loaded.bias, units[1].data)
        assert np.array_equal(loaded.widths, units[2].data)
    assert loaded.params is not None
    assert loaded.origin.subarray == (1048, 512, 48, 40)
    _sigma, mu, middle, up, upper, down, lower = np.moveaxis(loaded.params, -1, 0)
    assert np.abs(mu + upper * up - lower * down).max() < 0.02
    assert middle + upper + lower == pytest.approx(1.0)


def test_a_published_file_is_cut_by_its_camera_cards(tmp_path: Path, shared: Path) -> None:
    path = shared / "data" / "lightspeed" / "reference" / "published_bias.fits"
    inner = header_of(
        tmp_path, 8, 12,
        **{"SUBARRAY HPOS": 1060.0, "SUBARRAY VPOS": 520.0, "READOUT SPEED": 1.0},
    )  # fmt: skip
    loaded = PixelProperties.load(path)
    assert np.array_equal(loaded.trimmed(inner).bias, loaded.bias[8:16, 12:24])


def test_nothing_is_replaced_without_leave(tmp_path: Path) -> None:
    path = PixelProperties(*planes()).save(tmp_path / "noise.fits")
    before = path.read_bytes()
    other = PixelProperties(*planes(9))
    with pytest.raises(NightglassError, match="--clobber"):
        other.save(path)
    assert path.read_bytes() == before
    other.save(path, clobber=True)
    assert np.array_equal(PixelProperties.load(path).bias, other.bias)


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = PixelProperties(*planes()).save(tmp_path / "noise.fits")
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NightglassError, match="the disk is full"):
        PixelProperties(*planes(9)).save(path, clobber=True)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="is not there"):
        PixelProperties(*planes()).save(tmp_path / "none" / "noise.fits")


def test_other_files_are_refused_in_one_sentence(tmp_path: Path) -> None:
    bias, widths, _ = planes()
    cases = {
        "unmarked.fits": ((bias, widths), {"mark": "F"}, "says nowhere"),
        "short.fits": ((bias,), {}, "lacks the images"),
        "cubes.fits": ((np.zeros((2, 3, 4)), widths), {}, "no image"),
        "uneven.fits": ((bias, widths[1:]), {}, "another shape"),
    }
    for name, (images, options, why) in cases.items():
        with pytest.raises(NightglassError, match=why):
            PixelProperties.load(written(tmp_path / name, *images, **options))
    text = tmp_path / "text.fits"
    text.write_text("no fits at all " * 300)
    with pytest.raises(NightglassError):
        PixelProperties.load(text)


def test_what_nobody_knows_in_a_file_is_told(tmp_path: Path) -> None:
    bias, widths, skew = planes()
    path = written(tmp_path / "odd.fits", bias, widths, skew[1:])
    loaded = PixelProperties.load(path)
    assert loaded.skew is None
    assert loaded.notices == ["Extension 3 of odd.fits (5 x 8) is not used."]


def test_parameters_of_many_pixels_take_half_the_memory_and_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegraph, "MOST_EXACT_PX", 10)
    monkeypatch.setattr(files, "_SOME_NUMBERS", 11)
    saved = PixelProperties(*planes(), params=peaks())
    assert saved.params is not None
    assert saved.params.dtype == np.float32
    path = saved.save(tmp_path / "noise.fits")
    loaded = PixelProperties.load(path)
    assert np.array_equal(loaded.params, saved.params)
    assert np.array_equal(loaded.bias, saved.bias)
    assert fits.getdata(path, 3).dtype.name == "float64"
    assert loaded.get_prob(np.zeros(SHAPE), 0) == pytest.approx(
        saved.get_prob(np.zeros(SHAPE), 0), rel=1e-12
    )
