"""A window in a process of its own, at a terminal, in which somebody presses what an alarm offers.

Run as ``python window_alone.py TERMINAL FOLDER``, as the first process of a session.
"""

from __future__ import annotations

import os
import sys

from nightglass.__main__ import main
from nightglass.gui.night.watch.alarm_row import AlarmRow
from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication


def press() -> None:
    """Press the first button that can be seen."""
    for row in (one for one in QApplication.allWidgets() if isinstance(one, AlarmRow)):
        if row.button.isVisible():
            hand.stop()
            QTest.mouseClick(row.button, Qt.MouseButton.LeftButton)
            return


if __name__ == "__main__":
    # The first terminal that the first process of a session opens is the one it hangs on.
    os.open(sys.argv[1], os.O_RDWR)
    application = QApplication(["nightglass"])
    hand = QTimer()
    hand.timeout.connect(press)
    hand.start(50)
    sys.exit(main(["--night", sys.argv[2]]))
