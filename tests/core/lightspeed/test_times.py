"""When each frame was taken, both eras, every source of time, and what is missing."""

import numpy as np
import pytest
from astropy.time import Time, TimeDelta
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.frames.times import FrameTime
from nightglass.core.lightspeed.open_capture import open_capture
from nightglass.core.lightspeed.times import MidExposure, TimeModel, parse_gps

from .writer import CubeSpec, stamps, write_capture, write_cube

ZERO = CubeSpec(bundles=10, per_bundle=10)
RAW = ZERO.with_(clock_start_s=183_402.123457)


def worked_example(tmp_path, interval_s):
    """The worked example of the format's description: 10 frames a bundle, E = 5 ms, R = 4.2 ms."""
    spec = CubeSpec(bundles=4, per_bundle=10, interval_s=interval_s)
    return open_capture(write_cube(tmp_path, spec, 1))


def test_the_worked_example_with_equal_exposure_and_interval(tmp_path):
    capture = worked_example(tmp_path, 0.005)
    frame = 1 * 10 + 3
    assert capture.frame_times().iso(frame, 7) == "2025-12-10T03:15:00.0696000"
    assert capture.frame_time(frame).iso(7) == "2025-12-10T03:15:00.0696000"


def test_the_worked_example_with_the_true_interval(tmp_path):
    capture = worked_example(tmp_path, 0.0051)
    assert capture.interval_s == pytest.approx(0.0051, abs=1e-12)
    assert capture.frame_times().iso(13, 7) == "2025-12-10T03:15:00.0709000"


def test_the_constant_term_is_explicit_and_recorded(tmp_path):
    capture = worked_example(tmp_path, 0.005)
    usual = capture.frame_time(0)
    assert capture.frame_times().constant_s == pytest.approx(0.0046, abs=1e-12)
    generation = capture.generation
    capture.use_constant(MidExposure(-0.5, 0.5, 1.0))
    assert capture.generation > generation
    assert capture.frame_times().constant_s == pytest.approx(1.0004, abs=1e-12)
    moved = capture.frame_time(0)
    assert moved.seconds - usual.seconds == pytest.approx(1.0004 - 0.0046, abs=1e-9)
    assert capture.start_time().iso(9) == "2025-12-10T03:15:00.000000000"


@pytest.mark.parametrize("spec", [ZERO, RAW], ids=["zeroed", "raw"])
def test_both_eras_give_the_same_times(tmp_path, spec):
    write_capture(tmp_path, spec)
    times = open_capture(tmp_path).frame_times()
    assert times.quality == "gps"
    expected = np.arange(300) * 0.0051
    np.testing.assert_allclose(times.relative_s(), expected, atol=2e-6)
    assert times.iso(0, 4) == "2025-12-10T03:15:00.0046"


@pytest.mark.parametrize(
    ("spec", "words"),
    [(ZERO, "assumed to start at zero"), (RAW, "was not zeroed")],
    ids=["zeroed", "raw"],
)
def test_a_missing_first_cube_does_not_move_the_times(tmp_path, spec, words):
    write_capture(tmp_path, spec, (3, 4, 5))
    capture = open_capture(tmp_path)
    times = capture.frame_times()
    assert times.quality == "gps"
    assert words in times.note
    assert times.iso(0, 4) == "2025-12-10T03:15:01.0246"
    assert capture.start_time().iso(3) == "2025-12-10T03:15:01.020"


def test_losses_do_not_move_the_times_of_the_frames_after_them(tmp_path):
    clock, counter = stamps(ZERO, 2)
    write_cube(tmp_path, ZERO, 1)
    write_cube(tmp_path, ZERO, 2, clock=clock + 51.0, counter=counter + 1000)
    times = open_capture(tmp_path).frame_times()
    assert times.relative_s()[100] == pytest.approx(51.51, abs=2e-6)


def test_the_first_readable_gps_start_counts(tmp_path):
    for number, gps in ((1, None), (2, "N/A"), (3, "2025-12-10T03:15:00.004290000"), (4, "junk")):
        write_cube(tmp_path, ZERO.with_(gps=gps), number)
    capture = open_capture(tmp_path)
    assert len(capture.cubes) == 4
    assert capture.time_quality == "gps"
    assert capture.start_time().iso(9) == "2025-12-10T03:15:00.004290000"


def test_without_gps_the_telescope_tells_the_time_and_a_note_says_so(tmp_path):
    write_capture(tmp_path, RAW.with_(gps=None))
    times = open_capture(tmp_path).frame_times()
    assert times.quality == "telescope"
    assert times.iso(0, 4) == "2025-12-10T03:15:01.5046"
    assert "No GPS time" in times.note


def test_a_telescope_time_renewed_in_each_cube_belongs_to_its_cube(tmp_path):
    for number, clock in ((5, "03:16:00.0"), (6, "03:16:10.0")):
        write_cube(tmp_path, ZERO.with_(gps=None, cards={"TELUT": clock}), number)
    times = open_capture(tmp_path).frame_times()
    assert times.iso(0, 4) == "2025-12-10T03:16:00.0046"


