"""Files that take the columns of a table part by part and keep none of them."""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any, Protocol

import numpy as np

from ....errors import NightglassError
from .exports import profile_sheets
from .provenance import facts_of, par_sheets, text_facts
from .tables import (
    ECSV_SUFFIX,
    FITS_SUFFIXES,
    TABLE_SUFFIXES,
    Sheet,
    astropy_table,
    comment_lines,
    table_unit,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ..result import FoldResult
    from .provenance import Origin
    from .tables import Column

HDF5_SUFFIXES = (".h5", ".hdf5")
SUFFIXES = (*TABLE_SUFFIXES, *HDF5_SUFFIXES)
NAME = "PHASES"
_FITS_BLOCK = 2880
_HDF5_CHUNK = 4096


class Sink(Protocol):
    """Takes the same columns again and again, each time of other frames."""

    def add(self, columns: Sequence[Column]) -> None:
        """Append rows."""

    def finish(self) -> None:
        """Write what can be told only at the end."""


@contextmanager
def phase_sink(suffix: str, path: Path, result: FoldResult, origin: Origin) -> Iterator[Sink]:
    """Open a file that is there, empty, for a table of frames."""
    if suffix in HDF5_SUFFIXES:
        with _hdf5(path).File(path, "w") as file:
            yield Hdf5Sink(file, result, origin)
        return
    kind = FitsSink if suffix in FITS_SUFFIXES else EcsvSink if suffix == ECSV_SUFFIX else CsvSink
    with path.open("r+b") as file:
        yield kind(file, result, origin)


class FitsSink:
    """A binary table whose number of rows is put right at the end; profiles and par files follow.

    The profiles are there for what is told of each fold in their headers.
    """

    def __init__(self, file: IO[bytes], result: FoldResult, origin: Origin) -> None:
        from astropy.io import fits

        self._file, self._result = file, result
        self._facts = facts_of(result, origin)
        self._rows = 0
        self._layout: tuple[Column, ...] = ()
        self._write_unit(fits.PrimaryHDU())
        self._begin = file.tell()

    def add(self, columns: Sequence[Column]) -> None:
        """Append rows."""
        if not self._layout:
            self._layout = emptied(columns)
            self._file.write(self._heading())
        records = np.empty(
            columns[0].values.size,
            [(one.name, one.values.dtype.newbyteorder(">")) for one in columns],
        )
        for one in columns:
            records[one.name] = one.values
        self._file.write(records.tobytes())
        self._rows += records.size

    def finish(self) -> None:
        """Fill the last block, tell the number of rows and append the other tables."""
        self._file.write(bytes(-self._file.tell() % _FITS_BLOCK))
        self._file.seek(self._begin)
        self._file.write(self._heading())
        self._file.seek(0, io.SEEK_END)
        for sheet in (*profile_sheets(self._result), *par_sheets(self._result)):
            self._write_unit(table_unit(sheet))

    def _heading(self) -> bytes:
        """Give the header, which has the same length whatever the number of rows."""
        header = table_unit(Sheet(NAME, self._layout, self._facts)).header
        header["NAXIS2"] = self._rows
        return str(header.tostring()).encode("ascii")

    def _write_unit(self, unit: Any) -> None:
        whole = io.BytesIO()
        unit.writeto(whole, output_verify="exception")
        content = whole.getvalue()
        # A table is written after an empty primary unit, which is here already.
        self._file.write(content if self._file.tell() == 0 else content[_FITS_BLOCK:])


class EcsvSink:
    """Lines of ECSV."""

    separator = " "

    def __init__(self, file: IO[bytes], result: FoldResult, origin: Origin) -> None:
        self._file = file
        self._facts = text_facts(result, origin)
        self._is_begun = False

    def add(self, columns: Sequence[Column]) -> None:
        """Append lines."""
        if not self._is_begun:
            self._is_begun = True
            self._file.write(self.heading(Sheet(NAME, emptied(columns), self._facts)).encode())
        lists = [one.values.tolist() for one in columns]
        lines = (self.separator.join(map(repr, row)) for row in zip(*lists, strict=True))
        self._file.write("".join(f"{line}\n" for line in lines).encode("ascii"))

    def finish(self) -> None:
        """Leave it as it is."""

    def heading(self, sheet: Sheet) -> str:
        """Give all lines before the first row."""
        text = io.StringIO()
        astropy_table(sheet).write(text, format="ascii.ecsv")
        return text.getvalue()


class CsvSink(EcsvSink):
    """Lines of CSV; what is known stands after ``#``."""

    separator = ","

    def heading(self, sheet: Sheet) -> str:
        """Give all lines before the first row."""
        names = ",".join(one.name for one in sheet.columns)
        return "".join(comment_lines(sheet.facts)) + names + "\n"


class Hdf5Sink:
    """Datasets of a group that grow; what is known are its attributes."""

    def __init__(self, file: Any, result: FoldResult, origin: Origin) -> None:
        self._group = file.create_group(NAME)
        for card, value, _ in text_facts(result, origin):
            if value is not None:
                self._group.attrs[card] = value

    def add(self, columns: Sequence[Column]) -> None:
        """Append rows."""
        for one in columns:
            dataset = self._group.get(one.name)
            if dataset is None:
                dataset = self._made(one)
            end = dataset.shape[0]
            dataset.resize(end + one.values.size, axis=0)
            dataset[end:] = one.values

    def finish(self) -> None:
        """Leave it as it is."""

    def _made(self, column: Column) -> Any:
        made = self._group.create_dataset(
            column.name, (0,), column.values.dtype, maxshape=(None,), chunks=(_HDF5_CHUNK,)
        )
        made.attrs["unit"], made.attrs["description"] = column.unit, column.about
        return made


def emptied(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Give the same columns without a row."""
    return tuple(replace(one, values=one.values[:0]) for one in columns)


def _hdf5(path: Path) -> Any:
    try:
        import h5py
    except ImportError as missing:
        raise NightglassError(
            "Could not write HDF5",
            "The package h5py is not installed.",
            "Install it, or end the name in .fits.",
            path,
        ) from missing
    return h5py
