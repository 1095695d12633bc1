"""A long stream of everything at once: whatever happens, the end is right and nothing is said."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.geometry.placement import moved
from nightglass.core.regions.numbers.aperture_flux import Counts
from nightglass.core.regions.numbers.statistics import measure
from nightglass.core.regions.shapes import Annulus, Box, Circle, Ellipse
from nightglass.core.session import region_deeds as deeds

from ..lightspeed.writer import write_cube
from .night import COLUMNS, OTHER, ROWS, SPEC, frames_of, written
from .test_region_light import flux_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nightglass.core.regions.shapes import Shape
    from nightglass.core.workbench import Workbench
    from nightglass.core.workbench.light.light import RegionLight

    from .night import Waiter

pytestmark = pytest.mark.usefixtures("quick_looks")
LAST_CUBE = 9
COUNTS = Counts(199.5, 1 / 0.107, 60_000, 0.3)


class Observer:
    """Does something at random to a workbench with real threads."""

    def __init__(self, bench: Workbench, folder: Path, seed: int) -> None:
        self.bench, self.folder = bench, folder
        self.regions = bench.regions.list
        self.any = random.Random(seed)
        self.cube = 1
        self.is_opening = False
        self.deeds: tuple[Callable[[], object], ...] = (
            self.draw, self.draw, self.move, self.move, self.drag, self.drag, self.regions.undo,
            self.regions.redo, self.select, self.select, self.reorder, self.look, self.look,
            self.open_or_close, self.arrive, self.rewrite, self.save_drag, self.regions.abort,
            lambda: deeds.delete(self.regions), lambda: deeds.duplicate(self.regions),
            lambda: deeds.push(self.regions, self.any.uniform(-2, 2), 1.0),
            lambda: deeds.mark_background(self.regions, self.any.random() < 0.3),
            lambda: deeds.include(self.regions, self.any.random() < 0.8),
            lambda: deeds.colour(self.regions, "red"), bench.transport.go_live,
        )  # fmt: skip

    def act(self) -> None:
        self.any.choice(self.deeds)()
        if self.any.random() < 0.5:
            self.bench.engine.mailbox.drain()

    def shape(self) -> Shape:
        u = self.any.uniform
        x, y = u(-4, COLUMNS + 4), u(-4, ROWS + 4)
        return self.any.choice(
            [Circle(x, y, u(0.1, 6)), Box(x, y, u(1, 9), u(1, 9), u(0, 90)),
             Annulus(x, y, u(1, 4), u(5, 9)), Ellipse(x, y, u(1, 6), u(1, 6), u(0, 180))]
        )  # fmt: skip

    def draw(self) -> None:
        if len(self.regions) < 12:
            chance = self.any.random()
            made = RegionEntry("drawn", self.shape(), chance > 0.1, chance > 0.7)
            self.regions.add([made], "Draw")

    def one(self) -> int | None:
        return self.any.choice(list(self.regions.entries) or [None])

    def move(self) -> None:
        ident = self.one()
        if ident is not None:
            entry = self.regions.entries[ident]
            assert entry.shape is not None
            entry = replace(entry, shape=moved(entry.shape, self.any.uniform(-5, 5), 0.5))
            self.regions.edit("Move", {ident: entry}, merge=self.any.choice([None, ident]))

    def drag(self) -> None:
        self.regions.begin("Drag")
        for _ in range(self.any.randrange(4)):
            self.move()
        if self.any.random() < 0.7:
            self.regions.commit()

    def save_drag(self) -> None:
        self.regions.commit()

    def select(self) -> None:
        self.regions.select(i for i in self.regions.entries if self.any.random() < 0.4)

    def reorder(self) -> None:
        idents = list(self.regions.entries)
        self.any.shuffle(idents)
        self.regions.reorder(idents, "Reorder")

    def look(self) -> None:
        if self.bench.capture is not None:
            self.bench.show(self.any.choice(self.bench.desk.order))
            self.bench.transport.go_to(self.any.randrange(30))

    def open_or_close(self) -> None:
        other = [key for key in self.bench.desk.order if "vela" in key]
        if other:
            self.bench.desk.close(other[0])
        elif not self.is_opening:
            self.is_opening = True
            self.bench.open([self.folder.parent / "vela"], self.opened)

    def opened(self) -> None:
        self.is_opening = False

    def arrive(self) -> None:
        if self.cube < LAST_CUBE:
            self.cube += 1
            write_cube(self.folder, SPEC, self.cube)

    def rewrite(self) -> None:
        """The same cube once more under its name, as a copy from elsewhere gives it."""
        copy = write_cube(self.folder.parent, SPEC, self.any.randint(1, self.cube))
        copy.replace(self.folder / copy.name)


@pytest.fixture
def observer(busy_bench: Workbench, tmp_path: Path) -> Callable[[int], Observer]:
    written(tmp_path / "vela", OTHER)
    folder = written(tmp_path / "tonight", cubes=1)

    def make(seed: int) -> Observer:
        busy_bench.follow(folder)
        return Observer(busy_bench, folder, seed)

    return make


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 12))]
)
def test_at_the_end_everything_is_that_of_numpy(
    busy_bench: Workbench,
    until: Waiter,
    observer: Callable[[int], Observer],
    seed: int,
) -> None:
    bench, regions, watched = busy_bench, busy_bench.regions.list, observer(seed)
    light, numbers = bench.light, bench.numbers
    until(lambda: bench.capture is not None)
    for _ in range(400):
        watched.act()
    regions.commit()
    # A capture is shown as soon as it is open.
    until(lambda: not watched.is_opening)
    bench.show(next(key for key in bench.desk.order if "crab" in key))
    frames = frames_of(numbers=tuple(range(1, watched.cube + 1)))
    until(lambda: bench.capture is not None and bench.capture.captured == len(frames))
    bench.transport.go_to(3)
    entries = dict(regions.entries)
    wanted = measure(frames[3], entries, COUNTS)
    until(lambda: numbers.frame in (3, None) and dict(numbers.statistics) == wanted)
    until(lambda: all(curve.counted == len(frames) for curve in light.curves(bench.capture.key)))
    assert_curves(light, bench, entries, frames)
    assert bench.problems.entries() == ()
    assert_history(bench)


def assert_curves(
    light: RegionLight, bench: Workbench, entries: dict[int, RegionEntry], frames: Any
) -> None:
    """Light above the sky of every source that has the only sky there is."""
    cuts = [entry for entry in entries.values() if not entry.include]
    skies = [entry for entry in entries.values() if entry.include and entry.background]
    for curve in light.curves(bench.capture.key):
        source = entries[curve.ident]
        if len(skies) <= 1:
            wanted = flux_of(source, *skies, frames=frames, cuts=cuts)
            np.testing.assert_allclose(curve.values, wanted, rtol=1e-9, atol=1e-6)


def assert_history(bench: Workbench) -> None:
    regions = bench.regions.list
    last = dict(regions.entries)
    steps = regions.undo_count
    for _ in range(steps):
        regions.undo()
    assert len(regions) == 0
    assert regions.undo_label is None
    for _ in range(steps):
        regions.redo()
    assert (dict(regions.entries), list(regions.entries)) == (last, list(last))
    assert regions.undo_count == steps
