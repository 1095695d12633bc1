"""The rows of the action table as menus, toolbar buttons and keys."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QActionGroup, QIcon, QKeySequence
from PyQt6.QtWidgets import QMainWindow, QMenu, QMenuBar, QToolBar, QToolButton, QWidget

from .action_spec import ActionSpec, plain
from .icons import icon
from .key_bindings import Bindings, Conflict, bind, shown_key
from .key_guard import KeyGuard
from .specs import MENUS, MNEMONICS, RECENT_MENU, SPECS
from .theme import icon_side, spaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class ActionSet(QObject):
    """All actions of one window.

    `triggered` carries the key of the action and whether it is pressed now;
    `recentChosen` carries a path of the list of recent files.
    """

    triggered = pyqtSignal(str, bool)
    recentChosen = pyqtSignal(str)

    def __init__(
        self,
        parent: QWidget,
        specs: Iterable[ActionSpec] = SPECS,
        overrides: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(parent)
        self._specs = {spec.key: spec for spec in specs}
        self._groups: dict[str, QActionGroup] = {}
        self._actions = {spec.key: self._make(spec) for spec in self._specs.values()}
        self._recent: QMenu | None = None
        self._bindings = Bindings({})
        self.guard = KeyGuard(self)
        self.set_overrides(overrides or {})

    @property
    def specs(self) -> tuple[ActionSpec, ...]:
        """The rows, in the order of the table."""
        return tuple(self._specs.values())

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Keys that more than one action asks for."""
        return self._bindings.conflicts

    def action(self, key: str) -> QAction:
        """Action of that key.

        Raises
        ------
        KeyError
            If there is none; the message names the nearest one.
        """
        if key not in self._actions:
            near = get_close_matches(key, self._actions, n=1)
            ask = f"; did you mean {near[0]!r}?" if near else ""
            raise KeyError(f"there is no action {key!r}{ask}")
        return self._actions[key]

    def trigger(self, key: str) -> None:
        """Do what an action does, as if it was chosen in the menu."""
        self.action(key).trigger()

    def keys_of(self, key: str) -> tuple[str, ...]:
        """Key sequences that trigger an action, as the observer's keyboard writes them."""
        return tuple(shown_key(shortcut) for shortcut in self._bindings.keys[key])

    def group(self, name: str) -> QActionGroup:
        """Actions that exclude each other."""
        return self._groups[name]

    def set_checked(self, key: str, checked: bool = True) -> None:
        """Show the state of an action; nothing is emitted."""
        self.action(key).setChecked(checked)

    def set_overrides(self, overrides: Mapping[str, str]) -> None:
        """Use the observer's own keys (action key to sequences joined by "; ")."""
        self._bindings = bind(self._specs.values(), overrides)
        for key, action in self._actions.items():
            shortcuts = self._bindings.keys[key]
            action.setShortcuts([QKeySequence.fromString(text) for text in shortcuts])
            action.setToolTip(tool_tip(self._specs[key], self.keys_of(key)))

    def menu_bar(self, window: QMainWindow) -> QMenuBar:
        """Fill the menu bar of `window`; the actions work by key in the whole window."""
        bar = window.menuBar()
        if bar is None:
            bar = QMenuBar(window)
            window.setMenuBar(bar)
        tree = _MenuTree(bar)
        for spec in self._specs.values():
            if spec.menu:
                tree.add(spec, self._actions[spec.key])
        self._recent = tree.menu(RECENT_MENU, after=self._actions.get("file.follow"))
        self._recent.triggered.connect(self._on_recent_triggered)
        self.set_recent([])
        window.addActions(list(self._actions.values()))
        return bar

    def toolbar(self, keys: Iterable[str], title: str = "Tools") -> QToolBar:
        """Toolbar of action keys, "|" for a line and "@group" for a button that lists a group."""
        bar = QToolBar(title)
        bar.setObjectName(f"toolbar-{title.lower()}")
        bar.setMovable(False)
        for key in keys:
            if key == "|":
                bar.addSeparator()
            elif key.startswith("@"):
                bar.addWidget(GroupButton(self.group(key[1:])))
            else:
                bar.addAction(self.action(key))
        return bar

    def button(self, key: str) -> QToolButton:
        """Tool button of one action."""
        made = QToolButton()
        made.setDefaultAction(self.action(key))
        made.setAutoRaise(True)
        return made

    def set_recent(self, paths: Iterable[str]) -> None:
        """List the files opened lately."""
        if self._recent is None:
            return
        self._recent.clear()
        for path in paths:
            entry = self._recent.addAction(path.replace("&", "&&"))
            if entry is not None:
                entry.setData(path)
        self._recent.setEnabled(not self._recent.isEmpty())

    def _make(self, spec: ActionSpec) -> QAction:
        action = QAction(icon(spec.icon) if spec.icon else QIcon(), spec.text, self)
        action.setIconText(plain(spec.text))
        action.setObjectName(spec.key)
        action.setCheckable(spec.checkable)
        # In a menu the tick has the place of the icon.
        action.setIconVisibleInMenu(not spec.checkable)
        action.setAutoRepeat(spec.repeats)
        # A macOS habit that would move entries such as "About" out of their menu.
        action.setMenuRole(QAction.MenuRole.NoRole)
        if spec.group:
            self._group(spec.group).addAction(action)
        action.triggered.connect(self._on_action_triggered)
        return action

    def _group(self, name: str) -> QActionGroup:
        if name not in self._groups:
            self._groups[name] = QActionGroup(self)
            self._groups[name].setObjectName(name)
        return self._groups[name]

    def _on_action_triggered(self, checked: bool) -> None:
        action = self.sender()
        if action is not None:
            self.triggered.emit(action.objectName(), checked)

    def _on_recent_triggered(self, entry: QAction) -> None:
        self.recentChosen.emit(str(entry.data()))


