"""Roles and themes: readable, complete, red at night."""

from __future__ import annotations

import re
from dataclasses import asdict
from importlib.resources import files

import pytest
from nightglass.gui.theme import (
    DEFAULT_THEME,
    THEMES,
    Roles,
    apply_theme,
    palette,
    set_cue,
    style_sheet,
    tabular_font,
    worn,
)
from PyQt6.QtGui import QColor, QFontMetrics, QPalette
from PyQt6.QtWidgets import QLabel


@pytest.fixture
def undressed(qapp):
    font, colours = qapp.font(), qapp.palette()
    yield qapp
    qapp.setStyleSheet("")
    qapp.setFont(font)
    qapp.setPalette(colours)


def luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    c = QColor(colour)
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF())


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("roles", THEMES.values(), ids=THEMES)
def test_every_role_is_a_colour(roles: Roles):
    for key, value in asdict(roles).items():
        if isinstance(value, str) and key != "name":
            assert re.fullmatch("#[0-9a-f]{6}", value), key


# WCAG asks 4.5; red light alone cannot reach much more than 5 on black.
@pytest.mark.parametrize(
    ("name", "text", "muted"), [("dark", 7, 4.5), ("light", 7, 4.5), ("red", 4, 2.5)]
)
def test_text_is_readable_on_every_ground(name, text, muted):
    roles = THEMES[name]
    for ground in (roles.background, roles.panel, roles.field):
        assert contrast(roles.text, ground) >= text
        assert contrast(roles.muted, ground) >= muted
        for cue in (roles.good, roles.warn, roles.bad, roles.accent):
            assert contrast(cue, ground) >= muted


@pytest.mark.parametrize("name", ["dark", "light"])
def test_selected_text_is_readable(name):
    assert contrast(THEMES[name].text, THEMES[name].selection) >= 4.5


def test_red_theme_has_no_green_or_blue_light():
    for key, value in asdict(THEMES["red"]).items():
        if not isinstance(value, str) or key == "name":
            continue
        colour = QColor(value)
        assert colour.green() <= 0.31 * colour.red(), key
        assert colour.blue() <= 0.25 * colour.red(), key


@pytest.mark.parametrize("roles", THEMES.values(), ids=THEMES)
def test_no_two_lines_share_colour_and_dash(roles: Roles):
    assert len(set(roles.lines)) == len(roles.lines) >= 6


@pytest.mark.parametrize("name", ["dark", "light"])
def test_lines_are_told_apart_from_the_picture_ground(name):
    roles = THEMES[name]
    assert min(contrast(line.color, roles.panel) for line in roles.lines[:4]) >= 2.2


def test_line_pens_are_one_cosmetic_pixel():
    pen = THEMES["red"].lines[2].pen()
    assert pen.isCosmetic()
    assert pen.widthF() == 1.0
    assert pen.dashPattern() == [6.0, 3.0]


@pytest.mark.parametrize("roles", THEMES.values(), ids=THEMES)
def test_style_sheet_has_no_colour_but_the_roles(roles: Roles):
    sheet = style_sheet(roles)
    assert "$" not in sheet
    used = set(re.findall("#[0-9a-fA-F]{3,8}(?=[^a-zA-Z0-9])", sheet))
    assert used <= {value for value in asdict(roles).values() if isinstance(value, str)}


@pytest.mark.parametrize("roles", THEMES.values(), ids=THEMES)
def test_palette_leaves_no_colour_of_the_desktop(roles: Roles):
    made = palette(roles)
    ours = {value for value in asdict(roles).values() if isinstance(value, str)}
    for role in QPalette.ColorRole:
        if role not in (QPalette.ColorRole.NoRole, QPalette.ColorRole.NColorRoles):
            assert made.color(QPalette.ColorGroup.Active, role).name() in ours, role


def test_unknown_theme_falls_back_to_the_default(undressed):
    assert apply_theme(undressed, "sepia").name == DEFAULT_THEME


@pytest.mark.parametrize("name", THEMES)
def test_applied_theme_is_worn(undressed, name):
    roles = apply_theme(undressed, name)
    assert worn() is roles
    assert undressed.palette().color(QPalette.ColorRole.Text).name() == roles.text


def test_digits_are_equally_wide(qapp):
    metrics = QFontMetrics(tabular_font())
    assert len({metrics.horizontalAdvance(digit * 8) for digit in "0123456789"}) == 1


def test_cue_colours_the_text_and_goes_away(undressed, qtbot):
    roles = apply_theme(undressed, "dark")
    label = QLabel("3")
    qtbot.addWidget(label)
    set_cue(label, "warn")
    label.ensurePolished()
    assert label.palette().color(QPalette.ColorRole.WindowText).name() == roles.warn
    set_cue(label, "")
    assert label.palette().color(QPalette.ColorRole.WindowText).name() == roles.text


@pytest.mark.parametrize("roles", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("part", ["arrow", "check", "dot"])
def test_pictures_of_the_style_sheet_wear_the_theme(roles: Roles, part):
    drawing = (files("nightglass.resources") / "icons" / f"_{part}-{roles.name}.svg").read_text()
    assert set(re.findall("#[0-9a-f]{6}", drawing)) == {roles.text}
    assert f"_{part}-{roles.name}.svg" in style_sheet(roles)
