"""Rings, names, residuals, masks and Moon over a picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from nightglass.core.mascara.field.overlay import Moon
from nightglass.core.mascara.field.residuals import residuals_of
from nightglass.gui.frame.view import FrameView
from nightglass.gui.night.frames.field_layer import FieldLayer, star_words
from nightglass.gui.night.frames.legend import residual_words, scale_bar
from nightglass.gui.night.frames.looks import OverlayLook
from nightglass.gui.night.frames.star_marks import RADII, radius_of
from nightglass.gui.theme import THEMES
from PyQt6.QtGui import QColor

from ...core.mascara.field.made_field import NX, NY, picture
from .frames_made import made_overlay

NOTHING = OverlayLook(
    has_stars=False, has_masks=False, has_moon=False, has_targets=False, has_compass=False
)
STARS = replace(NOTHING, has_stars=True)


@pytest.fixture
def view(on_screen):
    made = on_screen(FrameView(), 900, 600)
    made.set_frame_shape((NY, NX))
    return made


@pytest.fixture
def layer(view):
    made = FieldLayer()
    made.set_roles(THEMES["dark"])
    made.set_look(STARS)
    view.add_overlay(made)
    made.show_overlay(made_overlay())
    view.grab()
    yield made
    view.remove_overlay(made)


def colours(view, box=None):
    """Colours of the pixels of a view, as (r, g, b), or of a part of it."""
    image = view.grab().toImage()
    left, top, right, bottom = box or (0, 0, image.width(), image.height())
    return {
        image.pixelColor(x, y).getRgb()[:3]
        for x in range(max(0, left), min(right, image.width()))
        for y in range(max(0, top), min(bottom, image.height()))
    }


def near(view, x, y, reach=12):
    at = view.widget_at(x, y).toPoint()
    return at.x() - reach, at.y() - reach, at.x() + reach, at.y() + reach


def has(found, colour, tolerance=40):
    wanted = QColor(colour).getRgb()[:3]
    return any(
        sum(abs(a - b) for a, b in zip(one, wanted, strict=True)) < tolerance for one in found
    )


def test_a_ring_is_around_every_star(view, layer):
    overlay, blue = layer.overlay, THEMES["dark"].lines[0].color
    assert layer.shown_stars == len(overlay)
    for star in (0, 10, len(overlay) - 1):
        assert has(colours(view, near(view, overlay.x[star], overlay.y[star])), blue)
    view.flip(True, True)
    for star in (0, 10):
        assert has(colours(view, near(view, overlay.x[star], overlay.y[star])), blue)


def test_nothing_is_painted_where_nothing_is_wanted(view, layer):
    layer.set_look(NOTHING)
    bare = colours(view)
    layer.show_overlay(None)
    assert colours(view) == bare
    assert layer.shown_stars == 0


def test_stars_are_found_under_the_pointer_within_their_ring(layer):
    overlay = layer.overlay
    assert layer.star_at(overlay.x[4] + 1.0, overlay.y[4] - 1.0) == 4
    assert layer.star_at(overlay.x[4] + 12.0, overlay.y[4] + 12.0) is None
    layer.set_look(NOTHING)
    assert layer.star_at(overlay.x[4], overlay.y[4]) is None


def test_stars_that_are_not_shown_are_not_found(view, layer):
    layer.set_look(replace(STARS, faintest_vmag=5.0))
    view.grab()
    overlay = layer.overlay
    assert layer.shown_stars == (overlay.vmag <= 5.0).sum()
    faint = len(overlay) - 1
    assert layer.star_at(overlay.x[faint], overlay.y[faint]) is None


def test_where_there_is_no_room_the_brightest_have_rings(view, layer):
    view.set_zoom(0.125)
    view.grab()
    shown = layer.shown_stars
    assert 0 < shown < len(layer.overlay)
    overlay = layer.overlay
    assert layer.star_at(overlay.x[0], overlay.y[0]) is not None


def test_the_star_pointed_at_is_named(layer):
    words = star_words(layer.overlay, 0)
    assert words.startswith("ASCC 100000")
    assert words.endswith(f"V {layer.overlay.vmag[0]:.2f}")
    numbers = [int(number) for number in layer.overlay.ascc]
    assert "HD 7000" in star_words(layer.overlay, numbers.index(100_002))


def test_a_hovered_star_is_marked(view, layer):
    accent = THEMES["light"].accent
    layer.set_roles(THEMES["light"])
    layer.set_look(replace(STARS, faintest_vmag=1.0))
    around = near(view, layer.overlay.x[0], layer.overlay.y[0], 30)
    assert not has(colours(view, around), accent)
    layer.set_hovered(0)
    assert has(colours(view, around), accent)


def is_yellow(found):
    """Whether a line, its edges smooth, passes there."""
    return any(red - blue > 40 for red, _, blue in found)


def test_residuals_are_drawn_magnified(view, layer):
    found = residuals_of(picture(shift=(0.2, 0.0)), layer.overlay)
    layer.set_look(replace(NOTHING, has_residuals=True, factor=100))
    view.grab()
    layer.show_residuals(found)
    star = int(np.argmin(np.abs(found.x - NX / 2)))
    end = near(view, found.x[star] + 100 * found.dx[star], found.y[star], 3)
    assert is_yellow(colours(view, end))
    layer.set_look(replace(NOTHING, has_residuals=True, factor=10))
    assert not is_yellow(colours(view, end))


def test_residuals_of_another_frame_go(view, layer):
    found = residuals_of(picture(), layer.overlay)
    layer.set_look(replace(NOTHING, has_residuals=True))
    layer.show_residuals(found)
    assert is_yellow(colours(view))
    layer.show_overlay(replace(layer.overlay, lstseq=found.lstseq + 1))
    assert not is_yellow(colours(view))


@pytest.mark.parametrize("theme", ["dark", "light", "red"])
def test_masks_moon_targets_and_compass_are_told_by_more_than_colour(view, layer, theme):
    overlay = replace(
        layer.overlay, masks=((200.0, 280.0, 120.0, 190.0),), moon=Moon(80.0, 60.0, 12.0, 30.0)
    )
    layer.set_roles(THEMES[theme])
    view.set_roles(THEMES[theme])
    layer.show_overlay(overlay)
    bare = view.grab().toImage()
    for name in ("has_masks", "has_moon", "has_targets", "has_compass", "has_names"):
        layer.set_look(replace(STARS, **{name: True}))
        assert view.grab().toImage() != bare, name


def test_rings_are_larger_for_brighter_stars_and_where_pixels_are_large():
    radii = [radius_of(limit) for limit, _ in RADII]
    assert radii == sorted(radii, reverse=True)
    assert radius_of(8.0, scale=4.0) > radius_of(8.0, scale=1.0)
    assert radius_of(0.0, scale=500.0) <= 40.0


@pytest.mark.parametrize("px_on_screen", [0.5, 3.0, 20.0, 200.0, 5000.0])
def test_the_bar_is_a_round_number_of_pixels(px_on_screen):
    residual, length = scale_bar(px_on_screen)
    assert 40.0 * 0.999 <= length <= 100.0 * 1.001
    assert f"{residual:.0e}"[0] in "125"
    assert length == pytest.approx(residual * px_on_screen)


def test_residuals_in_words(layer):
    assert residual_words(None) == "measuring the stars…"
    flat = np.random.default_rng(1).normal(1000, 5, (NY, NX))
    assert residual_words(residuals_of(flat, layer.overlay)).startswith("none of")
    assert "rms 0.0" in residual_words(residuals_of(picture(), layer.overlay))
