"""Lines of a par file changed, added and taken away, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .par import par_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .par import ParLine


def decimal(value: float | np.longdouble) -> str:
    """The shortest digits that are read as this number again, long doubles included."""
    if isinstance(value, float):
        return repr(float(value))
    return np.format_float_scientific(value, unique=True, trim="0")


def long_double(word: str) -> np.longdouble:
    """A number as par files write it, Fortran's D exponent included, with all of PINT's digits."""
    return np.longdouble(word.replace("D", "e").replace("d", "e"))


def with_value(text: str, key: str, value: str) -> str:
    """A par file in which one line has another value; the line is added where there is none.

    Parameters
    ----------
    text : str
        A par file; its comments are left out.
    key : str
        Its settled spelling, as in `ParLine.name`.
    value : str

    Returns
    -------
    str
    """
    lines = list(par_lines(text))
    new = [line_text(line, value if line.name == key else None) for line in lines]
    if all(line.name != key for line in lines):
        new.append(f"{key} {value}")
    return joined(new)


def without(text: str, keys: Iterable[str]) -> str:
    """A par file without some lines and without comments."""
    unwanted = set(keys)
    return joined(line_text(line) for line in par_lines(text) if line.name not in unwanted)


def commented(text: str, remarks: Iterable[str]) -> str:
    """A par file with sentences as comments before its lines."""
    return joined(f"# {remark}" for remark in remarks) + text


def line_text(line: ParLine, value: str | None = None) -> str:
    """A line as it is written, perhaps with another value."""
    words = line.words if value is None else (value, *line.words[1:])
    return " ".join((line.key, *words))


def joined(lines: Iterable[str]) -> str:
    """Lines as the text of a file."""
    return "".join(f"{line}\n" for line in lines)
