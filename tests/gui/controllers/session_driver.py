"""A window of its own process that opens a capture, draws a region, says so, and stays."""

from __future__ import annotations

import sys
from pathlib import Path

from nightglass.core.cli.window import WindowOptions
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.shapes import Circle


def main(folder: Path) -> None:
    """Run until killed."""
    from nightglass.gui.running import Running

    running = Running(WindowOptions(paths=(folder,)))
    bench = running.workbench

    def draw(_: str) -> None:
        running.session.autosaving.saved.connect(tell)
        bench.session.change(frame=17)
        bench.regions.list.add([RegionEntry("circle", Circle(30.5, 31.5, 5.25))], "Draw circle")

    def tell(_: object) -> None:
        if len(bench.regions.list):
            print("saved", flush=True)

    bench.desk.opened.connect(draw)
    running.run(0.0)


main(Path(sys.argv[1]))
