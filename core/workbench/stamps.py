"""What the camera's time stamps say about a capture, in words and numbers to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..lightspeed.accounting import Gap
    from ..lightspeed.capture import Capture
    from ..lightspeed.times import ConstantTerm
    from .desk import OpenCapture

QUALITY_WORDS = {
    "gps": "GPS",
    "telescope": "telescope clock",
    "file name": "file name",
    "none": "none",
}
_PART_WORDS = {0.5: "half the ", 1.0: "the whole "}


@dataclass(frozen=True, eq=False)
class StampSheet:
    """Everything the stamps of one capture tell.

    Attributes
    ----------
    quality : str
        Where the time of a frame comes from: one of the values of `QUALITY_WORDS`.
    constant : str
        Constant term in every frame time and its parts, in words.
    note : str
        What was assumed about the times, as sentences; may be empty.
    lost, duplicates, steps_back : int
        Frames lost, frames stored twice, times the counter went backwards.
    missing : str
        Missing cubes such as "cubes 3 and 5 to 7"; may be empty.
    gaps : tuple of Gap
        In order.
    edges_ms : ndarray of float64, shape (n + 1,)
    counts : ndarray of int64, shape (n,)
        Histogram of the time from stamp to stamp; the last bin takes all that is longer.
    expected_ms : float
        Time from stamp to stamp when nothing is lost.
    """

    quality: str
    constant: str
    note: str
    lost: int
    duplicates: int
    steps_back: int
    missing: str
    gaps: tuple[Gap, ...]
    edges_ms: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]
    expected_ms: float


def stamp_sheet(capture: OpenCapture, constant: ConstantTerm) -> StampSheet | None:
    """Draw up the sheet of a capture; None without stamps or before they were balanced.

    Parameters
    ----------
    capture : OpenCapture
    constant : ConstantTerm
        From the settings, which the times of the capture follow.
    """
    from ..lightspeed.report import numbers_in_words

    source, balance = capture.lightspeed, capture.accounting
    if source is None or balance is None:
        return None
    model = source.time_model()
    return StampSheet(
        QUALITY_WORDS[model.quality],
        constant_in_words(source, constant),
        model.note,
        balance.lost,
        balance.duplicates,
        balance.steps_back,
        numbers_in_words(balance.missing_cubes) if balance.missing_cubes else "",
        balance.gaps,
        balance.interval_edges_s * 1e3,
        balance.interval_counts,
        model.interval_s * model.frames_per_bundle * 1e3,
    )


def constant_in_words(source: Capture, constant: ConstantTerm) -> str:
    """Constant term and its parts: `2.521 ms: half the exposure (2.5 ms) and ...`."""
    parts = [
        _part("exposure", constant.exposure_fraction, source.exposure_s),
        _part("readout", constant.readout_fraction, source.readout_s),
        f"offset ({_ms(constant.offset_s)})" if constant.offset_s else "",
    ]
    named = " and ".join(part for part in parts if part)
    return f"{_ms(source.time_model().constant_s)}: {named or 'start of the exposure'}"


def _part(name: str, fraction: float, seconds: float | None) -> str:
    if not fraction:
        return ""
    words = _PART_WORDS.get(fraction, f"{fraction:g} of the ")
    told = "not in the header" if seconds is None else _ms(fraction * seconds)
    return f"{words}{name} ({told})"


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.6g} ms"
