"""All cubes of a capture as one series of frames, finished or growing."""

import threading
from pathlib import Path

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed import open_cubes
from nightglass.core.lightspeed.capture import Capture
from nightglass.core.lightspeed.cube import read_cube_header
from nightglass.core.lightspeed.membership import choose_members
from nightglass.core.lightspeed.open_capture import open_capture

from ..frames.source_contract import check_contract
from .writer import CubeSpec, old, pixels, stamps, write_capture, write_cube

SPEC = CubeSpec(rows=6, columns=8, bundles=4, per_bundle=3)


def truth(spec, numbers):
    return np.concatenate([pixels(spec, number) for number in numbers])


@pytest.mark.parametrize("bitpix", [8, 16])
@pytest.mark.parametrize("mapping", [True, False, None], ids=["mapped", "positioned", "decides"])
def test_a_capture_keeps_the_contract_of_frame_sources(tmp_path, mapping, bitpix):
    spec = SPEC.with_(bitpix=bitpix)
    write_capture(tmp_path, spec)
    capture = open_capture(tmp_path, mapping=mapping)
    check_contract(capture, truth(spec, (1, 2, 3)))


def test_a_finished_capture_is_mapped_and_a_live_one_never(tmp_path):
    for path in write_capture(tmp_path, SPEC):
        old(path)
    finished, live = open_capture(tmp_path), open_capture(tmp_path, live=True)
    assert not finished.read_raw(0).flags.writeable
    assert finished.mapped
    assert live.read_raw(0).flags.writeable
    assert not live.mapped
    live.finish()
    live.read_raw(0)
    assert live.mapped


def test_a_reused_buffer_takes_every_frame_of_a_live_capture(tmp_path):
    write_capture(tmp_path, SPEC)
    capture = open_capture(tmp_path, live=True)
    buffer = np.empty(capture.shape, capture.encoding.storage)
    for index, frame in enumerate(truth(SPEC, (1, 2, 3))):
        assert capture.read_raw(index, into=buffer) is buffer
        np.testing.assert_array_equal(capture.encoding.decode(buffer), frame)


def test_the_last_cube_may_be_short(tmp_path):
    write_capture(tmp_path, SPEC, (1, 2))
    write_cube(tmp_path, SPEC.with_(bundles=1), 3)
    capture = open_capture(tmp_path)
    assert capture.n_frames == 27
    np.testing.assert_array_equal(capture.read(26), pixels(SPEC.with_(bundles=1), 3)[2])


def test_a_frame_is_located_in_its_cube(tmp_path):
    write_capture(tmp_path, SPEC, (1, 2, 4))
    capture = open_capture(tmp_path)
    header, place = capture.locate(24)
    assert (header.number, place) == (4, 0)
    header, place = capture.locate(23)
    assert (header.number, place) == (2, 11)


def growing(folder, spec=SPEC, numbers=(1,)):
    paths = write_capture(folder, spec, numbers)
    return Capture([read_cube_header(path) for path in paths], live=True)


def test_cubes_added_at_the_end_change_no_frame_already_there(tmp_path):
    spec = SPEC.with_(bundles=300)
    capture = growing(tmp_path, spec, (1, 2))
    before = capture.frame_times()
    generation = capture.generation
    capture.add_cube(read_cube_header(write_cube(tmp_path, spec, 3)))
    assert capture.n_frames == 2700
    assert capture.generation == generation
    np.testing.assert_array_equal(capture.read(2000), pixels(spec, 3)[200])
    np.testing.assert_array_equal(capture.frame_times().seconds[:1800], before.seconds)


def test_a_late_cube_takes_its_place_and_raises_the_generation(tmp_path):
    capture = growing(tmp_path, numbers=(1, 3))
    assert capture.missing_cubes == (2,)
    assert capture.accounting().lost == 12
    generation = capture.generation
    capture.add_cube(read_cube_header(write_cube(tmp_path, SPEC, 2)))
    assert capture.generation > generation
    assert capture.missing_cubes == ()
    assert capture.accounting().lost == 0
    np.testing.assert_array_equal(capture.read(12), pixels(SPEC, 2)[0])


def test_a_rewritten_cube_shows_its_new_frames(tmp_path):
    capture = growing(tmp_path, numbers=(1, 2))
    capture.read(0)
    clock, counter = stamps(SPEC, 1)
    path = write_cube(tmp_path, SPEC, 1, clock=clock + 0.5, counter=counter)
    raw = path.read_bytes()
    new = pixels(SPEC, 9).reshape(4, 18, 8)
    start = read_cube_header(path).data_offset
    stored = (new.astype(np.int32) - 32_768).astype(">i2").tobytes()
    path.write_bytes(raw[:start] + stored + raw[start + len(stored) :])
    generation = capture.generation
    capture.add_cube(read_cube_header(path))
    assert capture.generation > generation
    np.testing.assert_array_equal(capture.read(0), pixels(SPEC, 9)[0])
    assert capture.stamps(capture.cubes[0]).clock_s[0] == 0.5


