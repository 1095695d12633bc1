"""Read noise as a Pearson type IV density."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.lightspeed.noise.pearson import (
    MOST_SKEW,
    largest_skew,
    pearson_density,
    pearson_shape,
    usual_skew,
)
from scipy.integrate import quad

# Width, skewness; m, k, alpha, beta, norm; density at 0, 0.5, 1 for no electron, at 0 for one.
VECTORS = [
    ((0.30, 0.35), (5, 1.619658, 0.777942, -0.1575, 1.295200),
     (1.464257, 0.272548, 0.018445, 0.007026)),
    ((0.22, 0.25), (6.5, 1.988369, 0.684606, -0.12375, 1.678661),
     (1.943689, 0.143527, 0.002630, 0.000504)),
    ((0.45, 0.61), (4, 1.701332, 0.968065, -0.2745, 0.858481),
     (1.008186, 0.373977, 0.073730, 0.048327)),
]  # fmt: skip


@pytest.mark.parametrize(("pixel", "constants", "densities"), VECTORS)
def test_constants_and_densities_are_those_of_the_published_form(
    pixel: tuple[float, float], constants: tuple[float, ...], densities: tuple[float, ...]
) -> None:
    shape = pearson_shape(*pixel)
    found = [*shape[:4], np.exp(shape.log_norm)]
    assert np.allclose(found, constants, atol=1e-6, rtol=0)
    at = pearson_density(shape, np.array([0.0, 0.5, 1.0, -1.0]))
    assert np.allclose(at, densities, atol=1e-6, rtol=0)


@pytest.mark.parametrize("width", [0.19, 0.21, 0.23, 0.24, 0.26, 0.3, 0.35, 0.5])
@pytest.mark.parametrize("skew", [-0.8, 0.0, 0.35, 0.9])
def test_moments_are_the_ones_asked_for(width: float, skew: float) -> None:
    shape = pearson_shape(width, skew)

    def moment(power: int) -> float:
        return sum(
            quad(lambda u: u**power * pearson_density(shape, u), low, high, epsabs=1e-12)[0]
            for low, high in ((-np.inf, -2), (-2, 0), (0, 2), (2, np.inf))
        )

    assert moment(0) == pytest.approx(1.0, abs=1e-8)
    assert moment(1) == pytest.approx(0.0, abs=1e-8)
    assert moment(2) == pytest.approx(width**2, rel=1e-6)
    assert moment(3) / width**3 == pytest.approx(skew, abs=1e-5)


@pytest.mark.parametrize("skew", [-50.0, 2.24, 3.0])
def test_a_skewness_that_no_density_has_is_cut_and_stays_finite(skew: float) -> None:
    shape = pearson_shape(0.45, skew)
    u = np.linspace(-20.0, 20.0, 400_001)
    density = pearson_density(shape, u)
    assert np.isfinite(density).all()
    assert np.trapezoid(density, u) == pytest.approx(1.0, abs=1e-3)
    same = pearson_shape(0.45, np.sign(skew) * MOST_SKEW * largest_skew(4.0))
    assert shape.k == pytest.approx(same.k)


def test_largest_skewness_is_where_the_published_form_becomes_nan() -> None:
    assert largest_skew([4, 5, 6, 7]) == pytest.approx([2.236, 1.764, 1.5, 1.3266], abs=1e-3)


def test_a_stuck_pixel_has_a_finite_density() -> None:
    assert np.isfinite(pearson_density(pearson_shape(0.0, 0.35), np.array([0.0, 1.0]))).all()


def test_usual_skewness_follows_the_published_table() -> None:
    widths = [0.1, 0.21, 0.225, 0.24, 0.26, 0.3, 0.35, 0.38, 2.0]
    assert usual_skew(widths) == pytest.approx(
        [0.23, 0.23, 0.25, 0.31, 0.41, 0.56, 0.66, 0.61, 0.61]
    )
