"""What every `FrameSource` must do, to be called by the tests of each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.frames.source import FrameSource

if TYPE_CHECKING:
    from numpy.typing import NDArray


def check_frames(source: FrameSource, truth: NDArray[Any]) -> None:
    """Frames are numbered from 0, of one shape, and equal to the truth, NaN included."""
    assert isinstance(source, FrameSource)
    assert source.n_frames == len(truth)
    assert source.shape == truth.shape[1:]
    for index in (0, len(truth) // 2, len(truth) - 1):
        values = source.read(index)
        assert values.dtype == source.encoding.native
        assert values.dtype.isnative
        np.testing.assert_array_equal(values, truth[index])


def check_raw(source: FrameSource, truth: NDArray[Any]) -> None:
    """Raw frames come in the storage type, whole or in rows, fresh or in a given buffer."""
    rows = source.shape[0]
    last = source.n_frames - 1
    raw = source.read_raw(last)
    assert raw.dtype == source.encoding.storage
    np.testing.assert_array_equal(source.encoding.decode(raw), truth[last])
    part = source.read_raw(last, slice(1, rows - 1))
    np.testing.assert_array_equal(part, raw[1:-1])
    buffer = np.empty(source.shape, source.encoding.storage)
    given = source.read_raw(last, into=buffer)
    assert given is buffer or not given.flags.writeable
    np.testing.assert_array_equal(given, raw)
    assert source.read_raw(0, slice(2, 2)).shape == (0, source.shape[1])


def check_refusals(source: FrameSource) -> None:
    """Wrong numbers and skipping rows are refused at once."""
    for index in (-1, source.n_frames):
        with pytest.raises(IndexError, match="no frame"):
            source.read_raw(index)
    with pytest.raises(ValueError, match="step 1"):
        source.read_raw(0, slice(0, None, 2))


def check_independence(source: FrameSource) -> None:
    """A decoded frame belongs to the caller: changing it changes nothing."""
    first = source.read(0)
    kept = first.copy()
    first[...] = 0
    np.testing.assert_array_equal(source.read(0), kept)


def check_times(source: FrameSource) -> None:
    """One time per frame; a single time equals the one in the list, or is None."""
    times = source.frame_times()
    assert len(times) == source.n_frames
    one = source.frame_time(source.n_frames - 1)
    if times.quality == "none":
        assert one is None
    else:
        assert one is not None
        assert one.day == times[source.n_frames - 1].day
        assert one.seconds == pytest.approx(times[source.n_frames - 1].seconds, abs=1e-10)


def check_close(source: FrameSource) -> None:
    """After closing, reading says so; views handed out before stay valid; twice is fine."""
    view = source.read_raw(0)
    before = view.copy()
    source.close()
    np.testing.assert_array_equal(view, before)
    with pytest.raises(NightglassError, match="closed"):
        source.read_raw(0)
    source.close()


def check_contract(source: FrameSource, truth: NDArray[Any]) -> None:
    """Everything, in an order that ends with closing the source."""
    check_frames(source, truth)
    check_raw(source, truth)
    check_refusals(source)
    check_independence(source)
    check_times(source)
    check_close(source)
