"""Phases moved by a change of frequency, against numpy and against a fold of exact phases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.errors import NightglassError
from nightglass.core.timing.pulse.shift import shifted_phases


def test_phases_move_by_the_integral_of_the_frequency() -> None:
    elapsed_s = np.linspace(0.0, 1000.0, 4001)
    phase = (elapsed_s * 29.7) % 1.0
    moved = shifted_phases(phase, elapsed_s, 1e-3, 2e-6, offset_turns=0.25)
    exact = 0.25 + elapsed_s * (29.7 + 1e-3) + 1e-6 * elapsed_s**2
    wrong = (moved - exact + 0.5) % 1.0 - 0.5
    np.testing.assert_allclose(wrong, 0.0, atol=1e-9)


@given(st.floats(-5, 5), st.floats(-1e5, 1e5), st.floats(-1, 1), st.floats(-1e-4, 1e-4))
def test_moved_phases_are_in_one_turn(phase: float, time_s: float, df: float, df1: float) -> None:
    (moved,) = shifted_phases([phase], [time_s], df, df1)
    assert 0.0 <= moved < 1.0


@pytest.mark.parametrize("phase", [1.0, -1e-17, 3.0])
def test_what_rounds_to_a_whole_turn_is_its_beginning(phase: float) -> None:
    assert shifted_phases([phase], [0.0], 1.0).tolist() == [0.0]


def test_a_frame_without_phase_or_time_stays_without() -> None:
    moved = shifted_phases([np.nan, 0.1, 0.2], [0.0, np.nan, 1.0], 0.5)
    np.testing.assert_allclose(moved, [np.nan, np.nan, 0.7])


def test_phases_can_be_moved_in_place() -> None:
    phase = np.array([0.25, 0.5])
    assert shifted_phases(phase, [0.0, 1.0], 0.75, out=phase) is phase
    assert phase.tolist() == [0.25, 0.25]


def test_times_that_do_not_fit_are_refused() -> None:
    with pytest.raises(NightglassError, match="do not fit"):
        shifted_phases([0.1, 0.2], [0.0], 1.0)
