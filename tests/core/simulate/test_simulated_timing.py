"""The simulated pulse against PINT itself, from the files alone."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.simulate import scene
from nightglass.core.simulate.lightspeed import simulate_capture
from nightglass.core.simulate.pulse import PulseShape
from nightglass.core.simulate.settings import CaptureSettings

if TYPE_CHECKING:
    from pathlib import Path


def pint_phase(par: str, mjd_day: int, seconds: np.ndarray) -> np.ndarray:
    """Fractional phase from PINT's own road, at Magellan Clay."""
    from nightglass.core.timing.offline import contained, ephemeris_path, prepare
    from nightglass.core.timing.sites import find_site

    prepare()
    from astropy.coordinates import solar_system_ephemeris
    from astropy.time import Time
    from pint.models import get_model
    from pint.observatory import Observatory
    from pint.observatory.topo_obs import TopoObs
    from pint.toa import get_TOAs_array

    with contained():
        solar_system_ephemeris.set(str(ephemeris_path("de421")))
        model = get_model(io.StringIO(par))
        if "test-clay" not in Observatory.names():
            TopoObs("test-clay", itrf_xyz=list(find_site().itrf_m), apply_gps2utc=False)
        day = np.full(seconds.size, float(mjd_day))
        times = Time(day, seconds / 86400.0, format="pulsar_mjd", scale="utc")
        toas = get_TOAs_array(times, "test-clay", ephem="DE421", include_bipm=False, planets=False)
        return model.phase(toas, abs_phase=False).frac.value.astype(float) % 1.0


def test_the_truth_has_the_phase_pint_gives(tmp_path: Path):
    simulate_capture(CaptureSettings(shape=(16, 16), frames=10), tmp_path)
    truth = json.loads((tmp_path / "truth.json").read_text())
    middle = truth["timing"]["first_mid_exposure_seconds"]
    exact = pint_phase(truth["par"], truth["timing"]["start_day_mjd"], np.array([middle]))[0]
    difference = (truth["pulsar"]["first_frame_phase"] - exact + 0.5) % 1.0 - 0.5
    assert abs(difference) < 30 * 1e-9  # 1 ns of a 30 Hz pulsar


@pytest.mark.parametrize("era", ["2025-09", "2025-12"])
def test_frames_folded_with_pint_give_the_injected_pulse(tmp_path: Path, era: str):
    """Times from GPSSTART and TIMESTAMP as facts 3 has them, phases from PINT."""
    settings = CaptureSettings(
        shape=(32, 32), frames=3000, exposure_s=0.001, interval_s=0.00113, bundle=5, stars=0,
        era=era, hot_fraction=0.0, cosmic_ray_rate=0.0, pulsed_fraction=0.85,
        star_rate=2e5,
    )  # fmt: skip
    files = simulate_capture(settings, tmp_path).files
    stamps = np.concatenate([fits.getdata(path, 2)["TIMESTAMP"] for path in files])
    cards = fits.getheader(files[0], 1)
    constant = (cards["EXPOSURE TIME"] + cards["TIMING READOUT TIME"]) / 2
    inside = np.arange(5) * cards["INTERNAL FRAME INTERVAL"]
    seconds = 3 * 3600 + 15 * 60 + ((stamps - stamps[0])[:, None] + inside).ravel() + constant
    phase = pint_phase(json.loads((tmp_path / "truth.json").read_text())["par"], 61019, seconds)

    counts = np.concatenate([fits.getdata(path, 1).reshape(-1, 32, 32) for path in files])
    light = (counts.astype(float) - 199.5).sum(axis=(1, 2))
    model = PulseShape(settings.peaks, settings.pulsed_fraction).averaged(
        phase, np.full(phase.size, 0.001 * 29.9457)
    )
    slope, level = np.polyfit(model, light, 1)
    residual = light - level - slope * model
    assert np.corrcoef(model, light)[0, 1] > 0.95
    for shift in (-0.002, 0.002):  # 67 microseconds either way fit worse
        moved = PulseShape(settings.peaks, settings.pulsed_fraction).averaged(
            phase + shift, np.full(phase.size, 0.001 * 29.9457)
        )
        worse = light - np.polyval(np.polyfit(moved, light, 1), moved)
        assert (worse**2).sum() > (residual**2).sum() * 1.01
    seen = scene.pulsar_rate(settings)[0].sum()
    assert slope == pytest.approx(8.5 * seen * 0.001, rel=0.02)
