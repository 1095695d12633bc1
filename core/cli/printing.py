"""What commands say, in words any terminal takes."""

from __future__ import annotations

import math
import sys
import unicodedata
from typing import Any

# Categories of Unicode: control, format, and separators of lines and paragraphs.
_ORDERS = frozenset({"Cc", "Cf", "Zl", "Zp"})


def printable(text: str) -> str:
    """Text any terminal takes: file names need not be valid in its encoding.

    What would move its cursor or turn its writing is spelt out: names in files may hold anything.
    """
    encoding = sys.stdout.encoding or "utf-8"
    if not text.isprintable():
        text = "".join(map(_spelt_out, text))
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _spelt_out(part: str) -> str:
    is_order = unicodedata.category(part) in _ORDERS and part != "\n"
    return repr(part)[1:-1] if is_order else part


def finite(value: Any) -> float | None:
    """Give a number JSON can hold."""
    number = float(value)
    return number if math.isfinite(number) else None
