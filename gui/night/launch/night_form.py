"""What is reduced: folders, cameras, catalogue, live or not, processes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QSpinBox, QWidget

from ....core.mascara.night.request import IDLE_S, NightRequest
from ...theme import ALIGN_NUMBER, spaced
from ...widgets.parts import muted_label
from .camera_boxes import CameraBoxes
from .path_rows import FolderRows, PathRow
from .tab_order import lead_on

if TYPE_CHECKING:
    from ....core.workbench.night.preflight import Preflight

CATALOGUES = "Star catalogues (*.csv *.dat *.txt *.fits *.fits.gz *.hdf5 *.npz);;All files (*)"
NO_CATALOGUE = "the one beside the raw frames, else the one that was imported"
USUAL_WORKERS = 2
LONGEST_IDLE_S = 86_400


class NightForm(QWidget):
    """The lines of a `NightRequest`; `edited` is emitted for what the observer does."""

    edited = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_output_typed = False
        self._is_held = False
        self.raw = FolderRows("Folder of raw frames")
        self.output = PathRow("Folder of the products", is_folder=True)
        self.output.line.setPlaceholderText("proposed once the night is known")
        self.cameras = CameraBoxes()
        self.cameras.setMinimumHeight(self.output.sizeHint().height())
        self.catalogue = PathRow("Star catalogue", is_folder=False, files=CATALOGUES)
        self.catalogue.line.setPlaceholderText(NO_CATALOGUE)
        self.live = QCheckBox("The cameras still &write")
        self.live.setToolTip("Reduce the frames as they come, and go on until the night is over")
        self.idle = _spin(10, LONGEST_IDLE_S, int(IDLE_S), "Silence after which it is over")
        self.idle.setSingleStep(60)
        self.workers = _spin(1, max(USUAL_WORKERS, os.cpu_count() or 1), USUAL_WORKERS, "Processes")
        self.workers.setToolTip("Units that are reduced at the same time, each by a process")
        self._lay_out()
        self._connect()
        self._on_live(False)

    def _connect(self) -> None:
        for part in (self.raw, self.cameras, self.catalogue):
            part.edited.connect(self.edited)
        self.output.edited.connect(self._on_output)
        self.live.toggled.connect(self._on_live)
        for box in (self.idle, self.workers):
            box.valueChanged.connect(self._on_value)

    def request(self, config: Path | None) -> NightRequest | None:
        """What is asked for; None while there is no raw folder or no output."""
        output = self.output.path
        return None if output is None else self._request(output, config)

    def question(self, config: Path | None) -> NightRequest | None:
        """What is to be looked at: an output that nobody typed is to be proposed."""
        typed = self.output.path if self._is_output_typed else None
        return self._request(typed or Path(), config)

    def _request(self, output: Path, config: Path | None) -> NightRequest | None:
        if not self.raw.paths:
            return None
        return NightRequest(
            raw=self.raw.paths,
            output=output,
            cameras=self.cameras.chosen,
            catalogue=self.catalogue.path,
            config=config,
            workers=self.workers.value(),
            is_live=self.live.isChecked(),
            idle_s=float(self.idle.value()),
            resume=self._is_held,
        )

    def show_preflight(self, found: Preflight) -> None:
        """Offer the cameras that were found, and an output where none was typed."""
        self._is_held = found.is_held
        self.cameras.show_cameras(found.cameras, found.site)
        # The boxes came after all else that Tab goes to.
        lead_on(self.output.button, *self.cameras.boxes.values(), self.catalogue.line)
        if not self._is_output_typed:
            self.output.show_path(found.proposed)

    def show_request(self, request: NightRequest) -> None:
        """Enter a request."""
        self.raw.show_paths(request.raw)
        self._is_output_typed = request.output != Path()
        self.output.show_path(request.output if self._is_output_typed else None)
        self.catalogue.show_path(request.catalogue)
        with QSignalBlocker(self.live), QSignalBlocker(self.idle), QSignalBlocker(self.workers):
            self.live.setChecked(request.is_live)
            self.idle.setValue(round(request.idle_s))
            self.workers.setValue(request.workers)
        self.idle.setEnabled(request.is_live)

    @property
    def missing(self) -> str:
        """What is still to be filled in, as a sentence; empty for nothing."""
        if not self.raw.paths:
            return "Choose a folder of raw frames."
        if self.cameras.has_none:
            return "Choose a camera at least."
        if self._is_output_typed and self.output.path is None:
            return "Choose a folder for the products."
        return ""

    # Parts

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, spaced(3), 0, 0)
        grid.setHorizontalSpacing(spaced(4))
        grid.setVerticalSpacing(spaced(3))
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        lines: tuple[tuple[str, QWidget, QWidget], ...] = (
            ("&Raw frames", self.raw, self.raw),
            ("O&utput", self.output, self.output),
            ("&Cameras", self.cameras, self.cameras),
            ("Catalo&gue", self.catalogue, self.catalogue),
            ("Live", self._made_live_row(), self.live),
            ("&Processes", self._made_workers_row(), self.workers),
        )
        for row, (text, part, buddy) in enumerate(lines):
            label = QLabel(text)
            label.setBuddy(buddy)
            label.setContentsMargins(0, spaced(1) + 1, 0, 0)
            grid.addWidget(label, row, 0, top)
            grid.addWidget(part, row, 1)
        grid.setRowStretch(len(lines), 1)

    def _made_live_row(self) -> QWidget:
        self._over = QLabel("Over after a s&ilence of")
        self._over.setBuddy(self.idle)
        return _row(self.live, self._over, self.idle, muted_label("s"))

    def _made_workers_row(self) -> QWidget:
        return _row(self.workers, muted_label(f"of {os.cpu_count() or 1} processors"))

    # What the observer does

    def _on_output(self) -> None:
        self._is_output_typed = self.output.path is not None
        self.edited.emit()

    def _on_live(self, is_live: bool) -> None:
        self.idle.setEnabled(is_live)
        self._over.setEnabled(is_live)
        self.edited.emit()

    def _on_value(self, _: int) -> None:
        self.edited.emit()


def _spin(least: int, most: int, value: int, name: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(least, most)
    box.setValue(value)
    box.setGroupSeparatorShown(True)
    box.setAlignment(ALIGN_NUMBER)
    box.setAccessibleName(name)
    box.setFixedWidth(box.fontMetrics().averageCharWidth() * 10)
    return box


def _row(*parts: QWidget) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spaced(2))
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return made
