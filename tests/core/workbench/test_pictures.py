"""What the picture of a frame shows, against numpy on the counts that were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from astropy.visualization import ZScaleInterval
from nightglass.core.errors import NightglassError
from nightglass.core.picture.codes import NAN_CODE, SATURATED_CODE, SCALE_CODES
from nightglass.core.picture.limits import Limits
from nightglass.core.picture.stretch import STRETCHES, Stretch
from nightglass.core.picture.viewport import Viewport
from nightglass.core.session.view import Stack

from .night import COLUMNS, OTHER, ROWS, WHOLE, frames_of, shown_values, written

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.workbench import Workbench

RAW = frames_of().astype(np.float64)
STACKS = {
    "mean": lambda frames: frames.mean(axis=0),
    "sum": lambda frames: frames.sum(axis=0),
    "median": lambda frames: np.median(frames, axis=0),
    "max": lambda frames: frames.max(axis=0),
    "std": lambda frames: frames.std(axis=0, ddof=1),
}


@pytest.fixture
def shown(bench: Workbench, capture_folder: Path) -> Workbench:
    """A workbench that shows frame 1 of 30."""
    bench.pictures.look("main", WHOLE)
    bench.open([capture_folder])
    return bench


def limits_shown(bench: Workbench, slot: str = "main") -> tuple[float, float]:
    picture = bench.pictures.shown[slot].picture
    return picture.low, picture.high


def test_each_frame_is_shown_as_it_was_written(shown: Workbench) -> None:
    for frame in (0, 9, 10, 29):
        shown.transport.go_to(frame)
        assert shown.pictures.shown["main"].frame == frame
        np.testing.assert_array_equal(shown_values(shown), RAW[frame])


@pytest.mark.parametrize("method", STACKS)
@pytest.mark.parametrize("frame", [3, 14, 29])
def test_a_stack_is_that_of_the_last_frames(shown: Workbench, method: str, frame: int) -> None:
    shown.session.change(stack=Stack(6, method))
    shown.transport.go_to(frame)
    frames = RAW[max(0, frame - 5) : frame + 1]
    np.testing.assert_allclose(shown_values(shown), STACKS[method](frames), rtol=1e-6)


def test_a_running_stack_stays_exact(shown: Workbench) -> None:
    shown.session.change(stack=Stack(4, "mean"))
    for frame in [*range(4, 20), 12, 5, 29, 0]:
        shown.transport.go_to(frame)
        frames = RAW[max(0, frame - 3) : frame + 1]
        np.testing.assert_allclose(shown_values(shown), frames.mean(axis=0), rtol=1e-6)


def test_the_difference_to_a_reference(shown: Workbench) -> None:
    shown.transport.go_to(7)
    shown.pictures.take_reference()
    np.testing.assert_array_equal(shown_values(shown), 0.0)
    shown.transport.go_to(20)
    np.testing.assert_array_equal(shown_values(shown), RAW[20] - RAW[7])
    shown.session.change(reference=None)
    np.testing.assert_array_equal(shown_values(shown), RAW[20])
    shown.pictures.take_reference_unless_kept()
    np.testing.assert_array_equal(shown_values(shown), RAW[20] - RAW[7])


def test_a_reference_is_one_frame_also_while_another_difference_is_shown(shown: Workbench) -> None:
    shown.pictures.take_reference()
    shown.transport.go_to(8)
    shown.pictures.take_reference()
    shown.transport.go_to(9)
    np.testing.assert_array_equal(shown_values(shown), RAW[9] - RAW[8])


def test_a_stack_can_be_the_reference(shown: Workbench) -> None:
    shown.session.change(stack=Stack(5, "mean"))
    shown.transport.go_to(10)
    shown.pictures.take_reference()
    shown.session.change(stack=Stack())
    shown.transport.go_to(20)
    np.testing.assert_allclose(shown_values(shown), RAW[20] - RAW[6:11].mean(axis=0), atol=1e-2)


def test_a_reference_needs_a_picture(bench: Workbench) -> None:
    with pytest.raises(NightglassError, match="picture"):
        bench.pictures.take_reference()


def test_minmax_limits_are_those_of_the_frame(shown: Workbench) -> None:
    shown.session.change(limits=Limits("minmax"))
    assert limits_shown(shown) == (RAW[0].min(), RAW[0].max())
    shown.transport.go_to(4)
    assert limits_shown(shown) == (RAW[4].min(), RAW[4].max())


def test_zscale_limits_are_near_those_of_astropy(shown: Workbench) -> None:
    low, high = limits_shown(shown)
    want_low, want_high = ZScaleInterval(contrast=0.25).get_limits(RAW[0])
    span = want_high - want_low
    assert low == pytest.approx(want_low, abs=0.05 * span)
    assert high == pytest.approx(want_high, abs=0.05 * span)


def test_locked_limits_stay_while_frames_change(shown: Workbench) -> None:
    shown.session.change(limits=Limits("minmax"))
    before = limits_shown(shown)
    shown.session.change(limits_locked=True)
    shown.transport.go_to(5)
    assert limits_shown(shown) == before
    shown.pictures.find_limits_again()
    found = limits_shown(shown)
    assert found == (RAW[5].min(), RAW[5].max()) != before
    shown.transport.go_to(6)
    assert limits_shown(shown) == found
    shown.session.change(limits_locked=False)
    assert limits_shown(shown) == (RAW[6].min(), RAW[6].max())


def test_locking_again_locks_what_is_shown_now(shown: Workbench) -> None:
    shown.session.change(limits=Limits("minmax"), limits_locked=True)
    shown.session.change(limits_locked=False)
    shown.transport.go_to(11)
    shown.session.change(limits_locked=True)
    shown.transport.go_to(3)
    assert limits_shown(shown) == (RAW[11].min(), RAW[11].max())


def test_other_limits_are_found_although_the_old_ones_were_locked(shown: Workbench) -> None:
    shown.session.change(limits_locked=True)
    shown.session.change(limits=Limits("minmax"))
    assert limits_shown(shown) == (RAW[0].min(), RAW[0].max())


def test_manual_limits_are_used_as_they_are(shown: Workbench) -> None:
    shown.session.change(limits=Limits("manual", low=100.0, high=30000.0))
    assert limits_shown(shown) == (100.0, 30000.0)


@pytest.mark.parametrize("kind", STRETCHES)
def test_a_stretch_keeps_the_order_of_the_counts(shown: Workbench, kind: str) -> None:
    shown.session.change(limits=Limits("minmax"), stretch=Stretch(kind))
    picture = shown.pictures.shown["main"].picture
    assert picture.scaled
    codes = picture.index[::-1].astype(int)
    order = np.argsort(RAW[0], axis=None)
    assert (np.diff(codes.ravel()[order]) >= 0).all()
    assert codes.max() < SCALE_CODES
    # All stretches but the equalisation begin and end at the ends of the scale.
    if kind != "histogram":
        assert codes.min() == 0
        # Those of asinh and power, asinh(10) / 3 and 999 / 1000 as in DS9, fall a little short.
        assert codes.max() >= 0.998 * SCALE_CODES


def test_saturated_pixels_are_marked_on_request(shown: Workbench) -> None:
    shown.use_settings(shown.settings.changed(saturation_adu=500))
    codes = shown.pictures.shown["main"].picture.index
    assert not (codes == SATURATED_CODE).any()
    shown.session.change(show_saturation=True)
    codes = shown.pictures.shown["main"].picture.index[::-1]
    np.testing.assert_array_equal(codes == SATURATED_CODE, RAW[0] >= 500)


def test_a_second_capture_shares_the_limits_while_they_are_locked_together(
    shown: Workbench, tmp_path: Path
) -> None:
    other_folder = written(tmp_path / "vela", OTHER.with_(clock_start_s=0.0), cubes=1)
    first = shown.session.view.capture
    shown.open([other_folder])
    other = shown.session.view.capture
    shown.show(first)
    shown.transport.go_to(8)
    shown.session.change(limits=Limits("minmax"), other=other, layout="tile")
    shown.pictures.look("other", WHOLE)
    assert shown.pictures.shown["other"].capture == other
    np.testing.assert_array_equal(shown_values(shown, "other"), frames_of(numbers=(1,))[8])
    assert limits_shown(shown, "other") == limits_shown(shown)
    shown.transport.go_to(25)
    assert limits_shown(shown, "other") == limits_shown(shown) == (RAW[25].min(), RAW[25].max())
    assert shown.pictures.shown["other"].frame == 9
    shown.pictures.set_scale_lock(False)
    assert limits_shown(shown, "other") == (RAW[9].min(), RAW[9].max())


def test_the_magnifier_shows_the_same_limits(shown: Workbench) -> None:
    shown.session.change(limits=Limits("minmax"))
    shown.pictures.look("magnifier", Viewport(0, 0, 4, 4, 64, 64))
    assert limits_shown(shown, "magnifier") == limits_shown(shown)
    shown.transport.go_to(17)
    shown.pictures.look("magnifier", Viewport(0, 0, 4, 4, 64, 64))
    assert shown.pictures.shown["magnifier"].frame == 17
    assert limits_shown(shown, "magnifier") == limits_shown(shown) == (RAW[17].min(), RAW[17].max())


def test_a_hidden_slot_is_not_painted(shown: Workbench) -> None:
    painted: list[str] = []
    shown.pictures.ready.connect(lambda slot, _: painted.append(slot))
    shown.pictures.look("other", WHOLE)
    shown.pictures.look("other", None)
    painted.clear()
    shown.transport.go_to(3)
    assert painted == ["main"]


def test_colours_alone_need_no_new_picture(shown: Workbench) -> None:
    painted: list[str] = []
    shown.pictures.ready.connect(lambda slot, _: painted.append(slot))
    shown.session.change(colour_map="viridis", inverted=True, contrast=3.0, bias=0.2)
    assert painted == []


def test_pixels_without_a_number_are_marked_and_leave_the_rest_alone(
    bench: Workbench, tmp_path: Path
) -> None:
    values = np.arange(ROWS * COLUMNS, dtype=np.float32).reshape(ROWS, COLUMNS)
    values[3, 4], values[5, 6], values[7, 8] = np.nan, np.inf, -np.inf
    fits.PrimaryHDU(values).writeto(tmp_path / "holes.fits")
    bench.pictures.look("main", WHOLE)
    bench.open([tmp_path / "holes.fits"])
    codes = bench.pictures.shown["main"].picture.index[::-1]
    assert codes[3, 4] == NAN_CODE
    assert (codes == NAN_CODE).sum() <= 3
    assert all(np.isfinite(limits_shown(bench)))
    for method in STACKS:
        bench.session.change(stack=Stack(2, method))
    bench.session.change(stack=Stack(), stretch=Stretch("histogram"), limits=Limits("minmax"))
    assert bench.problems.entries() == ()
