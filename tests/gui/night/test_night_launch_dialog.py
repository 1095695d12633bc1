"""The dialog that starts a night."""

from __future__ import annotations

from pathlib import Path

import pytest
from nightglass.core.mascara.night.check import Finding
from nightglass.core.mascara.night.request import NightRequest
from nightglass.core.mascara.settings import ReductionSettings
from nightglass.core.workbench.night.preflight import Preflight
from nightglass.gui.night.launch.start_dialog import LOOKING, StartDialog
from PyQt6.QtCore import Qt

GOOD = Finding("good", "LPC: 30 frames.")
NOTE = Finding("notice", "LPC: no darks.")
TROUBLE = Finding("trouble", "There is no catalogue.")


def found(*findings, held=False, cameras=None):
    cameras = {"LPC": 30, "LPE": 28} if cameras is None else cameras
    return Preflight(findings, cameras, "20160130", "LaPalma", Path("/data/reduced-1"), held)


@pytest.fixture
def dialog(qtbot):
    """A dialog whose looks find what `dialog.answer` says."""
    made = StartDialog()
    qtbot.addWidget(made)
    made.looks, made.answer = [], found(GOOD)

    def look(request, settings):
        made.looks.append((request, settings))
        made.show_preflight(request, made.answer)

    made.lookRequested.connect(look)
    made.show()
    qtbot.waitExposed(made)
    return made


def typed_raw(qtbot, dialog, text="/data/raw"):
    """Type a raw folder, and wait for the look."""
    line = dialog.form.raw.rows[0].line
    line.setFocus()
    qtbot.keyClicks(line, text)
    qtbot.waitUntil(lambda: any(look.raw == (Path(text),) for look, _ in dialog.looks))


def test_without_a_folder_it_says_what_is_missing(dialog):
    assert dialog.reason == "Choose a folder of raw frames."
    assert dialog.state.whole == dialog.reason
    assert not dialog.start_button.isEnabled()
    assert dialog.start_button.toolTip() == dialog.reason


def test_a_folder_that_is_typed_is_looked_at_once(dialog, qtbot):
    typed_raw(qtbot, dialog)
    assert len(dialog.looks) == 1
    assert dialog.form.output.path == Path("/data/reduced-1")
    assert dialog.state.whole == "Ready: 58 frames."
    assert dialog.start_button.isEnabled()


def test_enter_starts_with_all_that_is_filled_in(dialog, qtbot):
    typed_raw(qtbot, dialog)
    dialog.form.live.click()
    dialog.form.idle.setValue(300)
    dialog.form.workers.setValue(1)
    qtbot.waitUntil(lambda: not dialog.reason)
    with qtbot.waitSignal(dialog.startRequested) as got:
        qtbot.keyClick(dialog.form.raw.rows[0].line, Qt.Key.Key_Return)
    request, settings = got.args
    assert request == NightRequest(
        (Path("/data/raw"),), Path("/data/reduced-1"), workers=1, is_live=True, idle_s=300.0
    )
    assert settings == ReductionSettings()
    assert not dialog.isVisible()


def test_trouble_forbids_the_start_and_stands_on_top(dialog, qtbot):
    dialog.answer = found(GOOD, NOTE, TROUBLE)
    typed_raw(qtbot, dialog)
    assert dialog.reason == TROUBLE.text
    assert not dialog.start_button.isEnabled()
    texts = [dialog.findings.item(row).text() for row in range(dialog.findings.count())]
    assert texts == [TROUBLE.text, NOTE.text, GOOD.text]
    with qtbot.assertNotEmitted(dialog.startRequested):
        qtbot.keyClick(dialog.form.raw.rows[0].line, Qt.Key.Key_Return)


def test_while_it_looks_it_says_so(dialog, qtbot):
    typed_raw(qtbot, dialog)
    qtbot.keyClicks(dialog.form.catalogue.line, "/x")
    assert dialog.reason == LOOKING
    qtbot.waitUntil(lambda: not dialog.reason)


