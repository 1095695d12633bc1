"""The table of every frame counted, for other programs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass import __version__
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.settings import TimingConstant
from nightglass.core.workbench.exports import export_frame_table, frame_table

from ..lightspeed.writer import CubeSpec
from .night import BUNDLES, CUBES, SPEC, frames_of, written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nightglass.core.engine import Engine
    from nightglass.core.workbench import Workbench

TINY = CubeSpec(rows=2, columns=2, bundles=2)
TEXT = f"""\
# Nightglass {__version__}: mean counts of every frame counted
# capture: crab_20251210_001500
# time quality: GPS
# constant term included: 4.6 ms: half the exposure (2.5 ms) and half the readout (2.1 ms)
# box: mean of the central 2 x 2 pixels, columns 1 to 2 and rows 1 to 2 counted from 1
# utc and seconds: middle of the exposure; seconds count from 2025-12-10T03:15:00.000000000 UTC
frame,utc,seconds,mean_adu
1,2025-12-10T03:15:00.004600000,0.004600000,32750.500000
2,2025-12-10T03:15:00.009700000,0.009700000,32754.500000
3,2025-12-10T03:15:00.014800000,0.014800000,65499.500000
4,2025-12-10T03:15:00.019900000,0.019900000,65503.500000
"""


class Watched:
    """A job context that remembers the progress, and can be cancelled."""

    def __init__(self, is_cancelled: bool = False) -> None:
        self.is_cancelled = is_cancelled
        self.told: list[tuple[int, int | None]] = []

    def progress(self, done: int, total: int | None = None, text: str = "") -> None:
        self.told.append((done, total))

    def check(self) -> None:
        if self.is_cancelled:
            raise Cancelled


def saved(bench: Workbench, path: Path) -> list[str]:
    """Lines of the table of the capture shown, without the comments."""
    told: list[Path] = []
    bench.export_frame_table(path, told.append)
    bench.engine.mailbox.drain()
    assert told == [path]
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line[0] != "#"]


def comments(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line[2:].partition(": ") for line in lines if line.startswith("# "))
    return {word: text for word, _, text in pairs}


def test_the_whole_file_is_as_written_down_here(bench: Workbench, tmp_path: Path) -> None:
    bench.open([written(tmp_path / "tiny", TINY, 2)])
    path = tmp_path / "frames.csv"
    saved(bench, path)
    assert path.read_text(encoding="utf-8") == TEXT


def test_every_frame_counted_has_its_line(
    bench: Workbench, capture_folder: Path, tmp_path: Path
) -> None:
    bench.open([capture_folder])
    heading, *lines = saved(bench, tmp_path / "frames.csv")
    assert heading == "frame,utc,seconds,mean_adu"
    middle = [Decimal("0.0046") + place * Decimal("0.0051") for place in range(BUNDLES * CUBES)]
    assert lines == [
        f"{place + 1},2025-12-10T03:15:{since:012.9f},{since:.9f},{mean:.6f}"
        for place, (since, mean) in enumerate(
            zip(middle, frames_of().mean(axis=(1, 2)), strict=True)
        )
    ]


def test_numbers_are_those_of_the_window_when_a_cube_was_not_counted(
    bench: Workbench, capture_folder: Path, tmp_path: Path
) -> None:
    bench.open([capture_folder])
    assert bench.capture is not None
    bench.capture.curve.remove(2)
    numbers = [int(line.split(",")[0]) for line in saved(bench, tmp_path / "frames.csv")[1:]]
    assert numbers == [*range(1, BUNDLES + 1), *range(2 * BUNDLES + 1, 3 * BUNDLES + 1)]


def test_time_goes_on_over_a_missing_cube_and_numbers_do_not_jump(
    bench: Workbench, capture_folder: Path, tmp_path: Path
) -> None:
    sorted(capture_folder.iterdir())[1].unlink()
    bench.open([capture_folder])
    lines = [line.split(",") for line in saved(bench, tmp_path / "frames.csv")[1:]]
    before, after = lines[BUNDLES - 1], lines[BUNDLES]
    assert (before[0], after[0]) == (str(BUNDLES), str(BUNDLES + 1))
    assert Decimal(after[2]) - Decimal(before[2]) == (BUNDLES + 1) * Decimal("0.0051")


def test_assumptions_and_the_parts_of_the_constant_term_are_in_the_comments(
    bench: Workbench, tmp_path: Path
) -> None:
    constant = TimingConstant(readout_fraction=0.0, exposure_fraction=1.0, offset_s=-0.001)
    bench.use_settings(bench.settings.changed(timing_constant=constant))
    bench.open([written(tmp_path / "early", SPEC.with_(gps="N/A"))])
    lines = saved(bench, tmp_path / "frames.csv")
    told = comments(tmp_path / "frames.csv")
    assert told["time quality"] == "telescope clock"
    assert told["constant term included"] == "4 ms: the whole exposure (5 ms) and offset (-1 ms)"
    assert "good to seconds at best" in told["note"]
    assert lines[1].split(",")[2] == "0.004000000"


def test_an_old_table_is_replaced_and_nothing_else_is_left(
    bench: Workbench, capture_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "products"
    folder.mkdir()
    (folder / "frames.csv").write_text("old\n")
    bench.open([capture_folder])
    saved(bench, folder / "frames.csv")
    assert [path.name for path in folder.iterdir()] == ["frames.csv"]


def test_progress_is_told_cube_by_cube_and_a_cancel_leaves_nothing(
    bench: Workbench, capture_folder: Path, tmp_path: Path
) -> None:
    bench.open([capture_folder])
    assert bench.capture is not None
    table = frame_table(bench.capture, bench.settings.timing_constant)
    folder = tmp_path / "products"
    folder.mkdir()
    watched = Watched()
    export_frame_table(folder / "a.csv", table, watched)
    assert watched.told == [(0, CUBES), (1, CUBES), (2, CUBES)]
    with pytest.raises(Cancelled):
        export_frame_table(folder / "b.csv", table, Watched(is_cancelled=True))
    assert [path.name for path in folder.iterdir()] == ["a.csv"]


def test_growing_after_the_wish_does_not_change_the_table(
    busy_bench: Workbench, engine: Engine, settle: Callable[[Engine], None], capture_folder: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    busy_bench.open([capture_folder])
    settle(engine)
    capture = busy_bench.capture
    assert capture is not None
    table = frame_table(capture, busy_bench.settings.timing_constant)
    capture.curve.put(1, np.zeros(BUNDLES), np.zeros(BUNDLES))
    path = export_frame_table(tmp_path / "frames.csv", table, Watched())
    assert path.read_text(encoding="utf-8").splitlines()[-1].startswith(f"{BUNDLES * CUBES},")
    first = next(line for line in path.read_text().splitlines() if line.startswith("1,"))
    assert first.split(",")[3] == f"{frames_of()[0].mean():.6f}"


@pytest.mark.expected_log
def test_a_folder_that_is_not_there_is_one_problem(
    bench: Workbench, capture_folder: Path, tmp_path: Path
) -> None:
    bench.open([capture_folder])
    path = tmp_path / "nowhere" / "frames.csv"
    bench.export_frame_table(path)
    bench.engine.mailbox.drain()
    (problem,) = bench.problems.entries()
    assert (problem.title, problem.path) == ("Could not write the table", str(path))
    assert problem.text == f"{path}: No such file or directory."


def test_nothing_shown_nothing_counted_or_no_stamps_is_said(
    bench: Workbench, capture_folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(NightglassError, match="No capture is open"):
        bench.export_frame_table(tmp_path / "frames.csv")
    bench.open([capture_folder])
    assert bench.capture is not None
    for number in (1, 2, 3):
        bench.capture.curve.remove(number)
    with pytest.raises(NightglassError, match=r"no frame counted yet.*Wait"):
        bench.export_frame_table(tmp_path / "frames.csv")
    bench.desk.close_all()
    fits.PrimaryHDU(np.ones((5, 6), np.float32)).writeto(tmp_path / "sky.fits")
    bench.open([tmp_path / "sky.fits"])
    with pytest.raises(NightglassError, match=r"sky\.fits has no time stamps"):
        bench.export_frame_table(tmp_path / "frames.csv")


def test_a_cube_with_other_frames_than_were_counted_is_refused(
    bench: Workbench, capture_folder: Path, tmp_path: Path
) -> None:
    bench.open([capture_folder])
    assert bench.capture is not None
    bench.capture.curve.put(2, np.zeros(3), np.zeros(3))
    table = frame_table(bench.capture, bench.settings.timing_constant)
    with pytest.raises(NightglassError, match=r"002\.fits was written anew"):
        export_frame_table(tmp_path / "frames.csv", table, Watched())
    assert not (tmp_path / "frames.csv").exists()
