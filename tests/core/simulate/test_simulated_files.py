"""The files against astropy's own writer and against a capture the published readers accept."""

from __future__ import annotations

import io
import json
import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.simulate import clock, header
from nightglass.core.simulate.lightspeed import simulate_capture
from nightglass.core.simulate.pixels import FrameRenderer
from nightglass.core.simulate.settings import CaptureSettings, from_json

if TYPE_CHECKING:
    from pathlib import Path

SMALL: dict[str, Any] = {"shape": (16, 24), "pulsed_fraction": 0.0, "exposure_s": 0.001}


def write(folder: Path, **changes: Any) -> list[Path]:
    settings = CaptureSettings(**{"frames": 20, **SMALL, **changes})
    return list(simulate_capture(settings, folder).files)


def truth_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "truth.json").read_text())


def test_names_carry_object_local_time_and_cube_number(tmp_path: Path):
    files = write(tmp_path, object_name="my star_2", frames=250)
    assert [path.name for path in files] == [
        f"my star_2_20251210_001500_cube{n:03d}.fits" for n in (1, 2, 3)
    ]


def test_numbers_grow_to_four_digits_after_cube_999(tmp_path: Path):
    files = write(tmp_path, frames=1001, frames_per_cube=1, shape=(4, 4))
    assert [path.name[-13:] for path in files[-3:]] == ["_cube999.fits", "cube1000.fits",
                                                        "cube1001.fits"]  # fmt: skip


def test_the_last_cube_is_short(tmp_path: Path):
    files = write(tmp_path, frames=1040, bundle=4, frames_per_cube=100)
    shapes = [fits.getdata(path, 1).shape for path in files]
    assert shapes == [(100, 64, 24), (100, 64, 24), (60, 64, 24)]


def test_every_file_passes_fits_verification_and_is_whole_blocks(tmp_path: Path):
    for path in write(tmp_path, frames=130):
        assert path.stat().st_size % 2880 == 0
        with fits.open(path) as hdus:
            hdus.verify("exception")
            assert [hdu.name for hdu in hdus] == ["PRIMARY", "DATA_CUBE", "TIMESTAMPS"]
            assert hdus["DATA_CUBE"].data.dtype == np.uint16


@pytest.mark.parametrize("bundle", [1, 5])
def test_bytes_are_those_astropy_would_write(tmp_path: Path, bundle: int):
    for path in write(tmp_path, frames=30, bundle=bundle, era="2025-09"):
        with fits.open(path) as hdus:
            again = fits.HDUList([
                fits.PrimaryHDU(header=hdus[0].header),
                fits.ImageHDU(hdus[1].data.copy(), header=hdus[1].header),
                fits.BinTableHDU(hdus[2].data.copy(), header=hdus[2].header),
            ])  # fmt: skip
            out = io.BytesIO()
            again.writeto(out, output_verify="exception")
        assert out.getvalue() == path.read_bytes()


def test_pixels_in_the_file_are_the_rendered_ones_bundle_by_bundle(tmp_path: Path):
    settings = CaptureSettings(**{"frames": 12, "bundle": 3, **SMALL})
    (path,) = simulate_capture(settings, tmp_path).files
    frames = fits.getdata(path, 1).reshape(12, 16, 24)
    np.testing.assert_array_equal(frames, FrameRenderer(settings, None).counts(np.arange(12)))


def test_camera_cards_are_texts_or_floats_as_the_driver_gives_them(tmp_path: Path):
    cards = fits.getheader(write(tmp_path, bundle=2)[0], 1)
    texts = ("SENSOR MODE", "TRIGGER SOURCE", "SUBARRAY MODE", "FRAMEBUNDLE MODE", "BINNING",
             "IMAGE PIXEL TYPE", "OUTPUT TRIGGER KIND[0]", "TIME STAMP PRODUCER")  # fmt: skip
    assert all(isinstance(cards[name], str) for name in texts)
    floats = header.camera_cards(CaptureSettings(**SMALL))
    for name, value in floats.items():
        assert type(cards[name]) is type(value)
        assert isinstance(value, str | float)
    assert cards["FRAMEBUNDLE MODE"] == "ON"
    assert cards["FRAMEBUNDLE NUMBER"] == 2.0
    assert cards["IMAGE HEIGHT"] == 16.0
    assert cards["TIMING READOUT TIME"] == pytest.approx(8 * 7.2e-6)
    assert cards["CONVERSION FACTOR COEFF"] * 8.5 == pytest.approx(1.0)
    assert cards["READOUT SPEED"] == 2.0


def test_the_telescope_block_is_texts(tmp_path: Path):
    cards = fits.getheader(write(tmp_path)[0], 1)
    assert cards["TELRA"] == "05:34:31.97"
    assert cards["TELDEC"] == "+22:00:52.1"
    assert float(cards["TELPA"]) + float(cards["ROTENC"]) == pytest.approx(15.0, abs=2e-3)
    assert cards["DATEOBS"] == "2025-12-10"
    assert cards["TELUT"] == "03:15:00"
    assert cards["FILTER"] == "2 (g')"
    assert cards["SHUTTER"] == "Open"
    names = ("AIRMASS", "TELEL", "TELAZ", "TELHA", "TELST", "TELROT", "TELEQUIN")
    assert all(isinstance(cards[name], str) for name in names)


