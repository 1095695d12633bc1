"""What lies over a frame, read for a window: star table, dark and solutions are kept."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError
from ...timing.sidereal import BATCH
from ...timing.stations import find_station
from ..settings import ReductionSettings
from .chip_stars import stars_of_night
from .clean import CleanFrames
from .overlay import overlay_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ...engine.journal import Record
    from ...stars.table import StarTable
    from ..astrometry.settings import AstrometrySettings
    from ..camera.model import CameraModel
    from .overlay import FieldOverlay
    from .residuals import StarResiduals
    from .slots import SlotFile


@dataclass(frozen=True, eq=False)
class FieldQuestion:
    """The frame about which is asked.

    Attributes
    ----------
    camera : str
    file : SlotFile
    is_binned : bool
    shape : tuple of int
        Rows and columns.
    record : dict or None
        See `record_for`.
    settings : mapping
        Fields of `ReductionSettings`.
    faintest_vmag : float
    """

    camera: str
    file: SlotFile
    is_binned: bool
    shape: tuple[int, int]
    record: Record | None
    settings: Mapping[str, Any]
    faintest_vmag: float


class FieldReader:
    """Answers questions about the frames of one night, from any thread one after the other.

    Parameters
    ----------
    output : Path
        Folder of the products.
    """

    def __init__(self, output: Path) -> None:
        self._output = output
        self._lock = threading.Lock()
        self._frames = CleanFrames(output)
        self._stars: StarTable | None = None
        self._binned: tuple[Path, CameraModel | None] | None = None

    def overlay(self, question: FieldQuestion) -> FieldOverlay:
        """Places of everything over a frame.

        Raises
        ------
        NightglassError
            If the stars of the night are not known yet.
        """
        with self._lock:
            model = self._model(question)
        return overlay_of(
            question.record,
            self._table(),
            question.settings,
            question.file.lstseq,
            camera=question.camera,
            shape=question.shape,
            model=model,
            faintest_vmag=question.faintest_vmag,
        )

    def residuals(self, question: FieldQuestion, overlay: FieldOverlay) -> StarResiduals:
        """Measured minus computed places of the stars of the astrometry.

        Raises
        ------
        NightglassError
            If the frame cannot be read.
        """
        from ..stacking.files import read_binned
        from .residuals import residuals_of

        rules = ReductionSettings.model_validate(question.settings)
        path = question.file.path
        if question.is_binned:
            image = read_binned(path)[0]
        else:
            with self._lock:
                image = self._frames.read(path, question.record, rules)
        return residuals_of(image, overlay, _limits(rules))

    def names(self, numbers: Sequence[int]) -> dict[int, str]:
        """What stars are called besides their ASCC number: by HD, else by HIP.

        Raises
        ------
        NightglassError
            If the stars of the night are not known yet.
        """
        stars = self._table()
        found = stars.select(np.isin(stars.ascc, numbers))
        columns = zip(found.ascc.tolist(), found.hd.tolist(), found.hip.tolist(), strict=True)
        return {ascc: _name(hd, hip) for ascc, hd, hip in columns if hd or hip}

    def _table(self) -> StarTable:
        with self._lock:
            if self._stars is None:
                self._stars = stars_of_night(self._output)
            return self._stars

    def _model(self, question: FieldQuestion) -> CameraModel | None:
        """The solution of a binned image is its own and in its header; None for that of a batch."""
        if not question.is_binned:
            return None
        path = question.file.path
        if self._binned is None or self._binned[0] != path:
            self._binned = path, _model_of(path, question.camera)
        return self._binned[1]


def record_for(records: Mapping[str, Record], camera: str, lstseq: int) -> Record | None:
    """The journal record whose solution is nearest in time to a slot.

    Parameters
    ----------
    records : mapping of str to dict
        By unit.
    camera : str
    lstseq : int
    """
    solved = [
        record
        for record in records.values()
        if record.get("camera") == camera and (record.get("astrometry") or {}).get("model")
    ]
    batch = lstseq // BATCH
    return min(solved, key=lambda record: abs(int(record.get("bin", 0)) - batch), default=None)


def _name(hd: int, hip: int) -> str:
    return f"HD {hd}" if hd else f"HIP {hip}"


def _model_of(path: Path, camera: str) -> CameraModel | None:
    from ..camera.generations import read_model

    try:
        return read_model(path, find_station(camera).latitude_deg)
    except NightglassError:
        return None


def _limits(rules: ReductionSettings) -> AstrometrySettings:
    from ..astrometry.settings import AstrometrySettings

    return AstrometrySettings(
        bright_vmag=rules.astrometry_bright_vmag,
        faint_vmag=rules.astrometry_faint_vmag,
        isolation_px=rules.astrometry_isolation_px,
        max_rms_px=rules.astrometry_limit_px,
    )
