"""Images by phase against numpy on the same frames, and the memory they may take."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.lightspeed.box import Box
from nightglass.core.lightspeed.calibration import CountScale
from nightglass.core.lightspeed.cube import read_cube_header
from nightglass.core.lightspeed.fold.movie import movie as movie_module
from nightglass.core.lightspeed.fold.movie.movie import PhaseMovie
from nightglass.core.lightspeed.fold.movie.plan import Plan

from ..writer import CubeSpec, hdus, pixels, write_cube

SCALE, NOISE_E = CountScale(2.0, 200.0), 0.3
SPECS = {
    "plain": CubeSpec(rows=37, columns=52, bundles=40),
    "bundled": CubeSpec(rows=16, columns=20, bundles=9, per_bundle=4),
    "8 bits": CubeSpec(rows=24, columns=21, bundles=30, bitpix=8),
    "wide": CubeSpec(rows=6, columns=2500, bundles=12),
    "large": CubeSpec(rows=130, columns=250, bundles=5),
}


@pytest.fixture(params=SPECS.values(), ids=SPECS)
def spec(request):
    return request.param


def cube_of(folder, spec, number=1):
    return read_cube_header(write_cube(folder, spec, number))


def some_phases(frames, seed=1):
    phases = np.random.default_rng(seed).random(frames)
    phases[0], phases[-1] = 0.0, np.nextafter(1.0, 0.0)
    return phases


def by_numpy(frames, phases, n_bins, delays=None, factor=1):
    """Sums and rows counted, frame by frame and row by row."""
    rows, columns = frames.shape[1:]
    shape = -(-rows // factor), -(-columns // factor)
    sums, counted = np.zeros((n_bins, *shape), np.uint64), np.zeros((n_bins, shape[0]), np.int64)
    for frame, phase in zip(frames, phases, strict=True):
        for y in range(rows):
            delay = 0.0 if delays is None else delays[y]
            place = int(np.floor((phase + delay) % 1.0 * n_bins)) % n_bins
            row = np.zeros(shape[1] * factor, np.uint64)
            row[:columns] = frame[y]
            sums[place, y // factor] += row.reshape(-1, factor).sum(axis=1)
            counted[place, y // factor] += 1
    return sums, counted


def added(header, phases, plan, delays=None, threads=1):
    movie = PhaseMovie(plan, delays, threads)
    movie.add(header, phases)
    return movie


def equal(one, other):
    np.testing.assert_array_equal(one.sums, other.sums)
    np.testing.assert_array_equal(one.rows_counted, other.rows_counted)
    np.testing.assert_array_equal(one.frames, other.frames)


@pytest.mark.parametrize("most_bytes", [256 << 20, 60_000, 20_000])
@pytest.mark.parametrize("with_delays", [False, True])
def test_images_are_those_of_numpy(tmp_path, spec, most_bytes, with_delays):
    header, n_bins = cube_of(tmp_path, spec), 7
    phases = some_phases(header.n_frames)
    delays = np.linspace(-0.4, 1.3, spec.rows) if with_delays else None
    plan = Plan.of(header.shape, n_bins, most_bytes=most_bytes)
    images = added(header, phases, plan, delays).images(SCALE, NOISE_E)
    sums, counted = by_numpy(pixels(spec, 1), phases, n_bins, delays, plan.factor)
    np.testing.assert_array_equal(images.sums, sums)
    np.testing.assert_array_equal(images.rows_counted, counted)
    assert images.columns_counted.sum() == spec.columns
    assert images.frames.tolist() == np.bincount((phases * n_bins).astype(int) % n_bins).tolist()


@pytest.mark.parametrize("most_bytes", [256 << 20, 1_000_000, 60_000])
def test_result_does_not_depend_on_threads_nor_on_the_order_of_cubes(tmp_path, spec, most_bytes):
    cubes = [cube_of(tmp_path, spec, number) for number in (1, 2, 3)]
    phases = [some_phases(cube.n_frames, seed) for seed, cube in enumerate(cubes)]
    plan = Plan.of(cubes[0].shape, 8, most_bytes=most_bytes)
    delays = np.linspace(0.0, 0.2, spec.rows)
    one, other = PhaseMovie(plan, delays), PhaseMovie(plan, delays, threads=3)
    for cube, turns in zip(cubes, phases, strict=True):
        one.add(cube, turns)
    for cube, turns in list(zip(cubes, phases, strict=True))[::-1]:
        other.add(cube, turns)
    equal(one.images(SCALE, NOISE_E), other.images(SCALE, NOISE_E))
    assert one.cubes == 3


@pytest.mark.parametrize("box", [Box(3, 2, 17, 15), Box(-5, 4, 9, 99), Box(0, 0, 20, 16)])
@pytest.mark.parametrize("factor", [1, 2])
def test_a_box_is_cut_out(tmp_path, box, factor):
    spec = SPECS["bundled"]
    header, frames = cube_of(tmp_path, spec), pixels(spec, 1)
    phases = some_phases(header.n_frames)
    delays = np.linspace(0.0, 0.5, spec.rows)
    plan = Plan.of(header.shape, 4, box)
    plan = Plan(header.shape, plan.window, 4, factor)
    images = added(header, phases, plan, delays, threads=2).images(SCALE, NOISE_E)
    rows, columns = plan.window.slices
    sums, counted = by_numpy(frames[:, rows, columns], phases, 4, delays[rows], factor)
    np.testing.assert_array_equal(images.sums, sums)
    np.testing.assert_array_equal(images.rows_counted, counted)


@pytest.mark.parametrize("most_added", [1, 3, 4, 37])
def test_sums_that_outgrow_32_bits_are_kept_in_64(tmp_path, monkeypatch, spec, most_added):
    monkeypatch.setattr(movie_module, "_MOST_ADDED", most_added)
    cubes = [cube_of(tmp_path, spec, number) for number in (1, 2)]
    plan = Plan.of(cubes[0].shape, 3)
    movie = PhaseMovie(plan, threads=2)
    for cube in cubes:
        movie.add(cube, some_phases(cube.n_frames))
    sums = sum(by_numpy(pixels(spec, n), some_phases(cubes[0].n_frames), 3)[0] for n in (1, 2))
    np.testing.assert_array_equal(movie.images(SCALE, NOISE_E).sums, sums)


def test_as_many_full_numbers_as_allowed_fit_into_32_bits(tmp_path):
    spec = CubeSpec(rows=1, columns=3, bundles=66_000)
    units = hdus(spec, 1)
    units[1].data[:] = 65535
    units.writeto(tmp_path / "crab_20251210_001500_cube001.fits")
    header = read_cube_header(tmp_path / "crab_20251210_001500_cube001.fits")
    movie = added(header, np.zeros(66_000), Plan.of((1, 3), 1))
    assert movie.images(SCALE, NOISE_E).sums.tolist() == [[[66_000 * 65535] * 3]]
    coarse = added(header, np.zeros(66_000), Plan((1, 3), movie.plan.window, 1, 256))
    assert coarse.images(SCALE, NOISE_E).sums.tolist() == [[[66_000 * 65535 * 3]]]


def test_frames_without_phase_are_left_out_and_told(tmp_path):
    spec = SPECS["plain"]
    header = cube_of(tmp_path, spec)
    phases = some_phases(header.n_frames)
    phases[[1, 7]] = np.nan, np.inf
    movie = added(header, phases, Plan.of(header.shape, 5))
    known = np.isfinite(phases)
    sums, _ = by_numpy(pixels(spec, 1)[known], phases[known], 5)
    np.testing.assert_array_equal(movie.images(SCALE, NOISE_E).sums, sums)
    assert movie.frames_without_phase == 2
    assert movie.frames.sum() == header.n_frames - 2


def test_what_was_given_does_not_change_as_cubes_are_added(tmp_path):
    header = cube_of(tmp_path, SPECS["plain"])
    movie = added(header, some_phases(header.n_frames), Plan.of(header.shape, 5))
    before = movie.images(SCALE, NOISE_E)
    copy = before.sums.copy(), before.rows_counted.copy(), before.frames.copy()
    movie.add(header, some_phases(header.n_frames, 2))
    for mine, theirs in zip((before.sums, before.rows_counted, before.frames), copy, strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("threads", [1, 2])
def test_after_an_error_the_movie_is_empty_and_can_be_made_anew(tmp_path, threads):
    spec = SPECS["large"]
    header = cube_of(tmp_path, spec)
    phases, whole = some_phases(header.n_frames), header.path.read_bytes()
    movie = added(header, phases, Plan.of(header.shape, 4), threads=threads)
    with header.path.open("r+b") as file:
        file.truncate(header.data_offset + 2 * 130 * 250 * 2 + 100)
    with pytest.raises(NightglassError, match="ends after"):
        movie.add(header, phases)
    assert movie.cubes == movie.frames.sum() == movie.images(SCALE, NOISE_E).sums.sum() == 0
    header.path.write_bytes(whole)
    movie.add(header, phases)
    sums, _ = by_numpy(pixels(spec, 1), phases, 4)
    np.testing.assert_array_equal(movie.images(SCALE, NOISE_E).sums, sums)


def test_work_ends_when_the_check_raises(tmp_path):
    header = cube_of(tmp_path, SPECS["large"])
    movie = PhaseMovie(Plan.of(header.shape, 4), threads=2)

    def stop():
        raise Cancelled

    with pytest.raises(Cancelled):
        movie.add(header, some_phases(header.n_frames), stop)
    assert movie.cubes == 0


@pytest.mark.parametrize(
    ("shape", "frames", "told"), [((16, 21), 36, "frames of"), ((16, 20), 35, "36 frames")]
)
def test_a_cube_that_does_not_fit_leaves_the_movie_as_it_was(tmp_path, shape, frames, told):
    header = cube_of(tmp_path, SPECS["bundled"])
    movie = PhaseMovie(Plan.of(shape, 4))
    movie.frames[0] = 5
    with pytest.raises(NightglassError, match=told):
        movie.add(header, np.zeros(frames))
    assert movie.frames[0] == 5


def test_a_cube_of_other_numbers_is_refused(tmp_path):
    spec = CubeSpec(rows=16, columns=20, bundles=8)
    wide, narrow = cube_of(tmp_path, spec), cube_of(tmp_path, spec.with_(bitpix=8), 2)
    movie = added(wide, np.zeros(8), Plan.of((16, 20), 2))
    header = read_cube_header(signed(tmp_path, spec))
    with pytest.raises(NightglassError, match="another zero"):
        movie.add(header, np.zeros(8))
    movie.add(narrow, np.zeros(8))
    assert movie.cubes == 2


def signed(folder, spec):
    """A cube whose counts are signed numbers."""
    units = hdus(spec, 3)
    units[1].data = units[1].data.astype(np.int16)
    path = folder / "crab_20251210_001500_cube003.fits"
    units.writeto(path)
    return path


@pytest.mark.parametrize("delays", [[0.0, 1.0], [0.0, np.nan, 0.0], [[0.0] * 3]])
def test_delays_that_do_not_fit_are_refused(delays):
    with pytest.raises(NightglassError, match="delay for each row"):
        PhaseMovie(Plan.of((3, 4), 2), delays)


def test_memory_stays_within_what_is_allowed():
    for shape in ((64, 64), (256, 256), (512, 512), (2304, 4096), (100, 9)):
        for n_bins in (1, 4, 32, 1024):
            plan = Plan.of(shape, n_bins)
            assert plan.size_bytes <= 256 << 20
            finer = Plan(shape, plan.window, n_bins, max(plan.factor // 2, 1))
            assert plan.factor == 1 or finer.size_bytes > 256 << 20


def test_coarse_pixels_are_told():
    assert Plan.of((256, 256), 32).text == ""
    plan = Plan.of((2304, 4096), 32)
    assert plan.factor == 8
    assert plan.shape == (288, 512)
    assert plan.text == (
        "Pixels are added up 8 x 8: 32 images of every pixel would take 5,760 MB of memory, "
        "256 MB are allowed."
    )
    assert Plan.of((2304, 4096), 32, Box(0, 0, 300, 300)).text == ""


@pytest.mark.parametrize(
    ("n_bins", "box", "most_bytes", "told"),
    [
        (0, None, 1 << 20, "0 bins"),
        (4, Box(20, 0, 30, 5), 1 << 20, "no pixel"),
        (4, None, 10, "do not fit"),
    ],
)
def test_plans_without_sense_are_refused(n_bins, box, most_bytes, told):
    with pytest.raises(NightglassError, match=told):
        Plan.of((10, 20), n_bins, box, most_bytes)


def test_a_cube_without_any_phase_is_counted_and_adds_nothing(tmp_path):
    header = cube_of(tmp_path, SPECS["plain"])
    movie = added(header, np.full(header.n_frames, np.nan), Plan.of(header.shape, 5), threads=2)
    assert (movie.cubes, movie.frames_without_phase) == (1, header.n_frames)
    assert not movie.images(SCALE, NOISE_E).sums.any()
