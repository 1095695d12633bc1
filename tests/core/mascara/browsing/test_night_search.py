"""Stars found by what somebody types, filtered, and put in order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from nightglass.core.mascara.browsing.positions import NoPlaceError, place_of
from nightglass.core.mascara.browsing.search import StarSearch
from nightglass.core.mascara.browsing.stars import NightStars, StarFilter

NAN = np.nan


def made(**columns: list) -> NightStars:
    """Six stars; what is not given is the same for all."""
    stars = {
        "ascc": [71, 80, 807, 8071, 80711, 807144], "hd": [0, 807, 9, 189733, 1897, 80],
        "hip": [8071, 0, 98505, 2, 0, 3], "vmag": [5.0, 6.0, NAN, 8.0, 4.0, 9.0],
        "bmag": [NAN] * 6, "ra_deg": [300.0, 300.2, 10.0, 359.9, 0.1, NAN],
        "dec_deg": [22.7, 22.7, -89.0, 0.0, 0.0, NAN], "spectype": [b"G2V"] * 6,
        "variable": [0] * 6, "cameras": [1, 2, 3, 1, 2, 3], "fast_points": [100, 0, 50, 60, 70, 80],
        "slow_points": [2] * 6, "flagged": [0, 0, 5, -1, 70, 1], "flags": [0, 0, 8, 0, 255, 1],
        "mean_flux": [1.0] * 6, "scatter_mag": [0.1, NAN, 0.3, 0.2, NAN, 0.0], **columns,
    }  # fmt: skip
    kinds = {"ascc": "i8", "hd": "i4", "hip": "i4", "spectype": "S9", "variable": "u1",
             "cameras": "u1", "flags": "u1", "fast_points": "i4", "slow_points": "i4",
             "flagged": "i4"}  # fmt: skip
    arrays = {name: np.array(values, kinds.get(name, "f8")) for name, values in stars.items()}
    return NightStars(camera_names=("LPC", "LPE"), **arrays)


@pytest.fixture
def search() -> StarSearch:
    return StarSearch(made())


def found(search: StarSearch, text: str, **limits: object) -> list[int]:
    return search.stars.ascc[search.find(text, StarFilter(**limits))].tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("807", [807, 80, 8071, 80711, 807144, 71]),
        ("8071", [8071, 71, 80711, 807144]),
        ("ascc 807", [807, 8071, 80711, 807144]),
        ("ASCC 807144", [807144]),
        ("HD 189733", [8071]),
        ("hd189733", [8071]),
        ("HD-1897", [80711, 8071]),
        ("Hip 98505", [807]),
        ("hip", [8071, 807144, 71, 807]),
        ("0807144", [807144]),
        ("  807144 ", [807144]),
        ("hd 5", []),
        ("12345678901234567890123", []),
        ("0", []),
    ],
)
def test_the_number_itself_comes_first_then_longer_ones(
    search: StarSearch, text: str, expected: list[int]
) -> None:
    assert found(search, text) == expected
    assert bool(search.explanation) == (not expected)


def test_nothing_typed_gives_all_stars(search: StarSearch) -> None:
    assert found(search, " ") == search.stars.ascc.tolist()
    assert search.explanation == ""


@pytest.mark.parametrize(
    "text", ["nonsense", "HD", "b-612", "+", "r 5'", "V 6", "20h", "30°", "\0"]
)
def test_nonsense_gives_nothing_but_a_sentence(search: StarSearch, text: str) -> None:
    if found(search, text) == []:
        assert search.explanation.endswith(".")
    else:
        assert text == "HD"


def test_the_nearest_to_a_place_comes_first(search: StarSearch) -> None:
    assert found(search, "300.15 22.7") == [80, 71]
    assert "2 stars within 1°" in search.explanation
    assert found(search, "300.15 22.7 r 5'") == [80]
    assert found(search, "300.15 22.7 r 0.5'") == []
    assert "the nearest is ASCC 80, 2.77′ away" in search.explanation


def test_places_are_found_across_the_zero_of_right_ascension_and_at_the_pole(
    search: StarSearch,
) -> None:
    assert found(search, "0.02 0 r 8'") == [80711, 8071]
    assert found(search, "190 -89.5 r 2d") == [807]


def test_a_search_by_place_in_a_list_without_places(search: StarSearch) -> None:
    empty = StarSearch(made(ra_deg=[NAN] * 6))
    assert found(empty, "300 22") == []
    assert empty.explanation == "No star within 1°."


@pytest.mark.parametrize(
    "text",
    [
        "20:00:43.7 +22:42:39", "20h00m43.7s +22d42m39s", "20 00 43.7 +22 42 39",
        "300.1820833 22.7108333", "300.1820833, +22.7108333", "20:00:43.7, 22:42:39",
        "20h00m43.7s+22°42′39″", "20:00.728333 22:42.65", "20 00 43.7 22 42 39",
    ],
)  # fmt: skip
def test_a_place_may_be_written_in_many_ways(text: str) -> None:
    place = place_of(text)
    assert place.ra_deg == pytest.approx(300.1820833, abs=1e-6)
    assert place.dec_deg == pytest.approx(22.7108333, abs=1e-6)
    assert place.radius_deg == 1.0


@pytest.mark.parametrize(
    ("text", "radius_deg"),
    [
        ("1 2 r 30'", 0.5), ("1 2 r 30", 0.5), ('1 2 r=90"', 0.025), ("1 2 within 3 deg", 3.0),
        ("1 2, radius 2°", 2.0), ("1 -2 r 15 arcmin", 0.25), ("1 2 r 10 arcsec", 10 / 3600),
        ("1 2 r 999 d", 180.0),
    ],
)  # fmt: skip
def test_a_radius_may_follow(text: str, radius_deg: float) -> None:
    assert place_of(text).radius_deg == pytest.approx(radius_deg)


def test_southern_places_keep_their_sign_in_the_first_degree() -> None:
    assert place_of("10 -0.5").dec_deg == -0.5
    assert place_of("00:40:00 -00:30:00").dec_deg == -0.5
    assert place_of("00 40 00 −00 30 00").dec_deg == -0.5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("300.18", "two coordinates"), ("20:00", "two coordinates"), ("1 2 3", "two coordinates"),
        ("25:00:00 +1:00:00", "0 to 24 hours"), ("361 2", "to 360 degrees"),
        ("12 95", "-90 to +90"), ("10:61:00 5:00:00", "below 60"), ("1 2 r 5 parsec", "radius"),
        ("1 2 3 4 5 6 7 8", "two coordinates"), ("-5 10", "two coordinates"),
        ("1e3 5", "two coordinates"), ("", "two coordinates"),
    ],
)  # fmt: skip
def test_what_is_no_place_is_told(text: str, words: str) -> None:
    with pytest.raises(NoPlaceError) as refused:
        place_of(text)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, [71, 80, 807, 8071, 80711, 807144]),
        ({"brightest_vmag": 5.0}, [71, 80, 8071, 807144]),
        ({"faintest_vmag": 6.0}, [71, 80, 80711]),
        ({"camera": "LPE"}, [80, 807, 80711, 807144]),
        ({"camera": "LPX"}, []),
        ({"least_points": 60}, [71, 8071, 80711, 807144]),
        ({"flags": "none"}, [71, 80]),
        ({"flags": "some"}, [807, 80711, 807144]),
        ({"flags": "some", "least_points": 80, "camera": "LPC"}, [807144]),
    ],
)
def test_a_filter_leaves_what_it_says(
    search: StarSearch, limits: dict, expected: list[int]
) -> None:
    assert found(search, "", **limits) == expected


def test_a_search_that_the_filter_empties_says_so(search: StarSearch) -> None:
    assert found(search, "hd 189733", faintest_vmag=5.0) == []
    assert search.explanation == "1 star found, but the filter leaves none of them."


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("ascc", [71, 80, 807, 8071, 80711, 807144]),
        ("hd", [807, 807144, 80, 80711, 8071, 71]),
        ("vmag", [80711, 71, 80, 8071, 807144, 807]),
        ("scatter_mag", [807144, 71, 8071, 807, 80, 80711]),
        ("flagged_percent", [71, 807144, 807, 80711, 80, 8071]),
        ("cameras", [71, 8071, 80, 80711, 807, 807144]),
    ],
)
def test_what_is_not_known_comes_last_whichever_way_it_is_sorted(
    search: StarSearch, column: str, expected: list[int]
) -> None:
    rows = search.find("")
    assert search.stars.ascc[search.order(rows, column)].tolist() == expected
    down = search.stars.ascc[search.order(rows, column, descending=True)].tolist()
    unknown = {"hd": 1, "vmag": 1, "scatter_mag": 2, "flagged_percent": 2}.get(column, 0)
    known = len(expected) - unknown
    assert down[known:] == expected[known:]
    # Equal ones keep their order either way.
    assert sorted(down[:known]) == sorted(expected[:known])
    if column != "cameras":
        assert down[:known] == expected[:known][::-1]


def test_the_brightest_star_is_first_that_was_measured_well(search: StarSearch) -> None:
    # 80711 is the brightest, but all of its points are flagged; 80 has no point.
    rows = search.brightest_first(search.find(""))
    assert search.stars.ascc[rows].tolist() == [71, 8071, 807144, 807, 80711, 80]


def test_only_the_rows_given_are_sorted(search: StarSearch) -> None:
    rows = np.array([5, 0, 3], np.int32)
    assert search.order(rows, "vmag").tolist() == [0, 3, 5]


def test_a_list_without_stars_can_be_searched(search: StarSearch) -> None:
    columns = {name: getattr(search.stars, name)[:0] for name in vars(search.stars)
               if name != "camera_names"}  # fmt: skip
    empty = StarSearch(replace(search.stars, **columns))
    for text in ("", "8", "hd", "300 22", "nonsense"):
        rows = empty.find(text)
        assert len(empty.order(rows, "vmag")) == 0
