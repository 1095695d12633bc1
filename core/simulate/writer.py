"""One cube as bytes: headers, frames rendered piece by piece, table of stamps.

The file gets its final name from the first byte on and grows in place, because that is what the
acquisition program does and what readers must cope with. Whoever needs a whole file or none
(`lightspeed.simulate_capture`) removes what an error leaves behind.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from . import clock, header, telescope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO
    from pathlib import Path

    from numpy.typing import NDArray

    from .pace import AtOnce
    from .pixels import FrameRenderer
    from .plan import CapturePlan, CubePlan
    from .settings import CaptureSettings

_PIECE_BYTES = 16 << 20
_KEPT = {"truncated": 0.6, "half-written": 0.5}
"""Part of the frames' bytes that reaches the file, by fault."""


class CubeWriter:
    """Writes the cubes of one capture; any number of threads may share it.

    Parameters
    ----------
    settings : CaptureSettings
    plan : CapturePlan
    renderer : FrameRenderer
    pointing : tuple of float
        Right ascension and declination, degrees.
    """

    def __init__(
        self,
        settings: CaptureSettings,
        plan: CapturePlan,
        renderer: FrameRenderer,
        pointing: tuple[float, float],
    ) -> None:
        self._settings = settings
        self._plan = plan
        self._renderer = renderer
        self._pointing = pointing
        self._primary = lru_cache(maxsize=4)(self._make_primary)
        self._image = lru_cache(maxsize=4)(self._make_image)
        self._table = header.table_bytes(0)

    def head(self, cube: CubePlan) -> bytes:
        """Return both headers before the frames."""
        start = header.patched(self._primary(cube.gps), CUBEIDX=cube.number)
        image = self._image(self._poll(cube), cube.fault == "wrong-dtype")
        return start + header.patched(image, NAXIS3=cube.bundles.size)

    def tail(self, cube: CubePlan) -> bytes:
        """Return the padding after the frames and the table of stamps."""
        padding = bytes(-self._data_bytes(cube) % header.BLOCK)
        if cube.fault == "no-timestamps":
            return padding
        rows = np.empty(cube.bundles.size, dtype=[("TIMESTAMP", ">f8"), ("FRAMESTAMP", ">i8")])
        rows["TIMESTAMP"] = clock.timestamps(self._settings, cube.bundles)
        rows["FRAMESTAMP"] = cube.bundles
        head = header.patched(self._table, NAXIS2=rows.size)
        return padding + head + rows.tobytes() + bytes(-rows.nbytes % header.BLOCK)

    def pieces(self, cube: CubePlan) -> Iterator[tuple[int, memoryview]]:
        """Yield (bundles in it, bytes) of the frames, at most 16 MB at a time."""
        rows, columns = self._settings.shape
        per_bundle = rows * columns * self._settings.bundle * 2
        count = max(1, _PIECE_BYTES // per_bundle)
        for first in range(0, cube.bundles.size, count):
            bundles = cube.bundles[first : first + count]
            stored = self.stored(bundles)
            if cube.fault == "wrong-dtype":
                stored = _as_floats(stored)
            yield bundles.size, stored.data.cast("B")

    def stored(self, bundles: NDArray[np.int64]) -> NDArray[np.uint16]:
        """Render bundles as the file holds them: (frames, pixels) big-endian."""
        inside = np.arange(self._settings.bundle)
        frames = (bundles[:, None] * self._settings.bundle + inside).ravel()
        rows, columns = self._settings.shape
        out = np.empty((frames.size, rows * columns), dtype=np.uint16)
        self._renderer.render(frames, out)
        return out

    def write(self, cube: CubePlan, path: Path, pace: AtOnce) -> None:
        """Write one cube as its bundles are exposed.

        The first piece is rendered before its time: in a live capture of small frames a cube
        is one piece, ready when its last frame ends.

        Raises
        ------
        OSError
            If the file cannot be written.
        Cancelled
            If the capture was stopped before the cube was exposed.
        """
        pieces = self.pieces(cube)
        done, data = next(pieces)
        pace.exposed(cube, done)
        with open(path, "wb", buffering=0) as out:
            sink = _Sink(out, self._byte_limit(cube))
            sink.write(self.head(cube))
            middle = len(data) // 2
            sink.write(data[:middle])
            pace.halfway(cube)
            sink.write(data[middle:])
            for count, data in pieces:
                done += count
                pace.exposed(cube, done)
                sink.write(data)
            sink.write(self.tail(cube))

    def _byte_limit(self, cube: CubePlan) -> int | None:
        if cube.fault == "empty":
            return 0
        kept = _KEPT.get(cube.fault)
        return None if kept is None else len(self.head(cube)) + int(kept * self._data_bytes(cube))

    def _data_bytes(self, cube: CubePlan) -> int:
        rows, columns = self._settings.shape
        width = 4 if cube.fault == "wrong-dtype" else 2
        return cube.bundles.size * rows * columns * self._settings.bundle * width

    def _poll(self, cube: CubePlan) -> int:
        """Number of the telescope poll in the cube's header; early programs asked once."""
        if self._settings.era == "2025-09":
            return 0
        elapsed = int(cube.bundles[0]) * self._settings.bundle * self._settings.interval_s
        return int(elapsed // telescope.POLL_S)

    def _make_primary(self, gps: str | None) -> bytes:
        return header.primary_bytes(self._settings, 0, gps)

    def _make_image(self, poll: int, floats: bool) -> bytes:
        words = header.unavailable()
        if self._plan.telescope_answers:
            words = telescope.cards(self._settings, self._pointing, poll * telescope.POLL_S)
        return header.image_bytes(self._settings, 0, words, "float32" if floats else "uint16")


class _Sink:
    """Passes on all bytes, or the first ones only, as when a writer dies."""

    def __init__(self, out: FileIO, limit: int | None) -> None:
        self._out = out
        self._left = sys.maxsize if limit is None else limit

    def write(self, data: bytes | memoryview) -> None:
        """Write every byte; a system call may take fewer than it was given."""
        rest = memoryview(data)[: self._left]
        self._left -= len(rest)
        while len(rest):
            rest = rest[self._out.write(rest) :]


def _as_floats(stored: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Turn stored counts into big-endian 32-bit floats."""
    counts = stored.view(">i2").astype(np.float32) + 32768.0
    return counts.astype(">f4").view(np.uint16)
