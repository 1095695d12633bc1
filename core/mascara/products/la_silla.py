"""The light curves of a night in the layout of La Silla, from the night files alone.

::

    /header             attributes: site, camera, apertures
    /stars              one dataset a field, one row a star
    /station            one dataset a field, one row an exposure, sorted by lstseq
    /lightcurves/<ascc> the points of a star, joined with /station on lstseq
    /astrometry         one dataset a field, one row a solution (fast file only)

A solution is the tangent plane with polynomials of Legendre that comes closest to our camera model,
for observed hour angles and declinations: La Silla's polynomials take up the refraction as well.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...atomic import replacing
from ...errors import NightglassError, translate
from ...timing.sidereal import BATCH
from ...timing.stations import find_station
from ..camera.equatorial import EquatorialSolution
from ..camera.model import CameraModel
from ..photometry.flags import split_lp_flag
from .night_file import new_hdf5, write_attributes, write_columns
from .night_reading import NightFile
from .records import solution_names
from .rows import apertures_of
from .space import require_space

if TYPE_CHECKING:
    import os

    import h5py
    from numpy.typing import NDArray

    Table = NDArray[np.void]

_NOT_CALIBRATED = 1
"""``cflag`` of a point without calibrated magnitude."""
_STAR = [
    ("ascc", "S32"), ("nobs", "<u4"), ("lstsqmin", "<u4"), ("lstsqmax", "<u4"), ("ra", "<f8"),
    ("dec", "<f8"), ("vmag", "<f8"), ("bmag", "<f8"), ("sptype", "S9"), ("blend", "S1"),
    ("var", "u1"),
]  # fmt: skip
# Points of the chip whose places in the sky are told, as parts of its size.
_POINTS = np.array([[0.25, 0.25], [0.25, 0.75], [0.5, 0.5], [0.75, 0.25], [0.75, 0.75]])
_KINDS = (("fLC_", "fast_"), ("sLC_", "slow_"))


def point_dtype(naper: int) -> np.dtype[np.void]:
    """Type of a point; 63 bytes with two apertures."""
    return np.dtype(
        [
            ("lstseq", "<u4"), ("sky", "<f8"), ("esky", "<f4"), ("peak", "<f4"), ("x", "<f4"),
            ("y", "<f4"), ("pflag", "u1"), ("aflag", "u1"), ("tmpmag0", "<f4"),
            ("tmpemag0", "<f4"), ("cflag", "u1"), *((f"flux{k}", "<f8") for k in range(naper)),
            *((f"eflux{k}", "<f4") for k in range(naper)),
        ]
    )  # fmt: skip


def export_la_silla(
    fast_path: str | os.PathLike[str],
    slow_path: str | os.PathLike[str],
    out_dir: str | os.PathLike[str],
) -> list[Path]:
    """Write ``fast_<date><cam>.hdf5`` and ``slow_<date><cam>.hdf5``.

    Parameters
    ----------
    fast_path, slow_path : path-like
        Night files in the La Palma layout; one that is not there is passed over.
    out_dir : path-like
        Made where it is not there; files of these names are replaced.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    NightglassError
        If neither is there, one cannot be read, or the disk does not take the result.
    """
    found = [Path(path) for path in (fast_path, slow_path) if Path(path).exists()]
    if not found:
        raise NightglassError(
            "There are no light curves to export",
            f"Neither {fast_path} nor {slow_path} is there.",
            "They are made at the end of the night.",
            Path(fast_path),
        )
    return [_exported(path, Path(out_dir)) for path in found]


def _exported(path: Path, folder: Path) -> Path:
    name = path.name
    for ours, theirs in _KINDS:
        name = theirs + name.removeprefix(ours) if name.startswith(ours) else name
    final = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        require_space(final, path.stat().st_size)
        with NightFile(path) as night, replacing(final) as temporary, new_hdf5(temporary) as file:
            _fill(file, night)
    except OSError as error:
        raise translate(error, final) from error
    return final


def _fill(file: h5py.File, night: NightFile) -> None:
    write_attributes(file.create_group("header"), _header(night))
    write_columns(file.create_group("station"), night.station)
    write_columns(file.create_group("stars"), _write_light_curves(file, night))
    if "nimages" not in (night.station.dtype.names or ()):
        write_columns(file.create_group("astrometry"), _solutions(night))


def _solutions(night: NightFile) -> Table:
    rows = night.astrometry[solution_names()].copy()
    latitude_deg = _place(night.globals).get("lat")
    for row, ours in zip(rows, night.astrometry, strict=True):
        if latitude_deg is not None and ours["model"]:
            solution = _equatorial(ours["model"], latitude_deg, float(ours["lst"]))
            for name, values in solution.items():
                row[name] = values
    return np.asarray(rows)


def _equatorial(model: bytes, latitude_deg: float, lst_h: float) -> dict[str, Any]:
    """Fields of La Silla's astrometry for a camera model as JSON."""
    found = EquatorialSolution.of_model(
        CameraModel.from_json(json.loads(model)), latitude_deg, lst_h
    )
    x, y = _POINTS[:, 0] * found.nx, _POINTS[:, 1] * found.ny
    ra_deg, dec_deg = found.sky(x, y, lst_h)
    tables = zip(("wcs2pix", "pix2wcs"), (found.wcs_to_pixel, found.pixel_to_wcs), strict=True)
    return {
        "crval": found.crval_deg, "crpix": found.crpix, "pc": found.pc,
        **{f"{axis}_{way}": table
           for way, pair in tables for axis, table in zip("xy", pair, strict=True)},
        **{f"ra{place}": value for place, value in enumerate(ra_deg)},
        **{f"dec{place}": value for place, value in enumerate(dec_deg)},
    }  # fmt: skip


