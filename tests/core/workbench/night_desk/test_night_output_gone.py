"""A reduction whose output is gone ends, and that is told without the log that went with it."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from nightglass.core.mascara.night.request import NightRequest
from nightglass.core.mascara.settings import ReductionSettings
from nightglass.core.workbench.night import launch as launching

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_an_output_that_is_gone_is_told_in_place_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "raw").mkdir()
    refused = [sys.executable, "-c", "import sys; sys.exit(2)"]
    monkeypatch.setattr(launching, "program", lambda: refused)
    request = NightRequest((tmp_path / "raw",), tmp_path / "out")
    launched = launching.launch(request, ReductionSettings())
    os.waitid(os.P_PID, launched.pid, os.WEXITED | os.WNOWAIT)
    shutil.rmtree(request.output)
    error = launched.failure()
    assert error is not None
    assert error.title == "The reduction ended"
    assert f"{request.output} is not there any more" in error.text
    assert "driver.log" not in str(error)