@pytest.mark.parametrize("date", ["N/A", None, "2025-99-10", "10 Dec"])
def test_without_a_telescope_the_file_name_tells_the_time(tmp_path, date):
    spec = RAW.with_(gps=None, cards={"DATEOBS": date})
    write_capture(tmp_path, spec)
    times = open_capture(tmp_path).frame_times()
    assert times.quality == "file name"
    assert times.iso(0, 4) == "2025-12-10T00:15:00.0046"
    assert "not UTC" in times.note


def test_without_anything_times_count_from_the_first_exposure(tmp_path):
    spec = RAW.with_(gps=None, cards={"DATEOBS": None})
    path = write_cube(tmp_path, spec, 1).rename(tmp_path / "renamed.fits")
    capture = open_capture(path)
    times = capture.frame_times()
    assert times.quality == "none"
    assert capture.frame_time(0) is None
    assert capture.start_time() is None
    np.testing.assert_allclose(times.seconds, np.arange(100) * 0.0051, atol=2e-6)
    assert not times.day.any()


def test_a_name_with_an_impossible_date_tells_no_time(tmp_path):
    spec = ZERO.with_(gps=None, start="20251399_999999", cards={"DATEOBS": None})
    assert open_capture(write_cube(tmp_path, spec, 1)).time_quality == "none"


@pytest.mark.parametrize(
    ("cards", "interval_s", "note"),
    [
        ({}, 0.0051, ""),
        ({"INTERNAL FRAME INTERVAL": None}, 0.005, "assumed to be 0.005 s"),
        ({"INTERNAL FRAME INTERVAL": 0.0}, 0.005, "assumed to be 0.005 s"),
        ({"INTERNAL FRAME INTERVAL": None, "EXPOSURE TIME": 0.001}, 0.0042, "0.0042 s"),
    ],
)
def test_a_single_bundle_takes_its_spacing_from_the_header(tmp_path, cards, interval_s, note):
    capture = open_capture(write_cube(tmp_path, ZERO.with_(bundles=1, cards=cards), 1))
    assert capture.interval_s == interval_s
    assert note in capture.frame_times().note
    relative = capture.frame_times().relative_s()
    np.testing.assert_allclose(relative, np.arange(10) * interval_s, atol=1e-9)


def test_stamps_win_over_a_header_that_disagrees_and_a_note_says_so(tmp_path):
    spec = ZERO.with_(cards={"INTERNAL FRAME INTERVAL": 0.010})
    capture = open_capture(write_cube(tmp_path, spec, 1))
    assert capture.interval_s == pytest.approx(0.0051, abs=1e-9)
    assert "but 0.01 s by INTERNAL FRAME INTERVAL" in capture.frame_times().note


def test_cubes_of_one_bundle_each_are_spaced_by_their_neighbours(tmp_path):
    write_capture(tmp_path, ZERO.with_(bundles=1), (1, 2, 3, 7, 8))
    assert open_capture(tmp_path).interval_s == pytest.approx(0.0051, abs=1e-9)


def test_frames_without_a_stamp_have_no_time_and_the_others_keep_theirs(tmp_path):
    clock, counter = stamps(ZERO, 1)
    clock[0] = clock[4] = np.nan
    capture = open_capture(write_cube(tmp_path, ZERO, 1, clock=clock, counter=counter))
    times = capture.frame_times()
    assert capture.frame_time(45) is None
    assert np.isnan(times.seconds[40:50]).all()
    assert times.known == 80
    assert times.iso(10, 4) == "2025-12-10T03:15:00.0556"


def test_absent_exposure_and_readout_count_as_zero_and_are_named(tmp_path):
    spec = ZERO.with_(cards={"EXPOSURE TIME": None, "TIMING READOUT TIME": None})
    times = open_capture(write_cube(tmp_path, spec, 1)).frame_times()
    assert times.constant_s == 0.0
    assert "no valid EXPOSURE TIME and TIMING READOUT TIME" in times.note


def test_frames_on_both_sides_of_midnight_get_their_own_day(tmp_path):
    spec = ZERO.with_(gps="2025-12-31T23:59:59.999000000")
    times = open_capture(write_cube(tmp_path, spec, 1)).frame_times()
    assert times.iso(0, 4) == "2026-01-01T00:00:00.0036"
    assert times[0].day == 61_041


@pytest.mark.parametrize("text", [None, "N/A", "", "2025-12-10T25:00:00", "3"])
def test_unreadable_gps_starts_are_none(text):
    assert parse_gps(text) is None


@given(
    st.integers(58_000, 61_300),
    st.floats(0, 86_399.999_999),
    st.floats(0, 40_000),
    st.integers(0, 99),
    st.floats(1e-5, 0.1),
)
def test_times_are_astropys_to_a_nanosecond(day, seconds, clock_s, place, interval_s):
    model = TimeModel(FrameTime(day, seconds), "gps", 0.0, interval_s, 100, 0.0046, "")
    times = model.frame_times(np.array([clock_s]))
    start = Time(day, seconds / 86_400, format="mjd", scale="tai")
    truth = start + TimeDelta(clock_s + place * interval_s + 0.0046, format="sec")
    ours = times[place]
    theirs = (truth - Time(ours.day, 0.0, format="mjd", scale="tai")).sec
    assert ours.seconds == pytest.approx(theirs, abs=1e-9)
    single = model.middle(clock_s, place)
    assert single is not None
    assert (single.day, single.seconds) == pytest.approx((ours.day, ours.seconds), abs=1e-9)
