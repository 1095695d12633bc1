"""Where the reduction has stars, Moon and directions over a frame, against known truth."""

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.camera.model import nominal
from nightglass.core.mascara.field.chip_stars import stars_of_night
from nightglass.core.mascara.field.overlay import compass_of, overlay_of
from nightglass.core.mascara.field.reader import FieldQuestion, FieldReader, record_for
from nightglass.core.mascara.field.residuals import residuals_of
from nightglass.core.mascara.field.slots import SlotFile
from nightglass.core.stars.places import vectors_of
from nightglass.core.stars.table import StarTable
from nightglass.core.timing.sidereal import jd_of
from nightglass.core.timing.stations import find_station, moon_vectors

from .made_field import NX, NY, SLOT, named, picture, record_of, stars_of, truth, write_night

RULES = {"astrometry_bright_vmag": 4.0}


def overlay(**more):
    return overlay_of(record_of(), stars_of(), RULES, SLOT, **more)


def test_stars_lie_where_the_sky_was_made():
    found = overlay()
    x, y, vmag = truth()
    by_number = {int(number): place for place, number in enumerate(found.ascc)}
    order = [by_number[100_000 + place] for place in range(x.size)]
    assert np.abs(found.x[order] - x).max() < 2e-3
    assert np.abs(found.y[order] - y).max() < 2e-3
    assert np.array_equal(found.vmag[order], vmag)
    assert found.is_solved
    assert found.shape == (NY, NX)


def test_the_sky_moves_over_the_chip_with_the_slots():
    moved = overlay_of(record_of(), stars_of(), RULES, SLOT + 10)
    now = overlay()
    common, here, there = np.intersect1d(now.ascc, moved.ascc, return_indices=True)
    step = np.hypot(now.x[here] - moved.x[there], now.y[here] - moved.y[there])
    assert common.size > 10
    assert 10.0 < np.median(step) < 13.0


def test_the_brightest_stars_come_first_and_faint_ones_are_left_out():
    assert (np.diff(overlay().vmag) >= 0).all()
    assert overlay(faintest_vmag=5.5).vmag.max() <= 5.5


def test_targets_and_stars_of_the_astrometry_are_told():
    rules = {"targets": {"planets": [100_003, 100_007]}, "astrometry_faint_vmag": 6.0}
    found = overlay_of(record_of(), stars_of(), rules, SLOT)
    assert sorted(found.ascc[found.is_target]) == [100_003, 100_007]
    assert np.array_equal(found.is_astrometric, found.vmag <= 6.0)


def test_without_a_solution_the_nominal_pointing_is_used_and_said():
    found = overlay_of(None, stars_of(), RULES, SLOT, camera="LPC", shape=(NY, NX))
    assert not found.is_solved
    assert len(found) == len(overlay())


def test_masks_hold_for_the_whole_chip_only():
    whole = overlay_of(None, stars_of(), {}, SLOT, camera="LSW")
    assert whole.masks == ((0.0, 400.0, 2275.0, 2672.0),)
    part = overlay_of(None, stars_of(), {}, SLOT, camera="LSW", shape=(NY, NX))
    assert part.masks == ()


def moon_slot(camera):
    """A slot at which the Moon is on the whole chip of a camera."""
    slots = SLOT + np.arange(0, 30 * 13500, 500)
    station, model = find_station(camera), nominal(camera)
    for slot in slots:
        x, y, is_front = model.pixels(np.atleast_2d(moon_vectors(float(jd_of(slot)), station)))
        if is_front[0] and 0 < x[0] < model.nx and 0 < y[0] < model.ny:
            return int(slot)
    raise AssertionError("the Moon never comes")


def test_the_moon_is_where_the_camera_sees_it():
    found = overlay_of(None, StarTable.of(), {}, moon_slot("LPS"), camera="LPS")
    assert found.moon is not None
    direction = moon_vectors(found.jd, find_station("LPS"))
    x, y, _ = found.model.pixels(np.atleast_2d(direction))
    assert (found.moon.x, found.moon.y) == (x[0], y[0])
    assert 11 < found.moon.radius_px < 13


def test_without_the_moon_there_is_none():
    # Behind the camera to the north at La Palma.
    assert overlay_of(None, StarTable.of(), {}, moon_slot("LPS"), camera="LPN").moon is None


