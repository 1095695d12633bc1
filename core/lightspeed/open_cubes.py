"""A few open files for many cubes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from .cube import Cube, CubeHeader

if TYPE_CHECKING:
    from pathlib import Path

# Two descriptors each at most; a process usually may have 1,024.
MOST_OPEN = 64


class OpenCubes:
    """Cubes opened when they are needed; the least used one is let go beyond a limit.

    Parameters
    ----------
    mapping : bool or None
        Given to every `Cube`.
    limit : int
        Cubes open at the same time.
    """

    def __init__(self, mapping: bool | None = None, limit: int = MOST_OPEN) -> None:
        self.mapping = mapping
        self._limit = limit
        self._lock = threading.Lock()
        self._cubes: OrderedDict[Path, Cube] = OrderedDict()

    def __len__(self) -> int:
        return len(self._cubes)

    def get(self, header: CubeHeader) -> Cube:
        """Give the open cube of a header, opening it if need be.

        Raises
        ------
        NightglassError
            If the file cannot be opened.
        """
        with self._lock:
            cube = self._cubes.get(header.path)
            if cube is not None and cube.header is header:
                self._cubes.move_to_end(header.path)
                return cube
        # A network disk may take its time: the other threads need not wait for it.
        return self._keep(Cube(header, self.mapping))

    def _keep(self, cube: Cube) -> Cube:
        """Hold on to a cube. Those let go close when their last reader is done with them."""
        with self._lock:
            self._cubes[cube.header.path] = cube
            self._cubes.move_to_end(cube.header.path)
            while len(self._cubes) > self._limit:
                self._cubes.popitem(last=False)
        return cube

    def drop(self, path: Path) -> None:
        """Let go of the cube in a file."""
        with self._lock:
            self._cubes.pop(path, None)

    def clear(self) -> None:
        """Let go of all cubes."""
        with self._lock:
            self._cubes.clear()
