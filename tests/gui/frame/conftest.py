"""Pictures and views for the tests of the frame view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.picture.render import Picture
from nightglass.gui.frame.view import FrameView

if TYPE_CHECKING:
    from collections.abc import Callable


def picture_over(index: np.ndarray, covered: tuple[float, float, float, float]) -> Picture:
    codes = np.ascontiguousarray(index, np.uint16)
    return Picture(codes, covered, scaled=False, low=0.0, high=1.0, sample=np.zeros(0))


@pytest.fixture
def make_picture() -> Callable[[np.ndarray, tuple[float, float, float, float]], Picture]:
    """Make a picture from colour codes, row 0 on top, and the pixel edges it covers."""
    return picture_over


@pytest.fixture
def view(on_screen: Callable[[FrameView, int, int], FrameView]) -> FrameView:
    """A shown view of 400 x 300 with a fitted frame of 100 rows and 200 columns."""
    made = on_screen(FrameView(), 400, 300)
    made.set_frame_shape((100, 200))
    return made
