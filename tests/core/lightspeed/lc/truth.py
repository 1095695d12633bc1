"""Injection and recovery: how far light curves lie from what went into the frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from nightglass.core.lightspeed.lc import light_curve
from nightglass.core.regions.masks import mask_of
from nightglass.core.regions.shapes import Annulus, Circle
from nightglass.core.timing.fold import fold

if TYPE_CHECKING:
    from .skies import Sky

BINS = 16
STAR, RING = Circle(14.0, 12.0, 6.0), Annulus(14.0, 12.0, 8.0, 11.0)
RATE, FRACTION, SKY_RATE = 3000.0, 0.6, 30.0


@dataclass(frozen=True)
class Recovered:
    """Pulls of the pulse, the sky and the pulsed fraction, and chi-square per degree of freedom."""

    pulse: np.ndarray
    sky: np.ndarray
    fraction: float
    chi2_per_dof: float


def fractions(flux: np.ndarray) -> float:
    """Pulsed fraction as the amplitude of the first harmonic over the mean."""
    phase = (np.arange(flux.size) + 0.5) / flux.size
    return float(2 * np.abs((flux * np.exp(-2j * np.pi * phase)).mean()) / flux.mean())


def expected(sky: Sky, rates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Light of source and sky in the bins, electrons per second."""
    star, ring = (mask_of(shape, rates.shape[1:]) for shape in (STAR, RING))
    light = np.array([rates[:, star].sum(axis=1), rates[:, ring].sum(axis=1)])
    made = fold(sky.phase, light, sky.spec.exposure_s, BINS, smear_turns=sky.smear).rate
    area = star.sum() / ring.sum()
    return made[0] - area * made[1], area * made[1]


def recover(sky: Sky, fraction: float, seed: int, **options: Any) -> Recovered:
    """Expose one capture and fold it."""
    rates = sky.rates(sky.light(RATE, fraction), SKY_RATE)
    data_set = sky.take(rates, seed)
    (made,) = light_curve(data_set, sky.roi, sky.ephemeris(data_set), BINS, **options)
    flux, background = expected(sky, rates)
    chi2, dof = made.chi_square()
    wave = np.exp(-2j * np.pi * made.phase)
    # Light shared between bins makes the noise of the harmonic larger than that of single bins.
    spread = np.sqrt(2 * made.spread_bins * (made.error**2).sum()) / BINS / flux.mean()
    harmonic = 2 * (made.flux @ wave) / BINS / made.flux.mean()
    true = 2 * (flux @ wave) / BINS / flux.mean()
    along = ((harmonic - true) * np.conj(true)).real / max(abs(true), 1e-12)
    return Recovered(
        (made.flux - flux) / made.error,
        (made.columns["SKY"] - background) / made.columns["SKY_ERROR"],
        float(along / spread),
        chi2 / dof,
    )
