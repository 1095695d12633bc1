from __future__ import annotations

import json
import os
import subprocess
import warnings
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from nightglass.core.timing import offline

from .conftest import PULSARS

if TYPE_CHECKING:
    from pathlib import Path

# Every road to the network is closed, and the clock is wound on past the Earth-rotation table
# before PINT is imported.
SCRIPT = """
import json, socket, sys, warnings
warnings.simplefilter("error")
def refuse(*_, **__):
    raise AssertionError("the network was asked for")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
socket.create_connection = socket.socket.sendto = refuse

from astropy.time import Time, TimeDelta
from astropy.utils import iers
day = int(iers.IERS_A.open(iers.IERS_A_FILE)["MJD"][-1].value) + 400
later = Time(day, format="mjd", scale="utc")
Time.now = classmethod(lambda cls: cls(later))
iers.LeapSeconds._today = classmethod(lambda cls: later.tai)

from nightglass.core.timing.ephemeris import load_ephemeris
from nightglass.core.timing.phase import PhaseModel
from nightglass.core.timing.sites import find_site
told = {}
for par in json.load(sys.stdin):
    model = PhaseModel(load_ephemeris(par), find_site("Clay"))
    turns, fraction = model.phase(day, [100.0, 200.0])
    told[par] = [int(turns[1] - turns[0]), *fraction.tolist(), model.ephemeris.f0_hz]
print(json.dumps(told))
"""


def _fold(python: str, home: Path, pars: list[str]) -> dict[str, list[float]]:
    """Fold in a process that has never seen a cache, and whose standard error is empty."""
    environment = os.environ | {
        "HOME": str(home), "XDG_CACHE_HOME": str(home), "XDG_CONFIG_HOME": str(home)
    }  # fmt: skip
    done = subprocess.run(
        [python, "-c", SCRIPT],
        input=json.dumps(pars),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    told: dict[str, list[float]] = json.loads(done.stdout)
    return told


def _check(told: dict[str, list[float]]) -> None:
    for whole, first, second, f0_hz in told.values():
        assert 0.0 <= first < 1.0
        assert 0.0 <= second < 1.0
        # Years of spin-down, the Earth's motion and an orbit change F0 by less than a hundredth.
        assert whole + second - first == pytest.approx(100.0 * f0_hz, rel=1e-2)


def test_a_fresh_machine_without_network_folds_400_days_past_the_earth_rotation_table(
    python: str, tmp_path: Path
) -> None:
    pulsars = [PULSARS["isolated"], PULSARS["TZR"].replace("TZRSITE @", "TZRSITE ncyobs")]
    _check(_fold(python, tmp_path, pulsars))


def test_all_real_par_files_fold_without_network(python: str, tmp_path: Path, shared: Path) -> None:
    pars = sorted(str(path) for path in (shared / "data" / "par").glob("*.par"))
    told = _fold(python, tmp_path, pars)
    assert len(told) == len(pars) >= 19
    _check(told)


def test_preparing_twice_is_free_of_charge_and_forbids_downloads() -> None:
    from astropy.utils import data, iers

    offline.prepare()
    offline.prepare()
    assert not data.conf.allow_internet
    assert not iers.conf.auto_download
    assert iers.conf.auto_max_age is None


def test_warnings_of_pint_are_gathered_and_the_filters_left_as_they_were() -> None:
    before = list(warnings.filters)
    with offline.contained() as messages:
        warnings.warn("a word from PINT", UserWarning, stacklevel=1)
    assert messages == ["a word from PINT"]
    assert list(warnings.filters) == before


def test_the_ephemeris_in_use_is_the_one_asked_for_whatever_others_have_set() -> None:
    from astropy.coordinates import solar_system_ephemeris

    offline.prepare()
    with offline.PINT_LOCK:
        solar_system_ephemeris.set("builtin")
        offline.use_kernel("de421")
        assert solar_system_ephemeris.get() == str(offline.ephemeris_path("DE421"))


def test_the_age_of_the_earth_rotation_table_counts_from_the_last_measured_day() -> None:
    until = offline.iers_measured_until_mjd()
    moment = datetime.fromtimestamp((until + 400.0 - 40587.0) * 86400.0, tz=UTC)
    assert offline.iers_age_days(moment) == pytest.approx(400.0, abs=1e-6)
    assert offline.iers_note(moment).endswith("can be off by 0.056 us.")
    assert "400 days before, beyond its predictions" in offline.iers_note(moment)
    assert "predictions are used" in offline.iers_note(moment - timedelta(days=100))
    assert offline.iers_age_days() == pytest.approx(
        offline.iers_age_days(datetime.now(UTC)), abs=0.01
    )
