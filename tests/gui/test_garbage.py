"""Garbage is collected when the window says so."""

from __future__ import annotations

import gc
import weakref

import pytest
from nightglass.gui.garbage import GarbageCollector


class Circle:
    def __init__(self):
        self.itself = self


@pytest.fixture
def collector(qapp):
    made = GarbageCollector()
    yield made
    made.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_nothing_is_collected_before_the_program_has_settled(collector):
    dead = weakref.ref(Circle())
    for _ in range(5):
        _ = [[] for _ in range(2000)]
    assert not gc.isenabled()
    assert dead() is not None


def test_what_is_loaded_is_left_alone_and_new_circles_are_collected(collector, qtbot):
    collector.settle()
    assert gc.get_freeze_count() > 0
    dead = weakref.ref(Circle())
    qtbot.waitUntil(lambda: dead() is None)


def test_what_was_taken_to_stay_goes_after_a_thaw(collector, qtbot):
    circle = Circle()
    dead = weakref.ref(circle)
    collector.settle()
    del circle
    gc.collect()
    assert dead() is not None
    collector.thaw()
    qtbot.waitUntil(lambda: dead() is None)
    assert gc.get_freeze_count() > 0


def test_stopped_collector_gives_back_everything(qapp):
    collector = GarbageCollector()
    collector.settle()
    dead = weakref.ref(Circle())
    collector.stop()
    gc.collect()
    assert dead() is None
