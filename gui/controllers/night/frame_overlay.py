"""What the reduction knows of the frame shown, laid over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from ....core.mascara.field.reader import FieldQuestion, FieldReader, record_for
from ...night.frames.field_layer import FieldLayer

if TYPE_CHECKING:
    from pathlib import Path

    from ....core.errors import NightglassError
    from ....core.mascara.field.overlay import FieldOverlay
    from ....core.mascara.field.residuals import StarResiduals
    from ....core.mascara.watching.snapshot import NightSnapshot
    from ....core.workbench import Workbench
    from ...frame.tiles import FrameArea
    from ...night.frames.looks import OverlayLook
    from ...night.frames.page import FramesPage
    from .frame_shelf import FrameShelf

Asked = tuple[object, ...]


class FrameOverlay(QObject):
    """Has the overlay of the frame on the screen computed, and tells which star is chosen.

    Parameters
    ----------
    workbench : Workbench
    shelf : FrameShelf
        Knows which captures are of the night.
    page : FramesPage
    parent : QObject
    """

    def __init__(
        self, workbench: Workbench, shelf: FrameShelf, page: FramesPage, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bench, self._shelf, self._page = workbench, shelf, page
        self._desk = workbench.night
        self.layer = FieldLayer()
        self._area: FrameArea | None = None
        self._snapshot: NightSnapshot | None = None
        self._reader: FieldReader | None = None
        self._reader_is_of: tuple[Path, int] | None = None
        self._asked: Asked | None = None
        self._measured: Asked | None = None
        page.overlay_row.lookChanged.connect(self._on_look_changed)

    def attach(self, area: FrameArea) -> None:
        """Lie over the pictures of a frame view."""
        if self._area is not None:
            return
        self._area = area
        view = area.views[0]
        view.add_overlay(self.layer)
        view.cursorMoved.connect(self._on_cursor_moved)
        view.clicked.connect(self._on_clicked)
        view.rolesChanged.connect(self.layer.set_roles)
        self.layer.set_look(self._page.overlay_row.look)

    def show_snapshot(self, snapshot: NightSnapshot | None) -> None:
        """Know the solutions of the night."""
        self._snapshot = snapshot
        # Each start of a reduction may bring another star table.
        night = None if snapshot is None else (snapshot.output, snapshot.status.starts)
        if night != self._reader_is_of:
            self._reader_is_of, self._asked = night, None
            self._reader = None if night is None else FieldReader(night[0])
        self.look()

    @property
    def _look(self) -> OverlayLook:
        return self._page.overlay_row.look

    def look(self) -> None:
        """Ask for the overlay of the frame on the screen, unless it is there."""
        question, reader = self._question(), self._reader
        self.layer.setVisible(question is not None)
        if question is None or reader is None:
            self._asked = self._measured = None
            self.layer.show_overlay(None)
            return
        asked = _what(question)
        if asked == self._asked or not self._look.needs_field:
            self._look_for_residuals(question)
            return
        self._asked = asked
        self._desk.latest(
            "field", lambda _: reader.overlay(question), "Find the stars of a frame",
            lambda found: self._take(question, found), self._refuse,
        )  # fmt: skip

    def _question(self) -> FieldQuestion | None:
        """What the picture on the screen is; None when it is not of the night."""
        snapshot, shown = self._snapshot, self._bench.pictures.shown.get("main")
        if snapshot is None or shown is None or shown.stand_in is not None:
            return None
        view = self._bench.session.view
        choice, source = self._shelf.choice_of(shown.capture), self._shelf.source_of(shown.capture)
        if choice is None or source is None or shown.capture != view.capture:
            return None
        if shown.frame >= source.n_frames:
            return None
        file = source.file(shown.frame)
        record = record_for(snapshot.records, choice[0], file.lstseq)
        return FieldQuestion(
            choice[0], file, choice[1], source.shape, record, snapshot.settings,
            self._look.faintest_vmag,
        )  # fmt: skip

    def _take(self, question: FieldQuestion, overlay: FieldOverlay) -> None:
        self.layer.show_overlay(overlay)
        self._measured = None
        self._look_for_residuals(question)

    def _refuse(self, error: NightglassError) -> None:
        self._asked = None
        self.layer.show_overlay(None)
        self._page.row.set_note(error.text, "warn")

    def _look_for_residuals(self, question: FieldQuestion) -> None:
        """Measure the stars where that is wanted, and the overlay is that of the frame."""
        overlay, reader, asked = self.layer.overlay, self._reader, _what(question)
        if not self._look.has_residuals or overlay is None or reader is None:
            return
        if asked == self._measured or overlay.lstseq != question.file.lstseq:
            return
        self._measured = asked
        self._desk.latest(
            "residuals", lambda _: reader.residuals(question, overlay),
            "Measure the stars of a frame", self._take_residuals, self._refuse_residuals,
        )  # fmt: skip

    def _take_residuals(self, found: StarResiduals) -> None:
        overlay = self.layer.overlay
        if overlay is not None and overlay.lstseq == found.lstseq:
            self.layer.show_residuals(found)

    def _refuse_residuals(self, error: NightglassError) -> None:
        self._page.row.set_note(error.text, "warn")

    # What happens

    def _on_look_changed(self, look: OverlayLook) -> None:
        self.layer.set_look(look)
        self.look()

    def _on_cursor_moved(self, x: float | None, y: float | None) -> None:
        if x is None or y is None or not self.layer.isVisible():
            self.layer.set_hovered(None)
        else:
            self.layer.set_hovered(self.layer.star_at(x, y))

    def _on_clicked(self, x: float, y: float) -> None:
        """A hand that draws regions takes its clicks away before."""
        star, overlay = self.layer.star_at(x, y), self.layer.overlay
        if star is not None and overlay is not None and self.layer.isVisible():
            self._desk.choose_star(int(overlay.ascc[star]))


def _what(question: FieldQuestion) -> Asked:
    """What tells two overlays apart: the frame, its solution, the stars."""
    record = question.record or {}
    return (
        question.file, question.is_binned, question.faintest_vmag, record.get("unit"),
        record.get("at"), id(question.record),
    )  # fmt: skip
