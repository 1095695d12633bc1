"""Folds of a simulated pulsar, made in some milliseconds, and hands on plots."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from nightglass.core.frames.times import FrameTime
from nightglass.core.lightspeed.fold.result import FoldResult, Raster, SourceFold
from nightglass.core.lightspeed.fold.settings import FoldSettings
from nightglass.core.timing.pulse.growth import growth_of
from nightglass.core.timing.pulse.moments import moments_of
from nightglass.core.timing.pulse.profile import Profile
from PyQt6.QtCore import QEvent, QPointF, Qt
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QApplication

FRAME_S, ROW_S = 0.002, 0.25
NOTE = "phases by PINT (TDB, barycentre); stamps UTC from GPS; mid-exposure; rows of the region"
F0_HZ = 29.946923


def pulse_shape(phase, centre=0.25, second=0.65):
    """Two peaks of a von Mises each, 1 on average far from them."""
    peaks = ((centre, 1.0, 60.0), (second, 0.45, 25.0))
    return 1.0 + sum(
        height * np.exp(sharp * (np.cos(2 * np.pi * (phase - place)) - 1.0))
        for place, height, sharp in peaks
    )


def made_raster(rows, n_bins, *, rate=4000.0, pulsed=1.0, drift=0.0, gap=None, seed=3):
    """Raster of Poisson counts whose pulse drifts so many turns from start to end."""
    random = np.random.default_rng(seed)
    turn = drift * (np.arange(rows) + 0.5) / rows
    phase = (np.arange(n_bins) + 0.5) / n_bins
    light = 1.0 + pulsed * (pulse_shape(phase[np.newaxis] - turn[:, np.newaxis]) - 1.0)
    shares = np.full((rows, n_bins), ROW_S / FRAME_S / n_bins)
    if gap is not None:
        shares[slice(*gap)] = 0.0
    sums = random.poisson(rate * light * shares * FRAME_S).astype(float)
    return Raster(sums, sums + 0.25 * shares, shares, ROW_S * np.arange(rows + 1), FRAME_S)


def made_fold(ident=1, name="circle 1", psr="J0534+2200", *, rows=64, n_bins=32, **look):
    raster = made_raster(rows, n_bins, seed=ident + 7, **look)
    total = (raster.sums.sum(axis=0), raster.variances.sum(axis=0), raster.shares.sum(axis=0))
    profile = Profile(*total, FRAME_S)
    frames = round(float(raster.shares.sum()))
    phase = np.repeat((np.arange(n_bins) + 0.5) / n_bins, 4)
    light = np.repeat(profile.rate * FRAME_S, 4) * np.resize([0.9, 1.1, 1.0, 1.0], phase.size)
    return SourceFold(
        ident=ident, name=name, psr=psr, profile=profile, sky_rate=212.5, raster=raster,
        moments=moments_of(phase, light, light),
        growth=growth_of(
            raster.sums, raster.variances, raster.shares, raster.edges_s[1:], smear_turns=0.0
        ),
        pulsed_fraction=profile.pulsed_fraction(),
        frames_counted=frames, par_path=Path("/pars/crab.par"), par_text="PSR J0534+2200\n",
        f0_hz=F0_HZ, f1_hz_s=-3.77535e-10, pepoch_mjd=48442.5, frequency_hz=29.8,
        clock=None,
    )  # fmt: skip


def made_result(*folds, settings=None, **changes):
    folds = folds or (made_fold(),)
    frames = folds[0].frames_counted
    made = FoldResult(
        folds=tuple(folds), settings=settings or FoldSettings(n_bins=folds[0].profile.n_bins),
        capture="crab", path=Path("/night/crab_000.fits"), frames_read=frames, frames_total=frames,
        frames_missing=0, start=FrameTime(61019, 11700.0),
        span_s=float(folds[0].raster.edges_s[-1]), frame_s=FRAME_S, interval_s=FRAME_S,
        time_note=NOTE,
    )  # fmt: skip
    return replace(made, **changes)


def mouse(widget, kind, point, modifiers=Qt.KeyboardModifier.NoModifier, *, is_held=True):
    """Send a mouse event with the left button, moves included, which QTest does not tell."""
    none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    button = none if kind == QEvent.Type.MouseMove else left
    held = left if is_held and kind != QEvent.Type.MouseButtonRelease else none
    place = QPointF(point)
    event = QMouseEvent(kind, place, QPointF(widget.mapToGlobal(place)), button, held, modifiers)
    QApplication.sendEvent(widget, event)


def drag(plot, start, end, modifiers=Qt.KeyboardModifier.NoModifier, *, release=True, steps=4):
    """Drag over the viewport of a plot from one point to another."""
    viewport = plot.viewport()
    mouse(viewport, QEvent.Type.MouseButtonPress, start, modifiers)
    for step in range(1, steps + 1):
        part = step / steps
        mouse(viewport, QEvent.Type.MouseMove, start + (end - start) * part, modifiers)
    if release:
        mouse(viewport, QEvent.Type.MouseButtonRelease, end, modifiers)
