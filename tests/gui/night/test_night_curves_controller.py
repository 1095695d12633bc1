"""The page of light curves on the desk of a night that is merged, or still grows."""

from __future__ import annotations

import shlex
from types import SimpleNamespace

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.workbench.night.desk import NightDesk
from nightglass.gui.clipboard import text_on_clipboard
from nightglass.gui.controllers.night.curves import CurvesController
from nightglass.gui.night.curves.page import EMPTY
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QFileDialog, QWidget

from ...core.mascara.browsing.made_stars import HD_189733, plan_night, write_night


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return write_night(tmp_path_factory.mktemp("stars"), cameras="NE", stars=40, exposures=120)


@pytest.fixture(autouse=True)
def _looks_once(monkeypatch):
    """Nobody follows the night: the files are what they are."""
    monkeypatch.setattr(NightDesk, "_follow", lambda *_: None)


@pytest.fixture
def triggered():
    return []


@pytest.fixture
def page_on(bench, on_screen, triggered):
    """Watch a folder and make the page of it."""
    made = []

    def make(output):
        window = QWidget()
        window.actions_set = SimpleNamespace(trigger=triggered.append)
        controller = CurvesController(bench, window)
        made.append(controller)
        bench.night.watch(output)
        page = controller.make()
        page.setParent(window)
        window.set_roles = page.set_roles
        on_screen(window, 1000, 420)
        page.setGeometry(0, 0, 1000, 420)
        page.show()
        return controller

    yield make
    for controller in made:
        controller.stop()


@pytest.fixture
def curves(page_on, made):
    return page_on(made.output)


def type_star(page, text):
    page.list.search.clear()
    QTest.keyClicks(page.list.search, text)


def look_again(bench):
    """What the desk does when the journal tells of another product."""
    bench.night._stars_seen = "before"
    bench.night._look_for_stars()


def choose(box, data):
    row = box.findData(data)
    box.setCurrentIndex(row)
    box.activated.emit(row)


def test_the_stars_of_the_night_are_listed(curves):
    assert curves.page.list.model.rowCount() > 30
    assert curves.page.list.isVisible()


def test_an_empty_folder_says_when_the_stars_come(page_on, tmp_path):
    page = page_on(tmp_path).page
    assert page.empty.text == EMPTY
    assert page.empty.isVisible()


def test_a_typed_number_brings_the_curve_and_tells_the_other_pages(curves, bench, made):
    told = []
    bench.night.star_chosen.connect(told.append)
    type_star(curves.page, "HD 189733")
    curve = curves.page.panel.curve
    assert curve.ascc == HD_189733
    true = made.true_flux(HD_189733, curve.points["jdmid"])
    assert np.median(curve.points["flux1"] / true) == pytest.approx(1.0, abs=0.02)
    assert len(curves.page.panel.plot.content.sets) == 2
    assert told == [HD_189733]


def test_down_shows_star_after_star(curves):
    seen = []
    curves.page.list.table.setFocus()
    for _ in range(3):
        QTest.keyClick(curves.page.list.table, Qt.Key.Key_Down)
        seen.append(curves.page.panel.curve.ascc)
    assert seen == [curves.page.list.model.ascc(row) for row in range(3)]


def test_the_page_begins_with_the_brightest_star_that_was_measured(curves, bench):
    curves.show_snapshot(None)
    curve = curves.page.panel.curve
    stars, first = bench.night.stars, curves.page.list.model.ascc(0)
    assert curve.ascc == bench.night.star == first
    assert stars.vmag[stars.ascc == first] == stars.vmag[stars.fast_points > 0].min()
    assert curves.page.list.table.currentIndex().row() == 0


def test_a_page_that_is_not_seen_chooses_no_star(curves, bench):
    curves.page.hide()
    curves.show_snapshot(None)
    assert bench.night.star is None


def test_the_star_that_was_chosen_is_not_taken_away(curves, bench):
    bench.night.choose_star(HD_189733)
    look_again(bench)
    curves.show_snapshot(None)
    assert bench.night.star == HD_189733


def test_a_star_chosen_elsewhere_is_marked_and_shown(curves, bench):
    ascc = curves.page.list.model.ascc(7)
    bench.night.choose_star(ascc)
    assert curves.page.list.table.currentIndex().row() == 7
    assert curves.page.panel.curve.ascc == ascc


def test_a_star_chosen_before_the_page_was_made_is_shown(page_on, made, bench):
    bench.night.star = HD_189733
    bench.night.output = made.output
    controller = page_on(made.output)
    assert controller.page.panel.curve.ascc == HD_189733


def test_points_of_binned_images_are_read(curves):
    type_star(curves.page, "HD 189733")
    choose(curves.page.panel.bar.kind, "slow")
    assert curves.page.panel.curve.kind == "slow"
    assert len(curves.page.panel.curve) == 2 * 3


