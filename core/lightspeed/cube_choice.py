"""Which cubes of a capture a data set uses: a range of their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import NightglassError

if TYPE_CHECKING:
    from .capture import Capture
    from .cube import CubeHeader


def cubes_between(capture: Capture, low: int | None, high: int | None) -> list[CubeHeader]:
    """Cubes whose numbers lie in a range; None leaves an end open.

    Raises
    ------
    NightglassError
        If there is none, with the numbers there are.
    """
    chosen = [
        cube
        for cube in capture.cubes
        if (low is None or cube.number >= low) and (high is None or cube.number <= high)
    ]
    if not chosen:
        raise _no_cube_between(capture, low, high)
    return chosen


def _no_cube_between(capture: Capture, low: int | None, high: int | None) -> NightglassError:
    numbers = [cube.number for cube in capture.cubes]
    return NightglassError(
        "No cube in this range",
        f"{capture.name} has cubes {numbers[0]} to {numbers[-1]}, none from "
        f"{'the first' if low is None else low} to {'the last' if high is None else high}.",
        "Change --min-index or --max-index.",
        capture.path,
    )
