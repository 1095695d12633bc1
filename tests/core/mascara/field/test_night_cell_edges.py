"""Edges of sky cells enclose what belongs to the cell."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.mascara.field.cell_edges import cell_edges
from nightglass.core.mascara.report.healpix import cell_count, cell_of


def cells_at(vectors: np.ndarray, nside: int) -> np.ndarray:
    x, y, z = np.moveaxis(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), -1, 0)
    return cell_of(np.degrees(np.arctan2(y, x)), np.degrees(np.arcsin(z)), nside)


@pytest.mark.parametrize("nside", [1, 2, 8])
@pytest.mark.parametrize("part", [0.1, 0.6, 0.97])
def test_what_lies_inside_of_an_edge_is_of_its_cell(nside: int, part: float) -> None:
    edges = cell_edges(nside)
    middles = edges.mean(axis=1, keepdims=True)
    middles /= np.linalg.norm(middles, axis=-1, keepdims=True)
    inside = middles + part * (edges - middles)
    numbers = np.arange(cell_count(nside))[:, np.newaxis]
    assert (cells_at(inside, nside) == numbers).all()


@pytest.mark.parametrize("nside", [2, 8])
def test_what_lies_outside_of_an_edge_is_of_another_cell(nside: int) -> None:
    edges = cell_edges(nside)
    middles = edges.mean(axis=1, keepdims=True)
    outside = middles + 1.05 * (edges - middles)
    assert (cells_at(outside, nside) != np.arange(cell_count(nside))[:, np.newaxis]).all()


def test_edges_go_round_their_cells_and_enclose_equal_areas() -> None:
    edges = cell_edges(8, 12)
    middles = edges.mean(axis=1, keepdims=True)
    turned = np.cross(edges - middles, np.roll(edges, -1, axis=1) - middles).sum(axis=1) / 2.0
    outward = (turned * middles[:, 0]).sum(axis=1)
    areas = np.linalg.norm(turned, axis=1)
    assert (outward > 0.0).all()
    assert areas == pytest.approx(4.0 * np.pi / 768, rel=0.01)
