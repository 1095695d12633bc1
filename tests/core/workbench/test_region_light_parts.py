"""What is measured of a region list, what is kept of it, and light relative to other stars."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from nightglass.core.engine.jobs import JobContext
from nightglass.core.errors import Cancelled
from nightglass.core.lightspeed.calibration import CountScale
from nightglass.core.lightspeed.open_capture import open_capture
from nightglass.core.lightspeed.region_spots import Aperture, Lead, Spot
from nightglass.core.lightspeed.region_sums import Counts, SpotSums
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.marks import Line
from nightglass.core.regions.shapes import Annulus, Circle
from nightglass.core.workbench.desk import OpenCapture
from nightglass.core.workbench.light import ledger as region_ledger
from nightglass.core.workbench.light.curves import Dots, RegionCurve, compared
from nightglass.core.workbench.light.ledger import Ledger, flux
from nightglass.core.workbench.light.passes import (
    CountedSlab,
    LostSlab,
    Work,
    count_all,
    slabs_of,
)
from nightglass.core.workbench.light.targets import MOST_TARGETS, Target, TargetFinder

from .night import SPEC, written

SHAPE = (24, 32)
STAR = RegionEntry("circle", Circle(10.0, 9.0, 4.0))
SKY = RegionEntry("annulus", Annulus(10.0, 9.0, 6.0, 8.0), background=True)
FAR_CUT = RegionEntry("circle", Circle(28.0, 20.0, 2.0), include=False)
NEAR_CUT = RegionEntry("circle", Circle(12.0, 9.0, 2.0), include=False)


def targets_of(entries, shape):
    return TargetFinder().find(entries, shape)


def spot(x: float) -> Spot:
    return Spot(Aperture((Circle(x, 9.0, 3.0),)))


def target(x: float, ident: int = 1) -> Target:
    return Target(ident, "star", spot(x), None, is_comparison=False)


# Targets


def test_source_is_paired_with_its_sky_and_cut_by_what_touches_it():
    (made,) = targets_of({3: STAR, 4: SKY, 5: FAR_CUT, 6: NEAR_CUT}, SHAPE)
    assert (made.ident, made.name, made.is_comparison) == (3, "circle 1", False)
    assert made.source == Spot(Aperture((STAR.shape,), (NEAR_CUT.shape,)))
    assert made.sky == Spot(Aperture((SKY.shape,), (NEAR_CUT.shape,)))
    assert made.spots == (made.source, made.sky)


def test_excluded_region_elsewhere_changes_nothing_to_be_counted():
    entries = {1: STAR, 2: SKY}
    moved = replace(FAR_CUT, shape=Circle(27.0, 20.0, 2.0))
    assert targets_of({**entries, 3: FAR_CUT}, SHAPE) == targets_of({**entries, 3: moved}, SHAPE)


@pytest.mark.parametrize("tag", ["lock=", "lock=x", "lock=-3", "lock=nan", "lock=inf", "lock"])
def test_tag_that_says_no_distance_locks_nothing(tag):
    (made,) = targets_of({1: replace(STAR, tags=(tag,))}, SHAPE)
    assert made.source.lead is None


def test_locked_source_takes_its_sky_along():
    (made,) = targets_of({1: replace(STAR, tags=("lock=2.5",)), 2: SKY}, SHAPE)
    assert made.source.lead == Lead(made.source.aperture, 2.5)
    assert made.sky is not None
    assert made.sky.lead == made.source.lead


def test_what_holds_no_pixel_is_no_target():
    line = RegionEntry("line", Line(1.0, 1.0, 5.0, 5.0))
    cut_away = replace(NEAR_CUT, shape=Circle(10.0, 9.0, 9.0))
    assert targets_of({1: line, 2: SKY}, SHAPE) == ()
    assert targets_of({1: STAR, 2: cut_away}, SHAPE) == ()


def test_only_so_many_curves_are_kept():
    entries = dict.fromkeys(range(MOST_TARGETS + 5), STAR)
    assert len(targets_of(entries, SHAPE)) == MOST_TARGETS


def test_finder_that_remembers_finds_what_a_new_one_finds():
    finder, entries = TargetFinder(), {1: STAR, 2: SKY, 3: FAR_CUT}
    moves = (
        (1, replace(STAR, shape=Circle(11.0, 9.0, 4.0))),
        (2, replace(SKY, shape=Annulus(11.0, 9.0, 6.0, 9.0))),
        (3, NEAR_CUT),
        (4, replace(STAR, tags=("comparison",))),
        (2, replace(SKY, background=False)),
        (1, replace(STAR, shape=Circle(500.0, 9.0, 4.0))),
    )
    finder.find(entries, SHAPE)
    for ident, entry in moves:
        entries = {**entries, ident: entry}
        assert finder.find(entries, SHAPE) == targets_of(entries, SHAPE)


# Flux


def test_sky_of_many_sources_is_made_once():
    entries = {n: RegionEntry("circle", Circle(9.0 + n, 9.0, 2.0)) for n in range(3)}
    entries |= {n: RegionEntry("annulus", Annulus(20, 20, 4, n), background=True) for n in (6, 8)}
    finder = TargetFinder()
    found = finder.find(entries, (40, 40))
    assert len({id(one.sky.aperture) for one in found}) == 1
    moved = {**entries, 0: RegionEntry("circle", Circle(9.0, 12.0, 2.0))}
    again = finder.find(moved, (40, 40))
    assert again[2].source is found[2].source
    assert again[0].sky.aperture is found[0].sky.aperture
    assert again[0].source != found[0].source
    cut = {**moved, 9: RegionEntry("circle", Circle(20.0, 26.0, 2.0), include=False)}
    assert finder.find(cut, (40, 40))[0].sky.aperture.cuts == (cut[9].shape,)


def test_flux_is_above_sky_or_offset():
    source = SpotSums(np.array([1000, 2000]), np.array([10, 10]))
    sky = SpotSums(np.array([400, 0]), np.array([8, 0]))
    scale = CountScale(2.0, 30.0)
    assert flux(source, None, scale).tolist() == [(1000 - 300) / 2, (2000 - 300) / 2]
    above = flux(source, sky, scale)
    assert above[0] == (1000 - 10 * 50) / 2
    assert np.isnan(above[1])


# Ledger


@pytest.fixture
def ledger(tmp_path):
    capture = OpenCapture("key", open_capture(written(tmp_path / "crab")))
    made = Ledger(capture)
    made.sync()
    yield made
    capture.source.close()


def part_of(ledger, number, *spots, value=0):
    slab = ledger.slabs[number]
    sums = SpotSums(np.full(slab.n_frames, value), np.ones(slab.n_frames, np.int64))
    clock_s = ledger.capture.source.stamps(slab.header).clock_s
    return CountedSlab(slab, Counts(dict.fromkeys(spots, sums)), clock_s)


def test_cubes_may_come_in_any_order_and_again(ledger):
    one = target(9.0)
    for number, value in ((3, 30), (1, 10), (2, 0), (2, 20)):
        assert ledger.take(part_of(ledger, number, one.source, value=value), [one])
    curve = ledger.curve(one, CountScale(1.0, 0.0))
    assert curve.values.tolist() == [10.0] * 10 + [20.0] * 10 + [30.0] * 10
    assert (np.diff(curve.seconds) > 0).all()
    assert ledger.is_complete(one)
    assert ledger.frames(one).tolist() == list(range(30))


def test_missing_names_each_cube_with_what_it_lacks(ledger):
    one, two = target(9.0), target(12.0, 2)
    ledger.take(part_of(ledger, 2, one.source), [one, two])
    work = ledger.missing([one.source, two.source, one.source])
    assert [(slab.number, spots) for slab, spots in work] == [
        (1, (one.source, two.source)),
        (2, (two.source,)),
        (3, (one.source, two.source)),
    ]


def test_lost_cube_is_not_asked_for_again(ledger):
    one = target(9.0)
    assert ledger.take(LostSlab(ledger.slabs[1], "gone"), [one])
    assert [slab.number for slab, _ in ledger.missing(one.spots)] == [2, 3]


def test_counts_of_a_cube_that_is_another_by_now_are_refused(ledger):
    one = target(9.0)
    part = part_of(ledger, 2, one.source)
    source = ledger.capture.source
    fresh = replace(source.cubes[1], modified_ns=source.cubes[1].modified_ns + 1)
    source.add_cube(fresh)
    assert ledger.sync()
    assert not ledger.take(part, [one])
    source.drop_cube(3)
    assert ledger.sync()
    assert sorted(ledger.slabs) == [1, 2]


def test_oldest_counts_are_let_go_beyond_the_limit(ledger, monkeypatch):
    monkeypatch.setattr(region_ledger, "MOST_NUMBERS", 70)
    targets = [target(float(x), x) for x in range(5, 9)]
    for one in targets:
        for number in (1, 2, 3):
            ledger.take(part_of(ledger, number, one.source), [one])
    assert ledger.is_complete(targets[-1])
    assert ledger.is_complete(targets[-2])
    assert not ledger.numbers(targets[0])


# Passes


def test_cancelled_pass_ends_and_publishes_no_more(tmp_path):
    source = open_capture(written(tmp_path / "crab", SPEC, 6))
    slabs = slabs_of(source)
    work = Work(source, [(slab, (spot(9.0),)) for slab in slabs], {}, 200)
    told: list[int] = []
    ctx = JobContext(on_partial=lambda part: (told.append(part.slab.number), ctx.token.cancel()))
    before = threading.active_count()
    with suppress(Cancelled):
        count_all(work, ctx)
    assert told == [1]
    assert threading.active_count() == before
    source.close()


def test_pass_publishes_cubes_in_order_and_tells_its_progress(tmp_path):
    source = open_capture(written(tmp_path / "crab", SPEC, 6))
    work = Work(source, [(slab, (spot(9.0),)) for slab in slabs_of(source)], {}, 200)
    told: list[int] = []
    ctx = JobContext(on_partial=lambda part: told.append(part.slab.number))
    count_all(work, ctx)
    assert told == [1, 2, 3, 4, 5, 6]
    assert (ctx.last_progress.done, ctx.last_progress.total) == (60, 60)
    source.close()


# Comparison


def light_curve(frames, values, *, is_comparison=False, dots=None):
    frames, values = np.asarray(frames), np.asarray(values, float)
    more = {} if dots is None else {"dots": dots}
    return RegionCurve(
        1, "star", frames * 0.1, values, "e-", False, len(frames), 100, is_comparison,
        find_frames=lambda: frames, **more,
    )  # fmt: skip


def test_only_frames_that_all_have_are_compared():
    mine = light_curve([0, 1, 2, 5], [10, 20, 30, 60])
    one = light_curve([1, 2, 3, 5], [4, 5, 6, 0], is_comparison=True)
    two = light_curve([0, 1, 2, 5], [1, 1, 1, 0], is_comparison=True)
    made = compared(mine, [one, two])
    assert made.frames.tolist() == [1, 2, 5]
    assert made.seconds.tolist() == pytest.approx([0.1, 0.2, 0.5])
    mean = (5 + 6 + 0) / 3
    assert made.values[:2].tolist() == pytest.approx([20 / 5 * mean, 30 / 6 * mean])
    assert np.isnan(made.values[2])
    assert made.counted == 3


def test_look_is_compared_by_its_own_mean_before_anything_is_counted():
    frames = np.arange(3)
    seconds = frames * 0.1
    mine = light_curve([], [], dots=Dots(frames, seconds, np.array([10.0, 20.0, 30.0])))
    star = light_curve([], [], dots=Dots(frames, seconds, np.array([1.0, 2.0, 6.0])))
    made = compared(mine, [star])
    assert made.dots.values.tolist() == pytest.approx([30.0, 30.0, 15.0])
