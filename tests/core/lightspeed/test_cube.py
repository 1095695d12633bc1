"""One cube: names, headers, frames and stamps."""

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.cube import Cube, Subarray, parse_name, read_cube_header

from .writer import CubeSpec, hdus, old, pixels, stamps, write_cube

SPEC = CubeSpec(rows=6, columns=8, bundles=5, per_bundle=3)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("crab_20251210_031500_cube001.fits", ("crab", "20251210_031500", 1)),
        ("my crab_2_20251210_031500_cube1000.fits", ("my crab_2", "20251210_031500", 1000)),
        ("crab_cube001_20251210_031500_cube002.fits", ("crab_cube001", "20251210_031500", 2)),
        ("_20251210_031500_cube001.FITS", ("", "20251210_031500", 1)),
        ("crab_20251210_031500_cube001.fits.gz", None),
        ("crab_20251210_031500_cube001_proc.fits", None),
        ("crab_20251210_031500_cube01.fits", None),
        (".crab_20251210_031500_cube001.fits", None),
        ("flat.fits", None),
    ],
)
def test_names_are_read_from_the_right(name, expected):
    assert parse_name(name) == expected
    assert parse_name(f"/data/night_1/{name}") == expected


def test_the_header_tells_everything(tmp_path):
    header = read_cube_header(write_cube(tmp_path, SPEC, 2))
    assert (header.number, header.object_name, header.start) == (2, "crab", "20251210_001500")
    assert (header.frames_per_bundle, header.bundles, header.shape) == (3, 5, (6, 8))
    assert (header.exposure_s, header.readout_s, header.interval_s) == (0.005, 0.0042, 0.0051)
    assert header.subarray == Subarray(1048, 512, 8, 6)
    assert header.detector_offset == (1048, 512)
    assert (header.mode, header.binning, header.filter) == ("standard", 1, "2 (g')")
    assert header.gain_adu_per_e == pytest.approx(1 / 0.107)
    assert header.temperature_c == -34.9
    assert header.gps_start == "2025-12-10T03:15:00.000000000"
    assert header.cards["TELRA"] == "05:34:31.9"
    assert header.n_frames == 15
    assert header.notes == ()


@pytest.mark.parametrize(
    ("cards", "field", "value"),
    [
        ({"READOUT SPEED": 1.0}, "mode", "ultra-quiet"),
        ({"READOUT SPEED": "SLOWEST"}, "mode", "ultra-quiet"),
        ({"READOUT SPEED": "FASTEST"}, "mode", "standard"),
        ({"READOUT SPEED": None}, "mode", None),
        ({"SENSOR MODE": "PHOTON NUMBER RESOLVING"}, "mode", "photon-number"),
        ({"BINNING": "2x2"}, "binning", 2),
        ({"BINNING": 4.0}, "binning", 4),
        ({"BINNING": None}, "binning", 1),
        ({"SUBARRAY MODE": "OFF"}, "subarray", None),
        ({"SUBARRAY MODE": None}, "subarray", None),
        ({"CONVERSION FACTOR COEFF": 0.0}, "gain_adu_per_e", None),
        ({"EXPOSURE TIME": None}, "exposure_s", None),
        ({"EXPOSURE TIME": -1.0}, "exposure_s", None),
        ({"EXPOSURE TIME": "nan"}, "exposure_s", None),
        ({"SENSOR TEMPERATURE": "N/A"}, "temperature_c", None),
        ({"FILTER": "N/A"}, "filter", None),
        ({"FRAMEBUNDLE MODE": "OFF"}, "frames_per_bundle", 1),
        ({"FRAMEBUNDLE MODE": None}, "frames_per_bundle", 1),
        ({"FRAMEBUNDLE MODE": 2.0}, "frames_per_bundle", 3),
        ({"FRAMEBUNDLE NUMBER": None, "IMAGE HEIGHT": 6.0}, "frames_per_bundle", 3),
    ],
)
def test_the_cameras_words_are_understood(tmp_path, cards, field, value):
    header = read_cube_header(write_cube(tmp_path, SPEC.with_(cards=cards), 1))
    assert getattr(header, field) == value


def test_a_bundle_number_counts_only_while_bundling_is_on(tmp_path):
    path = write_cube(tmp_path, SPEC.with_(cards={"FRAMEBUNDLE MODE": "OFF"}), 1)
    assert read_cube_header(path).shape == (18, 8)


@pytest.mark.parametrize("gps", [None, "N/A", ""])
def test_an_absent_gps_start_is_none(tmp_path, gps):
    assert read_cube_header(write_cube(tmp_path, SPEC.with_(gps=gps), 1)).gps_start is None


