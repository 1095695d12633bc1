"""The shell scripts say in one sentence what is missing, and install only what is allowed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Fake = Callable[[str, str], None]

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted([*(ROOT / "packaging").glob("*.sh"), ROOT / ".ci" / "run"])
SHELLCHECK = shutil.which("shellcheck")

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the scripts are for a POSIX shell")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The scripts and what they read, in a folder with a blank in its name."""
    tree = tmp_path / "night glass"
    shutil.copytree(ROOT / "packaging", tree / "packaging", symlinks=True)
    shutil.copy(ROOT / "pyproject.toml", tree)
    return tree


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    """Put a program of this name before the real one."""
    programs = tmp_path / "bin"
    programs.mkdir()

    def fake(name: str, script: str) -> None:
        program = programs / name
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)

    fake("python3", f'exec "{sys.executable}" "$@"')
    return fake


def run(script: Path, *words: str) -> subprocess.CompletedProcess[str]:
    folder = script.parents[2]
    path = f"{folder / 'bin'}:/usr/bin:/bin"
    return subprocess.run(
        ["/bin/sh", str(script), *words],
        cwd="/",
        env={"PATH": path, "HOME": str(folder), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_is_sound_shell(script: Path) -> None:
    subprocess.run(["/bin/sh", "-n", str(script)], check=True)
    if SHELLCHECK is None:
        pytest.skip("shellcheck is not installed")
    words = [SHELLCHECK, "--external-sources", "--source-path", str(ROOT), str(script)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout == ""


@pytest.mark.parametrize("words", [["vela"], ["lightspeed", "crab"]])
def test_an_unknown_demo_is_refused_before_anything_is_installed(
    words: list[str], tree: Path
) -> None:
    done = run(tree / "packaging" / "run.sh", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "nightglass: usage: sh packaging/run.sh [lightspeed|mascara]; "
        "those are the two demos there are.\n"
    )
    assert not (tree / ".venv").exists()


@pytest.mark.parametrize("demo", ["lightspeed", "mascara"])
def test_both_demos_begin_with_what_is_missing(demo: str, tree: Path, fake: Fake) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        fake(name, "echo 3.9")
    done = run(tree / "packaging" / "run.sh", demo)
    assert done.returncode == 2
    assert done.stderr.startswith("nightglass: Nightglass needs Python")


def test_without_a_fitting_python_the_needed_versions_are_named(tree: Path, fake: Fake) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        fake(name, "echo 3.9")
    done = run(tree / "packaging" / "run.sh")
    assert done.returncode == 2
    assert done.stderr.startswith("nightglass: Nightglass needs Python 3.11, 3.12 or 3.13")


@pytest.mark.parametrize("script", ["run.sh", "test.sh", "bundle.sh"])
def test_without_the_right_to_install_all_that_is_missing_is_one_command(
    script: str, tree: Path, fake: Fake
) -> None:
    fake("ldconfig", "echo '	libEGL.so.1 (libc6,x86-64) => /lib/libEGL.so.1'")
    fake("apt-get", "exit 1")
    fake("id", "echo 1000")
    fake("sudo", "exit 1")
    done = run(tree / "packaging" / script)
    assert (done.returncode, done.stdout) == (2, "")
    (sentence,) = done.stderr.splitlines()
    assert "sudo apt-get update && sudo apt-get install -y " in sentence
    packages = sentence.partition("install -y ")[2].split()
    assert {"libxcb-cursor0", "libgl1", "libxkbcommon-x11-0"} <= set(packages)
    assert "libegl1" not in packages
    assert not (tree / ".venv").exists()


def test_root_installs_what_is_missing_without_being_asked(tree: Path, fake: Fake) -> None:
    asked = tree / "asked"
    fake("ldconfig", "true")
    fake("apt-get", f'echo "$DEBIAN_FRONTEND $*" >>"{asked}"')
    fake("id", "echo 0")
    fake("python3", f'[ "$2" = venv ] && exit 1; exec "{sys.executable}" "$@"')
    done = run(tree / "packaging" / "run.sh")
    assert done.returncode == 2
    assert "could not make a virtual environment" in done.stderr
    update, install = asked.read_text(encoding="utf-8").splitlines()
    assert update == "noninteractive update -q"
    assert "install -q -y --no-install-recommends" in install
    assert "libxcb-cursor0" in install


def test_a_failed_installation_tells_its_last_words(tree: Path, fake: Fake) -> None:
    fake("ldconfig", "true")
    fake("apt-get", "echo no such package >&2; exit 100")
    fake("id", "echo 0")
    done = run(tree / "packaging" / "run.sh")
    assert done.returncode == 2
    assert "no such package" in done.stderr
    assert "try by hand, then start again:  " in done.stderr


def test_a_virtual_environment_left_unfinished_is_made_anew(tree: Path, fake: Fake) -> None:
    for program in (tree / ".venv" / "bin", tree / ".venv" / "lib"):
        program.mkdir(parents=True)
    (tree / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tree / ".venv" / "unfinished").touch()
    fake("ldconfig", f"cat '{tree}/packaging/environment.sh' | sed 's/$/ /'")
    fake("find", "echo font.ttf")
    fake("python3", f'[ "$2" = venv ] && exit 1; exec "{sys.executable}" "$@"')
    done = run(tree / "packaging" / "run.sh")
    assert done.returncode == 2
    assert "making .venv with Python 3." in done.stderr


def test_the_demo_finds_the_worker_of_its_reduction(tmp_path: Path) -> None:
    with subprocess.Popen(
        ["/bin/sh", "-c", "sleep 60 & echo $!; wait"], stdout=subprocess.PIPE, text=True
    ) as driver:
        assert driver.stdout is not None
        worker = int(driver.stdout.readline())
        words = f"output='{tmp_path}'; . packaging/mascara.sh; driver={driver.pid}; worker"
        found = subprocess.run(
            ["/bin/sh", "-c", words], cwd=ROOT, capture_output=True, text=True, check=True
        )
        os.kill(worker, signal.SIGKILL)
    assert found.stdout == f"{worker}\n"


def test_the_demo_waits_for_batches_of_the_journal(tmp_path: Path) -> None:
    def has_reduced(batches: int) -> bool:
        words = f"output='{tmp_path}'; . packaging/mascara.sh; has_reduced {batches}"
        return subprocess.run(["/bin/sh", "-c", words], cwd=ROOT, check=False).returncode == 0

    assert not has_reduced(1)
    (tmp_path / "night").mkdir()
    lines = ['{"kind":"night"}', '{"kind":"unit","unit":"LPC-1"}', '{"kind":"beat"}']
    (tmp_path / "night" / "journal.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert has_reduced(1)
    assert not has_reduced(2)
