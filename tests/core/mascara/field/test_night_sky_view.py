"""The sky of a batch tells where cells, chips and stars are, and what arrived of their light."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.engine.jobs import JobContext
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.mascara.field.sky_view import (
    BRIGHT_VMAG,
    NightSky,
    reduced_batches,
    seen_cells,
    sky_key,
)
from nightglass.core.mascara.night.clear_sky import clear_zero_points
from nightglass.core.mascara.settings import ReductionSettings
from nightglass.core.stars.places import Places
from nightglass.core.timing.sidereal import BATCH, jd_of
from nightglass.core.timing.stations import find_station

from ..browsing.made_stars import write_night
from ..watching.made_night import FIRST_BATCH, made_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.mascara.field.whole_sky import SkyView
    from nightglass.core.mascara.watching.snapshot import NightSnapshot
    from numpy.typing import NDArray

    from ..browsing.made_stars import MadeNight

# The first batch of the made-up stars, some batches after that of the made-up journal.
BATCH_WITH_STARS = 304601
CAMERAS = ("LPC", "LPN", "LPS")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> NightSnapshot:
    return made_snapshot(tmp_path_factory.mktemp("sky"), cameras="NSC", batches=12, is_whole=True)


@pytest.fixture(scope="module")
def stars(snapshot: NightSnapshot) -> MadeNight:
    return write_night(snapshot.output, cameras="NSC", stars=400, merged=False)


@pytest.fixture(scope="module")
def view(snapshot: NightSnapshot, stars: MadeNight) -> SkyView:
    return NightSky(stars.output).view(snapshot, BATCH_WITH_STARS)


def test_batches_with_products_are_in_order_of_time(snapshot: NightSnapshot) -> None:
    assert reduced_batches(snapshot.records) == tuple(range(FIRST_BATCH, FIRST_BATCH + 12))
    assert reduced_batches({}) == ()


def test_the_place_of_a_cell_leads_to_it(view: SkyView) -> None:
    above = 0
    for cell, edge in zip(view.cells, view.cell_edges_deg, strict=True):
        alt, az = np.radians(edge.T)
        north, east, up = np.mean(
            [np.cos(alt) * np.cos(az), np.cos(alt) * np.sin(az), np.sin(alt)], axis=1
        )
        middle = (
            np.degrees(np.arctan2(up, np.hypot(north, east))),
            np.degrees(np.arctan2(east, north)),
        )
        above += middle[0] > 0.0
        assert view.cell_at(*middle) is cell
    assert above > 50


def test_places_agree_with_those_of_the_catalogue(view: SkyView) -> None:
    star = int(np.argmax(view.stars.alt_deg))
    ra, dec = view.radec(float(view.stars.alt_deg[star]), float(view.stars.az_deg[star]))
    alt, az = Places([ra], [dec], view.station, view.jd).altaz()
    assert alt[0] == pytest.approx(view.stars.alt_deg[star], abs=0.05)
    assert np.cos(np.radians(alt[0])) * (az[0] - view.stars.az_deg[star]) == pytest.approx(
        0.0, abs=0.05
    )


def middle_of(edge_deg: NDArray[np.float64]) -> tuple[float, float]:
    """Altitude and azimuth in the middle of an edge."""
    alt, az = np.radians(edge_deg).T
    x, y, z = (
        (np.cos(alt) * np.cos(az)).mean(),
        (np.cos(alt) * np.sin(az)).mean(),
        np.sin(alt).mean(),
    )
    alt_deg, az_deg = np.degrees([np.arctan2(z, np.hypot(x, y)), np.arctan2(y, x)])
    return float(alt_deg), float(az_deg % 360.0)


def test_chips_lie_where_their_cameras_look(view: SkyView) -> None:
    middles = {chip.camera: middle_of(chip.edge_deg) for chip in view.chips}
    assert middles["LPC"][0] == pytest.approx(90.0, abs=0.5)
    assert middles["LPS"] == pytest.approx((49.0, 180.0), abs=0.5)
    north = next(chip for chip in view.chips if chip.camera == "LPN").edge_deg
    due_north = np.cos(np.radians(north[:, 1])) > 0.999
    assert north[due_north, 0].min() == pytest.approx(49.0 - 26.6, abs=0.5)
    assert all(chip.is_measured for chip in view.chips)


def test_a_camera_without_the_batch_is_shown_where_it_looked_last(
    snapshot: NightSnapshot, view: SkyView
) -> None:
    late = {
        unit: record
        for unit, record in snapshot.records.items()
        if unit != f"LPN-{BATCH_WITH_STARS:08d}"
    }
    without = NightSky(snapshot.output).view(replace(snapshot, records=late), BATCH_WITH_STARS)
    chips = {chip.camera: chip for chip in without.chips}
    assert not chips["LPN"].is_measured
    assert chips["LPC"].is_measured
    assert len(without.cells) < len(view.cells)


def test_stars_stand_where_they_are_and_the_bright_ones_come_first(
    view: SkyView, stars: MadeNight
) -> None:
    table = stars.stars.select(stars.stars.vmag < BRIGHT_VMAG)
    alt, _ = Places.of(table, find_station("LP"), float(jd_of((view.batch + 0.5) * BATCH))).altaz()
    assert set(view.stars.ascc.tolist()) == set(table.ascc[alt > 0.0].tolist())
    assert (np.diff(view.stars.vmag) >= 0.0).all()
    found = dict(zip(view.stars.ascc.tolist(), view.stars.alt_deg.tolist(), strict=True))
    expected = dict(zip(table.ascc.tolist(), alt.tolist(), strict=True))
    assert all(found[ascc] == pytest.approx(expected[ascc], abs=1e-9) for ascc in found)


def test_the_light_of_a_star_is_held_against_a_clear_sky(view: SkyView, stars: MadeNight) -> None:
    rows = stars.rows("LPC", view.batch, "slow")
    others = np.concatenate([stars.seen(camera, view.batch, "slow") for camera in ("LPN", "LPS")])
    clear = clear_zero_points(
        ReductionSettings(), "LPC", rows["alt"], rows["x"], rows["y"], (2672, 4008)
    )
    compared = 0
    for row, zero_point in zip(rows, clear, strict=True):
        place = np.flatnonzero(view.stars.ascc == row["ascc"])
        if place.size and not row["flag"] & 0b1011 and row["ascc"] not in others:
            vmag = float(view.stars.vmag[place[0]])
            wanted = row["flux2"] * 10.0 ** (0.4 * (vmag - zero_point))
            assert view.stars.transparency[place[0]] == pytest.approx(wanted, rel=1e-6)
            compared += 1
    assert compared > 10


def test_a_spoilt_star_was_measured_and_tells_nothing(view: SkyView, stars: MadeNight) -> None:
    flagged = np.concatenate(
        [
            rows["ascc"][(rows["flag"] & 0b1011) != 0]
            for rows in (stars.rows(camera, view.batch, "slow") for camera in stars.cameras)
        ]
    )
    seen = np.concatenate([stars.seen(camera, view.batch, "slow") for camera in stars.cameras])
    for ascc, is_measured in zip(view.stars.ascc, view.stars.is_measured, strict=True):
        assert is_measured == (ascc in seen)
    once = [ascc for ascc in flagged if (seen == ascc).sum() == 1]
    unknown = view.stars.ascc[np.isnan(view.stars.transparency)]
    assert set(once) & set(view.stars.ascc.tolist()) <= set(unknown.tolist())


def test_a_cancel_ends_the_reading_of_a_whole_night(
    snapshot: NightSnapshot, tmp_path: Path
) -> None:
    stars = write_night(tmp_path / "night", cameras="C", stars=60)
    ctx = JobContext()
    ctx.token.cancel()
    here = replace(snapshot, output=stars.output)
    with pytest.raises(Cancelled):
        NightSky(stars.output).view(here, BATCH_WITH_STARS, ctx)
    assert NightSky(stars.output).view(here, BATCH_WITH_STARS, JobContext()).stars.is_measured.any()


def test_the_merge_of_the_night_changes_nothing(snapshot: NightSnapshot, tmp_path: Path) -> None:
    stars = write_night(tmp_path / "night", cameras="NSC", stars=60, merged=False)
    here = replace(snapshot, output=stars.output)
    sky = NightSky(stars.output)
    before = sky.view(here, BATCH_WITH_STARS)
    for camera in stars.cameras:
        stars.merge(camera)
    after = [one.view(here, BATCH_WITH_STARS) for one in (sky, NightSky(stars.output))]
    merged = np.concatenate([stars.merged_stars(camera, "slow") for camera in stars.cameras])
    for view in after:
        kept = np.isin(view.stars.ascc, merged)
        assert kept.any()
        assert view.stars.transparency[kept] == pytest.approx(
            before.stars.transparency[kept], nan_ok=True
        )


@pytest.mark.parametrize("content", [b"", b"not a product"])
def test_a_damaged_file_of_a_batch_takes_its_stars_away_and_nothing_else(
    content: bytes, snapshot: NightSnapshot, tmp_path: Path
) -> None:
    stars = write_night(tmp_path / "night", cameras="NSC", stars=60, merged=False)
    stars.place("LPC").batch("slow", BATCH_WITH_STARS).write_bytes(content)
    view = NightSky(stars.output).view(replace(snapshot, output=stars.output), BATCH_WITH_STARS)
    assert view.stars.is_measured.any()
    central, *others = (stars.seen(camera, BATCH_WITH_STARS, "slow") for camera in CAMERAS)
    alone = np.setdiff1d(central, np.concatenate(others))
    assert not view.stars.is_measured[np.isin(view.stars.ascc, alone)].any()


def test_without_a_catalogue_the_cells_are_there(snapshot: NightSnapshot, tmp_path: Path) -> None:
    view = NightSky(tmp_path).view(snapshot, FIRST_BATCH)
    assert len(view.stars) == 0
    assert len(view.cells) > 50


def test_a_batch_that_nobody_reduced_is_refused(snapshot: NightSnapshot) -> None:
    with pytest.raises(NightglassError, match="No camera has light curves of batch 7"):
        NightSky(snapshot.output).view(snapshot, 7)


def test_a_cell_that_two_cameras_saw_is_their_mean_by_stars() -> None:
    records = [
        {"camera": "LPC", "cells": {"5": [17.0, 0.9, 30], "6": [17.0, 0.5, 2]}},
        {"camera": "LPN", "cells": {"5": [16.0, 0.5, 10], "7": [None, 0.0, 12]}},
    ]
    joined, dark = seen_cells(records)
    assert (joined.number, joined.stars) == (5, 40)
    assert joined.transparency == pytest.approx(0.8)
    assert joined.zero_point_mag == pytest.approx(16.75)
    assert joined.cameras == (("LPC", 0.9, 30), ("LPN", 0.5, 10))
    assert dark.number == 7
    assert dark.transparency == 0.0
    assert np.isnan(dark.zero_point_mag)


def test_the_key_of_a_view_changes_with_its_batch_alone(snapshot: NightSnapshot) -> None:
    key = sky_key(snapshot.records, FIRST_BATCH + 3)
    again, other = (f"LPC-{FIRST_BATCH + step:08d}" for step in (3, 4))
    for unit, is_same in ((other, True), (again, False)):
        records = {**snapshot.records, unit: {**snapshot.records[unit], "at": 1.0}}
        assert (sky_key(records, FIRST_BATCH + 3) == key) is is_same
