"""Regions by menu, key, table and dialog: one list, and everything else follows it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from nightglass.core.errors import NightglassError
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.marks import Point
from nightglass.core.regions.shapes import Annulus, Circle
from nightglass.gui.controllers.regions import RegionsController
from nightglass.gui.drawing.hands import RegionHands
from nightglass.gui.main_window import MainWindow
from nightglass.gui.region_rows import EDIT_ROWS, NEEDS_REGIONS, NEEDS_SELECTION, REGION_ROWS
from nightglass.gui.regions.columns import PLACES
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QFileDialog, QInputDialog, QTabBar

from ...core.workbench.night import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightglass.core.workbench import Workbench

    from ..desktop import Desktop

LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
KEY = Qt.Key


class Scene:
    """A window with regions, and the keys that belong to them."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.regions = bench.regions.list
        self.window = MainWindow({}, "test")
        self.actions = self.window.actions_set
        self.hands = RegionHands(self.window.area, self.regions, self.window)
        self.controller = RegionsController(bench, self.window, self.hands)
        self.pictures: list[str] = []
        rows = self.controller.rows()
        rows["edit.copy-image"] = self.pictures.append

        def run(key: str, checked: bool) -> None:
            try:
                rows.get(key, lambda _: None)(checked)
            except NightglassError as error:
                bench.problems.report(error)

        self.actions.triggered.connect(run)

    @property
    def panel(self):
        return self.window.regions

    def act(self, key: str) -> None:
        self.actions.action(key).trigger()

    def draw(self, *entries: RegionEntry) -> tuple[int, ...]:
        return self.regions.add(entries or (circle(),), "Draw")

    def only(self) -> RegionEntry:
        (entry,) = self.regions.entries.values()
        return entry

    def settle(self, qtbot) -> None:
        qtbot.waitUntil(lambda: not self.controller._refresh._timer.isActive())


def circle(x: float = 10.0, y: float = 12.0, **more: object) -> RegionEntry:
    return RegionEntry("circle", Circle(x, y, 3.0), **more)


@pytest.fixture
def scene(qtbot, bench) -> Iterator[Scene]:
    made = Scene(bench)
    qtbot.addWidget(made.window)
    with qtbot.waitExposed(made.window):
        made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    made.window.area.setFocus()
    yield made
    made.controller.stop()
    made.hands.close()


@pytest.fixture
def cubes(scene, tmp_path) -> Scene:
    """A capture of three cubes is shown."""
    scene.bench.open([written(tmp_path / "crab")])
    return scene


@pytest.fixture
def star(scene, tmp_path) -> Scene:
    """An image with one star at (20.3, 15.8) counted from 1."""
    y, x = np.mgrid[1:41, 1:51]
    sky = np.random.default_rng(1).normal(100.0, 1.0, (40, 50))
    light = 500.0 * np.exp(-((x - 20.3) ** 2 + (y - 15.8) ** 2) / (2 * 1.5**2))
    fits.PrimaryHDU((sky + light).astype(np.float32)).writeto(tmp_path / "star.fits")
    scene.bench.open([tmp_path / "star.fits"])
    return scene


def file_dialog(qtbot, window) -> QFileDialog:
    qtbot.waitUntil(lambda: bool(window.findChildren(QFileDialog)))
    return window.findChildren(QFileDialog)[-1]


# Rows


def test_every_row_has_a_command_and_every_command_a_row(scene):
    wanted = {row.key for row in (*EDIT_ROWS, *REGION_ROWS)}
    assert scene.controller.rows().keys() == wanted
    assert wanted >= NEEDS_SELECTION | NEEDS_REGIONS


def test_rows_wait_for_what_they_work_on(scene):
    def on(key: str) -> bool:
        return scene.actions.action(key).isEnabled()

    assert not any(map(on, NEEDS_SELECTION | NEEDS_REGIONS))
    scene.draw()
    assert all(map(on, NEEDS_SELECTION | NEEDS_REGIONS))
    scene.regions.select(())
    assert not any(map(on, NEEDS_SELECTION))
    assert all(map(on, NEEDS_REGIONS))


