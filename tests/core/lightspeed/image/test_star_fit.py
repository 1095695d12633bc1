"""Stars put into an image are measured as they were put in."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.image import fit_star
from nightglass.core.lightspeed.image.psf import profile_of, volume_of

SHAPE = (41, 51)
Y, X = np.mgrid[1 : SHAPE[0] + 1, 1 : SHAPE[1] + 1].astype(float)
MASK = np.hypot(X - 24.0, Y - 21.0) < 16.0
STAR = {"x": 24.3, "y": 20.6, "major_px": 7.0, "minor_px": 4.5, "angle_deg": 30.0,
        "amplitude": 100.0, "background": 12.0}  # fmt: skip


def star(profile: Any, slope: float = math.nan, **changes: float) -> np.ndarray:
    told = {**STAR, **changes}
    turn = math.radians(told["angle_deg"])
    dx, dy = X - told["x"], Y - told["y"]
    along = (dx * math.cos(turn) + dy * math.sin(turn)) / told["major_px"]
    across = (dy * math.cos(turn) - dx * math.sin(turn)) / told["minor_px"]
    shape = profile_of(profile, along**2 + across**2, slope)
    return told["background"] + told["amplitude"] * shape


@pytest.mark.parametrize(("profile", "slope"), [("gaussian", math.nan), ("moffat", 2.5)])
@pytest.mark.parametrize("angle", [0.0, 30.0, 89.0, 140.0, 175.0])
def test_a_star_without_noise_is_found_exactly(profile: Any, slope: float, angle: float) -> None:
    fit = fit_star(star(profile, slope, angle_deg=angle), MASK, profile=profile)
    for name, value in {**STAR, "angle_deg": angle}.items():
        assert getattr(fit, name) == pytest.approx(value, rel=1e-5, abs=1e-4), name
    assert fit.flux == pytest.approx(100.0 * volume_of(profile, 7.0, 4.5, slope), rel=1e-4)
    if profile == "moffat":
        assert fit.slope == pytest.approx(slope, rel=1e-4)


@pytest.mark.parametrize(("profile", "slope"), [("gaussian", math.nan), ("moffat", 3.5)])
def test_the_width_is_where_the_profile_has_half_its_height(profile: Any, slope: float) -> None:
    assert profile_of(profile, np.array([0.25]), slope) == pytest.approx(0.5)


@pytest.mark.parametrize(("profile", "slope"), [("gaussian", math.nan), ("moffat", 3.5)])
def test_the_flux_is_the_integral_of_the_profile(profile: Any, slope: float) -> None:
    from scipy.integrate import quad

    value, _ = quad(
        lambda r: 2 * math.pi * r * float(profile_of(profile, np.array(r * r), slope)), 0, np.inf
    )
    assert volume_of(profile, 3.0, 2.0, slope) == pytest.approx(6.0 * value, rel=1e-8)


def test_errors_are_the_scatter_of_many_fits() -> None:
    generator, fits = np.random.default_rng(6), []
    clean, error = star("gaussian"), np.full(SHAPE, 3.0)
    for _ in range(150):
        noisy = clean + generator.normal(0.0, error)
        fits.append(fit_star(noisy, MASK, error=error, profile="gaussian"))
    for name in ("x", "y", "major_px", "minor_px", "angle_deg", "flux", "background"):
        values = np.array([getattr(fit, name) for fit in fits])
        truth = {**STAR, "flux": 100.0 * volume_of("gaussian", 7.0, 4.5, math.nan)}[name]
        told = np.mean([fit.errors[name] for fit in fits])
        assert values.std() == pytest.approx(told, rel=0.2), name
        assert values.mean() == pytest.approx(truth, abs=4.0 * told / math.sqrt(150)), name
    assert np.mean([fit.reduced_chi2 for fit in fits]) == pytest.approx(1.0, abs=0.05)


def test_without_errors_they_follow_from_the_scatter() -> None:
    noisy = star("gaussian") + np.random.default_rng(7).normal(0.0, 3.0, SHAPE)
    weighed = fit_star(noisy, MASK, error=np.full(SHAPE, 3.0), profile="gaussian")
    plain = fit_star(noisy, MASK, profile="gaussian")
    assert plain.errors["x"] == pytest.approx(weighed.errors["x"], rel=0.1)
    assert math.isnan(plain.reduced_chi2)


def test_unknown_pixels_do_not_take_part() -> None:
    image = star("moffat", 3.0)
    image[18:22, 26:29] = np.nan
    image[20, 10] = np.inf
    fit = fit_star(image, MASK)
    assert fit.x == pytest.approx(24.3, abs=1e-4)
    assert fit.pixels == MASK.sum() - 12 - 1


@pytest.mark.parametrize(
    ("image", "mask"),
    [
        (np.full(SHAPE, 5.0), MASK),
        (np.full(SHAPE, np.nan), MASK),
        (star("gaussian"), np.hypot(X - 24.0, Y - 21.0) < 1.2),
    ],
)
def test_where_there_is_no_star_a_sentence_says_so(image: np.ndarray, mask: np.ndarray) -> None:
    with pytest.raises(NightglassError, match="Could not measure the star: There is no fit"):
        fit_star(image, mask)