def test_an_answer_to_an_earlier_question_is_passed_over(dialog, qtbot):
    typed_raw(qtbot, dialog)
    earlier = dialog.looks[-1][0]
    qtbot.keyClicks(dialog.form.raw.rows[0].line, "2")
    dialog.show_preflight(earlier, found(TROUBLE))
    assert dialog.reason == LOOKING


def test_an_output_that_was_typed_stays_and_an_empty_one_is_proposed(dialog, qtbot):
    typed_raw(qtbot, dialog)
    line = dialog.form.output.line
    line.selectAll()
    qtbot.keyClicks(line, "/other")
    qtbot.waitUntil(lambda: dialog.looks[-1][0].output == Path("/other"))
    assert line.text() == "/other"
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: line.text() == "/data/reduced-1")
    assert dialog.looks[-1][0].output == Path()


def test_cameras_are_offered_and_those_left_out_stay_so(dialog, qtbot):
    typed_raw(qtbot, dialog)
    boxes = dialog.form.cameras.boxes
    assert [box.text() for box in boxes.values()] == ["C  30", "E  28"]
    boxes["LPE"].click()
    qtbot.waitUntil(lambda: dialog.looks[-1][0].cameras == ("LPC",))
    dialog.answer = found(GOOD, cameras={"LPC": 31, "LPE": 29, "LPN": 1})
    dialog.look()
    assert dialog.form.cameras.chosen == ("LPC", "LPN")
    for name in ("LPC", "LPN"):
        dialog.form.cameras.boxes[name].click()
    assert dialog.reason == "Choose a camera at least."


def test_a_night_in_the_output_is_gone_on_with(dialog, qtbot):
    dialog.answer = found(NOTE, held=True)
    typed_raw(qtbot, dialog)
    assert dialog.state.whole == "Ready to resume the night in the output."
    with qtbot.waitSignal(dialog.startRequested) as got:
        qtbot.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
    assert got.args[0].resume


def test_several_folders_are_typed_in_lines_of_their_own(dialog, qtbot):
    typed_raw(qtbot, dialog)
    raw = dialog.form.raw
    qtbot.mouseClick(raw.add_button, Qt.MouseButton.LeftButton)
    assert raw.rows[1].line.hasFocus()
    qtbot.keyClicks(raw.rows[1].line, "/data/b")
    qtbot.waitUntil(lambda: dialog.looks[-1][0].raw == (Path("/data/raw"), Path("/data/b")))
    remove = raw.rows[0].row.itemAt(2).widget()
    qtbot.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert raw.paths == (Path("/data/b"),)


def test_a_wrong_setting_forbids_the_start_and_marks_its_tab(dialog, qtbot):
    typed_raw(qtbot, dialog)
    line = dialog.settings_form.rows["darks"].editor.line
    line.setText("x")
    assert dialog.reason == "1 setting to be corrected."
    assert dialog.tabs.tabText(1) == "▲ &Settings (1 changed)"
    line.setText("12")
    qtbot.waitUntil(lambda: not dialog.reason)
    assert dialog.looks[-1][1].darks == 12


def test_settings_of_a_file_go_along_with_its_name(dialog, qtbot):
    dialog.show_settings(ReductionSettings(darks=9), Path("/data/mine.json"))
    typed_raw(qtbot, dialog)
    request, settings = dialog.looks[-1]
    assert (request.config, settings.darks) == (Path("/data/mine.json"), 9)


def test_a_look_that_failed_is_told(dialog, qtbot):
    typed_raw(qtbot, dialog)
    dialog.form.live.click()
    dialog.show_refusal("The disk does not answer.")
    assert dialog.state.whole == "The disk does not answer."
    assert not dialog.start_button.isEnabled()


def test_each_line_has_a_key_of_its_own(dialog):
    from PyQt6.QtWidgets import QCheckBox, QLabel, QPushButton

    texts = [dialog.tabs.tabText(place) for place in range(dialog.tabs.count())]
    for kind in (QLabel, QPushButton, QCheckBox):
        texts += [part.text() for part in dialog.findChildren(kind)]
    keys = [text[text.index("&") + 1].casefold() for text in texts if "&" in text]
    assert len(keys) > 10
    assert len(keys) == len(set(keys))
