"""Which masters are good and in force, which pixels are bad, which frames belong together."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from nightglass.core.mascara.calibration.bad_pixels import bad_pixels
from nightglass.core.mascara.calibration.checks import check_master
from nightglass.core.mascara.calibration.masters import MasterFrame, write_master
from nightglass.core.mascara.calibration.sequences import sequences
from nightglass.core.mascara.calibration.table import DarkTable
from nightglass.core.mascara.raw.names import RawFile
from nightglass.core.mascara.settings import ReductionSettings

X0, Y0, NX, NY = 6, 4, 100, 70
SHAPE = NY + 2 * Y0, NX + 2 * X0
RULES = ReductionSettings()


def master(kind="dark", image=None, **fields):
    image = np.full(SHAPE, 1000, np.float32) if image is None else image
    made = MasterFrame(
        kind, image, frames=20, lstseq=48506263, exptime_s=6.383, ccdtemp_c=-15.0,
        x0=X0, y0=Y0, nx=NX, ny=NY, level_adu=1000.0, light_adu=0.5,
    )  # fmt: skip
    return replace(made, **fields)


@pytest.mark.parametrize("kind", ["dark", "bias"])
def test_a_good_master_has_no_fault(kind):
    assert check_master(master(kind), RULES) == ()


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"frames": 9}, "Only 9 frames"),
        ({"ccdtemp_c": -12.9}, "taken at -12.9 C"),
        ({"ccdtemp_c": -17.1}, "more than 2 C from the set point of -15 C"),
        ({"exptime_s": 2.541}, "exposed 2.541 s instead of 6.383 s"),
        ({"level_adu": 61000.0}, "level is 61000 ADU"),
        ({"level_adu": 0.0}, "level is 0 ADU"),
        ({"light_adu": 150.0}, "Light was on the chip"),
        ({"kind": "flat", "light_adu": 300.0}, "only 300 ADU of light"),
    ],
)
def test_every_fault_is_a_sentence(fields, word):
    (sentence,) = check_master(master(**fields), RULES)
    assert word in sentence
    assert sentence.endswith(".")


def test_what_is_not_known_is_not_held_against_a_dark():
    unknown = dict.fromkeys(("ccdtemp_c", "level_adu", "light_adu"), np.nan)
    assert check_master(master(**unknown), RULES) == ()


def test_exposure_and_temperature_matter_for_darks_only():
    assert check_master(master("bias", exptime_s=0.001, ccdtemp_c=5.0), RULES) == ()


def test_hot_pixels_of_a_dark_are_bad_and_warm_ones_are_left_to_it():
    image = np.random.default_rng(1).normal(1000, 4, SHAPE).astype(np.float32)
    image += np.linspace(0, 1500, SHAPE[1], dtype=np.float32)  # glow
    image[10, 20] += 1500
    image[11, 21] += 700
    image[12, 22] = np.nan
    image[13, 23] = -500
    image[0, 0] = 60000
    found = bad_pixels(master(image=image))
    assert set(zip(*np.nonzero(found), strict=True)) == {(10, 20), (12, 22), (13, 23)}


def test_blind_pixels_of_a_flat_are_bad_and_vignetting_is_not():
    across = np.linspace(-1, 1, NX)
    response = np.zeros(SHAPE, np.float32)
    response[Y0 : Y0 + NY, X0 : X0 + NX] = 1 - 0.5 * across**2
    response[30, 40] *= 0.3
    response[31, 41] *= 1.8
    found = bad_pixels(master(), master("flat", response))
    assert set(zip(*np.nonzero(found), strict=True)) == {(30, 40), (31, 41)}


def test_a_flat_of_another_window_is_not_used():
    flat = master("flat", np.zeros(SHAPE, np.float32), x0=X0 + 1)
    assert not bad_pixels(master(), flat).any()


def test_a_table_keeps_five_darks_newest_first(tmp_path):
    table = DarkTable(tmp_path, "LSC")
    assert table.current() is None
    names = [f"{slot:08d}LSCmasterdark.fits" for slot in range(1, 8)]
    for slot, name in enumerate(names, start=1):
        write_master(tmp_path / name, master(lstseq=slot))
        table.add(tmp_path / name)
        assert table.current() == tmp_path / name
    assert table.path.name == "darktableLSC.dat"
    assert table.path.read_text(encoding="utf-8").splitlines() == names[:1:-1]
    assert list(table.entries()) == [
        (tmp_path / f"{k:08d}LSCmasterdark.fits", k) for k in range(7, 2, -1)
    ]


def test_a_dark_that_is_added_again_comes_first_and_once(tmp_path):
    table = DarkTable(tmp_path, "LSC")
    for name in ("a.fits", "b.fits", "a.fits"):
        (tmp_path / name).touch()
        table.add(tmp_path / name)
    assert table.path.read_text(encoding="utf-8") == "a.fits\nb.fits\n"


def test_darks_elsewhere_keep_their_folder(tmp_path):
    other = tmp_path / "elsewhere" / "dark.fits"
    other.parent.mkdir()
    other.touch()
    folder = tmp_path / "tables"
    folder.mkdir()
    DarkTable(folder, "LSC").add(other)
    assert DarkTable(folder, "LSC").current() == other


def test_the_dark_before_serves_when_the_newest_is_gone_or_damaged(tmp_path):
    table = DarkTable(tmp_path, "LSC")
    for slot in (1, 2, 3):
        path = tmp_path / f"{slot}.fits"
        write_master(path, master(lstseq=slot))
        table.add(path)
    (tmp_path / "3.fits").unlink()
    assert table.current() == tmp_path / "2.fits"
    (tmp_path / "2.fits").write_bytes(b"garbage")
    assert list(table.entries()) == [(tmp_path / "1.fits", 1)]


def test_the_table_of_a_station_is_read(shared, tmp_path):
    text = (shared / "data" / "mascara" / "darktableSAElong.dat").read_text(encoding="utf-8")
    (tmp_path / "darktableSAElong.dat").write_text(text, encoding="utf-8")
    write_master(tmp_path / text.strip(), master(lstseq=20023470))
    assert list(DarkTable(tmp_path, "SAElong").entries()) == [(tmp_path / text.strip(), 20023470)]


def files_at(slots):
    return [RawFile("LSC", slot, "dark", Path(f"{slot:08d}LSCdark.fits"), 1, 0) for slot in slots]


def test_frames_one_after_the_other_are_a_sequence():
    slots = [*range(100, 120), 130, 180, *range(231, 240)]
    found = sequences(files_at(reversed(slots)))
    assert [[file.lstseq for file in one] for one in found] == [
        [*range(100, 120), 130, 180],
        [*range(231, 240)],
    ]
    assert sequences([]) == []
