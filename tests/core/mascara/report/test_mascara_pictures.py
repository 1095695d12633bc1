"""Pictures of a night: the same bytes each time, whatever the night was like."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
import pytest
from nightglass.core.mascara.report import camera_files
from nightglass.core.mascara.report.astrometry_picture import astrometry_picture
from nightglass.core.mascara.report.camera_files import write_camera_files
from nightglass.core.mascara.report.conditions_picture import conditions_picture
from nightglass.core.mascara.report.figures import clock, drawing
from nightglass.core.mascara.report.records import CameraRecords, night_records
from nightglass.core.mascara.report.sky_picture import cell_medians, sky_picture
from PIL import Image

from .mascara_journal import NIGHT, batch_record, failed_record, header_record, solution

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Draw = Callable[[CameraRecords], bytes]

DRAWINGS = [
    astrometry_picture,
    conditions_picture,
    lambda camera: sky_picture([camera], camera.night),
]


def camera_of(*records: dict[str, Any]) -> CameraRecords:
    return night_records([header_record(), *records]).camera("LPC")


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"), int)


ODD = [
    batch_record(0, astrometry=None, zero_point=None, cells={}, calibration_stars=[]),
    batch_record(
        1,
        astrometry=solution(
            0, aflag=2, dr=None, stars_used=None, stars_expected=None, drift_arcmin=[[None] * 2] * 5
        ),
        cells={"300": [None, None, 5]},
        calibration_stars=[[1, None, None]],
    ),
    batch_record(2, frames=[], mid_jd=None),
]


@pytest.mark.parametrize("draw", DRAWINGS)
def test_a_picture_is_whole_and_the_same_each_time_whatever_the_user_likes(draw: Draw) -> None:
    camera = camera_of(*ODD, *(batch_record(step) for step in range(3, 12)))
    first = draw(camera)
    with matplotlib.rc_context({"axes.facecolor": "black", "font.size": 30}):
        second = draw(camera)
        assert matplotlib.rcParams["font.size"] == 30
    assert first == second
    picture = pixels(first)
    edges = (picture[0], picture[-1], picture[:, 0], picture[:, -1])
    assert all((edge == 255).all() for edge in edges)
    assert Image.open(io.BytesIO(first)).info.keys() <= {"dpi"}


@pytest.mark.parametrize("draw", DRAWINGS)
def test_a_night_without_anything_can_be_drawn(draw: Draw) -> None:
    assert draw(camera_of(failed_record())).startswith(b"\x89PNG")


def test_a_batch_without_solution_and_one_off_the_scale_are_marked() -> None:
    batches = [batch_record(step) for step in range(9)]
    plain = astrometry_picture(camera_of(*batches))
    batches[2] = batch_record(2, astrometry=solution(2, aflag=4))
    batches[6] = batch_record(6, astrometry=solution(6, dr=3.5))
    differs = pixels(astrometry_picture(camera_of(*batches))) != pixels(plain)
    columns = np.flatnonzero(differs.any(axis=0))
    assert differs[:, : columns.mean().astype(int)].sum() > 30
    assert differs[:, columns.mean().astype(int) :].sum() > 30


def test_transparency_is_the_median_over_batches_of_cells_with_enough_stars() -> None:
    batches = [
        batch_record(step, cells={"5": [17.0, value, 9], "6": [17.0, 0.1, 2]})
        for step, value in enumerate((0.2, 0.8, 0.9))
    ]
    medians = cell_medians([camera_of(*batches)])
    assert medians[5] == 0.8
    assert np.flatnonzero(np.isfinite(medians)).tolist() == [5]


def test_hours_are_told_as_times_of_day() -> None:
    assert [clock(hours) for hours in (0.0, 25.5, -1.0, 23.999)] == [
        "00:00", "01:30", "23:00", "00:00",
    ]  # fmt: skip


def test_a_figure_that_fails_leaves_the_settings_as_they_were() -> None:
    before = dict(matplotlib.rcParams)
    with pytest.raises(ZeroDivisionError), drawing(1, 1):
        raise ZeroDivisionError
    assert dict(matplotlib.rcParams) == before


def test_the_files_of_a_camera_do_not_depend_on_when_it_was_reduced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One picture will do: both are drawn from the same records.
    monkeypatch.setattr(camera_files, "conditions_picture", lambda *_: b"")
    written = []
    for k, fields in enumerate(({}, {"at": 1.0, "seconds": {}, "attempt": 3, "key": "z"})):
        folder = tmp_path / str(k)
        folder.mkdir()
        camera = camera_of(*(batch_record(step, **fields) for step in range(3)))
        paths = write_camera_files(folder, camera)
        written.append({path.name: path.read_bytes() for path in paths})
    assert written[0] == written[1]
    names = [f"{NIGHT}LPC.log", f"{NIGHT}LPCastro.png", f"{NIGHT}LPCphot.png"]
    assert list(written[0]) == names
