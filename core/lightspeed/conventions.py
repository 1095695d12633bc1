"""What the published versions of the instrument library did otherwise, to compare with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..errors import NightglassError
from .reduce.recipe import NATIVE_RULE, V1_RULE, V3_RULE

if TYPE_CHECKING:
    from .reduce.recipe import CosmicRule

Compat = Literal["", "v1", "v3"]
Rescale = Literal["template", "pixels", "none"]
COMPATS: tuple[Compat, ...] = ("v1", "v3")


@dataclass(frozen=True)
class Conventions:
    """One way of turning counts into results.

    Attributes
    ----------
    name : str
        "" for ours, "v1" for the library of March 2026, "v3" for that of August 2026.
    adu_per_electron : float or None
        Gain; None takes the header's conversion factor.
    region_base : int
        Coordinate of the centre of the first pixel: 1 as in DS9, 0 in the published library.
    exposure_is_spacing : bool
        Whether frames of a bundle are taken to follow each other by EXPOSURE TIME.
    cosmic : CosmicRule
        How cosmic rays are found.
    rescale : str
        What becomes of the flux of masked pixels.
    smears : bool
        Whether a frame is spread over the phases it covers.
    """

    name: Compat
    adu_per_electron: float | None
    region_base: Literal[0, 1]
    exposure_is_spacing: bool
    cosmic: CosmicRule
    rescale: Rescale
    smears: bool

    @property
    def is_native(self) -> bool:
        """Whether this is our own way."""
        return not self.name


_KNOWN = {
    "": Conventions("", None, 1, False, NATIVE_RULE, "template", True),
    "v1": Conventions("v1", 8.9, 0, True, V1_RULE, "pixels", True),
    "v3": Conventions("v3", 8.5, 0, True, V3_RULE, "none", False),
}


def conventions(compat: str | None) -> Conventions:
    """Give the conventions of a name.

    Raises
    ------
    NightglassError
        If there are none of that name.
    """
    try:
        return _KNOWN[(compat or "").lower()]
    except KeyError:
        raise NightglassError(
            "Unknown conventions",
            f"There is no compat {compat!r}.",
            f"Use {' or '.join(COMPATS)}, or leave it out.",
        ) from None
