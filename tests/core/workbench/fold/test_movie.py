"""The phase movie: what its images hold, how it is built, and what it leaves alone."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.lightspeed.fold.movie import movie as core_movie
from nightglass.core.lightspeed.fold.phases import FramePhases, pivot_of
from nightglass.core.lightspeed.rolling_shutter import row_delay_s
from nightglass.core.picture.limits import Limits
from nightglass.core.picture.viewport import Viewport
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.shapes import Circle
from nightglass.core.simulate.lightspeed import simulate_capture
from nightglass.core.simulate.pulse import PulseShape
from nightglass.core.simulate.scene import pulsar_rate
from nightglass.core.simulate.settings import CaptureSettings
from nightglass.core.timing.edits import PivotedPhases
from nightglass.core.timing.pulse.ranges import PhaseRange
from nightglass.core.workbench.exchange.image import outgoing
from nightglass.core.workbench.fold.movie.ranges import proposed_range
from nightglass.core.workbench.readings import Readings

from ..night import Clock, shown_values, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nightglass.core.workbench import Workbench
    from numpy.typing import NDArray

    from ..night import Waiter

SIZE, GAIN, OFFSET, EXPOSURE_S = 32, 8.5, 199.5, 0.002
PEAK = (0.3, 0.1, 1.0)
SKY = CaptureSettings(
    object_name="crab", frames=1000, shape=(SIZE, SIZE), exposure_s=EXPOSURE_S, star_rate=2e5,
    stars=1, peaks=(PEAK,), frames_per_cube=250,
)  # fmt: skip
WHOLE = Viewport(0.0, 0.0, SIZE, SIZE, 4 * SIZE, 4 * SIZE)
ON, OFF = PhaseRange(0.2, 0.4), PhaseRange(0.6, 0.1)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four cubes of a pulsar and a star, and the par file of the pulsar."""
    folder = tmp_path_factory.mktemp("phase-movie")
    simulate_capture(SKY, folder / "crab")
    truth = json.loads((folder / "crab" / "truth.json").read_text(encoding="utf-8"))
    (folder / "crab.par").write_text(truth["par"], encoding="utf-8")
    return folder


def opened(bench: Workbench, night: Path) -> Workbench:
    bench.pictures.look("main", WHOLE)
    bench.open([night / "crab"])
    bench.fold.shelf.choose([night / "crab.par"])
    return bench


@pytest.fixture
def crab(bench: Workbench, night: Path) -> Workbench:
    return opened(bench, night)


@pytest.fixture
def busy_crab(busy_bench: Workbench, night: Path, until: Waiter) -> Workbench:
    opened(busy_bench, night)
    until(lambda: busy_bench.capture is not None and busy_bench.capture.counted == SKY.frames)
    until(lambda: busy_bench.fold.shelf.chosen)
    return busy_bench


class Gate:
    """Lets a movie add so many cubes, and holds it before the next."""

    def __init__(self) -> None:
        self.cubes: list[int] = []
        self._open = threading.Semaphore(0)
        self._is_over = threading.Event()

    def let(self, cubes: int) -> None:
        self._open.release(cubes)

    def end(self) -> None:
        self._is_over.set()
        self.let(100)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        add = core_movie.PhaseMovie.add

        def held(movie: Any, header: Any, phases: Any, check: Any) -> None:
            while not self._open.acquire(timeout=0.01):
                check()
            check()
            self.cubes.append(header.number)
            add(movie, header, phases, check)

        monkeypatch.setattr(core_movie.PhaseMovie, "add", held)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate()
    made.install(monkeypatch)
    yield made
    made.end()


def frames_of(bench: Workbench) -> NDArray[np.float64]:
    source = bench.capture.source
    return np.stack([source.read(k) for k in range(source.n_frames)]).astype(np.float64)


def phases_of(bench: Workbench) -> NDArray[np.float64]:
    """Phases of all frames, asked all at once."""
    source, settings = bench.capture.lightspeed, bench.fold.settings
    pulsar = PivotedPhases(
        bench.fold.shelf.chosen[0].ephemeris, bench.fold.shelf.site,
        pivot_of(source.time_model()), settings.f0_hz, settings.f1_hz_s,
    )  # fmt: skip
    clock = FramePhases(source.time_model(), pulsar, settings, EXPOSURE_S)
    return clock.phases([source.elapsed_s()])[0]