def test_a_deleted_cube_leaves_the_others(tmp_path):
    capture = growing(tmp_path, numbers=(1, 2, 3))
    capture.drop_cube(2)
    assert [header.number for header in capture.cubes] == [1, 3]
    np.testing.assert_array_equal(capture.read(12), pixels(SPEC, 3)[0])
    capture.drop_cube(3)
    capture.drop_cube(1)
    assert [header.number for header in capture.cubes] == [1]


def test_a_cube_of_another_capture_is_refused_and_nothing_changes(tmp_path):
    capture = growing(tmp_path)
    path = write_cube(tmp_path, SPEC.with_(columns=9), 2)
    with pytest.raises(NightglassError, match="frames of 6 x 9"):
        capture.add_cube(read_cube_header(path))
    assert capture.n_frames == 12


def test_a_gps_event_that_arrives_late_corrects_all_times(tmp_path):
    capture = growing(tmp_path, SPEC.with_(gps="N/A"))
    assert capture.time_quality == "telescope"
    generation = capture.generation
    capture.add_cube(read_cube_header(write_cube(tmp_path, SPEC, 2)))
    assert capture.time_quality == "gps"
    assert capture.generation > generation
    assert capture.frame_times().iso(0, 4) == "2025-12-10T03:15:00.0046"


def test_a_bundle_spacing_that_is_measured_late_corrects_all_times(tmp_path):
    spec = SPEC.with_(bundles=1, cards={"INTERNAL FRAME INTERVAL": None})
    capture = growing(tmp_path, spec)
    assert capture.interval_s == 0.005
    generation = capture.generation
    capture.add_cube(read_cube_header(write_cube(tmp_path, spec, 2)))
    assert capture.interval_s == pytest.approx(0.0051)
    assert capture.generation > generation


def test_reading_goes_on_while_cubes_arrive(tmp_path):
    capture = growing(tmp_path)
    headers = [read_cube_header(path) for path in write_capture(tmp_path, SPEC, range(2, 40))]
    wrong: list[int] = []
    done = threading.Event()

    def read():
        while not done.is_set():
            last = capture.n_frames - 1
            expected = pixels(SPEC, last // 12 + 1)[last % 12]
            if not np.array_equal(capture.read(last), expected):
                wrong.append(last)
            capture.frame_time(last)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for header in headers:
        capture.add_cube(header)
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert capture.n_frames == 39 * 12


def descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_many_cubes_need_few_descriptors(tmp_path):
    for path in write_capture(tmp_path, SPEC.with_(bundles=1), range(1, 301)):
        old(path)
    before = descriptors()
    capture = open_capture(tmp_path)
    for index in range(0, capture.n_frames, 3):
        capture.read_raw(index)
    capture.frame_times()
    assert descriptors() - before <= 2 * open_cubes.MOST_OPEN
    view = capture.read_raw(0)
    capture.close()
    del view
    assert descriptors() == before


def test_a_capture_needs_a_cube():
    with pytest.raises(ValueError, match="at least one cube"):
        Capture([])


def test_the_largest_set_that_belongs_together_is_kept(tmp_path):
    headers = [
        read_cube_header(write_cube(tmp_path, SPEC.with_(exposure_s=exposure), number))
        for number, exposure in enumerate((0.1, 0.005, 0.005, 0.1, 0.005), start=1)
    ]
    members, left_out = choose_members(headers)
    assert [header.number for header in members] == [2, 3, 5]
    assert len(left_out) == 2
    assert choose_members([]) == ([], [])


def test_the_reference_capture_reads_as_it_was_made(shared):
    folder = shared / "data" / "lightspeed" / "reference" / "capture"
    capture = open_capture(folder)
    assert (capture.n_frames, capture.shape, capture.frames_per_bundle) == (600, (40, 48), 2)
    assert capture.interval_s == pytest.approx(0.0021, abs=1e-9)
    assert capture.time_quality == "gps"
    assert capture.accounting().lost == 0
    assert capture.frame_times().iso(599, 6) == "2025-12-11T02:00:01.259850"
    brightest = np.unravel_index(
        np.argmax(sum(capture.read(index).astype(float) for index in range(600))), capture.shape
    )
    assert brightest == (18, 22)


def test_a_cube_whose_stamps_cannot_be_read_costs_only_its_own_times(tmp_path, monkeypatch):
    write_capture(tmp_path, SPEC)
    capture = open_capture(tmp_path)
    readable = Capture.stamps

    def broken_in_the_middle(self, header):
        if header.number == 2:
            raise NightglassError("Could not read a cube", "The disk reports an error.")
        return readable(self, header)

    monkeypatch.setattr(Capture, "stamps", broken_in_the_middle)
    unknown = np.isnan(capture.frame_times().seconds).reshape(3, -1)
    assert unknown.all(axis=1).tolist() == [False, True, False]
    assert unknown.any(axis=1).tolist() == [False, True, False]
    assert np.isnan(capture.elapsed_s()).reshape(3, -1).all(axis=1).tolist() == [False, True, False]
    assert capture.accounting().missing_cubes == (2,)


def test_seconds_count_from_the_instant_of_the_time_model(tmp_path):
    write_capture(tmp_path, SPEC)
    capture = open_capture(tmp_path)
    model, times = capture.time_model(), capture.frame_times()
    expected = times.seconds - model.instant.seconds - model.constant_s
    np.testing.assert_allclose(capture.elapsed_s(), expected, atol=1e-9)
