"""Nights side by side: what journals and stars tell, against nights whose difference is known."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from nightglass.__main__ import main
from nightglass.core.engine.jobs import CancelToken, JobContext
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.mascara.browsing.compare import compare_nights, night_figures
from nightglass.core.mascara.browsing.compare_tables import NO_STARS, tables_of, to_text
from nightglass.core.mascara.browsing.star_differences import star_differences
from nightglass.core.mascara.browsing.stars import NightStars

from ..watching.made_night import write_journal
from .made_stars import write_night


def made_stars(count=400, seed=3):
    """Stars of V 4 to 8.4 with a flux and a scatter each."""
    rng = np.random.default_rng(seed)
    vmag = np.sort(rng.uniform(4.0, 8.4, count))
    nothing = np.full(count, np.nan)
    return NightStars(
        ascc=np.arange(count, dtype=np.int64) * 7 + 1000,
        hd=np.zeros(count, np.int32), hip=np.zeros(count, np.int32),
        ra_deg=nothing, dec_deg=nothing, vmag=vmag, bmag=nothing,
        spectype=np.zeros(count, "S9"), variable=np.zeros(count, np.uint8),
        camera_names=("LPC",), cameras=np.ones(count, np.uint8),
        fast_points=np.full(count, 1000, np.int32), slow_points=np.full(count, 20, np.int32),
        flagged=np.zeros(count, np.int32), flags=np.zeros(count, np.uint8),
        mean_flux=10.0 ** (0.4 * (17.0 - vmag)), scatter_mag=0.005 * 10.0 ** (0.3 * (vmag - 4.0)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """Two nights with journals and light curves; the second is shorter and of other noise."""
    folder = tmp_path_factory.mktemp("nights")
    for name, batches, seed in (("monday", 6, 1), ("tuesday", 4, 5)):
        write_journal(folder / name, "NC", batches, frames=10, seed=seed)
        write_night(folder / name, "NC", stars=120, exposures=100, seed=seed)
    return folder / "monday", folder / "tuesday"


def test_a_fainter_and_noisier_night_is_told_by_as_much_as_it_is():
    first = made_stars()
    other = replace(
        first,
        mean_flux=first.mean_flux * 10.0 ** (-0.4 * 0.12),
        scatter_mag=2.0 * first.scatter_mag,
        fast_points=first.fast_points // 2,
    )
    found = star_differences(first, other)
    assert (found.first_stars, found.other_stars, found.common_stars) == (400, 400, 400)
    assert found.every.shift_mag == pytest.approx(0.12)
    assert found.every.spread_mag == pytest.approx(0.0, abs=1e-9)
    assert found.every.scatter_ratio == pytest.approx(2.0)
    assert found.every.points_ratio == pytest.approx(0.5)
    assert sum(one.stars for one in found.by_vmag) == 400
    assert [one.scatter_ratio for one in found.by_vmag] == pytest.approx([2.0] * len(found.by_vmag))


def test_spread_from_star_to_star_is_a_sigma():
    first = made_stars(4000)
    noise = np.random.default_rng(1).normal(0.0, 0.03, len(first))
    other = replace(first, mean_flux=first.mean_flux * 10.0 ** (-0.4 * noise))
    found = star_differences(first, other).every
    assert found.spread_mag == pytest.approx(0.03, rel=0.06)
    assert abs(found.shift_mag) < 0.003


def test_only_stars_of_both_nights_count_and_those_without_flux_are_no_trouble():
    first = made_stars()
    flux = first.mean_flux.copy()
    flux[:10], flux[10:20] = np.nan, -1.0
    fields = {name: getattr(first, name)[100:] for name in vars(first) if name != "camera_names"}
    other = replace(first, **fields)
    found = star_differences(replace(first, mean_flux=flux), other)
    assert (found.first_stars, found.other_stars, found.common_stars) == (400, 300, 300)
    assert found.every.stars == 300
    assert found.every.shift_mag == 0.0
    nothing = star_differences(first, replace(first, ascc=first.ascc + 1))
    assert nothing.every.stars == nothing.common_stars == 0
    assert np.isnan(nothing.every.shift_mag)
    assert nothing.by_vmag == ()


def test_figures_of_a_camera_are_those_of_its_journal(nights):
    figures = night_figures(nights[0]).cameras["C"]
    assert (figures.camera, figures.batches, figures.failed_batches) == ("LPC", 5, 1)
    assert (figures.received, figures.reduced, figures.errors) == (60, 50, 1)
    assert figures.zero_point_mag == pytest.approx(17.03, abs=0.9)
    assert figures.ccdtemp_c == pytest.approx(-15.0, abs=0.3)
    assert figures.frame_s == pytest.approx(137.8 / 10, rel=0.01)


def test_two_nights_side_by_side(nights):
    comparison = compare_nights(nights, JobContext())
    assert comparison.letters == ("N", "C")
    assert comparison.names == ("20160130 LaPalma (monday)", "20160130 LaPalma (tuesday)")
    north, centre, stars = tables_of(comparison)
    assert north.title == "Camera LPN"
    rows = {row[0]: row[1:] for row in north.rows}
    assert rows["Frames reduced"] == ("58", "40", "−18")
    assert {row[0]: row[1:] for row in centre.rows}["Batches failed"] == ("1", "1", "0")
    assert stars.rows[-1][0] == "all"
    assert abs(comparison.stars[0].every.shift_mag) < 0.02
    assert comparison.stars[0].every.scatter_ratio == pytest.approx(1.0, abs=0.1)
    assert "stars are in both nights" in stars.note


def test_three_nights_give_two_differences_of_which_one_may_be_missing(nights, tmp_path):
    write_journal(tmp_path / "bare", "C", 2, frames=3)
    comparison = compare_nights((*nights, tmp_path / "bare"), JobContext())
    assert comparison.stars[1] is None
    tables = tables_of(comparison)
    assert tables[-1].note == NO_STARS
    north = {row[0]: row[1:] for row in tables[0].rows}
    assert north["Frames reduced"] == ("58", "40", "-", "−18", "-")
    assert NO_STARS in to_text(comparison)


def test_what_cannot_be_compared_is_told_in_a_sentence(nights, tmp_path):
    with pytest.raises(NightglassError, match="nothing to compare"):
        compare_nights((nights[0], nights[0]), JobContext())
    with pytest.raises(NightglassError, match="no night"):
        compare_nights((nights[0], tmp_path), JobContext())


def test_a_comparison_can_be_cancelled(nights):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        compare_nights(nights, JobContext(token))


def test_command_prints_tables_and_json(nights, capsys):
    words = ["night", "compare", *map(str, nights)]
    assert main(words) == 0
    text = capsys.readouterr().out
    assert "Camera LPC" in text
    assert "Stars of 20160130 LaPalma (tuesday)" in text
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["cameras"]["N"]["reduced"] for one in told["nights"]] == [58, 40]
    assert told["stars"][0]["every"]["bright_vmag"] is None