def shown_bins(bench: Workbench) -> NDArray[np.float64]:
    """The picture of every bin."""
    images = []
    for place in range(bench.movie.state.n_bins):
        bench.movie.transport.go_to(place)
        images.append(shown_values(bench))
    return np.stack(images)


def mean_by_bin(frames: Any, phases: Any, n_bins: int) -> NDArray[np.float64]:
    place = (phases * n_bins).astype(int)
    return np.stack([frames[place == number].mean(axis=0) for number in range(n_bins)])


# What the images hold


def test_each_bin_shows_the_mean_of_its_frames(crab: Workbench) -> None:
    crab.fold.change(n_bins=20)
    crab.movie.show("movie")
    assert crab.movie.state.frames == crab.movie.state.frames_total == SKY.frames
    expected = mean_by_bin(frames_of(crab), phases_of(crab), 20)
    np.testing.assert_allclose(shown_bins(crab), expected, rtol=1e-6)


def test_the_pulsar_blinks_and_the_star_does_not(crab: Workbench) -> None:
    crab.movie.show("movie")
    centre = slice(SIZE // 2 - 3, SIZE // 2 + 3)
    light = shown_bins(crab)[:, centre, centre].sum(axis=(1, 2))
    state = crab.movie.state
    phases = (np.arange(state.n_bins) + 0.5) / state.n_bins
    assert abs(phases[np.argmax(light)] - PEAK[0]) < 2.0 / state.n_bins
    assert np.ptp(light) > 5.0 * np.median(light - light.min())


def test_on_minus_off_peaks_at_the_pulsar_with_its_amplitude(crab: Workbench) -> None:
    crab.use_settings(crab.settings.changed(read_noise_e=SKY.read_noise_e))
    crab.fold.change(on=ON, off=OFF)
    crab.movie.show("difference")
    image = shown_values(crab) / GAIN
    y, x = np.unravel_index(np.argmax(image), image.shape)
    assert abs(x - 15.5) <= 1.0
    assert abs(y - 15.5) <= 1.0
    shape, span = PulseShape((PEAK,), SKY.pulsed_fraction), np.array(EXPOSURE_S * 29.946)
    fine = (np.arange(4096) + 0.5) / 4096
    pulse = shape.averaged(fine, span)
    amplitude = pulse[ON.contains(fine)].mean() - pulse[OFF.contains(fine)].mean()
    rate = np.zeros(image.shape)
    box, top, left = pulsar_rate(SKY)
    rate[top : top + box.shape[0], left : left + box.shape[1]] = box
    inside = slice(6, 26), slice(6, 26)
    # Bins of 1/32 turn blur the ends of the ranges.
    injected = amplitude * rate[inside].sum() * EXPOSURE_S
    assert image[inside].sum() == pytest.approx(injected, rel=0.03)
    crab.movie.show("ratio")
    ratio = shown_values(crab)
    assert ratio[y, x] > 30.0
    deviations = (image - amplitude * rate * EXPOSURE_S) / (image / ratio)
    assert np.abs(deviations).max() < 5.0
    assert np.std(deviations) == pytest.approx(1.0, abs=0.1)


def test_the_difference_is_that_of_means_by_exposure(crab: Workbench) -> None:
    crab.fold.change(on=PhaseRange(0.21, 0.39), off=None)
    crab.movie.show("difference")
    frames, phases = frames_of(crab), phases_of(crab)
    shares = PhaseRange(0.21, 0.39).shares(32)[(phases * 32).astype(int)]
    on = np.average(frames, axis=0, weights=shares)
    off = np.average(frames, axis=0, weights=1.0 - shares)
    np.testing.assert_allclose(shown_values(crab), on - off, atol=1e-3)


def test_a_dragged_range_is_followed_without_adding_frames_again(
    crab: Workbench, gate: Gate
) -> None:
    gate.let(4)
    crab.fold.change(on=ON, off=OFF)
    crab.movie.show("difference")
    before = shown_values(crab)
    for start in (0.21, 0.22, 0.25):
        crab.fold.change(on=PhaseRange(start, 0.4))
    assert not np.array_equal(shown_values(crab), before)
    crab.fold.change(on=ON)
    np.testing.assert_array_equal(shown_values(crab), before)
    assert gate.cubes == [1, 2, 3, 4]


def test_each_row_has_its_own_phase_with_the_rolling_shutter(crab: Workbench) -> None:
    crab.fold.change(n_bins=20, row_delay=True)
    crab.movie.show("movie")
    frames, phases = frames_of(crab), phases_of(crab)
    source = crab.capture.lightspeed
    expected = np.empty((20, SIZE, SIZE))
    for row in range(SIZE):
        turned = (phases + row_delay_s(row, SIZE, source.readout_s) * 29.9457) % 1.0
        expected[:, row] = mean_by_bin(frames[:, row], turned, 20)
    differs = np.abs(shown_bins(crab) - expected) > 1e-3
    assert differs.any(axis=2).mean() < 0.05  # the frequency at the site is 29.9457 but for digits


def test_a_phase_offset_turns_the_movie_without_adding_frames_again(
    crab: Workbench, gate: Gate
) -> None:
    gate.let(4)
    crab.fold.change(n_bins=20, on=ON, off=OFF)
    crab.movie.show("difference")
    difference = shown_values(crab)
    crab.movie.show("movie")
    before = shown_bins(crab)
    crab.fold.change(phase_offset=0.31, on=PhaseRange(0.51, 0.71), off=PhaseRange(0.91, 0.41))
    after = shown_bins(crab)
    # 0.31 turns are six bins and a fifth of one.
    np.testing.assert_array_equal(after, np.roll(before, 6, axis=0))
    crab.movie.transport.go_to(0)
    assert crab.movie.state.phase == pytest.approx(0.025 + 0.01)
    crab.movie.show("difference")
    np.testing.assert_allclose(shown_values(crab), difference, atol=1e-4)
    assert gate.cubes == [1, 2, 3, 4]


def test_at_most_64_bins_are_kept(crab: Workbench) -> None:
    crab.fold.change(n_bins=500)
    crab.movie.show("movie")
    assert crab.movie.state.n_bins == 64


def test_images_stay_as_large_as_frames_when_memory_is_short(
    crab: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nightglass.core.lightspeed.fold.movie import plan as movie_plan

    plan = movie_plan.Plan.of
    monkeypatch.setattr(movie_plan.Plan, "of", lambda *given: plan(*given, most_bytes=200_000))
    crab.movie.show("movie")
    image = shown_values(crab)
    assert image.shape == (SIZE, SIZE)
    np.testing.assert_array_equal(image[::2, ::2], image[1::2, 1::2])
    assert "2 x 2" in crab.movie.state.note
    expected = mean_by_bin(frames_of(crab), phases_of(crab), 32)[crab.movie.state.bin]
    coarse = expected.reshape(16, 2, 16, 2).mean(axis=(1, 3))
    np.testing.assert_allclose(image[::2, ::2], coarse, rtol=1e-6)


# What it leaves alone, and the way back


def test_the_capture_stays_the_one_shown_and_one_call_brings_its_frames_back(
    crab: Workbench,
) -> None:
    crab.session.change(limits=Limits("minmax"))
    crab.transport.go_to(7)
    frame, view = shown_values(crab), crab.session.view
    crab.movie.show("movie")
    assert crab.session.view.capture == view.capture
    assert crab.session.view.frame == 7
    assert crab.pictures.shown["main"].stand_in is not None
    crab.movie.back()
    assert crab.session.view == view
    np.testing.assert_array_equal(shown_values(crab), frame)
    assert crab.movie.sheet is None


def test_each_sheet_keeps_its_limits(crab: Workbench) -> None:
    crab.fold.change(on=ON, off=OFF)
    crab.movie.show("movie")
    assert crab.session.view.limits_locked
    crab.session.change(limits=Limits("percentile", 98.0))
    crab.movie.show("ratio")
    assert not crab.session.view.limits_locked
    crab.session.change(limits=Limits("manual", 0.0, -5.0, 5.0))
    crab.movie.show("movie")
    assert crab.session.view.limits == Limits("percentile", 98.0)
    crab.movie.show("ratio")
    assert crab.session.view.limits.low == -5.0
    crab.movie.back()
    assert crab.session.view.limits == Limits()


def test_all_bins_have_the_limits_of_the_brightest_one(crab: Workbench) -> None:
    crab.movie.show("movie")
    crab.movie.transport.pause()
    found, most = set(), 0.0
    for place in range(32):
        crab.movie.transport.go_to(place)
        picture = crab.pictures.shown["main"].picture
        found.add((picture.low, picture.high))
        most = max(most, shown_values(crab).max())
    assert len(found) == 1
    assert 0.8 * most < found.pop()[1] <= most


@pytest.mark.parametrize("deed", ["go to a frame", "go live"])
def test_a_frame_that_is_asked_for_brings_the_frames_back(crab: Workbench, deed: str) -> None:
    crab.movie.show("movie")
    crab.transport.go_to(12) if deed == "go to a frame" else crab.transport.go_live()
    assert crab.movie.sheet is None
    assert crab.pictures.shown["main"].stand_in is None


def test_another_capture_is_shown_as_it_is(crab: Workbench, night: Path, tmp_path: Path) -> None:
    first = crab.session.view.capture
    crab.movie.show("movie")
    crab.open([written(tmp_path / "other")])
    assert crab.movie.sheet is None
    assert not crab.session.view.limits_locked
    crab.show(first)
    crab.movie.show("movie")
    assert crab.movie.state.frames == SKY.frames


def test_readings_tell_the_phase_and_electrons(crab: Workbench) -> None:
    crab.movie.show("movie")
    crab.movie.transport.go_to(4)
    reading = Readings(crab).at("main", (15.0, 16.0))
    assert reading.label.phase == pytest.approx(4.5 / 32)
    assert reading.utc is None
    assert reading.frame == 4
    value = shown_values(crab)[16, 15]
    assert reading.adu == pytest.approx(value)
    assert reading.electrons == pytest.approx((value - OFFSET) / GAIN)
    crab.fold.change(on=ON, off=OFF)
    crab.movie.show("difference")
    reading = Readings(crab).at("main", (15.0, 16.0))
    assert reading.electrons == pytest.approx(reading.adu / GAIN)
    crab.movie.show("ratio")
    reading = Readings(crab).at("main", (15.0, 16.0))
    assert (reading.electrons, reading.unit) == (None, "")


def test_regions_are_measured_on_what_is_shown(crab: Workbench) -> None:
    (ident,) = crab.regions.list.add([RegionEntry("circle", Circle(16.5, 16.5, 4.0))], "Add")
    crab.movie.show("movie")
    crab.movie.transport.go_to(10)
    on = crab.numbers.statistics[ident].sum.adu
    crab.movie.transport.go_to(25)
    assert crab.numbers.statistics[ident].sum.adu < on
    assert crab.light.targets
    assert crab.light.curves(crab.session.view.capture)[0].counted == SKY.frames


def test_what_is_shown_goes_to_other_programs_and_movies(crab: Workbench) -> None:
    crab.movie.show("movie")
    crab.movie.transport.go_to(3)
    sent = outgoing(crab)
    assert sent.name.endswith("_phase4of32.fits")
    np.testing.assert_array_equal(sent.values(), shown_values(crab))
    crab.session.change(play_range=(100, 200))
    assert crab.pictures.play_span() == (0, 31)


def test_no_reference_is_taken_from_a_movie(crab: Workbench) -> None:
    crab.movie.show("movie")
    with pytest.raises(NightglassError, match="no frame"):
        crab.pictures.take_reference()


# What it needs


def test_what_is_missing_is_told(bench: Workbench, night: Path) -> None:
    with pytest.raises(NightglassError, match="needs a capture"):
        bench.movie.show("movie")
    bench.open([night / "crab"])
    with pytest.raises(NightglassError, match="par file"):
        bench.movie.show("movie")
    assert bench.movie.sheet is None


def test_without_a_fold_nobody_knows_which_phases_are_on(crab: Workbench) -> None:
    with pytest.raises(NightglassError, match="on the pulse"):
        crab.movie.show("difference")
    assert crab.movie.sheet is None
    crab.fold.change(on=PhaseRange(0.1, 0.1))
    with pytest.raises(NightglassError, match="whole turn"):
        crab.movie.show("difference")


def test_phases_around_the_peak_are_proposed() -> None:
    from types import SimpleNamespace

    rate = np.full(20, 3.0)
    rate[[18, 19, 0, 1, 2]] = 5.0, 9.0, 12.0, 10.0, 4.0
    rate[9] = np.nan
    found = proposed_range(SimpleNamespace(rate=rate))
    assert (found.start, found.stop) == (0.95, 0.1)


# How it is built


def test_it_grows_by_the_cubes_that_are_new(
    busy_bench: Workbench, until: Waiter, gate: Gate, tmp_path: Path, night: Path,
    quick_looks: None,
) -> None:  # fmt: skip
    from shutil import copy

    cubes = sorted((night / "crab").glob("*.fits"))
    folder = tmp_path / "tonight"
    folder.mkdir()
    for cube in cubes[:2]:
        copy(cube, folder)
    bench = busy_bench
    bench.pictures.look("main", WHOLE)
    bench.fold.shelf.choose([night / "crab.par"])
    bench.follow(folder)
    gate.let(4)
    until(lambda: bench.capture is not None and bench.capture.counted == 500)
    until(lambda: bench.fold.shelf.chosen)
    bench.movie.show("movie")
    until(lambda: bench.movie.state.frames == 500)
    for cube in cubes[2:]:
        copy(cube, folder)
    until(lambda: bench.movie.state.frames == 1000)
    until(lambda: bench.movie.progress is None)
    assert sorted(gate.cubes) == [1, 2, 3, 4]
    assert bench.movie.sheet == "movie"
    until(lambda: bench.pictures.shown["main"].stand_in is bench.capture.stand_in)
    expected = mean_by_bin(frames_of(bench), phases_of(bench), 32)
    bench.movie.transport.go_to(5)
    until(lambda: bench.pictures.shown["main"].frame == 5)
    np.testing.assert_allclose(shown_values(bench), expected[5], rtol=1e-6)


@pytest.mark.parametrize(
    "change", [{"f0_hz": 29.95}, {"n_bins": 16}, {"timing_offset_s": 0.01}, {"stamp": "start"}]
)
def test_what_changes_the_phases_builds_it_anew_while_the_old_one_stays(
    busy_crab: Workbench, until: Waiter, gate: Gate, change: dict[str, Any]
) -> None:
    bench = busy_crab
    gate.let(4)
    bench.movie.show("movie")
    until(lambda: bench.movie.state.frames == SKY.frames and bench.movie.progress is None)
    until(lambda: bench.pictures.shown["main"].stand_in is not None)
    bench.movie.transport.go_to(3)
    until(lambda: bench.pictures.shown["main"].frame == 3)
    old = shown_values(bench)
    bench.fold.change(**change)
    gate.let(3)
    until(lambda: len(gate.cubes) == 7)
    state = bench.movie.state
    assert state.is_old
    assert state.n_bins == 32
    until(lambda: "(old)" in bench.pictures.shown["main"].stand_in.label.title)
    np.testing.assert_array_equal(shown_values(bench), old)
    gate.let(1)
    until(lambda: bench.movie.progress is None and not bench.movie.state.is_old)
    bins = bench.movie.state.n_bins
    place = bench.movie.state.bin
    until(lambda: "(old)" not in bench.pictures.shown["main"].stand_in.label.title)
    expected = mean_by_bin(frames_of(bench), phases_of(bench), bins)
    np.testing.assert_allclose(shown_values(bench), expected[place], rtol=1e-6)


def test_another_par_file_builds_it_anew_and_none_leaves_the_old_one(
    crab: Workbench, tmp_path: Path, night: Path
) -> None:
    crab.movie.show("movie")
    text = (night / "crab.par").read_text(encoding="utf-8").replace("29.946", "31.5")
    (tmp_path / "other.par").write_text(text, encoding="utf-8")
    crab.fold.shelf.choose([tmp_path / "other.par"])
    assert not crab.movie.state.is_old
    expected = mean_by_bin(frames_of(crab), phases_of(crab), 32)
    np.testing.assert_allclose(shown_bins(crab), expected, rtol=1e-6)
    crab.fold.shelf.choose([])
    assert crab.movie.state.is_old
    assert crab.movie.sheet == "movie"
    assert crab.problems.entries() == ()


def test_a_change_of_heart_ends_the_work_that_runs(
    busy_crab: Workbench, until: Waiter, gate: Gate
) -> None:
    bench = busy_crab
    bench.movie.show("movie")
    for n_bins in (8, 12, 16):
        bench.fold.change(n_bins=n_bins)
    gate.let(4)
    until(lambda: bench.movie.progress is None)
    assert bench.movie.state.n_bins == 16
    jobs = [job for job in bench.engine.jobs() if "Phase movie" in job.title]
    assert [job.state.value for job in jobs] == ["cancelled", "cancelled", "cancelled", "done"]


def test_after_a_cancel_nothing_arrives_until_it_goes_on(
    busy_crab: Workbench, until: Waiter, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nightglass.core.workbench.fold.movie import work as movie_work

    monkeypatch.setattr(movie_work, "SHOWN_EVERY_S", 0.0)
    monkeypatch.setattr(movie_work, "COPY_REST", 0.0)
    bench = busy_crab
    bench.movie.show("movie")
    gate.let(2)
    until(lambda: bench.movie.state.frames == 500)
    (job,) = [job for job in bench.engine.jobs() if "Phase movie" in job.title]
    job.cancel()
    with pytest.raises(Cancelled):
        job.result(10.0)
    until(lambda: bench.movie.state.is_stopped)
    assert bench.movie.state.frames == 500
    bench.desk.grown.emit(bench.capture.key)
    assert bench.movie.progress is None
    gate.let(4)
    bench.movie.go_on()
    until(lambda: bench.movie.progress is None)
    assert bench.movie.state.frames == SKY.frames
    assert not bench.movie.state.is_stopped


def test_closing_the_capture_ends_it(busy_crab: Workbench, until: Waiter, gate: Gate) -> None:
    bench = busy_crab
    bench.movie.show("movie")
    gate.let(1)
    until(lambda: gate.cubes)
    (job,) = [job for job in bench.engine.jobs() if "Phase movie" in job.title]
    bench.desk.close(bench.capture.key)
    with pytest.raises(Cancelled):
        job.result(10.0)
    bench.engine.mailbox.drain()
    assert bench.movie.capture is None
    assert bench.movie.sheet is None
    assert bench.movie.state.n_bins == 0
    assert bench.problems.entries() == ()


@pytest.mark.expected_log
def test_a_cube_that_cannot_be_read_is_told_left_out_and_tried_again(
    bench: Workbench, night: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nightglass.core.lightspeed import counting

    monkeypatch.setattr(counting, "RETRY_SECONDS", (0.001,))
    add, is_away = core_movie.PhaseMovie.add, True

    def failing(movie: Any, header: Any, phases: Any, check: Callable[[], None]) -> None:
        if header.number == 3 and is_away:
            movie.clear()
            raise NightglassError("Gone", "The disk is away.")
        add(movie, header, phases, check)

    monkeypatch.setattr(core_movie.PhaseMovie, "add", failing)
    opened(bench, night)
    bench.movie.show("movie")
    assert bench.movie.state.frames == 750
    assert bench.movie.state.is_stopped
    (entry,) = bench.problems.entries()
    assert entry.title == "A cube is not in the phase movie"
    bench.movie.go_on()
    assert len(bench.problems.entries()) == 1
    is_away = False
    bench.movie.go_on()
    assert bench.movie.state.frames == 1000
    assert not bench.movie.state.is_stopped


def test_electrons_follow_the_settings_without_adding_frames_again(
    crab: Workbench, gate: Gate
) -> None:
    gate.let(4)
    crab.fold.change(on=ON, off=OFF)
    crab.movie.show("ratio")
    before = shown_values(crab)
    crab.use_settings(crab.settings.changed(adu_per_electron=2.0 * GAIN, use_header_gain=False))
    assert shown_values(crab).max() == pytest.approx(before.max() / np.sqrt(2.0), rel=0.05)
    assert gate.cubes == [1, 2, 3, 4]


# Moving through the phases


def test_it_plays_round_and_round(crab: Workbench) -> None:
    turns = crab.movie.transport
    turns._clock = clock = Clock()
    crab.movie.show("movie")
    assert turns.is_playing
    first = turns.place
    clock.now_s += 2.0 / 32
    turns.tick()
    assert turns.place == (first + 1) % 32
    clock.now_s += 2.0  # a whole turn at half a turn a second
    turns.tick()
    assert turns.place == (first + 1) % 32
    turns.turns_per_s = 1.0
    clock.now_s += 0.5
    turns.tick()
    assert turns.place == (first + 17) % 32
    assert crab.pictures.shown["main"].frame == turns.place
    turns.pause()
    clock.now_s += 1.0
    turns.tick()
    assert turns.place == (first + 17) % 32


def test_steps_go_on_through_the_end_of_a_turn(crab: Workbench) -> None:
    crab.movie.show("movie")
    crab.movie.transport.go_to(31)
    crab.movie.step(1)
    assert crab.movie.transport.place == 0
    crab.movie.step(-2)
    assert crab.movie.transport.place == 30
    assert not crab.movie.transport.is_playing
    crab.fold.change(n_bins=16)
    assert crab.movie.transport.place == 15
    crab.fold.change(on=ON, off=OFF)
    crab.movie.show("difference")
    crab.movie.step(1)
    assert crab.movie.sheet == "ratio"


def test_the_frames_stand_still_while_a_movie_is_shown(crab: Workbench) -> None:
    crab.transport.play()
    crab.movie.show("movie")
    crab.transport.tick()
    assert crab.movie.sheet == "movie"
    assert not crab.transport.playback.playing
