"""A snapshot as JSON: what `nightglass night status --json` prints."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from ...timing.sidereal import jd_from_unix
from ..finite import plain
from ..report.moments import iso

if TYPE_CHECKING:
    from .snapshot import CameraSeries, NightSnapshot


def snapshot_json(snapshot: NightSnapshot) -> dict[str, Any]:
    """Everything the window shows, in plain values; what is not known is None.

    The fields of the status are on top, so that who reads those alone finds them there.
    """
    return {
        **snapshot.status.to_json(),
        "output": str(snapshot.output),
        "as_of_utc": iso(jd_from_unix(snapshot.as_of_s)),
        "is_running": snapshot.is_running,
        "alarms": [asdict(alarm) for alarm in snapshot.alarms],
        "forecast": plain(asdict(snapshot.forecast)),
        "twilight": plain(asdict(snapshot.twilight)),
        "grid": {
            camera: [plain(vars(cell)) for cell in row] for camera, row in snapshot.grid.items()
        },
        "series": {camera: _series(one) for camera, one in snapshot.series.items()},
        "mails": plain(snapshot.mails),
        "request": plain(snapshot.request),
        "settings": plain(snapshot.settings),
    }


def _series(series: CameraSeries) -> dict[str, Any]:
    return {one.name: plain(getattr(series, one.name)) for one in fields(series)}
