"""Files of light curves that are damaged: their stars are left out, the others are there."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.browsing.index import StarIndex
from nightglass.core.mascara.browsing.search import StarSearch
from nightglass.core.mascara.browsing.values import AXES, QUANTITIES, axis_values, binned, series
from nightglass.core.mascara.night.star_file import load_stars, newest_stars

from .made_stars import MadeNight, write_night

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.expected_log
WAYS = ("gone", "shape", "short", "group", "nan", "lowest")


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[MadeNight, MadeNight]:
    """One that is merged, one that is not."""
    folder = tmp_path_factory.mktemp("damaged")
    return (
        write_night(folder / "merged", "CE", stars=20, exposures=100),
        write_night(folder / "batches", "CE", stars=20, exposures=100, merged=False),
    )


def look(output: Path) -> int:
    """Do with it what a page does; gives the number of stars."""
    index = StarIndex(output)
    stars = index.refresh()
    search = StarSearch(stars)
    for column in ("ascc", "vmag", "flagged_percent", "scatter_mag", "cameras"):
        search.order(search.find(""), column)
    for ascc in (*stars.ascc[:3].tolist(), 0, -1, 10**12):
        for kind in ("fast", "slow"):
            curve = index.curve(ascc, kind)
            for what in QUANTITIES:
                for axis in AXES:
                    binned(curve, axis_values(curve, axis, 0.02), series(curve, what).values, 0.1)
    index.close()
    return len(stars)


def damage(path: Path, rng: random.Random) -> None:
    """Change one thing in a file, or cut it."""
    if rng.random() < 0.2:
        whole = path.read_bytes()
        path.write_bytes(whole[: rng.randrange(len(whole))])
        return
    with h5py.File(path, "r+") as file:
        names: list[str] = []
        file.visit(names.append)
        name, way = rng.choice(names), rng.choice(WAYS)
        values = file[name][()] if isinstance(file[name], h5py.Dataset) else None
        del file[name]
        if way != "gone":
            put(file, name, values, way)


def put(file: h5py.File, name: str, values: Any, way: str) -> None:
    if way == "group":
        file.create_group(name)
    elif values is None or way == "shape":
        file[name] = np.zeros((2, 3))
    elif way == "short":
        file[name] = np.atleast_1d(values)[: np.size(values) // 2]
    else:
        file[name] = spoilt(np.array(values), way)


def spoilt(values: Any, way: str) -> Any:
    """All numbers not known, or the lowest there is."""
    for part in [values[name] for name in values.dtype.names or ()] or [values]:
        if part.dtype.kind == "f" and way == "nan":
            part[...] = np.nan
        elif part.dtype.kind in "iu" and way == "lowest":
            part[...] = -1 if part.dtype.kind == "i" else 0
    return values


def play(nights: tuple[MadeNight, MadeNight], tmp_path: Path, seed: int, times: int) -> None:
    rng = random.Random(seed)
    for number in range(times):
        copied = tmp_path / str(number)
        shutil.copytree(rng.choice(nights).output, copied)
        damage(rng.choice(sorted(copied.rglob("*.hdf5"))), rng)
        look(copied)
        shutil.rmtree(copied)


def test_a_damaged_file_leaves_the_others(
    nights: tuple[MadeNight, MadeNight], tmp_path: Path
) -> None:
    play(nights, tmp_path, 1, 25)


@pytest.mark.slow
def test_many_damaged_files_leave_the_others(
    nights: tuple[MadeNight, MadeNight], tmp_path: Path
) -> None:
    play(nights, tmp_path, 2, 150)


@pytest.mark.parametrize("name", ["quality/flags", "quality", "header_table", "header_table/ascc"])
def test_tables_of_another_length_or_kind_leave_the_other_camera(
    nights: tuple[MadeNight, MadeNight], tmp_path: Path, name: str
) -> None:
    copied = shutil.copytree(nights[0].output, tmp_path / "night")
    with h5py.File(next(copied.glob("*LPC/fLC/*.hdf5")), "r+") as file:
        del file[name]
        file[name] = np.zeros(3)
    assert look(copied) > 0


def test_a_file_that_is_a_loop_of_links_is_none(
    nights: tuple[MadeNight, MadeNight], tmp_path: Path
) -> None:
    copied = shutil.copytree(nights[0].output, tmp_path / "night")
    file = next(copied.glob("*LPC/fLC/*.hdf5"))
    file.unlink()
    file.symlink_to(file.name)
    assert look(copied) > 0


def test_a_star_list_that_is_cut_is_left_out(
    nights: tuple[MadeNight, MadeNight], tmp_path: Path
) -> None:
    copied = shutil.copytree(nights[0].output, tmp_path / "night")
    path = newest_stars(copied)
    assert path is not None
    for size in (0, 10, path.stat().st_size // 2):
        path.write_bytes(path.read_bytes()[:size])
        with pytest.raises(NightglassError, match="not a whole star table"):
            load_stars(path)
        assert look(copied) > 0


def test_a_name_of_digits_that_are_no_numbers_is_no_batch(
    nights: tuple[MadeNight, MadeNight], tmp_path: Path
) -> None:
    copied = shutil.copytree(nights[1].output, tmp_path / "night")
    (next(copied.glob("*LPC/tmp")) / "tmp_fast²²²²²²²².hdf5").write_bytes(b"")
    assert look(copied) > 0