def test_the_telescope_points_where_astropy_says(tmp_path: Path):
    from astropy.coordinates import EarthLocation
    from astropy.time import Time
    from astropy.utils import iers

    cards = fits.getheader(write(tmp_path)[0], 1)
    place = EarthLocation.from_geodetic(-70.692, -29.0146, 2380.0)
    with iers.conf.set_temp("auto_download", False), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sidereal = Time("2025-12-10T03:15:00", scale="utc", location=place).sidereal_time(
            "mean", longitude=place.lon, model="IAU1982"
        )
    hours, minutes, seconds = (int(part) for part in cards["TELST"].split(":"))
    assert hours + minutes / 60 + seconds / 3600 == pytest.approx(sidereal.hour, abs=2 / 3600)
    hour_angle = math.radians((sidereal.hour - 5.5755) * 15)
    dec, lat = math.radians(22.0145), math.radians(-29.0146)
    sine = math.sin(lat) * math.sin(dec) + math.cos(lat) * math.cos(dec) * math.cos(hour_angle)
    assert float(cards["TELEL"]) == pytest.approx(math.degrees(math.asin(sine)), abs=0.02)
    assert float(cards["AIRMASS"]) == pytest.approx(1 / sine, abs=0.002)


@pytest.mark.parametrize("era", ["2025-09", "2025-12"])
def test_later_programs_refresh_the_pointing_between_cubes(tmp_path: Path, era: str):
    files = write(tmp_path, era=era, frames=60, frames_per_cube=10, exposure_s=0.3)
    headers = [fits.getheader(path, 1) for path in files]
    changing = {key for key in headers[0] if len({str(h[key]) for h in headers}) > 1}
    allowed = {"TELROT", "TELPA", "ROTENC", "TELEL", "TELAZ", "TELHA", "TELST", "TELUT",
               "AIRMASS"}  # fmt: skip
    assert changing <= (allowed if era == "2025-12" else set())
    assert ("TELUT" in changing) is (era == "2025-12")


@pytest.mark.parametrize(("era", "first"), [("2025-12", 0.0), ("2025-09", None)])
def test_stamps_grow_with_the_interval_from_zero_or_the_camera_clock(
    tmp_path: Path, era: str, first: float | None
):
    files = write(tmp_path, era=era, frames=800, bundle=4, interval_s=0.00123)
    tables = [fits.getdata(path, 2) for path in files]
    stamps = np.concatenate([table["TIMESTAMP"] for table in tables])
    numbers = np.concatenate([table["FRAMESTAMP"] for table in tables])
    assert numbers.tolist() == list(range(200))
    np.testing.assert_allclose(stamps - stamps[0], np.arange(200) * 4 * 0.00123, atol=1.1e-6)
    assert stamps[0] == truth_of(tmp_path)["timing"]["first_timestamp_s"]
    assert stamps[0] == first if first is not None else stamps[0] > 1


def test_the_table_has_columns_d_and_k_without_units(tmp_path: Path):
    cards = fits.getheader(write(tmp_path)[0], 2)
    assert (cards["TFORM1"], cards["TFORM2"]) == ("D", "K")
    assert "TUNIT1" not in cards
    assert cards["NAXIS2"] == 20


def test_gpsstart_is_the_start_of_the_first_exposure(tmp_path: Path):
    primary = fits.getheader(write(tmp_path, start="2025-09-13T06:00:00.00429")[0], 0)
    assert primary["GPSSTART"] == "2025-09-13T06:00:00.004290000"
    assert list(primary)[-3:] == ["OBJECT", "GPSSTART", "CUBEIDX"]
    assert primary["CUBEIDX"] == 1


def test_mid_exposures_cross_midnight(tmp_path: Path):
    settings = CaptureSettings(
        **{"frames": 4, **SMALL, "start": "2025-12-10T23:59:59.5", "exposure_s": 0.4}
    )
    day, seconds = clock.mid_exposures(settings, np.arange(4))
    constant = (0.4 + 8 * 7.2e-6) / 2
    assert day.tolist() == [61019, 61020, 61020, 61020]
    np.testing.assert_allclose(seconds, [86399.5 + constant, constant - 0.1,
                                         0.3 + constant, 0.7 + constant], atol=1e-9)  # fmt: skip
    simulate_capture(settings, tmp_path)
    assert truth_of(tmp_path)["timing"]["first_mid_exposure_utc"].startswith(
        "2025-12-10T23:59:59.7"
    )


