"""The radial profile of a star, measured on a working thread, shown in a panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal

from ...core.errors import NightglassError

if TYPE_CHECKING:
    from ...core.picture.profile import RadialProfile
    from ...core.workbench import Workbench
    from ..frame.radial import RadialProfilePlot

CURVE_POINTS = 200


class RadialController(QObject):
    """Measures where it is asked to; the panel is made by `provide` when first needed."""

    measured = pyqtSignal()

    def __init__(self, workbench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._plot: RadialProfilePlot | None = None

    def set_plot(self, plot: RadialProfilePlot) -> None:
        """Show profiles here."""
        self._plot = plot

    def measure(self, place: tuple[float, float] | None, slot: str = "main") -> None:
        """Measure the star nearest to an image position of the picture of a slot.

        Raises
        ------
        NightglassError
            If nothing is pointed at.
        """
        result = self._bench.pictures.shown.get(slot)
        if result is None or place is None:
            raise NightglassError(
                "Could not measure a profile",
                "No star is pointed at.",
                "Put the pointer on a star, then press R.",
            )
        x, y = place

        def work(_: object) -> RadialProfile | None:
            from ...core.picture.profile import radial_profile

            return radial_profile(result.calibrated(), x, y)

        self._bench.engine.latest(
            "radial profile", work, title="Radial profile", lane="compute", on_result=self._show
        )

    def _show(self, profile: RadialProfile | None) -> None:
        self.measured.emit()
        if self._plot is None:
            return
        if profile is None:
            self._plot.clear()
            return
        if self._bench.capture is not None:
            self._plot.set_unit(self._bench.capture.unit)
        farthest = float(profile.radii_px.max(initial=1.0))
        radii = np.linspace(0.0, farthest, CURVE_POINTS)
        curve = profile.model(radii)
        fitted = (radii[:0], radii[:0]) if curve is None else (radii, curve)
        self._plot.set_profile(profile.radii_px, profile.values, *fitted)
        arcsec = None
        if profile.fwhm_px is not None:
            arcsec = profile.fwhm_px * self._scale_arcsec()
        self._plot.set_width(profile.x, profile.y, profile.fwhm_px, arcsec)

    def _scale_arcsec(self) -> float:
        capture = self._bench.capture
        known = None if capture is None else capture.lightspeed
        binning = 1 if known is None else known.header.binning
        return self._bench.settings.plate_scale_arcsec * binning
