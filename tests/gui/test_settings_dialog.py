"""The settings dialog, made from the model."""

from __future__ import annotations

import pytest
from nightglass.core.settings import Settings, SiteEntry
from nightglass.gui.setting_fields import setting_fields, with_values
from nightglass.gui.settings_dialog import SettingsDialog
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QDialogButtonBox

CLAY = SiteEntry(itrf_x_m=1845000.0, itrf_y_m=-5270000.0, itrf_z_m=-3075000.0)
BUTTON = QDialogButtonBox.StandardButton


@pytest.fixture
def dialog(qtbot):
    made = SettingsDialog(Settings(), {"site": ["Magellan Clay", "La Silla"]})
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def click(qtbot, dialog, button):
    qtbot.mouseClick(dialog.buttons.button(button), Qt.MouseButton.LeftButton)


def test_every_setting_that_is_not_hidden_has_an_editor(dialog):
    for field in setting_fields(Settings):
        assert dialog.editor(*field.place) is not None
    assert dialog.editor("timing_constant", "offset_s") is not None
    with pytest.raises(KeyError):
        dialog.editor("window_geometry")


def test_every_field_is_explained():
    for field in setting_fields(Settings):
        assert field.title
        assert field.group != "General"


def test_untouched_dialog_gives_the_same_settings(dialog, qtbot):
    with qtbot.waitSignal(dialog.applied) as got:
        click(qtbot, dialog, BUTTON.Apply)
    assert got.args[0] == Settings()


def test_new_values_are_applied_with_their_types(dialog, qtbot):
    dialog.editor("adu_per_electron").line.setText("6.1")
    dialog.editor("saturation_adu").line.setText("50000")
    dialog.editor("timing_constant", "offset_s").line.setText("-0.25")
    dialog.editor("theme").box.setCurrentText("red")
    dialog.editor("site").box.setCurrentText("La Silla")
    dialog.editor("export_folder").line.setText("/data/out")
    dialog.editor("use_header_gain").box.setChecked(False)
    with qtbot.waitSignal(dialog.applied) as got:
        click(qtbot, dialog, BUTTON.Ok)
    made = got.args[0]
    assert (made.adu_per_electron, made.saturation_adu) == (6.1, 50000)
    assert made.timing_constant.offset_s == -0.25
    assert made.timing_constant.exposure_fraction == 0.5
    assert (made.theme, made.site, made.use_header_gain) == ("red", "La Silla", False)
    assert str(made.export_folder) == "/data/out"
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("place", "text", "sentence"),
    [
        (("adu_per_electron",), "many", "Type a number, such as 0.5."),
        (("adu_per_electron",), "-3", "It must be above 0."),
        (("saturation_adu",), "1.5", "Type a whole number."),
        (("saturation_adu",), "70000", "It must be 65535 or less."),
        (("timing_constant", "offset_s"), "", "Type a number, such as 0.5."),
        (("timing_constant", "offset_s"), "inf", "Type a number that is not infinite."),
    ],
)
def test_wrong_value_is_explained_beside_its_field(dialog, place, text, sentence):
    dialog.editor(*place).line.setText(text)
    assert dialog.fault(*place) == sentence
    assert not dialog.buttons.button(BUTTON.Ok).isEnabled()
    assert not dialog.buttons.button(BUTTON.Apply).isEnabled()
    assert any(dialog.tabs.tabText(i).startswith("▲") for i in range(dialog.tabs.count()))


def test_corrected_value_clears_the_fault(dialog):
    line = dialog.editor("plate_scale_arcsec").line
    line.setText("wide")
    line.setText("0.1")
    assert dialog.fault("plate_scale_arcsec") == ""
    assert dialog.buttons.button(BUTTON.Ok).isEnabled()
    assert not any(dialog.tabs.tabText(i).startswith("▲") for i in range(dialog.tabs.count()))


