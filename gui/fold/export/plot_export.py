"""The plots of the fold as PNG, SVG or PDF: as they stand in the window, words and lines sharp."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PyQt6.QtCore import QBuffer, QIODevice, QMarginsF, QPoint, QRect, QSizeF
from PyQt6.QtGui import QImage, QPageSize, QPaintDevice, QPainter, QPdfWriter
from PyQt6.QtSvg import QSvgGenerator
from PyQt6.QtWidgets import QGraphicsItem, QGraphicsView, QWidget

from ....core.errors import NightglassError
from ....core.lightspeed.fold.files.tables import require_suffix
from ....core.lightspeed.products import new_file
from ...theme import THEMES
from .plot_page import Page, profile_names, title_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ....core.lightspeed.fold.result import FoldResult
    from ...theme import Roles

PLOT_SUFFIXES = (".pdf", ".png", ".svg")
DPI = 300
WHITE = "#ffffff"
# Plots are laid out in the pixels of the window, of which an inch has so many.
_PIXELS_PER_INCH = 96
_METRES_PER_INCH = 0.0254
_POINTS_PER_INCH = 72


class Plot(Protocol):
    """A widget that draws in the colours it is given."""

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""


def white_roles() -> Roles:
    """Colours of the light theme on white paper."""
    return replace(
        THEMES["light"], background=WHITE, panel=WHITE, field=WHITE, view_background=WHITE
    )


def export_plots(
    plots: Sequence[Plot],
    path: str | Path,
    result: FoldResult,
    *,
    worn: Roles,
    is_white: bool = True,
    clobber: bool = False,
) -> Path:
    """Write plots as one picture, placed as in the window.

    Parameters
    ----------
    plots : sequence of widgets of one window
        Those that are hidden are left out.
    path : path-like
        Ends in ``.pdf``, ``.png`` (300 dots per inch) or ``.svg``.
    result : FoldResult
        What they show; told above them.
    worn : Roles
        Colours of the window, which the plots are left in.
    is_white : bool
        Whether the picture is dark on white paper; otherwise it has the colours of the window.
    clobber : bool
        Whether a file of this name may be replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    NightglassError
        If no plot is visible, the file exists or cannot be written; nothing is left then.
    """
    path = Path(path)
    suffix = require_suffix(path, PLOT_SUFFIXES, "a plot")
    shown = [plot for plot in plots if isinstance(plot, QWidget) and plot.isVisible()]
    if not shown:
        raise NightglassError(
            "No plot to write", "The plots of the fold are not shown.",
            "Open the panel of the fold.", path,
        )  # fmt: skip
    roles = white_roles() if is_white else worn
    page = Page(shown, title_lines(result), profile_names(result), roles)
    with new_file(path, clobber=clobber) as temporary, _prepared(plots, roles, worn):
        temporary.write_bytes(_WRITERS[suffix](page))
    return path


@contextmanager
def _prepared(plots: Sequence[Plot], roles: Roles, worn: Roles) -> Iterator[None]:
    """Lend plots other colours and take the pictures they keep of themselves out of the way.

    All is as it was before the window is painted again.
    """
    views = [plot for plot in plots if isinstance(plot, QGraphicsView)]
    kept = [(view, view.cacheMode()) for view in views]
    items = [
        (item, item.cacheMode())
        for view in views
        for item in view.items()
        if item.cacheMode() != QGraphicsItem.CacheMode.NoCache
    ]
    for plot in plots:
        plot.set_roles(roles)
    for view in views:
        view.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
    for item, _ in items:
        item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
    try:
        yield
    finally:
        for item, mode in items:
            item.setCacheMode(mode)
        for view, flag in kept:
            view.setCacheMode(flag)
        for plot in plots:
            plot.set_roles(worn)


def _pdf(page: Page) -> bytes:
    buffer = _buffer()
    device = QPdfWriter(buffer)
    device.setResolution(_PIXELS_PER_INCH)
    points = QSizeF(page.size) * (_POINTS_PER_INCH / _PIXELS_PER_INCH)
    device.setPageSize(QPageSize(points, QPageSize.Unit.Point))
    device.setPageMargins(QMarginsF())
    _paint(page, device)
    return _content(buffer)


def _svg(page: Page) -> bytes:
    buffer = _buffer()
    device = QSvgGenerator()
    device.setOutputDevice(buffer)
    device.setResolution(_PIXELS_PER_INCH)
    device.setSize(page.size)
    device.setViewBox(QRect(QPoint(), page.size))
    device.setTitle("Fold")
    _paint(page, device)
    return _content(buffer)


def _png(page: Page) -> bytes:
    """Give the page as 300 dots per inch, by way of PDF: lines of one pixel grow with the rest."""
    from PyQt6.QtPdf import QPdfDocument

    source = QBuffer()
    source.setData(_pdf(page))
    source.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument(None)
    document.load(source)
    size = (QSizeF(page.size) * (DPI / _PIXELS_PER_INCH)).toSize()
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(page.paper)
    painter = QPainter(image)
    painter.drawImage(0, 0, document.render(0, size))
    painter.end()
    document.close()
    image.setDotsPerMeterX(round(DPI / _METRES_PER_INCH))
    image.setDotsPerMeterY(round(DPI / _METRES_PER_INCH))
    buffer = _buffer()
    if not image.save(buffer, "PNG"):
        raise OSError("the picture was refused")
    return _content(buffer)


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _content(buffer: QBuffer) -> bytes:
    return bytes(buffer.data().data())


def _paint(page: Page, device: QPaintDevice) -> None:
    painter = QPainter()
    if not painter.begin(device):
        raise OSError("the picture could not be begun")
    try:
        page.draw(painter)
    finally:
        painter.end()


_WRITERS = {".pdf": _pdf, ".svg": _svg, ".png": _png}
