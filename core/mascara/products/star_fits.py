"""Light curves of single stars as FITS tables, one file a star."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...atomic import replacing
from ...errors import translate
from .fits_table import fits_bytes
from .merging import facts_of, light_curves, open_batches
from .rows import FLUX_UNIT, rows_needed, unit_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from .merging import LightCurve

    Table = NDArray[np.void]

_EXTENSION = "LIGHTCURVE"
# Facts of a star whose card has another name than the field.
_CARDS = {"spectype": "SPTYPE", "blendvalue": "BLENDVAL"}
_COMMENTS = {
    "ASCC": "number of the star in the catalogue",
    "RA": "[deg] right ascension, J2000",
    "DEC": "[deg] declination, J2000",
    "VMAG": "[mag] catalogue V",
    "BMAG": "[mag] catalogue B",
    "SPTYPE": "spectral type",
    "BLEND": "B: blended with another star",
    "BLENDVAL": "0: not blended, 1: overlapping",
    "NOBS": "points of the light curve",
    "VAR": "variability, as the catalogue tells it",
    "FLUXUNIT": "unit of the fluxes",
    "JDSTART": "[d] mid-exposure of the first point, UTC",
}
# The standard has no unit for these.
_FITS_UNITS = {FLUX_UNIT: "adu", "ADU": "adu", "Celsius": ""}
# Files that are settled on the disk together.
_PORTION = 200
_SYNCS = 4
_NEW = ".new"


def write_star(
    path: str | os.PathLike[str], ascc: int | str, rows: Table, header: Mapping[str, Any]
) -> Path:
    """Write the light curve of one star; the file is whole or absent.

    Parameters
    ----------
    path : path-like
        Replaced where it exists.
    ascc : int or str
        Identifier of the star, for its card.
    rows : structured ndarray, shape (n,)
        One column a field, as for `fits_table.fits_bytes`.
    header : mapping of str to number, str or bytes
        Cards of the primary header.

    Raises
    ------
    NightglassError
        If the file cannot be written or a field cannot be a column.
    """
    final = Path(path)
    try:
        with replacing(final) as temporary:
            temporary.write_bytes(star_bytes(ascc, rows, header))
    except OSError as error:
        raise translate(error, final) from error
    return final


def star_bytes(ascc: int | str, rows: Table, header: Mapping[str, Any]) -> bytes:
    """The file of `write_star`."""
    cards = {_CARDS.get(name, name): value for name, value in header.items()}
    cards = {"ASCC": ascc, **cards, "NOBS": len(rows), "FLUXUNIT": FLUX_UNIT}
    return fits_bytes(rows, cards, name=_EXTENSION, unit_of=_fits_unit, comments=_COMMENTS)


def write_stars(
    batch_paths: Sequence[Path],
    folder: Path,
    kind: str = "fast",
    minobs: int = 51,
    stars: Collection[int] | None = None,
    globals_: Mapping[str, Any] | None = None,
) -> list[int]:
    """Write ``<ascc>.fits`` for stars of the batches of a camera and night.

    Parameters
    ----------
    batch_paths : sequence of Path
        In order of time.
    folder : Path
        Fast light curves go here, slow ones into its folder ``slow``. Made where it is not there.
    kind : {"fast", "slow"}
    minobs : int
        Stars seen in fewer exposures are left out, as by `write_night_file`.
    stars : collection of int or None
        These. None: every star of the batches; files of other stars, whose points were taken
        back, are removed.
    globals_ : mapping of str to number or str, or None
        Cards of all files, added to the attributes of the batches.

    Returns
    -------
    list of int
        The stars written.
    """
    target = folder if kind == "fast" else folder / "slow"
    with open_batches(batch_paths) as readers:
        cards = facts_of(readers) | dict(globals_ or {})
        curves = light_curves(readers, rows_needed(minobs, kind), stars)
        written = write_light_curves(curves, target, cards)
    if stars is None:
        _forget_others(target, written)
    return written


def write_light_curves(
    curves: Iterable[LightCurve], folder: Path, globals_: Mapping[str, Any]
) -> list[int]:
    """Write ``<ascc>.fits`` for each light curve; every file is whole or absent.

    Parameters
    ----------
    curves : iterable of LightCurve
    folder : Path
        Made where it is not there. One writer at a time: what an earlier one left half done in
        its hidden folder is removed.
    globals_ : mapping of str to number or str
        Cards of all files.

    Returns
    -------
    list of int
        The stars that have a file now.
    """
    new, written = folder / _NEW, list[int]()
    try:
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        for curve in curves:
            content = star_bytes(curve.ascc, curve.points, _header(curve, globals_))
            if not _is_there(folder / f"{curve.ascc}.fits", content):
                (new / f"{curve.ascc}.fits").write_bytes(content)
            written.append(curve.ascc)
            if len(written) % _PORTION == 0:
                _settle(new, folder)
        _settle(new, folder)
    except OSError as error:
        raise translate(error, folder) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return written


def _forget_others(folder: Path, stars: Collection[int]) -> None:
    kept = {f"{ascc}.fits" for ascc in stars}
    for path in folder.glob("*.fits"):
        if path.stem.isdigit() and path.name not in kept:
            path.unlink()


def _fits_unit(field: str) -> str:
    unit = unit_of(field)
    return _FITS_UNITS.get(unit, unit)


def _header(curve: LightCurve, globals_: Mapping[str, Any]) -> dict[str, Any]:
    facts = {name: curve.facts[name] for name in curve.facts.dtype.names or ()}
    return {**facts, **globals_}


def _is_there(path: Path, content: bytes) -> bool:
    """Whether a file was written before, such as when its star left the chip."""
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except FileNotFoundError:
        return False


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _settle(new: Path, folder: Path) -> None:
    """Force new files to the disk and give them their names."""
    paths = sorted(new.iterdir())
    # A disk that is asked for several files settles them in the time of one.
    with ThreadPoolExecutor(_SYNCS) as threads:
        list(threads.map(_sync, paths))
    for path in paths:
        path.replace(folder / path.name)
    with suppress(OSError):  # some systems cannot settle a folder; the files are there
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
