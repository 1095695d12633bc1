"""Pickles of light curves: read without trust, joined without loss."""

from __future__ import annotations

import pickle
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.products import pickles
from nightglass.core.mascara.products.pickles import combine_pickles
from nightglass.core.mascara.products.safe_pickle import read_pickle

if TYPE_CHECKING:
    from pathlib import Path


class Bomb:
    """Would write a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return exec, (f"open({str(self.path)!r}, 'w').close()",)


def dump(path: Path, content: object, protocol: int = 4) -> None:
    path.write_bytes(pickle.dumps(content, protocol))


def portion(first: int, count: int = 3, **more: Any) -> dict[str, Any]:
    return {"lstseq": np.arange(first, first + count), "flux": np.full((count, 2), float(first)),
            "eflux": np.ones((count, 2)), **more}  # fmt: skip


def slots_in(path: Path) -> list[int]:
    return fits.getdata(path)["lstseq"].tolist()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_arrays_and_plain_types_of_every_protocol_come_back(protocol: int, tmp_path: Path) -> None:
    records = np.rec.array([(1, 2.5, b"a")], dtype=[("i", "u8"), ("f", "f4"), ("s", "S2")])
    content = [
        {"a": 1, b"b": 2.5, "c": None, "d": True}, (1, [2]), {3, 4}, frozenset({5}), 1 + 2j,
        OrderedDict(x=1), bytearray(b"q"), "text", np.float64(1.5), np.int32(7),
    ]  # fmt: skip
    arrays = [np.arange(6.0).reshape(2, 3), records, np.array(["x", 1], object)]
    dump(tmp_path / "a.pkl", (content, arrays), protocol)
    plain, back = read_pickle(tmp_path / "a.pkl")
    assert plain == content
    for ours, theirs in zip(arrays, back, strict=True):
        assert theirs.dtype == ours.dtype
        assert theirs.tolist() == ours.tolist()


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_a_pickle_cannot_run_anything(protocol: int, tmp_path: Path) -> None:
    hit = tmp_path / "hit"
    for content in (Bomb(hit), [np.array([Bomb(hit)], object)], print, np.load):
        dump(tmp_path / "bomb.pkl", content, protocol)
        with pytest.raises(pickle.UnpicklingError, match="not allowed"):
            read_pickle(tmp_path / "bomb.pkl")
    assert not hit.exists()


def test_every_cut_of_a_pickle_is_told(tmp_path: Path) -> None:
    whole = pickle.dumps(portion(5), 2)
    for length in range(0, len(whole), 7):
        (tmp_path / "cut.pkl").write_bytes(whole[:length])
        with pytest.raises(pickle.UnpicklingError):
            read_pickle(tmp_path / "cut.pkl")


def test_only_pickles_of_the_very_star_are_joined(tmp_path: Path) -> None:
    names = ("12.pkl", "12_2.pkl", "0012-3.pkl", "12 4.pkl", "12.5.pkl")
    others = ("123_1.pkl", "112_1.pkl", "1_12.pkl", "a12_1.pkl", "12_1.txt")
    for place, name in enumerate(names):
        dump(tmp_path / name, portion(100 - 10 * place, ra=10.5, spectype="K0"))
    for name in others:
        dump(tmp_path / name, portion(900))
    path = combine_pickles(tmp_path, tmp_path / "out", 12)
    assert path == tmp_path / "out" / "12.fits"
    assert slots_in(path) == [s for first in (60, 70, 80, 90, 100) for s in range(first, first + 3)]
    header = fits.getheader(path)
    assert (header["ASCC"], header["RA"], header["SPTYPE"], header["NOBS"]) == (12, 10.5, "K0", 15)
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == sorted(others)


def test_bad_pickles_stay_with_a_warning(tmp_path: Path, expected_log: list) -> None:
    hit = tmp_path / "hit"
    dump(tmp_path / "12_1.pkl", portion(5))
    dump(tmp_path / "12_2.pkl", Bomb(hit))
    dump(tmp_path / "12_3.pkl", {"ascc": 13, **portion(7)})
    dump(tmp_path / "12_4.pkl", "no columns")
    dump(tmp_path / "12_5.pkl", {"lstseq": "five", "flux0": 1, "eflux0": 2})
    (tmp_path / "12_6.pkl").write_bytes(b"garbage")
    assert slots_in(combine_pickles(tmp_path, tmp_path, "12")) == [5, 6, 7]
    assert [p.name for p in sorted(tmp_path.glob("*.pkl"))] == [f"12_{k}.pkl" for k in range(2, 7)]
    assert [record.args[0] for record in expected_log] == [f"12_{k}.pkl" for k in range(2, 7)]
    assert not hit.exists()


def test_points_that_were_written_before_stay(tmp_path: Path) -> None:
    dump(tmp_path / "12_1.pkl", portion(5, vmag=6.5))
    combine_pickles(tmp_path, tmp_path, 12)
    dump(tmp_path / "12_2.pkl", {12: portion(7)})
    path = combine_pickles(tmp_path, tmp_path, 12)
    assert slots_in(path) == [5, 6, 7, 8, 9]
    assert fits.getdata(path)["flux0"].tolist() == [5.0, 5.0, 7.0, 7.0, 7.0]
    assert fits.getheader(path)["VMAG"] == 6.5


def test_pickles_stay_when_the_file_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump(tmp_path / "12_1.pkl", portion(5))
    (tmp_path / "out").write_text("a file")
    with pytest.raises(NightglassError, match="Could not use a file"):
        combine_pickles(tmp_path, tmp_path / "out", 12)

    def full(*_: object) -> None:
        raise NightglassError("Could not use a file", "The disk is full.")

    monkeypatch.setattr(pickles, "write_star", full)
    with pytest.raises(NightglassError, match="full"):
        combine_pickles(tmp_path, tmp_path, 12)
    assert (tmp_path / "12_1.pkl").exists()


def test_a_star_without_pickles_is_told(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="no readable pickle of star 12"):
        combine_pickles(tmp_path, tmp_path, 12)