def test_undo_and_redo_say_what_they_do(scene):
    undo, redo = (scene.actions.action(f"edit.{name}") for name in ("undo", "redo"))
    assert (undo.text(), undo.isEnabled()) == ("&Undo", False)
    scene.draw()
    scene.act("region.exclude")
    assert undo.text() == "&Undo Exclude circle"
    assert undo.iconText() == "Undo"
    assert "Exclude circle" in undo.toolTip()
    scene.act("edit.undo")
    assert scene.only().include
    assert (undo.text(), redo.text()) == ("&Undo Draw", "&Redo Exclude circle")
    scene.act("edit.redo")
    assert not scene.only().include
    assert not redo.isEnabled()


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("region.exclude", "Exclude circle"),
        ("region.background", "Mark as sky: circle"),
        ("region.colour.red", "Colour circle"),
        ("region.comparison", "Comparison star: circle"),
        ("region.lock", "Lock circle"),
        ("region.sky-annulus", "Add sky to circle"),
        ("edit.duplicate", "Duplicate circle"),
        ("edit.delete", "Delete circle"),
        ("edit.cut", "Cut circle"),
        ("region.nudge-left", "Move circle"),
    ],
)
def test_every_deed_is_one_step_with_a_name(scene, key, label):
    scene.draw()
    before = dict(scene.regions.entries)
    scene.act(key)
    assert scene.regions.undo_label == label
    assert scene.regions.undo_count == 2
    scene.act("edit.undo")
    assert dict(scene.regions.entries) == before


def test_deeds_wait_while_a_region_is_dragged(scene):
    scene.draw()
    scene.regions.begin("Move circle")
    scene.act("edit.delete")
    scene.act("region.exclude")
    assert scene.only().include
    scene.regions.abort()


# Keys


def test_tools_are_taken_by_menu_and_by_key(scene, qtbot):
    QTest.keyClick(scene.window.area, KEY.Key_C, SHIFT)
    assert scene.hands.tool == "circle"
    assert scene.actions.action("region.tool.circle").isChecked()
    scene.act("region.tool.ellipse-annulus")
    assert scene.hands.tool == "ellipse annulus"
    scene.hands.set_tool("select")
    assert scene.actions.action("region.tool.select").isChecked()
    assert not scene.actions.action("region.tool.circle").isChecked()


def test_a_circle_is_drawn_by_key_and_mouse(cubes, qtbot):
    view = cubes.window.area.views[0]
    view.set_frame_shape(cubes.bench.capture.source.shape)
    QTest.keyClick(cubes.window.area, KEY.Key_C, SHIFT)
    place = view.widget_at(8.0, 8.0).toPoint()
    QTest.mousePress(view.viewport(), LEFT, pos=place)
    QTest.mouseMove(view.viewport(), place + QPoint(30, 0))
    QTest.mouseRelease(view.viewport(), LEFT, pos=place + QPoint(30, 0))
    assert isinstance(cubes.only().shape, Circle)
    QTest.keyClick(cubes.window.area, KEY.Key_E)
    assert not cubes.only().include
    QTest.keyClick(cubes.window.area, KEY.Key_Z, CONTROL)
    QTest.keyClick(cubes.window.area, KEY.Key_Z, CONTROL)
    assert len(cubes.regions) == 0


def test_letters_of_ds9_mark_what_a_region_is_for(scene):
    scene.draw()
    for key, state in (
        (KEY.Key_E, (False, False)),
        (KEY.Key_I, (True, False)),
        (KEY.Key_Y, (True, True)),
        (KEY.Key_S, (True, False)),
    ):
        QTest.keyClick(scene.window.area, key)
        entry = scene.only()
        assert (entry.include, entry.background) == state


def test_control_and_arrow_move_a_tenth_of_a_pixel_in_one_step(scene):
    scene.draw()
    for _ in range(3):
        QTest.keyClick(scene.window.area, KEY.Key_Right, CONTROL)
    QTest.keyClick(scene.window.area, KEY.Key_Up, CONTROL)
    shape = scene.only().shape
    assert (shape.x, shape.y) == pytest.approx((10.3, 12.1))
    assert scene.regions.undo_count == 2


