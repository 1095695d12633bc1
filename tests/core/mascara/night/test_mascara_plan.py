"""From a listing to units: batches by slot, sequences, keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nightglass.core.mascara.night.plan import key_of, plan

from .listings import FIRST, frames, raw


def test_batches_follow_the_slots_and_may_be_partial() -> None:
    found = plan(frames(FIRST + 30, 60))
    batches = found.cameras[0].batches
    assert [len(batch.files) for batch in batches] == [20, 40]
    assert [batch.first_slot for batch in batches] == [FIRST, FIRST + 50]
    assert [batch.is_full for batch in batches] == [False, False]
    assert batches[0].unit == f"LPC-{FIRST // 50:08d}"


def test_forty_nine_frames_are_one_batch() -> None:
    batches = plan(frames(FIRST, 49)).cameras[0].batches
    assert [len(batch.files) for batch in batches] == [49]


def test_cameras_have_their_own_batches_in_order_of_their_names() -> None:
    found = plan(frames(FIRST, 2, "LPW") + frames(FIRST, 3, "LPC"))
    assert [(one.camera, len(one.batches[0].files)) for one in found.cameras] == [
        ("LPC", 3), ("LPW", 2),
    ]  # fmt: skip


def test_calibration_frames_make_sequences_beside_the_batches() -> None:
    camera = plan(frames(FIRST, 20, kind="dark") + frames(FIRST + 100, 50)).cameras[0]
    assert [(one.kind, len(one.files)) for one in camera.sequences] == [("dark", 20)]
    assert camera.sequences[0].unit == f"LPC-dark-{FIRST:08d}"
    assert len(camera.batches) == 1


def test_a_frame_that_is_there_twice_counts_once() -> None:
    first = raw(FIRST)
    again = replace(first, path=Path("/other") / "x" / (first.path.name + ".gz"))
    found = plan([again, first])
    assert [file.path for file in found.cameras[0].batches[0].files] == [first.path]
    assert found.duplicates == (again.path.name,)


def test_a_frame_marked_bad_is_left_out() -> None:
    listing = frames(FIRST, 3)
    found = plan(listing, {listing[1].path.name})
    assert [file.lstseq for file in found.cameras[0].batches[0].files] == [FIRST, FIRST + 2]


def test_a_plan_does_not_depend_on_the_order_of_the_listing() -> None:
    listing = frames(FIRST, 70) + frames(FIRST, 5, kind="dark")
    assert plan(listing) == plan(listing[::-1])


def test_a_night_has_the_date_of_its_evening() -> None:
    # Slot 24114825 was taken at La Silla in the night of 2017-11-16, after midnight UTC.
    camera = plan([raw(24114825, "LSN")]).cameras[0]
    assert camera.batches[0].night == "20171116"


def test_a_key_changes_with_every_input_and_not_with_their_order() -> None:
    key = key_of(files=["a"], dark="d")
    assert key == key_of(dark="d", files=["a"])
    assert key != key_of(files=["b"], dark="d")
    assert key != key_of(files=["a"], dark=None)
