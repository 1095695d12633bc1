"""`nightglass lc` and `nightglass lc add`: products, summaries, and what they refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.cli import science
from nightglass.core.engine.jobs import JobContext
from nightglass.core.lightspeed import DataSet, Ephemeris
from nightglass.core.lightspeed.lc import Lightcurve, light_curve, load_light_curves

from .curves import Field
from .pictures import refusal, summary

if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]


@pytest.fixture
def field(tmp_path: Path) -> Field:
    return Field.make(tmp_path)


def words(field: Field, output: str = "lc.fits", **more: Any) -> list[object]:
    chosen: dict[str, Any] = {
        "input": field.cube, "output": field.folder / output, "roi": field.roi, "eph": field.par,
        "bins": 10, **more,
    }  # fmt: skip
    made: list[object] = ["lc"]
    for name, value in chosen.items():
        made += [f"--{name.replace('_', '-')}"] + ([] if value is True else [value])
    return made


def test_it_writes_what_the_function_makes(field: Field, capsys: Said) -> None:
    told = summary(capsys, *words(field))
    data_set = DataSet.from_first(field.cube)
    (expected,) = light_curve(
        data_set, field.roi, Ephemeris(field.par, data_set, "Magellan Clay"), 10
    )
    made = Lightcurve.load(field.folder / "lc.fits")
    np.testing.assert_array_equal(made.flux, expected.flux)
    np.testing.assert_array_equal(made.error, expected.error)
    assert made.columns.keys() == expected.columns.keys()
    assert told["frames"] == 160
    assert told["exposure_s"] == pytest.approx(0.8)
    assert told["observatory"] == "Magellan Clay"
    (source,) = told["sources"]
    assert source["mean_flux"] == pytest.approx(np.nanmean(made.flux))
    assert source["chi2"] == pytest.approx(made.chi_square()[0])
    assert made.header is not None
    assert made.header["NU"] > 29
    assert made.header["OPTION BINS"] == 10
    assert made.header["INP00001"] == field.cube.name


def test_a_folder_stands_for_its_capture(field: Field, capsys: Said) -> None:
    assert summary(capsys, *words(field, input=field.cube.parent))["frames"] == 160


def test_options_reach_the_light_curve(field: Field, capsys: Said) -> None:
    roi = field.region("image\ncircle(8,6,2.5) # text={a}\ncircle(4,4,2) # text={b}\n")
    told = summary(
        capsys, *words(field, roi=roi, mode="clip", qe=True, errors=True, seed=4, allow_cr=True)
    )
    assert [source["name"] for source in told["sources"]] == ["a", "b"]
    made = load_light_curves(field.folder / "lc.fits")
    assert made[1].unit == "ph/s"
    assert "ERROR_POISSON" in made[0].columns
    header = made[0].header
    assert header is not None
    assert (header["OPTION MODE"], header["OPTION SEED"]) == ("clip", 4)


def test_no_errors_means_none(field: Field, capsys: Said) -> None:
    summary(capsys, *words(field, no_errors=True))
    assert "ERROR_POISSON" not in Lightcurve.load(field.folder / "lc.fits").columns


def test_published_conventions_write_float32(field: Field, capsys: Said) -> None:
    from astropy.io import fits

    summary(capsys, *words(field, compat="v3"))
    with fits.open(field.folder / "lc.fits") as units:
        assert {column.format for column in units[1].columns} == {"E"}


def test_a_site_of_the_settings_is_found(field: Field, capsys: Said) -> None:
    from nightglass.core.problems import ProblemList
    from nightglass.core.settings import SiteEntry, load_settings, save_settings

    site = SiteEntry(itrf_x_m=6_378_000.0, itrf_y_m=0.0, itrf_z_m=0.0)
    save_settings(load_settings(ProblemList()).changed(sites={"My roof": site}))
    assert summary(capsys, *words(field, observatory="my roof"))["observatory"] == "My roof"


def test_the_window_runs_the_same(field: Field) -> None:
    outcome = science.execute([str(word) for word in words(field)], JobContext())
    assert outcome.outputs == (field.folder / "lc.fits",)
    assert outcome.summary["frames"] == 160
    assert outcome.lines


def test_light_curves_add(field: Field, capsys: Said) -> None:
    for name, more in (("a.fits", {"max_index": 1}), ("b.fits", {"min_index": 2})):
        summary(capsys, *words(field, name, **more))
    summary(capsys, *words(field))
    a, b, total = (field.folder / name for name in ("a.fits", "b.fits", "sum.fits"))
    told = summary(capsys, "lc", "add", "--inputs", a, b, "--output", total)
    assert told["added"] == 2
    made, whole = Lightcurve.load(total), Lightcurve.load(field.folder / "lc.fits")
    np.testing.assert_allclose(made.exposure, whole.exposure)
    np.testing.assert_allclose(made.flux, whole.flux, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(made.error, whole.error, rtol=1e-3)
    assert made.header is not None
    assert made.header["INP00002"].endswith("b.fits")
    assert "is not replaced" in refusal(capsys, "lc", "add", "--inputs", a, "--output", total)
    summary(capsys, "lc", "add", "--inputs", a, "--output", total, "--clobber")


def test_unlike_light_curves_do_not_add(field: Field, capsys: Said) -> None:
    summary(capsys, *words(field, "a.fits"))
    summary(capsys, *words(field, "b.fits", bins=5))
    said = refusal(
        capsys, "lc", "add", "--inputs", field.folder / "a.fits", field.folder / "b.fits",
        "--output", field.folder / "sum.fits",
    )  # fmt: skip
    assert "10 bins" in said
    assert "sum.fits" not in field.left()


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"bins": 0}, "not a number of bins"),
        ({"bins": "many"}, "not a whole number"),
        ({"eph": "nowhere.par"}, "nowhere.par"),
        ({"roi": "nowhere.reg"}, "nowhere.reg"),
        ({"background": "nowhere.reg"}, "nowhere.reg"),
        ({"observatory": "Atlantis"}, "no site called 'Atlantis'"),
        ({"output": "no/such/lc.fits"}, "does not exist"),
        ({"frames": 1, "bins": 3}, "too short"),
        ({"psf": True}, "weight mode"),
        ({"mode": "best"}, "none of"),
        ({"input": "nowhere.fits"}, "nowhere.fits"),
    ],
)
def test_bad_input_ends_with_one_sentence_and_nothing_written(
    field: Field, capsys: Said, more: Any, why: str
) -> None:
    before = field.left()
    assert why in refusal(capsys, *words(field, **more))
    assert field.left() == before


def test_a_par_file_without_f0_is_refused(field: Field, capsys: Said) -> None:
    lines = field.par.read_text(encoding="utf-8").splitlines()
    field.par.write_text(
        "\n".join(line for line in lines if not line.startswith("F0")), encoding="utf-8"
    )
    assert "no F0" in refusal(capsys, *words(field))


def test_a_region_outside_is_refused(field: Field, capsys: Said) -> None:
    roi = field.region("circle(400,6,2)\n")
    assert "no pixel" in refusal(capsys, *words(field, roi=roi))


def test_an_output_that_exists_is_kept(field: Field, capsys: Said) -> None:
    (field.folder / "lc.fits").write_text("mine", encoding="utf-8")
    assert "not replaced" in refusal(capsys, *words(field))
    assert (field.folder / "lc.fits").read_text(encoding="utf-8") == "mine"
    summary(capsys, *words(field, clobber=True))


def test_missing_words_are_named(capsys: Said) -> None:
    assert "--input, --output, --roi, --eph, --bins" in refusal(capsys, "lc")
    assert "--inputs" in refusal(capsys, "lc", "add", "--output", "x.fits")
