"""Handles: dragging, moving and turning shapes, against closed forms."""

from __future__ import annotations

import math
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.regions.geometry.drawing import (
    DRAWN_KINDS,
    entry_of,
    name_of,
    shape_at,
    shape_between,
)
from nightglass.core.regions.geometry.handles import (
    LEAST_PX,
    dragged,
    handles,
    with_vertex,
    without_vertex,
)
from nightglass.core.regions.geometry.outlines import distance, nearest_edge, outline
from nightglass.core.regions.geometry.placement import half_sizes, middle, moved, turned
from nightglass.core.regions.marks import Line, Point, Ruler, Sketch, Text, Vector
from nightglass.core.regions.shapes import (
    Annulus,
    Box,
    BoxAnnulus,
    Circle,
    Ellipse,
    EllipseAnnulus,
    Polygon,
    Rings,
)

TRIANGLE = Polygon(((0.0, 0.0), (8.0, 1.0), (3.0, 9.0)))
RINGS = Rings((EllipseAnnulus(5, 6, 1, 2, 3, 4, 20.0), EllipseAnnulus(5, 6, 3, 4, 6, 8, 20.0)))
SHAPES = (
    Circle(10.0, 20.0, 5.0),
    Ellipse(10.0, 20.0, 7.0, 3.0, 30.0),
    Box(10.0, 20.0, 8.0, 6.0, 200.0),
    Annulus(3.0, 4.0, 2.0, 5.0),
    EllipseAnnulus(3.0, 4.0, 2.0, 1.0, 6.0, 5.0, 45.0),
    BoxAnnulus(3.0, 4.0, 2.0, 1.0, 6.0, 5.0, 350.0),
    RINGS,
    TRIANGLE,
    Line(1.0, 2.0, 5.0, 9.0),
    Ruler(1.0, 2.0, 5.0, 9.0),
    Vector(2.0, 3.0, 6.0, 70.0),
    Point(4.0, 5.0),
    Text(4.0, 5.0),
)
ROUND = (Circle, Annulus)

shapes = st.sampled_from(SHAPES)
places = st.floats(-50.0, 50.0)
angles = st.floats(-720.0, 720.0)


def numbers(shape) -> np.ndarray:
    if isinstance(shape, Rings):
        return np.concatenate([astuple(ring) for ring in shape.rings])
    return np.ravel(astuple(shape))


def same_handle(shape, handle):
    return next(one for one in handles(shape) if one.name == handle.name)


@given(shape=shapes, dx=places, dy=places)
def test_moving_there_and_back_is_nothing(shape, dx, dy) -> None:
    there = moved(shape, dx, dy)
    assert numbers(moved(there, -dx, -dy)) == pytest.approx(numbers(shape), abs=1e-11)
    assert there.bounds() == pytest.approx(np.add(shape.bounds(), (dx, dy, dx, dy)), abs=1e-11)
    assert there.area_px == pytest.approx(shape.area_px)


@given(shape=shapes, angle=angles)
def test_turning_there_and_back_is_nothing(shape, angle) -> None:
    there = turned(shape, angle)
    back = turned(there, -angle)
    for old, new in zip(outline(shape, 1.0), outline(back, 1.0), strict=True):
        assert new == pytest.approx(old, abs=1e-9)
    assert there.area_px == pytest.approx(shape.area_px)
    assert middle(there) == pytest.approx(middle(shape), abs=1e-9)


@given(shape=shapes, pick=st.integers(0, 40), along=st.floats(-1.5, 12.0), across=st.floats(-9, 9))
def test_handle_is_where_it_was_dragged_to(shape, pick, along, across) -> None:
    found = handles(shape)
    if not found:
        return
    handle = found[pick % len(found)]
    x, y = handle.x + along, handle.y + across
    after = dragged(shape, handle, x, y)
    assert type(after) is type(shape)
    at = same_handle(after, handle)
    if handle.kind == "size":
        check_sizes(after)
        seen = np.array([(at.x, at.y)]) - middle(shape)
        if not isinstance(shape, ROUND) and handle.along and handle.across and is_free(after):
            assert seen[0] == pytest.approx(np.subtract((x, y), middle(shape)), abs=1e-9)
    elif handle.kind == "turn":
        check_turn(shape, at, x, y)
    elif not isinstance(after, Vector) or after.length > LEAST_PX:
        assert (at.x, at.y) == pytest.approx((x, y), abs=1e-9)


