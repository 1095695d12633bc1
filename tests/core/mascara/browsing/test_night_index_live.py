"""Browsing beside a real reduction: its workers write, its merge removes, and nothing is wrong."""

from __future__ import annotations

from contextlib import suppress
from subprocess import TimeoutExpired
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.mascara.browsing.index import StarIndex
from nightglass.core.mascara.night.layout import NightLayout
from nightglass.core.mascara.products.night_reading import NightFile

from ..night.night_runs import run
from ..night.small_night import simulated

if TYPE_CHECKING:
    from pathlib import Path

    from ..night.night_runs import Process

FRAMES = 50
"""20 in a first batch, 30 in the next."""
LOOK_S = 0.1


@pytest.mark.slow
def test_every_answer_while_a_night_is_reduced_is_of_whole_batches(tmp_path: Path) -> None:
    raw, output = simulated(tmp_path / "raw", FRAMES, scale=0.15), tmp_path / "out"
    (raw / "settings.json").write_text('{"min_observations": 10}')
    index = StarIndex(output)
    seen: list[tuple[int, int]] = []
    with run(raw, output, "--workers", 1) as reduction:
        while not ended(reduction):
            stars = index.refresh()
            if len(stars):
                # Of the first list, so that it was there from the beginning.
                ascc = seen[0][0] if seen else int(stars.ascc[np.argmax(stars.fast_points)])
                seen.append((ascc, len(index.curve(ascc))))
    assert reduction.returncode == 0
    counts = [count for _, count in seen]
    assert counts == sorted(counts)
    assert len(set(counts)) > 1, "it was seen to grow"
    _assert_as_merged(index, output)


def ended(reduction: Process) -> bool:
    """Whether it has ended, or does so until the next look."""
    with suppress(TimeoutExpired):
        reduction.wait(LOOK_S)
    return reduction.returncode is not None


def _assert_as_merged(index: StarIndex, output: Path) -> None:
    stars = index.refresh()
    (folder,) = (path for path in output.iterdir() if path.name.endswith("LPC"))
    place = NightLayout(output).camera_night(folder.name[:8], "LPC")
    with NightFile(place.fast_file) as file:
        numbers = file.header["ascc"].astype(np.int64)
        listed = stars.ascc[stars.fast_points > 0]
        assert np.array_equal(np.sort(numbers), listed)
        for ascc in numbers[::50].tolist():
            curve = index.curve(ascc)
            assert np.array_equal(curve.points, file.points(ascc))
            assert curve.is_complete
