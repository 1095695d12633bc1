"""`nightglass fold`: what it tells, live and afterwards."""

from __future__ import annotations

import json
import shutil
import signal
import threading
from dataclasses import replace
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core import cli
from nightglass.core.lightspeed.follow import Follower
from nightglass.core.simulate.lightspeed import simulate_capture
from nightglass.core.simulate.pulse import PulseShape
from nightglass.core.simulate.settings import CaptureSettings
from nightglass.core.timing.pulse.profile import Profile
from nightglass.core.timing.pulse.template import Template, match
from nightglass.core.workbench.fold import headless

from ..timing.pulse.folding import harmonics
from .pictures import refusal, summary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROI = "image\ncircle(16.5,16.5,5) # text={crab}\nannulus(16.5,16.5,11,15) # background\n"
TWO = ROI + "circle(6,25,3) # text={dark}\n"
FRAMES, INTERVAL_S, FRACTION, RATE = 1500, 0.002, 0.8, 2e4
CAPTURE = CaptureSettings(
    object_name="crab", frames=FRAMES, shape=(32, 32), frames_per_cube=250,
    interval_s=INTERVAL_S, exposure_s=INTERVAL_S, star_rate=RATE, pulsed_fraction=FRACTION,
    stars=0, seeing_arcsec=0.15, seed=3,
)  # fmt: skip
KEYS = {
    "frames_counted", "frames_missing", "time_covered_s", "profile", "errors", "exposure_s",
    "chi2_dof", "h_test", "h_probability", "pulsed_fraction",
}  # fmt: skip
MOVED = ("seconds", "outputs")


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("captures") / "crab"
    simulate_capture(CAPTURE, folder)
    return folder


def damaged(folder: Path, *defects: str) -> Path:
    simulate_capture(CaptureSettings(**{**CAPTURE.as_json(), "defects": defects}), folder)
    return folder


@pytest.fixture
def par(tmp_path: Path) -> Path:
    path = tmp_path / "crab.par"
    source = resources.files("nightglass.resources.data") / "crab_demo.par"
    path.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    return path


@pytest.fixture
def roi(tmp_path: Path) -> Path:
    path = tmp_path / "star.reg"
    path.write_text(ROI, encoding="utf-8")
    return path


Told = dict[str, Any]


def numbers(told: Told) -> Told:
    """All but how long it took and where it went."""
    return {key: value for key, value in told.items() if key not in MOVED}