def is_free(shape) -> bool:
    """Whether no size was held back by another or by the least one."""
    sizes = np.array([(0.0, 0.0), *half_sizes(shape)])
    return bool((np.diff(sizes, axis=0) > 1.01 * LEAST_PX).all())


def check_sizes(shape) -> None:
    sizes = np.array(half_sizes(shape))
    least = LEAST_PX / 2 if isinstance(shape, Box) else LEAST_PX
    assert (sizes >= least - 1e-12).all()
    assert (np.diff(sizes, axis=0) > LEAST_PX - 1e-9).all()


def check_turn(shape, at, x: float, y: float) -> None:
    about = np.array(middle(shape))
    want, got = np.subtract((x, y), about), np.subtract((at.x, at.y), about)
    if np.hypot(*want) > 1e-6 and not isinstance(shape, Polygon):
        assert math.remainder(np.arctan2(*want) - np.arctan2(*got), math.tau) == pytest.approx(
            0.0, abs=1e-9
        )


@given(place=st.tuples(places, places), pick=st.integers(0, 3))
def test_circle_goes_through_the_place(place, pick) -> None:
    circle = Circle(10.0, 20.0, 5.0)
    after = dragged(circle, handles(circle)[pick], *place)
    assert after.r == max(math.dist(place, (10.0, 20.0)), LEAST_PX)
    assert after.area_px == math.pi * after.r**2


@given(angle=angles, pick=st.integers(0, 7), by=st.tuples(st.floats(-30, 30), st.floats(-30, 30)))
def test_box_keeps_what_is_opposite_to_the_handle(angle, pick, by) -> None:
    box = Box(10.0, 20.0, 8.0, 6.0, angle)
    handle = handles(box)[pick]
    after = dragged(box, handle, handle.x + by[0], handle.y + by[1])
    opposite = next(
        one
        for one in handles(box)
        if (one.along, one.across) == (-handle.along, -handle.across) and one.kind == "size"
    )
    kept = same_handle(after, opposite)
    assert (kept.x, kept.y) == pytest.approx((opposite.x, opposite.y), abs=1e-9)
    assert min(after.width, after.height) >= LEAST_PX


def test_corner_of_a_turned_box_follows_the_pointer_along_its_own_axes() -> None:
    box = Box(0.0, 0.0, 4.0, 2.0, 90.0)
    corner = next(one for one in handles(box) if (one.along, one.across) == (1, 1))
    assert (corner.x, corner.y) == pytest.approx((-1.0, 2.0))
    after = dragged(box, corner, -3.0, 6.0)
    assert (after.width, after.height) == pytest.approx((8.0, 4.0))
    assert (after.x, after.y) == pytest.approx((-1.0, 2.0))


@pytest.mark.parametrize("shape", [SHAPES[1], SHAPES[2], SHAPES[4], SHAPES[5]])
def test_shift_keeps_the_proportion(shape) -> None:
    for handle in handles(shape)[:-1]:
        a, b = half_sizes(shape)[handle.index]
        after = dragged(shape, handle, 1.2 * handle.x, 1.1 * handle.y, keep_aspect=True)
        new_a, new_b = half_sizes(after)[handle.index]
        assert new_a / new_b == pytest.approx(a / b)
        check_sizes(after)


@given(place=st.tuples(places, places))
def test_shift_snaps_a_turn_to_fifteen_degrees(place) -> None:
    for shape in (SHAPES[1], SHAPES[2], SHAPES[5], Vector(2.0, 3.0, 6.0, 70.0)):
        after = dragged(shape, handles(shape)[-1], *place, keep_aspect=True)
        if place != middle(shape):
            assert math.remainder(after.angle, 15.0) == pytest.approx(0.0, abs=1e-9)


