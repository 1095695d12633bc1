"""The stars of a night on the disk and their light curves, while it is reduced and after."""

from __future__ import annotations

import logging
import os
import re
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from ...errors import Cancelled, NightglassError
from ..night.layout import CameraNight
from ..night.star_file import load_stars, newest_stars
from ..products.rows import data_dtype
from .camera_files import CameraFiles, widened
from .combining import MOST_CAMERAS, combined, facts_of
from .curve import Curve
from .merged import signature_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ...stars.table import StarTable
    from .batch_rows import Signature
    from .camera_files import StarPoints
    from .curve import Kind
    from .stars import NightStars

_log = logging.getLogger(__name__)

_FOLDER = re.compile(r"(\d{8})([A-Z]{2}[A-Z])")
_FACTS = ("hd", "hip", "ra_deg", "dec_deg", "vmag", "bmag", "spectype")
_USUAL_APERTURES = 2


class StarIndex:
    """Finds the stars of the latest night in an output folder; from any thread.

    Nothing stays open between two calls, so that files may come, be replaced and go.

    Parameters
    ----------
    output : Path
        Folder of a reduction; it need not be there yet.
    """

    def __init__(self, output: Path) -> None:
        self._output = output
        self._lock = Lock()
        self._cameras: dict[CameraNight, tuple[CameraFiles, CameraFiles]] = {}
        self._catalogue: StarTable | None = None
        self._catalogue_of: tuple[Path, Signature | None] | None = None
        self._stars: NightStars | None = None
        self._cameras_listed: tuple[CameraNight, ...] = ()
        self._made_of: tuple[object, ...] = ()
        self._is_closed = False

    def close(self) -> None:
        """Let go of what was read, and answer no more; never waits."""
        self._is_closed = True
        self._cameras, self._catalogue, self._stars = {}, None, None

    def refresh(self, ctx: JobContext | None = None) -> NightStars:
        """List the stars; the same object as before when nothing is new.

        Parameters
        ----------
        ctx : JobContext or None
            Ends a long look by a cancel; the next one goes on from there.

        Raises
        ------
        Cancelled
            If the job was cancelled or the index is closed.
        """
        with self._lock:
            self._require_open()
            files = self._files()
            fast = {night.camera: pair[0].seen(ctx) for night, pair in files.items()}
            slow = {night.camera: pair[1].seen(ctx) for night, pair in files.items()}
            catalogue = self._read_catalogue()
            made_of = (*fast.values(), *slow.values(), catalogue)
            if self._stars is None or not self._is_as_before(tuple(files), made_of):
                facts = [one.facts for pair in files.values() for one in pair]
                self._stars = combined(fast, slow, facts, catalogue)
                self._cameras_listed, self._made_of = tuple(files), made_of
            self._require_open()
            return self._stars

    def curve(self, ascc: int, kind: Kind = "fast") -> Curve:
        """Read all points there are of a star by now; none for one that nobody saw.

        Raises
        ------
        Cancelled
            If the index is closed.
        NightglassError
            If a disk does not answer.
        """
        self._require_open()
        files = self._files()
        places = [pair[0 if kind == "fast" else 1] for pair in files.values()]
        found = {one.camera: one.star(ascc) for one in places}
        seen = {camera: part for camera, part in found.items() if len(part.points)}
        order = sorted(seen, key=lambda camera: int(seen[camera].points["lstseq"][0]))
        parts = [seen[camera] for camera in order]
        counts = [len(part.points) for part in parts]
        return Curve(
            ascc=ascc,
            kind=kind,
            cameras=tuple(order),
            camera=np.repeat(np.arange(len(order), dtype=np.uint8), counts),
            points=_joined(parts),
            facts=self._facts(ascc),
            radii_px=max((part.radii_px for part in parts), key=len, default=()),
            is_complete=bool(found) and all(part.is_complete for part in found.values()),
        )

    def _is_as_before(self, nights: tuple[CameraNight, ...], made_of: tuple[object, ...]) -> bool:
        same = (ours is theirs for ours, theirs in zip(made_of, self._made_of, strict=False))
        return nights == self._cameras_listed and all(same)

    def _require_open(self) -> None:
        if self._is_closed:
            raise Cancelled

    def _files(self) -> dict[CameraNight, tuple[CameraFiles, CameraFiles]]:
        """Files of the cameras of the latest night, by name of the camera."""
        known = self._cameras
        nights = _camera_nights(self._output)
        for night in nights:
            if night not in known:
                known.setdefault(night, (CameraFiles(night, "fast"), CameraFiles(night, "slow")))
        return {night: known[night] for night in nights}

    def _facts(self, ascc: int) -> dict[str, float | str]:
        tables = [one.facts for pair in self._cameras.values() for one in pair]
        catalogue = self._read_catalogue()
        known = [table["ascc"] for table in tables]
        known += [catalogue.ascc] if catalogue is not None else []
        if not any(_has(numbers, ascc) for numbers in known):
            self.refresh()
            tables = [one.facts for pair in self._cameras.values() for one in pair]
        found = facts_of(np.array([ascc]), tables, catalogue)
        return {"ascc": ascc, **{name: _plain(found[name][0]) for name in _FACTS}}

    def _read_catalogue(self) -> StarTable | None:
        """The stars of the night as its reduction took them, sorted by number."""
        path = newest_stars(self._output)
        if path is None:
            return self._catalogue
        whole = path, signature_of(path)
        if whole != self._catalogue_of:
            self._catalogue_of = whole
            try:
                stars = load_stars(path)
                self._catalogue = stars.select(np.argsort(stars.ascc, kind="stable"))
            except (OSError, NightglassError) as error:
                _log.warning("The star list %s cannot be read: %s", path.name, error)
        return self._catalogue


def _camera_nights(output: Path) -> list[CameraNight]:
    """Folders of the latest night, in the order of the names."""
    try:
        with os.scandir(output) as entries:
            matches = [_FOLDER.fullmatch(entry.name) for entry in entries]
    except (FileNotFoundError, NotADirectoryError):
        return []
    found = sorted(match.groups() for match in matches if match)
    latest = found[-1][0] if found else ""
    names = [camera for night, camera in found if night == latest]
    return [CameraNight(output / f"{latest}{one}", latest, one) for one in names[:MOST_CAMERAS]]


def _has(sorted_numbers: NDArray[np.int64], number: int) -> bool:
    place = int(np.searchsorted(sorted_numbers, number))
    return place < len(sorted_numbers) and int(sorted_numbers[place]) == number


def _joined(parts: list[StarPoints]) -> NDArray[np.void]:
    """Points of camera after camera, with the apertures of the one that has most."""
    if not parts:
        return np.zeros(0, data_dtype(_USUAL_APERTURES))
    dtype = max((part.points.dtype for part in parts), key=lambda one: one.itemsize)
    return np.concatenate([widened(part.points, dtype) for part in parts])


def _plain(value: np.generic) -> float | str:
    if isinstance(value, bytes):
        return value.decode("ascii", "replace").strip()
    return value.item()  # type: ignore[no-any-return]
