"""A reduction at the command line whose disk, signals or rivals are trouble."""

from __future__ import annotations

import shutil
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest
from nightglass.core.engine.journal import read_journal

from .night_runs import DEADLINE_S, children, gone, run, started
from .small_night import digests

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .night_runs import Process, Undisturbed

pytestmark = pytest.mark.slow


def units(undisturbed: Undisturbed) -> list[str]:
    """The dark, two batches, and the merge."""
    return list(undisturbed.seconds)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_night_that_goes_on_later(
    undisturbed: Undisturbed, tmp_path: Path, number: signal.Signals
) -> None:
    output = tmp_path / "night"
    driver = run(undisturbed.raw, output)
    assert started(driver, output, units(undisturbed)[1])
    workers = children(driver.pid)
    driver.send_signal(number)
    assert driver.wait(DEADLINE_S) == 1
    gone(workers)
    assert read_journal(output / "journal.jsonl")[-1]["state"] == "stopped"
    assert run(undisturbed.raw, output).wait(DEADLINE_S) == 0
    assert digests(output) == undisturbed.products


def test_a_second_driver_refuses_and_changes_nothing(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    output, other = tmp_path / "night", tmp_path / "other.csv"
    lines = (undisturbed.raw / "catalogue.csv").read_text().splitlines(keepends=True)
    other.write_text("".join(lines[:200]))
    first = run(undisturbed.raw, output)
    assert started(first, output, units(undisturbed)[0])
    second = run(undisturbed.raw, output, "--catalogue", other, words=subprocess.PIPE)
    _, words = second.communicate(timeout=DEADLINE_S)
    assert second.returncode == 2
    assert words.decode().startswith("nightglass: This night is being reduced already")
    assert len(words.splitlines()) == 1
    assert first.wait(DEADLINE_S) == 0
    products = digests(output)
    assert {name: products.get(name) for name in undisturbed.products} == undisturbed.products


def test_an_output_that_is_removed_ends_the_night_in_a_sentence(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    output = tmp_path / "night"
    driver = run(undisturbed.raw, output, words=subprocess.PIPE)
    assert started(driver, output, units(undisturbed)[0])
    workers = children(driver.pid)
    output.rename(tmp_path / "away")
    _, words = driver.communicate(timeout=DEADLINE_S)
    assert driver.returncode == 2
    assert "The output folder is gone" in words.decode()
    gone(workers)
    shutil.rmtree(output, ignore_errors=True)
    (tmp_path / "away").rename(output)
    assert run(undisturbed.raw, output).wait(DEADLINE_S) == 0
    assert digests(output) == undisturbed.products


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)]
    try:
        subprocess.run(mounting, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only the superuser can make a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_is_waited_for_and_costs_nothing(
    undisturbed: Undisturbed, small_disk: Path
) -> None:
    output = small_disk / "night"
    driver = run(undisturbed.raw, output, words=subprocess.PIPE)
    _, words = driver.communicate(timeout=DEADLINE_S)
    assert driver.returncode == 2
    assert "the disk is full" in words.decode()
    assert all(one.get("state") != "failed" for one in read_journal(output / "journal.jsonl"))
    subprocess.run(["mount", "-o", "remount,size=200m", str(small_disk)], check=True)
    assert run(undisturbed.raw, output).wait(DEADLINE_S) == 0
    assert digests(output) == undisturbed.products


def test_frames_that_grow_come_late_or_are_gone_give_the_same_night_live(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    raw, output = tmp_path / "raw", tmp_path / "night"
    raw.mkdir()
    for name in ("catalogue.csv", "settings.json"):
        shutil.copy2(undisturbed.raw / name, raw)
    frames = sorted(undisturbed.raw.glob("*.fits"), key=lambda path: path.name[:15])
    late = frames.pop(20)
    driver = run(raw, output, "--live", "--idle", "12")
    try:
        for path in frames:
            grow(path, raw / path.name)
        assert started(driver, output, units(undisturbed)[1])
        grow(late, raw / late.name)
        assert driver.wait(DEADLINE_S) == 0
    finally:
        end(driver)
    assert digests(output) == undisturbed.products


def grow(source: Path, target: Path) -> None:
    """Write a file as a camera does: in pieces."""
    content = source.read_bytes()
    with open(target, "wb") as file:
        for start in range(0, len(content), 1 << 17):
            file.write(content[start : start + (1 << 17)])
            file.flush()
    shutil.copystat(source, target)


def end(driver: Process) -> None:
    if driver.poll() is None:
        driver.kill()
        driver.wait()