def test_arrows_move_what_is_selected_and_else_the_crosshair(crab: Desktop):
    crab.bench.regions.list.add([circle(20.0, 20.0)], "Draw")
    crab.look_at_picture()
    crab.press(KEY.Key_Right)
    crab.press(KEY.Key_Up, SHIFT)
    crab.press("k")
    (entry,) = crab.bench.regions.list.entries.values()
    assert entry.shape == Circle(21.0, 31.0, 3.0)
    assert crab.frame_view.marker is None
    assert crab.bench.regions.list.undo_count == 2
    crab.bench.regions.list.select(())
    crab.press(KEY.Key_Right)
    assert crab.frame_view.marker is not None
    assert list(crab.bench.regions.list.entries.values()) == [entry]


def test_delete_in_another_panel_is_not_meant_for_regions(scene, qtbot):
    scene.draw()
    scene.window.show_dock("problems", True)
    table = scene.window.problems.findChild(QTabBar)
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    scene.act("edit.delete")
    assert len(scene.regions) == 1
    scene.window.area.setFocus()
    scene.act("edit.delete")
    assert len(scene.regions) == 0


# Selection and table


def test_table_and_list_have_one_selection(scene, qtbot):
    first, second = scene.draw(circle(), circle(30.0))
    scene.settle(qtbot)
    table = scene.panel.table
    assert table.selected_idents() == {first, second}
    place = table.visualRect(scene.panel.model.index(1, PLACES["kind"])).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=place)
    assert scene.regions.selection == {second}
    scene.act("edit.select-others")
    scene.settle(qtbot)
    assert table.selected_idents() == {first}
    scene.act("edit.select-all")
    assert scene.regions.selection == {first, second}
    scene.act("edit.select-none")
    assert scene.regions.selection == frozenset()


def test_the_table_follows_a_drag_and_the_numbers(cubes, qtbot):
    (ident,) = cubes.draw()
    cubes.settle(qtbot)
    model = cubes.panel.model
    cubes.regions.begin("Move circle")
    cubes.regions.edit("Move circle", {ident: circle(11.5)})
    cubes.settle(qtbot)
    npix = cubes.bench.numbers.statistics[ident].npix
    assert model.index(0, PLACES["x"]).data() == "11.50"
    assert model.index(0, PLACES["npix"]).data() == f"{npix:.0f}"
    cubes.regions.commit()


def test_names_and_places_typed_into_the_table_are_steps(scene, qtbot):
    scene.draw()
    scene.settle(qtbot)
    model = scene.panel.model
    model.setData(model.index(0, PLACES["name"]), "Crab")
    model.setData(model.index(0, PLACES["y"]), "20")
    assert scene.only().text == "Crab"
    assert scene.only().shape == Circle(10.0, 20.0, 3.0)
    assert scene.regions.undo_count == 3


def test_the_whole_capture_is_shown_when_asked_for(cubes, qtbot, monkeypatch):
    (ident,) = cubes.draw()
    curve = SimpleNamespace(ident=ident, summary=(10.0, 2.0, float("nan"), 14.0), unit="e-")
    monkeypatch.setattr(cubes.bench.light, "curves", lambda key: (curve,))
    cubes.settle(qtbot)
    qtbot.mouseClick(cubes.panel.topics["capture"], LEFT)
    cubes.bench.light.changed.emit(cubes.bench.capture.key)
    model = cubes.panel.model
    qtbot.waitUntil(lambda: model.index(0, PLACES["capture_snr"]).data() == "5.0")
    assert model.index(0, PLACES["capture_min"]).data() == "–"


# Meaning


def test_sky_round_a_circle_is_paired_with_it(scene):
    first, second = scene.draw(circle(), circle(30.0))
    scene.act("region.sky-annulus")
    entries = list(scene.regions.entries.values())
    assert entries[2].shape == Annulus(10.0, 12.0, 6.0, 9.0)
    assert entries[2].background
    assert entries[0].tags == entries[2].tags == ("pair 1",)
    assert entries[1].tags == entries[3].tags == ("pair 2",)
    assert scene.regions.selection == {first, second}
    assert scene.regions.undo_label == "Add sky to 2 regions"
    assert scene.regions.undo_count == 2


