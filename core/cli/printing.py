"""What commands say, in words any terminal takes."""

from __future__ import annotations

import math
import sys
from typing import Any


def printable(text: str) -> str:
    """Text any terminal takes: file names need not be valid in its encoding."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def counted(number: int, noun: str) -> str:
    """Give a number with its noun, which takes an s in the plural."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def finite(value: Any) -> float | None:
    """Give a number JSON can hold."""
    number = float(value)
    return number if math.isfinite(number) else None
