"""What a plot shows: quantities, axes, flags in words and bins."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import numpy as np
import pytest
from nightglass.core.mascara.browsing.curve import Curve
from nightglass.core.mascara.browsing.values import (
    AXES,
    OF_APERTURES,
    QUANTITIES,
    Axis,
    Quantity,
    axis_values,
    binned,
    flag_words,
    series,
)
from nightglass.core.mascara.products.rows import data_dtype
from nightglass.core.timing.sidereal import SOLAR_SLOT_S

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

NOON_JD = 2457418.0


def made(flux: ArrayLike, camera: ArrayLike = 0, flag: ArrayLike = 0, hour: float = 20.0) -> Curve:
    """Points one slot apart from an hour of UTC on; the large aperture has twice the light."""
    values = np.asarray(flux, np.float64)
    points = np.zeros(len(values), data_dtype(2))
    points["flux0"], points["flux1"], points["flag"] = values / 2, values, flag
    points["eflux0"], points["eflux1"] = 5.0, 10.0
    points["jdmid"] = NOON_JD + (hour - 12 + np.arange(len(values)) * SOLAR_SLOT_S / 3600) / 24
    points["lst"] = (23.9 + np.arange(len(values)) * 6.4 / 3600) % 24
    points["lstseq"] = 15_230_050 + np.arange(len(values))
    points["sky"], points["esky"], points["x"] = 150.0, 25.0, np.arange(len(values))
    cameras = np.broadcast_to(np.asarray(camera, np.uint8), len(values))
    names = ("LPC", "LPE")[: int(cameras.max(initial=0)) + 1]
    return Curve(7, "fast", names, cameras.copy(), points, {"ascc": 7})


def test_flux_is_that_of_the_aperture_asked_for() -> None:
    curve = made([100.0, 110.0])
    assert series(curve, "flux").values.tolist() == [100.0, 110.0]
    small = series(curve, "flux", 0)
    assert (small.values.tolist(), small.errors.tolist()) == ([50.0, 55.0], [5.0, 5.0])
    assert small.unit == "ADU per exposure"


def test_normalised_flux_is_over_the_median_of_the_good_points_of_each_camera() -> None:
    curve = made([10, 20, 30, 900, 100, 300], [0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 0, 0])
    shown = series(curve, "normalised")
    assert shown.values.tolist() == [0.5, 1.0, 1.5, 45.0, 0.5, 1.5]
    assert shown.errors.tolist() == [0.5, 0.5, 0.5, 0.5, 0.05, 0.05]


def test_a_camera_of_flagged_points_is_normalised_by_these() -> None:
    assert series(made([10, 20, 30], flag=64), "normalised").values.tolist() == [0.5, 1.0, 1.5]
    assert np.isnan(series(made([-10, -20, -30]), "normalised").values).all()
    assert np.isnan(series(made([np.nan, np.nan]), "normalised").values).all()


def test_magnitudes_have_the_error_of_a_small_part() -> None:
    shown = series(made([1000.0, -5.0, 0.0]), "magnitude")
    assert shown.values[0] == pytest.approx(17.5)
    assert shown.errors[0] == pytest.approx(0.010857362)
    assert np.isnan(shown.values[1:]).all()
    assert np.isnan(shown.errors[1:]).all()


def test_other_quantities_are_as_measured() -> None:
    curve = made([1.0, 2.0, 0.0])
    assert series(curve, "ratio").values[:2].tolist() == [0.5, 0.5]
    assert np.isnan(series(curve, "ratio").values[2])
    assert (series(curve, "x").values.tolist(), series(curve, "x").unit) == (
        [0.0, 1.0, 2.0],
        "pixel",
    )
    assert set(series(curve, "esky").values) == {25.0}


def test_hours_are_counted_on_after_midnight() -> None:
    hours = axis_values(made(np.ones(3), hour=23.999), "utc")
    assert hours[0] == pytest.approx(23.999, abs=1e-6)
    assert hours[2] == pytest.approx(23.999 + 2 * SOLAR_SLOT_S / 3600, abs=1e-6)
    assert axis_values(made([1.0], hour=26.5), "utc")[0] == pytest.approx(26.5, abs=1e-6)


def test_sidereal_time_is_counted_on_after_24() -> None:
    hours = axis_values(made(np.ones(200)), "lst")
    assert np.diff(hours) == pytest.approx(6.4 / 3600, abs=1e-9)
    assert hours[0] == pytest.approx(23.9)


def test_slots_and_julian_dates_are_those_of_the_points() -> None:
    curve = made(np.ones(2))
    assert axis_values(curve, "slot").tolist() == [15_230_050, 15_230_051]
    assert axis_values(curve, "jd").tolist() == curve.points["jdmid"].tolist()


def test_phases_go_from_0_to_below_1() -> None:
    curve = made(np.ones(500))
    period_d = 100 * SOLAR_SLOT_S / 86400
    phases = axis_values(curve, "phase", period_d)
    assert ((phases >= 0) & (phases < 1)).all()
    assert phases[250] == pytest.approx(0.5, abs=1e-4)
    epoch_jd = float(curve.points["jdmid"][25])
    assert axis_values(curve, "phase", period_d, epoch_jd)[0] == pytest.approx(0.75, abs=1e-4)
    for nonsense in (0.0, -1.0, np.nan):
        assert np.isnan(axis_values(curve, "phase", nonsense)).all()


def test_flags_are_told_in_words() -> None:
    assert flag_words(0) == ""
    assert flag_words(1 | 8) == "saturated, near the Moon"
    assert flag_words(16 | 128) == "position not trustworthy, not a number"
    assert flag_words(255) == "too close to the edge"
    assert flag_words(4) == "flag 4"


def test_bins_hold_the_median_of_the_good_points_of_one_camera() -> None:
    flux = [1, 2, 9, 100, 4, 6, 50, 70]
    curve = made(flux, [0, 0, 0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 0, 0, 0, 0])
    axis = [0.1, 0.2, 0.3, 0.4, 1.1, 1.3, 0.2, 0.6]
    bins = binned(curve, axis, flux, 1.0)
    assert bins.values.tolist() == [2.0, 5.0, 60.0]
    assert bins.camera.tolist() == [0, 0, 1]
    assert bins.counts.tolist() == [3, 2, 2]
    assert bins.axis == pytest.approx([0.2, 1.2, 0.4])
    means = binned(curve, axis, flux, 1.0, "mean")
    assert means.values.tolist() == [4.0, 5.0, 60.0]
    assert means.errors[1] == pytest.approx(1.0)


def test_bins_of_noise_have_its_error() -> None:
    noise = np.random.default_rng(3).normal(0.0, 1.0, 20_000)
    curve = made(noise)
    places = np.arange(noise.size)
    for how, factor in (("mean", 1.0), ("median", np.sqrt(np.pi / 2))):
        bins = binned(curve, places, noise, 50.0, how)
        assert bins.values.std() == pytest.approx(factor / np.sqrt(50), rel=0.12)
        assert bins.errors.mean() == pytest.approx(factor / np.sqrt(50), rel=0.05)


def test_a_bin_of_one_point_has_no_error_and_none_is_made_of_nothing() -> None:
    curve = made([5.0, np.nan])
    bins = binned(curve, [0.0, 1.0], [5.0, np.nan], 1.0)
    assert bins.values.tolist() == [5.0]
    assert np.isnan(bins.errors).all()
    assert len(binned(made([5.0], flag=1), [0.0], [5.0], 1.0).values) == 0


def test_every_quantity_and_axis_can_be_asked_of_an_empty_curve() -> None:
    assert set(get_args(Quantity)) == set(QUANTITIES) > OF_APERTURES
    assert set(get_args(Axis)) == set(AXES)
    empty = made([])
    for what in QUANTITIES:
        assert len(series(empty, what).values) == 0
    for axis in AXES:
        assert len(axis_values(empty, axis, 1.0)) == 0
    assert len(binned(empty, [], [], 1.0).values) == 0
