"""Portions of light curves that were pickled star by star, joined into FITS files.

Pickles are only read here; nothing writes them.
"""

from __future__ import annotations

import logging
import pickle
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError, translate
from .dictionaries import points_of_star, star_facts
from .safe_pickle import read_pickle
from .star_fits import write_star

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    Table = NDArray[np.void]

_log = logging.getLogger(__name__)
_SEPARATORS = re.compile(r"[_.\- ]")


def combine_pickles(
    folder: str | os.PathLike[str], save_folder: str | os.PathLike[str], star: int | str
) -> Path:
    """Join the pickles of one star into ``<star>.fits``, and remove them when that is on the disk.

    Parameters
    ----------
    folder : path-like
        Where the pickles are: ``<star>.pkl``, ``<star>_<anything>.pkl``. What stands before the
        first ``_``, ``-``, ``.`` or blank must be the identifier, whole: star 12 is not 123.
    save_folder : path-like
        Made where it is not there. Points of a file that is there already stay.
    star : int or str
        Identifier.

    Returns
    -------
    Path
        The FITS file.

    Raises
    ------
    NightglassError
        If there is no readable pickle of the star, or the file cannot be written; all pickles
        are still there then.

    Notes
    -----
    A pickle that is damaged or holds more than arrays and plain types is left where it is, with a
    warning in the log.
    """
    readable = dict(_contents(_pickles_of(Path(folder), star), star))
    if not readable:
        raise NightglassError(
            "There is nothing to join",
            f"{folder} has no readable pickle of star {star}.",
            "Their names begin with the identifier of the star, such as 807144_0001.pkl.",
            folder,
        )
    path = Path(save_folder, f"{star}.fits")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        parts, facts = _known(path)
    except OSError as error:
        raise translate(error, path) from error
    for points, own in readable.values():
        parts.append(points)
        facts |= own
    joined = points_of_star(np.concatenate(parts))
    write_star(path, star, joined, {**facts, "jdstart": joined["jdmid"][0]})
    for pickled in readable:
        pickled.unlink(missing_ok=True)
    return path


def _pickles_of(folder: Path, star: int | str) -> list[Path]:
    wanted = _identifier(str(star))
    return sorted(
        path
        for path in folder.glob("*.pkl")
        if _identifier(_SEPARATORS.split(path.stem)[0]) == wanted
    )


def _identifier(text: str) -> str:
    """A number without leading zeros."""
    return str(int(text)) if text.isdecimal() else text


def _contents(paths: list[Path], star: int | str) -> list[tuple[Path, tuple[Table, Any]]]:
    """Points and facts of every pickle that can be read."""
    found = []
    for path in paths:
        try:
            content = read_pickle(path)
            entry = _entry(content, star)
            found.append((path, (points_of_star(entry), star_facts(entry))))
        except (OSError, pickle.UnpicklingError, NightglassError, ValueError, TypeError) as error:
            _log.warning("The pickle %s is passed over: %s", path.name, error)
    return found


def _entry(content: Any, star: int | str) -> Any:
    """Columns of the star, whether the pickle holds them alone or under its identifier."""
    if not isinstance(content, Mapping):
        return content
    for key in (star, str(star), _identifier(str(star))):
        if key in content:
            return content[key]
    own = content.get("ascc")
    if own is not None and _identifier(str(np.ravel(own)[0])) != _identifier(str(star)):
        raise ValueError(f"it belongs to star {np.ravel(own)[0]}")
    return content


def _known(path: Path) -> tuple[list[Table], dict[str, Any]]:
    """Points and cards of a file that was written before."""
    from astropy.io import fits

    if not path.exists():
        return [], {}
    with fits.open(path, memmap=False) as file:
        cards = dict(file[0].header)
        names = file[1].columns.names
        columns = {name: np.asarray(file[1].data[name]) for name in names}
    return [points_of_star(columns)], cards
