"""A SAOImage DS9 of our own, on a display of our own, for comparison."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

PROGRAMS = ("ds9", "xpaset", "xpaget", "xpaaccess", "Xvfb")
START_S = 60.0


class Ds9:
    """A running DS9, driven over XPA."""

    def __init__(self, title: str, environment: dict[str, str], folder: Path) -> None:
        self.title = title
        self.environment = environment
        self.folder = folder

    def set(self, *words: object) -> None:
        command = ["xpaset", "-p", self.title, *map(str, words)]
        subprocess.run(command, env=self.environment, check=True, capture_output=True, timeout=60)

    def get(self, *words: object) -> str:
        command = ["xpaget", self.title, *map(str, words)]
        done = subprocess.run(
            command, env=self.environment, check=True, capture_output=True, text=True, timeout=60
        )
        return done.stdout.strip()

    def answers(self) -> bool:
        command = ["xpaaccess", self.title]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False, timeout=60
        )
        return done.stdout.strip() == "yes"

    def show(self, image: NDArray) -> None:
        from astropy.io import fits

        path = self.folder / "image.fits"
        fits.writeto(path, image, overwrite=True)
        self.set("fits", path)

    def limits(self, *mode: object) -> tuple[float, float]:
        self.set("scale", *mode)
        low, high = map(float, self.get("scale", "limits").split())
        return low, high

    def export(self) -> NDArray[np.uint8]:
        """The image as drawn, row 0 at the bottom."""
        from PIL import Image

        path = self.folder / "export.png"
        self.set("export", "png", path)
        with Image.open(path) as picture:
            return np.asarray(picture.convert("RGB"))[::-1]


@pytest.fixture(scope="session", autouse=True)
def _warmed() -> None:
    """Compile before any test's clock runs."""
    from nightglass.core.picture.warm import warm

    warm()


@pytest.fixture(scope="session")
def ds9(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ds9]:
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    folder = tmp_path_factory.mktemp("ds9")
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
    title = f"nightglass{os.getpid()}"
    program = subprocess.Popen(
        ["ds9", "-title", title], env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield _ready(Ds9(title, environment, folder))
    finally:
        for process in (program, screen):
            process.terminate()
            process.wait(timeout=20)


def _ready(running: Ds9) -> Ds9:
    deadline = time.monotonic() + START_S
    while not running.answers():
        if time.monotonic() > deadline:
            pytest.fail(f"DS9 did not answer within {START_S:.0f} s")
    return running
