"""What is read off the picture, each number against another way to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from nightglass.core.session.view import Stack
from nightglass.core.workbench.readings import Reading, Readings

from ..lightspeed.writer import write_capture
from .night import COLUMNS, OTHER, ROWS, SPEC, WHOLE, frames_of, shown_values, written

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.workbench import Workbench

RAW = frames_of().astype(np.float64)
GAIN = 1 / 0.107  # CONVERSION FACTOR COEFF of the files is electrons for a count
OFFSET = 199.5


@pytest.fixture
def shown(bench: Workbench, capture_folder: Path) -> Workbench:
    """A workbench that shows frame 1 of 30."""
    bench.pictures.look("main", WHOLE)
    bench.open([capture_folder])
    return bench


@pytest.fixture
def readings(shown: Workbench) -> Readings:
    return Readings(shown)


def test_a_pixel(shown: Workbench, readings: Readings) -> None:
    shown.transport.go_to(11)
    reading = readings.at("main", (5.3, 7.49))
    assert reading.place == (5.3, 7.49)
    assert reading.detector == (1048 + 5.3, 512 + 7.49)
    assert reading.adu == RAW[11, 7, 5]
    assert reading.electrons == pytest.approx((RAW[11, 7, 5] - OFFSET) / GAIN)
    assert reading.frame == 11
    assert reading.time_quality == "gps"


def test_the_time_is_the_middle_of_the_exposure(shown: Workbench, readings: Readings) -> None:
    shown.transport.go_to(23)
    told = readings.at("main", None).utc
    middle = datetime(2025, 12, 10, 3, 15, tzinfo=UTC) + timedelta(
        seconds=23 * 0.0051 + 0.0025 + 0.0021
    )
    assert told is not None
    assert abs(datetime.fromisoformat(f"{told}Z") - middle) <= timedelta(microseconds=1)


def test_outside_of_the_frame_there_is_no_value(shown: Workbench, readings: Readings) -> None:
    for place in ((-0.51, 3.0), (3.0, ROWS - 0.49), (COLUMNS + 40.0, 2.0)):
        reading = readings.at("main", place)
        assert (reading.adu, reading.electrons) == (None, None)
        assert reading.place == place


def test_nothing_shown_is_nothing_read(bench: Workbench) -> None:
    assert Readings(bench).at("main", (1.0, 2.0)) == Reading()


def test_the_sky_is_that_of_astropys_wcs(shown: Workbench, readings: Readings) -> None:
    wcs = WCS({
        "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN",
        "CRVAL1": 15 * (5 + 34 / 60 + 31.9 / 3600), "CRVAL2": 22 + 52 / 3600,
        "CRPIX1": (COLUMNS + 1) / 2, "CRPIX2": (ROWS + 1) / 2,
        "CDELT1": -0.05 / 3600, "CDELT2": 0.05 / 3600,
    })  # fmt: skip
    for place in ((0.0, 0.0), (COLUMNS - 1.0, 3.25), (17.3, ROWS - 1.0)):
        np.testing.assert_allclose(
            readings.at("main", place).sky, wcs.all_pix2world(*place, 0), atol=1e-10
        )


def test_another_plate_scale_moves_the_sky(shown: Workbench, readings: Readings) -> None:
    at_first = readings.at("main", (0.0, 0.0)).sky
    centre = readings.at("main", ((COLUMNS - 1) / 2, (ROWS - 1) / 2)).sky
    shown.use_settings(shown.settings.changed(plate_scale_arcsec=0.1))
    now = readings.at("main", (0.0, 0.0)).sky
    assert now[1] - centre[1] == pytest.approx(2 * (at_first[1] - centre[1]), rel=1e-5)


def test_where_the_telescope_is_silent_there_is_no_sky(bench: Workbench, tmp_path: Path) -> None:
    silent = SPEC.with_(cards={"TELRA": "N/A", "TELDEC": "N/A"})
    bench.pictures.look("main", WHOLE)
    bench.open([written(tmp_path, silent)])
    assert Readings(bench).at("main", (3.0, 3.0)).sky == (None, None)


def test_the_gain_of_the_settings(shown: Workbench, readings: Readings) -> None:
    shown.use_settings(shown.settings.changed(use_header_gain=False, adu_per_electron=2.0))
    reading = readings.at("main", (1.0, 1.0))
    assert reading.electrons == pytest.approx((RAW[0, 1, 1] - OFFSET) / 2.0)
    shown.use_settings(shown.settings.changed(adu_offset=100.0))
    reading = readings.at("main", (1.0, 1.0))
    assert reading.electrons == pytest.approx((RAW[0, 1, 1] - 100.0) / 2.0)


def test_a_file_without_a_gain_takes_that_of_the_settings(bench, tmp_path: Path) -> None:
    bench.pictures.look("main", WHOLE)
    bench.open([written(tmp_path, SPEC.with_(cards={"CONVERSION FACTOR COEFF": None}))])
    reading = Readings(bench).at("main", (2.0, 2.0))
    assert reading.electrons == pytest.approx((RAW[0, 2, 2] - OFFSET) / 8.5)


def test_electrons_of_a_sum_lose_the_offset_of_each_frame(shown, readings: Readings) -> None:
    shown.session.change(stack=Stack(4, "sum"))
    shown.transport.go_to(9)
    total = RAW[6:10, 2, 3].sum()
    reading = readings.at("main", (3.0, 2.0))
    assert reading.adu == total
    assert reading.electrons == pytest.approx((total - 4 * OFFSET) / GAIN)
    shown.transport.go_to(1)
    reading = readings.at("main", (3.0, 2.0))
    assert reading.electrons == pytest.approx((RAW[:2, 2, 3].sum() - 2 * OFFSET) / GAIN)


def test_electrons_of_a_scatter_and_a_difference_have_no_offset(shown, readings: Readings) -> None:
    shown.session.change(stack=Stack(4, "std"))
    shown.transport.go_to(9)
    scatter = RAW[6:10, 2, 3].std(ddof=1)
    assert readings.at("main", (3.0, 2.0)).electrons == pytest.approx(scatter / GAIN, rel=1e-5)
    shown.session.change(stack=Stack())
    shown.pictures.take_reference()
    shown.transport.go_to(12)
    difference = RAW[12, 2, 3] - RAW[9, 2, 3]
    assert readings.at("main", (3.0, 2.0)).electrons == pytest.approx(difference / GAIN)


def test_calibrated_values_are_read_as_they_are_shown(shown, readings, tmp_path: Path) -> None:
    bias = tmp_path / "bias"
    bias.mkdir()
    write_capture(bias, SPEC.with_(object_name="bias"), [2])
    shown.calibrations.load("bias", bias)
    expected = RAW[0, 5, 6] - RAW[10:20, 5, 6].mean()
    reading = readings.at("main", (6.0, 5.0))
    assert reading.adu == pytest.approx(expected, abs=0.01)
    assert reading.adu == shown_values(shown)[5, 6]
    assert reading.electrons == pytest.approx(expected / GAIN, abs=0.01)


def test_the_other_capture_is_read_in_its_own_frame(shown: Workbench, readings, tmp_path) -> None:
    first = shown.session.view.capture
    shown.open([written(tmp_path / "vela", OTHER.with_(cards={"SUBARRAY HPOS": 0.0}), cubes=1)])
    other = shown.session.view.capture
    shown.show(first)
    shown.session.change(other=other, layout="tile")
    shown.pictures.look("other", WHOLE)
    shown.transport.go_to(25)
    reading = readings.at("other", (2.0, 3.0))
    assert reading.frame == 9
    assert reading.detector == (2.0, 515.0)
    assert reading.adu == frames_of(OTHER, (1,))[9, 3, 2]


def test_an_image_without_a_camera_has_counts_alone(bench: Workbench, tmp_path: Path) -> None:
    values = np.arange(20, dtype=np.float32).reshape(4, 5)
    header = fits.Header({"DATE-OBS": "2025-12-10T03:15:00", "EXPTIME": 4.0})
    fits.PrimaryHDU(values, header).writeto(tmp_path / "sky.fits")
    bench.pictures.look("main", WHOLE)
    bench.open([tmp_path / "sky.fits"])
    reading = Readings(bench).at("main", (4.0, 3.0))
    assert reading.adu == 19.0
    assert reading.electrons is None
    assert (reading.detector, reading.sky) == ((None, None), (None, None))
    assert reading.utc == "2025-12-10T03:15:02.000000"
    assert reading.time_quality == "header"
