"""Durations as people say them."""

from __future__ import annotations

import math

import pytest
from nightglass.core.mascara.report.moments import in_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(41.2, "41 s"), (-90.0, "-90 s"), (600.0, "10 min"), (7260.0, "2 h 01 min"),
     (112_320.0, "31 h 12 min"), (200_000.0, "2 d 7 h"), (math.nan, "-"), (math.inf, "-")],
)  # fmt: skip
def test_a_duration_is_told_in_its_largest_units(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
