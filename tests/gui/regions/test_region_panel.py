"""The table of regions: rows, numbers, columns, selection, edits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.numbers.statistics import RegionStatistics, Values
from nightglass.core.regions.shapes import Annulus, Box, Circle
from nightglass.core.workbench.regions.table import WholeCapture
from nightglass.gui.regions.columns import COLUMNS, NOTHING, PLACES, USUAL, written
from nightglass.gui.regions.panel import EMPTY_TEXT, RegionPanel
from nightglass.gui.regions.table_model import SORT_ROLE, RegionModel
from PyQt6.QtCore import QPersistentModelIndex, QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLineEdit

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


def circle(x: float = 10.0, name: str = "", **more: object) -> RegionEntry:
    properties = {"text": name} if name else {}
    return RegionEntry("circle", Circle(x, 20.0, 5.0), properties=properties, **more)


def numbers(flux: float | None = 100.0, mean: float = 210.0) -> RegionStatistics:
    return RegionStatistics(
        "circle", 81.0, mean=Values(mean, 1.0), flux_e=flux, snr=None if flux is None else flux / 10
    )


ENTRIES = {
    1: circle(name="Crab"),
    2: RegionEntry("annulus", Annulus(10.0, 20.0, 10.0, 15.0), background=True, tags=("pair 1",)),
    3: circle(30.0, include=False),
    4: RegionEntry("panda", None, raw="panda(1,2,3,4)"),
}


@pytest.fixture
def model(qapp) -> RegionModel:
    made = RegionModel()
    made.set_regions(ENTRIES)
    return made


@pytest.fixture
def panel(qtbot) -> RegionPanel:
    made = RegionPanel()
    qtbot.addWidget(made)
    made.resize(270, 300)
    with qtbot.waitExposed(made):
        made.show()
    made.set_regions(ENTRIES)
    return made


def shown(model: RegionModel, key: str) -> list[str]:
    return [model.index(row, PLACES[key]).data() for row in range(model.rowCount())]


def cell(panel: RegionPanel, row: int, key: str) -> QPoint:
    return panel.table.visualRect(panel.model.index(row, PLACES[key])).center()


# The model


def test_model_keeps_the_rules_of_qt(qtmodeltester, model):
    model.set_frame_numbers({1: numbers()})
    qtmodeltester.check(model)


def test_rows_say_name_kind_and_what_a_region_is_for(model):
    assert shown(model, "number") == ["1", "2", "3", "4"]
    assert shown(model, "name") == ["Crab", "annulus", "circle", "panda"]
    assert shown(model, "kind") == ["", "sky", "−", ""]


def test_kind_has_a_drawing_and_is_said_to_a_reader(model):
    index = model.index(1, PLACES["kind"])
    assert not index.data(Qt.ItemDataRole.DecorationRole).isNull()
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "annulus"


def test_numbers_stand_on_the_right_and_lack_as_a_dash(model):
    model.set_frame_numbers({1: numbers(1234.4), 2: numbers(None)})
    assert shown(model, "flux_e") == ["1,234", NOTHING, NOTHING, NOTHING]
    alignment = model.index(0, PLACES["flux_e"]).data(Qt.ItemDataRole.TextAlignmentRole)
    assert alignment & int(Qt.AlignmentFlag.AlignRight)


@pytest.mark.parametrize(
    ("row", "electrons", "said"),
    [
        (0, 5.0, "no background"),
        (0, None, "gain is not known"),
        (1, 5.0, "sky background"),
        (2, 5.0, "excluded"),
    ],
)
def test_a_flux_that_is_missing_says_why(model, row, electrons, said):
    without = replace(numbers(None), sum=Values(900.0, electrons))
    model.set_frame_numbers(dict.fromkeys((1, 2, 3), without))
    tip = model.index(row, PLACES["flux_e"]).data(Qt.ItemDataRole.ToolTipRole)
    assert said in tip
    assert ("background:" in tip) == (said == "no background")


@pytest.mark.parametrize(
    ("value", "decimals", "room", "text"),
    [
        (12.345, 1, 5, "12.3"),
        (-12.345, 1, 5, "−12.3"),
        (1180.06, 1, 5, "1,180"),
        (123456.0, 0, 7, "123,456"),
        (12345678.0, 0, 7, "1.2e7"),
        (float("nan"), 2, 7, NOTHING),
        (None, 2, 7, NOTHING),
        ("", None, 7, NOTHING),
    ],
)
def test_a_number_keeps_to_its_room(value, decimals, room, text):
    assert written(value, decimals, room) == text


def test_only_what_is_different_is_told(model, qtbot):
    model.set_frame_numbers({1: numbers(), 3: numbers()})
    told = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.set_frame_numbers({1: numbers(), 3: numbers(7.0)})
    assert told == [(2, 2)]
    told.clear()
    model.set_frame_numbers({1: numbers(), 3: numbers(7.0)})
    assert told == []


def test_regions_come_and_go_without_a_reset(model):
    resets = []
    model.modelReset.connect(lambda: resets.append(1))
    left = {ident: ENTRIES[ident] for ident in (1, 3)}
    model.set_regions(left)
    assert model.idents == (1, 3)
    model.set_regions({**left, 9: circle(name="new")})
    assert shown(model, "name") == ["Crab", "circle", "new"]
    assert shown(model, "number") == ["1", "2", "3"]
    assert resets == []


def test_another_order_of_the_list_is_followed(model):
    first = QPersistentModelIndex(model.index(0, 0))
    model.set_regions({ident: ENTRIES[ident] for ident in (4, 3, 2, 1)})
    assert model.idents == (4, 3, 2, 1)
    assert first.row() == 3


def test_sorting_is_by_number_and_puts_what_is_missing_last(model):
    model.set_frame_numbers({1: numbers(9.0), 2: numbers(10.0), 3: numbers(-1.0)})
    model.sort(PLACES["flux_e"], Qt.SortOrder.AscendingOrder)
    assert model.idents == (3, 1, 2, 4)
    model.sort(PLACES["flux_e"], Qt.SortOrder.DescendingOrder)
    assert model.idents == (2, 1, 3, 4)
    model.sort(-1)
    assert model.idents == (1, 2, 3, 4)


def test_rows_stay_where_they_are_while_numbers_change(model):
    model.set_frame_numbers({1: numbers(9.0), 2: numbers(10.0), 3: numbers(-1.0)})
    model.sort(PLACES["flux_e"], Qt.SortOrder.DescendingOrder)
    model.set_frame_numbers({1: numbers(99.0), 2: numbers(1.0), 3: numbers(500.0)})
    assert model.idents == (2, 1, 3, 4)
    model.set_regions({**ENTRIES, 7: circle()})
    assert model.idents == (2, 1, 3, 4, 7)


def test_names_and_places_can_be_edited_and_other_cells_not(model):
    editable = Qt.ItemFlag.ItemIsEditable
    assert model.index(0, PLACES["name"]).flags() & editable
    assert model.index(0, PLACES["x"]).flags() & editable
    assert not model.index(0, PLACES["flux_e"]).flags() & editable
    # What is only kept stays where its file has it.
    assert not model.index(3, PLACES["x"]).flags() & editable


def test_a_place_typed_asks_for_the_place(model, qtbot):
    with qtbot.waitSignal(model.placeEdited) as got:
        assert model.setData(model.index(0, PLACES["x"]), "12.25")
    assert got.args == [1, 12.25, 20.0]
    with qtbot.assertNotEmitted(model.placeEdited):
        assert not model.setData(model.index(0, PLACES["x"]), "far away")
        for word in ("nan", "1e400", "-1e13"):
            assert not model.setData(model.index(0, PLACES["x"]), word)


def test_every_column_has_a_value_to_sort_by(model):
    model.set_frame_numbers({1: numbers()})
    model.set_capture_numbers({1: WholeCapture(1.0, 2.0, 0.0, 3.0, 0.5)})
    for place in range(len(COLUMNS)):
        model.index(0, place).data(SORT_ROLE)
        model.sort(place)
        assert sorted(model.idents) == [1, 2, 3, 4]


# The panel


def test_empty_panel_says_what_would_fill_it(panel, qtbot):
    panel.set_regions({})
    assert panel.empty.isVisible()
    assert panel.empty.text == EMPTY_TEXT
    with qtbot.waitSignal(panel.actionRequested) as got:
        panel.empty.buttons["region.tool.circle"].click()
    assert got.args == ["region.tool.circle"]


def test_narrow_panel_shows_the_most_important_columns_whole(panel):
    table = panel.table
    assert table.shown == ("number", "kind", "name", "flux_e", "snr")
    widths = sum(table.columnWidth(PLACES[key]) for key in table.shown)
    assert widths <= table.viewport().width()
    panel.resize(700, 300)
    assert set(table.shown) == set(USUAL["frame"])


def test_a_number_has_room_in_its_column(panel):
    panel.resize(900, 300)
    metrics = panel.table.fontMetrics()
    for key in panel.table.shown:
        column = COLUMNS[PLACES[key]]
        assert panel.table.columnWidth(PLACES[key]) > metrics.horizontalAdvance(column.widest)


def test_columns_can_be_chosen_and_the_choice_holds_at_any_width(panel):
    actions = {action.text(): action for action in panel.table.column_menu().actions()}
    actions["Std ADU"].trigger()
    actions["Flux e⁻"].trigger()
    assert "std_adu" in panel.table.shown
    assert "flux_e" not in panel.table.shown
    panel.resize(500, 300)
    assert "std_adu" in panel.table.shown
    actions["Usual columns, as many as fit"].trigger()
    assert "std_adu" not in panel.table.shown
    assert "flux_e" in panel.table.shown


def test_the_whole_capture_has_columns_of_its_own(panel, qtbot):
    with qtbot.waitSignal(panel.topicChanged):
        qtbot.mouseClick(panel.topics["capture"], LEFT)
    assert "capture_mean" in panel.table.shown
    assert "flux_e" not in panel.table.shown
    panel.model.set_capture_numbers({1: WholeCapture(1.0, 2.0, 0.0, 3.0, 0.5)})
    assert shown(panel.model, "capture_mean")[0] == "1.0"


def test_clicks_select_and_tell_once(panel, qtbot):
    told = []
    panel.selectionChosen.connect(told.append)
    surface = panel.table.viewport()
    qtbot.mouseClick(surface, LEFT, pos=cell(panel, 0, "kind"))
    qtbot.mouseClick(surface, LEFT, CONTROL, pos=cell(panel, 2, "kind"))
    assert told == [frozenset({1}), frozenset({1, 3})]
    assert panel.summary.whole == "4 regions, 2 selected"
    qtbot.mouseClick(surface, LEFT, pos=QPoint(20, surface.height() - 3))
    assert told[-1] == frozenset()


def test_a_selection_told_is_shown_and_not_told_back(panel, qtbot):
    with qtbot.assertNotEmitted(panel.selectionChosen):
        panel.set_selection({2, 4})
    assert panel.table.selected_idents() == {2, 4}


def test_rows_that_go_or_move_tell_no_selection(panel, qtbot):
    panel.set_selection({1, 3})
    with qtbot.assertNotEmitted(panel.selectionChosen):
        panel.set_regions({ident: ENTRIES[ident] for ident in (3, 2)})
        panel.set_regions({9: circle()})
    assert panel.table.selected_idents() == frozenset()


def test_shift_and_arrow_extend_the_selection(panel, qtbot):
    panel.table.setFocus()
    qtbot.mouseClick(panel.table.viewport(), LEFT, pos=cell(panel, 0, "kind"))
    QTest.keyClick(panel.table, KEY.Key_Down, SHIFT)
    assert panel.table.selected_idents() == {1, 2}


def test_a_click_on_a_heading_sorts_and_a_third_brings_the_list_back(panel, qtbot):
    panel.model.set_frame_numbers({1: numbers(9.0), 2: numbers(10.0), 3: numbers(-1.0)})
    header = panel.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(PLACES["flux_e"]) + 10, 8)
    qtbot.mouseClick(header.viewport(), LEFT, pos=place)
    assert panel.model.idents == (3, 1, 2, 4)
    qtbot.mouseClick(header.viewport(), LEFT, pos=place)
    assert panel.model.idents == (2, 1, 3, 4)
    qtbot.mouseClick(header.viewport(), LEFT, pos=place)
    assert panel.model.idents == (1, 2, 3, 4)


def test_a_name_is_edited_in_its_cell(panel, qtbot):
    asked = []
    panel.propertiesRequested.connect(asked.append)
    surface = panel.table.viewport()
    qtbot.mouseClick(surface, LEFT, pos=cell(panel, 0, "name"))
    qtbot.mouseDClick(surface, LEFT, pos=cell(panel, 0, "name"))
    editor = panel.table.findChild(QLineEdit)
    assert editor.text() == "Crab"
    editor.selectAll()
    QTest.keyClicks(editor, "pulsar")
    with qtbot.waitSignal(panel.nameEdited) as got:
        QTest.keyClick(editor, KEY.Key_Return)
    assert got.args == [1, "pulsar"]
    assert asked == []


def test_double_click_and_return_ask_for_the_properties(panel, qtbot):
    told = []
    panel.propertiesRequested.connect(told.append)
    surface = panel.table.viewport()
    qtbot.mouseClick(surface, LEFT, pos=cell(panel, 1, "kind"))
    qtbot.mouseDClick(surface, LEFT, pos=cell(panel, 1, "kind"))
    QTest.keyClick(panel.table, KEY.Key_Return)
    assert told == [2, 2]


def test_the_text_of_the_table_is_for_other_programs(panel):
    panel.model.set_frame_numbers({1: numbers(-12345.6)})
    panel.set_selection({1, 2})
    assert panel.table.text() == (
        "#\tKind\tName\tFlux e⁻\tS/N\n"
        "1\tcircle\tCrab\t-12346\t-1234.6\n"
        "2\tannulus sky\tannulus\t\t\n"
    )  # fmt: skip


def test_a_thousand_regions_keep_selection_and_scroll_while_numbers_run(panel):
    entries = {i: RegionEntry("box", Box(i, i, 4.0, 4.0)) for i in range(1, 1001)}
    panel.set_regions(entries)
    panel.set_selection({500})
    bar = panel.table.verticalScrollBar()
    before = bar.value()
    assert before > 0
    for flux in (1.0, 2.0):
        panel.model.set_frame_numbers({i: numbers(flux * i) for i in entries})
        panel.model.change_regions({500: RegionEntry("box", Box(flux, 1.0, 4.0, 4.0))})
    assert bar.value() == before
    assert panel.table.selected_idents() == {500}
    assert shown(panel.model, "x")[499] == "2.00"
