"""The icon set: all drawings alike, painted in the colours of the theme."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from importlib.resources import files

import pytest
from nightglass.gui.icons import app_icon, icon, icon_names
from nightglass.gui.theme import apply_theme, faded
from PyQt6.QtCore import QSize
from PyQt6.QtGui import QIcon, QImage, QPixmap
from PyQt6.QtWidgets import QToolButton

DRAWINGS = files("nightglass.resources") / "icons"


@pytest.fixture
def dressed(qapp):
    font, colours = qapp.font(), qapp.palette()
    yield lambda name: apply_theme(qapp, name)
    apply_theme(qapp, "dark")
    qapp.setStyleSheet("")
    qapp.setFont(font)
    qapp.setPalette(colours)


def inks(pixmap: QPixmap) -> set[str]:
    image = pixmap.toImage()
    every = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {colour.name() for colour in every if colour.alpha() == 255}


@pytest.mark.parametrize("name", sorted(icon_names()))
def test_drawing_is_a_24_px_line_drawing_without_colours(name):
    root = ET.fromstring((DRAWINGS / f"{name}.svg").read_text("utf-8"))
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke") == "currentColor"
    for shape in root.iter():
        assert shape.get("fill") in (None, "none", "currentColor")


def test_every_icon_paints_in_the_colour_of_the_text(dressed):
    roles = dressed("dark")
    blank = [name for name in icon_names() if roles.text not in inks(icon(name).pixmap(48, 48))]
    assert blank == []


def test_icon_made_before_follows_the_theme(dressed):
    dressed("dark")
    made = icon("play")
    made.pixmap(24, 24)
    roles = dressed("red")
    assert roles.text in inks(made.pixmap(24, 24))


def test_disabled_icon_is_faded(dressed):
    roles = dressed("light")
    assert faded(roles) in inks(icon("play").pixmap(QSize(24, 24), QIcon.Mode.Disabled))


def test_icon_takes_the_colour_of_its_role(dressed):
    roles = dressed("dark")
    assert roles.bad in inks(icon("play", "bad").pixmap(24, 24))


def test_icon_is_sharp_at_double_scale(qapp):
    assert icon("play").pixmap(QSize(24, 24), 2.0).size() == QSize(48, 48)


def test_copied_icon_paints_after_its_original_is_gone(qapp):
    original = icon("play")
    copied = QIcon(original)
    del original
    copied.addPixmap(QPixmap())
    assert not copied.pixmap(24, 24).isNull()


def test_icon_paints_on_a_button(qapp, qtbot):
    button = QToolButton()
    qtbot.addWidget(button)
    button.setIcon(icon("play"))
    button.setIconSize(QSize(32, 32))
    assert len({*inks(button.grab())}) > 1


def test_unknown_icon_is_refused():
    with pytest.raises(KeyError, match="rocket"):
        icon("rocket")


def test_application_icon_has_all_sizes(qapp):
    sizes = {size.width() for size in app_icon().availableSizes()}
    assert {16, 32, 48, 256} <= sizes


def test_application_picture_for_the_desktop_is_256_px():
    picture = QImage()
    assert picture.loadFromData((DRAWINGS / "nightglass.png").read_bytes())
    assert (picture.width(), picture.height()) == (256, 256)
