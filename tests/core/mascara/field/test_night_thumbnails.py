"""Newest thumbnails of chosen stars, while batches come and after the merge took them away."""

import numpy as np
import pytest
from nightglass.core.mascara.field.thumbnails import thumbnails_of
from nightglass.core.mascara.night.layout import NightLayout
from nightglass.core.mascara.products.rows import batch_rows
from nightglass.core.mascara.stacking.stamps import merge_stamps, write_stamps

NIGHT, CAMERA = "20150218", "LPC"
TARGETS = {"planets": [7, 3], "more": [9]}


@pytest.fixture
def place(tmp_path):
    night = NightLayout(tmp_path).camera_night(NIGHT, CAMERA)
    night.make()
    return night


def write_batch(place, group, number, stars):
    """Thumbnails of a batch: each pixel is star plus number of the batch."""
    image = np.zeros((200, 600), np.float32)
    x = 100.0 * np.arange(1, len(stars) + 1)
    for star, at in zip(stars, x, strict=True):
        image[:, int(at) - 40 : int(at) + 40] = star + number / 1000.0
    names = ("alt", "az", "ccdtemp", "exptime", "jdmid", "lst", "sky", "esky", "peak")
    columns = dict.fromkeys(names, 0.0) | {
        "flux": np.zeros((len(stars), 2)), "eflux": np.zeros((len(stars), 2)),
        "flag": 0, "pflag": 0, "aflag": 0, "lstidx": 0, "lstseq": number * 50, "x": x, "y": 100.0,
    }  # fmt: skip
    rows = batch_rows(np.array(stars), columns, 2)
    return write_stamps(place.thumbnails(group, number), image, rows)


def seen(tmp_path):
    found = thumbnails_of(tmp_path, NIGHT, CAMERA, TARGETS)
    return [(one.ascc, one.lstseq // 50, round(float(one.pixels[25, 25]), 3)) for one in found]


def test_the_newest_of_each_star_is_shown(tmp_path, place):
    write_batch(place, "planets", 1, [7, 3])
    write_batch(place, "planets", 2, [3])
    write_batch(place, "more", 1, [9])
    assert seen(tmp_path) == [(9, 1, 9.001), (7, 1, 7.001), (3, 2, 3.002)]


def test_the_merge_changes_nothing(tmp_path, place):
    paths = [write_batch(place, "planets", number, [7, 3]) for number in (1, 2)]
    before = seen(tmp_path)
    merge_stamps(paths, place.folder / "thumbs" / f"planets_{place.name}.hdf5")
    for path in paths:
        path.unlink()
    assert seen(tmp_path) == before == [(7, 2, 7.002), (3, 2, 3.002)]


def test_a_torn_file_leaves_those_before_it(tmp_path, place):
    write_batch(place, "planets", 1, [7, 3])
    place.thumbnails("planets", 2).write_bytes(b"torn")
    assert seen(tmp_path) == [(7, 1, 7.001), (3, 1, 3.001)]


def test_without_thumbnails_there_are_none(tmp_path):
    assert thumbnails_of(tmp_path, NIGHT, CAMERA, TARGETS) == ()
