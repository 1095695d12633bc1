"""Many regions that rest: painted in slices, mended where some change, seen while they grow."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.shapes import Circle
from nightglass.gui.drawing import still as still_module
from nightglass.gui.drawing.drawn import drawn_region
from nightglass.gui.drawing.ink import Ink
from nightglass.gui.drawing.still import SLICE, Still
from nightglass.gui.theme import THEMES
from PyQt6.QtGui import QImage, QPainter, QTransform
from PyQt6.QtWidgets import QWidget

COUNT = 3 * SLICE - 10
PLACE = QTransform.fromTranslate(10.0, 10.0)


@pytest.fixture
def widget(qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(400, 300)
    return made


def region(number: int, text: str = ""):
    circle = Circle(10.0 + 19 * (number % 18), 10.0 + 19 * (number // 18), 8.0)
    return drawn_region(RegionEntry("circle", circle, properties={"text": text} if text else {}))


@pytest.fixture
def regions(qtbot):
    return [region(number, "a" * (number % 3)) for number in range(COUNT)]


def painted(still, widget, place=PLACE) -> np.ndarray:
    image = QImage(widget.size(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    still.paint(painter, Ink(THEMES["dark"]), place, widget)
    painter.end()
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    return np.frombuffer(bits, np.uint8).reshape(image.height(), image.width(), 4).astype(int)


def whole(still, widget, place=PLACE) -> np.ndarray:
    for _ in range(COUNT // SLICE + 1):
        found = painted(still, widget, place)
    assert still.is_whole
    return found


def showing(regions) -> Still:
    made = Still()
    made.show(regions)
    return made


def test_a_thousand_are_not_painted_in_one_go(widget, regions, monkeypatch) -> None:
    still = showing(regions)
    seen = []
    while not still.is_whole:
        seen.append((painted(still, widget) > 0).sum())
        assert len(still.shown) <= SLICE * len(seen)
    assert len(seen) == 3
    assert seen == sorted(set(seen))
    monkeypatch.setattr(still_module, "SLICE", COUNT)
    # Lines laid over shadows in another order differ only where they touch.
    assert (abs(painted(showing(regions), widget) - painted(still, widget)) > 3).mean() < 0.002


def test_only_the_places_of_what_changed_are_painted_anew(widget, regions, monkeypatch) -> None:
    still = showing(regions)
    whole(still, widget)
    changed = [*regions[:40], region(3, "other"), *regions[42:]]
    still.show(changed)
    assert still.is_whole
    drawn: list[int] = []
    usual = still_module.Batch
    monkeypatch.setattr(
        still_module, "Batch", lambda shown: drawn.append(len(shown)) or usual(shown)
    )
    mended = painted(still, widget)
    assert max(drawn) < COUNT / 3
    monkeypatch.undo()
    assert (abs(mended - whole(showing(changed), widget)) > 3).mean() < 0.002


def test_another_order_is_painted_afresh(widget, regions) -> None:
    still = showing(regions)
    whole(still, widget)
    still.show(regions[::-1])
    assert not still.is_whole


def test_what_was_seen_stays_until_the_new_scale_is_painted(widget, regions) -> None:
    still = showing(regions)
    whole(still, widget)
    larger = QTransform(PLACE).scale(1.5, 1.5)
    growing = painted(still, widget, larger)
    assert not still.is_whole
    last = regions[SLICE + 20]
    corner = larger.mapRect(last.rect).topLeft().toPoint()
    near = growing[corner.y() : corner.y() + 12, corner.x() : corner.x() + 30]
    assert near.any()
    fresh = showing(regions)
    np.testing.assert_array_equal(whole(still, widget, larger), whole(fresh, widget, larger))