def tool_tip(spec: ActionSpec, keys: Iterable[str]) -> str:
    """What an action does, with its keys."""
    shown = " or ".join(keys)
    says = spec.tip or plain(spec.text)
    return f"{says} ({shown})" if shown else says


class _MenuTree:
    """Menus by path, made when first named."""

    def __init__(self, bar: QMenuBar) -> None:
        self._bar = bar
        self._menus: dict[str, QMenu] = {}
        self._sections: dict[str, int] = {}
        for name in MENUS:
            self._menus[name] = QMenu(MNEMONICS[name], bar)
            bar.addMenu(self._menus[name])

    def add(self, spec: ActionSpec, action: QAction) -> None:
        """Hang an action where its row says."""
        top = spec.menu.partition("/")[0]
        if spec.menu not in self._menus:
            self._start_section(top, spec.section)
        menu = self.menu(spec.menu)
        if spec.menu == top:
            self._start_section(top, spec.section)
        else:
            self._start_section(spec.menu, spec.section)
        menu.addAction(action)

    def menu(self, path: str, after: QAction | None = None) -> QMenu:
        """Menu of that path."""
        if path not in self._menus:
            top, _, name = path.partition("/")
            made = QMenu(name, self._menus[top])
            actions = self._menus[top].actions()
            place = actions.index(after) + 1 if after in actions else len(actions)
            before = actions[place] if place < len(actions) else None
            self._menus[top].insertMenu(before, made)
            self._menus[path] = made
        return self._menus[path]

    def _start_section(self, path: str, section: int) -> None:
        menu = self._menus[path]
        if self._sections.get(path, section) != section and not menu.isEmpty():
            menu.addSeparator()
        self._sections[path] = section


class GroupButton(QToolButton):
    """Button that shows the choice made in a group and lists the others.

    With `is_small` it shows the icon alone; the tool tip has the word.
    """

    def __init__(
        self, group: QActionGroup, parent: QWidget | None = None, *, is_small: bool = False
    ) -> None:
        super().__init__(parent)
        self._group = group
        self.setObjectName(f"choose-{group.objectName()}")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.addActions(group.actions())
        self.setMenu(menu)
        first = group.actions()[0]
        self.setIcon(first.icon())
        if not is_small:
            self._keep_room()
        for action in group.actions():
            action.toggled.connect(self._show_choice)
        self._show_choice()

    def _show_choice(self) -> None:
        chosen = self._group.checkedAction() or self._group.actions()[0]
        self.setText(chosen.iconText())
        self.setIcon(chosen.icon())
        self.setToolTip(f"{self._group.objectName().capitalize()}: {chosen.iconText()}")

    def _keep_room(self) -> None:
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        texts = [action.iconText() for action in self._group.actions()]
        widest = max(self.fontMetrics().horizontalAdvance(text) for text in texts)
        self.setMinimumWidth(widest + 2 * icon_side(self) + spaced(3))
