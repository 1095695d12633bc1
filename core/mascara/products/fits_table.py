"""A FITS file with one binary table, as bytes: thousands of them are written in a night.

The cards come from astropy, each once; the same table gives the same bytes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Table = NDArray[np.void]

_BLOCK = 2880
_END = b"END".ljust(80)
_LETTERS = {"u1": "B", "i2": "I", "i4": "J", "i8": "K", "f4": "E", "f8": "D"}
_STRUCTURE = frozenset(
    {"", "SIMPLE", "XTENSION", "BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "EXTEND", "PCOUNT", "GCOUNT",
     "TFIELDS", "COMMENT", "HISTORY", "CONTINUE", "CHECKSUM", "DATASUM", "END"}
)  # fmt: skip
_PRIMARY = (("SIMPLE", True, ""), ("BITPIX", 8, ""), ("NAXIS", 0, ""), ("EXTEND", True, ""))
_LONGEST = 40
"""Characters of a text under a long name, which cannot go on in a second card."""


def fits_bytes(
    rows: Table,
    header: Mapping[str, Any],
    *,
    name: str,
    unit_of: Callable[[str], str],
    comments: Mapping[str, str],
) -> bytes:
    """Make a FITS file of a table.

    Parameters
    ----------
    rows : structured ndarray, shape (n,)
        One column a field: numbers or byte strings. Unsigned numbers keep their values by TZERO.
    header : mapping of str to number, str, bytes or None
        Cards of the primary header; sequences become texts of their numbers. What describes the
        file itself is left out, and what is not finite has no value.
    name : str
        EXTNAME of the table.
    unit_of : callable
        Gives the unit of a field, empty for none.
    comments : mapping of str to str
        By name of card.

    Raises
    ------
    NightglassError
        If a field cannot be a column.
    """
    facts = {key.upper(): _plain(value) for key, value in header.items()}
    own = ((key, facts[key], comments.get(key, "")) for key in facts if key not in _STRUCTURE)
    primary = b"".join(_card(*card) for card in (*_PRIMARY, *own)) + _END
    table = _table_header(rows, name, unit_of)
    return _padded(primary, b" ") + _padded(table, b" ") + _padded(_big_endian(rows), b"\0")


def _table_header(rows: Table, name: str, unit_of: Callable[[str], str]) -> bytes:
    sizes = ("NAXIS1", _stored(rows.dtype).itemsize, ""), ("NAXIS2", len(rows), "")
    before, after = _column_cards(rows.dtype, name, unit_of)
    return before + b"".join(_card(*size) for size in sizes) + after


@lru_cache(maxsize=64)
def _column_cards(
    dtype: np.dtype[np.void], name: str, unit_of: Callable[[str], str]
) -> tuple[bytes, bytes]:
    """What stands before and after the sizes of a table."""
    fields = dtype.names or ()
    cards: list[tuple[str, Any, str]] = [
        ("PCOUNT", 0, ""), ("GCOUNT", 1, ""), ("TFIELDS", len(fields), ""), ("EXTNAME", name, ""),
    ]  # fmt: skip
    for number, field in enumerate(fields, 1):
        cards += [(f"TTYPE{number}", field, ""), (f"TFORM{number}", _form(dtype[field]), "")]
        if unit_of(field):
            cards.append((f"TUNIT{number}", unit_of(field), ""))
        if _offset(dtype[field]):
            cards.append((f"TZERO{number}", _offset(dtype[field]), ""))
    before = (("XTENSION", "BINTABLE", ""), ("BITPIX", 8, ""), ("NAXIS", 2, ""))
    return b"".join(_card(*card) for card in before), b"".join(_card(*c) for c in cards) + _END


@lru_cache(maxsize=4096, typed=True)
def _card(key: str, value: Any, comment: str) -> bytes:
    from astropy.io import fits

    if len(key) > 8 or " " in key:
        key = f"HIERARCH {key}"
        value = value[:_LONGEST] if isinstance(value, str) else value
    return str(fits.Card(key, value, comment)).encode("ascii")


def _plain(value: Any) -> Any:
    """What a card can hold."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    if isinstance(value, str):
        return "".join(letter if " " <= letter <= "~" else "?" for letter in value)
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value)
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _offset(dtype: np.dtype[Any]) -> int:
    """What FITS adds to the stored numbers, which have a sign."""
    base = dtype.base
    return 1 << (8 * base.itemsize - 1) if base.kind == "u" and base.itemsize > 1 else 0


def _signed(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Type of the stored numbers."""
    base = dtype.base
    kind = "i" if _offset(dtype) else "u" if base.kind == "b" else base.kind
    return np.dtype(f">{kind}{base.itemsize}")


@lru_cache(maxsize=64)
def _stored(dtype: np.dtype[Any]) -> np.dtype[Any]:
    names = dtype.names or ()
    return np.dtype([(name, _signed(dtype[name]), dtype[name].shape) for name in names])


def _form(dtype: np.dtype[Any]) -> str:
    count = int(np.prod(dtype.shape, dtype=int))
    if dtype.base.kind == "S":
        return f"{count * dtype.base.itemsize}A"
    letter = _LETTERS.get(_signed(dtype).str[1:])
    if letter is None:
        raise NightglassError(
            "Cannot write a FITS table",
            f"A column of type {dtype} has no place in it.",
            "Give numbers of at most eight bytes, or byte strings.",
        )
    return f"{count}{letter}" if count > 1 else letter


def _big_endian(rows: Table) -> bytes:
    stored = np.empty(len(rows), _stored(rows.dtype))
    for name in rows.dtype.names or ():
        values, offset = rows[name], _offset(rows.dtype[name])
        if offset:
            # Taking the offset off without leaving the range is the same as flipping this bit.
            values = (values ^ values.dtype.type(offset)).view(f"i{values.itemsize}")
        stored[name] = values
    return stored.tobytes()


def _padded(block: bytes, filling: bytes) -> bytes:
    return block + filling * (-len(block) % _BLOCK)
