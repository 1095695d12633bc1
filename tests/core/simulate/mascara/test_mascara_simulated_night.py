"""Files of a simulated night: names, headers, truth, damage, pace."""

from __future__ import annotations

import argparse
import gzip
import json
import threading
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.cli import simulate
from nightglass.core.errors import NightglassError
from nightglass.core.simulate.mascara import night as night_module
from nightglass.core.simulate.mascara.chip import LEFT, TOP
from nightglass.core.simulate.mascara.night import simulate_night, simulate_night_live
from nightglass.core.simulate.mascara.plan import NightPlan
from nightglass.core.simulate.mascara.settings import NightSettings, from_json
from nightglass.core.stars.table import read_catalogue
from nightglass.core.timing.sidereal import local_h, sequence

from .nights import settings, truth_of, write

if TYPE_CHECKING:
    from pathlib import Path

FIRST = 10548700
NX, NY = 401, 267


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def science(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*LPC.fits*"))


def test_la_palma_names_files_by_time_and_la_silla_by_slot(catalogue: Path):
    plans = {site: NightPlan(settings(catalogue, site=site, cameras=("E",))) for site in
             ("LaPalma", "LaSilla")}  # fmt: skip
    names = [one.name for one in plans["LaPalma"].of("LPE")]
    assert names[0].endswith("LPEbias.fits")
    assert names[-1] == "20150219T003150LPE.fits"
    slots = [one.name for one in plans["LaSilla"].of("LSE")]
    assert slots == [
        "24128246LSEbias.fits", "24128247LSEflat.fits", "24128248LSEdark.fits",
        "24128249LSEdark.fits", "24128250LSE.fits", "24128251LSE.fits", "24128252LSE.fits",
    ]  # fmt: skip


def test_a_usual_night_begins_with_a_batch_and_a_given_time_with_its_slot(catalogue: Path):
    assert settings(catalogue).first_lstseq == FIRST
    assert FIRST % 50 == 0
    assert settings(catalogue, start="10600017").first_lstseq == 10600017
    slot = settings(catalogue, start="2022-10-24T00:23:22.6", site="LaSilla").first_lstseq
    assert slot == 48506263


def test_headers_are_those_of_the_camera(night: Path):
    for number, path in enumerate(science(night)):
        with fits.open(path) as hdus:
            hdus.verify("exception")
            cards, counts = hdus[0].header, hdus[0].data
        jd = float(cards["JD"])
        assert isinstance(cards["JD"], str)
        assert counts.dtype == np.uint16
        assert counts.shape == (NY + 2 * TOP, NX + 2 * LEFT)
        assert (cards["X0"], cards["XSIZE"], cards["Y0"], cards["YSIZE"]) == (LEFT, NX, TOP, NY)
        assert cards["LSTSEQ"] == FIRST + number
        assert cards["LSTIDX"] == (FIRST + number) % 13500
        assert float(sequence(jd)) == pytest.approx(FIRST + number + 0.516, abs=1e-3)
        assert cards["LST"] == pytest.approx(float(local_h(jd, -17.8792)), abs=1e-9)
        assert (cards["SITE-OBS"], cards["CAMERA"]) == ("LaPalma", "C")
        assert cards["EXPTIME"] == pytest.approx(6.3829)
        assert cards["CCDTEMP"] == pytest.approx(-15.0, abs=0.06)
        assert cards["UTC-OBS"].startswith("2015-02-19 00:31:")
        assert path.stat().st_size % 2880 == 0


def test_la_silla_writes_no_index_and_a_number_for_the_date(tmp_path: Path, catalogue: Path):
    write(tmp_path, catalogue, site="LaSilla", frames=1, darks=0, biases=0, flats=0)
    cards = fits.getheader(next(tmp_path.glob("*LSC.fits")))
    assert isinstance(cards["JD"], float)
    assert "LSTIDX" not in cards


def test_the_reduction_reads_the_frames(night: Path):
    from nightglass.core.mascara.raw.frame import read_frame

    frame = read_frame(science(night)[0])
    assert frame.header.lstseq == FIRST
    np.testing.assert_array_equal(frame.counts, fits.getdata(science(night)[0]))


def test_same_seed_same_bytes_whatever_the_threads(
    tmp_path: Path, night: Path, catalogue: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(night_module, "_RENDERERS", 1)
    write(tmp_path, catalogue)
    assert contents(tmp_path) == contents(night)


def test_another_seed_gives_another_night(tmp_path: Path, night: Path, catalogue: Path):
    write(tmp_path, catalogue, seed=2)
    assert fits.getdata(science(tmp_path)[0]).mean() != fits.getdata(science(night)[0]).mean()


def test_live_frames_are_the_same_frames(tmp_path: Path, night: Path, catalogue: Path):
    report = simulate_night_live(settings(catalogue), tmp_path, 1000.0)
    assert contents(tmp_path) == contents(night)
    kinds = [path.name.removesuffix(".fits")[15:] for path in report.files]
    assert kinds == ["LPCbias", "LPCflat", "LPCdark", "LPCdark", "LPC", "LPC", "LPC"]
    assert report.latest_s > 0.0


def test_cameras_take_turns_live(tmp_path: Path, catalogue: Path):
    wanted = settings(catalogue, cameras=("C", "E"), darks=0, biases=0, flats=0, frames=2)
    report = simulate_night_live(wanted, tmp_path, 1000.0)
    assert [path.name[15:18] for path in report.files] == ["LPC", "LPE"] * 2


def test_a_stop_ends_the_night_between_frames(tmp_path: Path, catalogue: Path):
    stop = threading.Event()

    def after_two(done: int, total: int) -> None:
        assert total == 7
        if done == 2:
            stop.set()

    report = simulate_night(settings(catalogue), tmp_path, after_two, stop=stop)
    assert report.stopped
    assert len(report.files) == 2
    assert (tmp_path / "truth.h5").exists()


def sums_of(folder: Path) -> tuple[Any, Any, Any]:
    """Sky-subtracted sums of a frame in squares around true positions, and the true flux."""
    darks = [fits.getdata(path).astype(float) for path in folder.glob("*dark.fits")]
    image = (fits.getdata(science(folder)[1]) - np.mean(darks, axis=0))[TOP:-TOP, LEFT:-LEFT]
    with h5py.File(folder / "truth.h5") as file:
        x, y, flux = (file["LPC"][name][1] for name in ("x_px", "y_px", "flux_adu"))
        sky = float(file["LPC/sky_adu"][1])
    on = (x > 20) & (x < NX - 20) & (y > 20) & (y < NY - 20)
    found = []
    for left, top in zip(np.rint(x[on]).astype(int), np.rint(y[on]).astype(int), strict=True):
        found.append((image[top - 6 : top + 7, left - 6 : left + 7] - sky).sum())
    return np.array(found), flux[on], on


def test_true_fluxes_are_in_the_frames(tmp_path: Path, catalogue: Path):
    write(tmp_path, catalogue, darks=10, hot_fraction=0.0, dead_fraction=0.0, read_noise_e=1.0,
          sky_adu=1.0)  # fmt: skip
    found, flux, _ = sums_of(tmp_path)
    alone = np.abs(found / flux - 1.0) < 0.2
    assert alone.mean() > 0.6
    assert np.median(found[alone] / flux[alone]) == pytest.approx(1.0, abs=0.01)


def test_truth_tells_positions_apertures_and_frames(night: Path):
    told = truth_of(night)
    assert told["first_lstseq"] == FIRST
    assert [frame["lstseq"] for frame in told["cameras"]["LPC"]["frames"]] == [
        FIRST, FIRST + 1, FIRST + 2,
    ]  # fmt: skip
    assert str(night) not in json.dumps(told)
    with h5py.File(night / "truth.h5") as file:
        group = file["LPC"]
        sums, flux = group["aperture_adu"][:], group["flux_adu"][:]
        assert list(group["lstseq"]) == [FIRST, FIRST + 1, FIRST + 2]
        moved = np.hypot(np.diff(group["x_px"][:], axis=0), np.diff(group["y_px"][:], axis=0))
    on = np.isfinite(flux)
    assert (sums[on, 0] / sums[on, 1] > 0.6).all()
    assert np.nanmedian(sums[..., 1] / flux) == pytest.approx(0.985, abs=0.02)
    assert np.nanmedian(moved) == pytest.approx(1.24 * np.cos(np.radians(28.8)), abs=0.05)


def test_the_catalogue_beside_is_what_was_seen(night: Path, catalogue: Path):
    beside, given = read_catalogue(night / "catalogue.csv"), read_catalogue(catalogue)
    assert set(beside.ascc) <= set(given.ascc)
    with h5py.File(night / "truth.h5") as file:
        assert set(file["LPC/ascc"][:]) <= set(beside.ascc)


@pytest.mark.parametrize(
    ("defect", "holds"),
    [
        ("missing:2", lambda paths: len(paths) == 2),
        ("truncated:2", lambda paths: paths[1].stat().st_size < paths[0].stat().st_size),
        ("empty:2", lambda paths: paths[1].stat().st_size == 0),
        ("garbage:2", lambda paths: not paths[1].read_bytes().startswith(b"SIMPLE")),
        ("no-card:2", lambda paths: "JD" not in fits.getheader(paths[1])),
        ("wrong-size:2", lambda paths: fits.getdata(paths[1]).shape[0] == (NY + 2 * TOP) // 2),
        ("wrong-site:2", lambda paths: fits.getval(paths[1], "SITE-OBS") == "Leiden"),
        ("temperature-step:2", lambda paths: fits.getval(paths[1], "CCDTEMP") > -14.0),
        ("gzip", lambda paths: fits.getval(paths[1], "LSTSEQ") == FIRST + 1),
        ("overcast:2", lambda paths: fits.getdata(paths[1]).max() < 60000),
        ("obstruction", lambda paths: np.median(fits.getdata(paths[1])[TOP:50, LEFT:60]) < 1040),
        ("moon", lambda paths: (fits.getdata(paths[1]) == 65535).sum() > 300),
    ],
)  # fmt: skip
def test_defects_befall_what_they_name(tmp_path: Path, catalogue: Path, defect: str, holds: Any):
    write(tmp_path, catalogue, defects=(defect,), darks=0, biases=0, flats=0)
    assert holds(science(tmp_path))


@pytest.mark.parametrize(
    ("defect", "holds"),
    [
        ("no-darks", lambda paths: not paths),
        ("few-darks", lambda paths: len(paths) == 5),
        ("warm-darks", lambda paths: fits.getval(paths[0], "CCDTEMP") > -8.0),
        ("bright-darks", lambda paths: np.median(fits.getdata(paths[0])) > 1200),
        ("short-darks", lambda paths: fits.getval(paths[0], "EXPTIME") < 3.2),
    ],
)
def test_darks_can_be_wrong(tmp_path: Path, catalogue: Path, defect: str, holds: Any):
    write(tmp_path, catalogue, defects=(defect,), frames=1, biases=0, flats=0)
    assert holds(sorted(tmp_path.glob("*dark.fits")))


def test_a_catalogue_can_be_missing_and_a_batch_short(tmp_path: Path, catalogue: Path):
    write(tmp_path, catalogue, defects=("no-catalogue", "short-batches"), start="10548748",
          darks=0, biases=0, flats=0)  # fmt: skip
    assert not (tmp_path / "catalogue.csv").exists()
    assert [fits.getval(path, "LSTSEQ") for path in science(tmp_path)] == [10548748, 10548750]


def test_a_bump_moves_the_stars(tmp_path: Path, catalogue: Path):
    write(tmp_path, catalogue, defects=("bump:2",), darks=0, biases=0, flats=0)
    with h5py.File(tmp_path / "truth.h5") as file:
        moved = np.nanmedian(np.abs(np.diff(file["LPC/x_px"][:], axis=0)), axis=1)
    assert moved[0] > 5.0
    assert moved[1] < 2.0


def test_packed_frames_carry_no_time(tmp_path: Path, night: Path, catalogue: Path):
    write(tmp_path, catalogue, defects=("gzip",))
    packed = science(tmp_path)[0]
    assert packed.read_bytes()[4:8] == bytes(4)
    assert gzip.decompress(packed.read_bytes()) == science(night)[0].read_bytes()


def test_a_night_is_not_replaced_by_accident(tmp_path: Path, catalogue: Path):
    write(tmp_path, catalogue)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(NightglassError, match="already"):
        write(tmp_path, catalogue, frames=1)
    simulate_night(settings(catalogue, frames=1), tmp_path, clobber=True)
    assert len(science(tmp_path)) == 1
    assert (tmp_path / "notes.txt").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"site": "Leiden"}, {"cameras": ()}, {"cameras": ("C", "C")}, {"cameras": ("X",)},
        {"start": "noon"}, {"start": "0"}, {"frames": 0}, {"scale": 0.05}, {"scale": 2.0},
        {"defects": ("earthquake",)}, {"defects": ("moon:3",)}, {"defects": ("missing:0",)},
        {"sky_adu": -1.0}, {"gain": 0.0}, {"hot_fraction": 0.9}, {"faintest_vmag": 20.0},
        {"read_noise_e": float("nan")}, {"density": 0.0},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(wrong: dict[str, Any]):
    with pytest.raises(NightglassError) as caught:
        NightSettings(**wrong)
    assert "\n" not in str(caught.value)


def test_settings_come_back_from_json():
    made = NightSettings(cameras=("C", "E"), defects=("missing:2",), frames=60)
    assert from_json(json.loads(json.dumps(made.as_json()))) == made
    with pytest.raises(NightglassError, match="not a setting"):
        from_json({"telescope": 1})


def test_a_speed_must_be_above_zero(tmp_path: Path, catalogue: Path):
    with pytest.raises(NightglassError, match="speed"):
        simulate_night_live(settings(catalogue), tmp_path / "out", 0.0)
    assert not (tmp_path / "out").exists()


def command(*words: str) -> int:
    parser = argparse.ArgumentParser()
    simulate.add_arguments(parser)
    return simulate.run(parser.parse_args(["mascara", *words]))


def test_the_words_reach_the_night(
    tmp_path: Path, catalogue: Path, capsys: pytest.CaptureFixture[str]
):
    code = command(
        "--output", str(tmp_path), "--site", "LaSilla", "--cameras", "c,E", "--start", "24128300",
        "--frames", "2", "--catalogue", str(catalogue), "--scale", "0.1", "--seed", "3",
        "--defect", "missing:2", "moon", "--darks", "1", "--biases", "0", "--flats", "0",
        "--gain", "0.7", "--sky", "100", "--read-noise", "10", "--hot-pixels", "0",
        "--intrapixel", "0", "--satellites", "0", "--variables", "0", "--faintest", "9",
        "--density", "2", "--json",
    )  # fmt: skip
    said = capsys.readouterr()
    assert code == 0
    assert json.loads(said.out)["frames"] == 2
    assert said.err.splitlines()[-1].startswith("nightglass: 2 frames in 4 files")
    told = truth_of(tmp_path)["settings"]
    expected = {
        "site": "LaSilla", "cameras": ["C", "E"], "start": "24128300", "frames": 2, "scale": 0.1,
        "seed": 3, "defects": ["missing:2", "moon"], "darks": 1, "biases": 0, "flats": 0,
        "gain": 0.7, "sky_adu": 100.0, "read_noise_e": 10.0, "hot_fraction": 0.0,
        "intrapixel_mag": 0.0, "satellites_per_hour": 0.0, "variable_fraction": 0.0,
        "faintest_vmag": 9.0, "density": 2.0, "catalogue": "given",
    }  # fmt: skip
    assert {name: told[name] for name in expected} == expected


def test_live_words_reach_the_night(tmp_path: Path, catalogue: Path):
    assert command("--output", str(tmp_path), "--frames", "1", "--scale", "0.1", "--darks", "0",
                   "--biases", "0", "--flats", "0", "--catalogue", str(catalogue), "--live",
                   "500") == 0  # fmt: skip
    assert len(science(tmp_path)) == 1


def test_a_night_without_files_of_its_own_needs_a_readable_catalogue(tmp_path: Path):
    with pytest.raises(NightglassError):
        command("--output", str(tmp_path / "out"), "--catalogue", str(tmp_path / "absent.csv"))
    assert not (tmp_path / "out").exists()