@given(place=st.tuples(places, places))
def test_shift_snaps_a_line_about_its_other_end(place) -> None:
    line = Line(1.0, 2.0, 5.0, 9.0)
    after = dragged(line, handles(line)[1], *place, keep_aspect=True)
    assert (after.x0, after.y0) == (1.0, 2.0)
    angle = math.degrees(math.atan2(after.y1 - 2.0, after.x1 - 1.0))
    if math.dist((after.x1, after.y1), (1.0, 2.0)) > 1e-6:
        assert math.remainder(angle, 15.0) == pytest.approx(0.0, abs=1e-6)


def test_middle_outline_stays_between_its_neighbours() -> None:
    handle = next(one for one in handles(RINGS) if one.index == 1 and one.along == 1)
    for reach in (0.0, 3.5, 99.0):
        after = dragged(
            RINGS,
            handle,
            5 + reach * math.cos(math.radians(20)),
            6 + reach * math.sin(math.radians(20)),
        )
        inner, outer = after.rings
        assert (inner.a_out, inner.b_out) == (outer.a_in, outer.b_in)
        assert inner.a_out == pytest.approx(min(max(reach, 1.1), 5.9))


def test_turn_handle_stands_the_gap_outside() -> None:
    handle = handles(Ellipse(0.0, 0.0, 7.0, 3.0, 0.0), turn_gap_px=10.0)[-1]
    assert (handle.x, handle.y) == (17.0, 0.0)
    assert not any(one.kind == "turn" for one in handles(Circle(0.0, 0.0, 1.0)))


def test_turning_a_polygon_by_its_handle_keeps_area_and_centroid() -> None:
    about = middle(TRIANGLE)
    handle = handles(TRIANGLE)[-1]
    # From the right straight down: a quarter clockwise.
    after = dragged(TRIANGLE, handle, about[0], about[1] - 5.0)
    assert after.area_px == pytest.approx(TRIANGLE.area_px)
    expected = turned(TRIANGLE, -90.0)
    assert np.array(after.points) == pytest.approx(np.array(expected.points))
    assert middle(TRIANGLE) == pytest.approx(tuple(np.mean(TRIANGLE.points, axis=0)))


def test_vertices_come_and_go_but_three_stay() -> None:
    edge, away = nearest_edge(TRIANGLE, 4.0, 0.5)
    assert (edge, away) == (0, pytest.approx(0.0))
    four = with_vertex(TRIANGLE, edge, 4.0, -2.0)
    assert four.points[1] == (4.0, -2.0)
    assert without_vertex(four, 1) == TRIANGLE
    assert without_vertex(TRIANGLE, 0) == TRIANGLE
    assert nearest_edge(TRIANGLE, 1.0, 4.0)[0] == 2


def test_sketches_and_places_have_no_handles() -> None:
    sketch = Sketch((((0.0, 0.0), (1.0, 2.0)),))
    assert handles(sketch) == handles(Point(1.0, 2.0)) == handles(Text(1.0, 2.0)) == ()
    assert moved(sketch, 1.0, 1.0).paths == (((1.0, 1.0), (2.0, 3.0)),)
    with pytest.raises(TypeError, match="no handles"):
        dragged(Point(1.0, 2.0), handles(TRIANGLE)[0], 1.0, 1.0).bounds()


@given(
    a=st.floats(0.1, 30.0), b=st.floats(0.1, 30.0), angle=angles, place=st.tuples(places, places)
)
def test_distance_to_an_ellipse_agrees_with_a_fine_outline(a, b, angle, place) -> None:
    ellipse = Ellipse(1.0, -2.0, a, b, angle)
    turn = np.linspace(0.0, 2.0 * np.pi, 20_001)
    cosine, sine = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    along, across = a * np.cos(turn), b * np.sin(turn)
    x, y = 1.0 + along * cosine - across * sine, -2.0 + along * sine + across * cosine
    if ellipse.contains(*place):
        assert distance(ellipse, *place) == 0.0
    else:
        fine = np.hypot(x - place[0], y - place[1]).min()
        assert distance(ellipse, *place) == pytest.approx(fine, abs=2e-3)


