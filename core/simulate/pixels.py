"""Frames of a capture: everything that makes counts, ready for the compiled kernel."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from . import clock, cosmic, scene, sensor
from .camera import OFFSET_ADU
from .hashing import key
from .pulse import PulseShape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .kernels import Detector, Hits, Pulsar, Readout
    from .phases import PulsePhases
    from .settings import CaptureSettings


class FrameRenderer:
    """Renders any frames of one capture, in any order and from any thread.

    Parameters
    ----------
    settings : CaptureSettings
    phases : PulsePhases or None
        Where the pulse is at a time; None for a capture without pulse.
    """

    def __init__(self, settings: CaptureSettings, phases: PulsePhases | None) -> None:
        from . import kernels

        self._settings = settings
        self._phases = phases
        self._key = np.uint64(key(settings.seed, f"pixels {settings.calibration or 'science'}"))
        self.maps = sensor.pixel_maps(settings)
        self.telegraph = sensor.telegraph(settings, self.maps)
        self._detector = self._make_detector()
        self._readout = self._make_readout()
        rate, top, left = scene.pulsar_rate(settings)
        seen = self.maps.response[top : top + rate.shape[0], left : left + rate.shape[1]]
        self._pulsar: Pulsar = kernels.Pulsar(rate * seen * settings.exposure_s, top, left)

    @cached_property
    def shape(self) -> PulseShape:
        """The pulse of this capture."""
        return PulseShape(self._settings.peaks, self._settings.pulsed_fraction)

    def _make_detector(self) -> Detector:
        from . import kernels

        settings = self._settings
        light = scene.steady_rate(settings) * self.maps.response + self.maps.dark_rate
        mean = (light * settings.exposure_s).astype(np.float32).ravel()
        none = np.exp(-mean.astype(np.float64))
        none[mean >= kernels.LARGE_MEAN] = 0.0
        slot = np.full(mean.shape, -1, dtype=np.int32)
        slot[self.telegraph.pixel] = np.arange(self.telegraph.pixel.size, dtype=np.int32)
        base = OFFSET_ADU + 0.5 + settings.gain * self.maps.bias_e
        return kernels.Detector(
            light=mean,
            none=none,
            base=base.astype(np.float32).ravel(),
            slot=slot,
            step=settings.gain * self.telegraph.step_e,
            up=self.telegraph.up,
            down=self.telegraph.down,
        )

    def _make_readout(self) -> Readout:
        from . import kernels

        settings = self._settings
        return kernels.Readout(
            gain=float(settings.gain),
            noise=settings.gain * settings.read_noise_e,
            full_well=float(settings.full_well_e),
            traps=int(settings.traps),
            trap_chance=float(settings.trap_chance),
        )

    def brightness(self, frames: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the pulsar's brightness over its mean in each frame.

        Parameters
        ----------
        frames : int64 (n,)
            Camera frame numbers.

        Returns
        -------
        float64 (n, 1), or (n, rows) with a rolling shutter
            Averaged over the exposure exactly.
        """
        if self._phases is None:
            return np.ones((frames.size, 1))
        settings = self._settings
        middle, frequency = self._phases.at(*clock.mid_exposures(settings, frames))
        delay = np.zeros(1)
        if settings.rolling_shutter:
            rows = settings.shape[0]
            delay = ((np.arange(rows) + 0.5) / rows - 0.5) * settings.readout_s
        phase = middle[:, None] + frequency[:, None] * delay
        return self.shape.averaged(phase, (frequency * settings.exposure_s)[:, None])

    def render(self, frames: NDArray[np.int64], out: NDArray[np.uint16]) -> None:
        """Fill `out` with the frames as FITS stores them.

        Parameters
        ----------
        frames : int64 (n,)
            Camera frame numbers.
        out : uint16 (n, rows * columns), C-contiguous
            Receives the bytes of the file: counts minus 32768, big-endian.
        """
        from . import kernels

        pulse = self.brightness(frames)
        columns = self._settings.shape[1]
        scene = (self._key, self._detector, self._readout, self._pulsar, pulse)
        kernels.render(out, frames, columns, *scene)
        hits = self._hits(frames)
        if hits.pixel.size:
            kernels.strike(out, frames, columns, *scene, hits)

    def counts(self, frames: NDArray[np.int64]) -> NDArray[np.uint16]:
        """Return the frames as counts (n, rows, columns), for tests and scripts."""
        rows, columns = self._settings.shape
        out = np.empty((frames.size, rows * columns), dtype=np.uint16)
        self.render(frames, out)
        signed = out.view(">i2").reshape(-1, rows, columns)
        return (signed.astype(np.int32) + 32768).astype(np.uint16)

    def _hits(self, frames: NDArray[np.int64]) -> Hits:
        from . import kernels

        charge: dict[tuple[int, int], int] = {}
        places: dict[int, list[int]] = {}
        for place, frame in enumerate(frames.tolist()):
            places.setdefault(frame, []).append(place)
        for ray in cosmic.rays(self._settings, np.array(list(places), dtype=np.int64)):
            for pixel, electrons in cosmic.deposits(self._settings, ray).items():
                for place in places[ray.frame]:
                    at = (place, pixel)
                    charge[at] = charge.get(at, 0) + electrons
        return kernels.Hits(
            frame=np.array([place for place, _ in charge], dtype=np.int64),
            pixel=np.array([pixel for _, pixel in charge], dtype=np.int64),
            electrons=np.array(list(charge.values()), dtype=np.int64),
        )
