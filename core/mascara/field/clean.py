"""A raw frame as the reduction measures it: dark taken off, bad pixels replaced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import NightglassError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ...engine.journal import Record
    from ..night.exposures import Calibration
    from ..settings import ReductionSettings


class CleanFrames:
    """Reads raw frames for measuring; the master dark used last is kept.

    Parameters
    ----------
    output : Path
        Folder of the products.
    """

    def __init__(self, output: Path) -> None:
        self._output = output
        self._kept: tuple[Path, Calibration] | None = None

    def read(
        self, path: Path, record: Record | None, rules: ReductionSettings
    ) -> NDArray[np.float32]:
        """Read a frame.

        Parameters
        ----------
        path : Path
        record : dict or None
            Journal record of its batch, which names the dark. Where that is not there any more,
            the overscan is taken off instead.
        rules : ReductionSettings

        Raises
        ------
        NightglassError
            If the frame cannot be read.
        """
        from ..night.exposures import Calibration
        from ..raw.frame import read_frame

        raw = read_frame(path)
        known = self._calibration(record, rules)
        if known is not None:
            try:
                return known.applied(raw)
            except NightglassError:  # a dark of another window
                pass
        return Calibration(None, None).applied(raw)

    def _calibration(self, record: Record | None, rules: ReductionSettings) -> Calibration | None:
        from ..night.request import layout_of

        name = ((record or {}).get("dark") or {}).get("file")
        if not name:
            return None
        path = layout_of(self._output, rules).calibration / Path(str(name)).name
        if self._kept is None or self._kept[0] != path:
            read = _read(path, rules)
            self._kept = None if read is None else (path, read)
        return None if self._kept is None else self._kept[1]


def _read(path: Path, rules: ReductionSettings) -> Calibration | None:
    from ..calibration.bad_pixels import bad_pixels
    from ..calibration.masters import read_master
    from ..night.exposures import Calibration

    try:
        dark = read_master(path)
    except NightglassError:
        return None
    bad = bad_pixels(dark, None) if rules.reject_bad_pixels else None
    return Calibration(dark, bad, name=path.name)
