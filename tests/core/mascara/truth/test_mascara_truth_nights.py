"""Full-size frames and a longer night, held against what the simulator put in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from .truth_nights import (
    CODES,
    FIRST,
    Reduced,
    lonely_stars,
    ratio_error,
    reduced,
    rms,
    simulated,
    spread,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

LONG = 950
_HALF_HOUR_D = 0.5 / 24.0


@pytest.mark.parametrize(
    ("site", "letter", "defects"),
    [("LaPalma", "E", ("cloud:5",)), ("LaSilla", "S", ("moon",))],
)
def test_full_frames_are_solved_and_measured_to_their_corners(
    tmp_path: Path, site: str, letter: str, defects: tuple[str, ...]
) -> None:
    """From the nominal pointing; low in the sky; a cloud over a part, a tower, the Moon."""
    camera = CODES[site] + letter
    simulated(tmp_path / "raw", only=(1, 25, 50), site=site, cameras=(letter,), defects=defects,
              darks=3)  # fmt: skip
    night = reduced(tmp_path / "raw", tmp_path / "out", camera)
    assert [one["state"] for one in night.records] == ["done"]
    rows, off = night.truth.off_px(night.fast)
    assert len(rows) > 9_000
    assert rms(off) < 0.1
    in_corner = (np.abs(rows["x"] - 2004) > 1700) & (np.abs(rows["y"] - 1336) > 1130)
    assert in_corner.sum() > 50
    assert rms(off[in_corner]) < 0.15
    if "moon" in defects:
        return
    for aperture in (0, 1):
        flux, error, true, vmag = night.fast_fluxes(aperture)
        assert 0.9 < spread((flux - true) / error) < 1.2
        for faint in (6.0, 7.0, 7.5, 8.0):
            part = (vmag > faint - 1.0) & (vmag <= faint)
            allowed = 0.003 + 2.0 * ratio_error(error[part], true[part])
            assert flux[part].sum() / true[part].sum() == pytest.approx(1.0, abs=allowed)


def test_after_a_closed_sky_a_camera_is_found_where_it_was_pushed_to(tmp_path: Path) -> None:
    """An overcast batch tells that nothing comes through, flags its points, and the next holds."""
    simulated(tmp_path / "raw", 150, scale=0.15, defects=("overcast:57", "bump:90"))
    night = reduced(tmp_path / "raw", tmp_path / "out", "LPC")
    clear, closed, again = night.records
    assert (clear["state"], closed["state"], again["state"]) == ("done", "partial", "done")
    assert "Stars were not recognised on 44 frames" in closed["warnings"]
    slots = night.fast["lstseq"] - FIRST + 1
    assert (night.fast["aflag"][(slots >= 57) & (slots <= 100)] == 4).all()
    assert (night.fast["aflag"][(slots < 57) | (slots > 100)] == 0).all()
    assert all(values[1] < 0.2 for values in closed["cells"].values())
    rows, off = night.truth.off_px(night.fast)
    assert rms(off[rows["aflag"] == 0]) < 0.1


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Reduced, list[dict[str, Any]]]:
    """A little less than two hours of a camera near the pole, and its variable stars."""
    folder = tmp_path_factory.mktemp("long")
    stars = lonely_stars(folder / "stars.csv", 69.8, LONG)
    simulated(folder / "raw", LONG, scale=0.14, cameras=("N",), variable_fraction=0.3,
              catalogue=str(stars))  # fmt: skip
    told = json.loads((folder / "raw" / "truth.json").read_text())["cameras"]["LPN"]
    return reduced(folder / "raw", folder / "out", "LPN"), told["variables"]


def test_points_of_320_s_scatter_as_white_noise_does(
    night: tuple[Reduced, list[dict[str, Any]]],
) -> None:
    found, variables = night
    varying = {one["ascc"] for one in variables}
    vmag = dict(zip(found.truth.of["ascc"], found.truth.of["vmag"], strict=True))
    steady = [
        star for star in found.truth.isolated()
        if star not in varying and 7.7 < vmag.get(star, 0.0) < 8.4
    ]  # fmt: skip
    for points in (_fast_means(found, steady, 1), _slow_points(found, steady, 2)):
        off = np.concatenate([_about_an_hour(*star) for star in points])
        assert len(off) >= 30
        assert rms(off) < 1.15 + 1.0 / np.sqrt(2.0 * len(off))


def test_injected_variables_and_transits_come_back(
    night: tuple[Reduced, list[dict[str, Any]]],
) -> None:
    found, variables = night
    shapes = {one["ascc"]: one for one in variables}
    alone = [star for star in found.truth.isolated() if star in shapes]
    strengths = []
    for star, (jd, flux, error) in zip(alone, _fast_means(found, alone, 1), strict=True):
        expected = _light(shapes[star], jd)
        if len(jd) < 8 or np.ptp(expected) < 8.0 * np.median(error / flux):
            continue
        # Lens and air change on the way over the chip: what they leave is in the truth as well.
        steady = found.truth.mean_at(star, jd, 1) / expected
        slope = np.polyfit(expected, flux / steady, 1)[0]
        strengths.append(slope)
    assert len(strengths) >= 3
    assert np.median(strengths) == pytest.approx(1.0, abs=0.1)
    assert np.ptp(strengths) < 0.6


def _light(shape: dict[str, Any], jd: np.ndarray) -> np.ndarray:
    """Flux of a variable star over that of a constant one."""
    turns = (jd - shape["epoch_jd"]) / shape["period_d"]
    if shape["kind"] == "sine":
        return 10.0 ** (-0.4 * shape["amplitude_mag"] * np.sin(2.0 * np.pi * turns))
    off_d = np.abs(turns - np.round(turns)) * shape["period_d"]
    edge = (0.5 * shape["duration_d"] - off_d) / (0.1 * shape["duration_d"])
    return 1.0 - shape["depth"] * np.clip(edge, 0.0, 1.0)


def _fast_means(found: Reduced, stars: list[int], aperture: int) -> list[tuple[Any, Any, Any]]:
    """Per star: mid-times, mean fluxes and their errors of whole batches."""
    points = []
    for star in stars:
        rows = found.fast[(found.fast["ascc"] == star) & (found.fast["flag"] == 0)]
        _, where, counts = np.unique(rows["lstseq"] // 50, return_inverse=True, return_counts=True)
        jd, flux, variance = (
            np.bincount(where, values) / counts
            for values in (rows["jdmid"], rows[f"flux{aperture}"], rows[f"eflux{aperture}"] ** 2)
        )
        whole = counts >= 45
        points.append((jd[whole], flux[whole], np.sqrt(variance / counts)[whole]))
    return points


def _slow_points(found: Reduced, stars: list[int], aperture: int) -> list[tuple[Any, Any, Any]]:
    rows = found.slow[found.slow["flag"] == 0]
    own = [rows[rows["ascc"] == star] for star in stars]
    return [(one["jdmid"], one[f"flux{aperture}"], one[f"eflux{aperture}"]) for one in own]


def _about_an_hour(jd: np.ndarray, flux: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Points less the running median of an hour, where it has a whole hour, over their errors."""
    at = np.arange(len(jd))
    reach = 0.9 * _HALF_HOUR_D
    whole = at[(jd >= jd[0] + reach) & (jd <= jd[-1] - reach)] if len(jd) else at
    middle = np.array([np.median(flux[np.abs(jd - jd[n]) <= _HALF_HOUR_D]) for n in whole])
    return np.asarray((flux[whole] - middle) / error[whole], np.float64)