def test_cancel_applies_nothing(dialog, qtbot):
    dialog.editor("adu_per_electron").line.setText("6.1")
    with qtbot.assertNotEmitted(dialog.applied):
        click(qtbot, dialog, BUTTON.Cancel)


def test_defaults_are_entered_but_not_yet_applied(qtbot):
    dialog = SettingsDialog(Settings(adu_per_electron=6.1, recent=["/a"], keys={"zoom.in": "Q"}))
    qtbot.addWidget(dialog)
    with qtbot.assertNotEmitted(dialog.applied):
        click(qtbot, dialog, BUTTON.RestoreDefaults)
    assert dialog.editor("adu_per_electron").line.text() == "8.5"
    with qtbot.waitSignal(dialog.applied) as got:
        click(qtbot, dialog, BUTTON.Apply)
    assert got.args[0] == Settings(recent=["/a"])


def test_value_from_the_environment_is_not_written_to_the_file(qtbot):
    settings = Settings().overridden("adu_per_electron", "7.0")
    dialog = SettingsDialog(settings)
    qtbot.addWidget(dialog)
    dialog.editor("adu_offset").line.setText("100")
    with qtbot.waitSignal(dialog.applied) as got:
        click(qtbot, dialog, BUTTON.Apply)
    entries = got.args[0].file_entries({})
    assert entries["adu_offset"] == 100
    assert "adu_per_electron" not in entries


def test_site_is_added_and_a_wrong_number_in_it_is_named(dialog, qtbot):
    editor = dialog.editor("sites")
    editor.show_value({"Clay": CLAY})
    dialog._validate()
    assert editor.value()["Clay"]["itrf_z_m"] == "-3075000.0"
    editor.table.item(0, 1).setText("far")
    assert dialog.fault("sites") == "Clay: Type a number, such as 0.5."
    editor.table.item(0, 1).setText("1845000")
    with qtbot.waitSignal(dialog.applied) as got:
        click(qtbot, dialog, BUTTON.Apply)
    assert got.args[0].sites == {"Clay": CLAY}


def test_site_row_is_removed(dialog):
    editor = dialog.editor("sites")
    editor.show_value({"Clay": CLAY})
    editor.table.setCurrentCell(0, 0)
    editor._remove()
    assert editor.value() == {}


def test_unknown_parts_of_a_table_are_kept():
    settings = Settings.model_validate({"timing_constant": {"offset_s": 1.0, "future": 3}})
    made = with_values(settings, {("timing_constant", "offset_s"): "2.0"})
    assert made["timing_constant"]["future"] == 3


def test_pressed_key_is_added_to_the_chosen_action(dialog, qtbot):
    keys = dialog.editor("keys")
    dialog.tabs.setCurrentIndex(dialog.tabs.count() - 1)
    keys.choose("frame.live")
    keys.recorder.setFocus()
    qtbot.keyClick(keys.recorder, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert keys.recorder.keySequence() == QKeySequence("Ctrl+J")
    qtbot.mouseClick(keys.add_button, Qt.MouseButton.LeftButton)
    assert keys.value() == {"frame.live": "N; Ctrl+J"}


def test_key_wanted_twice_is_named(dialog, qtbot):
    keys = dialog.editor("keys")
    keys.show_value({"frame.live": "Space"})
    assert keys.conflict.text() == "▲ Space goes to “Live (newest)”, not to “Play”."
    keys.choose("frame.live")
    qtbot.mouseClick(keys.default_button, Qt.MouseButton.LeftButton)
    assert keys.value() == {}
    assert not keys.conflict.isVisible()


def test_key_is_taken_away(dialog, qtbot):
    keys = dialog.editor("keys")
    keys.choose("zoom.in")
    keys.none_button.click()
    assert keys.value() == {"zoom.in": ""}


def test_search_narrows_the_actions(dialog, qtbot):
    keys = dialog.editor("keys")
    qtbot.keyClicks(keys.search, "radial")
    shown = [key for key, item in keys._items.items() if not item.isHidden()]
    assert "tool.radial-profile" in shown
    assert len(shown) < 5
