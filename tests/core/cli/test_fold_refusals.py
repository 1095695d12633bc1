"""`nightglass fold`: whatever cannot be done is refused in one sentence and leaves nothing."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from .curves import Field
from .pictures import files, refusal

if TYPE_CHECKING:
    from pathlib import Path

REFUSED = (
    ("{here}/absent --eph {par} --roi {roi}", "absent is not there"),
    ("{here}/empty --eph {par} --roi {roi}", "holds no LightSpeed cubes"),
    ("{par} --eph {par} --roi {roi}", "crab.par"),
    ("{two} --eph {par} --roi {roi}", "There are 2"),
    ("{sky} --roi {roi}", "missing: --eph"),
    ("{sky} --eph {par}", "missing: --roi"),
    ("{sky} --eph {here}/absent.par --roi {roi}", "absent.par is not there"),
    ("{sky} --eph {here} --roi {roi}", "folder"),
    ("{sky} --eph {here}/broken.par --roi {roi}", "no F0"),
    ("{sky} --eph {par} --eph {here}/broken.par --roi {roi}", "no F0"),
    ("{sky} --eph a.par --eph b.par --eph c.par --eph d.par --eph e.par --roi {roi}", "at most 4"),
    ("{sky} --eph {par} --roi {here}/absent.reg", "absent.reg is not there"),
    ("{sky} --eph {par} --roi {here}/bad.reg", "bad.reg"),
    ("{sky} --eph {par} --roi {here}/far.reg", "no region|pixel"),
    ("{sky} --eph {par} --roi {here}/sky.reg", "no region|source"),
    ("{sky} --eph {par} --roi {here}", "folder"),
    ("{sky} --eph {par} --roi circle(1,2", "list of numbers"),
    ("{sky} --eph {par} --roi {roi} --background {here}/absent.reg", "absent.reg is not there"),
    ("{sky} --eph {par} --roi {roi} --bins 3", "3 bins"),
    ("{sky} --eph {par} --roi {roi} --bins 1025", "1025 bins"),
    ("{sky} --eph {par} --roi {roi} --bins many", "bins"),
    ("{sky} --eph {par} --roi {roi} --f0 0", "F0"),
    ("{sky} --eph {par} --roi {roi} --f0=-29.9", "F0"),
    ("{sky} --eph {par} --roi {roi} --f0 nan", "F0"),
    ("{sky} --eph {par} --roi {roi} --f1 inf", "F1"),
    ("{sky} --eph {par} --roi {roi} --phase-offset nan", "offset"),
    ("{sky} --eph {par} --roi {roi} --timing-offset inf", "offset"),
    ("{sky} --eph {par} --roi {roi} --stamp noon", "stamp"),
    ("{sky} --eph {par} --roi {roi} --on x", "no range of phase"),
    ("{sky} --eph {par} --roi {roi} --on 0.3-0.3", "leaves no phase outside"),
    ("{sky} --eph {par} --roi {roi} --off nan-0.3", "no range of phase"),
    ("{sky} --eph {par} --roi {roi} --observatory Atlantis", "Atlantis"),
    ("{sky} --eph {par} --roi {roi} --until 3", "--live"),
    ("{here}/empty --eph {par} --roi {roi} --live --until=-1", "until"),
    ("{here}/empty --eph {par} --roi {roi} --live --until nan", "until"),
    ("{roi} --eph {par} --roi {roi} --live --until 0", "is a file"),
    ("{sky} --eph {par} --roi {roi} --output {here}/fold.png", "fold.png"),
    ("{sky} --eph {par} --roi {roi} --output {here}/absent/fold.fits", "does not exist"),
    ("{sky} --eph {par} --roi {roi} --output {here}/folder.csv", "is a folder"),
    ("{sky} --eph {par} --roi {here}/star.csv --output {here}/star.csv --clobber", "an input"),
    ("{sky} --eph {par} --roi {roi} --output {cube} --clobber", "an input"),
    ("{sky} --eph {par} --roi {roi} --bogus", "bogus"),
)


@pytest.fixture
def here(tmp_path: Path) -> dict[str, str]:
    """Files that are wrong in one way each, beside good ones."""
    field = Field.make(tmp_path)
    for name in ("empty", "folder.csv", "two"):
        (tmp_path / name).mkdir()
    texts = {
        "broken.par": "PSR X\n", "bad.reg": "nonsense\n", "star.csv": field.roi.read_text("utf-8"),
        "far.reg": "image\ncircle(1000,1000,3)\n",
        "sky.reg": "image\nannulus(8,6,3,5) # background\n",
    }  # fmt: skip
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for name in (field.cube.name, field.cube.name.replace("crab", "vela")):
        shutil.copy(field.cube, tmp_path / "two" / name)
    return {
        "here": str(tmp_path), "par": str(field.par), "roi": str(field.roi),
        "sky": str(field.cube.parent), "two": str(tmp_path / "two"), "cube": str(field.cube),
    }  # fmt: skip


@pytest.mark.parametrize(("words", "says"), REFUSED, ids=[words for words, _ in REFUSED])
def test_what_cannot_be_done_is_said_in_one_sentence_and_nothing_is_left(
    words: str, says: str, here: dict[str, str], tmp_path: Path,
    capsys: pytest.CaptureFixture[str], expected_log: object, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    before = {path: path.read_bytes() for path in files(tmp_path) if path.is_file()}
    said = refusal(capsys, "fold", *words.format(**here).split())
    assert said.startswith("nightglass: ")
    assert re.search(says, said, re.IGNORECASE), said
    assert {path: path.read_bytes() for path in files(tmp_path) if path.is_file()} == before
