"""What the figures of the window need: a screen, captures, child processes and a table."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

HERE = Path(__file__).resolve().parent
SCREEN = "1600x900x24"
FULL_FRAMES, FULL_SHAPE = 100, (2304, 4096)
SMALL_FRAMES, SMALL_SHAPE = 1000, (512, 512)
SPARSE_CUBES = 53


class AbsentError(Exception):
    """A program that a row compares with is not installed, or does not answer."""


@dataclass(frozen=True)
class Row:
    """One line of the table; `is_met` is None for a line that only informs."""

    figure: str
    bar: str
    measured: str
    reference: str
    is_met: bool | None

    def text(self) -> str:
        """The line, in columns."""
        verdict = {True: "ok", False: "NOT MET", None: "-"}[self.is_met]
        return (
            f"{self.figure:<66} {self.bar:>9} {self.measured:>24}  {self.reference:<48} {verdict}"
        )


HEADLINE = Row("figure", "bar", "measured", "reference in the same run", None).text()[:-1] + "ok"


def print_table(rows: Iterable[Row]) -> int:
    """Print the rows as they come, with the load before and after; 1 when a bar is not met."""
    print(f"{load()}\n{HEADLINE}")
    failed = False
    for row in rows:
        print(row.text(), flush=True)
        failed |= row.is_met is False
    print(load())
    return int(failed)


def load() -> str:
    """How busy the machine was over the last minute."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


@contextmanager
def screen() -> Iterator[None]:
    """A screen of 1600 x 900: the one there is, else one in memory for as long as this lasts."""
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    if os.environ.get("DISPLAY"):
        yield
        return
    if shutil.which("Xvfb") is None:
        raise AbsentError("there is no display, and Xvfb is not installed")
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL) as server:
        os.close(writer)
        with os.fdopen(reader) as told:
            os.environ["DISPLAY"] = f":{told.readline().strip()}"
        try:
            yield
        finally:
            server.terminate()
            del os.environ["DISPLAY"]


def command(*words: str | Path) -> list[str]:
    """The program with some words on its command line."""
    return [sys.executable, "-m", "nightglass", *map(str, words)]


def case(
    name: str, home: Path, *, script: str = "window_cases.py", **arguments: Any
) -> dict[str, Any]:
    """Run one case of a script in a process of its own and give what it found."""
    words = [
        sys.executable,
        str(HERE / script),
        name,
        json.dumps(arguments, default=str),
    ]
    environment = {**os.environ, "NIGHTGLASS_HOME": str(home)}
    done = subprocess.run(words, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def milliseconds(work: Callable[[], object], repeats: int = 15) -> float:
    """Median time of one call, after one call to warm up."""
    work()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return 1e3 * statistics.median(times)


class Captures:
    """Captures made once and kept in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def full(self) -> Path:
        """One cube of 1.9 GB: 100 frames of 2304 x 4096."""
        return self._simulated("full", FULL_FRAMES, FULL_SHAPE, ["--exposure", "0.02"])

    def small(self) -> Path:
        """1,000 frames of 512 x 512."""
        return self._simulated("small", SMALL_FRAMES, SMALL_SHAPE, ["--exposure", "0.005"])

    def sparse(self) -> Path:
        """53 cubes of 100 full frames, 100 GB of holes."""
        folder = self.folder / "sparse"
        if not folder.is_dir():
            partial = self.folder / "sparse-unfinished"
            shutil.rmtree(partial, ignore_errors=True)
            self._write_sparse(partial)
            partial.rename(folder)
        return folder

    def _simulated(
        self, name: str, frames: int, shape: tuple[int, int], more: Sequence[str]
    ) -> Path:
        folder = self.folder / name
        if not (folder / "truth.json").exists():
            words = ["simulate", "lightspeed", "--output", folder, "--object", name, "--clobber"]
            size = ["--frames", str(frames), "--shape", *map(str, shape)]
            subprocess.run(command(*words, *size, *more), check=True, stderr=subprocess.DEVNULL)
        for path in folder.glob("*.fits"):
            _read_once(path)
        return folder

    def _write_sparse(self, folder: Path) -> None:
        """Cut the pixels out of a simulated cube and leave a hole of the full size."""
        model = next(self.full().glob("*.fits"))
        with model.open("rb") as file:
            content = file.read(_data_offset(model))
        tail_at = _data_offset(model) + _padded(FULL_FRAMES * FULL_SHAPE[0] * FULL_SHAPE[1] * 2)
        with model.open("rb") as file:
            file.seek(tail_at)
            tail = file.read()
        folder.mkdir(parents=True)
        for number in range(1, SPARSE_CUBES + 1):
            path = folder / model.name.replace("cube001", f"cube{number:03d}")
            with path.open("wb") as file:
                file.write(content)
                file.seek(tail_at)
                file.write(tail)
            os.utime(path, (1_700_000_000, 1_700_000_000))


def _data_offset(cube: Path) -> int:
    from nightglass.core.lightspeed.cube import read_cube_header

    return read_cube_header(cube).data_offset


def _padded(size: int) -> int:
    return -(-size // 2880) * 2880


def _read_once(path: Path) -> None:
    """Bring a file into the page cache."""
    with path.open("rb") as file:
        while file.read(1 << 24):
            pass
