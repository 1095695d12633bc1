"""The list of stars and their light curves: merged, in batches, on the way, and damaged."""

from __future__ import annotations

import shutil
from functools import cache
from threading import Event, Thread
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pytest
from nightglass.core.engine.jobs import CancelToken, JobContext
from nightglass.core.errors import Cancelled
from nightglass.core.mascara.browsing import camera_files
from nightglass.core.mascara.browsing.index import StarIndex
from nightglass.core.mascara.products.batch_store import write_batch
from nightglass.core.mascara.products.night_reading import NightFile

from .made_stars import HD_189733, MadeNight, plan_night, write_night

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.mascara.browsing.stars import NightStars

CAMERAS, STARS, EXPOSURES = "NE", 40, 120


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> MadeNight:
    return write_night(tmp_path_factory.mktemp("running"), CAMERAS, STARS, EXPOSURES, merged=False)


@pytest.fixture(scope="module")
def merged(running: MadeNight, tmp_path_factory: pytest.TempPathFactory) -> MadeNight:
    output = tmp_path_factory.mktemp("merged") / "night"
    shutil.copytree(running.output, output)
    night = plan_night(output, CAMERAS, STARS, EXPOSURES)
    for camera in night.cameras:
        night.merge(camera)
    return night


@cache
def all_rows(night: MadeNight, camera: str, kind: str) -> np.ndarray:
    return np.concatenate([night.rows(camera, batch, kind) for batch in night.batches])


def true_points(night: MadeNight, ascc: int, camera: str, kind: str = "fast") -> np.ndarray:
    rows = all_rows(night, camera, kind)
    return rows[rows["ascc"] == ascc]


def assert_true(index: StarIndex, night: MadeNight, ascc: int, kind: str, least: int) -> None:
    curve = index.curve(ascc, kind)
    for camera in night.cameras:
        expected = true_points(night, ascc, camera, kind)
        if len(expected) < least:
            assert camera not in curve.cameras
            continue
        own = curve.points[curve.camera == curve.cameras.index(camera)]
        for name in own.dtype.names:
            assert np.array_equal(own[name], expected[name]), name


@pytest.mark.parametrize("kind", ["fast", "slow"])
@pytest.mark.parametrize("state", ["running", "merged"])
def test_a_curve_has_every_value_that_was_measured(
    request: pytest.FixtureRequest, state: str, kind: str
) -> None:
    night = request.getfixturevalue(state)
    least = {"fast": 51, "slow": 2}[kind] if state == "merged" else 1
    index = StarIndex(night.output)
    for ascc in night.stars.ascc.tolist():
        assert_true(index, night, ascc, kind, least)


def test_a_curve_tells_what_star_it_is_of(merged: MadeNight, running: MadeNight) -> None:
    for night, is_complete in ((merged, True), (running, False)):
        curve = StarIndex(night.output).curve(HD_189733)
        assert curve.facts == {
            "ascc": HD_189733, "hd": 189733, "hip": 98505, "ra_deg": 300.18214,
            "dec_deg": 22.71085, "vmag": 7.67, "bmag": 8.27, "spectype": "K1.5V",
        }  # fmt: skip
        assert set(curve.cameras) == {"LPN", "LPE"}
        assert (curve.radii_px, curve.is_complete) == ((2.5, 4.5), is_complete)
        assert len(StarIndex(night.output).curve(HD_189733, "slow").radii_px) == 4


def counts_of(stars: NightStars) -> dict[int, tuple[int, int]]:
    columns = (stars.ascc.tolist(), stars.fast_points.tolist(), stars.slow_points.tolist())
    return {ascc: (fast, slow) for ascc, fast, slow in zip(*columns, strict=True)}


