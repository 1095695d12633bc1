"""Numbers of the regions are those of the frame shown, at once and after every change."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.masks import mask_of
from nightglass.core.regions.shapes import Box, Circle
from nightglass.core.workbench.regions import numbers

from .night import COLUMNS, OTHER, PATIENCE_S, ROWS, Waiter, frames_of, written

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.workbench import Workbench

RAW = frames_of().astype(np.float64)
GAIN, OFFSET = 1 / 0.107, 199.5
STAR = RegionEntry("circle", Circle(10.0, 8.0, 3.0))


def expected(entry: RegionEntry, frame: int) -> np.ndarray:
    values: np.ndarray = RAW[frame][mask_of(entry, (ROWS, COLUMNS))]
    return values


def test_they_follow_the_frame(bench: Workbench, capture_folder: Path) -> None:
    bench.open([capture_folder])
    (ident,) = bench.regions.list.add([STAR], "Draw circle")
    for frame in (0, 11, 29):
        bench.transport.go_to(frame)
        found = bench.numbers.statistics[ident]
        values = expected(STAR, frame)
        assert bench.numbers.frame == frame
        assert found.npix == len(values)
        assert found.sum.adu == values.sum()
        assert found.sum.electrons == pytest.approx((values - OFFSET).sum() / GAIN)
        assert found.median.adu == np.median(values)


def test_they_follow_a_drag_and_its_undo(bench: Workbench, capture_folder: Path) -> None:
    bench.open([capture_folder])
    regions = bench.regions.list
    (ident,) = regions.add([STAR], "Draw circle")
    regions.begin("Move circle")
    for x in (11.0, 12.5, 20.0):
        entry = replace(STAR, shape=Circle(x, 8.0, 3.0))
        regions.edit("Move circle", {ident: entry})
        assert bench.numbers.statistics[ident].sum.adu == expected(entry, 0).sum()
    regions.commit()
    regions.undo()
    assert bench.numbers.statistics[ident].sum.adu == expected(STAR, 0).sum()


def test_only_rows_under_regions_are_read_wherever_they_lie(
    bench: Workbench, capture_folder: Path
) -> None:
    bench.open([capture_folder])
    entries = [
        RegionEntry("box", Box(COLUMNS / 2, 2.0, 100.0, 2.0)),
        RegionEntry("box", Box(COLUMNS / 2, ROWS - 1.0, 3.0, 5.0, 30.0)),
        RegionEntry("circle", Circle(-40.0, 900.0, 4.0)),
    ]
    idents = bench.regions.list.add(entries, "Draw")
    found = bench.numbers.statistics
    for ident, entry in zip(idents[:2], entries[:2], strict=True):
        assert found[ident].sum.adu == expected(entry, 0).sum()
    assert found[idents[2]].npix == 0


def test_without_regions_or_captures_there_are_none(bench: Workbench, capture_folder: Path) -> None:
    (ident,) = bench.regions.list.add([STAR], "Draw circle")
    assert bench.numbers.statistics == {}
    bench.open([capture_folder])
    assert set(bench.numbers.statistics) == {ident}
    bench.regions.list.remove([ident], "Delete")
    assert bench.numbers.statistics == {}
    bench.regions.list.undo()
    assert set(bench.numbers.statistics) == {ident}
    bench.desk.close_all()
    assert bench.numbers.statistics == {}


def test_a_live_capture_is_measured_as_soon_as_it_has_frames(
    busy_bench: Workbench, until: Waiter, tmp_path: Path, quick_looks: None
) -> None:
    (ident,) = busy_bench.regions.list.add([STAR], "Draw circle")
    folder = tmp_path / "tonight"
    busy_bench.follow(folder)
    written(folder, cubes=1)
    until(lambda: busy_bench.numbers.frame == 9)
    assert busy_bench.numbers.statistics[ident].sum.adu == expected(STAR, 9).sum()


def test_a_flood_of_moves_ends_with_the_last_one(
    busy_bench: Workbench, until: Waiter, capture_folder: Path
) -> None:
    busy_bench.open([capture_folder])
    until(lambda: busy_bench.capture is not None)
    regions = busy_bench.regions.list
    (ident,) = regions.add([STAR], "Draw circle")
    entry = STAR
    for step in range(500):
        entry = replace(STAR, shape=Circle(4.0 + step / 25, 8.0, 3.0))
        regions.edit("Move circle", {ident: entry}, merge="drag")
    last = expected(entry, 0).sum()
    until(lambda: busy_bench.numbers.statistics[ident].sum.adu == last)


def test_what_a_region_leaves_to_others_is_measured_anew_when_it_changes(
    bench: Workbench, capture_folder: Path
) -> None:
    bench.open([capture_folder])
    regions, numbers = bench.regions.list, bench.numbers
    star, far = regions.add([STAR, RegionEntry("circle", Circle(25.0, 12.0, 2.0))], "Draw")
    alone = numbers.statistics[far]
    (hole,) = regions.add([RegionEntry("circle", Circle(10.0, 8.0, 1.0), include=False)], "Cut")
    ring = (
        expected(STAR, 0).sum() - expected(RegionEntry("circle", Circle(10.0, 8.0, 1.0)), 0).sum()
    )
    assert numbers.statistics[star].sum.adu == ring
    assert numbers.statistics[star].flux_e is None
    (sky,) = regions.add([RegionEntry("box", Box(20.0, 20.0, 6.0, 4.0), background=True)], "Sky")
    flux = numbers.statistics[star].flux_e
    assert flux is not None
    regions.edit("Move sky", {sky: RegionEntry("box", Box(22.0, 3.0, 6.0, 4.0), background=True)})
    assert numbers.statistics[star].flux_e != flux
    regions.remove([hole, sky], "Delete")
    assert numbers.statistics[star].sum.adu == expected(STAR, 0).sum()
    assert numbers.statistics[far] == alone


def test_a_moved_region_is_measured_without_the_thousand_others(
    bench: Workbench, capture_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nightglass.core.regions.numbers import statistics

    bench.open([capture_folder])
    many = [replace(STAR, shape=Circle(5.0 + i % 20, 6.0, 2.0)) for i in range(1000)]
    idents = bench.regions.list.add(many, "Paste")
    measured: list[int] = []
    real = statistics.measure

    def counted(image, entries, *rest, **more):  # type: ignore[no-untyped-def]
        measured.append(len(entries))
        return real(image, entries, *rest, **more)

    monkeypatch.setattr(statistics, "measure", counted)
    bench.regions.list.edit("Move circle", {idents[7]: STAR})
    assert measured == [1]
    assert len(bench.numbers.statistics) == 1000
    assert bench.numbers.statistics[idents[7]].sum.adu == expected(STAR, 0).sum()
    bench.transport.go_to(3)
    assert measured == [1, 1000]


def test_a_capture_closed_while_it_is_measured_is_no_trouble(
    busy_bench: Workbench, until: Waiter, capture_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = busy_bench
    bench.open([written(capture_folder.parent / "vela", OTHER)])
    bench.open([capture_folder])
    until(lambda: len(bench.desk.order) == 2)
    first, other = bench.desk.order
    bench.show(other)
    begun, closed, ended = threading.Event(), threading.Event(), threading.Event()
    real = numbers._measured

    def late(*words: Any) -> Any:
        begun.set()
        assert closed.wait(PATIENCE_S)
        try:
            return real(*words)
        finally:
            ended.set()

    monkeypatch.setattr(numbers, "_measured", late)
    bench.regions.list.add([STAR], "Draw circle")
    assert begun.wait(PATIENCE_S)
    bench.show(first)
    bench.desk.close(other)
    closed.set()
    assert ended.wait(PATIENCE_S)
    until(lambda: all(job.state.is_finished for job in bench.engine.jobs()))
    assert bench.problems.entries() == ()
    assert bench.numbers.statistics[1].npix > 0
