"""How the lines of a night are told apart: each camera has its colour, dash and letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...theme import LineCue, Roles
    from .lines import PlotLine

LETTERS = "NESWC"


def camera_cue(roles: Roles, camera: str) -> LineCue:
    """Colour and dash of a camera, the same in every plot; the letter is its last one."""
    place = LETTERS.find(camera[-1:]) if camera else len(LETTERS)
    return roles.lines[place if place >= 0 else len(LETTERS)]


def in_order(cameras: Iterable[str]) -> list[str]:
    """Ids of cameras in the order N, E, S, W, C."""
    return sorted(cameras, key=lambda camera: (LETTERS.find(camera[-1:]) % 9, camera))


def line_cues(roles: Roles, lines: list[PlotLine]) -> list[LineCue]:
    """That of its camera for each line; lines of all cameras together take one after another."""
    together = [line for line in lines if not line.camera]
    return [
        camera_cue(roles, line.camera)
        if line.camera
        else roles.lines[together.index(line) % len(roles.lines)]
        for line in lines
    ]
