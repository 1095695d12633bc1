"""The compiled light and electronics against plain numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from nightglass.core.simulate.mascara.chip import LEFT, TOP, raw_shape

Numbers = np.ndarray[Any, np.dtype[np.float64]]
SHAPE = [0.9, -0.8, 1.5, 0.1, 0.8, -0.5, 2.0, 0.08, 2.7]


def gaussian(shape: tuple[int, int], x: float, y: float, wide_x: float, wide_y: float) -> Numbers:
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    across = np.exp(-0.5 * ((columns - x) / wide_x) ** 2) / (wide_x * np.sqrt(2 * np.pi))
    down = np.exp(-0.5 * ((rows - y) / wide_y) ** 2) / (wide_y * np.sqrt(2 * np.pi))
    return across * down


def star(shape: tuple[int, int], x: float, y: float, flux: float) -> Numbers:
    """The same star as a sum of whole pictures, in double precision."""
    trail_x, trail_y, sigma, coma, coma_x, coma_y, coma_sigma, wing, wing_sigma = SHAPE
    core_x, core_y = x - coma * coma_x, y - coma * coma_y
    smear_x, smear_y = trail_x**2 / 12, trail_y**2 / 12
    core = sum(
        share * gaussian(shape, core_x + t * trail_x, core_y + t * trail_y, sigma, sigma)
        for t, share in ((-np.sqrt(0.15), 5 / 18), (0.0, 8 / 18), (np.sqrt(0.15), 5 / 18))
    )
    wide = gaussian(
        shape, core_x, core_y, np.sqrt(wing_sigma**2 + smear_x), np.sqrt(wing_sigma**2 + smear_y)
    )
    tail = gaussian(
        shape, core_x + coma_x, core_y + coma_y, np.sqrt(coma_sigma**2 + smear_x),
        np.sqrt(coma_sigma**2 + smear_y),
    )  # fmt: skip
    return flux * ((1 - coma - wing) * core + wing * wide + coma * tail)


def aperture(image: Numbers, x: float, y: float, radius: float) -> float:
    """Sum with the weights of the published aperture photometry."""
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]]
    depth = radius - (np.hypot(columns - x, rows - y) - 0.5)
    weight = np.clip(depth, 0.0, 1.0)
    partial = (depth > 0.0) & (depth < 1.0)
    weight[partial] *= (np.pi * radius**2 - (depth >= 1.0).sum()) / weight[partial].sum()
    return float((weight * image).sum())


def painted(x: float, y: float, flux: float, half: int = 28) -> tuple[Numbers, Numbers]:
    from nightglass.core.simulate.mascara.frame_kernels import paint_stars

    image, sums = np.zeros((70, 80), np.float32), np.zeros((1, 2))
    paint_stars(
        image, np.array([x]), np.array([y]), np.array([flux]), np.array([SHAPE]),
        np.array([half]), np.array([2.5, 4.5]), np.ones(1, np.uint8), sums,
    )  # fmt: skip
    return image.astype(np.float64), sums[0]


@pytest.mark.parametrize(("x", "y"), [(40.0, 35.0), (39.7, 34.4), (40.49, 35.51)])
def test_a_star_is_the_sum_of_its_gaussians(x: float, y: float):
    image, _ = painted(x, y, 1e5)
    np.testing.assert_allclose(image, star(image.shape, x, y, 1e5), atol=2e-2)


def test_the_flux_centroid_of_a_trailed_comatic_star_is_its_position():
    image, _ = painted(39.7, 34.4, 1e5)
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]]
    assert image.sum() == pytest.approx(1e5, rel=1e-5)
    assert (image * columns).sum() / image.sum() == pytest.approx(39.7, abs=1e-3)
    assert (image * rows).sum() / image.sum() == pytest.approx(34.4, abs=1e-3)


def test_told_sums_are_those_of_the_published_apertures():
    image, sums = painted(39.7, 34.4, 1e5)
    assert sums == pytest.approx([aperture(image, 39.7, 34.4, r) for r in (2.5, 4.5)], rel=1e-6)


def test_stars_across_the_edge_are_cut_there():
    image, sums = painted(0.3, 69.2, 1e5, half=11)
    whole, inner = painted(40.3, 35.2, 1e5, half=11)
    np.testing.assert_allclose(image[60:, :10], whole[26:36, 40:50], rtol=1e-3, atol=1e-2)
    assert sums == pytest.approx(inner, rel=1e-5)


def test_smooth_light_is_bilinear_between_its_nodes():
    from nightglass.core.simulate.mascara.frame_kernels import paint_smooth

    image = np.empty((50, 70), np.float32)
    rows, columns = np.mgrid[:5, :6] * 16.0
    paint_smooth(image, (100 + 2 * columns - rows).astype(np.float32), 16)
    rows, columns = np.mgrid[:50, :70]
    np.testing.assert_allclose(image, 100 + 2 * columns - rows, rtol=1e-5)


def exposed(light_adu: float, dark_e: float = 0.0, noise_e: float = 12.0, key: int = 7) -> Numbers:
    from nightglass.core.simulate.mascara.frame_kernels import expose

    shape = (200, 300)
    out = np.empty(raw_shape(shape), np.uint16)
    expose(
        np.full(shape, light_adu, np.float32), np.ones(shape, np.float32),
        np.full(shape, dark_e, np.float32), np.full(out.shape[1], 1000, np.float32),
        TOP, LEFT, 0.62, 1.0, noise_e, np.uint64(key), out,
    )  # fmt: skip
    return (out.view(">i2").astype(np.int32) + 32768).astype(np.float64)


@pytest.mark.parametrize("light_adu", [0.0, 10.0, 150.0, 20000.0])
def test_counts_have_the_mean_and_the_noise_of_electrons(light_adu: float):
    inside = exposed(light_adu)[TOP:-TOP, LEFT:-LEFT]
    variance = light_adu / 0.62 + (12.0 / 0.62) ** 2
    assert inside.mean() == pytest.approx(1000 + light_adu, abs=5 * np.sqrt(variance / inside.size))
    assert inside.var() == pytest.approx(variance, rel=0.03)


def test_borders_see_no_light():
    frame = exposed(20000.0, dark_e=100.0)
    for border in (frame[:TOP], frame[-TOP:], frame[:, :LEFT], frame[:, -LEFT:]):
        assert border.mean() == pytest.approx(1000.0, abs=1.0)


def test_counts_end_at_the_converter():
    frame = exposed(80000.0)
    assert (frame[TOP:-TOP, LEFT:-LEFT] == 65535).all()


def test_a_few_electrons_are_counted_singly():
    frame = exposed(0.0, dark_e=0.5, noise_e=0.0)[TOP:-TOP, LEFT:-LEFT]
    assert (frame == 1000.0).mean() == pytest.approx(np.exp(-0.5), abs=0.01)


def test_other_keys_give_other_noise():
    assert (exposed(150.0, key=7) != exposed(150.0, key=8)).mean() > 0.9
    np.testing.assert_array_equal(exposed(150.0), exposed(150.0))


def test_a_trail_holds_its_light():
    from nightglass.core.simulate.mascara.frame_kernels import paint_trail

    image = np.zeros((100, 120), np.float32)
    paint_trail(image, 20.0, 30.0, 80.0, 75.0, 40.0, 1.5)
    assert image.sum() == pytest.approx(75.0 * 40.0, rel=1e-3)
    assert image[52, 50] > 0.0
    assert image[20, 80] == 0.0


def test_the_moon_has_a_disc_a_halo_and_a_streak_through_the_middle():
    from nightglass.core.simulate.mascara.frame_kernels import paint_moon

    image = np.zeros((200, 300), np.float32)
    paint_moon(image, 40.0, 60.0, 12.0, 1000.0, 150.0, 100.0)
    assert image[60, 40] > 1e5
    assert image[60, 60] > image[60, 100] > 1.0
    assert image[120, 205] > image[180, 150] + 20
