"""How the lines of a plot are told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..cues import camera_cue

if TYPE_CHECKING:
    from ...theme import LineCue, Roles
    from .lines import PlotLine


def line_cues(roles: Roles, lines: list[PlotLine]) -> list[LineCue]:
    """That of its camera for each line; lines of all cameras together take one after another."""
    together = [line for line in lines if not line.camera]
    return [
        camera_cue(roles, line.camera)
        if line.camera
        else roles.lines[together.index(line) % len(roles.lines)]
        for line in lines
    ]
