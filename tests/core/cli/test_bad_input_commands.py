"""Whatever is wrong, every command says so in one sentence, ends with 2 and leaves no trace."""

from __future__ import annotations

import errno
import json
import os
import re
import resource
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from nightglass.core import atomic

from .bad_input import Night, Said
from .bad_words import EVERY, FAULTS, NOTICES, WRITES

if TYPE_CHECKING:
    from collections.abc import Iterator

Capture = pytest.CaptureFixture[str]


def _cases() -> Iterator[Any]:
    """Every fault with two or three commands, all of them in the slow run: they share code."""
    for number, (commands, words, told) in enumerate(FAULTS):
        for place, command in enumerate(commands):
            is_usual = len(commands) <= 3 or place % 4 == number % 4
            yield pytest.param(
                command, words, told, id=f"{command} {words[:60]}",
                marks=() if is_usual else pytest.mark.slow,
            )  # fmt: skip


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return Night.make(tmp_path_factory.mktemp("night"))


@pytest.mark.parametrize(("command", "words", "told"), list(_cases()))
def test_one_sentence_and_no_trace(
    night: Night, capfd: Capture, command: str, words: str, told: str
) -> None:
    before = night.content()
    said = night.run(capfd, command, words)
    after = night.content()
    night.tidy()
    _require_sentence(said, told)
    assert after == before


def _require_sentence(said: Said, told: str) -> None:
    """Check that nothing but one sentence was said, on standard error."""
    assert (said.code, said.out) == (2, "")
    (sentence,) = said.err.splitlines()
    assert re.fullmatch(r"nightglass: .*\.", sentence)
    assert "Unexpected trouble" not in sentence
    assert re.search(told, sentence, re.IGNORECASE)


@pytest.mark.parametrize("command", EVERY)
def test_json_output_is_pure_and_absent_after_a_failure(
    night: Night, capfd: Capture, command: str
) -> None:
    said = night.run(capfd, command, "--json")
    assert said.code == 0
    assert said.err == "" or said.err.startswith("nightglass: ")
    made = sorted(str(path) for path in night.names["out"].iterdir())
    assert sorted(json.loads(said.out).get("outputs", ())) == made
    again = night.run(capfd, command, "--json" if made else "--json --roi {bad}/empty.reg")
    night.tidy()
    _require_sentence(again, "already|no region")


@pytest.mark.parametrize("command", WRITES)
@pytest.mark.parametrize(
    ("code", "told"),
    [(errno.ENOSPC, "disk is full"), (errno.EDQUOT, "quota"), (errno.EROFS, "only")],
)
def test_a_full_disk_leaves_nothing(
    night: Night,
    capfd: Capture,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    code: int,
    told: str,
) -> None:
    """The disk says so at the latest when what was written is forced to it."""
    monkeypatch.setattr(atomic, "_settle_file", partial(_refuse, code))
    before = night.content()
    said = night.run(capfd, command, "")
    after = night.content()
    night.tidy()
    _require_sentence(said, told)
    assert after == before


def _refuse(code: int, _: object) -> None:
    raise OSError(code, os.strerror(code))


@pytest.mark.parametrize("command", WRITES)
def test_a_write_that_stops_half_way_leaves_nothing(
    night: Night, capfd: Capture, command: str
) -> None:
    """The system refuses to let a file grow: a real failure in the middle of writing."""
    before = night.content()
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, usual[1]))
    try:
        said = night.run(capfd, command, "")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    after = night.content()
    night.tidy()
    _require_sentence(said, "made.fits|cube001")
    assert after == before


@pytest.mark.parametrize(
    ("command", "words", "told"),
    [
        pytest.param(command, words, told, id=f"{command} {words}")
        for commands, words, told in NOTICES
        for command in commands
    ],
)
def test_what_can_be_done_is_done(
    night: Night, capfd: Capture, command: str, words: str, told: str
) -> None:
    said = night.run(capfd, command, f"{words} --json")
    made = sorted(str(path) for path in night.names["out"].iterdir())
    night.tidy()
    assert said.code == 0, said.err
    assert all(line.startswith("nightglass: ") for line in said.err.splitlines())
    assert re.search(told, said.err)
    assert sorted(json.loads(said.out)["outputs"]) == made
    assert made
