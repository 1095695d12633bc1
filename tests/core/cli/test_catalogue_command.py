"""`nightglass catalogue`: import once, then every night finds it."""

from __future__ import annotations

import json

from nightglass.core.cli import main
from nightglass.core.stars.library import find_catalogue

STARS = "ascc,ra,dec,vmag,included\n1,10,20,5,\n2,50,-30,9.5,\n3,70,80,14,1\n4,70,81,12,\n"


def run(capsys, *words):
    code = main(["catalogue", *map(str, words)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_an_import_tells_what_it_took_and_where_it_is(tmp_path, capsys):
    source = tmp_path / "mine.csv"
    source.write_text(STARS, encoding="utf-8")
    code, out, err = run(capsys, "import", source, "--json")
    told = json.loads(out)
    assert code == 0
    assert told["file"] == str(find_catalogue())
    assert (told["stars"], told["always_measured"]) == (3, 1)
    assert told["brighter_than"] == {"4": 0, "6": 1, "7.5": 1, "8.4": 1, "10": 2}
    assert told["declination_deg"] == [-30.0, 80.0]
    assert err == f"nightglass: {source} imported as {find_catalogue()}\n"


def test_the_imported_one_is_told_for_people_where_no_file_is_named(tmp_path, capsys):
    source = tmp_path / "mine.csv"
    source.write_text(STARS, encoding="utf-8")
    run(capsys, "import", source, "--faintest", "20")
    code, out, err = run(capsys, "info")
    assert (code, err) == (0, "")
    assert "4 stars, V 5.00 to 14.00, declination -30.0 to 81.0 degrees" in out
    assert "1 to V 6" in out
    assert run(capsys, "info", source)[1].startswith(str(source))


def test_without_a_catalogue_the_way_to_one_is_told(capsys):
    code, out, err = run(capsys, "info")
    assert (code, out) == (2, "")
    assert "nightglass catalogue import FILE" in err


def test_a_file_that_is_no_catalogue_is_refused_in_a_sentence(tmp_path, capsys):
    source = tmp_path / "odd.csv"
    source.write_text("name,flux\na,1\n", encoding="utf-8")
    code, out, err = run(capsys, "import", source)
    assert (code, out) == (2, "")
    assert "no column for a number" in err
    assert err.count("\n") == 1
