"""What the plots of a night draw: lines of the cameras, axes, marks of time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from nightglass.core.mascara.letters import in_order
from nightglass.core.mascara.watching.snapshot import Twilight
from nightglass.gui.night.clock import marks, utc_text
from nightglass.gui.night.cues import camera_cue
from nightglass.gui.night.plots.content import content_of
from nightglass.gui.night.plots.cues import line_cues
from nightglass.gui.night.plots.lines import PlotLine
from nightglass.gui.night.plots.specs import KEYS, PLOTS
from nightglass.gui.night.scales import axis_ticks, is_log_better, room_for
from nightglass.gui.theme import THEMES

from ...core.mascara.watching.made_night import made_snapshot


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    return made_snapshot(
        tmp_path_factory.mktemp("plots"), cameras="NC", batches=14, frames=10, is_whole=True
    )


def content(night, hidden=(), keys=KEYS):
    return content_of(night, hidden, keys)


def line(hours, values, **fields):
    return PlotLine("LPC", "", np.array(hours, float), np.array(values, float), **fields)


def test_every_plot_of_a_night_has_lines_of_every_camera(night):
    lines = content(night).lines
    assert set(lines) == set(KEYS)
    for key in set(KEYS) - {"flags"}:
        assert {one.camera for one in lines[key]} == {"LPN", "LPC"}, key
        assert any(np.isfinite(one.values).any() for one in lines[key]), key


def test_numbers_are_those_of_the_night_at_hours_of_utc(night):
    shown = content(night)
    series = night.series["LPC"]
    (sky,) = [one for one in shown.lines["sky"] if one.camera == "LPC"]
    assert np.array_equal(sky.values, series.frame_sky_adu)
    assert shown.zero_jd + sky.hours / 24.0 == pytest.approx(series.frame_jd)
    assert 19.0 < sky.hours[0] < 20.0
    used, expected = (one for one in shown.lines["stars"] if one.camera == "LPC")
    assert np.array_equal(used.values, series.stars_used)
    assert np.array_equal(expected.values, series.stars_expected)
    assert (used.mark, expected.mark) == ("points", "rings")


def test_corners_and_centre_drift_in_two_directions(night):
    shown = content(night, hidden={"LPN"})
    for axis, key in enumerate(("drift-ha", "drift-dec")):
        lines = shown.lines[key]
        assert len({one.glyph for one in lines}) == 5
        assert np.array_equal(lines[2].values, night.series["LPC"].drift_arcmin[:, 2, axis])
        assert [one.name for one in lines if one.is_told] == ["centre"]


def test_steady_stars_are_known_by_their_numbers(night):
    fast, slow = (one for one in content(night, hidden={"LPN"}).lines["steady"])
    assert (fast.mark, slow.mark) == ("dots", "rings")
    assert (np.diff(fast.hours) >= 0).all()
    assert set(fast.stars.tolist()) == set(range(500_000, 500_006))


def test_flags_of_the_chosen_cameras_are_summed_by_kind(night):
    both = {one.name: one for one in content(night).lines["flags"]}
    one = {one.name: one for one in content(night, hidden={"LPN"}).lines["flags"]}
    assert set(both) == {"saturated", "Moon"}
    assert np.array_equal(both["saturated"].values, 2 * one["saturated"].values)
    assert np.isfinite(both["Moon"].values).sum() == 1


def test_hidden_cameras_and_plots_cost_nothing(night):
    shown = content(night, hidden={"LPN"}, keys={"sky"})
    assert list(shown.lines) == ["sky"]
    assert [one.camera for one in shown.lines["sky"]] == ["LPC"]


def test_band_of_the_chip_follows_the_settings(night):
    (band,) = content(replace(night, settings={"ccd_set_point_c": -20.0})).limits["ccdtemp"]
    assert (band.low, band.high) == (-20.5, -19.5)
    assert band.name == "set point −20 ± 0.5"


def test_worst_residual_follows_the_settings(night):
    poor, rejected = content(replace(night, settings={"astrometry_limit_px": 2.5})).limits["rms"]
    assert (poor.low, poor.high, poor.name) == (1.5, 1.5, "poor above 1.5")
    assert (rejected.low, rejected.high, rejected.name) == (2.5, 2.5, "rejected above 2.5")


def test_lag_of_a_night_that_was_reduced_years_later_is_not_drawn(night):
    moved = {name: replace(one, lag_jd=one.lag_jd + 4000.0) for name, one in night.series.items()}
    later = content(replace(night, series=moved))
    assert all(not len(one.hours) for one in later.lines["lag"])
    assert later.extent == content(night).extent


def test_night_without_frames_reaches_from_dusk_to_dawn(night):
    zero_jd = content(night).zero_jd
    twilight = Twilight(dusk_jd=zero_jd + 0.8, dawn_jd=zero_jd + 1.3)
    empty = content(replace(night, series={}, twilight=twilight))
    assert empty.extent == pytest.approx((19.2, 31.2), abs=1e-4)


@pytest.mark.parametrize("roles", THEMES.values(), ids=THEMES)
def test_cameras_differ_in_colour_and_dash_together(roles):
    cues = [camera_cue(roles, f"LP{letter}") for letter in "NESWC"]
    assert len({(cue.color, cue.dash) for cue in cues}) == 5
    lines = [PlotLine("", str(k), np.empty(0), np.empty(0)) for k in range(6)]
    assert len({(cue.color, cue.dash) for cue in line_cues(roles, lines)}) == 6


def test_cameras_are_in_the_order_of_the_station():
    assert in_order(["LPC", "LPE", "LPN", "LPS", "LPW"]) == ["LPN", "LPE", "LPS", "LPW", "LPC"]


def test_value_at_a_time_is_the_nearest_known_one_unless_it_is_far():
    one = line([20.0, 20.1, 20.2, 20.3, 22.0], [1.0, np.nan, 3.0, 4.0, 5.0])
    assert one.at(20.11) == 3.0
    assert one.at(21.99) == 5.0
    assert np.isnan(one.at(21.0))
    assert one.last == 5.0
    assert np.isnan(line([], []).last)


@pytest.mark.parametrize(
    ("left", "right", "most", "texts"),
    [
        (22.9, 26.1, 4, ["23:00", "00:00", "01:00", "02:00"]),
        (23.99, 24.02, 4, ["23:59:30", "00:00:00", "00:00:30", "00:01:00"]),
        (24.0, 24.0 + 21 / 3600, 5, ["00:00:00", "00:00:05", "00:00:10", "00:00:15", "00:00:20"]),
    ],
)
def test_marks_of_time_fall_on_round_moments(left, right, most, texts):
    assert [text for _, text in marks(left, right, most)] == texts


def test_midnight_is_written_as_such():
    assert utc_text(24.0) == "00:00:00"
    assert utc_text(23.99999, 60) == "00:00"
    assert utc_text(25.5) == "01:30:00"


def test_axis_becomes_logarithmic_for_a_wide_span_and_stays_so_for_a_while():
    assert not is_log_better([np.array([100.0, 1500.0])], is_log=False)
    assert is_log_better([np.array([100.0]), np.array([2500.0, np.nan])], is_log=False)
    assert is_log_better([np.array([100.0, 1500.0])], is_log=True)
    assert not is_log_better([np.array([-1.0, 1500.0])], is_log=True)
    assert not is_log_better([], is_log=True)


def test_axis_has_room_for_lines_and_limits():
    low, high = room_for((10.0, 20.0), (0.0, 15.0))
    assert low == 0.0
    assert high > 20.0
    low, high = room_for((5.0, 5.0), ())
    assert low < 5.0 < high
    assert room_for(None, ())[0] < room_for(None, ())[1]


def test_marks_of_values_are_round_and_few():
    assert [text for _, text in axis_ticks(0.0, 21.0, 4, is_log=False)] == ["0", "10", "20"]
    assert next(text for _, text in axis_ticks(-0.05, 0.12, 4, is_log=False)) == "−0.05"
    ticks = axis_ticks(2.0, 4.3, 4, is_log=True)
    assert [text for _, text in ticks] == ["100", "1,000", "10,000"]
    assert axis_ticks(2.71, 2.72, 3, is_log=True)


def test_each_plot_says_its_unit():
    assert all(spec.unit and spec.title and spec.empty for spec in PLOTS)