def test_a_full_frame_has_its_subarray_off():
    cards = header.camera_cards(CaptureSettings(shape=(2304, 4096), exposure_s=0.01))
    assert cards["SUBARRAY MODE"] == "OFF"
    cards = header.camera_cards(CaptureSettings(shape=(64, 64), position=(512, 1048)))
    assert cards["SUBARRAY MODE"] == "ON"
    assert (cards["SUBARRAY VPOS"], cards["SUBARRAY HPOS"]) == (512.0, 1048.0)


def test_calibrations_have_their_usual_names_and_lengths(tmp_path: Path):
    for kind, name, frames, shutter in (
        ("bias", "bias", 50, "Closed"),
        ("dark", "dark_10000_ms", 5, "Closed"),
        ("flat", "flat_g'_100ms", 6, "Open"),
    ):
        settings = CaptureSettings(calibration=kind, shape=(16, 16), position=(64, 128))
        report = simulate_capture(settings, tmp_path)
        assert report.frames == frames
        cards = fits.getheader(report.files[0], 1)
        assert report.files[0].name.startswith(f"{name}_2025")
        assert cards["SHUTTER"] == shutter
        assert cards["SUBARRAY HPOS"] == 128.0


def test_truths_of_several_captures_live_in_one_folder(tmp_path: Path):
    write(tmp_path, object_name="first")
    write(tmp_path, object_name="second")
    assert truth_of(tmp_path)["settings"]["object_name"] == "second"
    kept = json.loads((tmp_path / "first_20251210_001500_truth.json").read_text())
    assert kept["settings"]["object_name"] == "first"


def test_the_truth_tells_everything_and_no_place(tmp_path: Path):
    write(tmp_path, cosmic_ray_rate=1e7, hot_fraction=0.02, par="")
    text = (tmp_path / "truth.json").read_text()
    assert str(tmp_path) not in text
    truth = json.loads(text)
    assert truth["detector"]["gain_adu_per_electron"] == 8.5
    assert len(truth["detector"]["hot_pixels"]) == truth["detector"]["hot_pixel_count"] > 0
    assert len(truth["cosmic_rays"]["rays"]) == truth["cosmic_rays"]["count"] > 0
    assert truth["pulsar"]["x"] == 11.5
    assert len(truth["stars"]) == 6
    assert truth["frames"]["stored"] == truth["frames"]["in_whole_cubes"] == 20
    assert from_json(truth["settings"] | {"par": ""}) == CaptureSettings(
        **{"frames": 20, **SMALL, "cosmic_ray_rate": 1e7, "hot_fraction": 0.02}
    )


def test_pixel_maps_can_be_had(tmp_path: Path):
    settings = CaptureSettings(**{"frames": 4, **SMALL, "truth_maps": True})
    simulate_capture(settings, tmp_path)
    with np.load(tmp_path / "truth_maps.npz") as maps:
        assert maps["bias_e"].shape == (16, 24)
        bias_e = FrameRenderer(settings, None).maps.bias_e
        np.testing.assert_array_equal(maps["bias_e"], bias_e)
        assert maps["pulsar_rate"].argmax() in (7 * 24 + 11, 7 * 24 + 12, 8 * 24 + 11, 8 * 24 + 12)


def test_same_seed_and_start_give_the_same_bytes(tmp_path: Path):
    first = write(tmp_path / "a", frames=300, cosmic_ray_rate=1e4)
    second = write(tmp_path / "b", frames=300, cosmic_ray_rate=1e4)
    other = write(tmp_path / "c", frames=300, cosmic_ray_rate=1e4, seed=2)
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
    assert first[0].read_bytes() != other[0].read_bytes()
    truths = [(tmp_path / name / "truth.json").read_bytes() for name in "ab"]
    assert truths[0] == truths[1]


def test_an_earlier_capture_is_replaced_only_when_allowed(tmp_path: Path):
    settings = CaptureSettings(**{"frames": 300, **SMALL})
    simulate_capture(settings, tmp_path)
    shorter = CaptureSettings(**{"frames": 100, **SMALL})
    with pytest.raises(NightglassError, match="there already"):
        simulate_capture(shorter, tmp_path)
    simulate_capture(shorter, tmp_path, clobber=True)
    assert len(list(tmp_path.glob("*.fits"))) == 1


def test_cards_of_the_reference_capture_are_all_there_with_its_types(shared: Path, tmp_path: Path):
    reference = shared / "data" / "lightspeed" / "reference" / "capture"
    theirs = sorted(reference.glob("*_cube001.fits"))[0]
    ours = write(tmp_path, frames=20, bundle=2, interval_s=0.0021)[0]
    for number in range(3):
        other, mine = fits.getheader(theirs, number), fits.getheader(ours, number)
        assert [key for key in other if key not in mine] == []
        for key, value in other.items():
            assert type(mine[key]) is type(value), key
    assert fits.getdata(theirs, 2).dtype == fits.getdata(ours, 2).dtype
    assert fits.getdata(theirs, 1).dtype == fits.getdata(ours, 1).dtype
