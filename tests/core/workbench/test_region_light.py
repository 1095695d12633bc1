"""Light curves of regions: counted exactly, never twice, and nothing is lost."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.lightspeed import region_frames
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.marks import Point
from nightglass.core.regions.masks import mask_of
from nightglass.core.regions.shapes import Annulus, Box, Circle
from nightglass.core.session.regions import RegionList
from nightglass.core.settings import Settings
from nightglass.core.workbench.light import light as region_light
from nightglass.core.workbench.light import look as region_look
from nightglass.core.workbench.light.light import RegionLight

from ..lightspeed.writer import cube_name, hdus, write_cube
from .night import BUNDLES, COLUMNS, CUBES, OTHER, ROWS, SPEC, frames_of, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nightglass.core.workbench import Workbench

    from .night import Waiter

SHAPE = (ROWS, COLUMNS)
SOURCE = RegionEntry("circle", Circle(10.0, 9.0, 4.0), properties={"text": "crab"})
OTHER_SOURCE = RegionEntry("box", Box(22.0, 15.0, 6.0, 4.0))
SKY = RegionEntry("annulus", Annulus(10.0, 9.0, 6.0, 8.0), background=True)
CUT = RegionEntry("circle", Circle(12.0, 9.0, 1.5), include=False)
GAIN = 1 / 0.107  # counts per electron of the header


@pytest.fixture
def regions() -> RegionList:
    return RegionList()


@pytest.fixture
def make_light(regions: RegionList) -> Iterator[Callable[[Workbench], RegionLight]]:
    made: list[RegionLight] = []

    def make(bench: Workbench) -> RegionLight:
        made.append(RegionLight(bench.engine, bench.desk, bench.session, regions, bench.problems))
        return made[-1]

    yield make
    for light in made:
        light.close()


@pytest.fixture
def light(bench: Workbench, make_light, capture_folder: Path) -> RegionLight:
    """Light of a capture of three cubes; everything has happened when a call returns."""
    bench.open([capture_folder])
    return make_light(bench)


def sums_of(entries, frames):
    mask = mask_of(entries, SHAPE)
    return frames[:, mask].sum(1, dtype=np.result_type(frames, np.int64)), int(mask.sum())


def flux_of(source, sky=None, frames=None, cuts=()):
    """Electrons by numpy."""
    frames = frames_of() if frames is None else frames
    total, pixels = sums_of([source, *cuts], frames)
    if sky is None:
        return (total - pixels * Settings().adu_offset) / GAIN
    below, sky_pixels = sums_of([replace(sky, background=False), *cuts], frames)
    return (total - pixels * (below / sky_pixels)) / GAIN


def curve(light: RegionLight, bench: Workbench, place: int = 0):
    return light.curves(bench.session.view.capture)[place]


def test_light_above_the_sky_is_that_of_numpy(bench, light, regions):
    ident, _, _ = regions.add([SOURCE, SKY, CUT], "Add")
    made = curve(light, bench)
    assert (made.ident, made.name, made.unit) == (ident, "crab", "e\u207b")
    assert (made.counted, made.total, made.is_preview) == (30, 30, False)
    np.testing.assert_allclose(made.values, flux_of(SOURCE, SKY, cuts=[CUT]), rtol=1e-12)
    np.testing.assert_allclose(made.seconds, bench.capture.curve.seconds)
    assert made.frames.tolist() == list(range(30))
    assert made.summary == pytest.approx(
        [f(made.values) for f in (np.mean, np.std, np.min, np.max)]
    )


def test_light_without_a_sky_is_above_the_offset(bench, light, regions):
    regions.add([SOURCE], "Add")
    np.testing.assert_allclose(curve(light, bench).values, flux_of(SOURCE), rtol=1e-12)


def test_curves_follow_the_settings(bench, light, regions):
    regions.add([SOURCE], "Add")
    bench.use_settings(bench.settings.changed(use_header_gain=False, adu_per_electron=2.0))
    np.testing.assert_allclose(curve(light, bench).values, flux_of(SOURCE) * GAIN / 2, rtol=1e-12)


def test_only_sources_with_pixels_have_a_curve(bench, light, regions):
    far = RegionEntry("circle", Circle(-50.0, 9.0, 4.0))
    mark = RegionEntry("point", Point(5.0, 5.0))
    regions.add([far, mark, SKY, CUT, OTHER_SOURCE], "Add")
    assert [one.name for one in light.curves(bench.capture.key)] == ["box 5"]
    assert light.curves("elsewhere") == ()


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many masks were counted in how many frames, call by call."""
    seen: list[int] = []
    usual = region_frames.CubeFrames.mask_sums

    def counting(self, frames, masks, check):
        seen.append(len(masks) * len(frames))
        return usual(self, frames, masks, check)

    monkeypatch.setattr(region_frames.CubeFrames, "mask_sums", counting)
    return seen


