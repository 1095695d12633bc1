"""What is told before a night is started."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from nightglass.core.mascara.night.lock import DriverLock
from nightglass.core.mascara.night.request import NightRequest
from nightglass.core.mascara.settings import ReductionSettings
from nightglass.core.workbench.night.preflight import look_before

from ...mascara.night.small_night import simulated
from .made_journal import end, header, write

SETTINGS = ReductionSettings()


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    """Two frames of one camera and its darks."""
    return simulated(tmp_path_factory.mktemp("simulated") / "raw", 2, scale=0.1)


@pytest.fixture
def request_(raw, tmp_path):
    return NightRequest((raw,), tmp_path / "out")


def texts(found, level):
    return [one.text for one in found.findings if one.level == level]


def test_cameras_night_and_a_place_for_the_products_are_told(raw, request_):
    found = look_before(replace(request_, output=Path()), SETTINGS)
    assert found.cameras == {"LPC": 2}
    assert (found.night, found.site) == ("20150218", "LaPalma")
    assert found.proposed == raw.parent / "reduced-20150218"
    assert found.trouble == ""
    assert not found.is_held


def test_cameras_that_are_not_chosen_are_told_as_well(request_):
    found = look_before(replace(request_, cameras=("E",)), SETTINGS)
    assert found.cameras == {"LPC": 2}
    assert found.trouble.startswith("No raw frame of E")


def test_a_raw_folder_that_is_away_is_the_only_trouble(request_, tmp_path):
    found = look_before(replace(request_, raw=(tmp_path / "away",)), SETTINGS)
    assert [one.level for one in found.findings] == ["trouble"]
    assert "is not there" in found.trouble


def test_an_output_with_this_night_is_gone_on_with(request_):
    write(request_.output, header(night="20150218"), end("stopped"))
    found = look_before(request_, SETTINGS)
    assert found.is_held
    assert found.trouble == ""
    assert "holds the night of 20150218 already (stopped)" in texts(found, "notice")[0]


def test_an_output_with_another_night_is_told(request_):
    write(request_.output, header(night="20150101"), end())
    found = look_before(request_, SETTINGS)
    assert "holds another night already (20150101)" in texts(found, "notice")[0]


def test_a_night_that_is_being_reduced_cannot_be_started(request_):
    write(request_.output, header(night="20150218"))
    with closing(DriverLock(request_.output / "driver.lock")):
        found = look_before(request_, SETTINGS)
    assert found.trouble.startswith("A reduction works in")


def test_an_output_that_is_a_file_is_trouble(request_):
    request_.output.write_text("", encoding="utf-8")
    assert "is a file" in look_before(request_, SETTINGS).trouble


def test_old_frames_of_a_live_night_are_told(request_):
    found = look_before(replace(request_, is_live=True), SETTINGS)
    assert "h old: the cameras are silent" in texts(found, "notice")[-1]
