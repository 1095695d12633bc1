"""Session files with anything in them: opened as far as they make sense, or refused in a sentence.

The files are those of a busy night with one value at a time replaced.
"""

from __future__ import annotations

import copy
import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.regions.numbers.statistics import measure
from nightglass.core.regions.text.document import parse_document
from nightglass.core.session.document import SUFFIX, read_session
from nightglass.core.workbench.sessions.restore import loaded
from nightglass.core.workbench.sessions.sessions import Sessions

from .night import OTHER, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nightglass.core.problems import ProblemList
    from nightglass.core.workbench import Workbench

REGIONS = """image
circle(12.25,9,4.5) # text={a}
annulus(12,9,5,6,7)
panda(5,5,0,90,2,1,3,1)
polygon(1,2,3,4,1,9)
vector(3,3,4,30)
odd(1,2)
"""
WEIRD = (
    None, -1, 0, 0.5, 10**30, 10**400, 1e308, -1e308, math.nan, math.inf, "", "x" * 100_000,
    "../../..", "a\0b", "\ud800", [], {}, [[]], {"a": {"b": 1}},
)  # fmt: skip
LONGEST_SENTENCE = 1_000


def places(node: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where values stand in a document."""
    yield place
    if isinstance(node, dict | list):
        for key, part in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(part, (*place, key))


def put(document: Any, place: tuple[Any, ...], value: object) -> Any:
    """A copy of a document with another value somewhere."""
    if not place:
        return value
    made = copy.deepcopy(document)
    node = made
    for key in place[:-1]:
        node = node[key]
    node[place[-1]] = value
    return made


@pytest.fixture
def sessions(bench: Workbench) -> Sessions:
    return Sessions(bench)


@pytest.fixture
def busy(bench: Workbench, sessions: Sessions, capture_folder: Path, tmp_path: Path) -> Path:
    """The session file of a night with two captures, a region file and a par file."""
    bench.open([capture_folder])
    bench.open([written(capture_folder.parent / "vela", OTHER)])
    document = parse_document(REGIONS)
    bench.regions.list.replace_all(document.entries, document, "Open")
    par = tmp_path / "a.par"
    par.write_text("F0 1\n")
    sessions.measure = {"image": {"--eph": str(par)}}
    place = capture_folder.parent / f"work{SUFFIX}"
    sessions.save(place)
    return place


def test_a_file_cut_off_anywhere_is_refused(busy: Path) -> None:
    content = busy.read_bytes()
    for end in range(0, len(content) - 1, 500):
        busy.write_bytes(content[:end])
        with pytest.raises(NightglassError, match=busy.name):
            read_session(busy)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(value, id=repr(value)[:20], marks=() if place % 6 == 2 else pytest.mark.slow)
        for place, value in enumerate(WEIRD)
    ],
)
def test_a_weird_value_anywhere_opens_or_is_refused(
    bench: Workbench,
    sessions: Sessions,
    problems: ProblemList,
    busy: Path,
    expected_log: list[Any],  # captures that have changed or are missing are told
    value: object,
) -> None:
    document = json.loads(busy.read_text())
    path = busy.with_name(f"weird{SUFFIX}")
    refusals: list[str] = []
    for place in places(document):
        path.write_text(json.dumps(put(document, place, value)))
        try:
            wanted = loaded(read_session(path), path).entries
        except NightglassError as error:
            refusals.append(str(error))
            continue
        sessions.open(path)
        assert tuple(bench.regions.list.entries.values()) == wanted, place
        measure(np.ones((24, 32), np.uint16), bench.regions.list.entries, None)
        sessions.save(path)
        read_session(path)
    assert max(map(len, refusals)) < LONGEST_SENTENCE
    told = {problem.title for problem in problems.entries()}
    assert "Unexpected trouble" not in told
