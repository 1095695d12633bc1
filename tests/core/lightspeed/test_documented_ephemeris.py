"""The documented Ephemeris: phases of frame timestamps, of arrays and of moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed import DataSet, Ephemeris
from nightglass.core.timing.ephemeris import load_ephemeris
from nightglass.core.timing.nodes import PintPhases
from nightglass.core.timing.sites import find_site

from .writer import CubeSpec, write_capture

if TYPE_CHECKING:
    from pathlib import Path

SPEC = CubeSpec(rows=4, columns=4, bundles=40, per_bundle=2)
PAR = """PSR TEST
RAJ 05:34:31.97
DECJ +22:00:52.1
PEPOCH 60800
EPHEM DE421
CLOCK TT(TAI)
UNITS TDB
F0 29.946
F1 -3.77e-10
"""
BINARY = PAR.replace("F0 29.946", "F0 400.97\nBINARY ELL1\nPB 0.084\nA1 0.063\nTASC 60999.3")


@pytest.fixture
def data_set(tmp_path: Path) -> DataSet:
    return DataSet(write_capture(tmp_path, SPEC))


@pytest.mark.parametrize("par", [PAR, BINARY])
def test_phases_of_timestamps_are_those_of_pint(data_set: DataSet, par: str) -> None:
    ephemeris = Ephemeris(par, data_set)
    times = data_set.frame_times()
    ask = PintPhases(load_ephemeris(par), find_site("LCO"))
    _, rest = ask(times.day, times.seconds)
    wrong = (ephemeris.get_phase(data_set.timestamps()) - rest + 0.5) % 1.0 - 0.5
    assert np.abs(wrong).max() / ephemeris.nu_hz < 0.5e-9


def test_a_frame_an_array_and_a_moment_have_the_same_phase(data_set: DataSet) -> None:
    ephemeris = Ephemeris(PAR, data_set)
    frame = list(data_set.iterator(max_frames=5, use_bar=False))[4]
    phase = ephemeris.get_phase(frame.timestamp)
    assert isinstance(phase, float)
    assert ephemeris.get_phase([0.0, frame.timestamp])[1] == phase
    assert ephemeris.get_phase(frame.time) == pytest.approx(phase, abs=1e-8)
    assert ephemeris.phases(data_set.frame_times())[4] == pytest.approx(phase, abs=1e-9)


def test_phases_lie_below_one_and_a_time_that_is_not_known_has_none(data_set: DataSet) -> None:
    ephemeris = Ephemeris(PAR, data_set)
    phases = ephemeris.get_phase(np.linspace(0.0, 0.4, 5001))
    assert phases.min() >= 0.0
    assert phases.max() < 1.0
    assert np.isnan(ephemeris.get_phase([np.nan])[0])


def test_the_timing_offset_moves_the_phase(data_set: DataSet) -> None:
    before = Ephemeris(PAR, data_set).get_phase(data_set.timestamps())[3]
    data_set.apply_timing_offset(0.001)
    after = Ephemeris(PAR, data_set).get_phase(data_set.timestamps())[3]
    assert (before - after) % 1.0 == pytest.approx(0.001 * 29.946, abs=1e-4)


def test_the_frequency_at_the_telescope_is_doppler_shifted(data_set: DataSet) -> None:
    ephemeris = Ephemeris(PAR, data_set)
    times = data_set.frame_times()
    at_rest_hz = 29.946 - 3.77e-10 * (times.day[0] - 60800) * 86400.0
    shift = ephemeris.frequency_hz(times) / at_rest_hz - 1.0
    assert 1e-8 < abs(shift) < 1.01e-4, "the Earth moves at a ten-thousandth of the speed of light"


def test_an_unknown_observatory_is_told_with_what_is_known(data_set: DataSet) -> None:
    with pytest.raises(NightglassError, match="no site called 'Mars'"):
        Ephemeris(PAR, data_set, observatory="Mars")


def test_without_a_date_there_is_no_phase(tmp_path: Path) -> None:
    spec = SPEC.with_(gps=None, cards={"DATEOBS": None, "TELUT": None})
    (path,) = write_capture(tmp_path, spec, (1,))
    renamed = path.rename(tmp_path / "renamed.fits")
    with pytest.raises(NightglassError, match="GPSSTART, DATEOBS and the date in the file name"):
        Ephemeris(PAR, DataSet([renamed]))


def test_a_time_without_gps_is_told_in_the_notices(tmp_path: Path) -> None:
    paths = write_capture(tmp_path, SPEC.with_(gps=None))
    assert "No GPS time" in " ".join(Ephemeris(PAR, DataSet(paths)).notices)
