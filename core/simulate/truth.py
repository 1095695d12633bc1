"""truth.json: every injected value, so that results can be held against it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from . import clock, cosmic, instant, scene
from .camera import OFFSET_ADU, PLATE_SCALE_ARCSEC

if TYPE_CHECKING:
    from pathlib import Path

    from .phases import PulsePhases
    from .pixels import FrameRenderer
    from .plan import CapturePlan, CubePlan
    from .settings import CaptureSettings

TRUTH_NAME = "truth.json"
MAPS_NAME = "truth_maps.npz"
_LISTED_PIXELS = 20000
_LISTED_RAYS = 20000


def describe(
    settings: CaptureSettings,
    plan: CapturePlan,
    renderer: FrameRenderer,
    phases: PulsePhases | None,
    par_text: str,
) -> dict[str, Any]:
    """Gather the truth of a capture; nothing in it depends on where it is written."""
    values = settings.as_json()
    values["par"] = "given" if settings.par else "built-in"
    return {
        "format": "nightglass lightspeed truth 1",
        "settings": values,
        "stem": plan.stem,
        "timing": _timing(settings),
        "par": par_text,
        "pulsar": _pulsar(settings, phases),
        "stars": [star._asdict() for star in _stars(settings)],
        "detector": _detector(settings, renderer),
        "cosmic_rays": _cosmic_rays(settings),
        "cubes": [_cube(settings, cube) for cube in plan.cubes],
        "frames": _frames(settings, plan),
        "defects": list(settings.defects),
    }


def write(truth: dict[str, Any], folder: Path) -> Path:
    """Write the truth beside the cubes; that of another capture there is kept under its name."""
    from ..atomic import write_text

    path = folder / TRUTH_NAME
    if path.exists():
        stem = _stem_of(path)
        if stem and stem != truth["stem"]:
            path.rename(folder / f"{stem}_{TRUTH_NAME}")
    write_text(path, json.dumps(truth, indent=1) + "\n")
    return path


def write_maps(settings: CaptureSettings, renderer: FrameRenderer, folder: Path) -> None:
    """Write every pixel's properties, (rows, columns) each, in electrons and electrons a second."""
    from ..atomic import replacing

    rate, top, left = scene.pulsar_rate(settings)
    pulsar = np.zeros(settings.shape)
    pulsar[top : top + rate.shape[0], left : left + rate.shape[1]] = rate
    maps = {
        "bias_e": renderer.maps.bias_e,
        "response": renderer.maps.response,
        "dark_rate": renderer.maps.dark_rate,
        "steady_rate": scene.steady_rate(settings),
        "pulsar_rate": pulsar,
    }
    with replacing(folder / MAPS_NAME) as temporary, temporary.open("wb") as out:
        np.savez(out, allow_pickle=False, **maps)


