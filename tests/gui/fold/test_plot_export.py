"""The plots of the fold in files: pictures, and documents that Qt reads back."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from nightglass.core.errors import NightglassError
from nightglass.gui.fold.export.plot_export import export_plots, white_roles
from nightglass.gui.fold.export.plot_page import profile_names, title_lines
from nightglass.gui.fold.panel import FoldPanel
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QImage, QPainter
from PyQt6.QtPdf import QPdfDocument
from PyQt6.QtSvg import QSvgRenderer

from .made import made_result

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

DARK = THEMES["dark"]
RESULT = made_result()


@pytest.fixture
def panel(qtbot: QtBot) -> FoldPanel:
    made = FoldPanel()
    qtbot.addWidget(made)
    made.set_roles(DARK)
    made.resize(1200, 400)
    with qtbot.waitExposed(made):
        made.show()
    made.show_result(RESULT)
    return made


def written(panel: FoldPanel, path: Path, **options) -> Path:
    plots = (panel.profile, panel.raster, panel.growth)
    return export_plots(plots, path, RESULT, worn=DARK, **options)


def picture(path: Path) -> QImage:
    """Any of the files as a picture of 800 pixels across."""
    if path.suffix == ".png":
        return QImage(str(path)).scaledToWidth(800)
    if path.suffix == ".pdf":
        document = QPdfDocument(None)
        document.load(str(path))
        size = document.pagePointSize(0)
        drawn = document.render(0, QSize(800, round(800 * size.height() / size.width())))
        document.close()
    else:
        renderer = QSvgRenderer(str(path))
        size = renderer.defaultSize().scaled(800, 800, Qt.AspectRatioMode.KeepAspectRatio)
        drawn = QImage(size, QImage.Format.Format_RGB32)
        painter = QPainter(drawn)
        renderer.render(painter)
        painter.end()
    return drawn


def colours(image: QImage) -> Counter[str]:
    return Counter(
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)
    )  # fmt: skip


@pytest.mark.parametrize("suffix", [".pdf", ".png", ".svg"])
def test_each_kind_of_file_shows_the_plots_on_white_paper(
    panel: FoldPanel, tmp_path: Path, suffix: str
) -> None:
    image = picture(written(panel, tmp_path / f"a{suffix}"))
    assert image.pixelColor(2, 2).name() == "#ffffff"
    seen = colours(image)
    # Paper, letters, lines and many greys of the raster.
    assert len(seen) > 40
    assert seen["#ffffff"] > 0.4 * seen.total()


def test_the_colours_of_the_window_on_demand(panel: FoldPanel, tmp_path: Path) -> None:
    image = picture(written(panel, tmp_path / "a.png", is_white=False))
    assert image.pixelColor(2, 2).name() == DARK.panel


def test_the_window_looks_as_before(panel: FoldPanel, tmp_path: Path, qtbot: QtBot) -> None:
    before = panel.grab().toImage()
    modes = [item.cacheMode() for item in panel.profile.items()]
    for suffix in (".pdf", ".png", ".svg"):
        written(panel, tmp_path / f"a{suffix}")
    assert panel.grab().toImage() == before
    assert [item.cacheMode() for item in panel.profile.items()] == modes
    assert panel.profile.roles is DARK


def test_a_picture_has_three_hundred_dots_an_inch(panel: FoldPanel, tmp_path: Path) -> None:
    image = QImage(str(written(panel, tmp_path / "a.png")))
    assert round(image.dotsPerMeterX() * 0.0254) == 300
    assert image.width() > 3 * panel.profile.width()


def test_documents_have_letters_and_lines_instead_of_pixels(
    panel: FoldPanel, tmp_path: Path
) -> None:
    text = written(panel, tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "Phase (turns)" in text
    assert "crab" in text
    # One picture: the raster. Everything else is drawn.
    assert len(re.findall("<image ", text)) == 1
    assert written(panel, tmp_path / "a.pdf").read_bytes().count(b"/Subtype /Image") <= 2


def test_words_tell_what_is_shown() -> None:
    other = replace(RESULT.folds[0], psr="J0835-4510")
    first, second = title_lines(replace(RESULT, folds=(RESULT.folds[0], other)))
    assert first.split("  ·  ") == [
        "crab", RESULT.folds[0].psr, "J0835-4510", "2025-12-10 03:15:00.000 UTC",
    ]  # fmt: skip
    assert second.startswith(f"{RESULT.frames_counted:,} frames  ·  ")
    assert "χ²/dof" in second


def test_several_profiles_are_named(panel: FoldPanel, tmp_path: Path) -> None:
    assert profile_names(RESULT) == ()
    other = replace(RESULT.folds[0], name="star b")
    both = replace(RESULT, folds=(RESULT.folds[0], other))
    assert profile_names(both) == (RESULT.folds[0].name, "star b")
    path = export_plots((panel.profile,), tmp_path / "a.svg", both, worn=DARK)
    assert "star b" in path.read_text(encoding="utf-8")


def test_a_name_taken_and_an_odd_ending_are_refused(panel: FoldPanel, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("mine")
    with pytest.raises(NightglassError, match="is there already"):
        written(panel, tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_text() == "mine"
    written(panel, tmp_path / "a.pdf", clobber=True)
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(NightglassError, match="End the name in"):
        written(panel, tmp_path / "a.jpg")


def test_without_plots_nothing_is_written(panel: FoldPanel, tmp_path: Path) -> None:
    panel.hide()
    with pytest.raises(NightglassError, match="No plot to write"):
        written(panel, tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_leaves_nothing_and_the_colours_as_they_were(
    panel: FoldPanel, tmp_path: Path, monkeypatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", refuse)
    with pytest.raises(NightglassError, match="disk is full"):
        written(panel, tmp_path / "a.svg")
    assert list(tmp_path.iterdir()) == []
    assert panel.profile.roles is DARK


def test_white_is_the_light_theme_on_paper() -> None:
    roles = white_roles()
    assert (roles.name, roles.panel) == ("light", "#ffffff")
    assert roles.lines == THEMES["light"].lines