@pytest.mark.parametrize("camera", ["LPN", "LPE", "LPS", "LPW", "LSC", "LSE"])
def test_the_compass_shows_where_the_sky_goes(camera):
    model, station = nominal(camera), find_station(camera)
    compass = compass_of(model, station.latitude_deg)
    higher = vectors_of([compass.alt_deg, compass.alt_deg + 0.2], [compass.az_deg] * 2)
    x, y, _ = model.pixels(higher)
    seen = np.array([x[1] - x[0], y[1] - y[0]])
    assert np.allclose(seen / np.hypot(*seen), compass.up, atol=0.01)
    north, east = np.array(compass.north), np.array(compass.east)
    assert abs(north @ east) < 0.01
    assert abs(abs(np.linalg.det([north, east])) - 1.0) < 0.01


def test_stars_go_from_east_to_west_on_the_compass():
    early, late = overlay(), overlay_of(record_of(), stars_of(), RULES, SLOT + 5)
    _, here, there = np.intersect1d(early.ascc, late.ascc, return_indices=True)
    moved = np.array(
        [np.median(late.x[there] - early.x[here]), np.median(late.y[there] - early.y[here])]
    )
    assert moved / np.hypot(*moved) @ np.array(early.compass.east) < -0.98


def test_residuals_tell_how_far_the_stars_are_off():
    found = residuals_of(picture(shift=(0.4, -0.25)), overlay())
    assert found.expected >= len(found.ascc) > 30
    assert np.median(found.dx) == pytest.approx(0.4, abs=0.03)
    assert np.median(found.dy) == pytest.approx(-0.25, abs=0.03)
    assert found.rms_px == pytest.approx(np.hypot(0.4, 0.25), abs=0.05)


def test_a_star_that_is_elsewhere_is_left_out():
    image = picture()
    x, y, _ = truth()
    rows, columns = np.mgrid[:NY, :NX]
    squares = (columns - x[0] - 3.0) ** 2 + (rows - y[0]) ** 2
    image += 30000 * np.exp(-squares / 4.0)
    assert 100_000 not in residuals_of(image, overlay()).ascc


def test_an_empty_sky_has_no_residuals():
    flat = np.random.default_rng(1).normal(1000, 5, (NY, NX))
    found = residuals_of(flat, overlay())
    assert found.ascc.size == 0
    assert np.isnan(found.rms_px)


def test_the_solution_nearest_in_time_is_taken():
    records = {
        "a": record_of(batch=10), "b": record_of(batch=12),
        "c": record_of(batch=11, astrometry=None), "d": record_of("LPE", batch=11),
    }  # fmt: skip
    assert record_for(records, "LPC", 11 * 50 + 40)["bin"] == 10
    assert record_for(records, "LPC", 13 * 50)["bin"] == 12
    assert record_for(records, "LPW", 13 * 50) is None


def question(folder, **more):
    file = SlotFile(SLOT, folder / "raw" / named(SLOT))
    fields = {
        "camera": "LPC", "file": file, "is_binned": False, "shape": (NY, NX),
        "record": record_of(), "settings": RULES, "faintest_vmag": 8.0,
    }  # fmt: skip
    return FieldQuestion(**{**fields, **more})


def test_a_reader_answers_from_the_folder_of_a_night(tmp_path):
    reader = FieldReader(write_night(tmp_path))
    asked = question(tmp_path)
    found = reader.overlay(asked)
    assert len(found) == truth()[0].size
    residuals = reader.residuals(asked, found)
    assert residuals.rms_px < 0.1
    assert len(residuals.ascc) > 30


def test_a_reader_knows_other_names_of_stars(tmp_path):
    reader = FieldReader(write_night(tmp_path))
    assert reader.names([100_002, 100_003, 5]) == {100_002: "HD 7000"}


def test_a_dark_that_is_gone_does_not_hide_the_residuals(tmp_path):
    reader = FieldReader(write_night(tmp_path))
    asked = question(tmp_path, record=record_of(dark={"file": "gone.fits"}))
    assert len(reader.residuals(asked, reader.overlay(asked)).ascc) > 30


def test_without_a_star_table_the_reason_is_told(tmp_path):
    with pytest.raises(NightglassError, match="no star table"):
        stars_of_night(tmp_path)
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "catalogue-1.npz").write_bytes(b"torn")
    with pytest.raises(NightglassError, match="not a whole"):
        stars_of_night(tmp_path)
