"""Two threads that take cubes in order and write them, as the acquisition program has."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ..errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .pace import AtOnce
    from .plan import CubePlan
    from .writer import CubeWriter

WRITERS = 2


class CubeCrew:
    """Writes the cubes of a capture with two threads.

    Parameters
    ----------
    writer : CubeWriter
    cubes : tuple of CubePlan
        Files to write.
    folder : Path
    pace : AtOnce
        Also a `CameraPace`.
    stop : threading.Event
        Ends the writing early; also set by the first error.
    report : callable
        Called with the cube just finished, from the writing threads, one at a time.
    """

    def __init__(
        self,
        writer: CubeWriter,
        cubes: tuple[CubePlan, ...],
        folder: Path,
        pace: AtOnce,
        stop: threading.Event,
        report: Callable[[CubePlan], None],
    ) -> None:
        self._writer = writer
        self._waiting = iter(cubes)
        self._folder = folder
        self._pace = pace
        self._stop = stop
        self._report = report
        self._lock = threading.Lock()
        self._error: BaseException | None = None
        self.written: dict[int, Path] = {}

    def run(self) -> None:
        """Write everything, or as much as there is time for before the stop.

        Raises
        ------
        OSError
            From the file that could not be written; it is removed, whole ones stay.
        """
        threads = [
            threading.Thread(target=self._work, name=f"cube writer {n}") for n in range(WRITERS)
        ]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except BaseException:
            self._stop.set()
            for thread in threads:
                thread.join()
            raise
        if self._error is not None:
            raise self._error

    def _take(self) -> CubePlan | None:
        with self._lock:
            return None if self._stop.is_set() else next(self._waiting, None)

    def _work(self) -> None:
        while (cube := self._take()) is not None:
            path = self._folder / cube.name
            try:
                self._writer.write(cube, path, self._pace)
                self._note(cube, path)
            except Cancelled:
                path.unlink(missing_ok=True)
                return
            except BaseException as error:  # noqa: BLE001 - carried to the caller's thread
                self._fail(path, error)
                return

    def _note(self, cube: CubePlan, path: Path) -> None:
        with self._lock:
            self.written[cube.number] = path
            self._report(cube)
        self._pace.finished(cube)

    def _fail(self, path: Path, error: BaseException) -> None:
        with self._lock:
            self._error = self._error or error
        self._stop.set()
        # The folder itself may be what is gone; the error that counts is already kept.
        try:
            path.unlink(missing_ok=True)
        except OSError:
            return
