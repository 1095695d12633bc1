"""Pictures and movies on their way to files and to the clipboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QMarginsF, QObject, QRectF, QSizeF
from PyQt6.QtGui import QGuiApplication, QImage, QPageSize, QPainter, QPdfWriter
from PyQt6.QtWidgets import QFileDialog

from ...core.atomic import replacing
from ...core.errors import NightglassError
from ..movie_dialog import MovieDialog

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from ...core.workbench import Workbench
    from ..frame.tiles import FrameArea

PICTURE_FILES = "PNG picture (*.png);;PDF document (*.pdf)"
TABLE_FILES = "Comma-separated values (*.csv)"
POINTS_PER_PIXEL = 0.75
PDF_DPI = 300


class ExportController(QObject):
    """Saves what is on the screen."""

    def __init__(self, workbench: Workbench, area: FrameArea, window: QWidget) -> None:
        super().__init__(window)
        self._bench = workbench
        self._area = area
        self._window = window

    def picture(self) -> QImage:
        """The frame view as it is on the screen, marks included.

        Raises
        ------
        NightglassError
            If no frame is shown.
        """
        self._bench.pictures.request()
        return self._area.grab().toImage()

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setImage(self.picture())

    def ask_to_save(self) -> None:
        """Choose a name and save the picture."""
        image = self.picture()
        name, chosen = QFileDialog.getSaveFileName(
            self._window, "Save the view", str(self._place_of_frame(".png")), PICTURE_FILES
        )
        if name:
            path = Path(name)
            if path.suffix.lower() not in (".png", ".pdf"):
                path = path.with_name(path.name + (".pdf" if "pdf" in chosen else ".png"))
            save_picture(image, path)
            self._tell(path)

    def ask_for_movie(self) -> None:
        """Choose name, speed and step, and write the play range."""
        first, last = self._bench.pictures.play_span()
        dialog = MovieDialog(self._place_of_frame(".mp4"), last - first + 1, self._window)
        is_wanted = dialog.exec()
        wanted = dialog.answer()
        dialog.deleteLater()
        if is_wanted:
            self._bench.export_movie(wanted.path, wanted.fps, wanted.step, self._tell)

    def ask_for_table(self) -> None:
        """Choose a name and write time and counts of every frame."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Save the frame table", str(self._place("_frames.csv")), TABLE_FILES
        )
        if name:
            path = Path(name)
            path = path if path.suffix else path.with_name(path.name + ".csv")
            self._bench.export_frame_table(path, self._tell)

    def _place_of_frame(self, suffix: str) -> Path:
        capture, frame = self._bench.capture, self._bench.session.view.frame
        shown = None if capture is None else capture.stand_in
        what = f"frame{frame + 1}" if shown is None else shown.label.slug
        return self._place(f"_{what}{suffix}")

    def _place(self, ending: str) -> Path:
        capture = self._bench.capture
        settings = self._bench.settings
        folder = settings.export_folder or settings.data_folder or Path.cwd()
        return folder / f"{'view' if capture is None else capture.source.name}{ending}"

    def _tell(self, path: Path) -> None:
        self._bench.problems.note("notice", "Saved", f"{path.name} is written.", "", path)


def save_picture(image: QImage, path: Path) -> None:
    """Write a picture as PNG or PDF; the file is complete or absent.

    Raises
    ------
    NightglassError
        If it cannot be written.
    """
    try:
        with replacing(path) as temporary:
            if path.suffix.lower() == ".pdf":
                _write_pdf(image, temporary)
            elif not image.save(str(temporary), "PNG"):
                raise OSError(f"{path.name} was refused")
    except OSError as error:
        reason = error.strerror or str(error)
        raise NightglassError(
            "Could not save the view", f"{reason}.", "Choose another folder.", path
        ) from error


def _write_pdf(image: QImage, path: Path) -> None:
    """One page of exactly the size of the picture."""
    ratio = image.devicePixelRatio()
    size = QSizeF(image.width() / ratio, image.height() / ratio) * POINTS_PER_PIXEL
    writer = QPdfWriter(str(path))
    writer.setResolution(PDF_DPI)
    writer.setPageSize(QPageSize(size, QPageSize.Unit.Point))
    writer.setPageMargins(QMarginsF())
    painter = QPainter()
    if not painter.begin(writer):
        raise OSError("the document could not be begun")
    painter.drawImage(QRectF(0, 0, writer.width(), writer.height()), image)
    painter.end()