def _stem_of(path: Path) -> str:
    """Return the capture an existing truth file tells of; empty when it is not readable."""
    try:
        stem = json.loads(path.read_text(encoding="utf-8"))["stem"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return stem if isinstance(stem, str) and "/" not in stem else ""


def _timing(settings: CaptureSettings) -> dict[str, Any]:
    day, seconds = clock.mid_exposures(settings, np.zeros(1, dtype=np.int64))
    start = instant.parse(settings.start)
    middle = instant.Instant(int(day[0]), round(float(seconds[0]) * 1e9))
    return {
        "start_utc": start.iso(),
        "start_day_mjd": start.day,
        "start_seconds": start.seconds,
        "exposure_s": settings.exposure_s,
        "readout_s": settings.readout_s,
        "interval_s": settings.interval_s,
        "first_mid_exposure_utc": middle.iso(),
        "first_mid_exposure_day_mjd": int(day[0]),
        "first_mid_exposure_seconds": float(seconds[0]),
        "first_timestamp_s": clock.clock_zero_us(settings) * 1e-6,
        "time_model": "middle row: start + frame * interval + exposure / 2 + readout / 2",
    }


def _pulsar(settings: CaptureSettings, phases: PulsePhases | None) -> dict[str, Any] | None:
    if settings.calibration is not None:
        return None
    star = scene.pulsar(settings)
    told: dict[str, Any] = {
        **star._asdict(),
        "pulsed_fraction": settings.pulsed_fraction,
        "peaks": [
            {"phase": phase, "fwhm_turns": width, "share": share}
            for phase, width, share in settings.peaks
        ],
        "profile": "1 - F + F * sum(share * von Mises of that FWHM), averaged over the exposure",
        "site": None,
        "first_frame_turns": None,
        "first_frame_phase": None,
        "first_frame_frequency_hz": None,
    }
    if phases is not None:
        day, seconds = clock.mid_exposures(settings, np.zeros(1, dtype=np.int64))
        turns, fraction = phases.turns(int(day[0]), float(seconds[0]))
        told["site"] = phases.site_name
        told["first_frame_turns"] = turns
        told["first_frame_phase"] = fraction
        told["first_frame_frequency_hz"] = float(phases.at(day, seconds)[1][0])
    return told


def _stars(settings: CaptureSettings) -> tuple[scene.Star, ...]:
    return scene.field_stars(settings) if settings.calibration is None else ()


def _detector(settings: CaptureSettings, renderer: FrameRenderer) -> dict[str, Any]:
    top, left = settings.corner
    hot_y, hot_x = np.nonzero(renderer.maps.hot)
    hopping = renderer.telegraph
    columns = settings.shape[1]
    told: dict[str, Any] = {
        "subarray": {"vpos": top, "hpos": left, "vsize": settings.shape[0], "hsize": columns},
        "offset_adu": OFFSET_ADU,
        "gain_adu_per_electron": settings.gain,
        "electrons_per_adu": 1.0 / settings.gain,
        "read_noise_e": settings.read_noise_e,
        "bias_spread_e": settings.bias_spread_e,
        "bias_mean_e": float(renderer.maps.bias_e.mean()),
        "response_mean": float(renderer.maps.response.mean()),
        "full_well_e": settings.full_well_e,
        "sky_rate_e_per_s": settings.sky_rate if settings.calibration is None else 0.0,
        "dark_rate_e_per_s": settings.dark_rate,
        "fwhm_px": scene.fwhm_px(settings),
        "moffat_beta": settings.moffat_beta,
        "moffat_width_px": scene.moffat_width_px(settings),
        "plate_scale_arcsec": PLATE_SCALE_ARCSEC,
        "traps_per_pixel": settings.traps,
        "trap_chance": settings.trap_chance,
        "rolling_shutter": settings.rolling_shutter,
        "hot_pixel_count": int(hot_y.size),
        "hot_pixels": [
            {"x": int(x), "y": int(y), "rate_e_per_s": float(renderer.maps.dark_rate[y, x])}
            for y, x in zip(hot_y[:_LISTED_PIXELS], hot_x[:_LISTED_PIXELS], strict=True)
        ],
        "telegraph_pixel_count": int(hopping.pixel.size),
        "telegraph_columns": ["x", "y", "step_e", "chance_up", "chance_down"],
        "telegraph_pixels": [
            [int(p % columns), int(p // columns), float(s), float(u), float(d)]
            for p, s, u, d in zip(*(part[:_LISTED_PIXELS] for part in hopping), strict=True)
        ],
    }
    return told


def _cosmic_rays(settings: CaptureSettings) -> dict[str, Any]:
    rays = cosmic.rays(settings, np.arange(settings.frames))
    return {
        "rate_per_cm2_per_s": settings.cosmic_ray_rate,
        "mean_per_frame": cosmic.rate_per_frame(settings),
        "count": len(rays),
        "rays": [ray._asdict() for ray in rays[:_LISTED_RAYS]],
    }


def _cube(settings: CaptureSettings, cube: CubePlan) -> dict[str, Any]:
    return {
        "number": cube.number,
        "file": cube.name,
        "bundles": int(cube.bundles.size),
        "frames": int(cube.bundles.size) * settings.bundle,
        "first_bundle": int(cube.bundles[0]),
        "gpsstart": cube.gps,
        "fault": cube.fault,
    }


def _frames(settings: CaptureSettings, plan: CapturePlan) -> dict[str, Any]:
    size = settings.bundle
    return {
        "exposed": settings.frames,
        "stored": sum(cube.bundles.size for cube in plan.cubes) * size,
        "in_whole_cubes": sum(cube.bundles.size for cube in plan.cubes if cube.whole) * size,
        "lost": len(plan.lost) * size,
        "lost_frames": [bundle * size + k for bundle in plan.lost for k in range(size)],
        "duplicated": len(plan.duplicated) * size,
        "duplicated_frames": [b * size + k for b in plan.duplicated for k in range(size)],
        "per_bundle": size,
        "per_cube": size * settings.frames_per_cube,
    }