@pytest.fixture
def no_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RegionLight, "_look", lambda _: None)


@pytest.mark.usefixtures("no_looks")
def test_nothing_is_counted_twice(bench, light, regions, reads):
    source, _ = regions.add([SOURCE, SKY], "Add")
    assert sum(reads) == 2 * 30
    regions.edit("Colour", {source: replace(SOURCE, properties={"color": "red"})})
    assert sum(reads) == 2 * 30
    regions.edit("Move", {source: replace(SOURCE, shape=Circle(11.0, 9.0, 4.0))})
    assert sum(reads) == 3 * 30
    regions.undo()
    assert sum(reads) == 3 * 30
    np.testing.assert_allclose(curve(light, bench).values, flux_of(SOURCE, SKY), rtol=1e-12)


def test_drag_shows_a_look_at_the_whole_capture(bench, light, regions):
    (ident,) = regions.add([SOURCE], "Add")
    moved = replace(SOURCE, shape=Circle(12.0, 9.0, 4.0))
    regions.begin("Move circle")
    regions.edit("Move circle", {ident: moved})
    made = curve(light, bench)
    assert made.is_preview
    assert made.counted == 0
    np.testing.assert_allclose(made.values, flux_of(moved)[made.frames], rtol=1e-12)
    assert made.frames.tolist() == list(range(30))
    regions.commit()
    made = curve(light, bench)
    assert not made.is_preview
    assert not len(made.dots.frames)
    np.testing.assert_allclose(made.values, flux_of(moved), rtol=1e-12)


def test_look_takes_frames_spread_evenly(bench, light, regions, monkeypatch):
    monkeypatch.setattr(region_look, "PREVIEW_FRAMES", 7)
    (ident,) = regions.add([SOURCE], "Add")
    regions.begin("Move circle")
    regions.edit("Move circle", {ident: replace(SOURCE, shape=Circle(12.0, 9.0, 4.0))})
    made = curve(light, bench)
    assert made.frames.tolist() == [0, 5, 10, 14, 19, 24, 29]
    assert made.seconds == pytest.approx(bench.capture.curve.seconds[made.frames])


def test_look_opens_only_so_many_cubes(bench, light, regions, monkeypatch):
    monkeypatch.setattr(region_look, "PREVIEW_SLABS", 2)
    monkeypatch.setattr(region_look, "PREVIEW_FRAMES", 4)
    (ident,) = regions.add([SOURCE], "Add")
    moved = replace(SOURCE, shape=Circle(12.0, 9.0, 4.0))
    regions.begin("Move circle")
    regions.edit("Move circle", {ident: moved})
    made = curve(light, bench)
    assert made.frames.tolist() == [0, 6, 23, 29]
    np.testing.assert_allclose(made.values, flux_of(moved)[made.frames], rtol=1e-12)


def test_aborted_drag_counts_nothing_and_shows_what_was(bench, light, regions):
    (ident,) = regions.add([SOURCE], "Add")
    regions.begin("Move circle")
    regions.edit("Move circle", {ident: replace(SOURCE, shape=Circle(12.0, 9.0, 4.0))})
    regions.abort()
    made = curve(light, bench)
    assert not made.is_preview
    np.testing.assert_allclose(made.values, flux_of(SOURCE), rtol=1e-12)


def test_other_capture_gets_its_curves_when_it_is_shown(bench, light, regions, tmp_path):
    regions.add([SOURCE], "Add")
    bench.open([written(tmp_path / "night" / "vela", OTHER, 2)])
    bench.show(bench.desk.order[-1])
    made = curve(light, bench)
    frames = frames_of(OTHER, (1, 2))
    np.testing.assert_allclose(made.values, flux_of(SOURCE, frames=frames), rtol=1e-12)
    assert light.curves(bench.desk.order[0]) == ()
    bench.desk.close_all()
    assert light.curves(bench.desk.order[0] if bench.desk.order else None) == ()


