"""The list of captures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nightglass.gui.capture_model import CaptureModel, CaptureRow, exposure_text
from nightglass.gui.captures import CapturePanel
from PyQt6.QtCore import QModelIndex, Qt

CRAB = CaptureRow("a", "/data/20251210", "Crab", "03:15", 18, 1800, (64, 48), 4.97e-4, "gps")
BIAS = CaptureRow("b", "/data/20251210", "bias", "02:50", 1, 100, (64, 48), 1e-3, "telescope")
OLD = CaptureRow(
    "c", "/data/20251209", "PSR", "04:00", 3, 300, (256, 256), 1.2, "none", ("cube002 is missing.",)
)


@pytest.fixture
def model(qapp, qtmodeltester):
    made = CaptureModel()
    qtmodeltester.check(made)
    yield made
    made.deleteLater()


@pytest.fixture
def panel(qtbot):
    made = CapturePanel()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def tree_of(model):
    return {
        model.index(i, 0).data(): [
            model.index(j, 0, model.index(i, 0)).data()
            for j in range(model.rowCount(model.index(i, 0)))
        ]
        for i in range(model.rowCount())
    }


@pytest.mark.parametrize(
    "steps",
    [
        ([CRAB], [CRAB, BIAS], [CRAB, BIAS, OLD], []),
        ([CRAB, BIAS, OLD], [OLD, BIAS, CRAB], [BIAS]),
        ([CRAB], [OLD], [CRAB, OLD], [replace(CRAB, frames=9), OLD]),
        ([OLD, CRAB], [BIAS, CRAB, OLD], [CRAB, BIAS]),
    ],
)
def test_model_stays_sound_while_captures_come_and_go(model, steps):
    for rows in steps:
        model.set_rows(rows)
        by_folder = {}
        for row in rows:
            by_folder.setdefault(row.folder, []).append(row)
        assert model.rows == tuple(row for inside in by_folder.values() for row in inside)


def test_captures_hang_under_their_folder(model):
    model.set_rows([CRAB, BIAS, OLD])
    assert tree_of(model) == {"20251210": ["Crab", "bias"], "20251209": ["PSR"]}


def test_row_tells_frames_cubes_exposure_size_and_time(model):
    model.set_rows([CRAB])
    folder = model.index(0, 0)
    texts = [model.index(0, column, folder).data() for column in range(model.columnCount())]
    assert texts == ["Crab", "1,800", "18", "03:15", "497 µs", "48 × 64", "GPS"]


def test_problems_are_told_in_the_tip(model):
    model.set_rows([OLD])
    tip = model.index(0, 0, model.index(0, 0)).data(Qt.ItemDataRole.ToolTipRole)
    assert "cube002 is missing." in tip
    assert "300 frames in 3 cubes, 256 × 256 pixels" in tip


def test_growing_capture_changes_only_its_row(model, qtbot):
    model.set_rows([CRAB, BIAS])
    with (
        qtbot.waitSignal(model.dataChanged) as got,
        qtbot.assertNotEmitted(model.modelReset),
        qtbot.assertNotEmitted(model.rowsInserted),
    ):
        model.set_rows([replace(CRAB, frames=1900, cubes=19), BIAS])
    assert got.args[0].row() == got.args[1].row() == 0


def test_unknown_capture_has_no_place(model):
    assert not model.index_of("zzz").isValid()
    assert model.key_at(QModelIndex()) is None


@pytest.mark.parametrize(
    ("exposure_s", "text"),
    [(None, "–"), (4.97e-4, "497 µs"), (0.0123, "12.3 ms"), (1.0, "1 s"), (12.5, "12.5 s")],
)
def test_exposure_is_written_in_its_own_unit(exposure_s, text):
    assert exposure_text(exposure_s) == text


def test_empty_list_offers_to_open_and_to_follow(panel, qtbot):
    assert panel.empty.isVisible()
    with qtbot.waitSignal(panel.actionRequested) as got:
        qtbot.mouseClick(panel.empty.buttons["file.open"], Qt.MouseButton.LeftButton)
    assert got.args == ["file.open"]


def test_double_click_opens_a_capture_once(panel, qtbot):
    panel.set_rows([CRAB, BIAS])
    opened = []
    panel.openRequested.connect(opened.append)
    place = panel.tree.visualRect(panel.model.index_of("b")).center()
    viewport = panel.tree.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert opened == ["b"]


def test_enter_opens_the_chosen_capture(panel, qtbot):
    panel.set_rows([CRAB, BIAS])
    panel.tree.setCurrentIndex(panel.model.index_of("a"))
    with qtbot.waitSignal(panel.openRequested) as got:
        qtbot.keyClick(panel.tree, Qt.Key.Key_Return)
    assert got.args == ["a"]


def test_enter_on_a_folder_closes_it(panel, qtbot):
    panel.set_rows([CRAB])
    folder = panel.model.index(0, 0)
    panel.tree.setCurrentIndex(folder)
    with qtbot.assertNotEmitted(panel.openRequested):
        qtbot.keyClick(panel.tree, Qt.Key.Key_Return)
    assert not panel.tree.isExpanded(folder)


def test_selection_and_closed_folders_stay_while_captures_arrive(panel):
    panel.set_rows([CRAB, OLD])
    panel.tree.setCurrentIndex(panel.model.index_of("a"))
    panel.tree.collapse(panel.model.index(1, 0))
    panel.set_rows([BIAS, replace(CRAB, frames=5000), OLD])
    assert panel.model.key_at(panel.tree.currentIndex()) == "a"
    assert panel.tree.isExpanded(panel.model.index(0, 0))
    assert not panel.tree.isExpanded(panel.model.index(1, 0))


def test_followed_folder_has_a_row_with_a_stop_button(panel, qtbot):
    panel.set_following("/data/20251210", "waits for the first cube")
    assert panel._follow_row.isVisible()
    assert panel._follow_text.whole == "Following 20251210: waits for the first cube"
    assert "opens by itself" in panel.empty.text
    with qtbot.waitSignal(panel.stopFollowRequested):
        qtbot.mouseClick(panel._stop, Qt.MouseButton.LeftButton)
    panel.set_following(None)
    assert not panel._follow_row.isVisible()
