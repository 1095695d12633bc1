"""Whatever is wrong, every command says so in one sentence, ends with 2 and leaves no trace."""

from __future__ import annotations

import errno
import json
import os
import re
import resource
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from nightglass.core import atomic

from .bad_input import GOOD_WORDS, Night, Said

if TYPE_CHECKING:
    from collections.abc import Iterator

Capture = pytest.CaptureFixture[str]

FOLDS = ("onoff", "lc", "events")
PICTURES = ("image", "onoff")
LIGHT = ("lc", "photo", "fft", "events")
WEIGHS = ("image", "onoff", "lc", "photo")
TAKES = ("image", *FOLDS, "photo", "fft", "cube cube", "cube shift")
READS = (*TAKES, "bias", "cube split")
WRITES_ONE = ("image", *FOLDS, "photo", "fft", "cube cube", "bias", "lc add")
WRITES_MANY = ("cube split", "cube shift")
WRITES = (*WRITES_ONE, *WRITES_MANY)
DRAWN = (*LIGHT, "cube shift", "psf")
EVERY = tuple(GOOD_WORDS)
RATES = ("image", "onoff", "lc", "photo")

# Commands, words that replace or follow good ones, and what the sentence has to tell.
FAULTS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    # What is read
    (READS, "--input {bad}/absent.fits", "absent.fits is not there"),
    (READS, "--input {bad}/text.fits", "text.fits"),
    (READS, "--input {bad}/zero.fits", "zero.fits"),
    (READS, "--input {bad}/noise.fits", "noise.fits"),
    (READS, "--input {bad}/plane.fits", "plane.fits"),
    (READS, "--input {bad}/no_data.fits", "no_data.fits"),
    (READS, "--input {bad}/no_stamps.fits", "TIMESTAMP"),
    (READS, "--input {bad}/no_stamp_column.fits", "TIMESTAMP"),
    (READS, "--input {star}", "star.fits"),
    (READS, "--input {all_cut}", "cube001.fits"),
    (READS, "--input {two}", "There are 2"),
    (READS, "--input {nothing}", "holds no LightSpeed cubes"),
    (READS, "--input {bad}", "bad"),
    (TAKES, "--min-index 7", "7"),
    (TAKES, "--min-index 2 --max-index 1", "2 to 1|no cube"),
    (RATES, "--input {no_exposure}", "EXPOSURE TIME"),
    (RATES, "--input {zero_exposure}", "EXPOSURE TIME"),
    (RATES, "--input {silly_exposure}", "EXPOSURE TIME"),
    (FOLDS, "--input {undated}", "date"),
    (PICTURES, "--input {no_pointing} --wcs", "TELRA"),
    (("psf",), "--input {bad}/absent.fits", "absent.fits is not there"),
    (("psf",), "--input {bad}/noise.fits", "noise.fits"),
    (("psf",), "--input {bad}/text.fits", "text.fits"),
    (("psf",), "--input {bad}/zero.fits", "zero.fits"),
    (("psf",), "--input {bad}/line.fits", "line.fits"),
    (("psf",), "--input {bad}/no_data.fits", "no_data.fits"),
    (("psf",), "--input {bad}/nan.fits", "pixel|star"),
    (("psf",), "--input {bad}/flat.fits", "star"),
    (("lc add",), "--inputs {curve} {bad}/absent.fits", "absent.fits is not there"),
    (("lc add",), "--inputs {curve} {bad}/text.fits", "text.fits"),
    (("lc add",), "--inputs {curve} {bad}/zero.fits", "zero.fits"),
    (("lc add",), "--inputs {curve} {bad}/noise.fits", "noise.fits"),
    (("lc add",), "--inputs {curve} {star}", "star.fits"),
    (("lc add",), "--inputs {curve} {sky}", "cube001.fits"),
    (("lc add",), "--inputs {curve} {more_bins}", "bins"),
    (("lc add",), "--inputs {curve} {photons}", "electron"),
    (("lc add",), "--inputs {curve} {two_sources}", "holds"),
    # What is written
    (WRITES_ONE, "--output {roi}", "star.reg exists and is not replaced"),
    (WRITES_ONE, "--output {roi}/x.fits", "star.reg.* is a file"),
    (WRITES_ONE, "--output {here}/absent/x.fits", "absent"),
    (WRITES_ONE, "--output {out} --clobber", "is a folder"),
    (WRITES_ONE, "--output ''", "output|folder"),
    (WRITES_ONE, "--output {out}/" + "n" * 300 + ".fits", "name"),
    (WRITES_MANY, "--output {roi}", "star.reg"),
    (WRITES_MANY, "--output {roi}/x", "star.reg.* is a file"),
    (WRITES_MANY, "--output {here}/absent/x", "absent.* does not exist"),
    (TAKES[:-1], "--clobber --output {sky}", "read as an input"),
    (TAKES[:-1], "--clobber --dark {bias} --output {bias}", "read as an input"),
    (TAKES[:-1], "--clobber --bias {properties} --output {properties}", "read as an input"),
    (LIGHT, "--clobber --output {roi}", "read as an input"),
    (FOLDS, "--clobber --output {par}", "read as an input"),
    (("bias",), "--clobber --output {bias}", "read as an input"),
    (("lc add",), "--clobber --output {curve}", "read as an input"),
    (("cube shift",), "--clobber --output {here}/sky", "sky"),
    # Calibration
    (TAKES, "--bias {bad}/absent.fits", "absent.fits is not there"),
    (TAKES, "--bias {bad}/text.fits", "text.fits"),
    (TAKES, "--bias {narrow_bias}", "bias does not fit"),
    (TAKES, "--bias {narrow}", "bias does not fit"),
    (TAKES, "--dark {narrow_bias}", "dark does not fit"),
    (TAKES, "--flat {elsewhere}", "flat does not fit"),
    (TAKES, "--dark {binned}", "binning"),
    (TAKES, "--dark {no_exposure}", "EXPOSURE TIME"),
    (TAKES, "--flat {unlit}", "no light"),
    (TAKES, "--flat {bad}/noise.fits", "noise.fits"),
    # Regions
    (DRAWN, "--roi {bad}/absent.reg", "absent.reg is not there"),
    (DRAWN, "--roi {here}", "folder"),
    (DRAWN, "--roi {bad}/empty.reg", "empty.reg"),
    (DRAWN, "--roi {bad}/comments.reg", "comments.reg"),
    (DRAWN, "--roi {bad}/word.reg", "word.reg"),
    (DRAWN, "--roi {bad}/open.reg", "open.reg"),
    (DRAWN, "--roi {bad}/negative.reg", "negative.reg"),
    (DRAWN, "--roi {bad}/nan.reg", "nan.reg"),
    (DRAWN, "--roi {bad}/zero.reg", "no pixel|zero.reg"),
    (DRAWN, "--roi {bad}/far.reg", "no pixel|outside"),
    (DRAWN, "--roi {bad}/out.reg", "region"),
    (DRAWN, "--roi {bad}/covered.reg", "no pixel"),
    (DRAWN, "--roi {bad}/kind.reg", "spiral"),
    (DRAWN, "--roi {bad}/garbage.reg", "garbage.reg"),
    (DRAWN, "--roi {bad}/noise.reg", "noise.reg"),
    ((*LIGHT, "cube shift"), "--roi {bad}/sky_only.reg", "no region|background"),
    ((*LIGHT, "cube shift"), "--input {no_pointing} --roi {bad}/sky.reg", "sky|TELRA|coordinates"),
    (("psf",), "--roi {bad}/sky.reg", "sky|coordinates"),
    (("cube shift",), "--roi {box}", "no circle"),
    (("lc", "fft", "events"), "--background {bad}/far.reg", "no pixel|outside"),
    (("photo",), "--bkg {bad}/word.reg", "word.reg"),
    (("photo",), "--comp {bad}/far.reg", "no pixel|outside"),
    (TAKES, "--bbox {bad}/far_box.reg", "outside the frame"),
    (TAKES, "--bbox {circle}", "no upright box"),
    (TAKES, "--bbox {bad}/tilted.reg", "no upright box"),
    (TAKES, "--bbox {bad}/empty.reg", "empty.reg"),
    ((*LIGHT, "cube shift"), "--bbox {bad}/corner.reg", "cropped away"),
    # Ephemerides
    (FOLDS, "--eph {bad}/absent.par", "absent.par is not there"),
    (FOLDS, "--eph {here}", "folder"),
    (FOLDS, "--eph {bad}/empty.par", "empty.par .*F0"),
    (FOLDS, "--eph {bad}/prose.par", "prose.par .*F0"),
    (FOLDS, "--eph {bad}/noise.par", "noise.par is not a text file"),
    (FOLDS, "--eph {bad}/no_f0.par", "no F0"),
    (FOLDS, "--eph {bad}/no_values.par", "no F0"),
    (FOLDS, "--eph {bad}/f0_zero.par", "F0 is '0'"),
    (FOLDS, "--eph {bad}/f0_word.par", "F0 is 'fast'"),
    (FOLDS, "--eph {bad}/f0_nan.par", "F0 is 'nan'"),
    (FOLDS, "--eph {bad}/f0_negative.par", "F0 is '-29.9'"),
    (FOLDS, "--eph {bad}/no_pepoch.par", "no PEPOCH"),
    (FOLDS, "--eph {bad}/pepoch_word.par", "PEPOCH is 'today'"),
    (FOLDS, "--eph {bad}/no_ephem.par", "no EPHEM"),
    (FOLDS, "--eph {bad}/no_place.par", "no position"),
    (FOLDS, "--eph {bad}/silly_place.par", "RAJ|99"),
    (FOLDS, "--eph {bad}/dec_word.par", "DECJ|north"),
    (FOLDS, "--eph {bad}/silly_binary.par", "XYZ"),
    (FOLDS, "--eph {bad}/half_binary.par", "TASC"),
    (FOLDS, "--eph {bad}/silly_tzr.par", "TZRMJD is 'never'"),
    (FOLDS, "--observatory Atlantis", "Atlantis"),
    # Values of options
    (TAKES, "--gain 0", "gain"),
    (TAKES, "--gain nan", "gain"),
    (TAKES, "--gain=-8.5", "gain"),
    (TAKES, "--gain inf", "gain"),
    (TAKES, "--frames 0", "frames"),
    (TAKES, "--frames=-5", "frames"),
    (TAKES, "--timing-offset nan", "timing.offset"),
    (TAKES, "--timing-offset inf", "timing.offset"),
    (TAKES, "--timing-offset soon", "timing.offset"),
    (TAKES, "--cr-ceil nan", "cr.ceil"),
    (TAKES, "--cr-ceil=-2", "cr.ceil"),
    (TAKES, "--threads 0", "threads"),
    (TAKES, "--threads=-2", "threads"),
    (TAKES, "--threads many", "threads"),
    (TAKES, "--compat v2", "compat"),
    (("bias",), "--gain 0", "gain"),
    (("bias",), "--frames 0", "frames"),
    (("bias",), "--threads 0", "threads"),
    (("lc",), "--bins 0", "bins"),
    (("lc",), "--bins=-3", "bins"),
    (("lc",), "--bins 2000000000", "bins"),
    (("lc",), "--bins 3.5", "bins"),
    (("lc",), "--seed=-1 --errors", "seed"),
    (WEIGHS, "--mode median", "mode"),
    (WEIGHS, "--mode weight --n-electrons 0", "n.electrons"),
    (WEIGHS, "--mode weight --n-electrons=-4", "n.electrons"),
    (WEIGHS, "--mode weight --n-iterations 0", "n.iterations"),
    (WEIGHS, "--mode weight --n-iterations=-1", "n.iterations"),
    (("lc", "photo"), "--psf", "weight"),
    (("photo", "fft"), "--rebin 0", "rebin"),
    (("photo", "fft"), "--rebin=-2", "rebin"),
    (("fft",), "--segment 0", "segment"),
    (("fft",), "--segment nan", "segment"),
    (("fft",), "--segment=-1", "segment"),
    (("fft",), "--segment 1e9", "segment"),
    (("fft",), "--segment 1e-9", "segment"),
    (("fft",), "--segment inf", "segment"),
    (("fft",), "--max-freq 0", "max-freq"),
    (("fft",), "--max-freq 1e-9", "freq"),
    (("fft",), "--frames 1", "frames"),
    (("fft",), "--input {short}", "frames"),
    (PICTURES, "--smooth 0", "smooth"),
    (PICTURES, "--smooth nan", "smooth"),
    (PICTURES, "--smooth inf", "smooth"),
    ((*PICTURES, "psf"), "--plate-scale 0", "plate-scale"),
    ((*PICTURES, "psf"), "--plate-scale=-1", "plate-scale"),
    (("onoff",), "--range nonsense", "nonsense"),
    (("onoff",), "--range ''", "range"),
    (("onoff",), "--range 0.1:0.4", "comma"),
    (("onoff",), "--range 0.1:0.4,0.3:0.6", "overlap"),
    (("onoff",), "--range 0.1:0.1,0.3:0.6", "no phase"),
    (("onoff",), "--range 0.1:1.4,0.3:0.6", "between 0 and 1"),
    (("onoff",), "--range nan:0.4,0.3:0.6", "nan"),
    (("onoff",), "--range 0.10001:0.10002,0.5:0.6", "no frame"),
    (EVERY, "--bogus", "bogus"),
    (("psf",), "--profile disk", "profile"),
)  # fmt: skip


