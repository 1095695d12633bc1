"""Raw frames and binned images as sources that the frame view can show."""

import gzip

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.frames.source import FrameSource
from nightglass.core.mascara.field.frames import BinnedFrames, CameraFrames
from nightglass.core.mascara.stacking.files import binned_name, write_binned
from nightglass.core.mascara.stacking.stack import Binned
from nightglass.core.timing.sidereal import jd_of

from .made_field import NX, NY, SLOT, named, write_frame


@pytest.fixture
def raw(tmp_path):
    """Three frames of a camera, and what else lies about."""
    for lstseq in (SLOT + 2, SLOT, SLOT + 1):
        write_frame(tmp_path / named(lstseq), lstseq)
    write_frame(tmp_path / named(SLOT, "LPE"), SLOT, "LPE")
    write_frame(tmp_path / f"{SLOT:08d}LPCdark.fits", SLOT)
    (tmp_path / "notes.txt").write_text("closed at two")
    return tmp_path


@pytest.fixture
def frames(raw):
    source = CameraFrames([raw], "LPC")
    source.refresh()
    return source


def test_science_frames_of_one_camera_come_in_order_of_slot(frames):
    assert [file.lstseq for file in frames.files] == [SLOT, SLOT + 1, SLOT + 2]
    assert frames.shape == (NY, NX)
    assert isinstance(frames, FrameSource)


def test_a_pixel_is_that_of_the_active_window(tmp_path):
    active = np.arange(NY * NX, dtype=np.float64).reshape(NY, NX)
    write_frame(tmp_path / named(SLOT), SLOT, active=active)
    source = CameraFrames([tmp_path], "LPC")
    source.refresh()
    assert np.array_equal(source.read(0), active.astype(np.uint16))
    assert np.array_equal(source.read(0, slice(3, 5)), active[3:5].astype(np.uint16))
    into = np.empty((2, NX), source.encoding.storage)
    assert source.read_raw(0, slice(3, 5), into) is into
    assert np.array_equal(source.encoding.decode(into), active[3:5].astype(np.uint16))


def test_a_buffer_of_the_wrong_size_is_refused(frames):
    with pytest.raises(ValueError, match="buffer"):
        frames.read_raw(0, None, np.empty((2, 2), ">i2"))


def test_a_packed_frame_reads_the_same(tmp_path):
    path = write_frame(tmp_path / named(SLOT), SLOT)
    packed = tmp_path / "packed" / f"{named(SLOT)}.gz"
    packed.parent.mkdir()
    packed.write_bytes(gzip.compress(path.read_bytes()))
    plain, other = CameraFrames([tmp_path], "LPC"), CameraFrames([packed.parent], "LPC")
    plain.refresh()
    other.refresh()
    assert np.array_equal(plain.read(0), other.read(0))


def test_frames_named_by_their_time_tell_their_slot_in_the_header(tmp_path):
    write_frame(tmp_path / "20150219T003417LPC.fits", SLOT + 4)
    write_frame(tmp_path / "20150218LPC" / "20150219T003350LPC.fits", SLOT)
    source = CameraFrames([tmp_path], "LPC")
    source.refresh()
    assert [file.lstseq for file in source.files] == [SLOT, SLOT + 4]


def test_a_frame_that_grows_appears_when_it_is_whole(raw, frames):
    whole = (raw / named(SLOT)).read_bytes()
    path = raw / named(SLOT + 9)
    path.write_bytes(write_frame(raw / "late", SLOT + 9).read_bytes()[:4000])
    frames.refresh()
    assert frames.n_frames == 3
    path.write_bytes((raw / "late").read_bytes())
    assert frames.refresh()
    assert frames.n_frames == 4
    assert frames.generation == 0
    assert len(whole) == path.stat().st_size


def test_a_late_frame_between_others_makes_another_generation(raw, frames):
    assert not frames.refresh()
    write_frame(raw / named(SLOT - 3), SLOT - 3)
    assert frames.refresh()
    assert frames.generation == 1
    assert frames.files[0].lstseq == SLOT - 3


