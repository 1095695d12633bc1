"""One unit of a night: a master dark, bias or flat from one calibration sequence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import NightglassError
from ..settings import ReductionSettings
from .exposures import check_all_there

if TYPE_CHECKING:
    from ...engine import JobContext
    from ...engine.journal import Record


def make_master(
    ctx: JobContext,
    kind: str,
    camera: str,
    files: list[str],
    folder: str,
    settings: dict[str, Any],
    suspects: dict[str, str],
) -> Record:
    """Make a master frame, check it, and let it become current when it is good.

    Returns
    -------
    dict
        The journal record of the unit; its state is done, rejected or failed.
    """
    from ..calibration.checks import check_master
    from ..calibration.masters import make_master as combined
    from ..calibration.masters import write_master

    rules = ReductionSettings.model_validate(settings)
    names = [Path(name).name for name in files]
    usable = [Path(name) for name in files if Path(name).name not in suspects]
    try:
        master = combined(kind, usable, rules.min_calibration_frames, announce=ctx.publish)
    except NightglassError as error:
        check_all_there(usable)
        return {
            "state": "failed",
            "calibration": kind,
            "files": names,
            "problems": [str(error)],
            "failed": suspects,
        }
    check_all_there([path for path in usable if path.name in master.failed])
    problems = list(check_master(master, rules))
    record = {
        "calibration": kind,
        "files": names,
        **master.facts(),
        "problems": problems,
        "failed": {**suspects, **master.failed},
    }
    if problems:
        return {**record, "state": "rejected"}
    path = Path(folder) / f"{master.lstseq:08d}{camera}master{kind}.fits"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_master(path, master)
    if kind == "dark":
        _become_current(path, camera)
    return {**record, "state": "done", "file": path.name}


def _become_current(path: Path, camera: str) -> None:
    from ..calibration.table import DarkTable

    DarkTable(path.parent, camera).add(path)
