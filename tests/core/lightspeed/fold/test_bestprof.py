"""A profile for PRESTO, read back as PRESTO reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.frames.times import normalised
from nightglass.core.lightspeed.fold.files.bestprof import seen_frequency, write_bestprof
from nightglass.core.lightspeed.fold.files.products import write_product
from nightglass.core.timing.edits import PivotedPhases

from .pulsar import START, folded, several

if TYPE_CHECKING:
    from pathlib import Path

# Names of the lines in their order, as prepfold writes them.
LINES = (
    "Input file", "Candidate", "Telescope", "Epoch_topo", "Epoch_bary", "T_sample", "Data Folded",
    "Data Avg", "Data StdDev", "Profile Bins", "Profile Avg", "Profile StdDev", "Reduced chi-sqr",
    "Prob(Noise)", "P_topo (ms)", "P'_topo (s/s)", "P''_topo (s/s^2)", "P_bary (ms)",
    "P'_bary (s/s)", "P''_bary (s/s^2)", "P_orb (s)", "asin(i)/c (s)", "eccentricity", "w (rad)",
    "T_peri",
)  # fmt: skip


def read(path: Path) -> tuple[dict[str, str], list[float]]:
    """Header and profile; a line ends its name at the first sign."""
    header, profile = {}, []
    for line in path.read_text().splitlines():
        if not line.startswith("#"):
            number, value = line.split()
            assert int(number) == len(profile)
            profile.append(float(value))
        elif line.strip("#"):
            name, value = re.split(r" +[=<] +", line[2:], maxsplit=1)
            header[name] = value.strip()
    return header, profile


@pytest.fixture
def written(tmp_path: Path) -> Path:
    (path,) = write_product("profile", tmp_path / "a.bestprof", folded())
    return path


def test_a_reader_gets_period_epoch_and_profile_back(written: Path) -> None:
    result, clock = folded().result, folded().clocks[0]
    header, profile = read(written)
    assert tuple(header) == LINES
    assert float(header["P_topo (ms)"].split("+")[0]) == pytest.approx(
        1000.0 / clock.frequency_hz, rel=1e-10
    )
    epoch = float(header["Epoch_topo"])
    assert epoch == pytest.approx(START.day + START.seconds / 86400, abs=1e-11)
    (fold,) = result.folds
    rate = np.array(profile) / (fold.profile.exposure_s.sum() / 32)
    np.testing.assert_allclose(rate, fold.profile.rate, rtol=1e-14)
    assert header["Candidate"] == "PSR_J0534+2200"
    assert header["Telescope"] == "Magellan Clay"


def test_the_statistics_are_those_of_the_fold(written: Path) -> None:
    header, profile = read(written)
    (fold,) = folded().result.folds
    chi = fold.profile.chi_square()
    assert float(header["Reduced chi-sqr"]) == pytest.approx(chi.reduced, abs=5e-4)
    assert float(header["Data Folded"]) == 4999
    assert float(header["T_sample"]) == 0.0021
    assert float(header["Profile Avg"]) == pytest.approx(np.mean(profile), rel=1e-2)
    assert int(header["Profile Bins"]) == len(profile) == 32
    # Without a pulse the bins would scatter so much.
    quiet = [value for value in profile if value < np.median(profile)]
    assert float(header["Profile StdDev"]) > np.std(quiet)
    probability, sigma = re.fullmatch(r"(\S+)\s+\(~(\S+) sigma\)", header["Prob(Noise)"]).groups()
    assert float(probability) == pytest.approx(chi.probability, rel=1e-2)
    assert float(sigma) > 20.0


def test_the_derivatives_are_those_seen_at_the_telescope() -> None:
    made, clock = folded(), folded().clocks[0]
    frequency_hz, first, second = seen_frequency(clock, made.result)
    before, after = (
        PivotedPhases(clock.ephemeris, clock.site, normalised(START.day, START.seconds + shift_s))
        for shift_s in (-300.0, 300.0)
    )
    seen = before.frequency_hz, clock.frequency_hz, after.frequency_hz
    assert frequency_hz == pytest.approx(seen[1], abs=1e-9)
    assert first == pytest.approx((seen[2] - seen[0]) / 600.0, rel=0.01)
    assert second == pytest.approx((seen[2] - 2.0 * seen[1] + seen[0]) / 300.0**2, rel=0.3)


def test_several_folds_are_several_files(tmp_path: Path) -> None:
    paths = write_product("profile", tmp_path / "a.bestprof", folded(several()))
    assert [path.name for path in paths] == [f"a_{number}.bestprof" for number in range(1, 5)]
    names = [read(path)[0]["Candidate"] for path in paths]
    assert names == ["PSR_J0534+2200", "PSR_J0000+0000"] * 2


def test_one_name_taken_leaves_all_unwritten(tmp_path: Path) -> None:
    (tmp_path / "a_4.bestprof").touch()
    with pytest.raises(NightglassError, match="is there already"):
        write_product("profile", tmp_path / "a.bestprof", folded(several()))
    assert len(list(tmp_path.iterdir())) == 1


def test_another_ending_is_refused(tmp_path: Path) -> None:
    made = folded()
    with pytest.raises(NightglassError, match=r"End the name in \.bestprof"):
        write_bestprof(
            made.result, made.result.folds[0], made.clocks[0], tmp_path / "a.pfd", made.origin
        )
