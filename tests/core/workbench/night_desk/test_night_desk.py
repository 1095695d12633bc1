"""The desk of a night: what it watches, what reaches the driver, what never arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from nightglass.core.engine.journal import read_journal
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.night.control import orders
from nightglass.core.mascara.night.layout import NightLayout

from ...mascara.browsing.made_stars import write_night
from ...mascara.watching.made_night import append, held, write_journal

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.mascara.watching.snapshot import NightSnapshot
    from nightglass.core.problems import ProblemList
    from nightglass.core.workbench import Workbench
    from nightglass.core.workbench.night.desk import NightDesk

    from ..night import Waiter


@pytest.fixture
def desk(busy_bench: Workbench) -> NightDesk:
    return busy_bench.night


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "night"
    write_journal(folder, "CE", 3, is_over=False)
    return folder


def given(output: Path) -> list[tuple[str, str]]:
    """Orders that wait for the driver."""
    found = orders(NightLayout(output).control)
    return [(order.what, order.subject) for _, order in found if order is not None]


def titles(problems: ProblemList) -> list[str]:
    return [entry.title for entry in problems.entries()]


def test_a_night_is_shown_and_remembered(
    desk: NightDesk, output: Path, until: Waiter, busy_bench: Workbench
) -> None:
    desk.watch(output)
    until(lambda: desk.snapshot)
    assert [camera.camera for camera in desk.snapshot.status.cameras] == ["LPC", "LPE"]
    assert busy_bench.settings.recent_nights == [str(output)]


def test_each_new_line_of_the_journal_makes_another_snapshot(
    desk: NightDesk, output: Path, until: Waiter
) -> None:
    told: list[NightSnapshot] = []
    desk.changed.connect(told.append)
    with held(output):
        desk.watch(output)
        until(lambda: told)
        append(output, {"kind": "control", "what": "pause", "subject": "", "at": 0.0})
        until(lambda: told[-1].status.state == "paused")
    assert told[-1].revision > told[0].revision


def test_a_folder_without_a_night_is_watched_until_there_is_one(
    desk: NightDesk, tmp_path: Path, until: Waiter
) -> None:
    desk.watch(tmp_path / "later")
    until(lambda: desk.snapshot)
    assert desk.snapshot.status.state == "empty"
    write_journal(tmp_path / "later", "C", 2)
    until(lambda: desk.snapshot.status.state == "finished")


def test_nothing_arrives_of_a_night_that_was_left(
    desk: NightDesk, output: Path, tmp_path: Path, until: Waiter
) -> None:
    other = tmp_path / "other"
    write_journal(other, "N", 2)
    told: list[Any] = []
    desk.watch(output)
    until(lambda: desk.snapshot)
    desk.changed.connect(told.append)
    desk.watch(other)
    until(lambda: desk.snapshot is not None)
    assert told[0] is None
    assert {snapshot.output for snapshot in told[1:]} == {other}
    desk.leave()
    assert (desk.output, desk.snapshot, desk.stars) == (None, None, None)
    assert told[-1] is None


def test_watching_the_same_night_again_keeps_what_is_shown(
    desk: NightDesk, output: Path, until: Waiter
) -> None:
    desk.watch(output)
    until(lambda: desk.snapshot)
    told: list[Any] = []
    desk.watched.connect(told.append)
    desk.watch(output)
    assert desk.snapshot is not None
    assert told == []


@pytest.mark.parametrize("what", ["stop", "pause", "resume"])
def test_orders_reach_a_reduction_that_runs(
    desk: NightDesk, output: Path, until: Waiter, problems: ProblemList, what: str
) -> None:
    desk.watch(output)
    with held(output):
        desk.order(what)
        until(lambda: given(output))
        until(problems.entries)
    assert given(output) == [(what, "")]
    assert [entry.severity for entry in problems.entries()] == ["notice"]


@pytest.mark.expected_log
def test_an_order_to_nobody_is_refused_in_words(
    desk: NightDesk, output: Path, until: Waiter, problems: ProblemList
) -> None:
    desk.watch(output)
    desk.order("pause")
    until(problems.entries)
    assert titles(problems) == ["No reduction is running"]


def test_units_and_frames_wait_for_the_next_run(
    desk: NightDesk, output: Path, until: Waiter, problems: ProblemList
) -> None:
    unit = next(one["unit"] for one in read_journal(NightLayout(output).journal) if "bin" in one)
    desk.watch(output)
    desk.retry(unit)
    desk.mark(f"{output}/bad.fits", is_bad=True)
    until(lambda: len(problems.entries()) == 2)
    assert sorted(given(output)) == [("mark", "bad.fits"), ("retry", unit)]
    assert all("next run" in entry.text for entry in problems.entries())


def test_without_a_night_every_order_says_what_is_missing(desk: NightDesk) -> None:
    for order in (lambda: desk.order("stop"), desk.resume, lambda: desk.retry("LPC-00000001")):
        with pytest.raises(NightglassError, match="No night is watched"):
            order()


def test_stars_are_listed_once_somebody_wants_them(
    desk: NightDesk, tmp_path: Path, until: Waiter
) -> None:
    folder = tmp_path / "night"
    write_night(folder, "CE", stars=40, exposures=60)
    desk.watch(folder)
    until(lambda: desk.snapshot)
    assert desk.stars is None
    desk.use_stars()
    until(lambda: desk.stars)
    curves: list[Any] = []
    star = int(desk.stars.ascc[int(desk.stars.fast_points.argmax())])
    desk.curve(star, "fast", curves.append)
    until(lambda: curves)
    assert (curves[0].ascc, len(curves[0]) > 0) == (star, True)


def test_what_is_chosen_is_told_to_everybody(desk: NightDesk, output: Path) -> None:
    told: list[Any] = []
    desk.watch(output)
    desk.star_chosen.connect(told.append)
    desk.unit_chosen.connect(told.append)
    desk.frame_chosen.connect(lambda *place: told.append(place))
    desk.choose_star(807144)
    desk.choose_unit("LPC-00212021")
    desk.choose_frame("LPC", 7)
    assert told == [807144, "LPC-00212021", ("LPC", 7)]
    assert (desk.star, desk.unit) == (807144, "LPC-00212021")
    desk.leave()
    assert (desk.star, desk.unit) == (None, "")


@pytest.mark.expected_log
def test_a_reduction_that_cannot_begin_is_told_once(
    desk: NightDesk, tmp_path: Path, until: Waiter, problems: ProblemList
) -> None:
    from nightglass.core.mascara.night.request import NightRequest
    from nightglass.core.mascara.settings import ReductionSettings

    (tmp_path / "raw").mkdir()
    catalogue = tmp_path / "no-catalogue.csv"
    request = NightRequest((tmp_path / "raw",), tmp_path / "out", catalogue=catalogue)
    desk.start(request, ReductionSettings())
    until(lambda: any(one.severity == "error" for one in problems.entries()))
    errors = [one for one in problems.entries() if one.severity == "error"]
    assert [one.count for one in errors] == [1]
    assert catalogue.name in f"{errors[0].title} {errors[0].text}"
    assert desk.output == tmp_path / "out"
