"""Which cubes a data set is made of: those named, or a range of a capture's numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NightglassError
from .cube import CubeHeader, read_cube_header

if TYPE_CHECKING:
    from ..frames.positioned import PathLike
    from .capture import Capture


def read_headers(
    paths: list[PathLike],
) -> tuple[list[CubeHeader], list[NightglassError]]:
    """Headers of the files that are cubes; why the others are not.

    Raises
    ------
    NightglassError
        If there is no cube among them.
    """
    headers, failures = [], []
    for path in paths:
        try:
            headers.append(read_cube_header(Path(path)))
        except NightglassError as error:
            failures.append(error)
    if not headers:
        raise (
            failures[0]
            if failures
            else NightglassError("No files", "No cube was named.", "Name the files of one capture.")
        )
    return headers, failures


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