def _cases() -> Iterator[Any]:
    """Every fault with two or three commands, all of them in the slow run: they share code."""
    for number, (commands, words, told) in enumerate(FAULTS):
        for place, command in enumerate(commands):
            is_usual = len(commands) <= 3 or place % 4 == number % 4
            yield pytest.param(
                command, words, told, id=f"{command} {words[:60]}",
                marks=() if is_usual else pytest.mark.slow,
            )  # fmt: skip


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return Night.make(tmp_path_factory.mktemp("night"))


@pytest.mark.parametrize(("command", "words", "told"), list(_cases()))
def test_one_sentence_and_no_trace(
    night: Night, capfd: Capture, command: str, words: str, told: str
) -> None:
    before = night.content()
    said = night.run(capfd, command, words)
    after = night.content()
    night.tidy()
    _require_sentence(said, told)
    assert after == before


def _require_sentence(said: Said, told: str) -> None:
    """Check that nothing but one sentence was said, on standard error."""
    assert (said.code, said.out) == (2, "")
    (sentence,) = said.err.splitlines()
    assert re.fullmatch(r"nightglass: .*\.", sentence)
    assert "Unexpected trouble" not in sentence
    assert re.search(told, sentence, re.IGNORECASE)


@pytest.mark.parametrize("command", EVERY)
def test_json_output_is_pure_and_absent_after_a_failure(
    night: Night, capfd: Capture, command: str
) -> None:
    said = night.run(capfd, command, "--json")
    assert said.code == 0
    assert said.err == "" or said.err.startswith("nightglass: ")
    made = sorted(str(path) for path in night.names["out"].iterdir())
    assert sorted(json.loads(said.out)["outputs"]) == made
    again = night.run(capfd, command, "--json" if made else "--json --roi {bad}/empty.reg")
    night.tidy()
    _require_sentence(again, "already|no region")


