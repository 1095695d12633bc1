"""The workspace of a night in the whole program: how one gets there, and what comes forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nightglass.core.settings import load_settings
from nightglass.gui.night_rows import PAGES

from ...core.mascara.browsing.made_stars import write_night
from ...core.mascara.watching.made_night import write_journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nightglass.core.problems import ProblemList

    from ..desktop import Desktop

NAMES = [name for name, _, _ in PAGES]


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night that is over, with a few stars."""
    folder = tmp_path_factory.mktemp("mascara") / "night"
    write_night(folder, "CE", stars=60, exposures=60)
    write_journal(folder, "CE", 3)
    return folder


@pytest.fixture
def watched(start: Callable[..., Desktop], output: Path) -> Desktop:
    desktop = start(night=output)
    desktop.wait(lambda: desktop.bench.night.snapshot is not None)
    # The parts of the workspace come one after another, the page in front last.
    desktop.wait(lambda: desktop.running.night.workspace.pages[page_of(desktop)].widget)
    return desktop


def page_of(desktop: Desktop) -> str:
    return desktop.running.night.workspace.page


def test_the_command_line_leads_to_a_night(watched: Desktop, output: Path) -> None:
    assert watched.window.workspace == "mascara"
    assert watched.bench.night.output == output
    assert watched.window.night.isVisible()


def test_a_page_and_a_star_of_the_command_line_are_shown(
    start: Callable[..., Desktop], output: Path
) -> None:
    assert page_of(start(night=output, page="sky")) == "sky"
    assert page_of(start(night=output, star=807144)) == "curves"


def test_every_page_comes_forward_by_its_key(watched: Desktop) -> None:
    for name in (*NAMES, NAMES[0]):
        watched.act(f"night.page.{name}")
        assert page_of(watched) == name
        holder = watched.running.night.workspace.pages[name]
        watched.wait(lambda holder=holder: holder.widget is not None and holder.widget.isVisible())


def test_the_frame_view_is_on_its_page_and_else_at_home(watched: Desktop) -> None:
    pages = watched.running.night.workspace.pages
    watched.act("night.page.frames")
    assert pages["frames"].isAncestorOf(watched.area)
    watched.act("night.page.sky")
    assert not pages["frames"].isAncestorOf(watched.area)
    watched.act("night.page.frames")
    watched.act("workspace.lightspeed")
    assert watched.area.isVisible()
    assert not pages["frames"].isAncestorOf(watched.area)
    watched.act("workspace.mascara")
    assert pages["frames"].isAncestorOf(watched.area)


def test_a_star_that_is_chosen_brings_its_light_curve_forward(watched: Desktop) -> None:
    watched.bench.night.use_stars()
    watched.wait(lambda: watched.bench.night.stars)
    watched.bench.night.choose_star(int(watched.bench.night.stars.ascc[0]))
    assert page_of(watched) == "curves"


def test_a_frame_that_is_chosen_comes_up_in_the_frame_view(watched: Desktop) -> None:
    watched.bench.night.choose_frame("LPC", 0)
    assert page_of(watched) == "frames"


def test_the_overview_makes_room_for_a_page(watched: Desktop) -> None:
    tabs = watched.running.night.workspace.tabs
    before = tabs.height()
    watched.act("night.overview")
    watched.wait(lambda: tabs.height() > before + 100)
    watched.act("night.overview")
    watched.wait(lambda: tabs.height() == before)


def test_the_readout_takes_no_room_after_the_frames(watched: Desktop) -> None:
    messages = watched.window.docks["messages"]
    watched.window.resize(1600, 900)
    watched.act("night.page.plots")
    before = messages.width()
    watched.act("night.page.frames")
    assert watched.is_in_front("readout")
    watched.act("night.page.sky")
    watched.wait(lambda: messages.width() == before)
    assert not watched.window.docks["readout"].isVisible()


def test_a_small_window_keeps_its_room_for_the_page(watched: Desktop) -> None:
    watched.window.resize(1100, 700)
    watched.act("night.page.frames")
    assert watched.is_in_front("messages")
    assert not watched.window.docks["readout"].isVisible()


def test_a_folder_of_products_that_is_dropped_is_watched(desktop: Desktop, output: Path) -> None:
    desktop.running.open([output])
    assert desktop.bench.night.output == output
    assert desktop.window.workspace == "mascara"


def test_without_a_night_the_workspace_says_what_would_fill_it(desktop: Desktop) -> None:
    desktop.act("workspace.mascara")
    empty = desktop.running.night.workspace.empty
    assert empty.isVisible()
    assert set(empty.buttons) == {"night.start", "night.open"}


def test_closing_a_night_leaves_its_reduction_and_the_empty_workspace(watched: Desktop) -> None:
    watched.act("night.leave")
    assert watched.bench.night.output is None
    assert watched.running.night.workspace.empty.isVisible()


def test_workspace_and_night_are_remembered(
    watched: Desktop, output: Path, problems: ProblemList
) -> None:
    watched.window.close()
    kept = load_settings(problems)
    assert (kept.workspace, kept.recent_nights) == ("mascara", [str(output)])


def test_a_night_is_remembered_before_the_window_is_closed(
    watched: Desktop, output: Path, problems: ProblemList
) -> None:
    watched.wait(lambda: load_settings(problems).recent_nights == [str(output)])


def test_the_next_run_comes_up_in_the_workspace_that_was_left(
    start: Callable[..., Desktop], output: Path
) -> None:
    first = start(night=output)
    first.window.close()
    assert start().window.workspace == "mascara"
