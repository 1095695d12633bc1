"""Tables and pictures as files: FITS, ECSV or CSV by the suffix, whole or absent."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ....errors import NightglassError
from ...card_text import ascii_text, write_lines
from ...products import column_format, new_file, write_fits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from astropy.io.fits import Header
    from numpy.typing import NDArray

FITS_SUFFIXES = (".fits", ".fit", ".fts")
ECSV_SUFFIX, CSV_SUFFIX = ".ecsv", ".csv"
TABLE_SUFFIXES = (*FITS_SUFFIXES, ECSV_SUFFIX, CSV_SUFFIX)

# astropy's word for a unit, where it is another one than that of our FITS products.
_OF_ASTROPY = {"turn": "cycle"}
_DROPPED = re.compile(r"[\x00-\x1f\x7f]+")
_MOST_ON_CARD = 68  # characters of a text between its quotes


class Fact(NamedTuple):
    """One thing known of a product: its FITS card, its value and what it means.

    Text that is not explained may have several lines: these become cards with numbers.
    """

    card: str
    value: str | int | float | bool | None
    about: str


@dataclass(frozen=True, eq=False)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : str
    values : ndarray, shape (n,)
        Of int64, float64 or text.
    unit : str
        In FITS spelling; "" for none.
    about : str
        What it is.
    """

    name: str
    values: NDArray[Any]
    unit: str = ""
    about: str = ""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table with a name and what is known of it."""

    name: str
    columns: tuple[Column, ...]
    facts: tuple[Fact, ...] = ()
    version: int = 1


@dataclass(frozen=True, eq=False)
class Picture:
    """An array of two axes with a name; `cards` tell where its pixels lie."""

    name: str
    values: NDArray[np.float64]
    unit: str
    cards: tuple[Fact, ...] = field(default=())
    version: int = 1


def require_suffix(path: str | Path, known: Sequence[str], what: str) -> str:
    """Give the suffix of a name in lower case.

    Raises
    ------
    NightglassError
        If it is none of those known.
    """
    suffix = Path(path).suffix.lower()
    if suffix in known:
        return suffix
    raise NightglassError(
        "Unknown kind of file",
        f"{Path(path).name} does not say how {what} should be written.",
        f"End the name in {', '.join(known[:-1])} or {known[-1]}."
        if len(known) > 1
        else f"End the name in {known[0]}.",
        path,
    )


def write_fits_file(
    path: str | Path, facts: Iterable[Fact], parts: Sequence[Sheet | Picture], *, clobber: bool
) -> Path:
    """Write a FITS file: facts in the primary header, then tables and pictures."""
    from astropy.io import fits

    primary = fits.PrimaryHDU()
    tell(primary.header, facts)
    units = [table_unit(one) if isinstance(one, Sheet) else _picture_unit(one) for one in parts]
    return write_fits([primary, *units], path, clobber=clobber)


def write_text_file(path: str | Path, sheet: Sheet, *, clobber: bool) -> Path:
    """Write one table as ECSV or CSV; in CSV what is known of it stands after ``#``."""
    with new_file(path, clobber=clobber) as temporary:
        if Path(path).suffix.lower() == ECSV_SUFFIX:
            astropy_table(sheet).write(temporary, format="ascii.ecsv", overwrite=True)
        else:
            _write_csv(temporary, sheet)
    return Path(path)


def _write_csv(path: Path, sheet: Sheet) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(comment_lines(sheet.facts))
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(one.name for one in sheet.columns)
        rows.writerows(zip(*(one.values.tolist() for one in sheet.columns), strict=True))


def tell(header: Header, facts: Iterable[Fact]) -> None:
    """Write facts into a header; what is not known is left out."""
    for card, value, about in facts:
        if isinstance(value, str):
            lines = [_DROPPED.sub(" ", line) for line in value.splitlines()] or [""]
            if about:
                text = ascii_text(" ".join(lines))
                header[card] = (text, about if _has_room(text, about) else "")
            else:
                write_lines(header, card, lines)
        elif value is not None:
            header[card] = (_known(value), about)


def _has_room(text: str, about: str) -> bool:
    """Whether a comment fits behind a text on its card, or both go over several cards."""
    length = len(text.replace("'", "''"))
    return length > _MOST_ON_CARD or length + len(about) <= _MOST_ON_CARD - 3


def comment_lines(facts: Iterable[Fact]) -> Iterator[str]:
    """Facts as lines that begin with ``#``."""
    for card, value, _ in facts:
        if value is not None:
            for line in str(value).splitlines() or [""]:
                yield f"# {card}: {line}\n"


def astropy_table(sheet: Sheet) -> Any:
    """Give a sheet as an astropy Table, facts in its `meta`."""
    from astropy.table import Column as TableColumn
    from astropy.table import Table

    columns = [
        TableColumn(one.values, one.name, description=one.about or None, unit=_unit(one))
        for one in sheet.columns
    ]
    facts = {fact.card: _lines(fact.value) for fact in sheet.facts if fact.value is not None}
    return Table(columns, meta=facts)


def _lines(value: Any) -> Any:
    """Give text of several lines as a list: the header of ECSV loses the ends of lines."""
    if isinstance(value, str) and "\n" in value:
        return value.splitlines()
    return _known(value)


def _unit(column: Column) -> str | None:
    """Give the unit as astropy spells it."""
    return _OF_ASTROPY.get(column.unit, column.unit) or None


def table_unit(sheet: Sheet) -> Any:
    """Give a sheet as a FITS table."""
    from astropy.io import fits

    made = fits.BinTableHDU.from_columns(
        [
            fits.Column(one.name, column_format(one.values), one.unit or None, array=_ascii(one))
            for one in sheet.columns
        ],
        name=sheet.name,
        ver=sheet.version,
    )
    for number, one in enumerate(sheet.columns, start=1):
        made.header.comments[f"TTYPE{number}"] = one.about
    tell(made.header, sheet.facts)
    return made


def _ascii(column: Column) -> NDArray[Any]:
    if column.values.dtype.kind != "U":
        return column.values
    return np.array([ascii_text(text) for text in column.values.tolist()])


def _picture_unit(picture: Picture) -> Any:
    from astropy.io import fits

    made = fits.ImageHDU(picture.values, name=picture.name, ver=picture.version)
    made.header["BUNIT"] = picture.unit
    tell(made.header, picture.cards)
    return made


def _known(value: Any) -> Any:
    """Give a number as a word where FITS and YAML have none for it."""
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value
