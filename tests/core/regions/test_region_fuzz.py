"""Any text at all: a clear error from the reader, and nothing lost by the document."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.regions.systems import Surroundings
from nightglass.core.regions.text.document import parse_document
from nightglass.core.regions.text.reader import parse_regions
from nightglass.core.regions.text.writer import write_regions

from .region_skies import FILES, frame

Make = Callable[[random.Random], str]
CASES = 10_000
PIECES = (
    *("circle", "(", ")", "10", ",", " ", ";", "#", "\n", "\r\n", "text={", "}", '"', "'", "-"),
    *("image", "fk5", "wcsa", "5:12:03", "polygon(1,2,3,4,5,6)", "global ", "=", "tag", "n=2"),
    *("box 1 2 3 4", "é", "\ufeff", "||", "# text(1,2)", "panda(1,2,0,360,4,3,6,1)", "1e999"),
    *("\x00", "\udc80", "epanda(1,2,3,4,5,6,7,8,9,1)", "-circle(1,2,3)", "nan", "segment(1,2)"),
    *("+", "&", "0", "-7", "compass(1,2,3)", "999999999999", "4'", '3"', "2p", "1r", "background"),
)
FRAME = frame()
SEEDS = [path.read_text() for path in sorted(FILES.glob("*.reg"))]


def words(generator: random.Random) -> str:
    return "".join(generator.choices(PIECES, k=generator.randrange(40)))


def damaged(generator: random.Random) -> str:
    """A file of DS9 with a part cut out, doubled or replaced."""
    text = generator.choice(SEEDS)
    for _ in range(generator.randrange(1, 5)):
        start = generator.randrange(len(text))
        end = start + generator.randrange(30)
        middle = generator.choice([text[start:end] * 2, "", words(generator), chr(start % 300)])
        text = text[:start] + middle + text[end:]
    start = generator.randrange(len(text) + 1)
    return text[start : start + 700]


def complaint(work: Callable[[], object]) -> str:
    """What is said against it; empty for nothing."""
    try:
        work()
    except NightglassError as error:
        return error.text
    return ""


def check(text: str) -> None:
    document = parse_document(text, FRAME)
    entries = document.entries
    assert write_regions(entries, FRAME, document=document) == text
    complaint(lambda: write_regions(entries, FRAME))
    complaint(lambda: write_regions(entries, FRAME, system="galactic"))
    complaint(lambda: write_regions(entries[1:], FRAME, document=document, system="image"))
    complaint(lambda: write_regions(entries, FRAME, style="ciao"))
    said = complaint(lambda: parse_regions(text, Surroundings(FRAME.sky, FRAME.cards)))
    assert not said or "has no region" in said or " in line " in said


@pytest.mark.parametrize("make", [words, damaged])
def test_some_texts_do_no_harm(make: Make) -> None:
    fuzz(make, 60)


@pytest.mark.slow
@pytest.mark.parametrize("make", [words, damaged])
def test_ten_thousand_texts_do_no_harm(make: Make) -> None:
    fuzz(make, CASES // 2)


def fuzz(make: Make, cases: int) -> None:
    for seed in range(cases):
        text = make(random.Random(seed))
        try:
            check(text)
        except Exception as error:
            error.add_note(f"seed {seed}: {text!r}")
            raise
