"""The page of the whole sky on the desk of a night."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nightglass.gui.controllers.night.sky import SkyController
from nightglass.gui.night.sky.sky_card import CURVE
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QWidget

from ...core.mascara.watching.made_night import made_snapshot
from .sky_made import FIRST, made_curve, made_view

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    return made_snapshot(tmp_path_factory.mktemp("sky"), cameras="NC", batches=4, is_whole=True)


@pytest.fixture
def controller(bench, on_screen):
    window = QWidget()
    made = SkyController(bench, window)
    page = made.make()
    page.setParent(window)
    window.set_roles = page.set_roles
    on_screen(window, 900, 500)
    page.setGeometry(0, 0, 900, 500)
    page.show()
    yield made
    made.stop()


@pytest.fixture
def views(controller, monkeypatch):
    """Every view that reaches the page."""
    seen = []
    shown = controller.panel.show_view
    monkeypatch.setattr(
        controller.panel, "show_view", lambda view: (seen.append(view), shown(view))
    )
    return seen


def batches(views):
    return [None if view is None else view.batch for view in views]


def test_the_newest_batch_comes_up(controller, views, snapshot):
    controller.show_snapshot(snapshot)
    assert batches(views) == [None, FIRST + 3]
    assert controller.panel.bar.place.text() == "4 of 4"


def test_a_snapshot_without_news_of_the_batch_draws_nothing_anew(controller, views, snapshot):
    controller.show_snapshot(snapshot)
    views.clear()
    controller.show_snapshot(replace(snapshot, revision=snapshot.revision + 1))
    assert views == []


def test_a_batch_made_again_is_drawn_anew(controller, views, snapshot):
    controller.show_snapshot(snapshot)
    unit = f"LPC-{FIRST + 3:08d}"
    records = {**snapshot.records, unit: {**snapshot.records[unit], "at": 5.0}}
    controller.show_snapshot(replace(snapshot, records=records))
    assert batches(views) == [None, FIRST + 3, FIRST + 3]


def test_an_earlier_batch_is_drawn_when_it_is_chosen(controller, views, snapshot):
    controller.show_snapshot(snapshot)
    QTest.mouseClick(controller.panel.bar.earlier, Qt.MouseButton.LeftButton)
    assert batches(views)[-1] == FIRST + 2


def test_no_night_empties_the_page(controller, views, snapshot):
    controller.show_snapshot(snapshot)
    controller.show_snapshot(None)
    assert views[-1] is None
    assert controller.panel.empty.isVisible()


def test_another_night_is_not_drawn_over_the_one_before(controller, views, snapshot, tmp_path):
    controller.show_snapshot(snapshot)
    other = made_snapshot(tmp_path, cameras="S", batches=2, is_whole=True)
    controller.show_snapshot(other)
    assert batches(views) == [None, FIRST + 3, None, FIRST + 1]
    assert {chip.camera for chip in views[-1].chips} == {"LPS"}


def test_a_star_pointed_at_shows_its_curve_and_a_click_chooses_it(
    controller, snapshot, monkeypatch, bench
):
    asked, chosen = [], []
    monkeypatch.setattr(
        bench.night,
        "curve",
        lambda ascc, kind, on_done, reader: (asked.append(kind), on_done(made_curve(ascc))),
    )
    bench.night.star_chosen.connect(chosen.append)
    controller.show_snapshot(snapshot)
    panel = controller.panel
    panel.show_view(made_view(snapshot))
    place = panel.map.place_of(1).toPoint()
    QTest.mouseMove(panel.map, place)
    assert asked == ["fast"]
    assert panel.card.caption == CURVE
    QTest.mouseClick(panel.map, Qt.MouseButton.LeftButton, pos=place)
    assert chosen == [22]
    bench.night.star_chosen.disconnect(chosen.append)
