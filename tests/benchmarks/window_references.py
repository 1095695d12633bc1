"""What others need for the same: SAOImage DS9, pyqtgraph, astropy.

Run by bench_window.py; `python window_references.py NAME JSON` runs one that needs a process of
its own and prints seconds or frames a second as JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from window_support import AbsentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PROGRAMS = ("ds9", "xpaset", "xpaget", "xpaaccess")
START_S = 60.0
SLICES = 60


class Ds9:
    """A running DS9, driven over XPA."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._title = f"nightglass-bench-{os.getpid()}"
        self._environment = environment

    def start(self) -> subprocess.Popen[bytes]:
        """Start it with a window of 1600 x 900."""
        words = ["ds9", "-title", self._title, "-geometry", "1600x900"]
        return subprocess.Popen(
            words, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def answers(self) -> bool:
        """Whether it listens."""
        return self._run("xpaaccess", self._title).strip() == "yes"

    def set(self, *words: object) -> None:
        """Give an order."""
        self._run("xpaset", "-p", self._title, *map(str, words))

    def get(self, *words: object) -> str:
        """Ask."""
        return self._run("xpaget", self._title, *map(str, words))

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            words, env=self._environment, capture_output=True, text=True, check=False, timeout=120
        )
        return done.stdout


@contextmanager
def ds9() -> Iterator[tuple[Ds9, float]]:
    """A DS9 with a home and an XPA folder of its own, and the seconds until it answered.

    Raises
    ------
    AbsentError
        If DS9 or the XPA tools are not installed, or it does not answer.
    """
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        raise AbsentError(f"not installed: {', '.join(missing)}")
    with tempfile.TemporaryDirectory() as folder:
        own = {"XPA_METHOD": "local", "XPA_TMPDIR": f"{folder}/xpa", "HOME": folder}
        running = Ds9({**os.environ, **own})
        started_s = time.perf_counter()
        program = running.start()
        try:
            while not running.answers():
                if time.perf_counter() - started_s > START_S:
                    raise AbsentError("DS9 does not answer")
            yield running, time.perf_counter() - started_s
        finally:
            program.terminate()
            program.wait(20)


def ds9_slices(running: Ds9, cubes: list[Path], frames: int, mode: str) -> tuple[float, float]:
    """Slices a second that DS9 paints: as asked for over XPA, and without the cost of asking.

    Several cubes would be several files to DS9: the first is shown.
    """
    running.set("fits", f"{cubes[0]}[1]")
    running.set("zoom", "to", "fit")
    running.set("scale", "mode", mode)
    slices = [1 + k % frames for k in range(1, SLICES + 1)]
    for number in slices[:5]:
        running.set("cube", number)
    step_s = _each(lambda number: running.set("cube", number), slices)
    ask_s = _each(lambda _: running.get("cube"), slices)
    return 1 / step_s, 1 / max(1e-3, step_s - ask_s)


def _each(call: Callable[[int], object], numbers: list[int]) -> float:
    started_s = time.perf_counter()
    for number in numbers:
        call(number)
    return (time.perf_counter() - started_s) / len(numbers)


def astropy_first_frame_s(cube: Path) -> float:
    """Seconds until astropy has the first frame by the documented way, `.data`."""
    from astropy.io import fits

    started_s = time.perf_counter()
    with fits.open(cube) as hdus:
        hdus["DATA_CUBE"].data[0].sum()
    return time.perf_counter() - started_s


def _pyqtgraph(path: str, seconds: float) -> dict[str, float]:
    """Frames a second of pyqtgraph's ImageItem, averaging down to the screen by itself."""
    import numpy as np
    import pyqtgraph as pg
    from nightglass.core.lightspeed.cube import read_cube_header
    from PyQt6.QtWidgets import QApplication

    application = pg.mkQApp()
    header = read_cube_header(path)
    shape = (header.bundles, header.bundle_rows, header.columns)
    raw = np.memmap(path, ">i2", "r", header.data_offset, shape)
    painted = [0]

    class Item(pg.ImageItem):  # type: ignore[misc]
        def paint(self, painter: Any, *arguments: Any) -> None:
            painted[0] += 1
            super().paint(painter, *arguments)

    window = pg.GraphicsLayoutWidget(size=(1600, 900))
    box = window.addViewBox(lockAspect=True)
    item = Item(axisOrder="row-major", autoDownsample=True)
    box.addItem(item)
    window.show()
    started_s = time.perf_counter()
    k = 0
    while time.perf_counter() - started_s < seconds:
        frame = raw[k % header.bundles].astype(np.uint16) ^ 0x8000
        item.setImage(frame, autoLevels=False, levels=(195, 260))
        QApplication.processEvents()
        k += 1
    per_s = painted[0] / (time.perf_counter() - started_s)
    window.close()
    application.quit()
    return {"per_s": per_s}


def pyqtgraph_per_s(cube: Path, seconds: float = 5.0) -> float:
    """The same, in a process of its own."""
    words = [sys.executable, __file__, json.dumps([str(cube), seconds])]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    return float(json.loads(done.stdout.splitlines()[-1])["per_s"])


if __name__ == "__main__":
    print(json.dumps(_pyqtgraph(*json.loads(sys.argv[1]))))