@pytest.mark.parametrize("command", WRITES)
@pytest.mark.parametrize(
    ("code", "told"),
    [(errno.ENOSPC, "disk is full"), (errno.EDQUOT, "quota"), (errno.EROFS, "only")],
)
def test_a_full_disk_leaves_nothing(
    night: Night,
    capfd: Capture,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    code: int,
    told: str,
) -> None:
    """The disk says so at the latest when what was written is forced to it."""
    monkeypatch.setattr(atomic, "_settle_file", partial(_refuse, code))
    before = night.content()
    said = night.run(capfd, command, "")
    after = night.content()
    night.tidy()
    _require_sentence(said, told)
    assert after == before


def _refuse(code: int, _: object) -> None:
    raise OSError(code, os.strerror(code))


@pytest.mark.parametrize("command", WRITES)
def test_a_write_that_stops_half_way_leaves_nothing(
    night: Night, capfd: Capture, command: str
) -> None:
    """The system refuses to let a file grow: a real failure in the middle of writing."""
    before = night.content()
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, usual[1]))
    try:
        said = night.run(capfd, command, "")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    after = night.content()
    night.tidy()
    _require_sentence(said, "made.fits|cube001")
    assert after == before


# Commands, words, and what a notice has to tell: the work is done nevertheless.
NOTICES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (READS[:-2], "--input {cut}", "cube002.fits"),
    (("bias",), "--input {cut}", "cube002.fits"),
    ((*FOLDS, "photo"), "--input {no_gps}", "GPS"),
    (FOLDS, "--eph {bad}/repeated.par", "F0 stands more than once"),
    (FOLDS, "--eph {bad}/unknown_line.par", "GLITTER"),
    (TAKES, "--input {named}", ""),
    (("bias", "cube split"), "--input {named}", ""),
    (TAKES, "--input {silly_cards}", ""),
    (("photo",), "--rebin 1000", ""),
    (("lc",), "--bins 400", ""),
    (("photo", "events", "cube cube"), "--input {short}", ""),
)


@pytest.mark.parametrize(
    ("command", "words", "told"),
    [
        pytest.param(command, words, told, id=f"{command} {words}")
        for commands, words, told in NOTICES
        for command in commands
    ],
)
def test_what_can_be_done_is_done(
    night: Night, capfd: Capture, command: str, words: str, told: str
) -> None:
    said = night.run(capfd, command, f"{words} --json")
    made = sorted(str(path) for path in night.names["out"].iterdir())
    night.tidy()
    assert said.code == 0, said.err
    assert all(line.startswith("nightglass: ") for line in said.err.splitlines())
    assert re.search(told, said.err)
    assert sorted(json.loads(said.out)["outputs"]) == made
    assert made
