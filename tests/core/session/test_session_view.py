"""The session: one frozen view, changed in one place, told once."""

from __future__ import annotations

import threading

import pytest
from nightglass.core.picture.limits import Limits
from nightglass.core.session.view import Session, View


def test_a_change_is_told_once_with_before_and_after() -> None:
    session, told = Session(), []
    session.changed.connect(lambda before, after: told.append((before, after)))
    assert session.change(frame=7, inverted=True) == {"frame", "inverted"}
    assert told == [(View(), View(frame=7, inverted=True))]


def test_setting_what_is_so_already_tells_nobody() -> None:
    session, told = Session(View(frame=3)), []
    session.changed.connect(lambda *views: told.append(views))
    assert session.change(frame=3, limits=Limits()) == frozenset()
    assert told == []


def test_an_unknown_field_changes_nothing() -> None:
    session = Session()
    with pytest.raises(TypeError):
        session.change(frame=2, colour="red")
    assert session.view == View()


def test_only_the_owner_may_change_it() -> None:
    session, raised = Session(), []

    def change() -> None:
        try:
            session.change(frame=1)
        except RuntimeError as error:
            raised.append(error)

    thread = threading.Thread(target=change)
    thread.start()
    thread.join()
    assert len(raised) == 1
    assert session.view.frame == 0
