"""What the layer of regions paints, by the pixels of the view."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.marks import Line, Point, Ruler, Sketch, Text, Vector
from nightglass.core.regions.shapes import Annulus, Box, Circle, Ellipse, Polygon
from nightglass.gui.drawing.colours import colour_of
from nightglass.gui.drawing.drawn import drawn_region
from nightglass.gui.drawing.grips import MOST_SELECTED, grips_of
from nightglass.gui.drawing.layer import RegionLayer
from nightglass.gui.frame.view import FrameView
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QImage, QTransform

GREEN = (0, 255, 0)


@pytest.fixture
def view(on_screen) -> FrameView:
    """A view of 400 x 300 at zoom 2 with its middle at (100, 75), 1-based."""
    made = on_screen(FrameView(), 400, 300)
    made.set_frame_shape((150, 200))
    made.set_zoom(2.0)
    made.centre_on(99.0, 74.0)
    return made


@pytest.fixture
def layer(view) -> RegionLayer:
    made = RegionLayer()
    view.add_overlay(made)
    return made


def show(layer, *shapes, selected=(), **more) -> None:
    entries = {
        number: RegionEntry(type(shape).__name__.lower(), shape, **more)
        for number, shape in enumerate(shapes, 1)
    }
    layer.show_entries(entries, frozenset(selected))


def pixels(view) -> np.ndarray:
    """The view as it is painted: rows, columns, red green blue."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    rgb = np.frombuffer(bits, np.uint8).reshape(image.height(), image.width(), 4)
    return rgb[:, :, 2::-1].astype(int)


def count(view, colour=GREEN, within: int = 60) -> int:
    return int((abs(pixels(view) - np.array(colour)).max(axis=2) <= within).sum())


def near(view, x: float, y: float, reach: int = 1) -> np.ndarray:
    """Pixels about a 1-based place of the image."""
    at = view.widget_at(x - 1.0, y - 1.0).toPoint()
    rows, columns = slice(at.y() - reach, at.y() + reach + 1), slice(at.x() - reach, at.x() + reach)
    return pixels(view)[rows, columns]


def is_lit(view, x: float, y: float) -> bool:
    """Whether a line of the usual colour goes through a 1-based place."""
    return bool((near(view, x, y)[:, :, 1] > 120).any())


def test_outlines_lie_where_the_shapes_are(view, layer) -> None:
    show(layer, Circle(60.0, 75.0, 20.0), Box(140.0, 75.0, 40.0, 20.0, 90.0))
    for place in ((80, 75), (40, 75), (60, 95), (60, 55), (130, 90), (150, 60), (140, 95)):
        assert is_lit(view, *place)
    for place in ((60, 75), (140, 75), (160, 75), (100, 100)):
        assert not is_lit(view, *place)


@pytest.mark.parametrize("flips", [(True, False), (False, True)])
def test_outlines_follow_the_flips(view, layer, flips) -> None:
    view.flip(*flips)
    show(layer, Ellipse(100.0, 75.0, 30.0, 10.0, 45.0))
    reach = 30.0 / np.sqrt(2.0)
    assert is_lit(view, 100 + reach, 75 + reach)
    assert not is_lit(view, 100 + reach, 75 - reach)


def test_box_along_pixel_edges_is_one_pixel_wide_and_sharp(view, layer) -> None:
    show(layer, Box(100.0, 75.0, 20.0, 20.0, 0.0))
    row = pixels(view)[150, :, 1]
    assert (row > 250).sum() == 2
    assert ((row > 60) & (row < 250)).sum() == 0


def test_line_of_a_closed_box_has_a_shadow_beside_it(view, layer) -> None:
    view.setBackgroundBrush(QColor("white"))
    show(layer, Box(100.0, 75.0, 20.0, 20.0, 0.0))
    line = int(np.flatnonzero(np.all(pixels(view)[150] == GREEN, axis=1))[0])
    assert pixels(view)[150, line + 1].max() < 130
    assert pixels(view)[150, line + 3].min() > 240


