"""`nightglass info`: JSON alone on standard output, sentences on standard error, exit codes."""

import json
import os
import subprocess
import sys

import pytest
from nightglass.core.cli import main

from ..lightspeed.writer import CubeSpec, write_capture, write_cube

SPEC = CubeSpec()


def run(capsys, *words):
    code = main(["info", *map(str, words)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_a_sound_capture_is_json_and_exit_code_0(tmp_path, capsys):
    write_capture(tmp_path, SPEC)
    code, out, err = run(capsys, tmp_path, "--json")
    assert (code, err) == (0, "")
    (entry,) = json.loads(out)["captures"]
    assert (entry["object"], entry["frames"]) == ("crab", 15)


def test_trouble_is_exit_code_1_and_still_a_report(tmp_path, capsys):
    write_capture(tmp_path, SPEC, (1, 3))
    code, out, err = run(capsys, tmp_path, "--json")
    assert code == 1
    assert json.loads(out)["captures"][0]["missing_cubes"] == [2]
    assert err == ""


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_nothing_to_report_is_exit_code_2_and_one_sentence(tmp_path, capsys, words):
    path = write_cube(tmp_path, SPEC, 1)
    os.truncate(path, 0)
    code, out, err = run(capsys, path, *words)
    assert code == 2
    assert (json.loads(out) if words else out) == ({"captures": []} if words else "")
    assert err.startswith("nightglass: ")
    assert err.count("\n") == 1
    assert path.name in err


def test_a_path_that_is_not_there_is_exit_code_2(tmp_path, capsys):
    code, _, err = run(capsys, tmp_path / "gone")
    assert code == 2
    assert "is not there" in err


def test_the_table_is_for_people(tmp_path, capsys):
    write_capture(tmp_path, SPEC)
    (tmp_path / "stray.fits").write_bytes(b"x")
    code, out, err = run(capsys, tmp_path)
    assert code == 0
    assert "frame interval      0.0051 s" in out
    assert "stray.fits is left out" in err


def test_names_no_terminal_can_show_are_escaped(tmp_path, capsys):
    name = os.fsdecode(b"caf\xe9")
    folder = tmp_path / name
    folder.mkdir()
    code, _, err = run(capsys, folder)
    assert code == 2
    assert "caf" in err


def test_neither_qt_nor_the_slow_libraries_are_imported(tmp_path):
    write_capture(tmp_path, SPEC)
    script = (
        "import sys; from nightglass.core.cli import main; code = main(['info', sys.argv[1]]);"
        "slow = [m for m in ('PyQt6', 'pint', 'astropy', 'numba', 'scipy') if m in sys.modules];"
        "assert not slow, slow; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
