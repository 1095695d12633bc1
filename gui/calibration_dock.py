"""Bias, dark and flat: which are applied to the picture, and whether they fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from .icons import icon
from .theme import set_cue, spaced
from .widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS = (
    ("bias", "Bias", "Subtract the mean of frames without exposure"),
    ("dark", "Dark", "Subtract the dark signal, scaled to the exposure"),
    ("flat", "Flat", "Divide by the response of the pixels"),
)


class CalibrationPanel(QWidget):
    """One row for each kind: used or not, which file, and the buttons that provide it.

    The signals carry the kind: "bias", "dark" or "flat"; `makeRequested` also the key of an open
    capture, or "" for one that is still to be chosen.
    """

    chooseRequested = pyqtSignal(str)
    makeRequested = pyqtSignal(str, str)
    removeRequested = pyqtSignal(str)
    useChanged = pyqtSignal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.uses: dict[str, QCheckBox] = {}
        self.names: dict[str, ElidedLabel] = {}
        self.notes: dict[str, QLabel] = {}
        self.buttons: dict[str, QPushButton | QToolButton] = {}
        self.menus: dict[str, QMenu] = {}
        self._captures: tuple[tuple[str, str], ...] = ()
        self._keeps_file = True
        self._has = dict.fromkeys((kind for kind, _, _ in KINDS), False)
        self._is_used = dict.fromkeys((kind for kind, _, _ in KINDS), False)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(spaced(2), spaced(2), spaced(2), spaced(2))
        self._grid.setHorizontalSpacing(spaced(2))
        self._grid.setVerticalSpacing(spaced(1))
        self._grid.setColumnStretch(1, 1)
        for place, (kind, label, tip) in enumerate(KINDS):
            self._add(3 * place, kind, label, tip)
            self.set_master(kind, None)
        self._grid.setRowStretch(3 * len(KINDS), 1)

    def set_master(
        self, kind: str, name: str | None, mismatches: Sequence[str] = (), tip: str = ""
    ) -> None:
        """Show which file is used for `kind` (None: none) and what does not fit, as sentences."""
        label, note = self.names[kind], self.notes[kind]
        label.show_whole("none" if name is None else name, tip)
        label.setVisible(name is not None)
        set_cue(label, "muted" if name is None else ("warn" if mismatches else "good"))
        note.setText("▲ " + " ".join(mismatches) if mismatches else "")
        note.setVisible(bool(mismatches))
        self._has[kind] = name is not None
        self._show_use(kind)
        self.buttons[f"remove {kind}"].setVisible(name is not None)

    def set_used(self, kind: str, is_used: bool) -> None:
        """Show whether `kind` is applied to the picture; without a file it never is."""
        self._is_used[kind] = is_used
        self._show_use(kind)

    def set_captures(self, captures: Sequence[tuple[str, str]]) -> None:
        """Offer open captures, each a key and a name, to make masters from."""
        self._captures = tuple(captures)

    @property
    def keeps_file(self) -> bool:
        """Whether a master that is made is to be kept in a file."""
        return self._keeps_file

    def _add(self, line: int, kind: str, label: str, tip: str) -> None:
        use = QCheckBox(label)
        use.setObjectName(kind)
        use.setToolTip(tip)
        use.toggled.connect(self._on_use_toggled)
        name = ElidedLabel()
        note = QLabel()
        note.setWordWrap(True)
        set_cue(note, "warn")
        remove = QToolButton()
        remove.setIcon(icon("close", "muted"))
        remove.setToolTip(f"Take the {kind} away")
        policy = remove.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        remove.setSizePolicy(policy)
        choose, make = QPushButton("Choose…"), QPushButton("Make…")
        choose.setToolTip(f"Choose a {kind} file made before")
        make.setToolTip(f"Make a {kind} from a capture")
        self.menus[kind] = self._made_menu(kind)
        make.setMenu(self.menus[kind])
        for word, button in (("choose", choose), ("make", make), ("remove", remove)):
            button.setObjectName(kind)
            self.buttons[f"{word} {kind}"] = button
        choose.clicked.connect(self._on_choose_clicked)
        remove.clicked.connect(self._on_remove_clicked)
        self.uses[kind], self.names[kind], self.notes[kind] = use, name, note
        self._grid.addWidget(use, line, 0)
        for column, part in enumerate((remove, choose, make), start=2):
            self._grid.addWidget(part, line, column)
        # Names of files are long: they have a line of their own.
        self._grid.addWidget(name, line + 1, 0, 1, 5)
        self._grid.addWidget(note, line + 2, 0, 1, 5)

    def _made_menu(self, kind: str) -> QMenu:
        """Menu of what a master can be made from, filled whenever it opens."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(lambda: self._fill_menu(menu, kind))
        return menu

    def _fill_menu(self, menu: QMenu, kind: str) -> None:
        menu.clear()
        for key, name in self._captures:
            self._offer(menu, kind, key, f"From {name}")
        if self._captures:
            menu.addSeparator()
        self._offer(menu, kind, "", "Choose a capture…")
        menu.addSeparator()
        keep = menu.addAction("Keep it in a file")
        if keep is not None:
            keep.setCheckable(True)
            keep.setChecked(self._keeps_file)
            keep.setToolTip("Ask for a name and save what is made; else it lasts for this session")
            keep.toggled.connect(self._on_keep_toggled)

    def _offer(self, menu: QMenu, kind: str, key: str, text: str) -> None:
        entry = menu.addAction(text.replace("&", "&&"))
        if entry is not None:
            entry.triggered.connect(lambda: self.makeRequested.emit(kind, key))

    def _on_keep_toggled(self, keeps: bool) -> None:
        self._keeps_file = keeps

    def _show_use(self, kind: str) -> None:
        box = self.uses[kind]
        with QSignalBlocker(box):
            box.setEnabled(self._has[kind])
            box.setChecked(self._has[kind] and self._is_used[kind])

    def _sender_kind(self) -> str:
        sender = self.sender()
        return "" if sender is None else sender.objectName()

    def _on_use_toggled(self, is_used: bool) -> None:
        kind = self._sender_kind()
        self._is_used[kind] = is_used
        self.useChanged.emit(kind, is_used)

    def _on_choose_clicked(self) -> None:
        self.chooseRequested.emit(self._sender_kind())

    def _on_remove_clicked(self) -> None:
        self.removeRequested.emit(self._sender_kind())
