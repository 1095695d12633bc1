"""Captures for the figures of the fold: many small frames, and 100,000 of 256 x 256."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import numpy as np
from window_support import command

if TYPE_CHECKING:
    from pathlib import Path

LONG_FRAMES, LONG_SIDE = 1_000_000, 16
WIDE_SIDE, CUBE_FRAMES = 256, 1000
LONG_S, WIDE_S = 0.0005, 0.001
"""From frame to frame; 256 rows need some time to be read."""
STAR = ("--star-rate", "30000", "--pulsed-fraction", "0.5")
_STAMP_BYTES = 16


def long_capture(folder: Path) -> Path:
    """A million frames of 16 x 16, made once and kept."""
    made = folder / "long"
    if not (made / "truth.json").exists():
        _simulate(made, LONG_FRAMES, LONG_SIDE, LONG_S)
    return made


def write_wide(folder: Path, frames: int) -> None:
    """So many frames of 256 x 256: cubes that were simulated, again and again, later each time.

    Their stamps run on as those of a capture do; only the pixels come again.
    """
    _simulate(folder, 2 * CUBE_FRAMES, WIDE_SIDE, WIDE_S)
    first, second = sorted(folder.glob("*_cube*.fits"))[:2]
    stem = first.name.partition("_cube")[0]
    for number in range(3, frames // CUBE_FRAMES + 1):
        cube = folder / f"{stem}_cube{number:03d}.fits"
        shutil.copyfile(second, cube)
        _put_off(cube, (number - 2) * CUBE_FRAMES)


def _simulate(folder: Path, frames: int, side: int, interval_s: float) -> None:
    words = ["simulate", "lightspeed", "--output", folder, "--object", "crab", "--clobber"]
    size = ["--frames", str(frames), "--shape", str(side), str(side)]
    pace = ["--exposure", str(interval_s), "--interval", str(interval_s)]
    cubes = ["--frames-per-cube", str(CUBE_FRAMES)]
    every = command(*words, *size, *pace, *cubes, *STAR)
    subprocess.run(every, check=True, stderr=subprocess.DEVNULL)


def _put_off(cube: Path, frames: int) -> None:
    """Let a cube be taken so many frames later: its table of stamps is the last thing in it."""
    with cube.open("r+b") as file:
        size = CUBE_FRAMES * _STAMP_BYTES
        file.seek(-(-(-size // 2880) * 2880), 2)
        place = file.tell()
        stamps = np.frombuffer(file.read(size), [("clock_s", ">f8"), ("frame", ">i8")]).copy()
        stamps["clock_s"] += frames * WIDE_S
        stamps["frame"] += frames
        file.seek(place)
        file.write(stamps.tobytes())
