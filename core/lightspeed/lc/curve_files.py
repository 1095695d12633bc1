"""Light curves in files: the published columns first, then ours; one unit for each source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError
from ..card_text import ascii_text
from ..products import write_fits
from .lightcurve import PHOTONS, Lightcurve
from .tables import open_fits, plain_header

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...frames.positioned import PathLike

# Name, field of a light curve, unit (None: that of the flux), in the published order.
_PUBLISHED = (
    ("PHASEHI", "phase_hi", "turn"),
    ("PHASELO", "phase_lo", "turn"),
    ("FLUX", "flux", None),
    ("ERROR", "error", None),
    ("EXPOSURE", "exposure", "s"),
)
_OF_FLUX = ("SKY", "SKY_ERROR", "ERROR_POISSON")


def save_light_curves(
    curves: Sequence[Lightcurve], filename: PathLike, *, clobber: bool = False
) -> Path:
    """Write light curves to one file, that of the first source first.

    Columns are float64 natively and float32 under published conventions.

    Raises
    ------
    NightglassError
        If it exists and `clobber` is not set, or it cannot be written; nothing is left then.
    """
    from astropy.io import fits

    units: list[Any] = [fits.PrimaryHDU()]
    taken: set[str] = set()
    for number, curve in enumerate(curves, start=1):
        unit = _unit_of(curve)
        name = (curve.name or f"source {number}").upper()
        name = name if name not in taken else f"{name} {number}"
        taken.add(name)
        unit.header["EXTNAME"] = (ascii_text(name), "source")
        units.append(unit)
    return write_fits(units, Path(filename), clobber=clobber)


def load_light_curves(filename: PathLike) -> tuple[Lightcurve, ...]:
    """Read all light curves of a file of ours or of a published version.

    Raises
    ------
    NightglassError
        If the file cannot be read or holds no light curve.
    """
    path = Path(filename)
    with open_fits(path, "light curve") as units:
        found = [unit for unit in units[1:] if _is_light_curve(unit)]
        if not found:
            raise NightglassError(
                "No light curve", f"{path.name} holds no table of a light curve.",
                "Choose a file that 'nightglass lc' wrote.", path,
            )  # fmt: skip
        return tuple(_curve_of(unit) for unit in found)


def _is_light_curve(unit: Any) -> bool:
    columns = getattr(unit, "columns", None)
    return columns is not None and all(name in columns.names for name, _, _ in _PUBLISHED)


def _curve_of(unit: Any) -> Lightcurve:
    header = unit.header
    names = [name for name, _, _ in _PUBLISHED]
    known: dict[str, Any] = {
        field: np.array(unit.data[name], np.float64) for name, field, _ in _PUBLISHED
    }
    further = {
        name: np.array(unit.data[name], np.float64)
        for name in unit.columns.names
        if name not in names and unit.columns[name].format in {"D", "E"}
    }
    told = unit.columns["FLUX"].unit
    extras: dict[str, Any] = {} if told is None else {"unit": str(told)}
    return Lightcurve(
        **known,
        columns=further,
        name=str(header.get("REGION", "")),
        spread_bins=float(header.get("BINSPRED", 1.0)),
        duration_s=float(header.get("DURATION") or 0.0),
        header=plain_header(header),
        **extras,
    )


def _unit_of(curve: Lightcurve) -> Any:
    from astropy.io import fits

    told = fits.Header() if curve.header is None else curve.header
    is_published = str(told.get("COMPAT", "none")) not in {"none", ""}
    letter = "E" if is_published else "D"
    columns = [
        fits.Column(name, letter, unit=unit or curve.unit, array=getattr(curve, field))
        for name, field, unit in _PUBLISHED
    ]
    for name, values in curve.columns.items():
        unit = curve.unit if name in _OF_FLUX else None
        columns.append(fits.Column(name, letter, unit=unit, array=values))
    made = fits.BinTableHDU.from_columns(columns)
    made.header["EXPTIME"] = (float(curve.exposure.sum()), "[s] of all bins")
    made.header["DURATION"] = (curve.duration_s, "[s] of a frame; 0 where they differ")
    made.header.extend(told, strip=True, update=True)
    made.header["EXPTIME"], made.header["DURATION"] = float(curve.exposure.sum()), curve.duration_s
    made.header["REGION"] = (ascii_text(curve.name), "source")
    made.header["BINSPRED"] = (curve.spread_bins, "bins that a frame is spread over")
    made.header["QECORR"] = ("T" if curve.unit == PHOTONS else "F", "quantum efficiency undone")
    return made
