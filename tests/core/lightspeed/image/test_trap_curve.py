"""The spline of the inverse response against the exact inverse."""

from __future__ import annotations

import numpy as np
from nightglass.core.lightspeed.image.trap_curve import photons_and_slope
from nightglass.core.lightspeed.weight.trap import photons_from_electrons, photons_per_electron

ELECTRONS = np.concatenate(
    [[-5.0, -1e-3, 0.0, np.nan], np.geomspace(1e-6, 9000.0, 20_001), [396.0, 395.999, 396.001]]
)


def test_the_spline_is_the_inverse_response() -> None:
    photons, slope = photons_and_slope(ELECTRONS)
    exact = photons_from_electrons(ELECTRONS)
    np.testing.assert_allclose(photons, exact, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(slope, photons_per_electron(ELECTRONS), rtol=1e-6)


def test_it_never_falls() -> None:
    photons, slope = photons_and_slope(np.sort(ELECTRONS[np.isfinite(ELECTRONS)]))
    assert (np.diff(photons) >= 0.0).all()
    assert (slope >= 1.0 - 1e-9).all()
