"""The documented functions of the sidereal grid keep their contract."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.site_reference import LSTSEQ, SiteReference, lstseq2date

JD = 2459876.516233906
SITE = SiteReference()


def test_the_signature_is_the_documented_one() -> None:
    assert str(inspect.signature(SITE.local_sidereal_time)).split(" ->")[0].replace("'", "") == (
        "(date: Any, texp: float, lstindex: bool = True, lstsequence: bool = True, "
        "lst: bool = True, quick: bool = False)"
    )
    assert list(inspect.signature(lstseq2date).parameters) == ["lstseq", "texp", "format"]


def test_a_single_date_gives_time_index_and_sequence_as_scalars() -> None:
    lst, index, sequence = SITE.local_sidereal_time(JD, 6.4)
    assert lst == pytest.approx(1.35733, abs=1e-4)
    assert (index, sequence) == (763, 48506263)
    assert isinstance(lst, float)
    assert isinstance(index, np.uint32)
    assert isinstance(sequence, np.uint64)


def test_arrays_give_arrays_of_their_shape() -> None:
    jd = JD + np.arange(6).reshape(2, 3) * 6.382525 / 86400
    lst, index, sequence = SITE.local_sidereal_time(jd, 6.4)
    assert lst.shape == index.shape == sequence.shape == (2, 3)
    assert index.dtype == np.uint32
    assert sequence.dtype == np.uint64
    assert np.array_equal(sequence.ravel(), 48506263 + np.arange(6))
    dates = [lstseq2date(48506263, 6.4), lstseq2date(48506264, 6.4)]
    assert SITE.local_sidereal_time(dates, 6.4)[2].tolist() == [48506263, 48506264]


def test_only_what_is_wanted_comes_back_in_its_order() -> None:
    assert SITE.local_sidereal_time(JD, 6.4, lst=False) == (763, 48506263)
    assert SITE.local_sidereal_time(JD, 6.4, lstindex=False, lst=False) == 48506263
    assert SITE.local_sidereal_time(JD, 6.4, lstsequence=False, lst=False) == 763
    assert SITE.local_sidereal_time(JD, 6.4, False, False) == pytest.approx(1.35733, abs=1e-4)
    assert SITE.local_sidereal_time(JD, 6.4, False, False, False) == ()


def test_quick_gives_the_sequence_alone() -> None:
    assert SITE.local_sidereal_time(JD, 6.4, quick=True) == 48506263
    assert LSTSEQ(JD, quick=True) == LSTSEQ(JD, 6.4) == 48506263
    jd = np.random.default_rng(1).uniform(2457000.0, 2460000.0, 200)
    off = LSTSEQ(jd, quick=True).astype(int) - LSTSEQ(jd).astype(int)
    assert np.abs(off).max() <= 1


def test_index_and_sequence_of_another_exposure_time_fit_together() -> None:
    _, index, sequence = SITE.local_sidereal_time(JD, 3.2)
    assert sequence % 27000 == index
    assert sequence // 27000 == 48506263 // 13500


@pytest.mark.parametrize("number", [0, 1, 13499, 13500, 24114825, 48506345])
def test_dates_of_numbers_have_these_numbers(number: int) -> None:
    jd = lstseq2date(number, 6.4, format="jd")
    assert LSTSEQ(jd) == number
    date = lstseq2date(number, 6.4)
    assert date.tzinfo is UTC
    assert LSTSEQ(date) == number
    assert abs((date - datetime(2012, 12, 31, 18, 29, 13, tzinfo=UTC)).total_seconds()
               - number * 6.4 / 1.00273790935) < 5  # fmt: skip


def test_arrays_of_numbers_give_arrays_of_dates() -> None:
    numbers = np.array([[48506263, 48506264]], np.uint64)
    jd = lstseq2date(numbers, 6.4, "jd")
    assert jd.shape == (1, 2)
    dates = lstseq2date(numbers, 6.4)
    assert dates.shape == (1, 2)
    assert dates[0, 1] - dates[0, 0] == pytest.approx(
        timedelta(seconds=6.382525), abs=timedelta(milliseconds=1)
    )


@pytest.mark.parametrize(
    ("date", "texp", "words"),
    [
        (2456000.0, 6.4, "lies before slot 0"),
        (float("nan"), 6.4, "not a number"),
        ([JD, float("inf")], 6.4, "not a number"),
        (JD, 0.0, "not above zero"),
    ],
)
def test_what_has_no_number_is_refused(date: object, texp: float, words: str) -> None:
    with pytest.raises(NightglassError, match=words):
        SITE.local_sidereal_time(date, texp)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(NightglassError, match="'mjd' is not one"):
        lstseq2date(5, 6.4, "mjd")
