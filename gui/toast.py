"""Short notes over the picture: what failed of what was asked for, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .icons import icon
from .theme import icon_side, set_cue, spaced

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtGui import QEnterEvent, QMouseEvent

    from ..core.problems import Problem

MOST_TOASTS = 3
SHOWN_MS = {"notice": 6_000, "warning": 10_000, "error": 15_000}
CHOICE_MS = 20_000
DETAILS = (("details", "Details", "Show it in the list of problems"),)
GLYPHS = {
    "notice": ("notice", "accent"),
    "warning": ("problems", "warn"),
    "error": ("error", "bad"),
}
WIDTH_CHARACTERS = 46


class Toast(QFrame):
    """One note; a click or its time makes it go, the pointer on it makes it stay.

    Parameters
    ----------
    problem : Problem
        What it tells.
    choices : sequence of tuple of str
        Name, label and tip of each button; `chosen` carries the name.
    """

    closed = pyqtSignal()
    chosen = pyqtSignal(str)

    def __init__(
        self, problem: Problem, parent: QWidget, choices: Sequence[tuple[str, str, str]] = DETAILS
    ) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.setProperty("severity", problem.severity)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.problem = problem
        self._lay_out(choices)
        self.setFixedWidth(self.fontMetrics().averageCharWidth() * WIDTH_CHARACTERS)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        is_question = tuple(choices) != DETAILS
        self._timer.setInterval(CHOICE_MS if is_question else SHOWN_MS[problem.severity])
        self._timer.timeout.connect(self.dismiss)
        self._timer.start()

    def update_problem(self, problem: Problem) -> None:
        """The same trouble again: count it and stay a while longer."""
        self.problem = problem
        self._title.setText(_titled(problem))
        self._timer.start()

    def dismiss(self) -> None:
        """Go away."""
        self._timer.stop()
        self.hide()
        self.closed.emit()
        self.deleteLater()

    def enterEvent(self, event: QEnterEvent | None) -> None:
        """Stay while it is being read."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent | None) -> None:
        """Go after a while."""
        self._timer.start()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Keep the click from the picture below."""
        if event is not None:
            event.accept()

    def _lay_out(self, choices: Sequence[tuple[str, str, str]]) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(spaced(2), spaced(2), spaced(2), spaced(2))
        column.setSpacing(spaced(1))
        column.addLayout(self._made_heading())
        for text, cue in ((self.problem.text, ""), (self.problem.hint, "muted")):
            if text:
                line = QLabel(text)
                line.setWordWrap(True)
                line.setTextFormat(Qt.TextFormat.PlainText)
                set_cue(line, cue)
                column.addWidget(line)
        self.buttons = {name: self._made_button(name, text, tip) for name, text, tip in choices}
        row = QHBoxLayout()
        row.setSpacing(spaced(2))
        row.addStretch(1)
        for button in self.buttons.values():
            row.addWidget(button)
        column.addLayout(row)

    def _made_button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolTip(tip)
        button.clicked.connect(lambda: self._choose(name))
        return button

    def _choose(self, name: str) -> None:
        self.chosen.emit(name)
        self.dismiss()

    def _made_heading(self) -> QHBoxLayout:
        name, role = GLYPHS[self.problem.severity]
        glyph = QLabel()
        side = icon_side(self)
        glyph.setPixmap(icon(name, role).pixmap(side, side))
        self._title = QLabel(_titled(self.problem))
        self._title.setObjectName("toastTitle")
        self._title.setWordWrap(True)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("close", "muted"))
        self.close_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.close_button.setToolTip("Close")
        self.close_button.clicked.connect(self.dismiss)
        row = QHBoxLayout()
        row.setSpacing(spaced(2))
        row.addWidget(glyph)
        row.addWidget(self._title, 1)
        row.addWidget(self.close_button)
        return row


def _titled(problem: Problem) -> str:
    return f"{problem.title} ({problem.count} times)" if problem.count > 1 else problem.title


class ToastStack(QObject):
    """At most three notes in the top right corner of a widget; the keyboard stays where it is."""

    detailsRequested = pyqtSignal(object)

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._toasts: list[Toast] = []
        over.installEventFilter(self)

    @property
    def toasts(self) -> tuple[Toast, ...]:
        """Notes on the screen, oldest first."""
        return tuple(self._toasts)

    def show_problem(self, problem: Problem) -> Toast:
        """Show a note; the same trouble again only raises the count of its note."""
        for toast in self._toasts:
            if _is_same(toast.problem, problem):
                toast.update_problem(problem)
                return toast
        return self._show(Toast(problem, self._over), self._on_details_requested)

    def show_choices(
        self,
        problem: Problem,
        choices: Sequence[tuple[str, str, str]],
        on_chosen: Callable[[str], object],
    ) -> Toast:
        """Show a note with buttons of its own.

        Parameters
        ----------
        problem : Problem
            What it tells.
        choices : sequence of tuple of str
            Name, label and tip of each button.
        on_chosen : callable
            Gets the name of the button pressed.
        """
        return self._show(Toast(problem, self._over, choices), on_chosen)

    def _show(self, toast: Toast, on_chosen: Callable[[str], object]) -> Toast:
        while len(self._toasts) >= MOST_TOASTS:
            self._toasts[0].dismiss()
        toast.closed.connect(self._on_toast_closed)
        toast.chosen.connect(on_chosen)
        self._toasts.append(toast)
        self.place()
        toast.show()
        return toast

    def clear(self) -> None:
        """Take all notes away."""
        for toast in self.toasts:
            toast.dismiss()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Follow the size of the widget."""
        if event is not None and event.type() == QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)

    def place(self) -> None:
        """Keep the notes in their corner, above everything else there."""
        top = spaced(2)
        for toast in self._toasts:
            toast.adjustSize()
            height = max(toast.heightForWidth(toast.width()), toast.sizeHint().height())
            toast.resize(toast.width(), height)
            toast.move(self._over.width() - toast.width() - spaced(2), top)
            toast.raise_()
            top += height + spaced(2)

    def _on_toast_closed(self) -> None:
        toast = self.sender()
        self._toasts = [one for one in self._toasts if one is not toast]
        self.place()

    def _on_details_requested(self, _: str) -> None:
        toast = self.sender()
        if isinstance(toast, Toast):
            self.detailsRequested.emit(toast.problem)


def _is_same(one: Problem, other: Problem) -> bool:
    return (one.severity, one.title, one.text, one.path) == (
        other.severity,
        other.title,
        other.text,
        other.path,
    )
