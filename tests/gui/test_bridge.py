"""The way from working threads to the Qt thread."""

from __future__ import annotations

import threading
import time
from itertools import pairwise

import pytest
from nightglass.core.engine.mailbox import Mailbox
from nightglass.gui.bridge import TURN_INTERVAL_S, QtBridge


class Letterbox:
    """Mailbox with a bell, as plain as it can be."""

    def __init__(self):
        self.wake = None
        self.letters = []
        self.drained_at = []
        self.lock = threading.Lock()

    def __len__(self):
        return len(self.letters)

    def append(self, callback):
        with self.lock:
            rings = not self.letters
            self.letters.append(callback)
        if rings and self.wake is not None:
            self.wake()

    def drain(self, _most_s):
        self.drained_at.append(time.monotonic())
        with self.lock:
            letters, self.letters = self.letters, []
        for open_letter in letters:
            open_letter()
        return len(letters)


@pytest.fixture
def box(qapp):
    return Letterbox()


@pytest.fixture
def bridge(box):
    made = QtBridge(box)
    yield made
    made.stop()


def test_letter_from_a_thread_is_opened_on_the_main_thread(box, bridge, qtbot):
    seen = []
    worker = threading.Thread(target=box.append, args=(lambda: seen.append(threading.get_ident()),))
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [threading.get_ident()]


def test_letters_that_lay_there_before_are_opened(box, qtbot):
    seen = []
    box.append(lambda: seen.append(1))
    made = QtBridge(box)
    qtbot.waitUntil(lambda: bool(seen))
    made.stop()


def test_flood_is_drained_at_most_two_hundred_times_a_second(box, bridge, qtbot):
    count = []

    def again():
        count.append(1)
        if len(count) < 12:
            box.append(again)

    box.append(again)
    qtbot.waitUntil(lambda: len(count) == 12)
    turns = box.drained_at
    # The timer counts whole milliseconds.
    assert min(b - a for a, b in pairwise(turns)) >= TURN_INTERVAL_S - 0.002


def test_every_letter_of_a_flood_is_opened_in_order(box, bridge, qtbot):
    seen = []

    def flood():
        for i in range(2000):
            box.append(lambda i=i: seen.append(i))

    worker = threading.Thread(target=flood)
    worker.start()
    qtbot.waitUntil(lambda: len(seen) == 2000)
    worker.join()
    assert seen == list(range(2000))


def test_stopped_bridge_opens_nothing(box, bridge, qtbot):
    seen = []
    box.append(lambda: seen.append(1))
    bridge.stop()
    bridge.call_on_main(seen.append, 2)
    marker = []
    other = Letterbox()
    second = QtBridge(other)
    other.append(lambda: marker.append(1))
    qtbot.waitUntil(lambda: bool(marker))
    second.stop()
    assert seen == []


def test_calls_reach_the_main_thread_in_order(bridge, qtbot):
    seen = []

    def call():
        for i in range(50):
            bridge.call_on_main(seen.append, i)

    worker = threading.Thread(target=call)
    worker.start()
    qtbot.waitUntil(lambda: len(seen) == 50)
    worker.join()
    assert seen == list(range(50))


def test_engine_mailbox_is_drained_by_the_bridge(qapp, qtbot):
    mailbox = Mailbox()
    made = QtBridge(mailbox)
    seen = []
    mailbox.append(seen.append, "first")
    mailbox.post("frame", seen.append, "old")
    mailbox.post("frame", seen.append, "new")
    qtbot.waitUntil(lambda: len(seen) == 2)
    made.stop()
    assert seen == ["first", "new"]
    assert mailbox.wake is None