def test_the_curve_grows_with_the_batches_and_keeps_the_zoom(page_on, tmp_path, bench):
    night = plan_night(tmp_path, "N", 20, 150)
    first, *others = night.batches
    night.write("LPN", first)
    controller = page_on(tmp_path)
    type_star(controller.page, str(HD_189733))
    plot = controller.page.panel.plot
    assert len(controller.page.panel.curve) == 50
    plot.zoom_x(2.0)
    zoomed = plot.x_span
    for batch in others:
        night.write("LPN", batch)
    look_again(bench)
    assert len(controller.page.panel.curve) == 150
    assert not controller.page.panel.curve.is_complete
    assert plot.x_span == zoomed
    night.merge("LPN")
    look_again(bench)
    assert len(controller.page.panel.curve) == 150
    assert controller.page.panel.curve.is_complete
    assert plot.x_span == zoomed


def test_a_page_that_was_hidden_catches_up_when_it_is_seen(page_on, tmp_path, bench):
    night = plan_night(tmp_path, "N", 20, 100)
    first, second = night.batches
    night.write("LPN", first)
    controller = page_on(tmp_path)
    type_star(controller.page, str(HD_189733))
    controller.page.hide()
    night.write("LPN", second)
    look_again(bench)
    assert len(controller.page.panel.curve) == 50
    controller.page.show()
    controller.show_snapshot(None)
    assert len(controller.page.panel.curve) == 100


def test_a_period_is_found_in_the_background(curves, made):
    bench_star = str(made.variable)
    type_star(curves.page, bench_star)
    panel = curves.page.panel
    panel.period.searchRequested.emit("sine")
    assert panel.period.found.count() >= 1
    assert panel.choices.period_d > 0.0
    assert panel.period.search.isEnabled()


def test_too_few_points_for_a_period_are_said_beside_the_button(curves, bench):
    type_star(curves.page, "HD 189733")
    choose(curves.page.panel.bar.kind, "slow")
    curves.page.panel.period.searchRequested.emit("sine")
    assert "unflagged points" in curves.page.panel.period.told.text()
    assert bench.problems.entries() == ()


@pytest.mark.parametrize("suffix", [".csv", ".fits", ".png"])
def test_the_curve_is_written_in_the_kind_of_the_name(curves, tmp_path, monkeypatch, suffix, bench):
    path = tmp_path / f"star{suffix}"
    path.write_text("the dialog asked whether to replace this")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    type_star(curves.page, "HD 189733")
    curves.rows()["night.export-curve"](False)
    assert path.stat().st_size > 1000
    assert [entry.severity for entry in bench.problems.entries()] == ["notice"]


def test_a_name_without_a_kind_gets_that_of_the_filter(curves, tmp_path, monkeypatch):
    chosen = str(tmp_path / "star"), "FITS table (*.fits)"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: chosen)
    type_star(curves.page, "HD 189733")
    QTest.mouseClick(curves.page.panel.bar.export, Qt.MouseButton.LeftButton)
    assert (tmp_path / "star.fits").exists()


def test_a_full_dialog_that_is_cancelled_writes_nothing(curves, tmp_path, monkeypatch, bench):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    type_star(curves.page, "HD 189733")
    curves.rows()["night.export-curve"](False)
    assert bench.problems.entries() == ()


def test_without_a_star_there_is_nothing_to_export(curves):
    with pytest.raises(NightglassError, match="No star is chosen"):
        curves.rows()["night.export-curve"](False)


def test_the_command_that_writes_the_same_is_copied(curves, made):
    type_star(curves.page, "HD 189733")
    choose(curves.page.panel.bar.kind, "slow")
    QTest.mouseClick(curves.page.panel.bar.copy, Qt.MouseButton.LeftButton)
    assert shlex.split(text_on_clipboard()) == [
        "nightglass", "night", "curve", str(made.output), "ASCC", str(HD_189733), "--slow",
        "--output", f"ascc{HD_189733}_slow.csv",
    ]  # fmt: skip


def test_the_key_for_a_star_brings_the_page_and_the_line(curves, triggered):
    curves.rows()["night.find-star"](False)
    assert triggered == ["night.page.curves"]
    assert curves.page.list.search.hasFocus()


def test_nothing_of_one_night_is_shown_of_another(curves, bench, tmp_path):
    type_star(curves.page, "HD 189733")
    bench.night.watch(tmp_path)
    assert curves.page.panel.curve is None
    assert curves.page.list.table.chosen is None
    assert curves.page.empty.text == EMPTY


def test_a_night_that_is_left_empties_the_page(curves, bench):
    type_star(curves.page, "HD 189733")
    bench.night.leave()
    assert curves.page.panel.curve is None
    assert curves.page.empty.isVisible()
