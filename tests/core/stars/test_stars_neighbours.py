"""Neighbours of stars: isolation and blending against plain loops over all pairs."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.stars.table import SCALE_DEG, StarTable, with_blending, with_isolation


def crowd(n: int = 300) -> StarTable:
    """Stars of a field that is five degrees wide, about the pole and the origin of ra."""
    rng = np.random.default_rng(8)
    return StarTable.of(
        ascc=np.arange(n), ra_deg=rng.uniform(0, 360, n), dec_deg=90 - 2.5 * np.sqrt(rng.random(n)),
        vmag=rng.uniform(4, 10, n),
    )  # fmt: skip


def distances_px(table: StarTable) -> np.ndarray:
    ra, dec = np.radians(table.ra_deg), np.radians(table.dec_deg)
    cosine = np.sin(dec)[:, None] * np.sin(dec) + np.cos(dec)[:, None] * np.cos(dec) * np.cos(
        ra[:, None] - ra
    )
    apart = np.degrees(np.arccos(np.clip(cosine, -1, 1))) / SCALE_DEG
    np.fill_diagonal(apart, np.inf)
    return apart


def test_isolation_is_the_distance_of_the_nearest_other_star_brighter_than_8() -> None:
    table = with_isolation(crowd())
    expected = distances_px(table)[:, table.vmag < 8.0].min(axis=1)
    assert table.isolation_px == pytest.approx(expected, rel=1e-4)


def test_a_star_without_bright_neighbours_is_as_isolated_as_can_be() -> None:
    faint = StarTable.of(ascc=[1, 2], ra_deg=[0, 1], dec_deg=[0, 0], vmag=[9.0, 9.5])
    assert np.isinf(with_isolation(faint).isolation_px).all()
    single = StarTable.of(ascc=[1, 2], ra_deg=[0, 180], dec_deg=[0, 0], vmag=[4.0, 9.5])
    assert with_isolation(single).isolation_px == pytest.approx([np.inf, 180 / SCALE_DEG])


def test_blending_follows_its_formula_for_every_pair() -> None:
    table = with_blending(crowd(), 5.5)
    ratio = 10 ** (0.4 * (table.vmag[:, None] - table.vmag))
    share = np.clip(1.0 - distances_px(table) / 11.0, 0.0, 1.0)
    expected = np.where(ratio >= 0.01, share * np.minimum(ratio, 1.0), 0.0).max(axis=1)
    assert table.blendvalue == pytest.approx(expected, abs=1e-5)
    assert 0 < np.count_nonzero(expected) < len(table)
    assert np.array_equal(table.blend == b"B", table.blendvalue > 0)


def test_blending_runs_from_apart_to_on_top_of_each_other() -> None:
    step = 4.5 * SCALE_DEG
    table = StarTable.of(
        ascc=range(5), ra_deg=[10.0, 10.0 + step, 50.0, 50.0, 80.0], dec_deg=np.zeros(5),
        vmag=[6.0, 6.0, 8.0, 5.0, 5.0],
    )  # fmt: skip
    expected = [0.5, 0.5, 1.0, 10**-1.2, 0.0]
    assert with_blending(table, 4.5).blendvalue == pytest.approx(expected)
