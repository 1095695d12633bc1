"""A long stream of everything at once on a fold: its end is that of a fold from scratch."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.engine import InlineEngine
from nightglass.core.errors import NightglassError
from nightglass.core.problems import ProblemList
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.shapes import Circle
from nightglass.core.session import region_deeds as deeds
from nightglass.core.settings import Settings
from nightglass.core.timing.pulse.ranges import PhaseRange
from nightglass.core.workbench import Workbench
from nightglass.core.workbench.fold.kept import take_values, values_of
from nightglass.core.workbench.fold.outputs import FoldOutputs

from ...lightspeed.fold.pulsar import OTHER, PAR
from ...lightspeed.writer import cube_name, write_cube
from ..night import OTHER as OTHER_CAPTURE
from ..night import SPEC, written
from ..test_region_stream import Observer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nightglass.core.lightspeed.fold.result import FoldResult

    from ..night import Waiter

pytestmark = [
    pytest.mark.usefixtures("quick_looks"),
    pytest.mark.expected_log("Could not use the par file"),
]
MEANT = {
    "Could not use the par file", "Could not read the par file", "Could not use a file",
    "Too many par files", "A cube could not be read", "Frames are not counted",
}  # fmt: skip
BROKEN = {
    "empty.par": b"", "binary.par": bytes(range(256)) * 40, "no F0.par": b"PSR X\nPEPOCH 60000\n",
    "it's \"so\"\n.par": PAR.replace("29.946923", "fast").encode(),
}  # fmt: skip


class Folder(Observer):
    """An observer who folds, and meddles with par files and cubes on the disk."""

    def __init__(self, bench: Workbench, folder: Path, seed: int) -> None:
        super().__init__(bench, folder, seed)
        self.fold, self.shelf, self.movie = bench.fold, bench.fold.shelf, bench.movie
        self.settings = bench.settings
        self.pars = [folder.parent / name for name in ("one.par", "two.par", *BROKEN, "gone.par")]
        self.kept: list[dict[str, str]] = [{}]
        self.lost: set[int] = set()
        self.texts: list[object] = []
        self.mend()
        self.deeds = (
            *self.deeds, *self.deeds,
            *(3 * (self.bins, self.change, self.drag_ridge, self.drag_ridge, self.settle)),
            self.fold.forget_drag, self.fold.reset, self.second, self.second, self.choose,
            self.choose, self.add, self.take_away, self.mend, self.spoil, self.wanted, self.wanted,
            self.keep, self.restore, self.show_movie, self.show_movie, self.movie.back,
            self.movie.go_on, self.other_settings, self.unlink, self.lock, self.copy, self.site,
            self.stop_following, self.follow, self.begin_another, self.use_text, self.shelf.refresh,
        )  # fmt: skip

    def act(self) -> None:
        # What was refused must leave everything as it was.
        with suppress(NightglassError):
            super().act()

    # Par files

    def some(self, most: int) -> list[Path]:
        usable = self.pars[:2] if self.any.random() < 0.7 else self.pars
        return [self.any.choice(usable) for _ in range(self.any.randint(1, most))]

    def choose(self) -> None:
        self.shelf.choose(self.some(3) if self.any.random() < 0.9 else [])

    def add(self) -> None:
        self.shelf.add(self.some(1)[0])

    def take_away(self) -> None:
        self.shelf.remove(self.any.choice([*self.pars, None]))

    def use_text(self) -> None:
        self.shelf.use_text(self.any.choice([PAR, OTHER, "PSR Y\n"]), "pasted")

    def mend(self) -> None:
        f0 = self.any.choice(["29.946923", "29.95"])
        self.pars[0].write_text(PAR.replace("29.946923", f0), encoding="utf-8")
        self.pars[1].write_text(OTHER, encoding="utf-8")
        for name, content in BROKEN.items():
            (self.folder.parent / name).write_bytes(content)

    def spoil(self) -> None:
        self.any.choice(self.pars[:2]).write_bytes(self.any.choice(list(BROKEN.values())))

    # Settings

    def bins(self) -> None:
        self.fold.change(n_bins=self.any.choice([3, 4, 7, 16, 32, 100, 1024]))

    def change(self) -> None:
        u, one = self.any.uniform, self.any.choice
        start, stop = round(u(0, 0.99), 3), round(u(0, 0.99), 3)
        changes: list[dict[str, Any]] = [
            {"phase_offset": one([0.0, u(-3, 3)])}, {"timing_offset_s": one([0.0, u(-1, 1)])},
            {"stamp": one(["start", "middle", "end", "never"])}, {"row_delay": one([True, False])},
            {"on": one([None, PhaseRange(start, stop)])},
            {"off": one([None, PhaseRange(0.7, 0.1)])},
            {"f0_hz": one([None, 29.9, 31.0, 0.0, float("nan")])}, {"f1_hz_s": one([None, -1e-9])},
        ]  # fmt: skip
        self.fold.change(**one(changes))

    def drag_ridge(self) -> None:
        self.fold.drag(self.any.gauss(0, 0.5), self.any.choice([0.0, 1e-6]))

    def settle(self) -> None:
        self.fold.settle()

    def second(self) -> None:
        self.fold.second = self.any.choice([None, self.one(), 999])

    def wanted(self) -> None:
        self.fold.is_wanted = self.any.random() < 0.8

    def site(self) -> None:
        self.bench.use_settings(
            self.settings.changed(site=self.any.choice(["magellan", "palomar"]))
        )

    def other_settings(self) -> None:
        noise = self.any.choice([0.3, 1.0])
        self.bench.use_settings(self.bench.settings.changed(read_noise_e=noise))

    def keep(self) -> None:
        self.kept.append(values_of(self.fold))

    def restore(self) -> None:
        take_values(self.fold, self.any.choice(self.kept))

    # All the rest

    def show_movie(self) -> None:
        self.movie.toggle(self.any.choice(["movie", "movie", "difference", "ratio"]))
        self.movie.step(1)

    def lock(self) -> None:
        deeds.lock(self.regions)

    def copy(self) -> None:
        outputs = FoldOutputs(self.bench)
        self.texts.append(outputs.command())
        outputs.par_text(self.texts.append)

    def unlink(self) -> None:
        number = self.any.randint(1, self.cube)
        (self.folder / cube_name(SPEC, number)).unlink(missing_ok=True)
        self.lost.add(number)

    def rewrite(self) -> None:
        super().rewrite()
        for number in self.lost:
            write_cube(self.folder, SPEC, number)
        self.lost.clear()

    def begin_another(self) -> None:
        """Another capture begins in the folder that is followed, and is shown."""
        write_cube(self.folder, OTHER_CAPTURE, self.any.randint(1, 2))

    def stop_following(self) -> None:
        self.bench.following.stop()

    def follow(self) -> None:
        self.bench.follow(self.folder)

    def come_to_rest(self) -> None:
        """Everything is on the disk and asked for; a par file can be used."""
        self.regions.commit()
        self.rewrite()
        self.mend()
        self.fold.is_wanted = True
        self.fold.forget_drag()
        self.regions.select(self.regions.entries)
        deeds.include(self.regions, True)
        self.regions.add([RegionEntry("circle", Circle(16.0, 12.0, 5.0))], "Draw")
        # Only the newest capture of a folder is followed.
        for path in self.folder.glob(f"{OTHER_CAPTURE.object_name}*"):
            path.unlink()
        self.follow()
        self.shelf.choose(self.pars[:2])


@pytest.fixture
def folder(busy_bench: Workbench, tmp_path: Path) -> Callable[[int], Folder]:
    written(tmp_path / "vela", OTHER_CAPTURE)
    night = written(tmp_path / "tonight", cubes=1)

    def make(seed: int) -> Folder:
        busy_bench.follow(night)
        return Folder(busy_bench, night, seed)

    return make


@pytest.fixture
def afresh() -> Iterator[Callable[[Folder], FoldResult]]:
    """A fold of what an observer has chosen, by a workbench that has seen nothing else."""
    problems = ProblemList()
    engine = InlineEngine(problems)
    bench = Workbench(engine, problems, Settings())

    def fold(seen: Folder) -> FoldResult:
        idents = [one.ident for one in seen.bench.light.targets]
        bench.use_settings(seen.bench.settings)
        bench.open([seen.folder])
        bench.show(next(key for key in bench.desk.order if "crab" in key))
        bench.regions.list.replace_all(list(seen.regions.entries.values()), None, "Open")
        known = [one.ident for one in bench.light.targets]
        first, *others = (known[idents.index(one.ident)] for one in seen.fold.sources)
        bench.regions.list.select([first])
        bench.fold.second = others[0] if others else None
        bench.fold.shelf.choose([one.path or one.name for one in seen.shelf.chosen])
        settings = vars(seen.fold.settings)
        bench.fold.change(**settings)
        bench.fold.is_wanted = True
        assert problems.entries() == ()
        assert bench.fold.result is not None
        return bench.fold.result

    yield fold
    bench.close()
    engine.close()


def assert_same(one: FoldResult, other: FoldResult) -> None:
    assert one.settings == other.settings
    assert (one.frames_read, one.frames_total) == (other.frames_read, other.frames_total)
    assert [fold.psr for fold in one.folds] == [fold.psr for fold in other.folds]
    for fold, wanted in zip(one.folds, other.folds, strict=True):
        assert fold.frequency_hz == wanted.frequency_hz
        np.testing.assert_equal(vars(fold.profile), vars(wanted.profile))
        np.testing.assert_equal(vars(fold.raster), vars(wanted.raster))
        np.testing.assert_equal(vars(fold.moments), vars(wanted.moments))
        np.testing.assert_equal(vars(fold.pulsed_fraction), vars(wanted.pulsed_fraction))
        np.testing.assert_equal(fold.sky_rate, wanted.sky_rate)


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 22))]
)
def test_at_the_end_the_fold_is_that_of_a_fresh_program(
    busy_bench: Workbench,
    until: Waiter,
    folder: Callable[[int], Folder],
    afresh: Callable[[Folder], FoldResult],
    seed: int,
) -> None:
    bench, fold, seen = busy_bench, busy_bench.fold, folder(seed)
    until(lambda: bench.capture is not None)
    for _ in range(500):
        seen.act()
    seen.come_to_rest()
    until(lambda: not seen.is_opening and not fold.shelf.is_loading)
    until(lambda: any("crab" in key for key in bench.desk.order))
    bench.show(next(key for key in bench.desk.order if "crab" in key))
    frames = seen.cube * SPEC.bundles
    until(lambda: bench.capture is not None and bench.capture.captured == frames)
    until(lambda: fold.is_up_to_date and fold.result.frames_read == frames)
    assert [one.path for one in fold.shelf.chosen] == seen.pars[:2]
    assert_same(fold.result, afresh(seen))
    assert {one.title for one in bench.problems.entries()} <= MEANT
    assert_bounded(fold)
    assert_silent_when_closed(bench)


def assert_bounded(fold: Any) -> None:
    store = fold._store
    kept = store._times, store._phases, store._light, store._cuts, store._moments, store._sums
    assert max(map(len, kept)) <= 16


def assert_silent_when_closed(bench: Workbench) -> None:
    """Closed in the middle of work, a workbench says no more."""
    said: list[str] = []
    bench.fold.change(n_bins=64)
    with suppress(NightglassError):
        bench.movie.show("movie")
    bench.fold.shelf.refresh()
    bench.close()
    bench.fold.changed.connect(lambda: said.append("fold"))
    bench.movie.changed.connect(lambda: said.append("movie"))
    bench.fold.shelf.changed.connect(lambda: said.append("shelf"))
    bench.fold.shelf.listed.connect(lambda: said.append("listing"))
    while not all(job.state.is_finished for job in bench.engine.jobs()):
        bench.engine.mailbox.wait(0.05)
        bench.engine.mailbox.drain()
    assert said == []
