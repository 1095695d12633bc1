"""A par file as plain text in a window of its own."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ...clipboard import put_on_clipboard
from ...theme import set_cue, spaced
from ...widgets.elided_label import ElidedLabel
from .par_text import COLUMNS_SHOWN, ParText

LINES_SHOWN = 28


class ParDialog(QDialog):
    """Shows one par file; it deletes itself when it is closed.

    Parameters
    ----------
    name : str
        Of the file, or of a text without one.
    text : str
    place : str
        Path of the file; may be empty.
    notices : sequence of str
        What was put right when it was loaded, as sentences.
    """

    def __init__(
        self,
        name: str,
        text: str,
        place: str = "",
        notices: tuple[str, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(name)
        self.view = ParText(text)
        self.place = ElidedLabel()
        self.place.show_whole(place)
        self.place.setVisible(bool(place))
        set_cue(self.place, "muted")
        self.notices = QLabel("\n".join(notices))
        self.notices.setWordWrap(True)
        self.notices.setTextFormat(Qt.TextFormat.PlainText)
        self.notices.setVisible(bool(notices))
        column = QVBoxLayout(self)
        column.setContentsMargins(spaced(3), spaced(3), spaced(3), spaced(3))
        column.setSpacing(spaced(2))
        column.addWidget(self.place)
        column.addWidget(self.view, 1)
        column.addWidget(self.notices)
        column.addWidget(self._made_buttons())
        metrics = self.view.fontMetrics()
        wide = metrics.horizontalAdvance("8") * (COLUMNS_SHOWN + 4)
        self.resize(wide + spaced(6), metrics.lineSpacing() * LINES_SHOWN)
        self.view.setFocus()

    def _made_buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy_button = QPushButton("Copy")
        self.copy_button.setToolTip("Copy the whole file")
        self.copy_button.setAutoDefault(False)
        self.copy_button.clicked.connect(lambda: put_on_clipboard(self.view.toPlainText()))
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        return buttons
