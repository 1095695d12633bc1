"""The form of a reduction's settings."""

from __future__ import annotations

import pytest
from nightglass.core.mascara.settings import ReductionSettings
from nightglass.gui.night.launch.settings_fields import GROUPS, OTHERS, grouped_fields, limits_text
from nightglass.gui.night.launch.settings_form import SettingsForm
from PyQt6.QtCore import Qt


@pytest.fixture
def form(qtbot):
    made = SettingsForm()
    qtbot.addWidget(made)
    made.resize(900, 700)
    with qtbot.waitExposed(made):
        made.show()
    return made


def typed(qtbot, form, name, text):
    """Type in place of what stands in a line."""
    line = form.rows[name].editor.line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)


def test_every_setting_has_a_line_under_a_heading(form):
    assert set(form.rows) == set(ReductionSettings.model_fields)
    assert set(grouped_fields()) == {title for title, _ in GROUPS}
    assert OTHERS not in grouped_fields()
    assert all(row.label.text() for row in form.rows.values())


def test_an_untouched_form_gives_the_defaults(form):
    assert form.settings == ReductionSettings()
    assert (form.n_changed, form.faults) == (0, {})


def test_what_is_typed_is_there_with_its_type(form, qtbot):
    typed(qtbot, form, "fast_limit_vmag", "8.1")
    typed(qtbot, form, "fast_radii_px", "2 3,5; 6")
    typed(qtbot, form, "darks", "12")
    form.rows["reject_bad_pixels"].editor.box.click()
    form.rows["clear_zero_points_mag"].editor.lines["W"].setText("16.9")
    made = form.settings
    assert (made.fast_limit_vmag, made.fast_radii_px, made.darks) == (8.1, (2, 3, 5, 6), 12)
    assert made.reject_bad_pixels is False
    assert made.clear_zero_points_mag["W"] == 16.9
    assert form.n_changed == 5


def test_tables_are_filled_in_by_lines(form, qtbot):
    targets, masks = form.rows["targets"].editor, form.rows["masks"].editor
    qtbot.mouseClick(targets.add_button, Qt.MouseButton.LeftButton)
    targets.table.item(0, 0).setText("planets")
    targets.table.item(0, 1).setText("807144, 12")
    masks.table.setCurrentCell(0, 0)
    qtbot.mouseClick(masks.remove_button, Qt.MouseButton.LeftButton)
    assert form.settings.targets == {"planets": (807144, 12)}
    assert form.settings.masks == {"LSW": ((0.0, 400.0, 2275.0, 2672.0),)}


def test_settings_of_a_file_come_back_as_they_were(form):
    settings = ReductionSettings(
        masks={"LPC": ((1.0, 2.0, 3.0, 4.0), (5.0, 6.0, 7.0, 8.0))}, targets={"a": (1, 2)},
        solutions={"LPC": "/data/solution.fits"}, pressure_hpa=780.0, sky_radii_px=(7.0, 20.5),
        calibration_folder="/data/darks",
    )  # fmt: skip
    form.show_settings(settings, "/data/mine.json")
    assert form.settings == settings
    assert form.file.whole == "/data/mine.json"
    assert form.n_changed == 6


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("fast_limit_vmag", "15", "It must be 14 or less."),
        ("darks", "a few", "Type a whole number."),
        ("gain_e_adu", "0", "It must be above 0."),
        ("fast_radii_px", " ", "Type 1 or more, with commas between them."),
        ("fast_radii_px", "1 2 3 4 5 6 7 8 9", "Type 8 at most."),
        ("sky_radii_px", "6", "Type two numbers, with a comma between them."),
        ("temperature_c", "inf", "Type a number that is not infinite."),
        (
            "sky_radii_px", "21, 6",
            "The inner radius of the sky annulus must be the smaller one.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_beside_the_setting(form, qtbot, name, text, sentence):
    typed(qtbot, form, name, text)
    assert form.faults == {name: sentence}
    assert form.rows[name].fault.isVisible()
    assert form.settings is None
    typed(qtbot, form, name, form.rows[name].untouched if isinstance(
        form.rows[name].untouched, str) else ",".join(form.rows[name].untouched))  # fmt: skip
    assert form.faults == {}


def test_one_setting_and_all_go_back_to_their_defaults(form, qtbot):
    typed(qtbot, form, "fast_limit_vmag", "8.1")
    typed(qtbot, form, "darks", "x")
    row = form.rows["darks"]
    assert row.reset.isVisible()
    qtbot.mouseClick(row.reset, Qt.MouseButton.LeftButton)
    assert (row.editor.line.text(), form.n_changed) == ("20", 1)
    assert not row.reset.isVisible()
    qtbot.mouseClick(form.reset_button, Qt.MouseButton.LeftButton)
    assert form.settings == ReductionSettings()


def test_the_search_leaves_what_has_the_words(form, qtbot):
    qtbot.keyClicks(form.search, "sky ann")
    shown = [name for name, row in form.rows.items() if row.isVisible()]
    assert shown == ["sky_radii_px"]
    form.search.setText("ccd_set")
    assert form.rows["ccd_set_point_c"].isVisible()
    form.search.setText("no such thing")
    assert form.nothing.isVisible()
    form.search.clear()
    assert all(row.isVisible() for row in form.rows.values())


def test_trouble_with_a_file_stands_above_until_one_types(form, qtbot):
    form.show_trouble("It is away.")
    assert form.together.isVisible()
    typed(qtbot, form, "darks", "19")
    assert not form.together.isVisible()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("fast_limit_vmag", "0 to 14"), ("edge_px", "22 or more"),
        ("gain_e_adu", "above 0, up to 100"), ("slow_radii_px", "1 to 8 numbers"),
        ("temperature_c", ""),
    ],
)  # fmt: skip
def test_limits_are_told_in_few_words(name, text):
    assert limits_text(name) == text
