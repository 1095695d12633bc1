"""The words of `nightglass simulate lightspeed`, its output and its exit codes."""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest
from astropy.io import fits
from nightglass.core.cli import simulate
from nightglass.core.errors import NightglassError

if TYPE_CHECKING:
    from pathlib import Path

QUICK = ["--shape", "16", "16", "--pulsed-fraction", "0", "--exposure", "0.001"]


def command(*words: str) -> int:
    parser = argparse.ArgumentParser()
    simulate.add_arguments(parser)
    return simulate.run(parser.parse_args(["lightspeed", *words]))


def test_json_stands_alone_on_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    code = command("--output", str(tmp_path), "--frames", "150", *QUICK, "--json")
    said = capsys.readouterr()
    report = json.loads(said.out)
    assert code == 0
    assert report["frames"] == 150
    assert report["files"] == sorted(str(path) for path in tmp_path.glob("*.fits"))
    assert said.err.splitlines()[-1].startswith("nightglass: 150 frames in 2 files")


def test_without_json_standard_output_stays_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert command("--output", str(tmp_path), "--frames", "1", *QUICK) == 0
    assert capsys.readouterr().out == ""


def test_every_option_reaches_the_capture(tmp_path: Path):
    code = command(
        "--output", str(tmp_path), "--object", "vela", "--start", "2025-09-13T06:00:00",
        "--frames", "40", "--shape", "32", "48", "--exposure", "0.003", "--interval", "0.004",
        "--bundle", "4", "--frames-per-cube", "5", "--mode", "ultra-quiet", "--era", "2025-09",
        "--seed", "9", "--star-rate", "500", "--pulsed-fraction", "0", "--sky", "3",
        "--seeing", "0.5", "--stars", "2", "--gain", "9", "--read-noise", "0.3",
        "--bias-spread", "0.1", "--full-well", "6000", "--dark-rate", "0.01",
        "--hot-pixels", "0.01", "--telegraph", "0.1", "--cosmic-rays", "1", "--traps",
        "--rolling-shutter", "--filter", "r'", "--subarray-position", "512", "1048",
        "--defect", "no-gps", "lost-frames", "--defect", "missing-cube:2", "--truth-maps",
    )  # fmt: skip
    assert code == 0
    settings = json.loads((tmp_path / "truth.json").read_text())["settings"]
    expected = {
        "object_name": "vela", "start": "2025-09-13T06:00:00", "frames": 40, "shape": [32, 48],
        "exposure_s": 0.003, "interval_s": 0.004, "bundle": 4, "frames_per_cube": 5,
        "mode": "ultra-quiet", "era": "2025-09", "seed": 9, "star_rate": 500.0,
        "pulsed_fraction": 0.0, "sky_rate": 3.0, "seeing_arcsec": 0.5, "stars": 2, "gain": 9.0,
        "read_noise_e": 0.3, "bias_spread_e": 0.1, "full_well_e": 6000.0, "dark_rate": 0.01,
        "hot_fraction": 0.01, "telegraph_fraction": 0.1, "cosmic_ray_rate": 1.0, "traps": 4,
        "rolling_shutter": True, "filter_name": "r'", "position": [512, 1048],
        "defects": ["no-gps", "lost-frames", "missing-cube:2"], "truth_maps": True,
    }  # fmt: skip
    assert {name: settings[name] for name in expected} == expected
    cards = fits.getheader(next(tmp_path.glob("vela_20250913_030000_cube001.fits")), 1)
    assert cards["CONVERSION FACTOR COEFF"] == pytest.approx(1 / 9)
    assert cards["READOUT SPEED"] == 1.0


def test_a_par_file_can_be_given(tmp_path: Path):
    par = tmp_path / "own.par"
    par.write_text(
        "PSR J0000-0030\nRAJ 00:00:10\nDECJ -00:30:00\nF0 2.5\nPEPOCH 61000\nEPHEM DE421\n"
        "UNITS TDB\n"
    )
    where = tmp_path / "out"
    assert command("--output", str(where), "--par", str(par), "--frames", "5",
                   "--shape", "16", "16") == 0  # fmt: skip
    truth = json.loads((where / "truth.json").read_text())
    assert truth["par"] == par.read_text()
    assert str(tmp_path) not in (where / "truth.json").read_text()
    assert truth["pulsar"]["first_frame_frequency_hz"] == pytest.approx(2.5, rel=2e-4)
    assert fits.getheader(next(where.glob("*.fits")), 1)["TELDEC"] == "-00:30:00.0"


def test_calibrations_need_no_par_file_and_no_object(tmp_path: Path):
    assert command("--output", str(tmp_path), "--calibration", "bias", "--shape", "16", "16",
                   "--par", str(tmp_path / "absent.par")) == 0  # fmt: skip
    assert len(list(tmp_path.glob("bias_*_cube001.fits"))) == 1


def test_live_takes_a_speed_or_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert command("--output", str(tmp_path / "a"), "--frames", "100", *QUICK, "--live") == 0
    assert command("--output", str(tmp_path / "b"), "--frames", "100", *QUICK,
                   "--live", "20", "--json") == 0  # fmt: skip
    assert json.loads(capsys.readouterr().out)["elapsed_s"] >= 0.005


@pytest.mark.parametrize(
    "words",
    [
        ["--mode", "ultra-quiet", "--shape", "64", "64", "--exposure", "0.0005"],
        ["--par", "absent.par"],
        ["--defect", "earthquake"],
        ["--start", "noon"],
        ["--live", "0"],
    ],
)
def test_what_cannot_be_done_is_one_sentence(tmp_path: Path, words: list[str]):
    with pytest.raises(NightglassError) as caught:
        command("--output", str(tmp_path / "out"), *words)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_camera_must_be_named(capsys: pytest.CaptureFixture[str]):
    parser = argparse.ArgumentParser(prog="nightglass simulate")
    simulate.add_arguments(parser)
    with pytest.raises(SystemExit) as caught:
        parser.parse_args([])
    assert caught.value.code == 2
    assert "camera" in capsys.readouterr().err


def test_an_interrupt_ends_a_live_capture_at_a_whole_cube(tmp_path: Path, python: str):
    words = ["--output", str(tmp_path), "--frames", "1000000", *QUICK, "--live"]
    with subprocess.Popen(
        [python, "-m", "nightglass", "simulate", "lightspeed", *words],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert "frames written live" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert process.returncode != 0
    assert "Traceback" not in said
    whole = [fits.getdata(path, 1).shape[0] for path in tmp_path.glob("*.fits")]
    assert set(whole) == {100}
    truth = json.loads((tmp_path / "truth.json").read_text())
    assert truth["stopped_after_cubes"] == list(range(1, len(whole) + 1))


def test_the_program_exits_2_with_one_sentence_and_no_traceback(tmp_path: Path, python: str):
    done = subprocess.run(
        [python, "-m", "nightglass", "simulate", "lightspeed", "--output", str(tmp_path),
         "--shape", "10", "10", "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("nightglass: Cannot simulate this capture: ")
    assert done.stderr.count("\n") == 1