def test_removed_frames_go(raw, frames):
    (raw / named(SLOT)).unlink()
    frames.refresh()
    assert [file.lstseq for file in frames.files] == [SLOT + 1, SLOT + 2]
    assert frames.generation == 1


@pytest.mark.parametrize(
    ("lstseq", "index"), [(0, 0), (SLOT, 0), (SLOT + 1, 1), (SLOT + 2, 2), (SLOT + 999, 2)]
)
def test_the_frame_nearest_to_a_slot_is_found(frames, lstseq, index):
    assert frames.index_of(lstseq) == index


def test_without_frames_there_is_nothing_to_show(tmp_path):
    source = CameraFrames([tmp_path], "LPC")
    assert not source.refresh()
    assert source.n_frames == 0
    assert source.index_of(SLOT) == 0
    with pytest.raises(NightglassError, match="LPC raw frames"):
        _ = source.shape
    with pytest.raises(NightglassError, match="LPC raw frames"):
        _ = source.path


def test_the_time_is_the_middle_of_the_slot_until_the_header_was_read(frames):
    middle_s = (float(jd_of(SLOT + 1.5)) - 2400000.5) % 1 * 86400
    assert frames.frame_time(1).seconds == pytest.approx(middle_s, abs=1e-4)
    frames.read(1)
    assert frames.frame_time(1).seconds == pytest.approx(middle_s + 0.0864, abs=1e-4)
    times = frames.frame_times()
    assert times.nearest(int(times.day[0]), middle_s) == 1
    assert times[1].seconds == pytest.approx(frames.frame_time(1).seconds, abs=1e-4)


def test_a_frame_of_another_size_is_told_in_words(raw, frames):
    write_frame(raw / named(SLOT + 5), SLOT + 5, active=np.full((20, 30), 1000))
    frames.refresh()
    with pytest.raises(NightglassError, match="30 x 20"):
        frames.read(3)


def test_a_folder_that_is_gone_is_told_in_words(tmp_path):
    with pytest.raises(NightglassError, match="gone"):
        CameraFrames([tmp_path / "gone"], "LPC").refresh()


def test_a_damaged_first_frame_does_not_hide_the_others(tmp_path):
    write_frame(tmp_path / named(SLOT), SLOT).write_bytes(b"no frame at all")
    write_frame(tmp_path / named(SLOT + 1), SLOT + 1)
    source = CameraFrames([tmp_path], "LPC")
    source.refresh()
    assert source.shape == (NY, NX)


def test_frames_that_were_closed_are_not_read(frames):
    frames.close()
    with pytest.raises(NightglassError, match="closed"):
        frames.read(0)


@pytest.fixture
def binned(tmp_path):
    """Binned images of two batches."""
    folder = tmp_path / "20150218LPC" / "binned"
    folder.mkdir(parents=True)
    rng = np.random.default_rng(5)
    for number in (SLOT // 50 + 1, SLOT // 50):
        jd = float(jd_of(number * 50 + 25.5))
        image = rng.normal(number % 1000, 3.0, (NY, NX)).astype(np.float32)
        coverage = np.full((NY, NX), 50, np.uint16)
        one = Binned(image, coverage, np.ones((2, 2)))
        write_binned(folder / binned_name(jd, "LPC"), one, {"JD": jd, "LSTSEQ": number * 50 + 25})
    source = BinnedFrames(tmp_path, "20150218", "LPC")
    source.refresh()
    return source


def test_binned_images_stand_for_the_middle_of_their_batch(binned):
    assert [file.lstseq for file in binned.files] == [SLOT, SLOT + 50]
    assert binned.frame_time(0).seconds == pytest.approx(
        (float(jd_of(SLOT + 0.5)) - 2400000.5) % 1 * 86400, abs=1e-3
    )


def test_binned_images_hold_means(binned):
    values = binned.read(1)
    assert values.dtype == np.float32
    assert np.median(values) == pytest.approx((SLOT // 50 + 1) % 1000, abs=0.3)


def test_before_the_first_batch_there_is_no_binned_image(tmp_path):
    source = BinnedFrames(tmp_path, "20150218", "LPC")
    assert not source.refresh()
    assert source.n_frames == 0
