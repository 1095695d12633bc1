"""A SAOImage DS9 of our own, on a display of our own, for tests that compare with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAMS = ("ds9", "xpaset", "xpaget", "xpaaccess", "Xvfb")
START_S = 60.0


@contextmanager
def running_ds9(title: str, folder: Path) -> Iterator[dict[str, str]]:
    """Start DS9 under a title; gives the environment its XPA programs need once it answers."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    reader, writer = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x900x24"],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as pipe:
        display = f":{pipe.readline().strip()}"
    # An own home and XPA folder: nobody's preferences, nobody else's DS9.
    environment = os.environ | {
        "DISPLAY": display,
        "XPA_METHOD": "local",
        "XPA_TMPDIR": str(folder / "xpa"),
        "HOME": str(folder),
    }
    program = subprocess.Popen(
        ["ds9", "-title", title], env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_until_it_answers(title, environment)
        yield environment
    finally:
        for process in (program, screen):
            process.terminate()
            process.wait(timeout=20)


def _wait_until_it_answers(title: str, environment: dict[str, str]) -> None:
    deadline = time.monotonic() + START_S
    while not _answers(title, environment):
        if time.monotonic() > deadline:
            pytest.fail(f"DS9 did not answer within {START_S:.0f} s")


def _answers(title: str, environment: dict[str, str]) -> bool:
    done = subprocess.run(
        ["xpaaccess", title], env=environment, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    return done.stdout.strip() == "yes"
