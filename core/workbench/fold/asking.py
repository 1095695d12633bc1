"""What is asked of a fold, gathered from the window."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...errors import NightglassError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...lightspeed.capture import Capture
    from ...lightspeed.fold.request import CubeCounts, FoldRequest, Shift
    from ...lightspeed.fold.settings import FoldSettings
    from ...lightspeed.times import TimeModel
    from ...settings import Settings
    from ..light.targets import Target
    from .shelf import EphemerisShelf


def request_of(
    source: Capture,
    missing: int,
    shelf: EphemerisShelf,
    fold: FoldSettings,
    shift: Shift | None,
    settings: Settings,
) -> FoldRequest:
    """Everything that is asked but the counts; see `filled`.

    Parameters
    ----------
    source : Capture
    missing : int
        Frames that must have been taken and are not there.
    shelf : EphemerisShelf
        Tells par files and site.
    fold : FoldSettings
    shift : Shift or None
        Of a hand that drags the frequency.
    settings : Settings
        Of the program.

    Raises
    ------
    NightglassError
        If nothing tells how long an exposure is, or where the camera stands.
    """
    from ...lightspeed.calibration import CountScale
    from ...lightspeed.fold.request import FoldRequest

    model = source.time_model()
    return FoldRequest(
        sources=(),
        ephemerides=tuple(one.ephemeris for one in shelf.chosen),
        site=shelf.site,
        settings=fold,
        shift=shift,
        model=model,
        scale=CountScale.of(source.header, settings),
        read_noise_e=settings.read_noise_e,
        frame_s=_frame_s(source, model),
        readout_s=source.readout_s or 0.0,
        frame_rows=source.shape[0],
        capture=source.name,
        path=source.path,
        frames_total=source.n_frames,
        frames_missing=missing,
    )


def _frame_s(source: Capture, model: TimeModel) -> float:
    frame_s = source.exposure_s or model.interval_s
    if frame_s > 0.0:
        return frame_s
    raise NightglassError(
        "Cannot fold without an exposure time",
        f"Neither the header of {source.name} nor its time stamps tell how long a frame lasts.",
        "Fold more frames, or a file that has EXPOSURE TIME.",
        source.path,
    )


def filled(
    request: FoldRequest, targets: Sequence[Target], counts: Sequence[Sequence[CubeCounts]]
) -> FoldRequest:
    """Put the counts of the targets into a request."""
    from ...lightspeed.fold.request import SourceCounts

    sources = tuple(
        SourceCounts(one.ident, one.name, one.source.aperture.centre[1] - 1.0, tuple(cubes))
        for one, cubes in zip(targets, counts, strict=True)
    )
    return replace(request, sources=sources)