def test_distance_is_nothing_inside_and_the_hole_is_outside() -> None:
    assert distance(Circle(0.0, 0.0, 5.0), 1.0, 1.0) == 0.0
    assert distance(Circle(0.0, 0.0, 5.0), 8.0, 0.0) == pytest.approx(3.0)
    assert distance(Annulus(0.0, 0.0, 4.0, 6.0), 1.0, 0.0) == pytest.approx(3.0)
    assert distance(Box(0.0, 0.0, 4.0, 2.0), 5.0, 1.0) == pytest.approx(3.0)
    assert distance(BoxAnnulus(0.0, 0.0, 4.0, 2.0, 8.0, 8.0), 0.0, 0.0) == pytest.approx(1.0)
    assert distance(Line(0.0, 0.0, 4.0, 0.0), 2.0, 3.0) == 3.0
    assert distance(Point(1.0, 1.0), 4.0, 5.0) == 5.0
    assert distance(Ellipse(0.0, 0.0, 5.0, 2.0), 0.0, 4.0) == pytest.approx(2.0)
    assert distance(Ellipse(0.0, 0.0, 2.0, 5.0), 0.0, 9.0) == pytest.approx(4.0)


def test_outline_of_a_turned_box_runs_through_its_corners() -> None:
    (line,) = outline(Box(1.0, 1.0, 4.0, 2.0, 90.0), 1.0)
    assert line == pytest.approx(np.array([(0, 3), (0, -1), (2, -1), (2, 3), (0, 3)]))
    (circle,) = outline(Circle(1.0, 2.0, 3.0), 0.1)
    assert np.hypot(*(circle - (1.0, 2.0)).T) == pytest.approx(3.0)
    assert (circle[0] == circle[-1]).all()
    assert np.hypot(*np.diff(circle, axis=0).T).max() <= 0.1


@pytest.mark.parametrize("kind", [kind for kind in DRAWN_KINDS if kind != "polygon"])
def test_drawn_shapes_lie_where_they_were_drawn(kind) -> None:
    shape = shape_between(kind, (2.0, 3.0), (10.0, 9.0))
    entry = entry_of(kind, shape)
    assert name_of(entry) == kind
    if kind == "box":
        assert shape == Box(6.0, 6.0, 8.0, 6.0)
    elif kind in {"circle", "annulus"}:
        assert shape.bounds() == pytest.approx((-8.0, -7.0, 12.0, 13.0))
    elif kind in {"point", "text"}:
        assert (shape.x, shape.y) == (10.0, 9.0)
    elif kind in {"line", "ruler", "vector"}:
        assert shape.bounds() == pytest.approx((2.0, 3.0, 10.0, 9.0))
    else:
        assert shape.bounds() == pytest.approx((-6.0, -3.0, 10.0, 9.0))
    check_usual(kind)


def check_usual(kind: str) -> None:
    usual = shape_at(kind, (50.0, 60.0), 10.0)
    left, bottom, right, top = usual.bounds()
    if kind in {"point", "text"}:
        assert (left, bottom, right, top) == (50.0, 60.0, 50.0, 60.0)
    else:
        assert right - left == pytest.approx(20.0)
        assert ((left + right) / 2, (bottom + top) / 2) == pytest.approx((50.0, 60.0))


def test_shift_draws_squares_and_straight_lines() -> None:
    assert shape_between("box", (0.0, 0.0), (-8.0, 3.0), keep_aspect=True) == Box(
        -4.0, 4.0, 8.0, 8.0
    )
    line = shape_between("line", (0.0, 0.0), (10.0, 0.5), keep_aspect=True)
    assert (line.x1, line.y1) == pytest.approx((10.0, 0.0))
    assert entry_of("text", Text(1.0, 1.0)).text == "Text"
