"""Phases of frames in files, read back by astropy and h5py."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from nightglass.core.engine.jobs import CancelToken, JobContext
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.lightspeed.fold.files.phase_table import CubeFrames, FoldedFrames
from nightglass.core.lightspeed.fold.files.products import write_product
from nightglass.core.lightspeed.fold.settings import FoldSettings
from nightglass.core.timing.phase import PhaseModel

from .pulsar import EXPOSURE_S, PAR, Night, folded, several

if TYPE_CHECKING:
    from pathlib import Path


def expected(made) -> dict[str, np.ndarray]:
    cubes = list(made.cubes())
    numbers = np.concatenate([np.full(cube.seconds.size, cube.cube) for cube in cubes])
    columns = {
        "FRAME": np.arange(numbers.size), "CUBE": numbers,
        "UTC_DAY": np.concatenate([cube.day for cube in cubes]),
        "UTC_SEC": np.concatenate([cube.seconds for cube in cubes]),
    }  # fmt: skip
    for number in range(len(made.result.folds)):
        end = f"_{number + 1}" if number else ""
        folds = [cube.folds[number] for cube in cubes]
        columns |= {
            f"PHASE{end}": np.concatenate([fold.phase for fold in folds]),
            f"FLUX{end}": np.concatenate([fold.net_e for fold in folds]) / EXPOSURE_S,
            f"ERROR{end}": np.sqrt(np.concatenate([fold.variance_e2 for fold in folds]))
            / EXPOSURE_S,
        }
    return columns


def read(path: Path) -> tuple[dict, dict]:
    """Columns and what is told."""
    if path.suffix == ".fits":
        with fits.open(path) as units:
            units.verify("exception")
            data = units["PHASES"].data
            return {name: np.array(data[name]) for name in data.names}, dict(units["PHASES"].header)
    if path.suffix == ".h5":
        h5py = pytest.importorskip("h5py")
        with h5py.File(path) as file:
            group = file["PHASES"]
            assert group["UTC_SEC"].attrs["unit"] == "s"
            return {name: group[name][:] for name in group}, dict(group.attrs)
    options = {"format": "ascii.csv", "comment": "#"} if path.suffix == ".csv" else {}
    table = Table.read(path, **options)
    return {name: np.asarray(table[name]) for name in table.colnames}, table.meta


@pytest.mark.parametrize("suffix", [".fits", ".ecsv", ".csv", ".h5"])
def test_a_reader_gets_every_frame_back_to_the_last_bit(tmp_path: Path, suffix: str) -> None:
    if suffix == ".h5":
        pytest.importorskip("h5py")
    made = folded(several())
    (path,) = write_product("phases", tmp_path / f"a{suffix}", made)
    columns, told = read(path)
    for name, values in expected(made).items():
        np.testing.assert_array_equal(columns[name], values, err_msg=name)
    assert columns["TURNS"].dtype.kind == "i"
    if suffix != ".csv":
        assert told["SITE"] == "Magellan Clay"


def test_turns_and_phase_run_on_as_those_of_pint(tmp_path: Path) -> None:
    made = folded()
    (path,) = write_product("phases", tmp_path / "a.fits", made)
    columns, _ = read(path)
    known = np.isfinite(columns["PHASE"])
    assert columns["TURNS"][~known].tolist() == [0]
    model = PhaseModel(made.clocks[0].ephemeris, made.clocks[0].site)
    turns, phase = model.phase(columns["UTC_DAY"][known], columns["UTC_SEC"][known])
    np.testing.assert_array_equal(columns["TURNS"][known], turns)
    np.testing.assert_array_equal(columns["PHASE"][known], phase)


@pytest.mark.parametrize("offset", [0.0, 0.25, 0.5, 0.999])
def test_turns_run_on_for_an_edited_frequency_and_an_offset(tmp_path: Path, offset: float) -> None:
    made = folded(Night(settings=FoldSettings(f0_hz=29.947, phase_offset=offset)))
    (path,) = write_product("phases", tmp_path / "a.fits", made)
    columns, _ = read(path)
    known = np.isfinite(columns["PHASE"])
    total = columns["TURNS"][known] + columns["PHASE"][known]
    steps = np.diff(total) / np.diff(np.flatnonzero(known)) / 0.0021
    np.testing.assert_allclose(steps, made.clocks[0].frequency_hz, rtol=1e-6)


def test_what_is_told_of_each_fold_follows_the_frames(tmp_path: Path) -> None:
    made = folded(several())
    (path,) = write_product("phases", tmp_path / "a.fits", made)
    with fits.open(path) as units:
        assert units["PROFILE", 4].header["REGION"] == "star b"
        assert list(units["PARFILE", 1].data["LINE"]) == PAR.splitlines()
        assert units["PHASES"].columns["FLUX_4"].unit == "electron/s"


@pytest.mark.parametrize("suffix", [".fits", ".ecsv", ".csv", ".h5"])
def test_no_more_than_a_cube_is_in_memory(tmp_path: Path, suffix: str) -> None:
    if suffix == ".h5":
        pytest.importorskip("h5py")
    made = folded()
    count = 1000

    def many(number: int):
        for cube in range(number):
            seconds = 1.0 + 0.002 * np.arange(cube * count, (cube + 1) * count)
            day = np.full(count, 61000)
            light = FoldedFrames(made.clocks[0].phase(day, seconds), seconds, seconds)
            yield CubeFrames(cube + 1, cube * count, day, seconds, [light])

    def peak(number: int) -> int:
        tracemalloc.start()
        write_product("phases", tmp_path / f"{number}{suffix}",
                      replace(made, cubes=lambda: many(number)))  # fmt: skip
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(2)
    few, lots = peak(4), peak(40)
    assert lots < few + 36 * count * 8


def test_a_cancelled_table_leaves_nothing(tmp_path: Path) -> None:
    cancel = CancelToken()
    ctx = JobContext(cancel)
    made = folded()

    def cancelled():
        yield next(iter(made.cubes()))
        cancel.cancel()
        yield from made.cubes()

    with pytest.raises(Cancelled):
        write_product("phases", tmp_path / "a.ecsv", replace(made, cubes=cancelled), ctx)
    assert list(tmp_path.iterdir()) == []


def test_no_frame_is_told(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="no frame to list"):
        write_product("phases", tmp_path / "a.fits", replace(folded(), cubes=list))
    with pytest.raises(NightglassError, match="not at hand"):
        write_product("phases", tmp_path / "a.fits", replace(folded(), cubes=None))
    assert list(tmp_path.iterdir()) == []


def test_hdf5_without_its_package_is_told(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "h5py", None)
    with pytest.raises(NightglassError, match="h5py is not installed"):
        write_product("phases", tmp_path / "a.h5", folded())
    assert list(tmp_path.iterdir()) == []
