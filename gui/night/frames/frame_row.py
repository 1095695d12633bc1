"""The row that chooses a frame: camera, raw or binned, slot, newest; and what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QWidget,
)

from ...icons import icon
from ...theme import ALIGN_NUMBER, icon_side, set_cue, spaced, tabular_font
from ...widgets.elided_label import ElidedLabel
from ...widgets.number_label import EMPTY, NumberLabel
from ...widgets.parts import muted_label
from .flow import FlowLayout

if TYPE_CHECKING:
    from collections.abc import Sequence

RAW, BINNED = "raw", "binned"
KINDS = ((RAW, "Raw frames"), (BINNED, "Binned images"))
MOST_SLOT = 99_999_999
WIDEST_PLACE = "no. 88"
WIDEST_UTC = "2088-08-28 88:88:88.8 UTC"


class FrameRow(QWidget):
    """Chooses what is shown.

    Signals: `cameraChosen` with its id, `kindChosen` with "raw" or "binned", `slotRequested` with
    a slot, `stepRequested` with -1 or 1, `newestToggled`, `markRequested` with whether the frame
    is bad, `overlayToggled` with whether the choices of the overlay are wanted.
    """

    cameraChosen = pyqtSignal(str)
    kindChosen = pyqtSignal(str)
    slotRequested = pyqtSignal(int)
    stepRequested = pyqtSignal(int)
    newestToggled = pyqtSignal(bool)
    markRequested = pyqtSignal(bool)
    overlayToggled = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.camera_combo = self._made_combo("Camera")
        self.kind_combo = self._made_combo("Raw frames or binned images")
        for kind, text in KINDS:
            self.kind_combo.addItem(text, kind)
        self.back = self._made_button("previous", "Previous frame")
        self.forth = self._made_button("next", "Next frame")
        self.slot_field = self._made_slot_field()
        self.newest = self._made_newest()
        self.place = NumberLabel(WIDEST_PLACE)
        self.place.setToolTip("Place within the batch of 50 slots, 0 to 49")
        self.utc = NumberLabel(WIDEST_UTC)
        self.utc.setToolTip("Middle of the exposure")
        self.note = ElidedLabel()
        self.mark = self._made_mark()
        self.over = self._made_over()
        self._lay_out()
        self._connect()
        self.set_cameras((), "")
        self.set_kind(RAW)
        self.set_frame(None, None, None)

    def _lay_out(self) -> None:
        around = QWidget()
        inner = QHBoxLayout(around)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(spaced(1))
        for one in (self.back, muted_label("Slot"), self.slot_field, self.forth):
            inner.addWidget(one)
        self.note.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        flow = FlowLayout(spaced(1))
        for widget in (
            self.camera_combo, self.kind_combo, around, self.newest, self.over, self.mark,
            self.place, self.utc, self.note,
        ):  # fmt: skip
            flow.addWidget(widget)
        self.setLayout(flow)

    def _connect(self) -> None:
        self.camera_combo.currentTextChanged.connect(self.cameraChosen)
        self.kind_combo.currentIndexChanged.connect(self._on_kind_changed)
        self.slot_field.valueChanged.connect(self._on_slot_changed)
        self.back.clicked.connect(self._on_step_clicked)
        self.forth.clicked.connect(self._on_step_clicked)
        self.newest.clicked.connect(self.newestToggled)
        self.over.clicked.connect(self.overlayToggled)

    # What is shown

    def set_cameras(self, cameras: Sequence[str], chosen: str) -> None:
        """Offer these cameras; nothing is told."""
        combo = self.camera_combo
        with QSignalBlocker(combo):
            if [combo.itemText(place) for place in range(combo.count())] != list(cameras):
                combo.clear()
                combo.addItems(cameras)
            combo.setCurrentText(chosen)
        combo.setEnabled(len(cameras) > 0)

    def set_kind(self, kind: str) -> None:
        """Show whether frames are raw or binned."""
        with QSignalBlocker(self.kind_combo):
            self.kind_combo.setCurrentIndex(max(0, self.kind_combo.findData(kind)))
        self.mark.setVisible(kind == RAW)

    def set_frame(self, lstseq: int | None, place: str | None, utc: str | None) -> None:
        """Show which frame is on the screen; not while a slot is being typed."""
        self.place.show_text(place)
        self.utc.show_text(utc)
        for widget in (self.slot_field, self.back, self.forth, self.mark, self.newest):
            widget.setEnabled(lstseq is not None)
        if lstseq is not None and self._is_typing():
            return
        with QSignalBlocker(self.slot_field):
            self.slot_field.setValue(lstseq or 0)

    def set_newest(self, is_newest: bool) -> None:
        """Show whether the newest frame is shown as it comes."""
        self.newest.setChecked(is_newest)

    def set_note(self, text: str, cue: str = "muted") -> None:
        """Say something about the frame in a few words."""
        self.note.show_whole(text)
        set_cue(self.note, cue)

    # What is made

    def _made_combo(self, name: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setToolTip(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return combo

    def _made_button(self, drawing: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(drawing))
        side = icon_side(button)
        button.setIconSize(button.iconSize().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _made_newest(self) -> QToolButton:
        button = self._made_button("live", "Show the newest frame as it comes")
        button.setText("Newest")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setCheckable(True)
        return button

    def _made_over(self) -> QToolButton:
        button = self._made_button("expand", "Choose what lies over the frame")
        button.setText("Overlay")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setCheckable(True)
        button.hide()
        return button

    def _made_slot_field(self) -> QSpinBox:
        field = QSpinBox()
        field.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        field.setKeyboardTracking(False)
        field.setRange(0, MOST_SLOT)
        field.setSpecialValueText(EMPTY)
        field.setAlignment(ALIGN_NUMBER)
        field.setFont(tabular_font(field.font()))
        field.setMinimumWidth(self.fontMetrics().horizontalAdvance("88888888") + spaced(5))
        field.setToolTip("LST sequence number of the slot; Enter goes to the frame nearest to it")
        field.setAccessibleName("Slot")
        return field

    def _made_mark(self) -> QToolButton:
        button = self._made_button(
            "exclude", "Leave this frame out of the reduction; its batch is made again"
        )
        button.setText("Mark bad")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QMenu(button)
        again = QAction("&Take this frame in again", menu)
        again.triggered.connect(self._on_unmark_chosen)
        menu.addAction(again)
        button.setMenu(menu)
        button.clicked.connect(self._on_mark_clicked)
        return button

    # What the observer does

    def _is_typing(self) -> bool:
        edit = self.slot_field.lineEdit()
        return edit is not None and edit.isModified() and self.slot_field.hasFocus()

    def _on_kind_changed(self, place: int) -> None:
        self.kindChosen.emit(str(self.kind_combo.itemData(place)))

    def _on_slot_changed(self, lstseq: int) -> None:
        edit = self.slot_field.lineEdit()
        if edit is not None:
            edit.setModified(False)
        self.slotRequested.emit(lstseq)

    def _on_step_clicked(self) -> None:
        self.stepRequested.emit(-1 if self.sender() is self.back else 1)

    def _on_mark_clicked(self) -> None:
        self.markRequested.emit(True)

    def _on_unmark_chosen(self) -> None:
        self.markRequested.emit(False)
