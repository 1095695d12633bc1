"""The panel of time stamps: summary, histogram of intervals, table of gaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from nightglass.core.lightspeed.accounting import Gap
from nightglass.core.workbench.stamps import StampSheet
from nightglass.gui.gap_model import GapModel
from nightglass.gui.stamps import EMPTY_TEXT, FACTS, StampsPanel
from nightglass.gui.theme import THEMES
from nightglass.gui.widgets.elided_label import ElidedLabel
from PyQt6.QtCore import QModelIndex, Qt

GAPS = (
    Gap(17, 1, 0.005, "FRAMESTAMP and TIMESTAMP"),
    Gap(199, 100, 0.5, "missing cube"),
    Gap(1609, 1303, 6.515, "TIMESTAMP"),
)
WHOLE = StampSheet(
    quality="GPS", constant="2.5 ms: half the exposure (2.5 ms)", note="", lost=0, duplicates=0,
    steps_back=0, missing="", gaps=(), edges_ms=np.linspace(0.0, 15.0, 7),
    counts=np.array([0, 0, 895, 0, 1, 0]), expected_ms=5.0,
)  # fmt: skip
HOLED = replace(
    WHOLE, quality="telescope clock", note="Good to seconds.", lost=1404, duplicates=4,
    steps_back=2, missing="cubes 3 and 5 to 7", gaps=GAPS,
)  # fmt: skip


@pytest.fixture
def panel(qtbot):
    made = StampsPanel()
    qtbot.addWidget(made)
    made.resize(1200, 220)
    with qtbot.waitExposed(made):
        made.show()
    return made


def told(panel):
    return {key: label.whole for key, label in panel.facts.items()}


def cells(model):
    columns = range(model.columnCount())
    return [
        tuple(model.index(row, column).data() for column in columns)
        for row in range(model.rowCount())
    ]


def place_of(table, row):
    return table.visualRect(table.model().index(row, 0)).center()


def test_nothing_open_is_one_line(panel):
    assert panel.empty.isVisible()
    assert panel.empty.text == EMPTY_TEXT
    assert not panel.table.isVisible()


def test_a_whole_capture_has_ticks_and_no_gaps(panel):
    panel.set_sheet(WHOLE)
    assert not panel.empty.isVisible()
    assert told(panel) == {
        "quality": "✓ GPS",
        "constant": "2.5 ms: half the exposure (2.5 ms)",
        "lost": "✓ none",
        "missing": "✓ none",
        "duplicates": "✓ none",
        "steps_back": "✓ none",
    }
    assert {label.property("cue") or "" for label in panel.facts.values()} == {"good", ""}
    assert panel.model.rowCount() == 0


def test_trouble_is_told_by_word_glyph_and_colour(panel):
    panel.set_sheet(HOLED)
    assert told(panel) == {
        "quality": "▲ telescope clock",
        "constant": "2.5 ms: half the exposure (2.5 ms)",
        "lost": "▲ 1,404 in 3 gaps",
        "missing": "▲ cubes 3 and 5 to 7",
        "duplicates": "▲ 4",
        "steps_back": "▲ 2",
    }
    cues = {key: label.property("cue") or "" for key, label in panel.facts.items()}
    assert cues == {"quality": "warn", "constant": "", **dict.fromkeys(
        ("lost", "missing", "duplicates", "steps_back"), "bad")}  # fmt: skip
    assert "Good to seconds." in panel.facts["quality"].toolTip()


def test_one_gap_is_one_gap_and_no_time_at_all_is_bad(panel):
    panel.set_sheet(replace(HOLED, quality="none", lost=1, gaps=GAPS[:1]))
    assert told(panel)["lost"] == "▲ 1 in 1 gap"
    assert told(panel)["quality"] == "▲ none"
    assert panel.facts["quality"].property("cue") == "bad"


def test_gaps_are_counted_from_one_in_the_table(panel):
    panel.set_sheet(HOLED)
    assert cells(panel.model) == [
        ("18", "1", "0.005000", "FRAMESTAMP and TIMESTAMP"),
        ("200", "100", "0.500000", "missing cube"),
        ("1,610", "1,303", "6.515000", "TIMESTAMP"),
    ]


def test_a_double_click_or_enter_asks_for_the_frame_before_the_gap(panel, qtbot):
    panel.set_sheet(HOLED)
    view = panel.table.viewport()
    asked = []
    panel.frameRequested.connect(asked.append)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place_of(panel.table, 1))
    assert asked == []
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=place_of(panel.table, 1))
    assert asked == [199]
    panel.table.selectRow(0)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        qtbot.keyClick(panel.table, key)
    assert asked == [199, 17, 17]


def test_gaps_found_later_leave_the_chosen_one_chosen(panel):
    panel.set_sheet(replace(HOLED, gaps=GAPS[:2]))
    panel.table.selectRow(1)
    panel.set_sheet(HOLED)
    (chosen,) = panel.table.selectionModel().selectedRows()
    assert chosen.row() == 1
    assert panel.model.rowCount() == 3


def test_other_gaps_begin_a_new_table(panel):
    panel.set_sheet(HOLED)
    panel.set_sheet(replace(HOLED, gaps=GAPS[1:]))
    assert [row[0] for row in cells(panel.model)] == ["200", "1,610"]
    panel.set_empty("Nothing.")
    assert panel.model.rowCount() == 0
    assert panel.empty.text == "Nothing."


def test_the_button_asks_to_save(panel, qtbot):
    panel.set_sheet(WHOLE)
    with qtbot.waitSignal(panel.saveRequested):
        qtbot.mouseClick(panel.save_button, Qt.MouseButton.LeftButton)


def test_the_histogram_shows_counts_by_their_logarithm_and_the_expected_interval(panel):
    panel.set_sheet(WHOLE)
    x, y = panel.plot._steps.getData()
    np.testing.assert_array_equal(x, WHOLE.edges_ms)
    np.testing.assert_allclose(10**y, [0.5, 0.5, 895, 0.5, 1, 0.5])
    assert (panel.plot.expected_ms, panel.plot.words) == (5.0, "expected 5 ms")
    (left, right), (low, high) = panel.plot._box.viewRange()
    assert (left, right) == pytest.approx((0.0, 15.0))
    assert low < 0.0 < np.log10(895) < high
    (ticks,) = panel.plot.axes["left"]._tickLevels
    assert [text for _, text in ticks] == ["1", "10", "100"]


def test_a_histogram_of_nothing_and_one_of_millions_have_few_ticks(panel):
    panel.set_sheet(replace(WHOLE, counts=np.zeros(6, np.int64)))
    assert [text for _, text in panel.plot.axes["left"]._tickLevels[0]] == ["1", "10"]
    panel.set_sheet(replace(WHOLE, counts=np.array([0, 0, 20_000_000, 0, 0, 1])))
    texts = [text for _, text in panel.plot.axes["left"]._tickLevels[0]]
    assert texts == ["1", "100", "10,000", "1,000,000"]


@pytest.mark.parametrize("theme", ["dark", "light", "red"])
def test_every_theme_colours_the_plot(panel, theme):
    roles = THEMES[theme]
    panel.set_sheet(HOLED)
    panel.set_roles(roles)
    assert panel.plot._steps.opts["pen"].color().name() == roles.lines[0].color
    assert panel.plot._view.backgroundBrush().color().name() == roles.panel
    assert not panel.grab().isNull()


def test_a_long_line_is_cut_and_told_whole_in_its_tip(qtbot):
    label = ElidedLabel()
    qtbot.addWidget(label)
    text = "cubes " + ", ".join(map(str, range(3, 300, 2)))
    label.show_whole(text, "more")
    label.resize(120, 20)
    label.show()
    assert label.text().endswith("…")
    assert label.text()[:5] == "cubes"
    assert (label.whole, label.toolTip()) == (text, f"{text}\nmore")
    label.resize(label.sizeHint())
    assert label.text() == text


def test_many_missing_cubes_do_not_widen_the_panel(panel):
    panel.set_sheet(WHOLE)
    before = panel.minimumSizeHint().width()
    panel.set_sheet(replace(HOLED, missing="cubes " + ", ".join(map(str, range(3, 900, 2)))))
    assert panel.minimumSizeHint().width() == before <= 1100


def test_every_fact_and_column_explains_itself(panel):
    assert all(fact.tip for fact in FACTS)
    model, role = panel.model, Qt.ItemDataRole.ToolTipRole
    across = Qt.Orientation.Horizontal
    assert all(model.headerData(column, across, role) for column in range(model.columnCount()))


def test_the_model_keeps_the_rules_of_models(qtmodeltester):
    model = GapModel()
    model.set_gaps(GAPS)
    qtmodeltester.check(model)
    assert model.rowCount(model.index(0, 0)) == model.columnCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None
