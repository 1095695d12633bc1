"""The ways a capture goes wrong at the telescope, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .refusal import refusal
from .words import defect_and_place

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFECTS: dict[str, str] = {
    "missing-cube": "one cube was never written",
    "truncated": "a file ends amid its frames",
    "half-written": "a file has its headers and half of its frames, as if the writer died",
    "empty": "a file has no bytes",
    "wrong-dtype": "a cube holds 32-bit floats instead of camera counts",
    "no-timestamps": "a file lacks its table of time stamps",
    "no-gps": "GPSSTART is N/A in every cube",
    "gps-absent": "the GPSSTART card is absent, as in early files",
    "late-gps": "GPSSTART is N/A in the first cubes and has its value later",
    "no-telescope": "the telescope gave no answers: its cards are N/A",
    "lost-frames": "bundles were lost between camera and disk",
    "duplicate-frames": "a bundle was stored twice",
    "stray-files": "other files lie beside the cubes",
}
FILE_FAULTS = ("missing-cube", "truncated", "half-written", "empty", "wrong-dtype", "no-timestamps")
"""Defects that befall one file; the others concern the capture."""


class Defect(NamedTuple):
    """One defect and the cube it befalls; 0 leaves the choice to the simulator."""

    name: str
    cube: int = 0


def parse(words: Sequence[str]) -> tuple[Defect, ...]:
    """Read ``NAME`` and ``NAME:CUBE`` words.

    Raises
    ------
    NightglassError
        For a name that is no defect or a cube that is no number.
    """
    return tuple(
        Defect(*defect_and_place(word, DEFECTS, FILE_FAULTS, "cube", refusal)) for word in words
    )