def test_relative_light_is_over_that_of_the_comparison_star(bench, light, regions):
    star = replace(OTHER_SOURCE, tags=("comparison",))
    regions.add([SOURCE, star], "Add")
    assert light.has_comparison
    told = []
    light.changed.connect(told.append)
    light.relative = True
    assert told == [bench.capture.key]
    mine, its = flux_of(SOURCE), flux_of(OTHER_SOURCE)
    first, second = light.curves(bench.capture.key)
    np.testing.assert_allclose(first.values, mine / its * its.mean(), rtol=1e-12)
    np.testing.assert_allclose(second.values, its, rtol=1e-12)
    assert second.is_comparison
    light.relative = False
    np.testing.assert_allclose(curve(light, bench).values, mine, rtol=1e-12)


def test_relative_look_is_relative_too(bench, light, regions):
    star = replace(OTHER_SOURCE, tags=("comparison",))
    ident, _ = regions.add([SOURCE, star], "Add")
    light.relative = True
    moved = replace(SOURCE, shape=Circle(12.0, 9.0, 4.0))
    regions.begin("Move circle")
    regions.edit("Move circle", {ident: moved})
    made, its = curve(light, bench), flux_of(OTHER_SOURCE)
    assert made.is_preview
    wanted = (flux_of(moved) / its * its.mean())[made.frames]
    np.testing.assert_allclose(made.values, wanted, rtol=1e-12)


def test_locked_region_is_counted_cube_after_cube(bench, light, regions):
    locked = replace(SOURCE, tags=("lock=3",))
    regions.add([locked, SKY], "Add")
    made = curve(light, bench)
    assert made.counted == 30
    # Counts without a star: nothing is found, nothing moves.
    np.testing.assert_allclose(made.values, flux_of(SOURCE, SKY), rtol=1e-12)


@pytest.mark.expected_log
def test_cube_that_cannot_be_read_is_told_and_left_out(
    bench, make_light, regions, capture_folder, monkeypatch
):
    from nightglass.core.lightspeed import counting

    bench.open([capture_folder])
    monkeypatch.setattr(counting, "RETRY_SECONDS", (0.0, 0.0))
    with (capture_folder / cube_name(SPEC, 2)).open("r+b") as file:
        file.truncate(6000)
    light = make_light(bench)
    regions.add([SOURCE], "Add")
    made = curve(light, bench)
    assert made.counted == 20
    assert made.frames.tolist() == [*range(10), *range(20, 30)]
    wanted = flux_of(SOURCE, frames=frames_of(numbers=(1, 3)))
    np.testing.assert_allclose(made.values, wanted, rtol=1e-12)
    assert [entry.title for entry in bench.problems.entries()] == ["A cube could not be counted"]
    assert not light.is_counting


def test_image_is_added_up_in_its_own_unit(bench, make_light, regions, tmp_path):
    from astropy.io import fits

    rng = np.random.default_rng(3)
    data = rng.normal(100.0, 5.0, (70, ROWS, COLUMNS)).astype(np.float32)
    fits.PrimaryHDU(data).writeto(tmp_path / "images.fits")
    bench.open([tmp_path / "images.fits"])
    light = make_light(bench)
    regions.add([SOURCE, SKY], "Add")
    made = curve(light, bench)
    assert (made.unit, made.counted) == ("ADU", len(made.values))
    wanted = flux_of(SOURCE, SKY, data.astype(np.float64)) * GAIN
    np.testing.assert_allclose(made.values, wanted, rtol=1e-9, atol=1e-6)
    assert made.seconds.tolist() == list(range(70))


# With real threads


def test_every_cube_is_in_the_curve_at_the_end(
    busy_bench, make_light, regions, capture_folder, until
):
    busy_bench.open([capture_folder])
    until(lambda: busy_bench.capture is not None)
    light = make_light(busy_bench)
    grown: list[int] = []
    light.changed.connect(
        lambda key: grown.extend(one.counted for one in light.curves(key) if not one.is_preview)
    )
    regions.add([SOURCE, SKY], "Add")
    until(lambda: light.curves(busy_bench.capture.key) and grown and grown[-1] == 30)
    np.testing.assert_allclose(curve(light, busy_bench).values, flux_of(SOURCE, SKY), rtol=1e-12)
    assert {10, 20, 30} <= set(grown)
    assert grown == sorted(grown)


