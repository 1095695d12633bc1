"""Python reads this at the start of each process that a test of clocks starts.

The clock of the process is ahead by the seconds that stand in a file, as if somebody had set it;
and its steady time runs faster, so that ten minutes of a night pass in half a minute.
"""

import os
import time
from contextlib import suppress

STEP_FILE, PACE = "OTHER_TIME_STEP_FILE", "OTHER_TIME_PACE"
_clock, _steady = time.time, time.monotonic
_begun_s, _pace = _steady(), float(os.environ.get(PACE, "1"))


def set_clock() -> float:
    """Time of the day by a clock that was set."""
    with suppress(OSError, KeyError, ValueError), open(os.environ[STEP_FILE]) as file:
        return _clock() + float(file.read())
    return _clock()


time.time = set_clock
time.monotonic = lambda: _begun_s + (_steady() - _begun_s) * _pace
