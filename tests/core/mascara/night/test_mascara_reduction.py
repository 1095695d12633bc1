"""A simulated night from raw frames to products, offline and live."""

from __future__ import annotations

import json
import queue
import threading
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pytest
from astropy.io import fits
from nightglass.core import cli
from nightglass.core.engine.journal import read_journal
from nightglass.core.mascara import Reduction
from nightglass.core.mascara.night import driver, verbs

from .inline_slots import InlineSlots
from .small_night import FIRST, digests, reduced, simulated

if TYPE_CHECKING:
    from pathlib import Path


FRAMES = 30
"""20 in a first batch, 10 in the next."""


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = simulated(tmp_path_factory.mktemp("raw") / "night", frames=FRAMES, scale=0.15)
    settings = {"min_observations": 10, "targets": {"bright": [star_in_the_middle(folder)]}}
    (folder / "settings.json").write_text(json.dumps(settings))
    return folder


def star_in_the_middle(raw: Path) -> int:
    with h5py.File(raw / "truth.h5") as file:
        off = np.hypot(file["LPC/x_px"][0] - 300, file["LPC/y_px"][0] - 200)
        return int(file["LPC/ascc"][np.nanargmin(off)])


@pytest.fixture(scope="module")
def night(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:  # the live night below has its processes
        patch.setattr(driver, "Slots", InlineSlots)
        return reduced(raw, tmp_path_factory.mktemp("out") / "night")


@pytest.fixture(scope="module")
def folder(night: Path) -> Path:
    (found,) = night.glob("*LPC")
    return found


def units(night: Path) -> list[dict[str, object]]:
    return [one for one in read_journal(night / "journal.jsonl") if one["kind"] == "unit"]


def test_every_frame_is_reduced_and_told(night: Path) -> None:
    assert [(one["state"], one["reduced"]) for one in units(night)] == [("done", 20), ("done", 10)]
    assert all(one["astrometry"]["dr"] < 0.5 for one in units(night))
    assert all(one["dark"] is not None for one in units(night))


def test_the_products_are_where_they_are_documented(folder: Path) -> None:
    name = folder.name
    assert {path.name for path in folder.iterdir()} >= {
        "fLC", "sLC", "binned", "lightcurves", "thumbs", "log",
    }  # fmt: skip
    assert (folder / "fLC" / f"fLC_{name}.hdf5").exists()
    assert (folder / "sLC" / f"sLC_{name}.hdf5").exists()
    assert len(list((folder / "binned").glob("*LPC.fits"))) == 2
    assert not (folder / "tmp").exists()


def test_a_light_curve_has_each_exposure_once_and_nobs_equals_its_rows(folder: Path) -> None:
    with h5py.File(folder / "fLC" / f"fLC_{folder.name}.hdf5") as file:
        names = list(file["data"])
        nobs = dict(zip(file["header_table/ascc"][:], file["header_table/nobs"][:], strict=True))
        assert len(names) >= 200
        for name in names:
            slots = file[f"data/{name}"]["lstseq"]
            assert len(slots) == nobs[name.encode()]
            assert (np.diff(slots.astype(int)) > 0).all()
        assert max(len(file[f"data/{name}"]) for name in names) == FRAMES
        assert file["station/lstseq"][0] == FIRST


def test_a_live_night_gives_the_same_bytes(raw: Path, night: Path, tmp_path: Path) -> None:
    names: queue.Queue[tuple[str, str, str] | None] = queue.Queue()
    saved: queue.Queue[str | None] = queue.Queue()
    words = {
        "output": tmp_path / "live", "catalogue": raw / "catalogue.csv",
        "config": raw / "settings.json",
    }  # fmt: skip
    camera = threading.Thread(
        target=Reduction, args=(tmp_path, names, None, saved, threading.Event(), None), kwargs=words
    )
    camera.start()
    for path in sorted(raw.glob("*.fits")):
        tag = "dark" if "dark" in path.name else "science"
        names.put((tag, "C", str(path)))
    names.put(None)
    camera.join()
    assert digests(tmp_path / "live") == digests(night)
    assert saved.qsize() == 3


def test_binned_images_open_with_a_standard_reader(folder: Path) -> None:
    path = max((folder / "binned").glob("*LPC.fits"))
    with fits.open(path) as hdus:
        assert hdus[1].header["NIMAGES"] == 10
        assert hdus[1].data.shape == (401, 601)


def test_thumbnails_of_a_target_are_kept_by_group(folder: Path) -> None:
    with h5py.File(folder / "thumbs" / f"bright_{folder.name}.hdf5") as file:
        (star,) = file["stamps"]
        assert file[f"stamps/{star}/stamps"].shape == (2, 51, 51)


def test_status_report_and_export_tell_the_same_night(night: Path, folder: Path) -> None:
    status = verbs.status_of(night)
    assert status.state == "finished"
    assert json.dumps(status.to_json())
    assert verbs.write_report(night).read_text().startswith("<!DOCTYPE html>")
    exported = verbs.export(night)
    with h5py.File(exported[0]) as file:
        assert set(file) >= {"header", "stars", "station", "lightcurves", "astrometry"}
        assert len(file["station/lstseq"]) == FRAMES


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["status"], 0, "finished"),
        (["report", "--format", "text"], 0, "LPC"),
        (["report"], 0, "report.html"),
        (["overview"], 0, "LCoverview.png"),
        (["export", "--layout", "LS"], 0, "LS/fast_"),
        (["stop"], 2, "No reduction is running"),
        (["pause"], 2, "No reduction is running"),
        (["retry", "LPC-00000001"], 2, "no such unit"),
    ],
)
def test_a_verb_answers_in_words(
    night: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    verb, *more = words
    unit = [word for word in more if word.startswith("LPC")]
    options = [word for word in more if word not in unit]
    assert cli.main(["night", verb, str(night), *unit, *options]) == code
    spoken = capsys.readouterr()
    assert said in spoken.out + spoken.err


def test_a_folder_without_a_night_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for verb in ("status", "report", "overview", "stop", "resume"):
        assert cli.main(["night", verb, str(tmp_path)]) == 2
        assert "no night in this folder" in capsys.readouterr().err


def test_a_second_night_in_a_folder_needs_the_word_for_it(
    raw: Path, night: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["night", "reduce", str(raw), "--output", str(night)]) == 2
    assert "--resume" in capsys.readouterr().err
