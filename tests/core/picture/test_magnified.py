"""Pictures larger than life: one cell per pixel, magnified only when painted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.frames.encoding import Encoding
from nightglass.core.picture.codes import NAN_CODE, SATURATED_CODE, SCALE_CODES
from nightglass.core.picture.counts import Correction
from nightglass.core.picture.limits import Limits
from nightglass.core.picture.render import RenderRequest, render
from nightglass.core.picture.viewport import Viewport

CAMERA = Encoding(">i2", 1.0, 32768.0)
MANUAL = Limits("manual", low=0, high=2000)


def codes(values: np.ndarray) -> np.ndarray:
    return np.clip(values / 2000, 0, 1) * (SCALE_CODES - 1)


@given(
    st.floats(1, 40), st.floats(-10, 60), st.floats(-10, 60), st.integers(1, 50), st.integers(1, 50)
)
def test_cells_are_the_visible_pixels_with_the_top_row_first(zoom, x, y, width, height) -> None:
    frame = np.random.default_rng(1).integers(0, 2000, (45, 52)).astype(np.uint16)
    view = Viewport.centred(x, y, zoom, width, height)
    picture = render(
        (frame.astype(np.int32) - 32768).astype(">i2"), CAMERA, RenderRequest(view, MANUAL)
    )
    left, bottom, right, top = map(int, picture.covered)
    assert picture.scaled
    assert picture.index.shape == (top - bottom, right - left)
    part = frame[bottom:top, left:right][::-1]
    np.testing.assert_allclose(picture.index, codes(part), atol=1.01)
    # Every pixel that the view touches is there.
    assert left <= max(view.left, 0) or right == left
    assert right >= min(view.right, 52) or right == left


def test_native_and_stored_counts_give_the_same_codes() -> None:
    frame = np.random.default_rng(2).integers(0, 2000, (20, 30)).astype(np.uint16)
    request = RenderRequest(Viewport(3, 4, 17, 18, 140, 140), MANUAL)
    stored = (frame.astype(np.int32) - 32768).astype(">i2")
    ours = [render(frame, None, request).index, render(stored, CAMERA, request).index]
    np.testing.assert_array_equal(*ours)
    signed = render(frame.astype(np.int16), None, request).index
    np.testing.assert_array_equal(signed, ours[0])


def test_holes_and_saturated_pixels_have_their_own_codes() -> None:
    frame = np.full((4, 4), 100, np.float32)
    frame[0, 0], frame[1, 1], frame[3, 3] = np.nan, -np.inf, 5000
    request = RenderRequest(Viewport(0, 0, 4, 4, 40, 40), MANUAL, saturation=5000.0)
    index = render(frame, None, request).index[::-1]
    assert index[0, 0] == index[1, 1] == NAN_CODE
    assert index[3, 3] == SATURATED_CODE
    assert (index >= SCALE_CODES).sum() == 3


def test_calibration_reaches_the_right_pixels() -> None:
    generator = np.random.default_rng(3)
    frame = generator.integers(500, 1500, (30, 40)).astype(np.uint16)
    subtract = generator.uniform(0, 400, frame.shape).astype(np.float32)
    multiply = generator.uniform(0.5, 1.5, frame.shape).astype(np.float32)
    request = RenderRequest(
        Viewport(5, 7, 25, 17, 200, 100), MANUAL, correction=Correction(subtract, multiply)
    )
    wanted = ((frame - subtract) * multiply)[7:17, 5:25][::-1]
    np.testing.assert_allclose(render(frame, None, request).index, codes(wanted), atol=1.01)


def test_view_beside_the_frame_has_no_cells() -> None:
    picture = render(np.ones((9, 9)), None, RenderRequest(Viewport(20, 20, 30, 30, 90, 90), MANUAL))
    assert picture.index.size == 0


@pytest.mark.parametrize("value", [0, 7, 65535])
def test_constant_frame_has_one_colour(value) -> None:
    frame = np.full((12, 12), value, np.uint16)
    for mode in ("zscale", "minmax", "percentile"):
        picture = render(frame, None, RenderRequest(Viewport(0, 0, 12, 12, 24, 24), Limits(mode)))
        assert len(np.unique(picture.index)) == 1
        assert picture.high > picture.low


def test_frame_of_holes_is_all_holes() -> None:
    frame = np.full((12, 12), np.nan)
    for mode in ("zscale", "minmax", "percentile"):
        for cells in (6, 24):
            request = RenderRequest(Viewport(0, 0, 12, 12, cells, cells), Limits(mode))
            assert (render(frame, None, request).index == NAN_CODE).all()