def test_many_settled_changes_leave_the_last_one(
    busy_bench, make_light, regions, capture_folder, until
):
    busy_bench.open([capture_folder])
    until(lambda: busy_bench.capture is not None)
    light = make_light(busy_bench)
    (ident,) = regions.add([SOURCE], "Add")
    for x in range(5, 15):
        moved = replace(SOURCE, shape=Circle(float(x), 9.0, 4.0))
        regions.edit("Move", {ident: moved})
    until(lambda: not light.is_counting and curve(light, busy_bench).counted == 30)
    np.testing.assert_allclose(curve(light, busy_bench).values, flux_of(moved), rtol=1e-12)


@pytest.mark.usefixtures("quick_looks")
def test_live_cubes_are_counted_as_they_come_change_and_go(
    busy_bench, make_light, regions, tmp_path, until: Waiter
):
    folder = written(tmp_path / "tonight", cubes=1)
    busy_bench.follow(folder)
    until(lambda: busy_bench.capture is not None and busy_bench.capture.counted == BUNDLES)
    light = make_light(busy_bench)
    regions.add([SOURCE], "Add")

    def has(frames):
        curves = light.curves(busy_bench.session.view.capture)
        return curves and not curves[0].is_preview and curves[0].counted == frames

    until(lambda: has(BUNDLES))
    for number in (2, 3):
        write_cube(folder, SPEC, number)
    until(lambda: has(CUBES * BUNDLES))
    np.testing.assert_allclose(curve(light, busy_bench).values, flux_of(SOURCE), rtol=1e-12)

    units = hdus(SPEC, 2)
    units[1].data[:] = 321
    units.writeto(folder / cube_name(SPEC, 2), overwrite=True)
    frames = frames_of()
    frames[10:20] = 321
    wanted = flux_of(SOURCE, frames=frames)
    until(lambda: has(30) and np.allclose(curve(light, busy_bench).values, wanted, rtol=1e-12))

    (folder / cube_name(SPEC, 2)).unlink()
    until(lambda: has(20))
    left = np.concatenate([wanted[:10], wanted[20:]])
    np.testing.assert_allclose(curve(light, busy_bench).values, left, rtol=1e-12)
    np.testing.assert_allclose(
        curve(light, busy_bench).seconds, busy_bench.capture.curve.seconds, atol=1e-9
    )


def test_nothing_arrives_after_the_close(busy_bench, make_light, regions, capture_folder, until):
    busy_bench.open([capture_folder])
    until(lambda: busy_bench.capture is not None)
    light = make_light(busy_bench)
    regions.add([SOURCE], "Add")
    light.close()
    told: list[str] = []
    light.changed.connect(told.append)
    regions.add([OTHER_SOURCE], "Add")
    until(lambda: not any(not job.state.is_finished for job in busy_bench.engine.jobs()))
    busy_bench.engine.mailbox.drain()
    assert told == []


def test_hand_that_never_rests_sees_looks_all_the_same(
    busy_bench, make_light, regions, capture_folder, until, monkeypatch
):
    busy_bench.open([capture_folder])
    until(lambda: busy_bench.capture is not None)
    light = make_light(busy_bench)
    (ident,) = regions.add([SOURCE], "Add")
    until(lambda: not light.is_counting and light.curves(busy_bench.capture.key))
    begun, may_end = threading.Event(), threading.Semaphore(0)
    real = region_look.look

    def slow(source, slabs, spots, ctx):
        seen = real(source, slabs, spots, ctx)
        begun.set()
        assert may_end.acquire(timeout=20)
        ctx.check()
        return seen

    monkeypatch.setattr(region_light, "look", slow)
    regions.begin("Move")
    regions.edit("Move", {ident: replace(SOURCE, shape=Circle(11.0, 9.0, 4.0))})
    assert begun.wait(20)
    # The next move comes while the look at the first one runs.
    regions.edit("Move", {ident: replace(SOURCE, shape=Circle(12.0, 9.0, 4.0))})
    looks: list[str] = []
    light.changed.connect(looks.append)
    for number in (1, 2):
        may_end.release()
        until(lambda number=number: len(looks) >= number)
    regions.abort()