def test_comparison_and_lock_are_switches(scene):
    scene.draw()
    scene.act("region.comparison")
    scene.act("region.lock")
    assert scene.only().tags == ("comparison", "lock=5")
    scene.act("region.lock")
    scene.act("region.comparison")
    assert scene.only().tags == ()


def test_group_asks_for_a_tag_and_ungroup_keeps_marks(scene, qtbot):
    scene.draw(circle(tags=("comparison",)))
    scene.act("region.group")
    dialog = scene.window.findChild(QInputDialog)
    # What says that it is a comparison star is no group.
    assert (dialog.textValue(), dialog.comboBoxItems()) == ("group 1", ["group 1"])
    dialog.setTextValue("field stars")
    dialog.accept()
    assert scene.only().tags == ("comparison", "field stars")
    scene.act("region.ungroup")
    assert scene.only().tags == ("comparison",)


def test_a_region_snaps_to_the_star_near_it(star):
    star.draw(circle(18.0, 17.0))
    star.act("region.snap")
    shape = star.only().shape
    assert (shape.x, shape.y) == pytest.approx((20.3, 15.8), abs=0.05)
    assert star.regions.undo_label == "Snap circle"


def test_no_star_near_is_said(star):
    star.draw(RegionEntry("point", Point(45.0, 35.0)))
    star.act("region.snap")
    assert star.only().shape == Point(45.0, 35.0)
    assert star.bench.problems.entries()[-1].title == "No star there"


def test_front_and_back_change_the_order(scene):
    first, second, third = scene.draw(circle(), circle(20.0), circle(30.0))
    scene.regions.select({first})
    scene.act("region.front")
    assert tuple(scene.regions.entries) == (second, third, first)
    scene.act("region.back")
    assert tuple(scene.regions.entries) == (first, second, third)


# Properties and menu


def test_properties_follow_undo_and_close_with_the_region(scene, qtbot):
    (ident,) = scene.draw()
    scene.settle(qtbot)
    scene.act("region.properties")
    dialog = scene.controller.dialogs[ident]
    field = dialog.place.fields[0]
    field.selectAll()
    QTest.keyClicks(field, "14.5")
    QTest.keyClick(field, KEY.Key_Return)
    assert scene.only().shape == Circle(14.5, 12.0, 3.0)
    assert scene.regions.undo_label == "Change circle"
    scene.act("edit.undo")
    qtbot.waitUntil(lambda: dialog.place.words()[0] == "10")
    scene.act("edit.undo")
    qtbot.waitUntil(lambda: ident not in scene.controller.dialogs)


def test_properties_open_once_for_a_region(scene):
    (ident,) = scene.draw()
    scene.hands.editRequested.emit(ident)
    dialog = scene.controller.dialogs[ident]
    scene.panel.propertiesRequested.emit(ident)
    assert scene.controller.dialogs == {ident: dialog}
    scene.controller.edit(99)


def test_the_menu_of_a_region_lists_what_can_be_done(scene):
    scene.draw()
    menu = scene.controller.context_menu()
    keys = [action.objectName() for action in menu.actions() if action.objectName()]
    assert "region.properties" in keys
    assert "edit.delete" in keys
    assert any(action.menu() is not None for action in menu.actions())
    menu.deleteLater()


# Clipboard


def test_copied_regions_are_ds9_text_and_come_back(scene):
    scene.draw(circle(properties={"text": "Crab"}))
    scene.act("edit.copy")
    text = QGuiApplication.clipboard().text()
    assert "image" in text
    assert "circle(10,12,3)" in text
    assert scene.pictures == []
    scene.act("edit.paste")
    assert [entry.text for entry in scene.regions.entries.values()] == ["Crab", "Crab"]
    assert scene.regions.undo_label == "Paste"
    scene.act("edit.cut")
    assert len(scene.regions) == 1


