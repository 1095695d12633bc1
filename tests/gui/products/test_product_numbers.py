"""Numbers of a summary as people read them."""

from __future__ import annotations

import pytest
from nightglass.gui.products.numbers import Number, numbers_of


@pytest.mark.parametrize(
    ("name", "value", "row"),
    [
        ("chi2_per_dof", 1.02, Number("Chi-square per degree", "1.02")),
        ("frames", 184220, Number("Frames", "184,220")),
        ("exposure_s", 4.0, Number("Exposure", "4", "s")),
        ("adu_per_electron", 8.52, Number("Gain", "8.52", "ADU/e\u207b")),
        ("median_bias_e", -0.012345678, Number("Median bias", "-0.0123457", "e\u207b")),
        ("peak_hz", 29.945697146763, Number("Peak", "29.945697147", "Hz")),
        ("qe_corrected", True, Number("QE corrected", "yes")),
        ("total", 2785123.4, Number("Total", "2,785,123")),
        ("chance", 3.2e-9, Number("Chance", "3.20000e-09")),
        ("huge", 1.5e12, Number("Huge", "1.50000e+12")),
        ("zero", 0.0, Number("Zero", "0")),
        ("error", None, Number("Error", "unknown")),
        ("scatter", float("nan"), Number("Scatter", "unknown")),
        ("pulsar", "J0534+2200", Number("Pulsar", "J0534+2200")),
        ("bins", [1, 2], Number("Bins", "1, 2")),
    ],
)
def test_a_number_has_its_label_and_unit(name, value, row):
    assert numbers_of({name: value}) == (row,)


def test_rates_of_an_image_have_its_unit():
    rows = numbers_of({"median": 2.5, "unit": "ph/s", "rows": 64})
    assert rows == (Number("Median", "2.5", "ph/s"), Number("Rows", "64"))


def test_parts_stand_behind_their_names():
    summary = {
        "unit": "electron/s",
        "columns": ["FLUX", "ERROR"],
        "sources": [{"name": "star", "mean_flux": 1.0}, {"mean_flux": 2.0}],
        "sky": {"pixels": 9},
    }
    assert numbers_of(summary) == (
        Number("star: Mean flux", "1", "e\u207b/s"),
        Number("Sources 2: Mean flux", "2", "e\u207b/s"),
        Number("Sky: Pixels", "9"),
    )
