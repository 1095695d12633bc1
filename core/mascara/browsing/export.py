"""The light curve of a star as a file of its own: CSV, ECSV or FITS, with units and origin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...atomic import write_bytes
from ...errors import NightglassError, translate
from ..products.rows import FLUX_UNIT, unit_of

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from .curve import Curve

SUFFIXES = (".csv", ".ecsv", ".fits")
"""Kinds of files that can be written."""

# Units of the points as FITS and ECSV spell them.
_UNITS = {FLUX_UNIT: "adu", "ADU": "adu", "pixel": "pix", "Celsius": "deg_C"}
_COMMENTS = {
    "ASCC": "number of the star in the catalogue", "HD": "Henry Draper number, 0: none",
    "HIP": "Hipparcos number, 0: none", "RA": "[deg] right ascension, ICRS, J2000",
    "DEC": "[deg] declination, ICRS, J2000", "VMAG": "[mag] catalogue V",
    "BMAG": "[mag] catalogue B", "SPTYPE": "spectral type", "KIND": "fast: exposures, slow: binned",
    "CAMERAS": "in order of first sight", "NOBS": "points", "FLUXUNIT": "unit of the fluxes",
    "JDTIME": "jdmid is", "COMPLETE": "T: all cameras are merged", "SOURCE": "folder of the night",
    "PROGRAM": "written by",
}  # fmt: skip


def write_curve(
    curve: Curve,
    path: str | os.PathLike[str],
    *,
    source: str = "",
    clobber: bool = False,
) -> Path:
    """Write all points of a star; the file is whole or absent.

    Parameters
    ----------
    curve : Curve
    path : path-like
        The suffix tells the kind, see `SUFFIXES`.
    source : str
        Folder of the night, for the header.
    clobber : bool
        Whether a file that exists is replaced.

    Raises
    ------
    NightglassError
        If there is no point, the kind is not known, the file exists, or cannot be written.
    """
    final = Path(path)
    suffix = final.suffix.lower()
    _require(curve, final, clobber=clobber)
    rows, facts = curve_table(curve), _facts(curve, source)
    make = {".csv": _csv, ".ecsv": _ecsv, ".fits": _fits}[suffix]
    try:
        write_bytes(final, make(rows, facts))
    except OSError as error:
        raise translate(error, final) from error
    return final


def curve_table(curve: Curve) -> NDArray[np.void]:
    """Points with the name of their camera in a first column."""
    width = max((len(name) for name in curve.cameras), default=1)
    names = np.array(curve.cameras or ("",), f"S{width}")
    fields = [(name, curve.points.dtype[name]) for name in curve.points.dtype.names or ()]
    rows = np.empty(len(curve), [("camera", names.dtype), *fields])
    rows["camera"] = names[curve.camera]
    for name, _ in fields:
        rows[name] = curve.points[name]
    return rows


def _require(curve: Curve, path: Path, *, clobber: bool) -> None:
    if path.suffix.lower() not in SUFFIXES:
        raise _refusal(
            f"The name {path.name} does not tell the kind of file.",
            f"Let it end in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}.", path,
        )  # fmt: skip
    if not len(curve):
        raise _refusal(
            f"Star {curve.ascc} has no {curve.kind} points in this night.",
            "Choose another star, or the other kind.", path,
        )  # fmt: skip
    if path.exists() and not clobber:
        raise NightglassError(
            "The file is there already", f"{path} exists and is not replaced.",
            "Choose another name, or add --clobber to replace it.", path,
        )  # fmt: skip
    if not path.absolute().parent.is_dir():
        raise _refusal(
            f"The folder {path.absolute().parent} is not there.",
            "Make it first, or choose another.", path,
        )  # fmt: skip


def _refusal(text: str, hint: str, path: Path) -> NightglassError:
    return NightglassError("Cannot write the light curve", text, hint, path)


def _facts(curve: Curve, source: str) -> dict[str, Any]:
    """What a header tells, by names of cards."""
    from .... import __version__

    facts = {_CARDS.get(name, name.upper()): value for name, value in curve.facts.items()}
    return {
        **facts, "ASCC": curve.ascc, "KIND": curve.kind, "CAMERAS": " ".join(curve.cameras),
        **{f"APER{place}": radius for place, radius in enumerate(curve.radii_px)},
        "NOBS": len(curve), "FLUXUNIT": FLUX_UNIT, "JDTIME": "UTC, middle of the exposure",
        "COMPLETE": curve.is_complete, **({"SOURCE": source} if source else {}),
        "PROGRAM": f"nightglass {__version__}",
    }  # fmt: skip


_CARDS = {"ra_deg": "RA", "dec_deg": "DEC", "spectype": "SPTYPE"}


def _unit(field: str) -> str:
    unit = unit_of(field)
    return _UNITS.get(unit, unit)


def _fits(rows: NDArray[np.void], facts: dict[str, Any]) -> bytes:
    from ..products.fits_table import fits_bytes

    comments = {**_COMMENTS, **{f"APER{k}": "[pix] radius of an aperture" for k in range(10)}}
    # FITS has no word for degrees Celsius.
    return fits_bytes(
        rows, facts, name="LIGHTCURVE", comments=comments,
        unit_of=lambda field: "" if _unit(field) == "deg_C" else _unit(field),
    )  # fmt: skip


def _csv(rows: NDArray[np.void], facts: dict[str, Any]) -> bytes:
    """Comment lines with facts and units, a line of names, and one of each point."""
    names = rows.dtype.names or ()
    units = ", ".join(f"{name} [{unit_of(name)}]" for name in names if unit_of(name))
    head = [f"# {name}: {value}" for name, value in facts.items()]
    columns = [_texts(rows[name]) for name in names]
    lines = [
        *head,
        f"# units: {units}",
        ",".join(names),
        *map(",".join, zip(*columns, strict=True)),
    ]
    return ("\n".join(lines) + "\n").encode()


def _texts(values: NDArray[Any]) -> list[str]:
    """The shortest texts that give the same numbers again."""
    texts: list[str] = values.astype(str).tolist()
    return texts


def _ecsv(rows: NDArray[np.void], facts: dict[str, Any]) -> bytes:
    from io import StringIO

    from astropy.table import Table
    from astropy.units import Unit

    columns = {name: rows[name] for name in rows.dtype.names or ()}
    table = Table({**columns, "camera": rows["camera"].astype(str)}, meta=facts)
    for name in columns:
        if _unit(name):
            table[name].unit = Unit(_unit(name))
    text = StringIO()
    table.write(text, format="ascii.ecsv")
    return text.getvalue().encode()
