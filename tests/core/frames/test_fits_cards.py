"""Our fast card reader agrees with astropy and never refuses a card."""

import math
import string
import warnings

import pytest
from astropy.io import fits
from hypothesis import given, settings
from hypothesis import strategies as st
from nightglass.core.frames.cards import Cards, parse_card

printable = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
keywords = st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=8).filter(
    lambda word: word not in {"END", "COMMENT", "HISTORY", "CONTINUE", "HIERARCH", "SIMPLE"}
)
long_keywords = st.lists(
    st.text(string.ascii_uppercase + "[]0123456789", min_size=2, max_size=9),
    min_size=2,
    max_size=3,
).map(" ".join)
values = st.one_of(
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False),
    printable,
)


def card_of(keyword, value):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fits.Card(keyword, value)


@given(st.one_of(keywords, long_keywords), values)
def test_cards_read_as_astropy_reads_them(keyword, value):
    card = card_of(keyword, value)
    try:
        image = card.image
    except ValueError:
        return  # astropy itself refuses to write it
    if len(image) != 80:
        return
    again = fits.Card.fromstring(image)
    read, ours = parse_card(image.encode("ascii"))
    assert read == again.keyword.upper()
    if isinstance(again.value, float) and not isinstance(ours, bool):
        assert math.isclose(ours, again.value, rel_tol=1e-15, abs_tol=0.0)
    else:
        assert ours == again.value


@given(st.binary(min_size=80, max_size=80))
def test_no_card_whatever_raises(card):
    parsed = parse_card(card)
    assert parsed is None or isinstance(parsed[0], str)


@pytest.mark.slow
@settings(max_examples=20_000)
@given(st.binary(min_size=80, max_size=400))
def test_no_header_whatever_raises(raw):
    cards = Cards(raw)
    for keyword in cards:
        cards.number(keyword)
        cards.text(keyword)
        cards.integer(keyword)


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("HIERARCH EXPOSURE TIME = 0.002", ("EXPOSURE TIME", 0.002)),
        ("FILTER  = '2 (g'') '", ("FILTER", "2 (g')")),
        ("NAXIS   =                    3 / axes", ("NAXIS", 3)),
        ("SIMPLE  =                    T / yes", ("SIMPLE", True)),
        ("EXPTIME =              1.5D-03", ("EXPTIME", 0.0015)),
        ("NOTHING =", ("NOTHING", None)),
        ("ODD     = nan", ("ODD", "nan")),
        ("COMMENT = looks like a value", None),
        ("HIERARCH no equals sign here", None),
        ("OBJECT  = 'unfinished", ("OBJECT", "'unfinished")),
    ],
)
def test_known_cards(card, expected):
    assert parse_card(card.ljust(80).encode()) == expected


def test_long_strings_are_put_together():
    header = fits.Header()
    header["LONGTEXT"] = "a long sentence that does not fit " * 5
    cards = Cards(header.tostring(padding=False, endcard=False).encode())
    assert cards["LONGTEXT"] == header["LONGTEXT"].rstrip()


def test_the_first_of_equal_keywords_counts():
    assert Cards(b"A       = 1".ljust(80) + b"A       = 2".ljust(80))["A"] == 1


def test_numbers_may_come_as_text_and_nothing_else_counts_as_one():
    raw = b"".join(
        line.ljust(80)
        for line in (b"A       = '12.0'", b"B       = 'nan'", b"C       = T", b"D       = 'N/A'")
    )
    cards = Cards(raw)
    assert cards.number("A") == 12.0
    assert cards.integer("A") == 12
    assert [cards.number(key) for key in "BCDE"] == [None] * 4
    assert cards.text("D") is None


def test_the_astropy_header_holds_the_same_cards():
    header = fits.Header([("OBJECT", "crab"), ("HIERARCH EXPOSURE TIME", 0.002)])
    cards = Cards(header.tostring(padding=False, endcard=False).encode())
    assert cards.header()["EXPOSURE TIME"] == cards["EXPOSURE TIME"] == 0.002


def test_headers_with_equal_cards_share_them_in_memory():
    one, other = (Cards(b"OBJECT  = 'crab    '".ljust(80)) for _ in range(2))
    assert one._cards[0] is other._cards[0]
