"""Maximum-likelihood fluxes of faint sources: trap model, likelihood of counts, Newton steps."""

from .fluxes import (
    NO_BACKGROUND,
    Background,
    PixelFluxes,
    WeightedFluxes,
    maximise,
    pixel_fluxes,
    pixels_per_band,
)
from .likelihood import CountModel, count_model
from .psf import HalfMaximum, PsfWeights, half_maximum, psf_weights
from .published import photons_v1, photons_v3, published_fluxes, published_qe
from .trap import (
    mean_response,
    photons_from_electrons,
    photons_per_electron,
    response_slope,
    trap_matrix,
)

__all__ = [
    "NO_BACKGROUND",
    "Background",
    "CountModel",
    "HalfMaximum",
    "PixelFluxes",
    "PsfWeights",
    "WeightedFluxes",
    "count_model",
    "half_maximum",
    "maximise",
    "mean_response",
    "photons_from_electrons",
    "photons_per_electron",
    "photons_v1",
    "photons_v3",
    "pixel_fluxes",
    "pixels_per_band",
    "psf_weights",
    "published_fluxes",
    "published_qe",
    "response_slope",
    "trap_matrix",
]
