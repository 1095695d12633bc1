"""The five cameras of a station by their letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LETTERS = "NESWC"
"""A camera id is the code of its station and one of these."""


def in_order(cameras: Iterable[str]) -> list[str]:
    """Cameras, by ids or letters, in the order N, E, S, W, C; others come last."""
    return sorted(cameras, key=lambda camera: (LETTERS.find(camera[-1:]) % 9, camera))