@pytest.mark.parametrize("state", ["running", "merged"])
def test_the_list_has_each_star_once_with_its_points_and_flags(
    request: pytest.FixtureRequest, state: str
) -> None:
    night = request.getfixturevalue(state)
    stars = StarIndex(night.output).refresh()
    least = 51 if state == "merged" else 1
    expected = {}
    for ascc in night.stars.ascc.tolist():
        parts = [true_points(night, ascc, camera) for camera in night.cameras]
        parts = [part for part in parts if len(part) >= least]
        slow = [len(true_points(night, ascc, camera, "slow")) for camera in night.cameras]
        slow_count = sum(one for one in slow if one >= min(least, 2))
        flag = np.concatenate([part["flag"] for part in parts]) if parts else np.zeros(0, "u1")
        if len(flag) or slow_count:
            expected[ascc] = (len(flag), slow_count, np.count_nonzero(flag),
                              int(np.bitwise_or.reduce(flag)))  # fmt: skip
    found = zip(stars.fast_points, stars.slow_points, stars.flagged, stars.flags, strict=True)
    assert dict(zip(stars.ascc.tolist(), found, strict=True)) == expected
    places = np.searchsorted(night.stars.ascc, stars.ascc)
    for name in ("hd", "hip", "ra_deg", "dec_deg", "vmag", "bmag", "spectype", "variable"):
        assert np.array_equal(getattr(stars, name), getattr(night.stars, name)[places]), name


def test_cameras_are_bits_in_the_order_of_their_names(merged: MadeNight) -> None:
    stars = StarIndex(merged.output).refresh()
    assert stars.camera_names == ("LPE", "LPN")
    for bit, camera in enumerate(stars.camera_names):
        seen = stars.ascc[(stars.cameras >> bit & 1) == 1]
        both = np.union1d(merged.merged_stars(camera), merged.merged_stars(camera, "slow"))
        assert np.array_equal(seen, both)


def test_mean_and_scatter_are_those_of_the_points_without_a_flag(merged: MadeNight) -> None:
    stars = StarIndex(merged.output).refresh()
    row = int(np.searchsorted(stars.ascc, HD_189733))
    fluxes = [true_points(merged, HD_189733, camera) for camera in merged.cameras]
    fluxes = [part["flux1"][part["flag"] == 0] for part in fluxes]
    whole = np.concatenate(fluxes)
    variance = np.average([(one.std() / one.mean()) ** 2 for one in fluxes],
                          weights=[len(one) for one in fluxes])  # fmt: skip
    assert stars.mean_flux[row] == pytest.approx(whole.mean(), rel=1e-12)
    assert stars.scatter_mag[row] == pytest.approx(1.0857362 * np.sqrt(variance), rel=1e-6)
    spoilt = int(np.searchsorted(stars.ascc, merged.spoilt))
    assert (stars.flags[spoilt], stars.flagged[spoilt]) == (255, stars.fast_points[spoilt])
    assert np.isnan([stars.mean_flux[spoilt], stars.scatter_mag[spoilt]]).all()


def test_night_files_of_earlier_versions_tell_no_quality(merged: MadeNight, tmp_path: Path) -> None:
    output = tmp_path / "old"
    shutil.copytree(merged.output, output)
    for path in output.glob("*/*/?LC_*.hdf5"):
        with h5py.File(path, "r+") as file:
            del file["quality"]
    stars = StarIndex(output).refresh()
    assert set(stars.flagged[stars.fast_points > 0]) == {-1}
    assert np.isnan(stars.mean_flux).all()
    assert counts_of(stars) == counts_of(StarIndex(merged.output).refresh())


def test_nothing_new_gives_the_same_list(running: MadeNight, merged: MadeNight) -> None:
    for night in (running, merged):
        index = StarIndex(night.output)
        assert index.refresh() is index.refresh()


def test_a_list_grows_with_every_batch_until_it_is_that_of_one_look(tmp_path: Path) -> None:
    night = plan_night(tmp_path, "NE", 30, 150)
    index = StarIndex(tmp_path)
    assert len(index.refresh()) == 0
    seen = [index.refresh()]
    for batch in night.batches:
        for camera in night.cameras:
            night.write(camera, batch)
            seen.append(index.refresh())
    assert len({id(stars) for stars in seen}) == len(seen)
    points = [int(stars.fast_points.sum()) for stars in seen]
    assert points == sorted(set(points))
    at_once = StarIndex(tmp_path).refresh()
    assert counts_of(seen[-1]) == counts_of(at_once)
    assert np.array_equal(seen[-1].flags, at_once.flags)


