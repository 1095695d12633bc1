"""What lies over the frames of a night, as the observer chose it."""

from __future__ import annotations

from dataclasses import dataclass

FACTORS = (10, 20, 50, 100, 200, 500, 1000)
"""How much residuals can be magnified."""


@dataclass(frozen=True)
class OverlayLook:
    """What is drawn.

    Attributes
    ----------
    has_stars, has_names, has_residuals, has_masks, has_moon, has_targets, has_compass : bool
    faintest_vmag : float
        Faintest star.
    factor : int
        Residuals are drawn so many times longer.
    """

    has_stars: bool = True
    has_names: bool = False
    has_residuals: bool = False
    has_masks: bool = True
    has_moon: bool = True
    has_targets: bool = True
    has_compass: bool = True
    faintest_vmag: float = 8.4
    factor: int = 200

    @property
    def needs_field(self) -> bool:
        """Whether anything is drawn at all."""
        return any(
            (
                self.has_stars, self.has_names, self.has_residuals, self.has_masks,
                self.has_moon, self.has_targets, self.has_compass,
            )
        )  # fmt: skip