def test_every_key_means_what_it_says(
    capture: Path, par: Path, roi: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = summary(capsys, "fold", capture, "--eph", par, "--roi", roi, "--bins", 50)
    assert told.keys() >= KEYS
    assert told["frames_counted"] == FRAMES
    assert told["frames_missing"] == 0
    assert told["time_covered_s"] == pytest.approx(FRAMES * INTERVAL_S, abs=1e-6)
    rows = {name: np.array(told[name]) for name in ("profile", "errors", "exposure_s")}
    assert {row.shape for row in rows.values()} == {(50,)}
    assert rows["exposure_s"].sum() == pytest.approx(FRAMES * INTERVAL_S)
    assert told["unit"] == "e-/s"
    # The aperture holds most of the star; peaks and valleys are those of the pulse.
    mean = rows["profile"].mean()
    assert 0.7 * RATE < mean < 1.02 * RATE
    assert told["pulsed_fraction"] == pytest.approx(FRACTION, rel=0.05)
    assert 0.0 < told["pulsed_fraction_error"] < 0.03
    # Errors of photons: the light and the sky below it, in electrons, over the time.
    photons = (rows["profile"] + told["sky_rate"]) * rows["exposure_s"]
    expected = np.sqrt(photons) / rows["exposure_s"]
    assert 0.6 < np.median(rows["errors"] / expected) < 1.1
    assert told["chi2_dof"] > 50
    assert told["h_test"] > 500
    assert told["h_probability"] == pytest.approx(np.exp(-0.4 * told["h_test"]), rel=1e-6)
    assert [one["region"] for one in told["folds"]] == ["crab"]


def test_each_region_is_folded_on_each_par_file(
    capture: Path, par: Path, roi: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = par.with_name("other one.par")
    other.write_text(par.read_text("utf-8").replace("29.946", "17.3"), encoding="utf-8")
    roi.write_text(TWO, encoding="utf-8")
    words = ("fold", capture, "--eph", par, "--eph", other, "--roi", roi, "--f0", 29.9461)
    told = summary(capsys, *words)
    folds = told["folds"]
    assert [one["region"] for one in folds] == ["crab", "crab", "dark", "dark"]
    assert [round(one["f0_hz"], 1) for one in folds] == [29.9, 17.3, 29.9, 17.3]
    assert folds[0]["f0_hz"] == 29.9461
    assert {key: told[key] for key in folds[0]} == folds[0]
    assert folds[0]["h_test"] > 20 * max(one["h_test"] for one in folds[1:])
    # A par file given twice is folded once.
    again = summary(capsys, *words, "--eph", par)
    assert numbers(again) == numbers(told)


def test_sky_of_its_own_file_and_regions_as_text_are_the_same(
    capture: Path, par: Path, roi: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = summary(capsys, "fold", capture, "--eph", par, "--roi", roi)
    sky = roi.with_name("sky.reg")
    sky.write_text("image\nannulus(16.5,16.5,11,15)\n", encoding="utf-8")
    star = "image\ncircle(16.5,16.5,5) # text={crab}"
    cube = sorted(capture.glob("*.fits"))[2]
    apart = summary(capsys, "fold", cube, "--eph", par, "--roi", star, "--background", sky)
    assert numbers(apart) == numbers(told)
    # A name longer than any file may have.
    long = ROI.replace("\n", "\n" + "# nothing\n" * 40, 1)
    assert numbers(summary(capsys, "fold", cube, "--eph", par, "--roi", long)) == numbers(told)


@pytest.mark.parametrize(
    ("defect", "counted", "missing", "says"),
    [
        ("lost-frames", FRAMES - 4, 4, ""),
        ("missing-cube", FRAMES - 250, 250, ""),
        ("truncated:2", FRAMES - 250, 250, "cube002.fits ends after"),
        ("no-timestamps:2", FRAMES - 250, 250, "has no TIMESTAMPS"),
        ("no-gps", FRAMES, 0, "telescope's clock"),
    ],
)
def test_what_is_lost_is_counted_as_missing_and_told(
    defect: str, counted: int, missing: int, says: str, par: Path, roi: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], expected_log: object,
) -> None:  # fmt: skip
    folder = damaged(tmp_path / "crab", defect)
    capsys.readouterr()
    assert cli.main(["fold", str(folder), "--eph", str(par), "--roi", str(roi), "--json"]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (told["frames_counted"], told["frames_missing"]) == (counted, missing)
    assert told["time_covered_s"] == pytest.approx(FRAMES * INTERVAL_S, abs=1e-5)
    assert told["pulsed_fraction"] == pytest.approx(FRACTION, rel=0.06)
    lines = [line for line in said.err.splitlines() if says and says in line]
    assert len(lines) == (1 if says else 0)
    assert all(line.startswith("nightglass: ") for line in lines)


def test_without_any_clock_the_file_names_are_used_and_without_those_nothing(
    par: Path, roi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], expected_log: object
) -> None:
    folder = damaged(tmp_path / "crab", "no-gps", "no-telescope")
    told = summary(capsys, "fold", folder, "--eph", par, "--roi", roi)
    assert told["frames_counted"] == FRAMES
    assert "local time" in told["time_note"]
    for path in folder.glob("*.fits"):
        path.rename(path.with_name(path.name.replace("20251210_001500", "20259999_991500")))
    said = refusal(capsys, "fold", folder, "--eph", par, "--roi", roi)
    assert "Nothing tells when" in said


@pytest.mark.parametrize("suffix", [".fits", ".ecsv", ".csv", ".bestprof"])
def test_it_is_written_as_its_name_says(
    suffix: str, capture: Path, par: Path, roi: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    output = tmp_path / f"fold{suffix}"
    words = ("fold", capture, "--eph", par, "--roi", roi, "--output", output)
    told = summary(capsys, *words)
    assert told["outputs"] == [str(output)]
    assert told["profile"] == pytest.approx(written(output, len(told["profile"])), rel=1e-6)
    before = output.read_bytes()
    assert "exists and is not replaced" in refusal(capsys, *words)
    assert output.read_bytes() == before
    assert summary(capsys, *words, "--clobber")["outputs"] == [str(output)]


def written(path: Path, n_bins: int) -> Any:
    """The profile that stands in a product, e-/s."""
    if path.suffix == ".bestprof":
        lines = [line for line in path.read_text("ascii").splitlines() if line[:1] != "#"]
        counts = np.array([float(line.split()[1]) for line in lines if line.strip()])
        return counts / (FRAMES * INTERVAL_S / n_bins)  # as PRESTO has them: of equal exposure
    if path.suffix == ".fits":
        from astropy.io import fits

        with fits.open(path) as units:
            return units["PROFILE"].data["FLUX"].ravel()[:n_bins]
    from astropy.table import Table

    table = Table.read(path, format="ascii.ecsv" if path.suffix == ".ecsv" else "ascii.csv",
                       **({} if path.suffix == ".ecsv" else {"comment": "#"}))  # fmt: skip
    return np.array(table["FLUX"])


ACCRETING = (
    "PSR TEST\nRAJ 18:08:27.6\nDECJ -36:58:43\nPOSEPOCH 60900\nPEPOCH 60900\nF0 400.975\n"
    "BINARY ELL1\nPB 0.0839\nA1 0.0628\nTASC 60999.3\nEPS1 0\nEPS2 0\nEPHEM DE421\n"
    "CLOCK TT(TAI)\nUNITS TDB\n"
)


@pytest.mark.parametrize(
    ("text", "interval_s", "peaks", "n_bins"),
    [
        ("", 0.002, CAPTURE.peaks, 64),
        (ACCRETING, 0.001, ((0.85, 0.45, 1.0),), 32),
    ],
    ids=["crab", "accreting"],
)
def test_a_simulated_pulsar_has_the_phase_and_the_pulse_it_was_given(
    text: str, interval_s: float, peaks: Any, n_bins: int, par: Path, roi: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    if text:
        par.write_text(text, encoding="utf-8")
    settings = replace(
        CAPTURE, par=str(par), frames=3000, frames_per_cube=1000, interval_s=interval_s,
        exposure_s=interval_s, peaks=peaks, star_rate=1e5, sky_rate=20.0,
    )  # fmt: skip
    simulate_capture(settings, tmp_path / "sky")
    told = summary(capsys, "fold", tmp_path / "sky", "--eph", par, "--roi", roi, "--bins", n_bins)
    exposure_s, rate, error = (np.array(told[name]) for name in ("exposure_s", "profile", "errors"))
    smear = interval_s * told["frequency_hz"]
    profile = Profile(
        rate * exposure_s, (error * exposure_s) ** 2, exposure_s / interval_s, interval_s, smear
    )
    shape = PulseShape(peaks, FRACTION)
    toa = match(profile, Template.of(profile.mean_rate * harmonics(shape, 40)))
    # The detector is not the ideal one: its response is even to half a percent only.
    assert abs(toa.phase_shift) < 4.0 * toa.error_turns + 2e-4
    assert toa.scale == pytest.approx(1.0, abs=4.0 * toa.scale_error + 0.01)
    assert toa.error_turns < 2e-3


# Live


@pytest.fixture
def camera(capture: Path, tmp_path: Path) -> Iterator[tuple[Path, threading.Thread]]:
    """A folder that is not there yet; the thread makes it and fills it, out of order."""
    folder, cubes = tmp_path / "tonight" / "live", sorted(capture.glob("*.fits"))

    def write() -> None:
        folder.mkdir(parents=True)
        for number in (0, 2, 1, 4, 5, 3):
            shutil.copy(cubes[number], folder / cubes[number].name)

    thread = threading.Thread(target=write)
    yield folder, thread
    if thread.ident is not None:
        thread.join()


def test_live_it_takes_every_cube_that_is_complete_and_ends_as_offline(
    camera: tuple[Path, threading.Thread], capture: Path, par: Path, roi: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """The camera begins once the folder is looked at, and the time is over once it is full."""
    folder, thread = camera
    run = Follower.run

    def begin(self: Follower, *args: Any, **options: Any) -> None:
        thread.start()
        run(self, *args, **options)

    monkeypatch.setattr(Follower, "run", begin)
    monkeypatch.setattr(
        headless, "monotonic", lambda: 1e12 if thread.ident and not thread.is_alive() else 0.0
    )
    words = ("--eph", par, "--roi", roi)
    live = summary(capsys, "fold", folder, *words, "--live", "--until", 5)
    assert live["frames_counted"] == FRAMES
    assert numbers(live) == numbers(summary(capsys, "fold", capture, *words))


def test_a_time_that_is_over_at_once_still_takes_what_is_there(
    capture: Path, par: Path, roi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "live"
    shutil.copytree(capture, folder)
    half = folder / "crab_20251210_001500_cube007.fits"
    half.write_bytes(sorted(capture.glob("*.fits"))[0].read_bytes()[:20_000])
    words = ("--eph", par, "--roi", roi)
    live = summary(capsys, "fold", folder, *words, "--live", "--until", 0)
    assert numbers(live) == numbers(summary(capsys, "fold", capture, *words))


@pytest.mark.parametrize("is_there", [True, False])
def test_where_no_cube_came_it_says_so(
    is_there: bool, par: Path, roi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "live"
    if is_there:
        folder.mkdir()
    said = refusal(
        capsys, "fold", folder, "--eph", par, "--roi", roi, "--live", "--until", 0,
        "--output", tmp_path / "fold.fits",
    )  # fmt: skip
    assert "No cube came into" in said
    assert not (tmp_path / "fold.fits").exists()
    assert folder.exists() == is_there


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Press Ctrl-C so often once a live fold has so many frames; it holds both."""
    plan = [1, FRAMES]
    has_ended = headless.Headless._has_ended

    def press(self: Any, ctx: Any, end_s: float) -> bool:
        result = self._bench.fold.result
        if (0 if result is None else result.frames_counted) >= plan[1]:
            for _ in range(plan[0]):
                signal.raise_signal(signal.SIGINT)
        return has_ended(self, ctx, end_s)

    monkeypatch.setattr(headless.Headless, "_has_ended", press)
    return plan


def test_ctrl_c_ends_a_live_fold_with_its_numbers(
    interrupted: list[int], capture: Path, par: Path, roi: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    folder, before = tmp_path / "live", signal.getsignal(signal.SIGINT)
    shutil.copytree(capture, folder)
    words = ("--eph", par, "--roi", roi)
    live = summary(capsys, "fold", folder, *words, "--live")
    assert numbers(live) == numbers(summary(capsys, "fold", capture, *words))
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(("presses", "cubes"), [(2, 6), (1, 0)])
def test_a_second_ctrl_c_or_one_before_any_cube_stops_it(
    presses: int, cubes: int, interrupted: list[int], capture: Path, par: Path, roi: Path,
    tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    interrupted[:] = [presses, 0]
    folder, before = tmp_path / "live", signal.getsignal(signal.SIGINT)
    folder.mkdir()
    for cube in sorted(capture.glob("*.fits"))[:cubes]:
        shutil.copy(cube, folder)
    assert cli.main(["fold", str(folder), "--eph", str(par), "--roi", str(roi), "--live"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.strip().splitlines()[-1] == "nightglass: stopped."
    assert signal.getsignal(signal.SIGINT) is before