def test_a_batch_made_anew_counts_instead_of_the_old_one(tmp_path: Path) -> None:
    night = write_night(tmp_path, "N", 20, 100, merged=False)
    index = StarIndex(tmp_path)
    before, curve = index.refresh(), index.curve(HD_189733)
    other = plan_night(tmp_path, "N", 20, 80, seed=2)
    other.write("LPN", night.batches[1])
    after = index.refresh()
    assert int(before.fast_points.sum()) > int(after.fast_points.sum())
    grown = index.curve(HD_189733)
    assert (len(curve), len(grown)) == (100, 80)
    assert np.array_equal(grown.points["flux0"][:50], curve.points["flux0"][:50])
    assert not np.array_equal(grown.points["flux0"][50:], curve.points["flux0"][50:80])


def test_a_batch_beside_a_merged_night_is_newer_than_it(tmp_path: Path) -> None:
    night = write_night(tmp_path, "N", 20, 100)
    index = StarIndex(tmp_path)
    stars, curve = index.refresh(), index.curve(HD_189733)
    assert curve.is_complete
    plan_night(tmp_path, "N", 20, 80, seed=2).write("LPN", night.batches[1])
    mixed = index.curve(HD_189733)
    assert (len(mixed), mixed.is_complete) == (80, False)
    assert np.array_equal(mixed.points["flux0"][:50], curve.points["flux0"][:50])
    assert index.refresh() is stars, "the list stays that of the night file until it is merged"
    plan_night(tmp_path, "N", 20, 150).write("LPN", night.batches[1] + 1)
    assert counts_of(index.refresh())[HD_189733][0] >= 100
    assert len(index.curve(HD_189733)) == 130


def test_frames_reduced_after_the_merge_are_counted_as_soon_as_they_are_more(
    tmp_path: Path,
) -> None:
    night = write_night(tmp_path, "N", 20, 60)
    index = StarIndex(tmp_path)
    index.refresh()
    longer = plan_night(tmp_path, "N", 20, 150)
    for batch in longer.batches:
        longer.write("LPN", batch)
    assert counts_of(index.refresh())[HD_189733] == (150, 3)
    longer.merge("LPN")
    assert counts_of(index.refresh())[HD_189733] == (150, 3)
    assert night.first_slot == longer.first_slot


