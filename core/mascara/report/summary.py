"""The summary of a camera's night, and the report of a whole one: HTML with pictures, or text."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...atomic import write_text
from ...errors import NightglassError, translate
from .astrometry_picture import astrometry_picture
from .camera_status import camera_status
from .camera_summary import find_summary, summarize
from .conditions_picture import conditions_picture
from .limits import SET_POINT_C
from .messages import camera_messages, grouped, night_messages
from .overview_picture import OVERVIEW_NAME
from .pages import (
    data_table,
    facts_table,
    heading,
    messages_heading,
    messages_table,
    page,
    paragraph,
    picture,
)
from .records import column, count, listed, mapped, night_records, number
from .sky_picture import sky_picture
from .status_text import batches_in_words, figure
from .summary_page import summary_html, summary_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...engine.journal import Record
    from .records import CameraRecords, NightRecords

REPORT_NAME = "report.html"
_COLUMNS = (
    "Camera", "Frames received", "reduced", "missing", "failed", "Batches", "Solved", "rms px",
    "Zero point", "Chip C", "Fast stars", "Slow stars", "s per frame",
)  # fmt: skip
# Columns that say what the facts of a camera say as well.
_COUNTS = 7
_POINTINGS = ("Camera", "alt0 (deg)", "az0 (deg)", "th0 (deg)", "x0 (px)", "y0 (px)", "Order")
_DARKS = ("Unit", "State", "File", "Frames", "Chip C", "Level ADU")


def reduction_summary(
    logpath: str | Path, site: str, camera: str, night: str, date: object, form: str = "html"
) -> str:
    """Tell how the reduction of a camera's night went.

    Parameters
    ----------
    logpath : path-like
        The log, or the folder it is in.
    site, camera, night : str
        Station, camera id and evening date.
    date : object
        Date of the summary, as it shall be printed; empty for none.
    form : {"html", "text"}
        An HTML page with the picture of the astrometry inside, or plain text.

    Raises
    ------
    NightglassError
        If there is no log, or no such form.
    """
    if form not in {"html", "text"}:
        raise NightglassError(
            "Could not make the summary", f"There is no form {form!r}.", "Choose html or text."
        )
    summary, picture = find_summary(Path(logpath), site, camera, night)
    if form == "text":
        return summary_text(summary, str(date))
    return summary_html(summary, str(date), picture)


def night_html(records: Sequence[Record], folder: Path | None = None) -> str:
    """Make the report of the latest night.

    Parameters
    ----------
    records : sequence of dict
        Lines of the journal, oldest first.
    folder : Path or None
        Output of the reduction, whose light curve overviews are put in.

    Returns
    -------
    str
        HTML with all pictures inside; the same for the same journal and overviews.
    """
    night = night_records(records)
    cameras = night.of_night(night.night)
    groups = grouped(night_messages(night))
    body = [
        *_overview(night, cameras),
        heading(messages_heading(groups)),
        messages_table(groups),
    ]
    if cameras:
        body += [heading("Sky"), picture(sky_picture(cameras, night.night), "Sky cells")]
    for camera in cameras:
        body += _camera_part(camera, night, folder)
    return page(_title(night), body)


def night_text(records: Sequence[Record]) -> str:
    """Make the report of the latest night as plain text."""
    night = night_records(records)
    cameras = night.of_night(night.night)
    groups = grouped(night_messages(night))
    lines = [_title(night), *([] if cameras else ["", _NOTHING])]
    for camera in cameras:
        facts = summarize(camera, night).facts()
        measured = list(zip(_COLUMNS, _row(camera, night), strict=True))[_COUNTS:]
        lines += ["", camera.camera]
        lines += [f"  {name + ':':<16}{value}" for name, value in (*facts, *measured)]
    lines += ["", messages_heading(groups).capitalize()]
    lines += [f"  {one.level} {one.times}x  {one.text}  [{one.place}]" for one in groups]
    return "\n".join(lines) + "\n"


def write_report(records: Sequence[Record], folder: Path) -> Path:
    """Write the report of the latest night into the output of its reduction.

    Raises
    ------
    NightglassError
        If it cannot be written.
    """
    target = folder / REPORT_NAME
    try:
        write_text(target, night_html(records, folder))
    except OSError as error:
        raise translate(error, target) from error
    return target


_NOTHING = "No batch of this night is finished."


def _title(night: NightRecords) -> str:
    return " ".join(filter(None, ("Night", night.night, night.site)))


def _overview(night: NightRecords, cameras: Sequence[CameraRecords]) -> list[str]:
    if not cameras:
        return [paragraph(_NOTHING)]
    rows = [_row(camera, night) for camera in cameras]
    return [data_table(_COLUMNS, rows), heading("Pointing", 3), *_pointings(cameras)]


def _row(camera: CameraRecords, night: NightRecords) -> tuple[str, ...]:
    status = camera_status(camera, night, "")
    summary = summarize(camera, night)
    return (
        camera.camera,
        *(str(n) for n in (summary.received, summary.reduced, summary.missing, summary.failed)),
        batches_in_words(status.batches_done, status.batches_partial, status.batches_failed),
        f"{summary.solved}/{summary.solved + summary.unsolved}",
        figure(_median(summary.rms_px), 2),
        figure(_median(column(camera.reduced, "zero_point")), 2),
        figure(_median(column(camera.reduced, "ccdtemp")), 1),
        str(status.stars_fast),
        str(status.stars_slow),
        figure(status.frame_s, 2),
    )


def _median(values: Any) -> float:
    import numpy as np

    finite = np.asarray(values, np.float64)
    finite = finite[np.isfinite(finite)]
    return float(np.median(finite)) if len(finite) else float("nan")


def _pointings(cameras: Sequence[CameraRecords]) -> Iterator[str]:
    rows = []
    for camera in cameras:
        last: Record = camera.reduced[-1] if camera.reduced else {}
        solution = mapped(last, "astrometry")
        numbers = [
            number(solution, "pointing", name) for name in ("alt0", "az0", "th0", "x0", "y0")
        ]
        rows.append(
            (camera.camera, *(figure(value, 3) for value in numbers), str(count(solution, "order")))
        )
    yield data_table(_POINTINGS, rows)


def _camera_part(camera: CameraRecords, night: NightRecords, folder: Path | None) -> Iterator[str]:
    groups = grouped(camera_messages(camera))
    set_point_c = number(mapped(night.header, "config"), "ccd_set_point_c")
    yield heading(f"Camera {camera.camera}")
    yield facts_table(summarize(camera, night).facts())
    yield heading("Darks", 3)
    yield _darks(camera)
    yield heading("Seconds spent, per batch", 3)
    yield _seconds(camera)
    yield heading(messages_heading(groups).capitalize(), 3)
    yield messages_table(groups)
    yield picture(astrometry_picture(camera), f"Astrometry of {camera.camera}")
    yield picture(
        conditions_picture(camera, SET_POINT_C if math.isnan(set_point_c) else set_point_c),
        f"Conditions of {camera.camera}",
    )
    png = _light_curves(camera, folder)
    if png is not None:
        yield picture(png, f"Light curves of {camera.camera}")


def _darks(camera: CameraRecords) -> str:
    if not camera.calibrations:
        return paragraph("No dark, bias or flat was made in this night.")
    return data_table(
        _DARKS,
        [
            (
                str(one["unit"]), str(one.get("state", "")), str(one.get("file") or "-"),
                str(len(listed(one, "frames")) or count(one, "frames")),
                figure(number(one, "ccdtemp"), 1), figure(number(one, "level"), 0),
            )
            for one in camera.calibrations
        ],
        texts=3,
    )  # fmt: skip


def _seconds(camera: CameraRecords) -> str:
    stages = dict.fromkeys(name for one in camera.reduced for name in mapped(one, "seconds"))
    if not stages:
        return paragraph("Not recorded.")
    rows = []
    for stage in stages:
        spent = column(camera.reduced, "seconds", stage)
        rows.append((stage, figure(_median(spent), 2), figure(float(spent.max()), 2)))
    return data_table(("Stage", "Median", "Highest"), rows)


def _light_curves(camera: CameraRecords, folder: Path | None) -> bytes | None:
    if folder is None:
        return None
    try:
        return (folder / camera.name / f"{OVERVIEW_NAME}.png").read_bytes()
    except OSError:
        return None
