"""What is drawn of a light curve for each choice."""

from __future__ import annotations

import math

import numpy as np
import pytest
from nightglass.core.mascara.browsing.values import AXES, QUANTITIES
from nightglass.gui.frame.readout_text import declination, right_ascension
from nightglass.gui.night.curves.choices import PlotChoices
from nightglass.gui.night.curves.content import content_of
from nightglass.gui.night.curves.curve_words import (
    number_text,
    point_text,
    points_text,
    star_facts,
    star_name,
)
from nightglass.gui.night.curves.period_bar import period_text

from .curves_made import FIRST_SLOT, made_curve


def test_each_camera_has_its_points():
    content = content_of(made_curve(points=60, cameras=2), PlotChoices())
    assert [one.camera for one in content.sets] == ["LPN", "LPE"]
    assert [len(one.x) for one in content.sets] == [60, 60]
    assert content.sets[1].place.tolist() == list(range(60, 120))


def test_utc_is_counted_in_hours_from_the_evening():
    x = content_of(made_curve(), PlotChoices()).sets[0].x
    assert x[0] == pytest.approx((0.35 + 0.5) * 24.0)
    assert np.diff(x) == pytest.approx(6.38 / 3600.0, rel=1e-3)


def test_sidereal_time_goes_on_after_midnight():
    x = content_of(made_curve(points=200), PlotChoices(axis="lst")).sets[0].x
    assert np.all(np.diff(x) > 0)
    assert x[-1] > 24.0


def test_a_julian_date_names_its_whole_days_at_the_axis():
    content = content_of(made_curve(), PlotChoices(axis="jd"))
    assert content.x_axis.name == "JD (UTC) − 2,457,418"
    assert content.sets[0].x[0] == pytest.approx(0.35)


def test_normalised_cameras_lie_over_each_other():
    content = content_of(made_curve(cameras=2), PlotChoices(what="normalised"))
    for one in content.sets:
        assert np.median(one.y[~one.is_flagged]) == pytest.approx(1.0)


def test_all_apertures_are_drawn_the_largest_in_front():
    content = content_of(made_curve(), PlotChoices(aperture=None))
    assert [(one.name, one.rank) for one in content.sets] == [("LPN 2.5 px", 1), ("LPN 4.5 px", 0)]
    small, large = content.sets
    assert small.y == pytest.approx(0.8 * large.y)


def test_the_largest_aperture_is_chosen_where_there_are_more_of_them():
    curve = made_curve()
    content = content_of(curve, PlotChoices(aperture=-1))
    assert content.sets[0].y == pytest.approx(curve.points["flux1"])


@pytest.mark.parametrize("what", QUANTITIES)
@pytest.mark.parametrize("axis", AXES)
def test_every_quantity_can_be_drawn_against_every_axis(what, axis):
    choices = PlotChoices(what=what, axis=axis, aperture=None, period_d=0.001, bin_min=1.0)
    content = content_of(made_curve(cameras=2), choices)
    assert all(len(one.x) == len(one.y) == len(one.error) for one in content.sets)
    assert content.y_axis.name == QUANTITIES[what]
    assert content.x_ends() is not None


@pytest.mark.parametrize("axis", AXES)
def test_no_points_are_no_trouble(axis):
    content = content_of(made_curve(points=0, cameras=0), PlotChoices(axis=axis, bin_min=1.0))
    assert content.sets == ()
    assert content.x_ends() is None


def test_magnitudes_have_bright_on_top():
    assert content_of(made_curve(), PlotChoices(what="magnitude")).is_upside_down
    assert not content_of(made_curve(), PlotChoices()).is_upside_down


def test_flagged_points_are_marked_or_left_out():
    shown = content_of(made_curve(points=60), PlotChoices()).sets[0]
    assert np.flatnonzero(shown.is_flagged).tolist() == [9, 19, 29, 39, 49, 59]
    hidden = content_of(made_curve(points=60), PlotChoices(shows_flagged=False)).sets[0]
    assert len(hidden.x) == 54
    assert not hidden.is_flagged.any()


