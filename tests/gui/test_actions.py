"""The action table, its menus and its keys."""

from __future__ import annotations

import ast
from itertools import pairwise
from pathlib import Path

import nightglass.gui
import pytest
from nightglass.gui.action_spec import ActionSpec, plain
from nightglass.gui.actions import ActionSet, GroupButton
from nightglass.gui.icons import icon_names
from nightglass.gui.key_bindings import bind, join_keys, normal_key, split_keys
from nightglass.gui.specs import DOCKS, MENUS, SPECS, TOOLBAR
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QMainWindow,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

FOLDER = Path(nightglass.gui.__path__[0])


@pytest.fixture
def window(qtbot):
    made = QMainWindow()
    qtbot.addWidget(made)
    made.setCentralWidget(QWidget())
    made.centralWidget().setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.actions_of_test = ActionSet(made)
    made.actions_of_test.menu_bar(made)
    return made


@pytest.fixture
def shown(window, qtbot):
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.centralWidget().setFocus()
    return window


def test_keys_of_the_rows_are_unique():
    assert len({spec.key for spec in SPECS}) == len(SPECS)


def test_no_shortcut_is_given_twice():
    assert bind(SPECS, {}).conflicts == ()


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.key)
def test_row_is_complete(spec: ActionSpec):
    assert plain(spec.text)
    assert spec.tip
    assert not spec.tip.endswith(".")
    assert spec.icon == "" or spec.icon in icon_names()
    assert spec.menu.partition("/")[0] in MENUS
    assert all(normal_key(key) for key in spec.shortcuts)
    assert not (spec.repeats and spec.checkable)


def test_mnemonics_of_one_menu_differ():
    for menu in {spec.menu for spec in SPECS}:
        letters = [
            spec.text[spec.text.index("&") + 1].lower()
            for spec in SPECS
            if spec.menu == menu and "&" in spec.text
        ]
        assert len(letters) == len(set(letters)), (menu, sorted(letters))


def test_toolbar_names_only_actions_of_the_table():
    keys = {spec.key for spec in SPECS}
    groups = {spec.group for spec in SPECS if spec.group}
    for key in TOOLBAR:
        assert key == "|" or key in keys or key.removeprefix("@") in groups


def test_every_toolbar_action_has_an_icon_and_a_tip(window):
    bar = window.actions_of_test.toolbar(TOOLBAR)
    window.addToolBar(bar)
    for action in bar.actions():
        if action.objectName():
            assert not action.icon().isNull()
            assert action.toolTip()


@pytest.mark.parametrize(
    ("action", "keys"),
    [
        ("frame.next", "+"),
        ("frame.previous", "-"),
        ("capture.next", "Tab"),
        ("zoom.in", "Z"),
        ("zoom.out", "Shift+Z"),
        ("zoom.fit", "`"),
        ("zoom.1", "1"),
        ("tool.print", "C"),
        ("tool.freeze", "F"),
        ("tool.radial-profile", "R"),
        ("scale.auto", "A"),
        ("colouring.invert", "Shift+I"),
        ("scale.reset", "Shift+D"),
        ("colouring.reset", "Shift+T"),
        ("pan.left", "Shift+Left"),
        ("cursor.left", "H"),
        ("frame.play", "Space"),
        ("frame.go-to", "Ctrl+G"),
        ("help.shortcuts", "?"),
        ("view.full-screen", "F11"),
    ],
)
def test_keys_are_those_of_ds9_and_ginga(action, keys):
    assert keys in bind(SPECS, {}).keys[action]


def test_every_panel_has_its_key():
    bound = bind(SPECS, {}).keys
    assert all(bound[f"dock.{name}"] for name, *_ in DOCKS)


def test_own_key_takes_it_from_the_table():
    bound = bind(SPECS, {"frame.live": "Space; W"})
    assert bound.keys["frame.live"] == ("Space", "W")
    assert bound.keys["frame.play"] == ()
    assert [(c.shortcut, c.winner, c.loser) for c in bound.conflicts] == [
        ("Space", "frame.live", "frame.play")
    ]


