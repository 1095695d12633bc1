"""A live night is started at dusk, when the darks are there and no frame yet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nightglass.core.mascara.night.request import NightRequest
from nightglass.core.mascara.settings import ReductionSettings
from nightglass.core.workbench.night.preflight import look_before

from ...mascara.night.small_night import simulated

if TYPE_CHECKING:
    from pathlib import Path


def test_a_camera_with_darks_alone_forbids_the_start_of_a_night_that_is_over_only(
    tmp_path: Path,
) -> None:
    raw = simulated(tmp_path / "raw", 1, scale=0.1)
    for frame in raw.glob("[0-9]*LPC.fits"):
        frame.unlink()
    request = NightRequest((raw,), tmp_path / "out", is_live=True, idle_s=600.0)
    live = look_before(request, ReductionSettings())
    assert "LPC: no frame." in [one.text for one in live.findings if one.level == "notice"]
    assert not live.trouble
    assert look_before(replace(request, is_live=False), ReductionSettings()).trouble
