"""Every known defect of the published library has a test that shows the right behaviour.

The defects that are short to show are shown here; for the others the test that does it is named.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.lightspeed import DataSet, PixelProperties, Region
from nightglass.core.lightspeed.pointing import parse_dec
from nightglass.core.timing.fold import fold

from .writer import CubeSpec, write_capture

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
SHOWN = {
    "no GPSSTART counts as 1858": "test_documented_ephemeris::test_without_a_date_there_is_no_p*",
    "a late GPSSTART is not found": "test_times::test_the_first_readable_gps_start_counts",
    "--min-index moves absolute time": "test_data_set::test_min_index_does_not_move_absolute_time",
    "frames follow by the exposure": "test_times::test_the_worked_example_with_the_true_interval",
    "lost frames are not seen": "test_dataset_arguments::test_lost_frames_are_told",
    "frames are instantaneous": "../timing/test_fold::*also_over_several_turns*",
    "onoff uses the start of a frame": "image/test_on_off_image::test_frames_of_the_middle_*",
    "times are good to a microsecond": "test_documented_ephemeris::test_a_frame_an_array_and_*",
    "cube 1000 sorts before 101": "test_discovery::test_cube_1000_comes_after_999_and_not_after*",
    "a bare file name crashes": "test_discovery::test_bare_and_relative_names_work",
    "stray files stop the program": "test_discovery::test_stray_files_are_named_with_the_reason_*",
    "cards that may change stop it": "test_discovery::test_cards_that_change_from_cube_to_cube_*",
    "long paths break the header": "test_product_files::test_a_product_names_its_cubes_options_*",
    "split drops unit names": "image/test_cube_tools::test_split_keeps_units_and_rows",
    "shift loses times and sign": "image/test_cube_tools::test_a_wandering_star_is_held_still_*",
    "shift empties its folder": "image/test_cube_tools::test_split_replaces_nothing_unasked_*",
    "the header's gain is not read": "test_data_set::test_the_gain_is_the_headers_else_the_default",
    "efficiency of the summed total": "image/test_rates::test_photons_undo_the_traps_of_each_f*",
    "a flat over its maximum": "test_data_set::test_a_flat_has_median_one_whatever_a_hot_pixel*",
    "darks are not trimmed": "test_data_set::test_calibration_of_another_part_of_the_sensor_*",
    "a saved bias is not trimmed": "noise/test_pixel_properties::test_trimming_follows_the_suba*",
    "negative offsets wrap": "noise/test_pixel_properties::test_frames_beyond_the_bias_are_ref*",
    "box and bias crop twice": "noise/test_pixel_properties::test_a_box_is_cut_like_the_frames",
    "third moment lacks a term": "noise/test_noise_moments::test_third_central_moment_is_whole",
    "self-bias swaps its moments": "noise/test_self_bias::test_bias_and_width_come_out_in_their_*",
    "large skewness gives NaN": "noise/test_pearson_noise::test_a_skewness_that_no_density_has_*",
    "PIXPROP by position only": "noise/test_pixel_property_files::test_axes_decide_what_the_th*",
    "the floor is not normalised": "noise/test_pixel_properties::test_density_is_normalised_nat*",
    "peaks are counted twice": "noise/test_pixel_property_files::test_peaks_of_a_published_file_*",
    "cosmic rays under-count": "reduce/test_aperture_sums::test_lost_pixels_are_made_good",
    "cores of stars are cut": "reduce/test_aperture_sums::test_a_steady_star_is_spared_and_a_ray_*",
    "NaN is painted over": "image/test_mean_image::test_pixels_that_were_always_cut_stay_unknown_*",
    "no telegraph noise": "noise/test_telegraph_noise::test_injected_peaks_come_back_within_*",
    "mended pixels are not seen": "test_dataset_arguments::test_pixels_that_the_camera_mended_a*",
    "a PSF half as wide": "weight/test_psf_weights::test_the_profile_is_one_half_on_the_contour",
    "a PSF turned by 90 degrees": "weight/test_psf_weights::test_the_long_axis_points_where_*",
    "histograms cut short bias": "weight/test_fluxes::test_a_histogram_cut_short_does_not_bias",
    "singular Hessians": "weight/test_fluxes::test_even_weights_and_a_free_background_are_told_*",
    "Newton without a guard": "weight/test_fluxes::test_no_step_makes_the_likelihood_smaller",
    "no background in weight mode": "weight/test_fluxes::test_a_free_background_comes_back_with_*",
    "adding weighs twice": "lc/test_lightcurve::test_equal_exposures_average_once",
    "bins without exposure divide": "lc/test_lightcurve::test_bins_without_exposure_do_not_count",
    "edges must be identical": "lc/test_lightcurve::test_edges_of_float32_files_agree",
    "float32 columns": "lc/test_lightcurve::test_a_file_keeps_everything",
    "no sky in light curves": "lc/test_folded_light::test_flux_sky_and_error_are_those_of_numpy",
    "errors too small": "lc/test_truth::test_pulse_and_sky_lie_around_the_truth",
    "bootstrap over files": "lc/test_folded_light::test_errors_from_blocks_agree_with_those_*",
    "--no-errors means errors": "../cli/test_lc_command::test_no_errors_means_none",
    "rows share one time": "lc/test_folded_light::test_rows_are_timed_by_themselves",
    "frames beyond a period": "lc/test_folded_light::test_a_frame_longer_than_a_period_fills_*",
    "the flat is ignored in lc": "lc/test_folded_light::test_a_flat_divides_the_light",
    "saturation is not used": "lc/test_folded_light::test_saturated_frames_are_counted",
    "the first edge is missing": "lc/test_time_series::test_every_frame_is_in_its_bin_and_the_*",
    "flux of photo over one exposure": "lc/test_time_series::test_errors_are_those_of_the_scatter",
    "no barycentred times": "lc/test_event_table::test_barycentric_times_are_those_of_pint",
    "uniform sampling in fft": "lc/test_power_spectrum::test_segments_never_cross_a_gap",
    "flux a pixel in weight mode": "lc/test_weighted_light::test_the_flux_of_the_source_comes_out",
    "CRPIX swapped, no half pixel": "image/test_image_wcs::test_astropy_finds_the_same_sky_at_*",
    "CRPIX not moved by cropping": "image/test_image_wcs::test_a_cropped_image_keeps_its_place_*",
    "binning is ignored": "image/test_image_wcs::test_binning_widens_the_pixels",
    "pointing needed without WCS": "image/test_mean_image::test_no_pointing_matters_only_to_*",
    "partly written cubes": "test_data_set::test_a_file_that_is_no_cube_is_left_out_and_told",
    "resampling twice": "test_data_set::test_a_second_bootstrap_is_refused_and_a_copy_keeps_*",
    "box and region differ": "test_dataset_arguments::test_a_box_crops_and_regions_are_counted_*",
}


def names_in(name: str) -> Iterator[str]:
    """Names of the tests of a module beside this one."""
    tree = ast.parse((HERE / f"{name}.py").resolve().read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name


@pytest.mark.parametrize("defect", SHOWN)
def test_the_test_that_shows_it_is_there(defect: str) -> None:
    from fnmatch import fnmatch

    module, _, pattern = SHOWN[defect].partition("::")
    assert any(fnmatch(name, pattern) for name in names_in(module)), SHOWN[defect]


def test_declinations_between_minus_one_and_zero_keep_their_sign() -> None:
    assert parse_dec("-00:30:00") == -0.5
    assert parse_dec("+00:30:00") == 0.5


def test_a_region_lies_where_ds9_drew_it_and_not_one_pixel_off(tmp_path: Path) -> None:
    path = tmp_path / "star.reg"
    path.write_text("# Region file format: DS9\n-box(1,1,1,1,0)\ncircle(10,10,3.5) # text={a}\n")
    y, x = np.mgrid[1:25, 1:25]
    inside = Region(str(path)).check_inside_absolute(x, y)
    assert inside.sum() == 37
    assert np.flatnonzero(inside.any(axis=0))[[0, -1]].tolist() == [6, 12]


def test_a_polygon_keeps_the_pixels_in_line_with_its_corners(tmp_path: Path) -> None:
    path = tmp_path / "square.reg"
    path.write_text("polygon(5,5,14,5,14,14,5,14)\n")
    y, x = np.mgrid[1:25, 1:25]
    assert Region(str(path)).check_inside_absolute(x, y).sum() == 81


def test_a_phase_of_exactly_one_is_a_phase_of_zero() -> None:
    assert fold([1.0], [3.0], 1.0, 10).sums[0].tolist() == [3.0] + [0.0] * 9


def test_probabilities_need_no_mask_and_have_no_floor(tmp_path: Path) -> None:
    data_set = DataSet(write_capture(tmp_path, CubeSpec()))
    properties = PixelProperties.default(data_set)
    image = np.full(data_set.shape, 3.9)
    assert properties.get_prob(image, 0).shape == image.shape
    assert properties.get_prob(image, 0).max() < 1e-3


def test_without_a_bar_the_iterator_ends_quietly(
    tmp_path: Path, capfd: pytest.CaptureFixture
) -> None:
    data_set = DataSet(write_capture(tmp_path, CubeSpec()))
    assert len(list(data_set.iterator(use_bar=False))) == 15
    assert capfd.readouterr() == ("", "")


def test_saturated_frames_are_marked_below_the_end_of_the_counts(tmp_path: Path) -> None:
    data_set = DataSet(write_capture(tmp_path, CubeSpec()), cut_cr=False)
    flags = [frame.is_saturated for frame in data_set.iterator(use_bar=False)]
    assert flags == [bool((frame.image.max() * data_set.adu_per_electron + 199.5) > 59999.5)
                     for frame in data_set.iterator(use_bar=False)]  # fmt: skip
    assert not all(flags)
