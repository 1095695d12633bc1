"""The last frames seen as one, against numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nightglass.core.errors import Cancelled, NightglassError
from nightglass.core.frames.encoding import Encoding
from nightglass.core.picture.stack import (
    MOST_FRAMES,
    STACKS,
    FrameStack,
    difference,
    reduce_values,
)

CAMERA = Encoding(">i2", 1.0, 32768.0)
NUMPY = {
    "mean": lambda v: v.mean(axis=0),
    "sum": lambda v: v.sum(axis=0),
    "median": lambda v: np.median(v, axis=0),
    "max": lambda v: v.max(axis=0),
    "std": lambda v: v.std(axis=0, ddof=1) if len(v) > 1 else np.zeros(v.shape[1:]),
}


class Recording:
    """Frames in memory that count how often each is read."""

    def __init__(self, frames: np.ndarray, encoding: Encoding = CAMERA) -> None:
        self.frames = frames
        self.shape = frames.shape[1:]
        self.encoding = encoding
        self.generation = 0
        self.read: list[int] = []
        self.broken: int | None = None

    def read_raw(self, index, rows=None, into=None):
        if index == self.broken:
            raise NightglassError("Could not read the frame", "The disk is gone.")
        self.read.append(index)
        return self.frames[index][slice(None) if rows is None else rows]

    def values(self) -> np.ndarray:
        return self.encoding.decode(self.frames).astype(np.float64)


def camera(seed: int, shape=(12, 23, 31), high=65535) -> Recording:
    counts = np.random.default_rng(seed).integers(0, high, shape, endpoint=True)
    return Recording((counts - 32768).astype(">i2"))


@pytest.mark.parametrize("kind", STACKS)
@pytest.mark.parametrize("depth", [1, 2, 5, 8])
def test_stack_equals_that_of_numpy_at_every_frame(kind, depth) -> None:
    source = camera(depth)
    stack = FrameStack(source, kind, depth)
    for index in range(len(source.frames)):
        window = source.values()[max(0, index - depth + 1) : index + 1]
        np.testing.assert_allclose(stack.image(index), NUMPY[kind](window), rtol=2e-7, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(STACKS),
    st.integers(1, 9),
    st.lists(st.integers(0, 11), min_size=1, max_size=8),
)
def test_jumping_about_gives_what_a_fresh_stack_gives(kind, depth, path) -> None:
    source = camera(99)
    stack = FrameStack(source, kind, depth)
    for index in path:
        fresh = FrameStack(source, kind, depth).image(index)
        np.testing.assert_array_equal(stack.image(index), fresh)


def test_stepping_on_reads_only_the_frames_that_come_and_go() -> None:
    source = camera(1)
    stack = FrameStack(source, "mean", 6)
    stack.image(8)
    source.read.clear()
    stack.image(9)
    assert set(source.read) == {3, 9}


def test_a_rewritten_capture_is_read_again() -> None:
    source = camera(2)
    stack = FrameStack(source, "sum", 4)
    stack.image(5)
    source.frames = camera(3).frames
    source.generation += 1
    np.testing.assert_allclose(stack.image(6), source.values()[3:7].sum(axis=0), rtol=1e-7)


def test_a_failed_read_leaves_no_half_changed_sums() -> None:
    source = camera(4, (12, 700, 500))
    stack = FrameStack(source, "sum", 4)
    stack.image(5)
    source.broken = 6
    with pytest.raises(NightglassError):
        stack.image(6)
    source.broken = None
    np.testing.assert_allclose(stack.image(6), source.values()[3:7].sum(axis=0), rtol=1e-7)


def test_stack_can_be_given_up_between_pieces() -> None:
    def give_up() -> None:
        raise Cancelled

    for kind in STACKS:
        with pytest.raises(Cancelled):
            FrameStack(camera(5), kind, 4).image(5, give_up)


def test_sums_of_saturated_counts_are_exact() -> None:
    source = Recording(np.full((300, 2, 3), 32767, ">i2"))
    assert (FrameStack(source, "sum", 300).image(299) == 300 * 65535).all()
    assert (FrameStack(source, "std", 300).image(299) == 0).all()
    assert (FrameStack(source, "median", 300).image(299) == 65535).all()


@pytest.mark.parametrize("kind", STACKS)
@pytest.mark.parametrize(
    "encoding",
    [
        Encoding("u1"),
        Encoding(">i2"),
        Encoding(">i2", 2.0, 100.0),
        Encoding(">i4"),
        Encoding(">f4"),
    ],
    ids=str,
)
def test_stack_of_any_encoding_is_in_its_units(kind, encoding) -> None:
    raw = np.random.default_rng(6).integers(0, 120, (7, 9, 11)).astype(encoding.dtype)
    source = Recording(raw, encoding)
    stack = FrameStack(source, kind, 5).image(6)
    np.testing.assert_allclose(stack, NUMPY[kind](source.values()[2:]), rtol=1e-6)


@pytest.mark.parametrize("kind", STACKS)
def test_holes_are_left_out_of_a_stack(kind) -> None:
    frames = np.random.default_rng(7).normal(100, 5, (6, 4, 5)).astype(">f4")
    frames[2, 1, 1] = np.nan
    frames[:, 3, 3] = np.nan
    frames[:5, 0, 0] = np.inf
    image = FrameStack(Recording(frames, Encoding(">f4")), kind, 6).image(5)
    others = np.delete(frames[:, 1, 1].astype(float), 2)
    assert image[1, 1] == pytest.approx(NUMPY[kind](others[:, None])[0], rel=1e-6)
    assert np.isnan(image[3, 3])
    assert image[0, 0] == pytest.approx(0.0 if kind == "std" else frames[5, 0, 0])


@pytest.mark.parametrize("depth", [0, MOST_FRAMES + 1])
def test_depth_out_of_range_is_refused(depth) -> None:
    with pytest.raises(ValueError, match="frames"):
        FrameStack(camera(8), "mean", depth)


def test_difference_is_in_values() -> None:
    source = camera(9)
    reference = source.values()[0]
    found = difference(source.frames[1], CAMERA, reference)
    np.testing.assert_allclose(found, source.values()[1] - reference)
    with pytest.raises(ValueError, match="reference"):
        difference(source.frames[1], CAMERA, reference[:, 1:])


def test_values_reduce_as_numpy_does() -> None:
    block = np.random.default_rng(10).normal(size=(9, 5, 6))
    for kind in STACKS:
        np.testing.assert_allclose(reduce_values(block, kind), NUMPY[kind](block))
