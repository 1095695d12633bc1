"""A SAOImage DS9 of our own, on a display of our own, for comparison."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ..running_ds9 import running_ds9

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray


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
    folder, title = tmp_path_factory.mktemp("ds9"), f"nightglass{os.getpid()}"
    with running_ds9(title, folder) as environment:
        yield Ds9(title, environment, folder)
