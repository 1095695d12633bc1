"""Master frames: means without outliers, from the frames that are alike, the same bytes again."""

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.calibration.masters import (
    CLIP,
    make_master,
    read_master,
    write_master,
)

from ..raw.raw_frames import NX, NY, SHAPE, X0, Y0, sky_counts, write_raw

ACTIVE = slice(Y0, Y0 + NY), slice(X0, X0 + NX)
SLOT = 48506263


def silent(_name):
    pass


def write_sequence(folder, counts, kind="dark", suffix="", **cards):
    return [
        write_raw(
            folder / f"{SLOT + k:08d}LSC{kind}.fits{suffix}", plane, LSTSEQ=SLOT + k,
            **{"EXPTIME": 6.3825, "CCDTEMP": -15.0} | cards,
        )
        for k, plane in enumerate(counts)
    ]  # fmt: skip


def darks(number=20, level=1000, sigma=19, shape=SHAPE):
    return np.array([sky_counts(seed, level, sigma, shape) for seed in range(number)])


def clipped_mean(stack):
    """The plain twin: mean of what is within five noises of the median."""
    middle = np.median(stack, axis=0)
    distance = np.abs(stack - middle)
    reach = np.maximum(1.4826 * CLIP * np.median(distance, axis=0), CLIP)
    return np.ma.mean(np.ma.masked_array(stack, distance > reach), axis=0)


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("number", [10, 21])
@pytest.mark.parametrize("shape", [SHAPE, (300, 60)])
def test_a_master_dark_is_the_mean_without_outliers(tmp_path, suffix, number, shape):
    stack = darks(number, shape=shape)
    stack[3, 10, 10:20], stack[7, 12, 10:20] = 9000, 60000
    master = make_master("dark", write_sequence(tmp_path, stack, suffix=suffix), 10, silent)
    np.testing.assert_allclose(master.image, clipped_mean(stack.astype(float)), rtol=1e-6)
    assert master.image.dtype == np.float32
    assert (master.frames, master.lstseq, master.failed) == (number, SLOT, {})
    assert 20 <= master.rejected < 0.01 * stack.size
    assert np.abs(master.image[10:13, 10:20] - 1000).max() < 30


def test_a_cosmic_ray_in_the_fewest_frames_leaves_nothing(tmp_path):
    stack = darks(10)
    quiet = make_master("dark", write_sequence(tmp_path / "a", stack), 10, silent)
    stack[:, 5, 8] = 1000
    stack[4, 5, 8] = 1200
    hit = make_master("dark", write_sequence(tmp_path / "b", stack), 10, silent)
    assert hit.image[5, 8] == 1000.0
    assert quiet.rejected <= hit.rejected


def test_the_noise_of_a_mean_is_that_of_its_frames(tmp_path):
    stack = darks(20, shape=(200, 300))
    master = make_master("dark", write_sequence(tmp_path, stack), 10, silent)
    assert master.image.std() == pytest.approx(19 / np.sqrt(20), rel=0.02)
    assert master.image.mean() == pytest.approx(1000.0, abs=0.1)


def test_a_flat_is_the_response_of_pixels_whatever_the_light(tmp_path):
    response = 1.0 + 0.2 * np.random.default_rng(1).standard_normal((NY, NX)).clip(-3, 3)
    response /= response.mean()
    stack = np.full((12, *SHAPE), 1000, np.uint16)
    for k, plane in enumerate(stack):
        plane[ACTIVE] = (1000 + (5000 + 2000 * k) * response).round()
    stack[5, Y0 + 4, X0 + 4] = 65535
    master = make_master("flat", write_sequence(tmp_path, stack, "flat"), 10, silent)
    np.testing.assert_allclose(master.image[ACTIVE], response, atol=2e-4)
    np.testing.assert_array_equal(master.image[:Y0], 0.0)
    assert master.light_adu == pytest.approx(16000.0, rel=1e-3)
    assert master.level_adu == pytest.approx(17000.0, rel=1e-3)


def test_a_flat_in_the_dark_is_left_out(tmp_path):
    stack = np.full((11, *SHAPE), 1000, np.uint16)
    stack[:10, Y0 : Y0 + NY, X0 : X0 + NX] = 9000
    files = write_sequence(tmp_path, stack, "flat")
    master = make_master("flat", files, 10, silent)
    assert master.failed == {files[10].name: f"{files[10].name} shows no light."}


