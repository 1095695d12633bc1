"""Numbers in sentences."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Give a number with its noun, which takes an s in the plural."""
    return f"{number:,} {noun}{'s' * (number != 1)}"
