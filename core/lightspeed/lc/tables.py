"""Tables as files: FITS, CSV or ECSV by the suffix, whole or absent."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError, translate
from ..products import column_format, new_file, write_fits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from astropy.io.fits import Header
    from numpy.typing import NDArray

    from ...frames.positioned import PathLike

# Structure of a table, which is written anew.
_OF_TABLES = ("TTYPE", "TFORM", "TUNIT", "TDISP", "TNULL", "TDIM", "TSCAL", "TZERO")
_OF_UNITS = frozenset(
    {"XTENSION", "BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "PCOUNT", "GCOUNT", "TFIELDS", "EXTNAME"}
)
TEXT_SUFFIXES = (".csv", ".ecsv")


@dataclass(frozen=True, eq=False)
class Table:
    """Named columns of equal length with a header.

    Attributes
    ----------
    columns : dict of str to ndarray
        In order.
    units : dict of str to str
        Of columns that have one.
    header : astropy Header
        What else is known.
    name : str
        Of the table.
    """

    columns: dict[str, NDArray[Any]]
    units: dict[str, str]
    header: Header
    name: str = field(default="")

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def save(self, filename: PathLike, clobber: bool = False) -> Path:
        """Write a FITS table, or text where the name ends in .csv or .ecsv.

        Raises
        ------
        NightglassError
            If it exists and `clobber` is not set, or it cannot be written; nothing is left then.
        """
        path = Path(filename)
        if path.suffix.lower() in TEXT_SUFFIXES:
            return self._save_text(path, clobber=clobber)
        return self._save_fits(path, clobber=clobber)

    @classmethod
    def load(cls, filename: PathLike) -> Table:
        """Read the first table of a FITS file.

        Raises
        ------
        NightglassError
            If it cannot be read or has none.
        """
        path = Path(filename)
        with open_fits(path, "table") as units:
            found = [unit for unit in units if getattr(unit, "columns", None) is not None]
            if not found:
                raise NightglassError("No table", f"{path.name} holds no table.", "", path)
            unit = found[0]
            columns = {name: _native(unit.data[name]) for name in unit.columns.names}
            told = {column.name: column.unit for column in unit.columns if column.unit}
            return cls(columns, told, plain_header(unit.header), unit.name)

    def hdu(self) -> Any:
        """Give the table as a unit of a FITS file."""
        from astropy.io import fits

        made = fits.BinTableHDU.from_columns(
            [
                fits.Column(name, column_format(values), self.units.get(name), array=values)
                for name, values in self.columns.items()
            ],
            name=self.name or None,
        )
        made.header.extend(self.header, strip=True, update=True)
        return made

    def _save_fits(self, path: Path, *, clobber: bool) -> Path:
        from astropy.io import fits

        return write_fits([fits.PrimaryHDU(), self.hdu()], path, clobber=clobber)

    def _save_text(self, path: Path, *, clobber: bool) -> Path:
        kind = "ascii.ecsv" if path.suffix.lower() == ".ecsv" else "ascii.csv"
        with new_file(path, clobber=clobber) as temporary:
            self._astropy().write(temporary, format=kind, overwrite=True)
        return path

    def _astropy(self) -> Any:
        from astropy.table import Table as AstropyTable
        from astropy.units import Unit

        made = AstropyTable(self.columns)
        for name, unit in self.units.items():
            made[name].unit = Unit(unit, parse_strict="silent")
        cards = {card.keyword: card.value for card in self.header.cards if card.keyword}
        made.meta.update({name: value for name, value in cards.items() if _is_plain(value)})
        return made


@contextmanager
def open_fits(path: Path, what: str) -> Iterator[Any]:
    """Open a FITS file.

    Raises
    ------
    NightglassError
        If it cannot be read, or is something else.
    """
    from astropy.io import fits

    try:
        with fits.open(path, memmap=False) as units:
            yield units
    except OSError as error:
        if error.errno:
            raise translate(error, path) from error
        raise NightglassError(
            f"No {what}", f"{path.name} is no sound FITS file.", "Choose another file.", path
        ) from error


def plain_header(header: Header) -> Header:
    """Give the cards that do not describe the structure of a table."""
    made = header.copy(strip=True)
    for name in list(made):
        if name in _OF_UNITS or name.rstrip("0123456789") in _OF_TABLES:
            made.remove(name, ignore_missing=True, remove_all=True)
    return made


def _native(values: Any) -> NDArray[Any]:
    array = np.asarray(values)
    return array.astype(array.dtype.newbyteorder("="))


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float | bool)