def test_empty_own_key_takes_all_keys_away():
    assert bind(SPECS, {"frame.play": ""}).keys["frame.play"] == ()


def test_own_keys_of_unknown_actions_are_named():
    assert bind(SPECS, {"warp.drive": "W"}).unknown == ("warp.drive",)


def test_keys_survive_being_written_and_read():
    keys = ("Ctrl+A", "B", ";", ",", "Shift+Space")
    assert split_keys(join_keys(keys)) == keys


def test_own_keys_can_change_while_the_window_is_open(window):
    actions = window.actions_of_test
    actions.set_overrides({"frame.live": "Ctrl+Alt+N"})
    assert actions.action("frame.live").shortcuts() == [QKeySequence("Ctrl+Alt+N")]
    assert "Ctrl+Alt+N" in actions.action("frame.live").toolTip()


def test_wrong_action_key_names_the_nearest(window):
    with pytest.raises(KeyError, match=r"did you mean 'frame\.next'"):
        window.actions_of_test.action("frame.nxt")


def test_trigger_tells_key_and_state(window, qtbot):
    actions = window.actions_of_test
    with qtbot.waitSignal(actions.triggered) as got:
        actions.action("view.magnifier").trigger()
    assert got.args == ["view.magnifier", True]


def test_showing_a_state_emits_nothing(window, qtbot):
    with qtbot.assertNotEmitted(window.actions_of_test.triggered):
        window.actions_of_test.set_checked("view.magnifier")
    assert window.actions_of_test.action("view.magnifier").isChecked()


def test_every_row_hangs_in_its_menu(window):
    found = set()

    def walk(menu, path):
        for action in menu.actions():
            if action.menu() is not None:
                walk(action.menu(), f"{path}/{plain(action.text())}".strip("/"))
            elif not action.isSeparator() and action.objectName():
                found.add((action.objectName(), path))

    walk(window.menuBar(), "")
    assert found == {(spec.key, spec.menu) for spec in SPECS}


def test_no_menu_starts_or_ends_with_a_line(window):
    for top in window.menuBar().actions():
        rows = top.menu().actions()
        assert not rows[0].isSeparator()
        assert not rows[-1].isSeparator()
        pairs = pairwise(rows)
        assert not any(a.isSeparator() and b.isSeparator() for a, b in pairs)


def test_recent_file_is_chosen_by_its_whole_path(window, qtbot):
    actions = window.actions_of_test
    actions.set_recent(["/data/a&b/cube001.fits"])
    entry = actions._recent.actions()[0]
    with qtbot.waitSignal(actions.recentChosen) as got:
        entry.trigger()
    assert got.args == ["/data/a&b/cube001.fits"]


def test_empty_recent_list_cannot_be_opened(window):
    assert not window.actions_of_test._recent.isEnabled()


def test_group_button_shows_the_choice(window, qtbot):
    actions = window.actions_of_test
    button = GroupButton(actions._groups["stretch"])
    qtbot.addWidget(button)
    actions.set_checked("stretch.log")
    assert button.text() == "Log"
    assert button.popupMode() is QToolButton.ToolButtonPopupMode.InstantPopup


@pytest.mark.parametrize(
    ("key", "modifier", "action"),
    [
        (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, "frame.play"),
        (Qt.Key.Key_Plus, Qt.KeyboardModifier.NoModifier, "frame.next"),
        (Qt.Key.Key_Minus, Qt.KeyboardModifier.NoModifier, "frame.previous"),
        (Qt.Key.Key_Z, Qt.KeyboardModifier.NoModifier, "zoom.in"),
        (Qt.Key.Key_Z, Qt.KeyboardModifier.ShiftModifier, "zoom.out"),
        (Qt.Key.Key_Question, Qt.KeyboardModifier.NoModifier, "help.shortcuts"),
        (Qt.Key.Key_QuoteLeft, Qt.KeyboardModifier.NoModifier, "zoom.fit"),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, "pan.left"),
        (Qt.Key.Key_H, Qt.KeyboardModifier.NoModifier, "cursor.left"),
        (Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier, "frame.go-to"),
    ],
)
def test_pressed_key_triggers_its_action(shown, qtbot, key, modifier, action):
    with qtbot.waitSignal(shown.actions_of_test.triggered) as got:
        qtbot.keyClick(shown.centralWidget(), key, modifier)
    assert got.args[0] == action


