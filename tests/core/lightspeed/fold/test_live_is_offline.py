"""However cubes arrive and whatever is asked meanwhile, the fold ends as one of all at once."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from nightglass.core.engine.jobs import CancelToken, JobContext
from nightglass.core.errors import Cancelled
from nightglass.core.lightspeed.fold.request import FoldRequest, Shift, SourceCounts
from nightglass.core.lightspeed.fold.store import FoldStore
from nightglass.core.lightspeed.region_sums import SpotSums
from nightglass.core.timing.ephemeris import load_ephemeris
from nightglass.core.timing.pulse.ranges import PhaseRange

from .injected import CRAB, PULSARS
from .test_store import assert_same

PULSAR = replace(PULSARS["crab"], frames=3000, n_bins=20)
OTHER = load_ephemeris(CRAB.replace("29.946923", "11.5"))
LAST = {"n_bins": 24, "f0_hz": 29.94695, "off": PhaseRange(0.9, 0.1), "row_delay": True}
SETTINGS: list[dict[str, Any]] = [
    {}, {"n_bins": 7}, {"phase_offset": 0.3}, {"f0_hz": 29.95}, {"stamp": "end"},
    {"on": PhaseRange(0.2, 0.4)}, {"timing_offset_s": 0.01}, {"row_delay": True}, LAST,
]  # fmt: skip


def written(seed: int) -> list[SimpleNamespace]:
    """Twelve cubes of two regions, a gap and lost stamps among them."""
    rng = np.random.default_rng(seed)
    whole = PULSAR.cubes(seed)
    cubes = []
    for number in range(12):
        part = slice(250 * (number % 3), 250 * (number % 3 + 1))
        one = whole[number // 3]
        seconds = one.seconds[part] + (3.3 if number > 6 else 0.0)
        seconds[rng.integers(0, 250, 2)] = np.nan
        other = rng.poisson(3000, 250) + 7980
        cubes.append(
            SimpleNamespace(
                seconds=seconds,
                star=(cut(one.source, part), cut(one.sky, part)),
                dark=(SpotSums(other, np.full(250, 40)), None),
            )
        )
    return cubes


def cut(spot: SpotSums, part: slice) -> SpotSums:
    return SpotSums(spot.sums[part], spot.pixels[part])


def again(cube: SimpleNamespace) -> SimpleNamespace:
    """The same cube written anew: other objects of the same content."""
    star, dark = (
        tuple(None if spot is None else cut(spot, slice(None)) for spot in one)
        for one in (cube.star, cube.dark)
    )
    return SimpleNamespace(seconds=cube.seconds.copy(), star=star, dark=dark)


def spoilt(cube: SimpleNamespace) -> SimpleNamespace:
    """The same cube with other light, as one that is written over."""
    made = again(cube)
    made.star = (SpotSums(cube.star[0].sums + 100, cube.star[0].pixels), cube.star[1])
    return made


def request(cubes: list[SimpleNamespace], settings: dict[str, Any], **changes: Any) -> FoldRequest:
    asked = PULSAR.request([], **settings)
    sources = tuple(
        SourceCounts(
            ident, name, row,
            tuple(SimpleNamespace(seconds=c.seconds, source=getattr(c, name)[0],
                                  sky=getattr(c, name)[1]) for c in cubes),
        )
        for ident, (name, row) in enumerate((("star", 31.0), ("dark", 2.0)), start=1)
    )  # fmt: skip
    return replace(asked, sources=sources, ephemerides=(*asked.ephemerides, OTHER), **changes)


def step(store: FoldStore, cubes: list[SimpleNamespace], rng: np.random.Generator) -> None:
    """Ask for something that an observer may look at while cubes come."""
    settings = SETTINGS[rng.integers(len(SETTINGS))]
    kind = rng.integers(5)
    if kind == 0:
        few = [again(cube) for cube in cubes[:: rng.integers(1, 4)]]
        store.fold(request(few, settings, is_preview=True), JobContext())
    elif kind == 1:
        shift = Shift(rng.normal(0.0, 0.1), rng.normal(0.0, 1e-3))
        store.fold(request(cubes, settings, shift=shift), JobContext())
    elif kind == 2:
        token = CancelToken()
        token.cancel()
        with pytest.raises(Cancelled):
            store.fold(request(cubes, settings), JobContext(token))
    else:
        store.fold(request(cubes, settings), JobContext())


@pytest.mark.parametrize(
    "seed", [*range(4), *(pytest.param(s, marks=pytest.mark.slow) for s in range(4, 80))]
)
def test_any_order_of_arrival_ends_in_the_same_bits(seed: int) -> None:
    rng, final, store = np.random.default_rng(seed), written(seed), FoldStore(2)
    there: dict[int, SimpleNamespace] = {}
    for number in rng.permutation(12).tolist():
        there[number] = spoilt(final[number]) if rng.random() < 0.3 else final[number]
        step(store, [there[key] for key in sorted(there)], rng)
    for number in sorted(there, key=lambda _: rng.random()):
        if rng.random() < 0.2:
            there[number] = again(final[number])  # rewritten with the same content
            step(store, [there[key] for key in sorted(there)], rng)
    for number, cube in enumerate(final):
        if there[number].star[0].sums[0] != cube.star[0].sums[0]:
            there[number] = cube
    live = store.fold(request([there[key] for key in sorted(there)], LAST), JobContext())
    offline = FoldStore(1).fold(request(final, LAST), JobContext())
    assert len(live.folds) == len(offline.folds) == 4
    for one, other in zip(live.folds, offline.folds, strict=True):
        assert_same(one, other)
        assert one.pulsed_fraction == other.pulsed_fraction
        assert one.frequency_hz == other.frequency_hz
    assert live.frames_counted == offline.frames_counted < 3000


def test_a_fold_that_was_stopped_half_way_is_made_whole() -> None:
    cubes, store = written(0), FoldStore(2)

    class Impatient(JobContext):
        """Stops at one of the looks."""

        left = 0

        def check(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise Cancelled

    whole = FoldStore(1).fold(request(cubes, LAST), JobContext())
    for looks in range(0, 11, 2):
        ctx = Impatient()
        ctx.left = looks
        with pytest.raises(Cancelled):
            store.fold(request(cubes[: 4 + looks // 2], LAST), ctx)
    live = store.fold(request(cubes, LAST), JobContext())
    for one, other in zip(live.folds, whole.folds, strict=True):
        assert_same(one, other)
