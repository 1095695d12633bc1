"""Star profiles against numerical integration and their half maximum."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.weight import HalfMaximum, half_maximum, psf_weights
from nightglass.core.lightspeed.weight.psf import profile
from nightglass.core.regions.shapes import Box, Circle, Ellipse
from scipy.integrate import dblquad
from scipy.special import erf

SHAPE = (61, 71)


def image(made):
    light = np.zeros(SHAPE)
    light[made.mask] = made.weights
    return light


@pytest.mark.parametrize("beta", [None, 1.5, 2.5, 4.765])
def test_the_profile_is_one_half_on_the_contour(beta):
    assert profile(np.array(0.0), beta) == 1.0
    assert profile(np.array(1.0), beta) == pytest.approx(0.5, rel=1e-14)


def test_a_round_gaussian_agrees_with_the_error_function():
    radius, x0, y0 = 3.0, 30.3, 28.6
    made = psf_weights(HalfMaximum(x0, y0, radius, radius), SHAPE, enlargement=8.0)
    sigma = radius / 1.1774100225154747

    def along(size, centre):
        edges = (np.arange(size + 1) + 0.5 - centre) / (sigma * np.sqrt(2))
        return np.diff(erf(edges)) / 2

    expected = np.outer(along(SHAPE[0], y0), along(SHAPE[1], x0))
    np.testing.assert_allclose(image(made), expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("beta", [None, 2.5])
def test_pixels_of_a_turned_ellipse_agree_with_integration(beta):
    contour = HalfMaximum(35.2, 31.7, 4.0, 2.0, 30.0)
    light = image(psf_weights(contour, SHAPE, beta=beta))
    angle = np.deg2rad(30.0)

    def brightness(y, x):
        along = (x - 35.2) * np.cos(angle) + (y - 31.7) * np.sin(angle)
        beside = -(x - 35.2) * np.sin(angle) + (y - 31.7) * np.cos(angle)
        q2 = (along / 4.0) ** 2 + (beside / 2.0) ** 2
        return 0.5**q2 if beta is None else (1 + q2 * (2 ** (1 / beta) - 1)) ** -beta

    def integral(x, y):
        return dblquad(brightness, x - 0.5, x + 0.5, y - 0.5, y + 0.5)[0]

    for x, y in ((38, 33), (34, 30), (40, 31)):
        ratio = light[y - 1, x - 1] / light[31, 34]
        assert ratio == pytest.approx(integral(x, y) / integral(35, 32), rel=1e-6)


def test_the_long_axis_points_where_the_region_does():
    light = image(psf_weights(HalfMaximum(36, 31, 6.0, 3.0, 40.0), SHAPE))
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]] + 1.0
    xx, yy, xy = ((light * product).sum() for product in
                  ((x - 36) ** 2, (y - 31) ** 2, (x - 36) * (y - 31)))  # fmt: skip
    assert 0.5 * np.degrees(np.arctan2(2 * xy, xx - yy)) == pytest.approx(40.0, abs=0.2)


@pytest.mark.parametrize("beta", [None, 3.0])
def test_weights_sum_to_one_also_at_the_edge_of_the_frame(beta):
    made = psf_weights(HalfMaximum(1.0, 2.0, 4.0, 4.0), SHAPE, beta=beta)
    assert made.weights.sum() == pytest.approx(1.0, rel=1e-14)
    assert made.mask.sum() == made.weights.size


def test_pixels_of_three_half_widths_take_part():
    made = psf_weights(HalfMaximum(36, 31, 5.0, 5.0), SHAPE)
    assert made.mask.sum() == pytest.approx(np.pi * 15.0**2, rel=0.02)


def test_the_published_base_moves_the_star_by_a_pixel():
    ours = image(psf_weights(HalfMaximum(30, 30, 3, 3), SHAPE))
    theirs = image(psf_weights(HalfMaximum(30, 30, 3, 3), SHAPE, base=0))
    np.testing.assert_allclose(theirs[1:, 1:], ours[:-1, :-1], rtol=1e-12)


def test_circles_and_ellipses_are_contours_and_others_are_not():
    assert half_maximum(Circle(1.0, 2.0, 3.0)) == (1.0, 2.0, 3.0, 3.0, 0.0)
    assert half_maximum(Ellipse(1.0, 2.0, 4.0, 3.0, 20.0)) == (1.0, 2.0, 4.0, 3.0, 20.0)
    with pytest.raises(NightglassError, match="shape box"):
        half_maximum(Box(1.0, 2.0, 3.0, 4.0))


@pytest.mark.parametrize(
    ("contour", "beta"),
    [
        (HalfMaximum(10, 10, 0.0, 1.0), None),
        (HalfMaximum(10, 10, 2.0, np.nan), None),
        (HalfMaximum(-50, 10, 2.0, 2.0), None),
        (HalfMaximum(10, 10, 2.0, 2.0), 1.0),
    ],
)
def test_stars_that_cannot_be_are_refused(contour, beta):
    with pytest.raises(NightglassError):
        psf_weights(contour, SHAPE, beta=beta)
