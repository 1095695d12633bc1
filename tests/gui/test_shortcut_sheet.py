"""The sheet of keys."""

from __future__ import annotations

import pytest
from nightglass.gui.actions import ActionSet
from nightglass.gui.shortcuts import MOUSE_HABITS, ShortcutSheet, sections
from nightglass.gui.theme import THEMES
from PyQt6.QtWidgets import QMainWindow


@pytest.fixture
def window(qtbot):
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def actions(window):
    return ActionSet(window)


@pytest.fixture
def sheet(window, actions):
    return ShortcutSheet(actions, window)


def test_every_action_with_a_key_is_listed(actions):
    listed = [text for _, rows in sections(actions) for _, text in rows]
    with_keys = [spec for spec in actions.specs if actions.keys_of(spec.key)]
    assert len(listed) == len(with_keys) + len(MOUSE_HABITS)


def test_sheet_shows_keys_and_mouse(sheet):
    text = sheet.page.toPlainText()
    for part in ("Zoom to fit", "Ctrl+G", "Right drag", "Contrast up and down"):
        assert part in text


def test_typing_narrows_the_sheet(sheet, qtbot):
    qtbot.keyClicks(sheet.search, "radial")
    text = sheet.page.toPlainText()
    assert "Radial profile" in text
    assert "Zoom to fit" not in text
    qtbot.keyClicks(sheet.search, "xyz")
    assert sheet.page.toPlainText() == "No key does that."


def test_own_keys_and_conflicts_are_shown(sheet, actions):
    actions.set_overrides({"frame.live": "Space"})
    sheet.refresh()
    text = sheet.page.toPlainText()
    assert "Keys wanted twice" in text
    assert "frame.live has it" in text


def test_sheet_wears_the_theme(sheet):
    sheet.set_roles(THEMES["red"])
    assert THEMES["red"].accent in sheet.page.toHtml()
