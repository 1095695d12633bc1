"""How cameras are told apart: each has its colour, dash and glyph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.mascara.letters import LETTERS
from .glyphs import GLYPHS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..theme import LineCue, Roles


def camera_cue(roles: Roles, camera: str) -> LineCue:
    """Colour and dash of a camera, the same in every plot; the letter is its last one."""
    place = LETTERS.find(camera[-1:]) if camera else len(LETTERS)
    return roles.lines[place if place >= 0 else len(LETTERS)]


def letter_of(camera: str, names: Iterable[str]) -> str:
    """Last letter of a camera id, or all of it where cameras of two stations are watched."""
    is_alone = len({name[:-1] for name in names}) == 1
    return camera[-1:] if is_alone else camera


def camera_glyph(camera: str) -> str:
    """The glyph of a camera, another one for each of a station."""
    place = LETTERS.find(camera[-1:])
    return GLYPHS[max(0, place) % len(GLYPHS)]