def test_bins_take_medians_of_unflagged_points_over_paler_points():
    content = content_of(made_curve(points=60), PlotChoices(bin_min=1.0))
    points, bins = content.sets
    assert (points.rank, bins.rank) == (1, 0)
    assert bins.is_binned
    assert 6 <= len(bins.x) <= 8
    assert set(bins.place.tolist()) == {-1}


@pytest.mark.parametrize("axis", ["utc", "jd", "lst", "slot"])
def test_bins_are_as_long_on_every_axis(axis):
    content = content_of(made_curve(points=120), PlotChoices(axis=axis, bin_min=2.0))
    assert len(content.sets[-1].x) in {6, 7, 8}


def test_phase_is_drawn_over_two_turns():
    period_d = 20 * 6.38 / 86400.0
    one = content_of(made_curve(points=60), PlotChoices(axis="phase", period_d=period_d)).sets[0]
    assert len(one.x) == 120
    assert one.x[60:] == pytest.approx(one.x[:60] + 1.0)
    assert one.place.tolist() == 2 * list(range(60))
    assert np.all((one.x >= 0.0) & (one.x < 2.0))


def test_without_a_period_there_is_no_phase():
    content = content_of(made_curve(), PlotChoices(axis="phase", bin_min=1.0))
    assert content.x_ends() is None


def test_a_few_wild_points_do_not_stretch_the_axis():
    curve = made_curve(points=100)
    curve.points["flux1"][50] = 1e9
    low, high = content_of(curve, PlotChoices()).y_ends(0.0, 48.0)
    assert 9_000 < low < high < 11_000


def test_where_all_points_are_flagged_they_are_shown_all_the_same():
    curve = made_curve(points=10)
    curve.points["flag"] = 1
    assert content_of(curve, PlotChoices()).y_ends(0.0, 48.0) is not None


def test_a_star_is_told_by_all_its_numbers():
    assert star_name(made_curve(ascc=807144, hd=189733, hip=98505)) == (
        "ASCC 807144  HD 189733  HIP 98505"
    )
    assert star_name(made_curve(hd=0)) == "ASCC 1000"
    assert star_facts(made_curve()) == "V 7.67  K1.5V  20:00:43.7 −22:42:39"
    assert star_facts(made_curve(vmag=math.nan, ra_deg=math.nan, spectype="")) == ""


def test_the_points_are_counted():
    assert points_text(made_curve(points=60)) == "60 points, 10.0 % flagged, growing"
    assert points_text(made_curve(points=1, kind="slow", is_complete=True)) == (
        "1 slow point, 0.0 % flagged"
    )
    assert points_text(made_curve(points=0, cameras=0)) == "no points"


def test_a_flagged_point_says_in_words_what_is_wrong():
    curve = made_curve(points=60)
    content = content_of(curve, PlotChoices())
    text = point_text(curve, content, (content.sets[0], 9))
    assert text == (
        "LPN: 10,014.1 ± 50 ADU per exposure; flagged: saturated, near the Moon; "
        f"2016-01-30 20:24:57.4 UTC; slot {FIRST_SLOT + 9}"
    )


def test_a_median_has_no_slot():
    curve = made_curve(points=60)
    content = content_of(curve, PlotChoices(bin_min=1.0))
    assert point_text(curve, content, (content.sets[-1], 0)).startswith("LPN median: ")
    assert "slot" not in point_text(curve, content, (content.sets[-1], 0))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (math.nan, "–"), (1.00123456, "1.00123"), (-12345.678, "−12,345.7")],
)
def test_numbers_have_the_digits_that_mean_something(value, text):
    assert number_text(value) == text


def test_places_round_to_the_next_minute_without_sixty_seconds():
    assert right_ascension(359.99999, 1) == "00:00:00.0"
    assert declination(-0.9999999, 0) == "−01:00:00"


@pytest.mark.parametrize(("value", "text"), [(2.2185752, "2.2185752"), (0.02, "0.02")])
def test_a_period_is_written_as_short_as_it_is(value, text):
    assert period_text(value) == text
