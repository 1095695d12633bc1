"""The light curves in the whole program, from the key to the file."""

from __future__ import annotations

import shlex

import pytest
from nightglass.gui.clipboard import text_on_clipboard
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QFileDialog

from ...core.mascara.browsing.made_stars import HD_189733, write_night

pytestmark = [pytest.mark.gui, pytest.mark.slow]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return write_night(tmp_path_factory.mktemp("stars"), cameras="NE", stars=40, exposures=120)


@pytest.fixture
def curves(start, made):
    """The program on the page of light curves, its stars listed."""
    desktop = start(night=made.output, page="curves")
    desktop.window.activateWindow()
    desktop.wait(lambda: QApplication.activeWindow() is desktop.window)
    desktop.wait(lambda: page_of(desktop).list.model.rowCount() > 0)
    return desktop


def page_of(desktop):
    return desktop.running.night.pages["curves"].page


def test_a_star_is_found_by_keys_and_its_curve_is_written(curves, made, tmp_path, monkeypatch):
    page = page_of(curves)
    curves.press("/")
    assert page.list.search.hasFocus()
    curves.press("HD 189733")
    curves.wait(lambda: page.panel.curve and page.panel.curve.ascc == HD_189733)
    assert curves.bench.night.star == HD_189733
    assert len(page.panel.plot.content.sets[0].x) >= 100
    for suffix in (".csv", ".ecsv", ".fits", ".png"):
        path = tmp_path / f"star{suffix}"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, p=path: (str(p), ""))
        curves.act("night.export-curve")
        curves.wait(path.exists)
    curves.wait(curves.is_idle)
    assert not QImage(str(tmp_path / "star.png")).isNull()
    QTest.mouseClick(page.panel.bar.copy, Qt.MouseButton.LeftButton)
    words = shlex.split(text_on_clipboard())
    assert words[:5] == ["nightglass", "night", "curve", str(made.output), "ASCC"]
    assert curves.problems == ()