@pytest.mark.parametrize("bitpix", [8, 16])
@pytest.mark.parametrize("mapping", [True, False])
def test_every_frame_is_its_strip_of_the_bundle(tmp_path, bitpix, mapping):
    spec = SPEC.with_(bitpix=bitpix)
    cube = Cube(read_cube_header(write_cube(tmp_path, spec, 3)), mapping)
    truth = pixels(spec, 3)
    for index in range(15):
        values = cube.header.encoding.decode(cube.raw(index))
        np.testing.assert_array_equal(values, truth[index])
    part = cube.header.encoding.decode(cube.raw(7, slice(2, 5)))
    np.testing.assert_array_equal(part, truth[7, 2:5])
    assert cube.mapped is mapping


def test_stamps_are_read_without_astropy_as_astropy_reads_them(tmp_path):
    path = write_cube(tmp_path, SPEC, 4)
    clock_s, counter = Cube(read_cube_header(path)).timestamps()
    truth = fits.getdata(path, "TIMESTAMPS")
    np.testing.assert_array_equal(clock_s, truth["TIMESTAMP"])
    np.testing.assert_array_equal(counter, truth["FRAMESTAMP"])
    assert clock_s.dtype.isnative
    np.testing.assert_array_equal(clock_s, stamps(SPEC, 4)[0])


def test_other_columns_in_the_table_are_stepped_over(tmp_path):
    units = hdus(SPEC, 1)
    clock, counter = stamps(SPEC, 1)
    columns = [
        fits.Column("LABEL", "7A", array=["a"] * 5),
        fits.Column("FLAGS", "11X", array=np.zeros((5, 11), bool)),
        fits.Column("TIMESTAMP", "D", array=clock),
        fits.Column("PAIR", "2E", array=np.zeros((5, 2))),
        fits.Column("FRAMESTAMP", "J", array=counter),
    ]
    units[2] = fits.BinTableHDU.from_columns(columns, name="TIMESTAMPS")
    path = tmp_path / "crab_20251210_001500_cube001.fits"
    units.writeto(path)
    read = Cube(read_cube_header(path)).timestamps()
    np.testing.assert_array_equal(read.clock_s, clock)
    np.testing.assert_array_equal(read.counter, counter)


def test_damaged_stamps_are_nan_and_short_tables_are_noted(tmp_path):
    clock = np.array([0.0, np.nan, np.inf])
    path = write_cube(tmp_path, SPEC, 1, clock=clock, counter=np.arange(3))
    header = read_cube_header(path)
    read = Cube(header).timestamps()
    assert np.isnan(read.clock_s[1:]).all()
    assert len(read.clock_s) == 5
    assert read.counter is None
    assert header.notes == ("has time stamps for 3 of its 5 bundles only",)


def test_a_split_cube_without_extension_names_is_read(tmp_path):
    units = hdus(SPEC, 1)
    for unit in units[1:]:
        del unit.header["EXTNAME"]
    path = tmp_path / "crab_cube001_20251210_001500_cube002.fits"
    units.writeto(path)
    header = read_cube_header(path)
    assert header.object_name == "crab_cube001"
    assert len(Cube(header).timestamps().clock_s) == 5


def test_a_renamed_cube_is_numbered_by_its_header(tmp_path):
    path = write_cube(tmp_path, SPEC, 7).rename(tmp_path / "copy of crab.fits")
    header = read_cube_header(path)
    assert (header.object_name, header.number, header.start) == ("crab", 7, None)


def test_a_name_and_a_header_that_disagree_are_noted(tmp_path):
    path = write_cube(tmp_path, SPEC, 2)
    moved = path.rename(tmp_path / path.name.replace("002", "003"))
    header = read_cube_header(moved)
    assert header.number == 3
    assert header.notes == ("is number 3 by its name but says CUBEIDX 2",)


def test_rows_that_do_not_divide_into_frames_are_noted(tmp_path):
    header = read_cube_header(
        write_cube(tmp_path, SPEC.with_(cards={"FRAMEBUNDLE NUMBER": 4.0}), 1)
    )
    assert header.rows == 4
    assert header.notes == ("has 2 rows too many for bundles of 4 frames",)


def test_an_impossible_bundle_number_is_damage(tmp_path):
    path = write_cube(tmp_path, SPEC.with_(cards={"FRAMEBUNDLE NUMBER": 1000.0}), 1)
    with pytest.raises(NightglassError, match="no valid FRAMEBUNDLE NUMBER"):
        read_cube_header(path)


def test_a_settled_cube_is_mapped_and_closing_keeps_its_views(tmp_path):
    cube = Cube(read_cube_header(old(write_cube(tmp_path, SPEC, 1))))
    view = cube.raw(3)
    assert cube.mapped
    before = view.copy()
    cube.close()
    np.testing.assert_array_equal(view, before)
    with pytest.raises(NightglassError, match="closed"):
        cube.raw(0)
    with pytest.raises(NightglassError, match="closed"):
        cube.timestamps()