def test_copy_takes_the_picture_where_no_region_is_selected(scene):
    scene.act("edit.copy")
    assert scene.pictures == [False]


@pytest.mark.expected_log
def test_a_clipboard_without_regions_is_said(scene):
    QGuiApplication.clipboard().setText("good evening")
    scene.act("edit.paste")
    assert len(scene.regions) == 0
    assert scene.bench.problems.entries()[-1].title == "No region"


def test_the_table_is_copied_as_text(scene, qtbot):
    scene.draw()
    scene.settle(qtbot)
    scene.act("region.copy-table")
    assert QGuiApplication.clipboard().text().startswith("#\tKind\tName")


# Files


def test_files_are_opened_dropped_and_saved(scene, qtbot, tmp_path):
    one, two = tmp_path / "one.reg", tmp_path / "two.reg"
    one.write_text("image\ncircle(1,2,3)\n")
    two.write_text("image\nbox(4,5,2,2,0)\n")
    scene.act("region.open")
    dialog = file_dialog(qtbot, scene.window)
    dialog.filesSelected.emit([str(one)])
    dialog.reject()
    assert scene.only().shape == Circle(1.0, 2.0, 3.0)
    scene.controller.open_paths([two])
    assert len(scene.regions) == 2
    scene.act("region.save")
    assert "box(4,5,2,2,0)" in one.read_text()


def test_save_as_asks_for_name_format_and_system(scene, qtbot, tmp_path):
    scene.draw()
    scene.act("region.save")
    dialog = file_dialog(qtbot, scene.window)
    assert not dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)
    assert not any("FK5" in name for name in dialog.nameFilters())
    assert dialog.defaultSuffix() == "reg"
    dialog.selectNameFilter("CIAO regions, physical pixels (*.reg)")
    dialog.fileSelected.emit(str(tmp_path / "ciao.reg"))
    dialog.reject()
    text = (tmp_path / "ciao.reg").read_text()
    assert "circle(10" in text
    assert "global" not in text


def test_numbers_are_exported_with_units_and_where_they_come_from(cubes, qtbot, tmp_path):
    cubes.draw(circle(properties={"text": "Crab, pulsar"}), circle(5.0, background=True))
    cubes.controller.files.export(tmp_path / "numbers.ecsv")
    table = Table.read(tmp_path / "numbers.ecsv", format="ascii.ecsv")
    assert list(table["name"].filled("")) == ["Crab, pulsar", ""]
    assert str(table["mean_adu"].unit) == "adu"
    assert table["npix"][0] == cubes.bench.numbers.statistics[1].npix
    assert table.meta["capture"] == cubes.bench.capture.source.name
    assert table.meta["frame"] == "1 counted from 1"
    assert table.meta["utc"].startswith("20")
    assert table.meta["software"].startswith("Nightglass")
    cubes.controller.files.export(tmp_path / "numbers.csv")
    lines = (tmp_path / "numbers.csv").read_text().splitlines()
    assert "mean_adu adu" in next(line for line in lines if line.startswith("# units"))
    plain = Table.read(tmp_path / "numbers.csv", format="ascii.csv", comment="#")
    assert plain["mean_adu"][0] == pytest.approx(table["mean_adu"][0])


def test_export_asks_for_a_name(cubes, qtbot, tmp_path):
    cubes.draw()
    cubes.act("region.export")
    dialog = file_dialog(qtbot, cubes.window)
    dialog.filterSelected.emit("Enhanced CSV with units (*.ecsv)")
    assert dialog.defaultSuffix() == "ecsv"
    assert dialog.selectedFiles()[0].endswith("_regions.ecsv")
    dialog.fileSelected.emit(str(tmp_path / "mine.ecsv"))
    dialog.reject()
    assert (tmp_path / "mine.ecsv").exists()


@pytest.mark.expected_log
def test_a_folder_that_cannot_be_written_is_said(cubes, tmp_path):
    cubes.draw()
    cubes.controller.files.export(tmp_path / "nowhere" / "mine.csv")
    assert cubes.bench.problems.entries()[-1].severity == "error"
