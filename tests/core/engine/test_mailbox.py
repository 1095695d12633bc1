"""Letters between threads: nothing lost that must not be, one ring of the bell."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.engine import Mailbox


def test_posts_of_one_key_coalesce_and_appended_letters_all_arrive() -> None:
    mailbox, got = Mailbox(), []
    for number in range(5):
        mailbox.post("picture", got.append, ("picture", number))
        mailbox.append(got.append, ("part", number))
    assert len(mailbox) == 6
    assert mailbox.drain() == 6
    assert [number for kind, number in got if kind == "picture"] == [4]
    assert [number for kind, number in got if kind == "part"] == [0, 1, 2, 3, 4]


def test_a_replaced_letter_never_overtakes_what_came_before_it() -> None:
    mailbox, got = Mailbox(), []
    mailbox.post("picture", got.append, "old picture")
    mailbox.append(got.append, "part")
    mailbox.post("picture", got.append, "new picture")
    mailbox.drain()
    assert got == ["part", "new picture"]


def test_the_bell_rings_once_for_the_first_letter_after_a_drain() -> None:
    rings: list[int] = []
    mailbox = Mailbox(lambda: rings.append(1))
    mailbox.append(int)
    mailbox.post("a", int)
    mailbox.append(int)
    assert len(rings) == 1
    mailbox.drain()
    assert len(rings) == 1
    mailbox.append(int)
    assert len(rings) == 2


def test_a_bell_hung_up_late_rings_for_letters_that_wait() -> None:
    rings: list[int] = []
    mailbox = Mailbox()
    mailbox.wake = lambda: rings.append(1)
    assert rings == []
    mailbox.wake = None
    mailbox.append(int)
    mailbox.wake = lambda: rings.append(1)
    assert rings == [1]
    assert mailbox.wake is not None


def test_letters_posted_while_opening_wait_for_the_next_drain() -> None:
    mailbox, got = Mailbox(), []
    mailbox.append(lambda: mailbox.append(got.append, "second"))
    assert mailbox.drain() == 1
    assert got == []
    assert mailbox.drain() == 1
    assert got == ["second"]
    assert mailbox.drain() == 0


def test_a_callback_that_raises_keeps_the_letters_behind_it() -> None:
    rings: list[int] = []
    mailbox, got = Mailbox(lambda: rings.append(1)), []

    def bad() -> None:
        mailbox.post("same", got.append, "newer")
        raise ValueError("slot")

    mailbox.append(got.append, "before")
    mailbox.append(bad)
    mailbox.append(got.append, "behind")
    mailbox.post("same", got.append, "older")
    with pytest.raises(ValueError, match="slot"):
        mailbox.drain()
    assert got == ["before"]
    assert len(rings) >= 2
    mailbox.drain()
    assert got == ["before", "behind", "newer"]


def test_a_discarded_letter_is_not_opened() -> None:
    mailbox, got = Mailbox(), []
    mailbox.post("a", got.append, 1)
    mailbox.post("b", got.append, 2)
    mailbox.discard("a")
    mailbox.discard("never posted")
    mailbox.drain()
    assert got == [2]


def test_keyword_arguments_reach_the_callback() -> None:
    mailbox, got = Mailbox(), {}
    mailbox.append(got.update, a=1)
    mailbox.post("key", got.update, b=2)
    mailbox.drain()
    assert got == {"a": 1, "b": 2}


def test_waiting_ends_with_a_letter_of_another_thread() -> None:
    mailbox = Mailbox()
    thread = threading.Thread(target=mailbox.append, args=(int,))
    assert not mailbox.wait(0.0)
    thread.start()
    assert mailbox.wait(10.0)
    thread.join()


def test_draining_until_gives_up_after_its_time() -> None:
    assert not Mailbox().drain_until(lambda: False, timeout=0.0)
    assert Mailbox().drain_until(lambda: True, timeout=0.0)


@given(st.lists(st.one_of(st.sampled_from("abc"), st.none())))
def test_per_key_the_last_letter_counts_and_the_order_is_that_of_the_last_posts(
    keys: list[str | None],
) -> None:
    mailbox, got = Mailbox(), []
    for number, key in enumerate(keys):
        if key is None:
            mailbox.append(got.append, number)
        else:
            mailbox.post(key, got.append, number)
    mailbox.drain()
    last = {key: number for number, key in enumerate(keys) if key is not None}
    fifo = [number for number, key in enumerate(keys) if key is None]
    assert got == sorted([*last.values(), *fifo])


def test_many_threads_lose_no_letter() -> None:
    mailbox, got = Mailbox(), []
    start = threading.Barrier(4)

    def post(name: int) -> None:
        start.wait()
        for number in range(500):
            mailbox.append(got.append, (name, number))

    threads = [threading.Thread(target=post, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    assert mailbox.drain_until(lambda: len(got) == 2000)
    for thread in threads:
        thread.join()
    for name in range(4):
        assert [number for who, number in got if who == name] == list(range(500))


def test_letters_that_take_too_long_wait_for_the_next_turn() -> None:
    rung: list[bool] = []
    mailbox, opened = Mailbox(lambda: rung.append(True)), []
    for number in range(3):
        mailbox.append(opened.append, number)
    assert mailbox.drain(0.0) == 1
    assert len(rung) == 2
    mailbox.append(opened.append, 3)
    assert mailbox.drain() == 3
    assert opened == [0, 1, 2, 3]