def test_colours_are_those_of_ds9(view, layer) -> None:
    names = {"green": "#00ff00", "red": "#ff0000", "DodgerBlue": "#1e90ff", "#fa0": "#ffaa00",
             "gray50": "#808080", "maroon": "#b03060", "SlateGray": "#708090",
             "nonsense": "#00ff00", "red3": "#cd0000"}  # fmt: skip
    assert {name: colour_of(name).name() for name in names} == names
    show(layer, Circle(100, 75, 20), properties={"color": "cyan"})
    assert count(view, (0, 255, 255)) > 50
    assert count(view) == 0


def test_night_theme_shows_only_red(view, layer) -> None:
    view.set_roles(THEMES["red"])
    layer.set_roles(THEMES["red"])
    show(layer, *(Circle(100, 75, 5 * n) for n in range(1, 6)), properties={"text": "star"})
    found = pixels(view)
    assert found[:, :, 0].max() > 150
    assert found[:, :, 1:].max() < 70


def test_dashes_and_the_bar_tell_background_and_excluded(view, layer) -> None:
    show(layer, Circle(100.0, 75.0, 30.0))
    whole = count(view)
    assert near(view, 100.5, 75.5)[:, :, 0].max() < 50
    show(layer, Circle(100.0, 75.0, 30.0), background=True)
    assert 0.3 * whole < count(view) < 0.8 * whole
    show(layer, Circle(100.0, 75.0, 30.0), include=False)
    assert near(view, 100.5, 75.5)[:, :, 0].max() > 100


@pytest.mark.parametrize("form", ["circle", "box", "diamond", "cross", "x", "arrow", "boxcircle"])
def test_point_has_its_sign_in_one_size_at_every_zoom(view, layer, form) -> None:
    show(layer, Point(100.0, 75.0), properties={"point": f"{form} 15"})
    before = count(view, within=150)
    assert before > 8
    view.set_zoom(16.0)
    assert count(view, within=150) == before


def test_arrows_have_heads_where_the_file_says_so(view, layer) -> None:
    show(layer, Line(60, 75, 140, 75))
    plain = count(view)
    show(layer, Line(60, 75, 140, 75), properties={"line": "1 1"})
    both = count(view)
    show(layer, Vector(60, 75, 80, 0.0))
    one = count(view)
    show(layer, Vector(60, 75, 80, 0.0), properties={"vector": "0"})
    assert count(view) == plain < one < both


def test_ruler_tells_its_length(qapp) -> None:
    entry = RegionEntry("ruler", Ruler(10.0, 10.0, 13.0, 14.0))
    assert drawn_region(entry).words == "5.00 px"
    assert drawn_region(entry, 0.5).words == "5.00 px, 2.50″"


def test_scale_changes_the_words_of_rulers(view, layer) -> None:
    show(layer, Ruler(60.0, 75.0, 140.0, 75.0))
    before = count(view)
    layer.set_scale_arcsec(0.2)
    assert count(view) > before
    layer.set_scale_arcsec(None)
    assert count(view) == before


def test_words_are_upright_in_a_flipped_view_and_keep_their_size(view, layer) -> None:
    show(layer, Text(100.0, 75.0), properties={"text": "Words"})
    before = pixels(view)
    view.flip(True, True)
    assert (pixels(view)[120:180, 120:280] == before[120:180, 120:280]).all()


def test_regions_of_unknown_place_are_left_out(view, layer) -> None:
    layer.show_entries({1: RegionEntry("compass", None)}, frozenset({1}))
    assert count(view) == 0
    assert layer.region_at(QPointF(200.0, 150.0)) is None


def test_only_what_changed_is_made_again(layer) -> None:
    entries = {n: RegionEntry("circle", Circle(n, n, 3.0)) for n in range(1, 10)}
    layer.show_entries(entries)
    kept = dict(layer._drawn)
    layer.show_entries({**entries, 4: RegionEntry("circle", Circle(50.0, 50.0, 3.0))})
    assert {n for n in entries if layer._drawn[n] is not kept[n]} == {4}


