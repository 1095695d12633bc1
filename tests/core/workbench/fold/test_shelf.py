"""Par files chosen, loaded in the background, remembered, and listed by distance."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.timing import ephemeris as ephemeris_module
from nightglass.core.workbench.fold.shelf import EphemerisShelf

from ...timing.conftest import HEAD
from ..night import OTHER, SPEC, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nightglass.core.problems import ProblemList
    from nightglass.core.workbench import Workbench

    from ..night import Waiter

CRAB = HEAD.replace("PSR TEST", "PSR Crab") + "F0 29.946\nSTART 60000\nFINISH 60990\n"
VELA = (
    HEAD.replace("TEST", "Vela").replace("05:34:31.97", "08:35:20.6").replace("+22:0", "-45:1")
    + "F0 11.19\n"
)
NO_F0 = HEAD.replace("PSR TEST", "PSR Empty")

Heard = list[str]


@pytest.fixture
def make_shelf() -> Iterator[Callable[[Workbench], tuple[EphemerisShelf, Heard]]]:
    made: list[EphemerisShelf] = []

    def make(bench: Workbench) -> tuple[EphemerisShelf, Heard]:
        shelf = EphemerisShelf(
            bench.engine, bench.desk, bench.session, bench.problems, bench.use_settings
        )
        made.append(shelf)
        heard: Heard = []
        for name in ("changed", "loading_changed", "listed", "site_changed"):
            getattr(shelf, name).connect(lambda name=name: heard.append(name))
        return shelf, heard

    yield make
    for shelf in made:
        shelf.close()


@pytest.fixture
def pars(tmp_path: Path) -> dict[str, Path]:
    """Par files in a folder of their own."""
    folder = tmp_path / "pars"
    folder.mkdir()
    found = {}
    for name, text in (("crab", CRAB), ("vela", VELA), ("empty", NO_F0)):
        found[name] = folder / f"{name}.par"
        found[name].write_text(text, encoding="utf-8")
    return found


def named(shelf: EphemerisShelf) -> list[str]:
    return [one.name for one in shelf.chosen]


def test_chosen_par_files_are_loaded_in_the_order_of_choosing(bench, make_shelf, pars) -> None:
    shelf, heard = make_shelf(bench)
    shelf.choose([pars["vela"], pars["crab"]])
    assert [one.ephemeris.psr for one in shelf.chosen] == ["Vela", "Crab"]
    assert [one.path for one in shelf.chosen] == [pars["vela"], pars["crab"]]
    assert shelf.chosen[1].text == CRAB
    assert shelf.chosen[1].ephemeris.f0_hz == 29.946
    assert heard.count("changed") == 1
    assert not shelf.is_loading


def test_loading_happens_in_the_background_and_is_told(
    busy_bench: Workbench, make_shelf, pars, until: Waiter, monkeypatch
) -> None:
    go_on, threads = threading.Event(), []
    real = ephemeris_module.load_ephemeris

    def slow(par):
        threads.append(threading.current_thread())
        assert go_on.wait(20.0)
        return real(par)

    monkeypatch.setattr(ephemeris_module, "load_ephemeris", slow)
    shelf, heard = make_shelf(busy_bench)
    shelf.choose([pars["crab"]])
    assert shelf.is_loading
    assert shelf.chosen == ()
    assert heard == ["loading_changed"]
    go_on.set()
    until(lambda: not shelf.is_loading)
    assert named(shelf) == ["crab.par"]
    assert heard == ["loading_changed", "loading_changed", "changed"]
    assert threads != [threading.current_thread()]


def test_the_last_choice_wins_while_another_is_loading(
    busy_bench: Workbench, make_shelf, pars, until: Waiter, monkeypatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    real = ephemeris_module.load_ephemeris

    def slow(par):
        begun.set()
        assert go_on.wait(20.0)
        return real(par)

    monkeypatch.setattr(ephemeris_module, "load_ephemeris", slow)
    shelf, heard = make_shelf(busy_bench)
    shelf.choose([pars["crab"]])
    assert begun.wait(20.0)
    shelf.choose([pars["vela"]])
    go_on.set()
    until(lambda: not shelf.is_loading)
    assert named(shelf) == ["vela.par"]
    assert heard.count("changed") == 1


def test_files_are_added_and_taken_away(bench, make_shelf, pars) -> None:
    shelf, heard = make_shelf(bench)
    shelf.add(pars["crab"])
    shelf.add(pars["vela"])
    crab = shelf.chosen[0]
    assert named(shelf) == ["crab.par", "vela.par"]
    shelf.add(pars["vela"])
    assert heard.count("changed") == 2
    shelf.remove(pars["vela"])
    assert shelf.chosen == (crab,)
    shelf.remove(pars["crab"])
    assert shelf.chosen == ()
    assert heard.count("changed") == 4


def test_more_than_four_are_refused_and_nothing_changes(
    bench, make_shelf, pars, problems: ProblemList, expected_log
) -> None:
    shelf, _ = make_shelf(bench)
    shelf.choose([pars["crab"]])
    many = []
    for number in range(5):
        many.append(pars["crab"].with_name(f"{number}.par"))
        many[-1].write_text(CRAB, encoding="utf-8")
    shelf.choose(many)
    assert named(shelf) == ["crab.par"]
    assert not shelf.is_loading
    assert "at most 4" in problems.entries()[0].text
    shelf.choose(many[:4])
    assert len(shelf.chosen) == 4


def test_a_file_that_cannot_be_used_is_a_problem_and_the_choice_stays(
    bench, make_shelf, pars, problems: ProblemList, expected_log
) -> None:
    shelf, heard = make_shelf(bench)
    shelf.choose([pars["crab"]])
    before = shelf.chosen
    shelf.choose([pars["empty"]])
    shelf.choose([pars["crab"].with_name("gone.par")])
    assert shelf.chosen == before
    assert not shelf.is_loading
    assert heard.count("changed") == 1
    assert [entry.path for entry in problems.entries()] == [
        str(pars["empty"]),
        str(pars["crab"].with_name("gone.par")),
    ]
    shelf.add(pars["vela"])
    assert named(shelf) == ["crab.par", "vela.par"]


def test_the_good_ones_of_several_are_taken(
    bench, make_shelf, pars, problems: ProblemList, expected_log
) -> None:
    shelf, _ = make_shelf(bench)
    shelf.choose([pars["empty"], pars["vela"]])
    assert named(shelf) == ["vela.par"]
    assert len(problems.entries()) == 1


def test_a_file_changed_on_the_disk_is_loaded_anew_when_chosen_again(
    bench, make_shelf, pars
) -> None:
    shelf, heard = make_shelf(bench)
    shelf.choose([pars["crab"]])
    before = shelf.chosen
    shelf.choose([pars["crab"]])
    assert shelf.chosen == before
    assert heard.count("changed") == 1
    pars["crab"].write_text(CRAB.replace("29.946", "29.947"), encoding="utf-8")
    shelf.choose([pars["crab"]])
    assert shelf.chosen[0].ephemeris.f0_hz == 29.947
    assert heard.count("changed") == 2


def test_a_text_without_a_file_is_folded_on_as_well(bench, make_shelf, pars) -> None:
    shelf, _ = make_shelf(bench)
    shelf.use_text(CRAB, "copied")
    assert named(shelf) == ["copied"]
    assert shelf.chosen[0].path is None
    assert bench.settings.recent_pars == []
    shelf.add(pars["vela"])
    assert named(shelf) == ["copied", "vela.par"]
    shelf.remove(None)
    assert named(shelf) == ["vela.par"]


def test_a_text_of_one_line_is_not_taken_for_a_path(
    bench, make_shelf, problems: ProblemList, expected_log
) -> None:
    shelf, _ = make_shelf(bench)
    shelf.use_text("PSR Crab", "line")
    assert "no F0" in problems.entries()[0].text


def test_par_files_used_of_late_are_remembered_the_last_first(bench, make_shelf, pars) -> None:
    shelf, _ = make_shelf(bench)
    assert shelf.folder is None
    shelf.choose([pars["crab"]])
    shelf.choose([pars["vela"]])
    shelf.choose([pars["crab"]])
    assert bench.settings.recent_pars == [str(pars["crab"]), str(pars["vela"])]
    assert shelf.folder == pars["crab"].parent
    bench.use_settings(bench.settings.changed(max_recent=1))
    shelf.choose([pars["vela"]])
    assert bench.settings.recent_pars == [str(pars["vela"])]


def test_a_folder_is_listed_the_nearest_to_the_pointing_first(
    bench, make_shelf, pars, tmp_path: Path
) -> None:
    crab = written(tmp_path / "night" / "crab", SPEC)
    vela = SPEC.with_(
        object_name="vela",
        start=OTHER.start,
        cards={"TELRA": "08:35:20.6", "TELDEC": "-45:10:35"},
    )
    shelf, heard = make_shelf(bench)
    shelf.look_in(pars["crab"].parent)
    assert not shelf.listing.has_pointing
    assert [row.separation_deg for row in shelf.listing.rows] == [None] * 3
    bench.open([crab])
    rows = shelf.listing.rows
    assert shelf.listing.has_pointing
    assert [row.name for row in rows] == ["crab.par", "empty.par", "vela.par"]
    assert rows[0].separation_deg == pytest.approx(0.0, abs=1e-3)
    assert rows[0].psr == "Crab"
    assert rows[0].f0_hz == 29.946
    assert rows[0].note == (
        "The solution was fitted over MJD 60000 to 60990; this capture is 29 days after."
    )
    assert rows[0].brief == "29 days after its range"
    assert rows[1].note == rows[1].brief == "It lacks F0."
    assert not rows[1].is_usable
    bench.open([written(tmp_path / "night" / "vela", vela)])
    assert shelf.listing.rows[0].name == "vela.par"
    assert bench.settings.par_folder == pars["crab"].parent
    assert heard.count("listed") == 3


def test_a_pointing_of_another_equinox_is_carried_to_the_icrs(
    bench, make_shelf, pars, tmp_path: Path
) -> None:
    # The Crab's place at the equinox of 2025: a third of a degree from that of J2000.
    cards = {"TELRA": "05:36:03.2", "TELDEC": "+22:01:44", "TELEQUIN": 2025.0}
    bench.open([written(tmp_path / "night" / "crab", SPEC.with_(cards=cards))])
    shelf, _ = make_shelf(bench)
    shelf.look_in(pars["crab"].parent)
    assert shelf.listing.rows[0].separation_deg == pytest.approx(0.0, abs=0.02)


def test_recent_files_stand_in_the_list_even_when_they_are_gone(bench, make_shelf, pars) -> None:
    shelf, _ = make_shelf(bench)
    shelf.choose([pars["crab"]])
    shelf.choose([pars["vela"]])
    pars["crab"].unlink()
    shelf.refresh()
    recent = shelf.listing.recent
    assert [row.name for row in recent] == ["vela.par", "crab.par"]
    assert recent[0].is_usable
    assert not recent[1].is_usable
    assert "is not there" in recent[1].note


def test_a_folder_that_is_gone_says_so(bench, make_shelf, tmp_path: Path) -> None:
    shelf, _ = make_shelf(bench)
    shelf.look_in(tmp_path / "gone")
    assert shelf.listing.rows == ()
    assert "is not there" in shelf.listing.trouble


def test_the_text_of_a_file_or_why_there_is_none_is_read(bench, make_shelf, pars) -> None:
    shelf, _ = make_shelf(bench)
    texts: list[str] = []
    shelf.read(pars["empty"], texts.append)
    shelf.read(pars["empty"].with_name("gone.par"), texts.append)
    assert texts[0] == NO_F0
    assert "is not there" in texts[1]


def test_the_site_is_that_of_the_settings_unless_another_was_set(bench, make_shelf) -> None:
    from nightglass.core.timing.sites import find_site

    shelf, heard = make_shelf(bench)
    bench.settings_changed.connect(lambda _: shelf.use_settings())
    assert shelf.site == find_site("Magellan Clay")
    bench.use_settings(bench.settings.changed(theme="red"))
    assert heard == []
    bench.use_settings(bench.settings.changed(site="VLT"))
    assert shelf.site == find_site("VLT")
    assert heard == ["site_changed"]
    shelf.site = find_site("Magellan Clay")
    bench.use_settings(bench.settings.changed(site="nowhere at all"))
    assert shelf.site == find_site("Magellan Clay")
    shelf.site = None
    with pytest.raises(NightglassError, match="nowhere at all"):
        _ = shelf.site
    assert heard == ["site_changed"] * 3


def test_a_closed_shelf_hears_nothing_more(bench, make_shelf, pars, capture_folder: Path) -> None:
    shelf, heard = make_shelf(bench)
    shelf.look_in(pars["crab"].parent)
    shelf.close()
    heard.clear()
    bench.open([capture_folder])
    assert heard == []


def test_par_files_beside_the_capture_are_offered_where_no_folder_was_chosen(
    bench: Workbench, make_shelf, tmp_path: Path
) -> None:
    night = written(tmp_path / "data" / "night")
    near = tmp_path / "data" / "ephemerides"
    near.mkdir()
    (near / "crab.par").write_text(CRAB, encoding="utf-8")
    shelf, _ = make_shelf(bench)
    bench.open([night])
    shelf.refresh()
    assert [row.name for row in shelf.listing.rows] == ["crab.par"]
    assert shelf.listing.folder == near
