"""A window without a screen that draws and saves itself as fast as it can, until it is killed.

Every line on standard output is the number of regions, and the time, as they became final.
"""

from __future__ import annotations

import threading
import time

from nightglass.core.engine import Engine
from nightglass.core.problems import ProblemList
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.shapes import Circle
from nightglass.core.settings import Settings
from nightglass.core.workbench import Workbench
from nightglass.core.workbench.sessions import autosaving
from nightglass.core.workbench.sessions.sessions import Sessions

# As large a state as anybody has, so that a kill finds it half written now and then.
BEGINNING = 2_000


def circle(number: int) -> RegionEntry:
    return RegionEntry("circle", Circle(float(number), 6.0, 2.0))


def main() -> None:
    autosaving.EDIT_S = 0.0
    problems = ProblemList()
    engine = Engine(problems, compute_threads=1)
    bench = Workbench(engine, problems, Settings())
    sessions = Sessions(bench)
    sessions.start()
    bench.regions.list.add([circle(number) for number in range(BEGINNING)], "Draw")
    pause = threading.Event()
    while True:
        engine.mailbox.drain()
        number = len(bench.regions.list)
        bench.regions.list.add([circle(number)], "Draw")
        print(number + 1, time.time(), flush=True)
        pause.wait(0.002)


if __name__ == "__main__":
    main()
