"""A small night with a bump and a cloud, held against what the simulator put in."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.mascara.report.healpix import cell_of

from .truth_nights import FIRST, Reduced, lonely_stars, ratio_error, reduced, rms, simulated, spread

BUMP, CLOUD, FRAMES = 36, 46, 75
SKY_MODE_ADU = 0.4
"""The mode by which the sky is told lies so much below the mean of photons and read noise; the
faint stars of a real sky, which are not here, make up for it."""


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Reduced:
    folder = tmp_path_factory.mktemp("truth")
    stars = lonely_stars(folder / "stars.csv", 28.8, FRAMES)
    simulated(
        folder / "raw",
        FRAMES,
        scale=0.14,
        catalogue=str(stars),
        defects=(f"bump:{BUMP}", f"cloud:{CLOUD}"),
    )
    return reduced(folder / "raw", folder / "out", "LPC")


def test_positions_hold_on_both_sides_of_a_bump(night: Reduced) -> None:
    assert [one["state"] for one in night.records] == ["done", "done"]
    rows, off = night.truth.off_px(night.fast)
    for slot in np.unique(rows["lstseq"]):
        assert rms(off[rows["lstseq"] == slot]) < 0.1
    assert len(np.unique(rows["lstseq"])) == FRAMES


def test_the_bump_is_told_with_its_slot(night: Reduced) -> None:
    assert (
        f"The camera moved before slot {FIRST + BUMP - 1}: solved again"
        in (night.records[0]["warnings"])
    )
    assert not any("moved" in words for words in night.records[1]["warnings"])


@pytest.mark.parametrize(("aperture", "area"), [(0, 19.6), (1, 63.6)])
def test_fast_fluxes_are_unbiased_and_their_errors_honest(
    night: Reduced, aperture: int, area: float
) -> None:
    flux, error, true, vmag = night.fast_fluxes(aperture)
    assert len(flux) > 1000
    bright = vmag < 7.0
    for part in (bright, ~bright):
        off_adu = np.mean(flux[part] - true[part]) - SKY_MODE_ADU * area
        noise_adu = ratio_error(error[part], true[part]) * true[part].mean()
        assert abs(off_adu) < 0.003 * true[part].mean() + 2.0 * noise_adu
    assert 0.9 < spread((flux - true) / error) < 1.2


def test_slow_fluxes_are_unbiased_and_their_errors_honest(night: Reduced) -> None:
    flux, error, true, _ = night.slow_fluxes(2)
    assert len(flux) > 20
    allowed = 0.003 + 2.0 * ratio_error(error, true)
    assert flux.sum() / true.sum() == pytest.approx(1.0, abs=allowed)
    # So few points tell their spread to a tenth.
    assert 0.7 < spread((flux - true) / error) < 1.4


def test_a_clear_batch_is_transparent_and_a_cloud_dims_its_cells_as_injected(
    night: Reduced,
) -> None:
    clear, cloudy = ({int(cell): values for cell, values in one["cells"].items()}
                     for one in night.records)  # fmt: skip
    many = [cell for cell in clear if cell in cloudy and min(clear[cell][2], cloudy[cell][2]) >= 5]
    assert len(many) >= 2
    truth = night.truth
    cells = cell_of(truth.of["ra_deg"], truth.of["dec_deg"])
    for cell in many:
        assert clear[cell][1] == pytest.approx(1.0, abs=0.12)
        true = truth.dimming(cells == cell, slice(0, 50), slice(50, FRAMES))
        assert 0.3 < true < 0.95
        assert cloudy[cell][1] / clear[cell][1] == pytest.approx(true, abs=0.07)
        assert 2.5 * np.log10(true) == pytest.approx(cloudy[cell][0] - clear[cell][0], abs=0.12)
