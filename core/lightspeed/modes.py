"""The ways light is measured: electrons added, whole electrons added, or most likely fluxes."""

from __future__ import annotations

from typing import Literal, get_args

from ..errors import NightglassError

Mode = Literal["sum", "clip", "weight"]
MODES: tuple[Mode, ...] = get_args(Mode)


def check_mode(
    mode: str, n_electrons: int | None = None, n_iterations: int = 25, *, psf: bool = False
) -> None:
    """Refuse a mode there is not, and options that make no sense with it.

    Raises
    ------
    NightglassError
        If so.
    """
    if mode not in MODES:
        raise NightglassError(
            "Unknown mode", f"There is no mode {mode!r}.", "Use sum, clip or weight."
        )
    if (n_electrons is not None and n_electrons < 1) or n_iterations < 1:
        raise NightglassError(
            "Weight mode can not do that",
            "It needs one or more electrons and one or more iterations.",
            "Change --n-electrons or --n-iterations.",
        )
    if psf and mode != "weight":
        raise NightglassError(
            "Weights of pixels need weight mode",
            f"In mode {mode} all pixels of a region count the same.",
            "Use --mode weight, or leave out --psf.",
        )
