"""Cases of the night panel, each in a process of its own: python night_cases.py NAME JSON.

The real window stands on the screen of DISPLAY. A part of it is there when it has been painted and
the X server has answered once more.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from night_files import LETTERS, numbers_of, read_places
from night_hands import FoundWatch, NightWindow, PaintedOnce, since_ms
from night_session import Session
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from window_cases import processor_s

from tests.core.mascara.watching.made_night import append, batch_records, beat_record, held
from tests.core.mascara.watching.made_plan import MadeNight

if TYPE_CHECKING:
    from collections.abc import Callable

WAIT_S = 0.3
KEYS_APART_S = 0.12
SEARCHES = ("8071", "hd 183", "hip 98505", "20:00:43.7 +22:42:39", "300.18 22.71 r 5d")


def forget(output: Path) -> None:
    """Ask the system to keep no file of the night in memory."""
    os.sync()
    for path in output.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def opened(output: str, page: str) -> dict[str, Any]:
    """A finished night: from the click to tiles, grid and plots, or to the list of stars."""
    window = NightWindow()
    window.show()
    forget(Path(output))
    used_s, begun_s = processor_s(), time.perf_counter()
    window.night.open(Path(output), page)
    window.wait(lambda: window.night.workspace is not None and _is_made(window, page))
    window.wait(lambda: bool(window.night.watch.tiles.tiles))
    window.paint()
    glance_s = time.perf_counter() - begun_s
    if page == "plots":
        window.wait(lambda: all(one.lines for one in _panels_seen(window)))
    else:
        window.wait(lambda: _listed(window) > 0)
    window.paint()
    found = {"glance_s": glance_s, "seconds": time.perf_counter() - begun_s,
             "cpu_s": processor_s() - used_s, "stars": _listed(window)}  # fmt: skip
    window.close()
    return found


def _is_made(window: NightWindow, page: str) -> bool:
    return window.night.workspace.pages[page].widget is not None


def _panels_seen(window: NightWindow) -> list[Any]:
    panels = (window.stack.panels[key] for key in window.stack.shown)
    return [panel for panel in panels if panel.is_seen]


def _listed(window: NightWindow) -> int:
    page = getattr(window.night.pages["curves"], "page", None)
    return 0 if page is None else int(page.list.model.rowCount())


def behind(output: str, batches: int, more: int) -> dict[str, Any]:
    """A running night: from the line in the journal to tile and grid."""
    night = MadeNight(Path(output), LETTERS, batches + more, 50, True, 1, is_whole=True)
    window, times = NightWindow(), []
    window.show()
    with held(Path(output)):
        window.open(Path(output))
        window.show_page("plots")
        window.rest(2.0)
        for step in range(batches - 1, batches + more - 1):
            for camera in night.names:
                records = batch_records(night, camera, step)
                records.append(beat_record(night, records[-1]["at"] + 1.0, lag_s=step))
                grid = window.watch_grid_with(records[1]["unit"])
                begun_s = time.perf_counter()
                append(night.output, *records)
                window.see(grid)
                times.append(since_ms(begun_s))
                window.rest(WAIT_S + 0.07 * len(times) % 0.25)
        window.close()
    return {"times": times}


def curve(output: str, moves: int) -> dict[str, Any]:
    """Down in the list of stars: from the key to the light curve."""
    window = NightWindow()
    window.show()
    window.open(Path(output))
    page = window.show_stars()
    page.list.search.setText(str(int(numbers_of(read_places())[0])))
    window.wait(lambda: page.list.model.rowCount() == 1)
    window.wait(lambda: page.panel.curve is not None)
    page.list.search.clear()
    window.wait(lambda: page.list.model.rowCount() > 1)
    page.list.table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
    window.rest(0.5)
    plot, times, points = page.panel.plot, [], 0
    page.list.table.setFocus()
    for _ in range(moves):
        before = page.panel.curve
        watch = PaintedOnce(plot.viewport(), lambda before=before: page.panel.curve is not before)
        begun_s = window.press(page.list.table, Qt.Key.Key_Down)
        window.see(watch)
        times.append(since_ms(begun_s))
        points = max(points, len(page.panel.curve))
        window.rest(KEYS_APART_S)
    window.close()
    return {"times": times, "points": points}


def search(output: str) -> dict[str, Any]:
    """Text typed into the search: from each key to the list."""
    window = NightWindow()
    window.show()
    window.open(Path(output))
    page = window.show_stars()
    total, times, found = page.list.model.rowCount(), [], FoundWatch(page.list)
    page.list.search.setFocus()
    for text in SEARCHES:
        for character in text:
            times.append(_typed(window, found, character))
            window.rest(KEYS_APART_S)
        page.list.search.clear()
        window.rest(WAIT_S)
    window.close()
    return {"times": times, "stars": total}


def _typed(window: NightWindow, found: FoundWatch, character: str) -> float:
    begun_s, before = time.perf_counter(), found.count
    QTest.keyClicks(found.list.search, character)
    window.wait(lambda: found.count > before)
    window.paint()
    return since_ms(begun_s)


def session(output: str, running: str, batches: int) -> dict[str, Any]:
    """Everything once, the worst stall of each step; then the memory."""
    window = NightWindow()
    window.show()
    with held(Path(running)):
        script = Session(window, Path(output), Path(running), batches)
        script.play()
        found = {
            "stalls": script.stalls, "memory_mb": memory_mb(), "anonymous_mb": memory_mb("RssAnon"),
            "problems": [problem.text for problem in window.running.problems.entries()
                         if problem.severity != "notice"],
        }  # fmt: skip
        window.close()
    return found


def memory_mb(what: str = "VmRSS") -> float:
    """Memory of this process."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    match = re.search(rf"{what}:\s+(\d+)", text)
    assert match is not None
    return int(match[1]) / 1024


CASES: dict[str, Callable[..., dict[str, Any]]] = {
    "opened": opened,
    "behind": behind,
    "curve": curve,
    "search": search,
    "session": session,
}


if __name__ == "__main__":
    print(json.dumps(CASES[sys.argv[1]](**json.loads(sys.argv[2]))))
