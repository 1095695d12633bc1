"""How the pixels of each capture lie on the sensor and on the sky."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psygnal import Signal

from ..regions.systems import Surroundings

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..frames.fits_image import FitsImageSource
    from .desk import Desk, OpenCapture


class Places:
    """Keeps the surroundings of every open capture; owner thread only.

    Parameters
    ----------
    engine : Engine
        Reads the projections of FITS images.
    desk : Desk

    `found` carries the key of an image whose projection has been read.
    """

    found = Signal(str)

    def __init__(self, engine: Engine, desk: Desk) -> None:
        self._engine = engine
        self._desk = desk
        self._known: dict[str, Surroundings] = {}
        self._images: dict[str, Surroundings] = {}
        desk.opened.connect(self._on_opened)
        desk.closed.connect(self._on_closed)

    def of(self, capture: OpenCapture | None) -> Surroundings:
        """What is known about the frames of a capture; of None nothing but pixels."""
        if capture is None:
            return Surroundings()
        if capture.key in self._images:
            return self._images[capture.key]
        if capture.key not in self._known:
            self._known[capture.key] = self._found(capture)
        return self._known[capture.key]

    def forget(self) -> None:
        """Find everything anew: the plate scale is another one."""
        self._known.clear()

    def _found(self, capture: OpenCapture) -> Surroundings:
        from ..lightspeed.surroundings import surroundings_of

        if capture.lightspeed is None:
            # The projection of an image is being read.
            return Surroundings(cards=getattr(capture.source, "cards", {}))
        return surroundings_of(capture.lightspeed, self._desk.settings.plate_scale_arcsec)

    def _on_opened(self, key: str) -> None:
        from ..frames.fits_image import FitsImageSource

        capture = self._desk.get(key)
        if capture is None or not isinstance(capture.source, FitsImageSource):
            return
        image = capture.source
        self._engine.submit(
            lambda _: _read(image),
            title=f"Read where {image.name} lies on the sky",
            lane="watch",
            quiet=True,
            on_result=lambda found: self._take(key, found),
        )

    def _take(self, key: str, found: Surroundings) -> None:
        self._images[key] = found
        self._known.pop(key, None)
        self.found.emit(key)

    def _on_closed(self, key: str) -> None:
        self._known.pop(key, None)
        self._images.pop(key, None)


def _read(image: FitsImageSource) -> Surroundings:
    from ..lightspeed.surroundings import surroundings_of

    return surroundings_of(image)