def test_region_under_the_pointer(view, layer) -> None:
    show(layer, Annulus(100, 75, 10, 20), Point(40, 75), Line(150, 50, 190, 50), Text(100, 120),
         properties={"text": "long words"})  # fmt: skip

    def at(x: float, y: float) -> int | None:
        return layer.region_at(view.widget_at(x - 1.0, y - 1.0))

    assert [at(115, 75), at(100, 75), at(42, 75), at(45, 75)] == [1, None, 2, None]
    assert [at(170, 52), at(170, 54), at(112, 120)] == [3, None, 4]


def test_many_regions_come_from_a_picture_that_looks_the_same(view, layer, monkeypatch) -> None:
    shapes = [Circle(20.0 + 3 * n, 75.0, 15.0) for n in range(60)]
    show(layer, *shapes, properties={"text": "a"})
    kept = pixels(view)
    view.pan_from(view.camera, QPointF(37.0, -21.0))
    shifted = pixels(view)
    monkeypatch.setattr("nightglass.gui.drawing.still._FEW", 1000)
    show(layer, *shapes, properties={"text": "a"})
    # A shadow laid on a shadow first in a picture and then on the frame differs by rounding.
    assert abs(pixels(view) - shifted).max() <= 3
    view.pan_from(view.camera, QPointF(-37.0, 21.0))
    assert abs(pixels(view) - kept).max() <= 3


def test_kept_picture_follows_zoom_colours_and_changes(view, layer) -> None:
    shapes = [Circle(100.0, 75.0, 5.0 + n / 2) for n in range(60)]
    show(layer, *shapes)
    before = count(view)
    view.set_zoom(1.0)
    assert count(view) != before
    view.set_zoom(2.0)
    assert count(view) == before
    show(layer, *shapes, properties={"color": "red"})
    assert count(view) == 0
    show(layer, *shapes)
    layer.set_roles(THEMES["red"])
    assert count(view) == 0
    view.pan_screen(0.4, 0.0)
    assert pixels(view)[:, :, 0].max() > 100


def test_selected_regions_show_handles_and_many_one_mark_each(view, layer) -> None:
    shapes = [Circle(10.0 * n, 75.0, 4.0) for n in range(1, MOST_SELECTED + 2)]
    show(layer, *shapes)
    plain = count(view)
    show(layer, *shapes, selected=(9,))
    assert len(layer.grips()) == 4
    assert count(view) > plain + 4 * 30
    show(layer, *shapes, selected=range(1, len(shapes) + 1))
    assert layer.grips() == ()
    assert count(view) > plain + 15 * 15


def test_region_without_handles_is_framed_when_selected(view, layer) -> None:
    for shape in (Point(100, 75), Text(100, 75), Sketch((((90, 70), (110, 80)),))):
        show(layer, shape, properties={"text": "t"})
        plain = count(view)
        show(layer, shape, properties={"text": "t"}, selected=(1,))
        assert count(view) >= plain + 4 * 9


def test_handles_never_lie_on_each_other() -> None:
    shapes = (Box(50, 50, 4, 2, 30.0), Polygon(((1, 1), (2, 1), (2, 2), (1, 2))),
              Annulus(50, 50, 0.0, 3.0), Ellipse(5, 5, 0.1, 90, 10), Line(1, 1, 2, 1))  # fmt: skip
    for scale in (0.02, 0.25, 1.0, 8.0, 128.0):
        for shape in shapes:
            grips = grips_of(1, RegionEntry("any", shape), QTransform.fromScale(scale, -scale))
            places = np.array([(grip.place.x(), grip.place.y()) for grip in grips])
            gaps = abs(places[:, None] - places[None]).max(axis=2)
            assert (gaps + 100.0 * np.eye(len(places)) >= 9.0).all()
            assert len(grips) >= 1


def test_draft_and_band_come_and_go(view, layer) -> None:
    empty = pixels(view)
    layer.show_draft(((60, 60), (140, 60), (100, 100)))
    assert (pixels(view) != empty).any()
    layer.show_draft(())
    assert (pixels(view) == empty).all()
    layer.show_band(QRectF(60, 60, 50, 30))
    assert (pixels(view) != empty).any()
    layer.show_band(None)
    assert (pixels(view) == empty).all()
