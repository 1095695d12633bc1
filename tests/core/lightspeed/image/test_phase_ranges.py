"""The text that tells which phases are on and off."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.image import PhaseRanges

PHASES = np.array([0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.99, np.nan])


def test_a_range_holds_its_low_end_and_not_its_high_one() -> None:
    groups = PhaseRanges.parse("0.1:0.3,0.4:0.5").groups(PHASES)
    assert groups.tolist() == [-1, -1, 0, 0, -1, 1, -1, -1, -1]


def test_published_ranges_hold_neither_end() -> None:
    groups = PhaseRanges.parse("0.1:0.3,0.4:0.5").groups(PHASES, strict=True)
    assert groups.tolist() == [-1, -1, -1, 0, -1, -1, -1, -1, -1]


def test_a_low_end_above_the_high_one_goes_through_zero() -> None:
    groups = PhaseRanges.parse("0.2:0.3, 0.5:0.1").groups(PHASES)
    assert groups.tolist() == [1, 1, -1, 0, -1, -1, 1, 1, -1]


@pytest.mark.parametrize("joint", ["|", "&"])
def test_joined_ranges_count_together(joint: str) -> None:
    ranges = PhaseRanges.parse(f"0.05:0.1{joint}0.3:0.4,0.5:1")
    assert ranges.groups(PHASES).tolist() == [-1, 0, -1, -1, 0, -1, 1, 1, -1]
    assert str(ranges) == "0.05:0.1|0.3:0.4,0.5:1"


def test_one_turn_is_zero_of_the_next() -> None:
    assert PhaseRanges.parse("1:0.1,0.2:0.3").groups(PHASES)[:2].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0.1:0.2", "a comma between"),
        ("0.1:0.2,0.3:0.4,0.5:0.6", "a comma between"),
        ("0.1,0.3:0.4", "'0.1' is not low:high"),
        ("0.1:x,0.3:0.4", "is not low:high"),
        (",0.3:0.4", "'nothing' is not low:high"),
        ("0.1:1.2,0.3:0.4", "between 0 and 1"),
        ("nan:0.2,0.3:0.4", "between 0 and 1"),
        ("0.2:0.2,0.3:0.4", "holds no phase"),
        ("1:0,0.3:0.4", "holds no phase"),
        ("0.1:0.35,0.3:0.4", "on 0.1:0.35 and off 0.3:0.4 overlap"),
        ("0.1:0.2|0.9:0.05,0.5:0.95", "overlap"),
        ("0:1,0.2:0.3", "overlap"),
        ("0.6:0.2,0.1:0.3", "overlap"),
    ],
)
def test_nonsense_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(NightglassError, match=why):
        PhaseRanges.parse(text)


def test_ranges_that_touch_do_not_overlap() -> None:
    PhaseRanges.parse("0.1:0.3,0.3:0.1")
