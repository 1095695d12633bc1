"""The cameras of which raw frames were found, to be chosen from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QLabel

from ...theme import set_cue, spaced
from .tab_order import Leading

if TYPE_CHECKING:
    from collections.abc import Mapping

NONE_YET = "All that come; they are listed when frames are found."


class CameraBoxes(Leading):
    """A box for each camera; `edited` is emitted for what the observer does."""

    edited = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[str, QCheckBox] = {}
        self._left_out: set[str] = set()
        self._site = QLabel(NONE_YET)
        set_cue(self._site, "muted")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(spaced(4))
        self._row.addWidget(self._site)
        self._row.addStretch(1)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Ids of the cameras that are reduced; empty for all of them."""
        if all(box.isChecked() for box in self.boxes.values()):
            return ()
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    @property
    def has_none(self) -> bool:
        """Whether every camera is left out."""
        return bool(self.boxes) and not any(box.isChecked() for box in self.boxes.values())

    def show_cameras(self, frames: Mapping[str, int], site: str) -> None:
        """Offer cameras with their numbers of frames; those left out by hand stay so."""
        self._site.setText(site if frames else NONE_YET)
        if list(frames) != list(self.boxes):
            self._make(frames)
        for name, count in frames.items():
            box = self.boxes[name]
            box.setText(f"{name[-1]}  {count:,}")
            box.setToolTip(f"{name}: {count:,} frames so far")

    def _make(self, frames: Mapping[str, int]) -> None:
        for box in self.boxes.values():
            self._row.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.boxes = {}
        for place, name in enumerate(frames):
            box = QCheckBox()
            with QSignalBlocker(box):
                box.setChecked(name not in self._left_out)
            box.setObjectName(name)
            box.setAccessibleName(f"Camera {name}")
            box.toggled.connect(self._on_toggled)
            self._row.insertWidget(place, box)
            self.boxes[name] = box
        self.lead_to(next(iter(self.boxes.values()), None))

    def _on_toggled(self, is_chosen: bool) -> None:
        sender = self.sender()
        if sender is not None:
            (self._left_out.discard if is_chosen else self._left_out.add)(sender.objectName())
        self.edited.emit()
