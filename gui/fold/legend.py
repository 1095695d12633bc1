"""The line that names the profiles, chooses what is shown of them, and offers what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PyQt6.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from ..icons import icon
from ..theme import set_cue, spaced
from .names import ProfileNames

if TYPE_CHECKING:
    from PyQt6.QtGui import QResizeEvent

Topic = Literal["profile", "difference", "ratio"]
TOPICS: tuple[tuple[Topic, str, str], ...] = (
    ("profile", "profiles", "Each region with each par file"),
    ("difference", "difference", "The first profile less the second"),
    ("ratio", "ratio", "The first profile over the second"),
)
ACTIONS = (
    ("fold.reset", "Reset", "reset", "Back to F0, F1 and phase of the par file"),
    ("fold.search", "Search…", "spectrum", "Look for the period around F0, or anywhere"),
    ("fold.movie", "Movie", "movie", "The capture as images by phase, in the picture"),
    ("fold.on-off", "On − off", "on-off", "Image of the on phases minus that of the off phases"),
    (
        "fold.export",
        "Export…",
        "export",
        "Profile, raster, times of arrival, or the plot, as files",
    ),
)
COPIES = (
    ("fold.copy-par", "Copy as par", "The par file with F0, F1 and phase as they are now"),
    ("fold.copy-command", "Copy as command", "The command that makes the same fold"),
)
WIDEST_BADGE = "● preview"
WORDY_PX, NAME_PX = 620, 220
"""Room for the buttons with their words, and for the name of a profile."""


class Legend(QWidget):
    """Names with their glyphs, how sure the numbers are, a choice of what is drawn, and buttons.

    Attributes
    ----------
    extras : QHBoxLayout
        Takes what has no line of its own in a flat panel.

    Signals: `topicChosen` with "profile", "difference" or "ratio"; `actionRequested` with the key
    of an action.
    """

    topicChosen = pyqtSignal(str)
    actionRequested = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self.names = ProfileNames()
        self.topics = self._made_topics()
        self.buttons = {row[0]: self._made_button(*row) for row in ACTIONS}
        self.copies = self._made_copies()
        self.buttons["copy"] = self.copies
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(spaced(1))
        row.addWidget(self.names, 1)
        self.badge = QLabel()
        self.badge.setMinimumWidth(self.fontMetrics().horizontalAdvance(WIDEST_BADGE) + spaced(1))
        set_cue(self.badge, "warn")
        row.addWidget(self.badge)
        self.extras = QHBoxLayout()
        self.extras.setSpacing(spaced(1))
        row.addLayout(self.extras)
        row.addWidget(self.topics)
        for button in self.buttons.values():
            row.addWidget(button)
        self.set_count(0)

    def _made_topics(self) -> QComboBox:
        box = QComboBox()
        for topic, text, tip in TOPICS:
            box.addItem(text, topic)
            box.setItemData(box.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        box.setAccessibleName("Show")
        box.setToolTip("What is drawn of two profiles: both, their difference or their ratio")
        box.activated.connect(self._on_topic_activated)
        return box

    def _made_button(self, key: str, text: str, drawing: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(key)
        button.setText(text)
        button.setIcon(icon(drawing))
        button.setToolTip(tip)
        button.clicked.connect(self._on_button_clicked)
        return button

    def _made_copies(self) -> QToolButton:
        button = QToolButton()
        button.setText("Copy")
        button.setIcon(icon("copy"))
        button.setToolTip("Copy the fold as a par file or as a command")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.setToolTipsVisible(True)
        for key, text, tip in COPIES:
            entry = menu.addAction(text)
            assert entry is not None  # a menu always makes one of a text
            entry.setObjectName(key)
            entry.setToolTip(tip)
            entry.triggered.connect(self._on_button_clicked)
        button.setMenu(menu)
        return button

    def set_count(self, folds: int) -> None:
        """Tell how many profiles there are; a difference needs two."""
        self.topics.setVisible(folds > 1)
        if folds != self._count:
            self._count = folds
            self._fit()
        if folds < 2 and self.topic != "profile":
            with QSignalBlocker(self.topics):
                self.topics.setCurrentIndex(0)

    def show_badge(self, text: str, tip: str = "") -> None:
        """Say that the numbers are not the last word; "" where they are."""
        shown = f"● {text}" if text else ""
        if shown != self.badge.text():
            self.badge.setText(shown)
            self.badge.setToolTip(tip)

    @property
    def topic(self) -> str:
        """What is drawn."""
        return str(self.topics.currentData())

    def minimumSizeHint(self) -> QSize:
        """Room for the buttons alone."""
        side = self.copies.sizeHint().height()
        return QSize(len(self.buttons) * side + spaced(30), side)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Show words at the buttons where there is room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Let the buttons have words where the names of the profiles leave room for them."""
        beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        needed = WORDY_PX + NAME_PX * self._count
        style = beside if self.width() >= needed else Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in self.buttons.values():
            if button.toolButtonStyle() != style:
                button.setToolButtonStyle(style)

    def _on_topic_activated(self, _: int) -> None:
        self.topicChosen.emit(self.topic)

    def _on_button_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.actionRequested.emit(sender.objectName())
