"""Tables of text: commas, semicolons, tabs, bars or blanks between columns, names above them."""

from __future__ import annotations

import gzip
import re
from typing import IO, TYPE_CHECKING, Any

from ..atomic import replacing

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

_DELIMITERS = (";", "\t", "|", ",")
_RULE = re.compile(r"[-;\t|, ]*-{2}[-;\t|, ]*")


def read_text_table(path: Path) -> dict[str, NDArray[Any]]:
    """Read the columns of a table of text, by their names.

    Lines that begin with # are comments. Services write a line of units and one of dashes below
    the names; both are left out.
    """
    import pandas

    lines = _first_lines(path)
    delimiter = next((sign for sign in _DELIMITERS if sign in lines[0][1]), None)
    has_units = len(lines) > 2 and _RULE.fullmatch(lines[2][1]) is not None
    frame = pandas.read_csv(
        path,
        sep=delimiter or r"\s+",
        comment="#",
        skiprows=[number for number, _ in lines[1:3]] if has_units else None,
        skipinitialspace=True,
        low_memory=False,
    )
    return {str(name).strip(): frame[name].to_numpy() for name in frame.columns}


def write_text_table(path: str | os.PathLike[str], columns: Mapping[str, NDArray[Any]]) -> None:
    """Write columns with commas between; numbers come back exactly, same columns, same bytes."""
    import pandas

    readable = {name: values.astype("U") if values.dtype.kind == "S" else values
                for name, values in columns.items()}  # fmt: skip
    with replacing(path) as temporary:
        pandas.DataFrame(readable).to_csv(temporary, index=False, lineterminator="\n")


def _first_lines(path: Path) -> list[tuple[int, str]]:
    """Number and text of the first three lines that are neither empty nor comments."""
    found: list[tuple[int, str]] = []
    with _opened(path) as file:
        for number, line in enumerate(file):
            text = line.rstrip("\r\n")
            if text.strip() and not text.startswith("#"):
                found.append((number, text))
            if len(found) == 3:
                break
    if not found:
        raise ValueError("it is empty")
    return found


def _opened(path: Path) -> IO[str]:
    with open(path, "rb") as file:
        is_packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rt") if is_packed else open(path, encoding="utf-8")
