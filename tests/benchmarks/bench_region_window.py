"""Figures of regions in a real window, each beside a reference of the same run.

Run as ``python tests/benchmarks/bench_region_window.py``; it prints figure, bar, measured,
reference, verdict, and ends with 1 when a bar is not met. `--only WORD` chooses rows, `--data
FOLDER` where the capture is kept (made by the program's own simulator when it is not there).

The window stands on the screen of DISPLAY, or on an Xvfb of 1600 x 900 that the script starts. A
figure of a drag is the time from a move of the mouse to the paint of the table with the numbers
of that move, the answer of the X server included. A stall is how late a timer of 4 ms comes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from window_support import Captures, Row, case, print_table, screen

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNT, MOVES, PAN_S = 1000, 300, 8.0
DRAG_MS, STALL_MS, PAN_PER_S = 16.0, 50.0, 60.0

_case = partial(case, script="region_cases.py")


class Bench:
    """The rows of the table."""

    def __init__(self, capture: Path, home: Path) -> None:
        self._capture, self._home = capture, home

    def drag(self) -> Iterator[Row]:
        """A region dragged, alone and among many."""
        theirs = _case("roi_drag", self._home, path=self._capture, moves=MOVES)["table"]
        reference = f"pg.CircleROI with numpy {theirs:.1f} ms"
        alone = _case("drag", self._home, path=self._capture, moves=MOVES)
        yield self._drag_row("drag to numbers in the painted table", alone["table"], reference)
        many = _case("drag_of_many", self._home, path=self._capture, count=COUNT, moves=MOVES)
        figure = f"one of {COUNT:,} dragged, to numbers in the painted table"
        yield self._drag_row(figure, many["table"], reference)

    def _drag_row(self, figure: str, found: list[float], reference: str) -> Row:
        middle, most, _ = found
        measured = f"{middle:.1f} ms (95 %: {most:.1f})"
        return Row(figure, f"<= {DRAG_MS:.0f} ms", measured, reference, middle <= DRAG_MS)

    def pan(self) -> Iterator[Row]:
        """Many regions pushed about."""
        theirs = _case("roi_pan", self._home)["per_s"]
        found = _case("pan", self._home, path=self._capture, count=COUNT, seconds=PAN_S)
        yield Row(
            f"{COUNT:,} regions panned", f">= {PAN_PER_S:.0f}/s",
            f"{found['per_s']:.0f}/s (99 %: {found['p99_ms']:.0f} ms)",
            f"{COUNT:,} pg.ROI {theirs:.1f}/s", found["per_s"] >= PAN_PER_S,
        )  # fmt: skip

    def open(self) -> Iterator[Row]:
        """A file with many regions opened."""
        found = _case("open_file", self._home, path=self._capture, count=COUNT)
        figure = f"file of {COUNT:,} regions opened"
        shown = f"all shown after {found['shown_s']:.2f} s"
        yield self._stall_row(figure, found["worst_stall_ms"], shown)

    def undo(self) -> Iterator[Row]:
        """Many regions taken away and brought back."""
        found = _case("undo", self._home, path=self._capture, count=COUNT)
        figure = f"adding {COUNT:,} regions undone and done again"
        yield self._stall_row(figure, found["worst_stall_ms"], "")

    def _stall_row(self, figure: str, worst_ms: float, more: str) -> Row:
        figure += ", worst stall"
        return Row(
            figure, f"<= {STALL_MS:.0f} ms", f"{worst_ms:.0f} ms", more, worst_ms <= STALL_MS
        )


ROWS = ("drag", "pan", "open", "undo")


def main() -> int:
    """Print the table; 1 when a bar is not met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=ROWS, default=ROWS)
    usual = Path(tempfile.gettempdir()) / "nightglass-benchmark"
    parser.add_argument("--data", type=Path, default=usual)
    wanted = parser.parse_args()
    wanted.data.mkdir(parents=True, exist_ok=True)
    with screen(), tempfile.TemporaryDirectory(dir=wanted.data) as home:
        bench = Bench(Captures(wanted.data).small(), Path(home))
        return print_table(row for name in wanted.only for row in getattr(bench, name)())


if __name__ == "__main__":
    sys.exit(main())
