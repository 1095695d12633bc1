"""The stars of one camera, whether its night is merged, lies in batches, or is on the way."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from ...errors import NightglassError
from ...timing.sidereal import BATCH
from ..products.rows import apertures_of, data_dtype
from .batch_learning import learn
from .batch_rows import ReplacedError, points_of_star, unknown_points
from .merged import read_points, read_stars, signature_of
from .seen import Facts, SeenStars, Totals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..night.layout import CameraNight
    from .batch_learning import Learned
    from .batch_rows import BatchRows, Signature
    from .curve import Kind
    from .merged import MergedStars

    Table = NDArray[np.void]

T = TypeVar("T")

_log = logging.getLogger(__name__)

# The end of a night removes a few hundred files at once; a look meets that once or twice.
_TRIES = 20


@dataclass(frozen=True, eq=False)
class StarPoints:
    """Points of a star in one camera.

    Attributes
    ----------
    points : structured ndarray of `products.rows.data_dtype`
        Sorted by ``lstseq``.
    radii_px : tuple of float
        Of the apertures.
    is_complete : bool
        Whether they are those of a merged night.
    """

    points: Table
    radii_px: tuple[float, ...]
    is_complete: bool


class CameraFiles:
    """Reads light curves of one camera and kind; from any thread.

    A batch that lies beside a night file was made after it: its points count. The list of stars
    is that of the night file as long as there is no batch which that does not hold.

    Parameters
    ----------
    place : CameraNight
    kind : {"fast", "slow"}
    """

    def __init__(self, place: CameraNight, kind: Kind) -> None:
        self.camera = place.camera
        self._folder, self._prefix = place.folder / "tmp", f"tmp_{kind}"
        self._file = place.fast_file if kind == "fast" else place.slow_file
        self._lock = Lock()
        self._known: dict[str, BatchRows] = {}
        self._damaged: dict[Path, Signature | None] = {}
        self._merged: MergedStars | None = None
        self._facts = Facts()
        self._totals = Totals()
        self._counted: dict[str, Signature] = {}
        self._shown: tuple[MergedStars | None, SeenStars, SeenStars] | None = None

    @property
    def facts(self) -> Table:
        """Catalogue entries of all stars seen by now."""
        return self._facts.stars

    def seen(self, ctx: JobContext | None = None) -> SeenStars:
        """Look which stars there are; the same object as before where nothing is new.

        One thread at a time.

        Raises
        ------
        Cancelled
            If the job was cancelled; what was learned is kept.
        """
        return _steadily(lambda: self._seen(ctx))

    def star(self, ascc: int) -> StarPoints:
        """Read all points of a star there are."""
        return _steadily(lambda: self._star(ascc))

    # The list

    def _seen(self, ctx: JobContext | None) -> SeenStars:
        # Batches first: once one of them is gone the night file is there.
        names = self._names()
        merged = self._read_merged()
        if merged is not None and merged.batches.issuperset(map(_number, names)):
            # What was learned of batches is not needed any more.
            self._known = {name: self._known[name] for name in names if name in self._known}
            self._totals, self._counted = Totals(), {}
        else:
            self._count(names, ctx)
        return self._brought_together(merged, self._totals.seen)

    def _brought_together(self, merged: MergedStars | None, counted: SeenStars) -> SeenStars:
        if self._shown is not None and self._shown[0] is merged and self._shown[1] is counted:
            return self._shown[2]
        shown = counted
        if merged is not None:
            shown = SeenStars.of_merged(merged)
            shown = shown.or_more(counted) if len(counted.ascc) else shown
        self._shown = merged, counted, shown
        return shown

    def _count(self, names: list[str], ctx: JobContext | None) -> None:
        """Bring the totals up to date."""
        known = set(names)
        changed = [name for name in self._counted if name not in known or self._is_other(name)]
        if changed:
            self._totals, self._counted = Totals(), {}
        for name in names:
            if name not in self._counted:
                if ctx is not None:
                    ctx.check()
                learned = self._learn(name)
                if learned is not None:
                    self._totals.add(learned)
                    self._counted[name] = learned.rows.signature

    def _is_other(self, name: str) -> bool:
        return signature_of(self._folder / name) != self._counted[name]

    # One star

    def _star(self, ascc: int) -> StarPoints:
        names = self._names()
        batches = [rows for name in names if (rows := self._rows(name)) is not None]
        merged, radii_px = self._read_star(ascc)
        naper = max([len(radii_px), *(batch.naper for batch in batches)])
        if merged is not None:
            naper = max(naper, apertures_of(merged.dtype.names or ()))
        dtype = data_dtype(naper)
        fresh = points_of_star(batches, ascc, dtype)
        if merged is not None:
            made_anew = np.isin(_batch_of(merged), [_number(name) for name in names])
            fresh = np.concatenate([widened(merged[~made_anew], dtype), fresh])
        radii_px = batches[-1].radii_px if batches else radii_px
        is_complete = not names and self._file.exists()
        return StarPoints(_in_time(fresh), radii_px, is_complete)

    def _read_star(self, ascc: int) -> tuple[Table | None, tuple[float, ...]]:
        if signature_of(self._file) is None:
            return None, ()
        return self._unless_damaged(self._file, lambda: read_points(self._file, ascc)) or (None, ())

    # Files

    def _names(self) -> list[str]:
        """Batches that are there, in the order of time."""
        try:
            with os.scandir(self._folder) as entries:
                names = [entry.name for entry in entries]
        except (FileNotFoundError, NotADirectoryError):
            return []
        ours = (name for name in names if name.startswith(self._prefix))
        return sorted(name for name in ours if name.endswith(".hdf5") and _number(name) >= 0)

    def _rows(self, name: str) -> BatchRows | None:
        known = self._known.get(name)
        if known is not None and known.signature == signature_of(known.path):
            return known
        learned = self._learn(name)
        return None if learned is None else learned.rows

    def _learn(self, name: str) -> Learned | None:
        path = self._folder / name
        with self._lock:
            learned = self._unless_damaged(path, lambda: learn(path))
            if learned is not None:
                self._known[name] = learned.rows
                self._facts.add(learned.stars)
        return learned

    def _read_merged(self) -> MergedStars | None:
        with self._lock:
            signature = signature_of(self._file)
            if signature is None:
                self._merged = None
            elif self._merged is None or self._merged.signature != signature:
                self._merged = self._unless_damaged(self._file, lambda: read_stars(self._file))
                if self._merged is not None:
                    self._facts.add(self._merged.facts)
            return self._merged

    def _unless_damaged(self, path: Path, read: Callable[[], T]) -> T | None:
        """Read a file; one that is damaged is told once and left out."""
        signature = signature_of(path)
        if path in self._damaged and self._damaged[path] == signature:
            return None
        try:
            return read()
        except NightglassError as error:
            self._damaged[path] = signature
            _log.warning("%s", error)
            return None


def _steadily(look: Callable[[], T]) -> T:
    """Look again as long as files are replaced or removed under the hand."""
    for _ in range(_TRIES):
        try:
            return look()
        except ReplacedError:
            continue
    raise NightglassError(
        "Could not read the light curves",
        "The files of the night are replaced faster than they can be read.",
        "Try again.",
    )


def _number(name: str) -> int:
    """Number of a batch from the name of its file; -1 where it has none."""
    digits = name.removesuffix(".hdf5")[-8:]
    return int(digits) if digits.isdecimal() else -1


def _batch_of(points: Table) -> NDArray[np.int64]:
    return np.asarray(points["lstseq"].astype(np.int64) // BATCH)


def widened(points: Table, dtype: np.dtype[np.void]) -> Table:
    """The same points with more apertures, of which nothing is known."""
    if points.dtype == dtype:
        return points
    wider = unknown_points(len(points), dtype)
    for name in set(points.dtype.names or ()) & set(dtype.names or ()):
        wider[name] = points[name]
    return wider


def _in_time(points: Table) -> Table:
    """Sort by slot; of two points of one slot the later given stays."""
    slots = points["lstseq"]
    if len(slots) < 2 or bool((slots[1:] > slots[:-1]).all()):
        return points
    order = np.argsort(slots, kind="stable")
    ordered = slots[order]
    is_last = np.append(ordered[1:] != ordered[:-1], True)
    return np.asarray(np.take(points, order[is_last]))