def test_tab_changes_captures_from_the_picture_and_focus_elsewhere(shown, qtbot):
    actions = shown.actions_of_test
    picture, list_ = QWidget(), QListWidget()
    picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    actions.guard.set_home(picture)
    put(qtbot, shown, picture, list_)
    with qtbot.waitSignal(actions.triggered) as got:
        qtbot.keyClick(picture, Qt.Key.Key_Tab)
    assert got.args[0] == "capture.next"
    with qtbot.waitSignal(actions.triggered) as got:
        qtbot.keyClick(picture, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert got.args[0] == "capture.previous"
    list_.setFocus()
    with qtbot.assertNotEmitted(actions.triggered):
        qtbot.keyClick(list_, Qt.Key.Key_Tab)
    assert not list_.hasFocus()


def test_space_presses_the_button_that_has_the_keyboard(shown, qtbot):
    button = QPushButton("Open")
    put(qtbot, shown, button)
    with (
        qtbot.assertNotEmitted(shown.actions_of_test.triggered),
        qtbot.waitSignal(button.clicked),
    ):
        qtbot.keyClick(button, Qt.Key.Key_Space)


def test_typing_into_a_field_triggers_nothing(shown, qtbot):
    field = QLineEdit()
    put(qtbot, shown, field)
    with qtbot.assertNotEmitted(shown.actions_of_test.triggered):
        qtbot.keyClicks(field, "crab z 1+2 ?")
        qtbot.keyClick(field, Qt.Key.Key_Home)
    assert field.text() == "crab z 1+2 ?"


def test_arrows_move_in_a_list(shown, qtbot):
    list_ = QListWidget()
    list_.addItems(["a", "b"])
    list_.setCurrentRow(0)
    put(qtbot, shown, list_)
    with qtbot.assertNotEmitted(shown.actions_of_test.triggered):
        qtbot.keyClick(list_, Qt.Key.Key_Down)
    assert list_.currentRow() == 1


def put(qtbot, window, *widgets):
    """Show widgets in the window and give the keyboard to the first."""
    layout = QVBoxLayout(window.centralWidget())
    for widget in widgets:
        layout.addWidget(widget)
        widget.show()
    widgets[0].setFocus()
    qtbot.waitUntil(widgets[0].hasFocus)


def qt_names(tree: ast.AST) -> dict[str, object]:
    """Classes a module imports from PyQt6."""
    found: dict[str, object] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PyQt6."):
            module = __import__(node.module, fromlist=["*"])
            for alias in node.names:
                found[alias.asname or alias.name] = getattr(module, alias.name)
    return found


def chain(node: ast.Attribute) -> list[str]:
    parts: list[str] = []
    inner: ast.expr = node
    while isinstance(inner, ast.Attribute):
        parts.append(inner.attr)
        inner = inner.value
    return [inner.id, *reversed(parts)] if isinstance(inner, ast.Name) else []


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda p: p.name)
def test_every_qt_name_exists(path):
    tree = ast.parse(path.read_text("utf-8"))
    names = qt_names(tree)
    for node in ast.walk(tree):
        parts = chain(node) if isinstance(node, ast.Attribute) else []
        if parts and isinstance(names.get(parts[0]), type):
            value = names[parts[0]]
            for part in parts[1:]:
                assert hasattr(value, part), f"{path.name}:{node.lineno} {'.'.join(parts)}"
                value = getattr(value, part)
