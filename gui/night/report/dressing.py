"""The report in the colours of the theme and as wide as the window, made on a working thread.

The file itself stays black on white: it is printed, and read in the light of the day.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QImage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...theme import Roles

    Pixels = NDArray[np.uint8]

SCHEME = "picture:"
CELL_PX = 3
_PICTURE = re.compile(r'<img src="data:image/png;base64,([A-Za-z0-9+/=]+)" alt="([^"]*)">')
_BODY = re.compile(r"<body>(.*)</body>", re.DOTALL)
_LIGHT = "light"


@dataclass(frozen=True, eq=False)
class ReportContent:
    """A report, its pictures taken out.

    Attributes
    ----------
    body : str
        HTML with ``{0}``, ``{1}``, ... (between NUL characters) in the places of pictures.
    pictures : tuple of QImage
    names : tuple of str
        What each picture shows.
    """

    body: str
    pictures: tuple[QImage, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class DressedReport:
    """A report as a text browser shows it.

    Attributes
    ----------
    html : str
    pictures : dict of str to QImage
        By address.
    width_px : int
        For which it was made.
    """

    html: str
    pictures: dict[str, QImage]
    width_px: int


def content_of(html: str) -> ReportContent:
    """Take a report apart."""
    pictures: list[QImage] = []
    names: list[str] = []

    def take_out(found: re.Match[str]) -> str:
        pictures.append(QImage.fromData(b64decode(found[1]), "PNG"))
        names.append(found[2])
        return f"\0{len(pictures) - 1}\0"

    body = _PICTURE.sub(take_out, html)
    found = _BODY.search(body)
    return ReportContent(found[1] if found else body, tuple(pictures), tuple(names))


def dressed(content: ReportContent, roles: Roles, width_px: int, ratio: float) -> DressedReport:
    """Put a report into the colours of a theme.

    Parameters
    ----------
    content : ReportContent
    roles : Roles
    width_px : int
        Widest picture, in logical pixels.
    ratio : float
        Device pixels of a logical one.
    """
    html = content.body
    pictures: dict[str, QImage] = {}
    for place, picture in enumerate(content.pictures):
        width = min(width_px, picture.width())
        shown = _tinted(_scaled(picture, round(width * ratio)), roles)
        shown.setDevicePixelRatio(ratio)
        address = f"{SCHEME}{place}"
        pictures[address] = shown
        height = round(shown.height() / ratio)
        name = content.names[place]
        html = html.replace(
            f"\0{place}\0", f'<img src="{address}" width="{width}" height="{height}" alt="{name}">'
        )
    return DressedReport(_with_lines(html, roles), pictures, width_px)


def _with_lines(html: str, roles: Roles) -> str:
    """Tables with lines and numbers at the right, as the style sheet of the file has it."""
    table = (
        f'<table border="1" cellspacing="0" cellpadding="{CELL_PX}" '
        f'style="border-collapse: collapse; border-color: {roles.line}">'
    )
    html = html.replace("<table>", table).replace('<td class="number">', '<td align="right">')
    return re.sub(r"<th( scope=\"\w+\")?>", f'<th align="left" bgcolor="{roles.background}">', html)


def _scaled(picture: QImage, width: int) -> QImage:
    return picture.scaledToWidth(max(1, width), Qt.TransformationMode.SmoothTransformation)


def _tinted(picture: QImage, roles: Roles) -> QImage:
    """Dark paper in a dark theme, hues as they are; red alone in the red one."""
    if roles.name == _LIGHT or picture.isNull():
        return picture
    pixels = _pixels_of(picture)
    turned = _red(pixels) if roles.name == "red" else _turned(pixels)
    mixed = _between(turned, roles)
    if roles.name != "red":
        # Colours keep more of themselves than grey does.
        mixed = np.maximum(mixed, turned - turned // 10)
    return _image_of(mixed)


def _between(pixels: Pixels, roles: Roles) -> Pixels:
    """From the paper of a theme, for 0, to its ink, for 255."""
    levels = np.arange(256)
    mixed = np.empty_like(pixels)
    for channel in range(3):
        paper, ink = (QColor(one).getRgb()[channel] or 0 for one in (roles.field, roles.text))
        table = (paper + levels * (ink - paper) // 255).astype(np.uint8)
        mixed[:, :, channel] = table[pixels[:, :, channel]]
    return mixed


def _turned(pixels: Pixels) -> Pixels:
    """Light for dark, at the same hue."""
    red, green, blue = (pixels[:, :, channel].astype(np.int16) for channel in range(3))
    high, low = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    shift = 255 - high - low
    return np.stack([(one + shift).astype(np.uint8) for one in (red, green, blue)], axis=2)


def _red(pixels: Pixels) -> Pixels:
    """Darkness as brightness, in all three channels."""
    red, green, blue = (pixels[:, :, channel].astype(np.uint16) for channel in range(3))
    dark = 255 - (54 * red + 183 * green + 19 * blue) // 256
    return np.repeat(dark[:, :, np.newaxis], 3, axis=2).astype(np.uint8)


def _pixels_of(picture: QImage) -> Pixels:
    image = picture.convertToFormat(QImage.Format.Format_RGB888)
    bits = image.constBits()
    assert bits is not None
    rows = np.frombuffer(bits.asstring(image.sizeInBytes()), np.uint8)
    rows = rows.reshape(image.height(), image.bytesPerLine())[:, : 3 * image.width()]
    return rows.reshape(image.height(), image.width(), 3)


def _image_of(pixels: Pixels) -> QImage:
    height, width, _ = pixels.shape
    data = np.ascontiguousarray(pixels).tobytes()
    return QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
