"""The bits of photometry and astrometry, and the byte of the night files."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.mascara.photometry.flags import (
    LP_BITS,
    OUTSIDE,
    AFlag,
    PFlag,
    lp_flag,
    split_lp_flag,
)


@pytest.mark.parametrize(
    ("pflag", "aflag", "finite", "byte"),
    [
        (0, 0, True, 0),
        (PFlag.SATURATED, 0, True, 1),
        (PFlag.SKY_SATURATED, 0, True, 2),
        (PFlag.MOON, 0, True, 8),
        (0, AFlag.TOO_FEW, True, 16),
        (0, AFlag.BRIGHT, True, 16),
        (PFlag.SKY_NEGATIVE, 0, True, 32),
        (PFlag.NEGATIVE, 0, True, 64),
        (0, 0, False, 128),
        (PFlag.EDGE, 0, True, 255),
        (PFlag.EDGE, AFlag.TOO_FEW, False, 255),
        (PFlag.SATURATED | PFlag.MOON, AFlag.TOO_BRIGHT, False, 153),
    ],
)
def test_the_byte_is_the_documented_one(pflag: int, aflag: int, finite: bool, byte: int) -> None:
    assert lp_flag(pflag, aflag, finite) == byte


def test_every_combination_comes_back() -> None:
    bits = np.array([0, *sorted(LP_BITS)], np.uint8)
    pflag = np.unique([np.bitwise_or.reduce(bits[np.flatnonzero([c >> k & 1 for k in range(6)])])
                       for c in range(64)]).astype(np.uint8)  # fmt: skip
    for lost in (0, 4):
        for finite in (True, False):
            flags = lp_flag(pflag, lost, finite)
            assert flags.dtype == np.uint8
            assert len(set(flags.tolist())) == len(pflag)
            back, failed, all_finite = split_lp_flag(flags)
            np.testing.assert_array_equal(back, pflag)
            assert (failed == bool(lost)).all()
            assert (all_finite == finite).all()


def test_a_star_outside_comes_back_as_one_at_the_edge() -> None:
    pflag, failed, finite = split_lp_flag([OUTSIDE])
    assert (pflag[0], failed[0], finite[0]) == (PFlag.EDGE, False, True)


def test_bits_of_the_photometry_do_not_share_one_of_the_byte() -> None:
    assert len(set(LP_BITS.values())) == len(LP_BITS)
    assert set(LP_BITS) | {PFlag.EDGE} == set(PFlag)
