"""Masters and calibrated frames against closed forms and numpy on the whole stack."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nightglass.core.engine.jobs import CancelToken, JobContext
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.lightspeed.calibration import (
    Calibration,
    CountScale,
    Master,
    load_master,
    make_master,
    save_master,
    trim_to,
)
from nightglass.core.lightspeed.camera import Subarray
from nightglass.core.lightspeed.cube import CubeHeader, read_cube_header
from nightglass.core.lightspeed.open_capture import open_capture
from nightglass.core.settings import Settings

from .cube_files import name_of, write_cube

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.lightspeed.capture import Capture

ROWS, COLUMNS = 12, 16
AT = {"SUBARRAY_MODE": "ON", "SUBARRAY_HPOS": 100.0, "SUBARRAY_VPOS": 40.0,
      "SUBARRAY_HSIZE": 16.0, "SUBARRAY_VSIZE": 12.0}  # fmt: skip


def counts(seed: int, bundles: int, level: float, shape: tuple[int, int] = (ROWS, COLUMNS)):
    rng = np.random.default_rng(seed)
    return rng.poisson(level, (bundles, *shape)).astype(np.uint16)


def capture_of(folder: Path, *stacks: np.ndarray, **cards: object) -> Capture:
    folder.mkdir(exist_ok=True)
    for number, stack in enumerate(stacks, start=1):
        write_cube(folder, number, stack, **cards)
    return open_capture(folder)


def header_of(folder: Path, shape: tuple[int, int], **cards: object) -> CubeHeader:
    folder.mkdir(exist_ok=True)
    return read_cube_header(write_cube(folder, 1, np.zeros((1, *shape)), **cards))


def master(kind: str = "bias", shape: tuple[int, int] = (ROWS, COLUMNS), **changes) -> Master:
    image = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    whole = Master(
        kind, image, Subarray(100, 40, shape[1], shape[0]), 1, 5, 0.01, "standard",
        "2 (g')", -35.0,
    )  # fmt: skip
    return replace(whole, **changes)


def test_a_bias_is_the_mean_of_all_frames_exactly(tmp_path: Path) -> None:
    stacks = counts(1, 7, 60000), counts(2, 3, 200)
    made = make_master("bias", capture_of(tmp_path, *stacks, **AT), JobContext())
    want = np.concatenate(stacks).astype(np.uint64).sum(0) / 10
    np.testing.assert_array_equal(made.image, want.astype(np.float32))
    assert (made.frames, made.mode, made.temperature_c) == (10, "standard", -35.0)
    assert made.subarray == Subarray(100, 40, 16, 12)
    assert made.sources == (name_of(1), name_of(2))
    assert made.notes == ()


def test_a_mean_does_not_depend_on_how_frames_lie_in_cubes_and_bundles(tmp_path: Path) -> None:
    stack = counts(3, 12, 30000)
    one = make_master("bias", capture_of(tmp_path / "a", stack), JobContext())
    bundled = stack.reshape(3, 4 * ROWS, COLUMNS)
    cards = {"FRAMEBUNDLE_MODE": "ON", "FRAMEBUNDLE_NUMBER": 4.0}
    other = capture_of(tmp_path / "b", bundled[:1], bundled[1:], **cards)
    np.testing.assert_array_equal(one.image, make_master("bias", other, JobContext()).image)


def test_a_dark_is_a_rate_above_the_bias(tmp_path: Path) -> None:
    bias = master(image=np.full((ROWS, COLUMNS), 200, np.float32))
    capture = capture_of(tmp_path, np.full((4, ROWS, COLUMNS), 230), EXPOSURE_TIME=10.0, **AT)
    dark = make_master("dark", capture, JobContext(), bias=bias)
    np.testing.assert_allclose(dark.image, 3.0)
    assert dark.notes[0] == "The bias (made in this session) was subtracted."
    without = make_master("dark", capture, JobContext())
    np.testing.assert_allclose(without.image, 3.05)
    assert "No bias was given: 199.5 ADU" in without.notes[0]


def test_a_flat_has_median_one_whatever_a_hot_pixel_does(tmp_path: Path) -> None:
    light = np.full((3, ROWS, COLUMNS), 20199, np.uint16)
    light[:, 0, :4] = 10199
    light[:, 5, 5] = 65535
    flat = make_master("flat", capture_of(tmp_path, light, **AT), JobContext(), adu_offset=199.0)
    assert np.median(flat.image) == 1.0
    np.testing.assert_allclose(flat.image[0, :4], 0.5)
    assert flat.image[5, 5] == pytest.approx((65535 - 199) / 20000)


def test_a_flat_without_light_is_refused(tmp_path: Path) -> None:
    capture = capture_of(tmp_path, np.full((2, ROWS, COLUMNS), 150))
    with pytest.raises(NightglassError, match="saw no light"):
        make_master("flat", capture, JobContext())


def test_a_dark_without_exposure_time_is_refused(tmp_path: Path) -> None:
    capture = capture_of(tmp_path, np.full((2, ROWS, COLUMNS), 150), EXPOSURE_TIME=0.0)
    with pytest.raises(NightglassError, match="EXPOSURE TIME"):
        make_master("dark", capture, JobContext())


def test_making_a_master_tells_progress_and_stops_when_cancelled(tmp_path: Path) -> None:
    capture = capture_of(tmp_path, counts(1, 5, 200))
    token, seen = CancelToken(), []

    def progressed(progress) -> None:
        seen.append((progress.done, progress.total))
        if progress.done == 5:
            token.cancel()

    seconds = iter(range(100))
    ctx = JobContext(token, on_progress=progressed, clock=lambda: float(next(seconds)))
    with pytest.raises(Cancelled):
        make_master("bias", capture, ctx)
    assert seen[-1] == (5, 5)


def test_a_master_survives_its_file(tmp_path: Path) -> None:
    whole = master(
        "dark",
        sources=("nacht_ü_20260111_020000_cube001.fits", "b" * 90),
        notes=("The bias was taken at -20.0 °C, the frames at -35.0 °C.",),
    )
    path = tmp_path / "dark.fits"
    saved = save_master(whole, path)
    back = load_master(path)
    assert saved.path == path
    np.testing.assert_array_equal(back.image, whole.image)
    assert back.image.dtype.isnative
    for name in ("kind", "subarray", "binning", "frames", "exposure_s", "mode", "filter",
                 "temperature_c"):  # fmt: skip
        assert getattr(back, name) == getattr(whole, name)
    assert back.sources == ("nacht_\\xfc_20260111_020000_cube001.fits", "b" * 90)
    assert back.notes == ("The bias was taken at -20.0 deg C, the frames at -35.0 deg C.",)
    assert [file.name for file in tmp_path.iterdir()] == ["dark.fits"]


def test_a_master_file_is_sound_fits_with_its_history(tmp_path: Path) -> None:
    from astropy.io import fits

    path = tmp_path / "bias.fits"
    save_master(master("bias", subarray=None, temperature_c=None, sources=("a.fits",)), path)
    save_master(master("bias", subarray=None, temperature_c=None, sources=("a.fits",)), path)
    with fits.open(path) as hdus:
        hdus.verify("exception")
        header = hdus[0].header
        assert header["BITPIX"] == -32
        assert (header["IMAGETYP"], header["BUNIT"], header["NFRAMES"]) == ("bias", "adu", 5)
        assert (header["SUBARRAY MODE"], header["INP00001"]) == ("OFF", "a.fits")
        assert header["PROGRAM"].startswith("nightglass ")
        assert "CCD-TEMP" not in header
    assert load_master(path).subarray is None


def test_a_master_is_not_written_where_it_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="is not there"):
        save_master(master(), tmp_path / "none" / "bias.fits")


def test_files_that_are_no_masters_are_refused_with_a_sentence(tmp_path: Path) -> None:
    cube = write_cube(tmp_path, 1, counts(1, 2, 200))
    with pytest.raises(NightglassError, match="no bias, dark or flat"):
        load_master(cube)
    path = tmp_path / "bias.fits"
    save_master(master(), path)
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(NightglassError, match="ends after 3000"):
        load_master(path)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 5759), st.binary(min_size=1, max_size=20), st.booleans())
def test_a_damaged_master_is_read_or_refused_but_never_trips(
    folder: Path, at: int, junk: bytes, cut: bool
) -> None:
    path = folder / "bias.fits"
    if not path.exists():
        save_master(master(), path)
    content = path.read_bytes()
    damaged = folder / "damaged.fits"
    damaged.write_bytes(content[:at] + junk + (b"" if cut else content[at + len(junk) :]))
    with contextlib.suppress(NightglassError):
        assert load_master(damaged).image.ndim == 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("masters")


def test_a_master_is_cut_to_the_subarray_of_the_frames(tmp_path: Path) -> None:
    header = header_of(tmp_path, (4, 8), **{**AT, "SUBARRAY_HPOS": 104.0, "SUBARRAY_VPOS": 48.0})
    image, mismatches = trim_to(master(), header)
    np.testing.assert_array_equal(image, master().image[8:12, 4:12])
    assert mismatches == ()


def test_a_binned_master_is_cut_in_binned_pixels(tmp_path: Path) -> None:
    header = header_of(
        tmp_path, (4, 6),
        **{**AT, "SUBARRAY_HPOS": 104.0, "SUBARRAY_VPOS": 48.0, "BINNING": "2X2"},
    )  # fmt: skip
    image, _ = trim_to(master(binning=2), header)
    np.testing.assert_array_equal(image, master().image[4:8, 2:8])
    odd = header_of(tmp_path, (4, 6), **{**AT, "SUBARRAY_HPOS": 105.0, "BINNING": "2X2"})
    with pytest.raises(NightglassError, match="columns 105 to 116"):
        trim_to(master(binning=2), odd)


def test_a_master_of_the_whole_sensor_fits_any_subarray(tmp_path: Path) -> None:
    whole = master(shape=(100, 200), subarray=None)
    image, _ = trim_to(whole, header_of(tmp_path, (ROWS, COLUMNS), **AT))
    np.testing.assert_array_equal(image, whole.image[40:52, 100:116])


@pytest.mark.parametrize(
    ("hpos", "vpos", "shape"),
    [(96, 40, (4, 4)), (100, 36, (4, 4)), (104, 40, (12, 16)), (100, 40, (13, 16))],
)
def test_a_master_that_does_not_cover_the_frames_is_refused_naming_both(
    tmp_path: Path, hpos: int, vpos: int, shape: tuple[int, int]
) -> None:
    cards = {**AT, "SUBARRAY_HPOS": float(hpos), "SUBARRAY_VPOS": float(vpos)}
    with pytest.raises(NightglassError) as caught:
        trim_to(master(), header_of(tmp_path, shape, **cards))
    assert caught.value.title == "The bias does not fit these frames"
    assert caught.value.text == (
        "It shows detector columns 100 to 115 and rows 40 to 51, the frames show detector "
        f"columns {hpos} to {hpos + shape[1] - 1} and rows {vpos} to {vpos + shape[0] - 1}."
    )


def test_a_master_of_another_binning_is_refused(tmp_path: Path) -> None:
    header = header_of(tmp_path, (4, 4), **AT)
    with pytest.raises(NightglassError, match="4x4 binning, the frames with 1x1"):
        trim_to(master(binning=4), header)


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("bias", {"mode": "ultra-quiet"}, "in ultra-quiet mode, the frames in standard mode"),
        ("dark", {"mode": "ultra-quiet"}, "in ultra-quiet mode"),
        ("dark", {"exposure_s": 10.0}, "with 10 s, the frames with 0.01 s: its rate is scaled"),
        ("bias", {"exposure_s": 10.0}, None),
        ("flat", {"filter": "3 (r')"}, "in filter 3 (r'), the frames in filter 2 (g')"),
        ("flat", {"filter": None}, "in filter unknown"),
        ("bias", {"filter": "3 (r')"}, None),
        ("bias", {"temperature_c": -20.0}, "at -20.0 °C, the frames at -35.0 °C"),
        ("bias", {"temperature_c": -35.6}, None),
        ("bias", {"temperature_c": None, "mode": None}, None),
    ],
)
def test_what_differs_is_named_where_it_matters(
    tmp_path: Path, kind: str, changes: dict, words: str | None
) -> None:
    header = header_of(tmp_path, (ROWS, COLUMNS), **AT)
    _, mismatches = trim_to(master(kind, **changes), header)
    assert len(mismatches) == (words is not None)
    assert words is None or words in mismatches[0]


def test_calibrated_counts_are_what_was_put_in(tmp_path: Path) -> None:
    header = header_of(tmp_path, (ROWS, COLUMNS), EXPOSURE_TIME=0.5, **AT)
    rng = np.random.default_rng(5)
    truth = rng.uniform(0, 3000, (ROWS, COLUMNS))
    bias = rng.normal(199.2, 0.5, truth.shape)
    dark, flat = rng.uniform(0, 4, truth.shape), rng.uniform(0.8, 1.2, truth.shape)
    frame = (truth * flat + bias + dark * 0.5).astype(np.float32)
    made = Calibration.for_frames(
        header,
        bias=master("bias", image=bias.astype(np.float32)),
        dark=master("dark", image=dark.astype(np.float32)),
        flat=master("flat", image=flat.astype(np.float32)),
    )
    assert made.removes_offset
    values = made.apply(frame)
    assert values.dtype == np.float32
    np.testing.assert_allclose(values, truth, atol=2e-3)
    np.testing.assert_array_equal(made.apply(frame[3:7], slice(3, 7)), values[3:7])
    assert made.mismatches == (
        "The dark was taken with 0.01 s, the frames with 0.5 s: its rate is scaled.",
    )


def test_without_masters_counts_come_back_as_they_are(tmp_path: Path) -> None:
    made = Calibration.for_frames(header_of(tmp_path, (ROWS, COLUMNS)))
    frame = counts(1, 1, 300)[0]
    np.testing.assert_array_equal(made.apply(frame), frame)
    assert not made.removes_offset


def test_a_flat_alone_takes_the_constant_offset_off_first(tmp_path: Path) -> None:
    header = header_of(tmp_path, (ROWS, COLUMNS), **AT)
    response = np.full((ROWS, COLUMNS), 0.5, np.float32)
    response[2, 3] = 0.01
    made = Calibration.for_frames(header, flat=master("flat", image=response))
    values = made.apply(np.full((ROWS, COLUMNS), 300, np.uint16))
    assert values[0, 0] == pytest.approx(2 * (300 - 199.5))
    assert np.isnan(values[2, 3])
    assert np.isnan(values).sum() == 1
    assert made.removes_offset


def test_a_dark_is_left_out_when_the_exposure_is_unknown(tmp_path: Path) -> None:
    header = replace(header_of(tmp_path, (ROWS, COLUMNS), **AT), exposure_s=None)
    made = Calibration.for_frames(header, dark=master("dark"))
    assert made.apply(np.full((ROWS, COLUMNS), 299.5))[5, 5] == 100.0
    assert "dark is left out" in made.mismatches[0]


def test_electrons_use_the_gain_of_the_header_when_wanted(tmp_path: Path) -> None:
    told = header_of(tmp_path, (2, 2), CONVERSION_FACTOR_COEFF=0.107)
    silent = header_of(tmp_path, (2, 2))
    told_by = Settings()
    scale = CountScale.of(told, told_by)
    assert scale.from_header
    assert scale.electrons(199.5 + 100) == pytest.approx(10.7)
    assert CountScale.of(silent, told_by).electrons(199.5 + 85) == pytest.approx(10.0)
    own = CountScale.of(told, told_by.changed(use_header_gain=False, adu_per_electron=9.0))
    np.testing.assert_allclose(own.electrons(np.array([9.0, 18.0]), offset_removed=True), [1, 2])
    assert CountScale.of(None, told_by).adu_per_electron == 8.5


def test_the_reference_bias_capture_agrees_with_astropy(shared: Path) -> None:
    from astropy.io import fits

    folder = shared / "data" / "lightspeed" / "reference" / "bias_capture"
    made = make_master("bias", open_capture(folder), JobContext())
    total, frames = 0.0, 0
    for path in sorted(folder.glob("*.fits")):
        stack = fits.getdata(path, 1).reshape(-1, *made.shape).astype(np.float64)
        total, frames = total + stack.sum(0), frames + len(stack)
    assert made.frames == frames
    np.testing.assert_array_equal(made.image, (total / frames).astype(np.float32))