def test_a_merge_under_the_hand_neither_loses_nor_doubles_a_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files that a look found are merged and removed before it reads them."""
    night = write_night(tmp_path, "N", 20, 100, merged=False)
    index, read = StarIndex(tmp_path), camera_files.points_of_star
    before = index.curve(HD_189733)

    def late(*args: object) -> object:
        monkeypatch.setattr(camera_files, "points_of_star", read)
        night.merge("LPN")
        return read(*args)

    monkeypatch.setattr(camera_files, "points_of_star", late)
    after = index.curve(HD_189733)
    assert np.array_equal(after.points, before.points)
    assert (before.is_complete, after.is_complete) == (False, True)


def test_a_reader_beside_a_night_sees_whole_batches_only_and_never_fewer(tmp_path: Path) -> None:
    night = plan_night(tmp_path, "N", 12, 300)
    index, is_over = StarIndex(tmp_path), Event()
    seen: list[tuple[int, int]] = []

    def read() -> None:
        while not is_over.is_set():
            points = index.curve(HD_189733).points
            stars = counts_of(index.refresh())
            seen.append((len(points), stars.get(HD_189733, (0, 0))[0]))

    reader = Thread(target=read)
    reader.start()
    try:
        for batch in night.batches:
            night.write("LPN", batch)
        night.merge("LPN")
    finally:
        is_over.set()
        reader.join()
    for told in zip(*seen, strict=True):
        assert list(told) == sorted(told)
        assert {count % 50 for count in told} == {0}
    assert len(index.curve(HD_189733)) == 300


@pytest.mark.parametrize("state", ["running", "merged"])
def test_a_damaged_file_is_told_once_and_left_out(
    request: pytest.FixtureRequest, tmp_path: Path, state: str, expected_log: list
) -> None:
    night = request.getfixturevalue(state)
    output = tmp_path / "damaged"
    shutil.copytree(night.output, output)
    pattern = "*LPN/tmp/tmp_fast*.hdf5" if state == "running" else "*LPN/fLC/*.hdf5"
    path = sorted(output.glob(pattern))[0]
    path.write_bytes(path.read_bytes()[:3000])
    index = StarIndex(output)
    for _ in range(3):
        stars, curve = index.refresh(), index.curve(HD_189733)
    whole = StarIndex(night.output).curve(HD_189733)
    lost = 50 if state == "running" else 120
    assert len(curve) == len(whole) - lost
    assert counts_of(stars)[HD_189733][0] == len(curve)
    assert [path.name in record.getMessage() for record in expected_log] == [True]


def test_a_night_without_a_catalogue_knows_what_its_files_tell(
    merged: MadeNight, running: MadeNight, tmp_path: Path
) -> None:
    for night in (merged, running):
        output = tmp_path / night.output.name
        shutil.copytree(night.output, output)
        shutil.rmtree(output / "work")
        facts = StarIndex(output).curve(HD_189733).facts
        assert (facts["vmag"], facts["spectype"], facts["hd"]) == (7.67, "K1.5V", 0)


def test_a_catalogue_that_cannot_be_read_is_told(
    merged: MadeNight, tmp_path: Path, expected_log: list
) -> None:
    output = tmp_path / "night"
    shutil.copytree(merged.output, output)
    next((output / "work").glob("*.npz")).write_bytes(b"torn")
    stars = StarIndex(output).refresh()
    assert set(stars.hd) == {0}
    assert "cannot be read" in expected_log[0].getMessage()


def test_only_the_latest_night_of_a_folder_is_listed(merged: MadeNight, tmp_path: Path) -> None:
    output = tmp_path / "two"
    shutil.copytree(merged.output, output)
    later = output / "20160131LPN"
    shutil.copytree(output / "20160130LPN", later)
    for path in later.rglob("*LPN.hdf5"):
        path.rename(path.with_name(path.name.replace("20160130", "20160131")))
    assert StarIndex(output).refresh().camera_names == ("LPN",)


def test_a_star_that_nobody_saw_has_an_empty_curve(merged: MadeNight, tmp_path: Path) -> None:
    for output in (merged.output, tmp_path / "nothing"):
        curve = StarIndex(output).curve(99)
        assert (len(curve), curve.cameras) == (0, ())
    assert not StarIndex(tmp_path / "nothing").curve(99).is_complete


def test_batches_without_a_row_are_taken(tmp_path: Path) -> None:
    night = plan_night(tmp_path, "N", 8, 50)
    batch = night.batch("LPN", night.batches[0])
    place = night.place("LPN")
    place.make()
    empty = type(batch)(batch.attributes, batch.stars[:0], batch.rows[:0], batch.exposures,
                        batch.astrometry)  # fmt: skip
    write_batch(place.batch("fast", night.batches[0]), empty)
    index = StarIndex(tmp_path)
    assert len(index.refresh()) == 0
    assert len(index.curve(HD_189733)) == 0


def test_cameras_with_other_apertures_share_a_curve(tmp_path: Path) -> None:
    night = write_night(tmp_path, "NE", 20, 100)
    place = night.place("LPN")
    shutil.copy(place.slow_file, place.fast_file)
    curve = StarIndex(tmp_path).curve(HD_189733)
    assert "flux3" in curve.points.dtype.names
    assert set(curve.cameras) == {"LPN", "LPE"}
    own = curve.points[curve.camera == curve.cameras.index("LPE")]
    assert np.isnan(own["flux3"]).all()
    assert np.isfinite(own["flux1"]).all()


def test_a_cancelled_look_goes_on_where_it_ended(running: MadeNight) -> None:
    index = StarIndex(running.output)
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        index.refresh(JobContext(token))
    assert counts_of(index.refresh()) == counts_of(StarIndex(running.output).refresh())


def test_a_closed_index_answers_no_more(merged: MadeNight) -> None:
    index = StarIndex(merged.output)
    index.close()
    for ask in (index.refresh, lambda: index.curve(HD_189733)):
        with pytest.raises(Cancelled):
            ask()


def test_the_files_of_a_night_agree_with_the_batches_they_came_from(merged: MadeNight) -> None:
    with NightFile(merged.place("LPN").fast_file) as file:
        curve = StarIndex(merged.output).curve(HD_189733)
        own = curve.points[curve.camera == curve.cameras.index("LPN")]
        assert np.array_equal(file.points(HD_189733), own)
