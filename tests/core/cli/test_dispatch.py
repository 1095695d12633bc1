"""The front door: which word leads where, exit codes, one sentence for every failure."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import nightglass
import pytest
from nightglass.__main__ import main
from nightglass.core import cli
from nightglass.core.cli import display, window
from nightglass.core.engine import child
from nightglass.core.errors import Cancelled, NightglassError

from ..lightspeed.writer import CubeSpec, write_capture
from ..mascara.browsing.made_stars import write_night

if TYPE_CHECKING:
    from collections.abc import Iterator

WITHOUT_QT = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PyQt6", "pyqtgraph"}:
            raise ImportError(f"{name} is not installed")

sys.meta_path.insert(0, Blocked())
from nightglass.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
NO_DISPLAY = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
SKY = [
    "--frames",
    "3",
    "--scale",
    "0.15",
    "--darks",
    "10",
    "--biases",
    "0",
    "--flats",
    "0",
    "--faintest",
    "8.5",
]
SMALL = ["--shape", "16", "16", "--pulsed-fraction", "0", "--exposure", "0.001", "--frames", "2"]


def start(*words: str, script: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own, where every warning is an error."""
    kept = {name: value for name, value in os.environ.items() if name not in NO_DISPLAY}
    how = ["-c", script] if script else ["-m", "nightglass"]
    return subprocess.run(
        [sys.executable, "-P", "-W", "error", *how, *words],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def is_one_sentence(text: str) -> bool:
    return text.startswith("nightglass: ") and text.endswith(".\n") and text.count("\n") == 1


def takers_of_json(parser: argparse.ArgumentParser, words: tuple[str, ...]) -> Iterator[str]:
    """The commands below a parser that have ``--json``, as typed."""
    for action in parser._actions:
        if "--json" in action.option_strings:
            yield " ".join(words)
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from takers_of_json(below, (*words, name))


def test_the_version_is_told() -> None:
    done = start("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"Nightglass {nightglass.__version__}\n"


def test_help_lists_every_command_and_needs_no_graphics() -> None:
    done = start("--help", script=WITHOUT_QT)
    assert (done.returncode, done.stderr) == (0, "")
    for name in cli.COMMANDS:
        module = import_module(f"nightglass.core.cli.{name}")
        assert f"  {name} " in done.stdout
        assert module.HELP in done.stdout


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_helps_and_needs_no_graphics(command: str) -> None:
    done = start(command, "--help", script=WITHOUT_QT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: nightglass {command}")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated star, its ephemeris and its region."""
    from nightglass.core.simulate.lightspeed import simulate_capture
    from nightglass.core.simulate.settings import CaptureSettings

    folder = tmp_path_factory.mktemp("night")
    settings = CaptureSettings(shape=(32, 32), frames=400, frames_per_cube=200, exposure_s=0.005)
    simulate_capture(settings, folder)
    (folder / "star.reg").write_text("image\ncircle(16.5,16.5,6)\n")
    return folder


def words_of(command: str, night: Path, out: Path) -> list[str]:
    """Words that make a command succeed."""
    par = str(files("nightglass.resources.data").joinpath("crab_demo.par"))
    cube = str(min(night.glob("*.fits")))
    shared = ["--input", cube, "--output", str(out / f"{command.replace(' ', '-')}.fits")]
    roi, eph = ["--roi", str(night / "star.reg")], ["--eph", par]
    return {
        "info": [str(night)],
        "simulate lightspeed": ["--output", str(out / "new"), *SMALL],
        "simulate mascara": ["--output", str(out / "sky"), *SKY],
        "night check": [str(out / "sky"), "--output", str(out / "reduced")],
        "night reduce": [str(out / "sky"), "--output", str(out / "reduced")],
        "night status": [str(out / "reduced")],
        "night stars": [str(out / "stars")],
        "night compare": [str(out / "reduced"), str(out / "again")],
        "night mail": [str(out / "reduced")],
        "catalogue import": [str(out / "sky" / "catalogue.csv")],
        "catalogue info": [],
        "image": shared,
        "fold": [cube, *roi, *eph],
        "search": [cube, *roi, *eph],
        "lc": [*shared, *roi, *eph, "--bins", "8"],
        "lc add": ["--inputs", str(out / "lc.fits"), str(out / "lc.fits"), *shared[2:]],
        "onoff": [*shared, *eph, "--range", "0.2:0.4,0.5:0.1"],
        "photo": [*shared, "--src", roi[1], "--rebin", "50"],
        "bias": shared,
        "psf": ["--input", str(out / "image.fits"), *roi],
        "cube split": ["--input", cube, "--output", str(out / "bundles")],
        "cube cube": shared,
        "cube shift": [*shared[:2], "--output", str(out / "shifted"), *roi],
        "fft": [*shared, *roi],
        "events": [*shared, *eph],
        "regions convert": [roi[1], str(out / "star.reg"), "--system", "physical"],
        "regions stats": [cube, *roi],
    }[command]


def test_json_is_alone_on_standard_output_for_every_command_that_offers_it(
    night: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    offered: list[str] = []
    for name in cli.COMMANDS:
        parser = argparse.ArgumentParser()
        import_module(f"nightglass.core.cli.{name}").add_arguments(parser)
        offered += takers_of_json(parser, (name,))
    for command in offered:
        if command == "night stars":
            write_night(tmp_path / "stars", "C", stars=20, exposures=60)
        if command == "night compare":
            copytree(tmp_path / "reduced", tmp_path / "again")
        code = cli.main([*command.split(), *words_of(command, night, tmp_path), "--json"])
        said = capfd.readouterr()
        # Without a mail server the report is kept, which is trouble.
        assert code == (command == "night mail"), f"{command}: {said.err}"
        assert isinstance(json.loads(said.out), dict), command


@pytest.mark.parametrize(
    "words",
    [
        ["--bogus"],
        ["--exit-after", "soon"],
        ["--exit-after", "nan"],
        ["--exit-after", "-1"],
        ["--theme", "pink"],
        ["--follow"],
        ["--screen", "x.png"],
        ["--screenshot", "absent-folder/x.png"],
        ["--timings", "absent-folder/x.json"],
        ["info"],
        ["info", "--bogus", "x"],
        ["info", "absent-folder"],
        ["simulate"],
        ["simulate", "mascara"],
        ["simulate", "lightspeed"],
        ["simulate", "lightspeed", "--output", "absent-folder", "--frames", "many"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_run_is_one_sentence_and_exit_code_2(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    try:
        code = main(words)
    except SystemExit as ending:
        code = ending.code
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert is_one_sentence(said.err), said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (NightglassError("No", "It broke.", "Mend it."), 2, "No: It broke. Mend it."),
        (FileNotFoundError(2, "gone", "a.fits"), 2, "Could not use a file: a.fits is not there."),
        (KeyError("x\ny"), 2, "Unexpected trouble: KeyError: 'x\\ny'."),
        (KeyboardInterrupt(), 1, "stopped."),
        (Cancelled(), 1, "stopped."),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_failure_is_one_sentence(
    error: BaseException, code: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> int:
        raise error

    assert cli.guarded(fail) == code
    said = capsys.readouterr().err
    assert said.startswith(f"nightglass: {sentence}")
    assert is_one_sentence(said)


def test_development_mode_also_shows_where_it_arose() -> None:
    script = (
        "from nightglass.core import cli\n"
        "def fail(): raise KeyError('x')\n"
        "raise SystemExit(cli.guarded(fail))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-X", "dev", "-c", script],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "in fail" in done.stderr


def test_a_reader_that_goes_away_ends_the_command_quietly(tmp_path: Path) -> None:
    write_capture(tmp_path, CubeSpec())
    command = f"'{sys.executable}' -P -W error -m nightglass info '{tmp_path}' --json | true"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_report_that_cannot_be_written_is_not_a_success(tmp_path: Path) -> None:
    write_capture(tmp_path, CubeSpec())
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "nightglass", "info", str(tmp_path)],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert "the disk is full" in done.stderr


@pytest.mark.parametrize("word", [*cli.COMMANDS, child.CHILD_FLAG])
def test_a_command_is_known_by_the_first_word_only(word: str) -> None:
    assert cli.is_command([word, "x"])
    assert not cli.is_command(["x", word])
    assert not cli.is_command([f"./{word}"])
    assert not cli.is_command([])


def test_a_child_process_is_started_through_the_same_door() -> None:
    done = start(child.CHILD_FLAG, "surplus")
    assert done.returncode == 2
    assert done.stderr == "nightglass: a child process takes no arguments\n"


def test_the_words_for_the_window_are_read(tmp_path: Path) -> None:
    shot, figures = tmp_path / "a.png", tmp_path / "b.json"
    options = cli.parse_window_options(
        ["a", "b", "--follow", "c", "--theme", "red", "--exit-after", "2.5",
         "--screenshot", str(shot), "--timings", str(figures)]
    )  # fmt: skip
    assert options == window.WindowOptions(
        (Path("a"), Path("b")), Path("c"), shot, 2.5, figures, "red"
    )
    assert options.is_headless
    assert not cli.parse_window_options(["a"]).is_headless


def test_without_a_display_the_window_is_refused_in_one_sentence() -> None:
    done = start("absent.fits")
    assert (done.returncode, done.stdout) == (2, "")
    assert is_one_sentence(done.stderr)
    assert "There is no display" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="displays are reached so on Linux only")
def test_a_display_that_does_not_answer_is_refused_instead_of_an_abort() -> None:
    pytest.importorskip("ctypes").CDLL("libxcb.so.1")
    done = start(DISPLAY=":64999")
    assert (done.returncode, done.stdout) == (2, "")
    assert is_one_sentence(done.stderr)
    assert ":64999" in done.stderr


def test_a_missing_graphics_library_is_one_sentence() -> None:
    done = start(script=WITHOUT_QT, QT_QPA_PLATFORM="offscreen")
    assert (done.returncode, done.stdout) == (2, "")
    assert is_one_sentence(done.stderr)
    assert "Qt cannot be loaded" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="displays are reached so on Linux only")
@pytest.mark.parametrize("name", ["", ":64999"])
def test_a_headless_check_does_without_a_display(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in NO_DISPLAY:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("DISPLAY", name)
    cli.choose_platform(window.WindowOptions(exit_after_s=1.0))
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"


def test_a_chosen_platform_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "vnc")
    cli.choose_platform(window.WindowOptions())
    assert os.environ["QT_QPA_PLATFORM"] == "vnc"


def test_a_library_of_the_x11_plugin_that_is_missing_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def load(name: str) -> object:
        if name == "libxcb-cursor.so.0":
            raise OSError(name)
        return object()

    monkeypatch.setattr("ctypes.CDLL", load)
    with pytest.raises(NightglassError, match="sudo apt-get install libxcb-cursor0"):
        display.require_display({"DISPLAY": ":0"})


def test_a_wayland_display_is_a_socket_in_the_run_time_folder(tmp_path: Path) -> None:
    import socket

    environment = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
    with pytest.raises(NightglassError, match="There is no display"):
        display.require_display(environment)
    with socket.socket(socket.AF_UNIX) as wayland:
        wayland.bind(str(tmp_path / "wayland-0"))
        display.require_display(environment)


def test_a_display_that_answers_is_used(tmp_path: Path) -> None:
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    reader, writer = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer)], pass_fds=[writer], stderr=subprocess.DEVNULL
    ) as server:
        os.close(writer)
        with os.fdopen(reader) as pipe:
            number = pipe.readline().strip()
        try:
            display.require_display({"DISPLAY": f":{number}"})
        finally:
            server.terminate()


def test_a_path_that_is_not_there_becomes_a_problem_of_the_window(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from nightglass.core.cli.window import WindowOptions\n"
        "from nightglass.gui.running import Running\n"
        "running = Running(WindowOptions(paths=(Path(sys.argv[1]),), exit_after_s=1.0))\n"
        "running.run(0.0)\n"
        "(problem,) = running.problems.entries()\n"
        "print(problem.path)\n"
    )
    done = start(str(tmp_path / "gone.fits"), script=script, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(tmp_path / "gone.fits")


def test_output_that_was_closed_before_the_start_is_no_trouble(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.guarded(lambda: print("numbers") or 0) == 0
    with sys.stdout:
        assert capsys.readouterr().err == ""