def _header(night: NightFile) -> dict[str, Any]:
    facts, naper = night.globals, int(night.globals.get("NAPER", 0))
    header = {
        "site-obs": facts.get("STATION", ""),
        "cam-obs": facts.get("CAMERA", ""),
        **_place(facts),
        **{name: str(facts.get(name.upper(), "")) for name in ("aversion", "cversion", "rversion")},
        "exptime": _median(night.station["exptime"]),
        "aper": [facts.get(f"APER{k}", np.nan) for k in range(naper)],
        "skyrad": [facts.get(f"SKYRAD{k}", np.nan) for k in range(2)],
    }
    if "ccdtemp" in (night.station.dtype.names or ()):
        header["ccdtemp"] = _median(night.station["ccdtemp"])
    return header


def _place(facts: dict[str, Any]) -> dict[str, float]:
    """Latitude, longitude and elevation; a night of an unknown site has none."""
    try:
        station = find_station(facts.get("STATION", ""))
    except NightglassError:
        return {}
    return {
        "lat": station.latitude_deg, "lon": station.longitude_deg, "alt": station.elevation_m
    }  # fmt: skip


def _median(values: NDArray[Any]) -> float:
    return float(np.median(values.astype(np.float64))) if len(values) else np.nan


def _write_light_curves(file: h5py.File, night: NightFile) -> Table:
    """Write the points of every star; the table of stars."""
    group = file.create_group("lightcurves")
    stars = np.zeros(len(night.header), np.dtype(_STAR))
    for name, source in (("sptype", "spectype"), *((name, name) for name, _ in _STAR)):
        if source in (night.header.dtype.names or ()):
            stars[name] = night.header[source]
    flags = _astrometry_flags(night)
    for star, (ascc, points) in zip(stars, night.stars(), strict=True):
        rows = _points(points, flags)
        star["lstsqmin"], star["lstsqmax"] = rows["lstseq"][0], rows["lstseq"][-1]
        group.create_dataset(str(ascc), data=rows, track_times=False)
    return stars


def _points(points: Table, flags: dict[int, int]) -> Table:
    dtype = point_dtype(apertures_of(points.dtype.names or ()))
    rows = np.zeros(len(points), dtype)
    for name in set(dtype.names or ()) & set(points.dtype.names or ()):
        rows[name] = points[name]
    batches, which = np.unique(points["lstseq"] // BATCH, return_inverse=True)
    rows["aflag"] = np.array([flags.get(int(batch), 0) for batch in batches], np.uint8)[which]
    rows["pflag"] = split_lp_flag(points["flag"])[0]
    rows["tmpmag0"] = rows["tmpemag0"] = np.nan
    rows["cflag"] = _NOT_CALIBRATED
    return rows


def _astrometry_flags(night: NightFile) -> dict[int, int]:
    """``aflag`` of every batch."""
    solutions = night.astrometry
    return {int(row["lstseq"]) // BATCH: int(row["aflag"]) for row in solutions}
