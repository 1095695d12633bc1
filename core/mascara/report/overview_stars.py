"""Light curves of bright stars out of night files, or of star files, for the overview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError, translate

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

MAGNITUDES = (4.75, 4.80)
BRIGHTEST_ADU_S = 30000.0
"""Stars with a higher mean rate are saturated and left out."""

_TABLES = ("header_table", "table_header")


@dataclass(frozen=True, eq=False)
class StarCurve:
    """One star of one file.

    Parameters
    ----------
    ascc : str
    vmag : float
    is_slow : bool
        Of binned images.
    jd : ndarray, shape (n,)
        Mid-exposure, UTC.
    rate_adu_s : ndarray, shape (n,)
        Flux of the first aperture divided by the exposure time.
    """

    ascc: str
    vmag: float
    is_slow: bool
    jd: Numbers
    rate_adu_s: Numbers


@dataclass(frozen=True, eq=False)
class OverviewStars:
    """What an overview shows.

    Parameters
    ----------
    curves : tuple of StarCurve
    station : str
        As the files name it; empty where they do not.
    camera : str
    """

    curves: tuple[StarCurve, ...]
    station: str
    camera: str


def read_overview_stars(
    path: Path, night: str, magnitudes: tuple[float, float] = MAGNITUDES
) -> OverviewStars:
    """Read the stars of a magnitude range.

    Parameters
    ----------
    path : Path
        A night file, a folder of night files or of FITS light curves, or the folder of a
        camera's night.
    night : str
        Evening date that file names must contain; empty: any.
    magnitudes : (float, float)
        Brightest and faintest V, inclusive.

    Raises
    ------
    NightglassError
        If there are no light curves, or a file cannot be read.
    """
    files = light_curve_files(path, night)
    found: list[StarCurve] = []
    globals_: dict[str, str] = {}
    for file in files:
        try:
            read = _of_fits if file.suffix == ".fits" else _of_night_file
            own_globals, curves = read(file, magnitudes)
        except (OSError, KeyError, ValueError) as error:
            raise _refusal(file, error) from error
        globals_ |= {name: text for name, text in own_globals.items() if text}
        found += [curve for curve in curves if np.nanmean(curve.rate_adu_s) < BRIGHTEST_ADU_S]
    found.sort(key=lambda curve: (curve.vmag, curve.ascc, curve.is_slow))
    return OverviewStars(tuple(found), globals_.get("station", ""), globals_.get("camera", ""))


def light_curve_files(path: Path, night: str) -> list[Path]:
    """The night files of a folder; its FITS light curves where there are none.

    Raises
    ------
    NightglassError
        If there are neither.
    """
    if path.is_file():
        return [path]
    nights = [
        file
        for folder in (path, path / "fLC", path / "sLC")
        for file in sorted(folder.glob(f"[fs]LC_*{night}*.hdf5"))
    ]
    stars = [file for folder in ("", "slow") for file in sorted((path / folder).glob("*.fits"))]
    if not nights and not stars:
        raise NightglassError(
            "No light curves to draw",
            f"There is no night file{f' of {night}' if night else ''} and no FITS light curve "
            f"in {path}.",
            "They come at the end of a night; 'nightglass night status' tells how far it is.",
            path,
        )
    return nights or stars


def _refusal(file: Path, error: Exception) -> NightglassError:
    if isinstance(error, OSError) and error.errno is not None:
        return translate(error, file)
    return NightglassError(
        "Could not read a light curve",
        f"{file.name} is damaged or no file of light curves ({error}).",
        "Make it again with 'nightglass night reduce ... --resume'.",
        file,
    )


def _of_night_file(
    path: Path, magnitudes: tuple[float, float]
) -> tuple[dict[str, str], list[StarCurve]]:
    import h5py

    with h5py.File(path, "r") as file:
        header = file[next((name for name in _TABLES if name in file), _TABLES[0])]
        ascc, vmag = header["ascc"][:], header["vmag"][:]
        inside = np.flatnonzero((vmag >= magnitudes[0]) & (vmag <= magnitudes[1]))
        curves = [
            _curve(_text(ascc[k]), float(vmag[k]), path, file["data"][_text(ascc[k])][:])
            for k in inside
        ]
        return _globals({name: file["global"].attrs[name] for name in file["global"].attrs}), curves


def _of_fits(path: Path, magnitudes: tuple[float, float]) -> tuple[dict[str, str], list[StarCurve]]:
    from astropy.io import fits

    with fits.open(path, memmap=True) as units:
        cards = {**units[0].header, **units[1].header}
        vmag = float(cards["VMAG"])
        if not magnitudes[0] <= vmag <= magnitudes[1]:
            return {}, []
        curve = _curve(str(cards["ASCC"]), vmag, path, np.array(units[1].data))
        return _globals(cards), [curve]


def _curve(ascc: str, vmag: float, path: Path, rows: Any) -> StarCurve:
    jd = np.asarray(rows["jdmid"], np.float64)
    rate = np.asarray(rows["flux0"], np.float64) / np.asarray(rows["exptime"], np.float64)
    is_slow = path.name.startswith("sLC") or path.parent.name == "slow"
    good = np.isfinite(rate) & np.isfinite(jd)
    return StarCurve(ascc, vmag, is_slow, jd[good], rate[good])


def _globals(attributes: dict[str, Any]) -> dict[str, str]:
    """Station and camera; writers disagree about upper and lower case."""
    lower = {name.lower(): value for name, value in attributes.items()}
    return {name: _text(lower.get(name, "")) for name in ("station", "camera")}


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