def test_frames_that_cannot_be_used_are_named_and_the_rest_is_averaged(tmp_path):
    stack = darks(18)
    files = write_sequence(tmp_path, stack)
    files[0].write_bytes(b"garbage" * 999)
    files[1].write_bytes(files[1].read_bytes()[:2900])
    files[2].unlink()
    write_raw(files[3], stack[3], EXPTIME=2.541, LSTSEQ=SLOT + 3)
    write_raw(files[4], stack[4], EXPTIME=6.3825, CCDTEMP=-12.0, LSTSEQ=SLOT + 4)
    write_raw(files[5], sky_counts(shape=(50, 60)), EXPTIME=6.3825, LSTSEQ=SLOT + 5)
    write_raw(files[6], stack[6], EXPTIME=None)
    master = make_master("dark", files, 10, silent)
    assert (master.frames, master.lstseq) == (11, SLOT + 7)
    assert set(master.failed) == {path.name for path in files[:7]}
    words = [
        "does not start like", "ends after", "is not there", "exposed 2.541 s, the others 6.3825",
        "at -12.0 C, the others at -15.0 C", "another size", "no usable EXPTIME",
    ]  # fmt: skip
    for path, word in zip(files, words, strict=False):
        assert word in master.failed[path.name]
    np.testing.assert_allclose(master.image, clipped_mean(stack[7:].astype(float)), rtol=1e-6)


def test_too_few_frames_are_no_master(tmp_path):
    files = write_sequence(tmp_path, darks(10))
    files[4].write_bytes(b"garbage" * 999)
    with pytest.raises(NightglassError, match=r"9 usable frames are fewer than 10\. The first"):
        make_master("dark", files, 10, silent)
    with pytest.raises(NightglassError, match="0 usable frames"):
        make_master("bias", [], 10, silent)


def test_every_file_is_announced_before_it_is_read(tmp_path):
    files = write_sequence(tmp_path, darks(10))
    names = []
    make_master("dark", files, 10, names.append)
    assert names == 2 * [path.name for path in files]


def test_a_master_says_what_it_is_made_of(tmp_path):
    stack = darks(12)
    stack[:, Y0 : Y0 + NY, X0 : X0 + NX] += 40
    files = write_sequence(tmp_path, stack)
    write_raw(files[0], stack[0], EXPTIME=6.3945, CCDTEMP=-14.4)
    master = make_master("dark", files, 10, silent)
    facts = master.facts()
    assert (facts["frames"], facts["lstseq"]) == (12, SLOT)
    assert (facts["exptime"], facts["ccdtemp"]) == (6.3835, -14.95)
    assert facts["level"] == pytest.approx(1040.0, abs=2)
    assert facts["light"] == pytest.approx(40.0, abs=2)


@pytest.mark.parametrize("kind", ["dark", "bias", "flat"])
def test_a_master_comes_back_from_its_file_and_others_can_read_it(tmp_path, kind):
    stack = darks(10)
    stack[:, Y0 : Y0 + NY, X0 : X0 + NX] += 5000
    master = make_master(kind, write_sequence(tmp_path, stack, kind), 10, silent)
    path = tmp_path / f"{SLOT:08d}LSCmaster{kind}.fits"
    write_master(path, master)
    back = read_master(path)
    np.testing.assert_array_equal(back.image, master.image)
    assert back.image.dtype == np.float32
    assert back.facts() == master.facts()
    assert (back.kind, back.active, back.site, back.camera) == (kind, ACTIVE, "LaSilla", "C")
    with fits.open(path) as hdus:
        header = hdus[0].header
        np.testing.assert_array_equal(hdus[0].data, master.image)
    assert header["IMAGETYP"] == f"MASTER{kind.upper()}"
    assert (header["NOBS"], header["LSTSEQ"], header["EXPTIME"]) == (10, SLOT, 6.3825)
    assert [header[card] for card in ("X0", "XSIZE", "Y0", "YSIZE")] == [X0, NX, Y0, NY]


def test_the_same_frames_give_the_same_bytes(tmp_path):
    files = write_sequence(tmp_path, darks(10))
    paths = tmp_path / "one.fits", tmp_path / "other.fits"
    for path in paths:
        write_master(path, make_master("dark", files, 10, silent))
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert str(tmp_path).encode() not in paths[0].read_bytes()


def test_an_unknown_temperature_stays_unknown(tmp_path):
    files = write_sequence(tmp_path, darks(10), CCDTEMP=None)
    path = tmp_path / "master.fits"
    write_master(path, make_master("dark", files, 10, silent))
    assert read_master(path).facts()["ccdtemp"] is None


def test_what_is_no_master_is_refused(tmp_path):
    path = write_raw(tmp_path / "48506263LSC.fits")
    with pytest.raises(NightglassError, match="is no master dark, bias or flat"):
        read_master(path)
    master = make_master("dark", write_sequence(tmp_path, darks(10)), 10, silent)
    write_master(path, master)
    path.write_bytes(path.read_bytes()[:-2881])
    with pytest.raises(NightglassError, match="ends after"):
        read_master(path)


def test_a_folder_that_is_not_there_is_an_error_in_words(tmp_path):
    master = make_master("dark", write_sequence(tmp_path, darks(10)), 10, silent)
    with pytest.raises(NightglassError, match="is not there"):
        write_master(tmp_path / "nowhere" / "master.fits", master)
