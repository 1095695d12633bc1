"""From raw counts to electrons: every frame of a capture, block by block, cosmic rays masked."""

from .apertures import ApertureSums, aperture_sums
from .frames import electrons
from .moments import Histograms, Moments, histograms, moments
from .recipe import NATIVE_RULE, V1_RULE, V3_RULE, CosmicRule, Recipe, shape_of
from .stacks import Stack, stack

__all__ = [
    "NATIVE_RULE",
    "V1_RULE",
    "V3_RULE",
    "ApertureSums",
    "CosmicRule",
    "Histograms",
    "Moments",
    "Recipe",
    "Stack",
    "aperture_sums",
    "electrons",
    "histograms",
    "moments",
    "shape_of",
    "stack",
]
