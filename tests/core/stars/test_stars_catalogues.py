"""Catalogues of every known kind become the same table of stars."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from astropy import units
from astropy.table import MaskedColumn, Table
from nightglass.core.errors import NightglassError
from nightglass.core.stars.library import find_catalogue, import_catalogue
from nightglass.core.stars.table import (
    StarTable,
    astrometry_stars,
    fast_stars,
    read_catalogue,
    slow_stars,
    with_proper_motion,
    with_targets,
    write_catalogue,
)

NUMBERS = [807144, 12, 123]
RA = [300.182125, 10.5, 359.999]
DEC = [22.710806, -80.25, 0.0]
VMAG = [7.676, 9.25, 4.5]
BMAG = [8.608, 9.9, 4.4]


def is_expected(table: StarTable) -> bool:
    return (
        table.ascc.tolist() == NUMBERS
        and np.allclose(table.ra_deg, RA, atol=1e-5)
        and np.allclose(table.dec_deg, DEC, atol=1e-5)
        and np.allclose(table.vmag, VMAG, atol=1e-6)
        and np.allclose(table.bmag, BMAG, atol=1e-6)
    )


def vizier() -> Table:
    """ASCC-2.5 as the catalogue service gives it."""
    return Table(
        {
            "_RAJ2000": RA * units.deg, "_DEJ2000": DEC * units.deg,
            "RAhour": np.array(RA) / 15, "DEdeg": DEC * units.deg,
            "pmRA": [-2.49, 0.0, 10.0] * units.mas / units.yr,
            "pmDE": [-254.0, 0.0, -3.0] * units.mas / units.yr,
            "Bmag": BMAG * units.mag, "Vmag": VMAG * units.mag,
            "SpType": ["G5", "", "A0V"], "HIP": MaskedColumn([98505, 0, 7], mask=[0, 1, 0]),
            "HD": MaskedColumn([189733, 0, 9], mask=[0, 1, 0]), "ASCC": NUMBERS,
        }
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "suffix"), [("fits", "fits"), ("votable", "vot")])
def test_ascc_is_read_from_fits_and_votable(tmp_path, kind: str, suffix: str) -> None:
    path = tmp_path / f"ascc.{suffix}"
    vizier().write(path, format=kind)
    table = read_catalogue(path)
    assert is_expected(table)
    assert table.spectype.tolist() == [b"G5", b"", b"A0V"]
    assert table.hd.tolist() == [189733, 0, 9]
    assert table.hip.tolist() == [98505, 0, 7]
    assert table.pmdec_masyr.tolist() == [-254.0, 0.0, -3.0]


def test_the_stations_own_edition_in_millimagnitudes_and_hours_is_understood(tmp_path) -> None:
    path = tmp_path / "ASCC.fits"
    Table(
        {
            "ASCC": NUMBERS, "RAhour": np.array(RA) / 15, "DEdeg": DEC, "Plx": [1.0, 2.0, 3.0],
            "SpType": [b"G5", b"", b"A0V"], "Vmag": (np.array(VMAG) * 1000).astype(np.int32),
            "Bmag": (np.array(BMAG) * 1000).astype(np.int32), "pmRA": [1, 2, 3], "HD": [1, 0, 2],
        }
    ).write(path)  # fmt: skip
    table = read_catalogue(path)
    assert is_expected(table)
    assert not table.pmra_masyr.any()


def test_bringcat_brings_its_flags(tmp_path) -> None:
    path = tmp_path / "bringcat20180428.fits"
    Table(
        {
            "ASCC": NUMBERS, "_RAJ2000": RA, "_DEJ2000": DEC, "Vmag": VMAG, "Bmag": BMAG,
            "SpType": [b"G5", b"", b"A0V"], "Blend": [b"N", b"B", b""],
            "Var": np.array([1, 0, 4], np.uint8), "Dist8": [1.0, 2.0, 3.0],
            "Inclusion": [False, True, False], "HD": [1, 0, 2], "HIP": [3, 0, 4],
        }
    ).write(path)  # fmt: skip
    table = read_catalogue(path, faintest_vmag=8.0)
    assert is_expected(table)
    assert table.included.tolist() == [False, True, False]
    assert table.variable.tolist() == [1, 0, 4]
    assert table.blend.tolist() == [b"N", b"B", b""]
    assert len(read_catalogue(path, faintest_vmag=5.0)) == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "  "])
def test_text_is_read_whatever_stands_between_its_columns(tmp_path, delimiter: str) -> None:
    lines = ["# a comment, with a comma", delimiter.join(("ASCC", "RA", "Dec", "Vmag", "Bmag"))]
    lines += [delimiter.join(map(repr, row))
              for row in zip(NUMBERS, RA, DEC, VMAG, BMAG, strict=True)]  # fmt: skip
    path = tmp_path / "plain.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert is_expected(read_catalogue(path))
    with gzip.open(tmp_path / "packed.csv.gz", "wt") as file:
        file.write("\n".join(lines))
    assert is_expected(read_catalogue(tmp_path / "packed.csv.gz"))


def test_the_text_of_the_catalogue_service_has_units_a_rule_and_sexagesimal_places(
    tmp_path,
) -> None:
    path = tmp_path / "asu.tsv"
    path.write_text(
        "#\n#   VizieR\n#Column x\n\n"
        "ASCC;_RAJ2000;_DEJ2000;Vmag;Bmag\n"
        " ;\"h:m:s\";\"d:m:s\";mag;mag\n"
        "-------;-----------;-----------;------;------\n"
        " 807144;20 00 43.710;+22 42 38.90; 7.676; 8.608\n"
        "     12;00 42 00.000;-80 15 00.00; 9.250; 9.900\n"
        "    123;23 59 59.760;+00 00 00.00; 4.500; 4.400\n",
        encoding="utf-8",
    )  # fmt: skip
    assert is_expected(read_catalogue(path))


def test_bright_real_stars_by_their_hipparcos_numbers(shared) -> None:
    table = read_catalogue(shared / "data" / "sky" / "bright_stars_v6.csv")
    assert len(table) == 5044
    sirius = table.select(np.argmin(table.vmag)[None])
    assert sirius.ascc[0] == sirius.hip[0] == 32349
    assert sirius.bmag[0] == pytest.approx(sirius.vmag[0] + 0.009, abs=0.02)


def test_a_table_is_written_and_read_back_to_the_last_bit(tmp_path) -> None:
    table = StarTable.of(
        ascc=[5, 3], ra_deg=[0.1 + 0.2, 359.99999999999994], dec_deg=[-1e-300, 45.0],
        vmag=[1 / 3, 9.0], bmag=[np.nan, 2.0], spectype=["G2V, odd", "K0"], blend=["B", ""],
        blendvalue=[0.25, 0.0], included=[True, False], isolation_px=[np.inf, 1.5], variable=[3, 0],
    )  # fmt: skip
    write_catalogue(tmp_path / "a.csv", table)
    write_catalogue(tmp_path / "b.csv", table)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    back = read_catalogue(tmp_path / "a.csv")
    for name, values in table.columns().items():
        read = back.columns()[name]
        assert read.dtype == values.dtype
        assert np.array_equal(read, values, equal_nan=values.dtype.kind == "f"), name


def test_stars_without_a_place_or_a_magnitude_and_second_ones_are_left_out(tmp_path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(
        "ascc,ra,dec,vmag\n1,10,20,5\n2,,20,5\n3,10,20,\n4,10,20,99.999\n1,50,60,7\n5,1,95,5\n",
        encoding="utf-8",
    )
    table = read_catalogue(path)
    assert table.ascc.tolist() == [1]
    assert table.ra_deg.tolist() == [10.0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("ascc,ra,dec\n1,2,3\n", "V magnitude"),
        ("x,y\n1,2\n", "a number (ascc or hip) and a right ascension"),
        ("ascc,ra,dec,vmag\n1,,,\n", "holds no star"),
        ("ascc,ra,dec,vmag\n1,east,2,3\n", "east"),
        ("", "it is empty"),
        ("# nothing\n", "it is empty"),
        ("SIMPLE  =                    T" + " " * 100, "not understood"),
        ("<?xml version='1.0'?><VOTABLE>", "not understood"),
    ],
)
def test_what_is_no_catalogue_is_told_in_a_sentence(tmp_path, content: str, words: str) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(NightglassError) as caught:
        read_catalogue(path)
    assert words in str(caught.value)
    assert caught.value.path == str(path)


def test_a_catalogue_that_is_not_there_is_told(tmp_path) -> None:
    with pytest.raises(NightglassError, match="is not there"):
        read_catalogue(tmp_path / "gone.fits")


def test_the_one_named_goes_before_the_one_beside_the_frames_and_the_imported_one(
    tmp_path,
) -> None:
    with pytest.raises(NightglassError, match="nightglass catalogue import FILE"):
        find_catalogue(None, [tmp_path])
    source = tmp_path / "mine.csv"
    source.write_text("ascc,ra,dec,vmag\n1,10,20,5\n2,10,30,11.5\n", encoding="utf-8")
    imported = import_catalogue(source)
    assert read_catalogue(imported).ascc.tolist() == [1]
    assert find_catalogue(None, [tmp_path]) == imported
    beside = tmp_path / "catalogue.csv"
    beside.write_bytes(source.read_bytes())
    assert find_catalogue(None, [tmp_path / "other", tmp_path]) == beside
    assert find_catalogue(source, [tmp_path]) == source
    with pytest.raises(NightglassError, match="is not a file"):
        find_catalogue(tmp_path / "gone")


def test_an_import_that_fails_leaves_the_earlier_one(tmp_path) -> None:
    source = tmp_path / "mine.csv"
    source.write_text("ascc,ra,dec,vmag\n1,10,20,5\n", encoding="utf-8")
    imported = import_catalogue(source)
    source.write_text("ascc,ra\n", encoding="utf-8")
    with pytest.raises(NightglassError):
        import_catalogue(source)
    assert len(read_catalogue(imported)) == 1


def test_limits_choose_stars_and_targets_are_always_measured() -> None:
    table = StarTable.of(
        ascc=[1, 2, 3, 4, 5], vmag=[3.0, 4.0, 7.5, 8.4, 12.0], isolation_px=[50, 50, 50, 50, 3]
    )
    table = with_targets(table, [5, 77])
    assert fast_stars(table).tolist() == [True, True, True, True, True]
    assert fast_stars(table, 8.0).tolist() == [True, True, True, False, True]
    assert slow_stars(table, 3.5).tolist() == [True, False, False, False, True]
    assert astrometry_stars(table).tolist() == [False, False, True, False, False]
    assert astrometry_stars(table, isolation_px=60.0).sum() == 0


def test_a_table_has_its_columns_alone_and_of_one_length() -> None:
    with pytest.raises(ValueError, match="no column colour"):
        StarTable.of(ascc=[1], colour=[2])
    with pytest.raises(ValueError, match="one length"):
        StarTable.of(ascc=[1], vmag=[2.0, 3.0])
    assert len(StarTable.of()) == 0


def test_stars_at_the_pole_move_across_it() -> None:
    star = StarTable.of(
        ascc=[1], ra_deg=[0.0], dec_deg=[90.0 - 1e-4], vmag=[5.0], pmdec_masyr=[36.0]
    )
    moved = with_proper_motion(star, 2451545.0 + 365.25 * 20)
    assert moved.dec_deg[0] == pytest.approx(90.0 - 1e-4, abs=1e-9)
    assert moved.ra_deg[0] == pytest.approx(180.0)
