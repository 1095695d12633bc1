"""The same over two hundred captures: mean pull within 0.2, spread within 0.9 to 1.1."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from .skies import SPEC, Sky
from .truth import FRACTION, Recovered, recover

SEEDS = 200


@pytest.fixture(scope="module")
def sky(tmp_path_factory: pytest.TempPathFactory) -> Sky:
    return Sky.make(tmp_path_factory.mktemp("truth"), replace(SPEC, bundles=500), cubes=2)


def many(sky: Sky, fraction: float, first: int, **options: Any) -> list[Recovered]:
    return [recover(sky, fraction, first + seed, **options) for seed in range(SEEDS)]


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["sum", "clip"])
def test_pulse_pulsed_fraction_and_sky(sky: Sky, mode: str) -> None:
    found = many(sky, FRACTION, 1000, mode=mode)
    if mode == "sum":
        for name in ("pulse", "sky", "fraction"):
            pulls = [getattr(one, name) for one in found]
            assert abs(np.mean(pulls)) < 0.2, name
            assert 0.9 < np.std(pulls) < 1.1, name
    else:
        # Whole electrons are not the mean of noisy ones; their scatter is still that expected.
        pulls = np.array([one.pulse for one in found])
        assert 0.9 < (pulls - pulls.mean(axis=0)).std() < 1.1


@pytest.mark.slow
def test_pure_noise(sky: Sky) -> None:
    found = many(sky, 0.0, 5000)
    assert np.mean([one.chi2_per_dof for one in found]) == pytest.approx(1.0, abs=0.1)
