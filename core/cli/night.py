"""`nightglass night`: the reduction of a night, its orders and its reports."""

from __future__ import annotations

import json
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import NightglassError
from ..wording import counted
from . import night_compare, night_stars

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from ..mascara.night.request import NightRequest

NAME = "night"
HELP = "Reduce a night of the MASCARA cameras, watch it, and read what came of it."

_SAY_EVERY_S = 5.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare one word per verb, and its options."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verb")
    _add_run(verbs.add_parser("check", help="look whether a night can be reduced"), is_check=True)
    _add_run(verbs.add_parser("reduce", help="reduce raw frames to light curves"), is_check=False)
    for name, text in (
        ("stop", "end a running reduction; what is done stays done"),
        ("pause", "let a running reduction start nothing new"),
        ("resume", "let a paused reduction go on, or start one again that was stopped"),
        ("overview", "plot the stars between V 4.75 and 4.80"),
    ):
        _add_folder(verbs.add_parser(name, help=text))
    retry = _add_folder(verbs.add_parser("retry", help="make a unit again"))
    retry.add_argument("unit", metavar="UNIT", help="its name, such as LPC-00212021")
    mark = _add_folder(verbs.add_parser("mark", help="leave a frame out, or take it in again"))
    mark.add_argument("file", metavar="FILE", help="name of the raw frame or dark")
    mark.add_argument("quality", choices=("bad", "good"))
    status = _add_folder(verbs.add_parser("status", help="how a night stands"))
    status.add_argument("--json", action="store_true", help="everything, as JSON")
    report = _add_folder(verbs.add_parser("report", help="write or print the report of a night"))
    report.add_argument("--format", choices=("html", "text"), default="html")
    export = _add_folder(verbs.add_parser("export", help="write the products in another layout"))
    export.add_argument("--layout", choices=("LS",), required=True, help="LS: La Silla")
    verbs.add_parser("config", help="print all settings of a reduction, as a settings file")
    night_compare.add_verbs(verbs)
    night_stars.add_verbs(verbs)


def _add_folder(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("folder", metavar="DIR", type=Path, help="output folder of the night")
    return parser


def _add_run(parser: argparse.ArgumentParser, *, is_check: bool) -> None:
    parser.add_argument("raw", nargs="+", type=Path, metavar="RAW", help="folder of raw frames")
    parser.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="products go here"
    )
    parser.add_argument(
        "--camera", default="", metavar="C,E,...", help="letters or ids (default: all)"
    )
    parser.add_argument("--catalogue", type=Path, metavar="FILE", help="star catalogue")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings, see 'night config'")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes (default 2)")
    parser.add_argument("--live", action="store_true", help="the cameras still write")
    parser.add_argument(
        "--idle", type=float, default=1200.0, metavar="S",
        help="live: the night is over after this silence (default 1200)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print a JSON report")
    if not is_check:
        parser.add_argument("--resume", action="store_true", help="go on where a run ended")


def run(args: argparse.Namespace) -> int:
    """Do what the verb says."""
    return _VERBS[args.verb](args)


def _request(args: argparse.Namespace) -> NightRequest:
    from ..mascara.night.request import NightRequest, camera_words

    if args.workers < 1:
        raise NightglassError("No worker", "A reduction needs one worker at least.", "")
    return NightRequest(
        raw=tuple(args.raw),
        output=args.output,
        cameras=camera_words(args.camera),
        catalogue=args.catalogue,
        config=args.config,
        workers=args.workers,
        is_live=args.live,
        idle_s=args.idle,
        resume=getattr(args, "resume", True),
    )


def _check(args: argparse.Namespace) -> int:
    from ..mascara.night.check import check_night

    findings = check_night(_request(args))
    if args.json:
        print(json.dumps({"findings": [finding.as_json() for finding in findings]}))
    else:
        for finding in findings:
            print(finding)
    return 1 if any(finding.is_trouble for finding in findings) else 0


def _reduce(args: argparse.Namespace) -> int:
    return _drive(_request(args), as_json=args.json)


def _drive(request: NightRequest, *, as_json: bool) -> int:
    from ..mascara.night.request import start

    driver = start(request, _Teller().tell)
    with _signals_to(driver.stop):
        state = driver.reduce()
    return _summed_up(request, state, as_json=as_json)


@contextmanager
def _signals_to(stop: Callable[[], None]) -> Iterator[None]:
    """Let a signal end the run after what it is at, instead of amid it."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: stop()) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _summed_up(request: NightRequest, state: str, *, as_json: bool) -> int:
    """Say how it ended; trouble is an error in the messages, or a night without light curves."""
    from ..mascara.night.verbs import status_of

    status = status_of(request.output)
    if as_json:
        print(json.dumps(status.to_json()))
    reduced = sum(camera.reduced for camera in status.cameras)
    stars = sum(camera.stars_fast for camera in status.cameras)
    errors = sum(group.times for group in status.messages if group.level == "ERROR")
    words = f"{counted(reduced, 'frame')} reduced, {counted(stars, 'light curve')}"
    trouble = f", {counted(errors, 'error')} ('night status' tells)" if errors else ""
    print(f"nightglass: {state}: {words}{trouble}", file=sys.stderr)
    if not status.cameras:
        print(f"nightglass: no raw frame{_where(request)}", file=sys.stderr)
    return 0 if state == "finished" and reduced and not errors else 1


def _where(request: NightRequest) -> str:
    cameras = f" of {', '.join(request.cameras)}" if request.cameras else ""
    return f"{cameras} in {', '.join(str(folder) for folder in request.raw)}"


class _Teller:
    """Says on standard error what was done, and every few seconds how it goes."""

    def __init__(self) -> None:
        self._frames = 0
        self._start = self._said = time.monotonic()

    def tell(self, record: dict[str, Any]) -> None:
        """Hear one journal record."""
        if record["kind"] == "unit":
            self._frames += record["reduced"]
        for warning in (*record.get("warnings", ()), *record.get("problems", ())):
            self._say(f"{record['unit']}: {warning}")
        if record["kind"] == "beat" and time.monotonic() - self._said >= _SAY_EVERY_S:
            self._say(self._progress(record))

    def _progress(self, beat: dict[str, Any]) -> str:
        queued = sum(camera["queued_frames"] for camera in beat["cameras"].values())
        rate = self._frames / max(time.monotonic() - self._start, 1e-3)
        lag_s = max((camera["lag_s"] for camera in beat["cameras"].values()), default=0.0)
        words = f"{counted(self._frames, 'frame')} reduced, {rate:.1f} a second, {queued:,} waiting"
        left = f", {queued / rate / 60:.0f} min left" if rate > 0 and queued else ""
        return f"{words}, lag {lag_s:.0f} s{left}"

    def _say(self, words: str) -> None:
        self._said = time.monotonic()
        print(f"nightglass: {words}", file=sys.stderr, flush=True)


def _order(args: argparse.Namespace) -> int:
    from ..mascara.night import verbs

    print(f"nightglass: {verbs.order(args.folder, args.verb)}", file=sys.stderr)
    return 0


def _resume(args: argparse.Namespace) -> int:
    from ..mascara.night import verbs
    from ..mascara.night.request import last_request

    if verbs.is_running(args.folder):
        return _order(args)
    return _drive(last_request(args.folder), as_json=False)


def _retry(args: argparse.Namespace) -> int:
    from ..mascara.night import verbs

    print(f"nightglass: {verbs.retry(args.folder, args.unit)}", file=sys.stderr)
    return 0


def _mark(args: argparse.Namespace) -> int:
    from ..mascara.night import verbs

    words = verbs.mark(args.folder, Path(args.file).name, is_bad=args.quality == "bad")
    print(f"nightglass: {words}", file=sys.stderr)
    return 0


def _status(args: argparse.Namespace) -> int:
    from ..mascara.night import verbs

    if args.json:
        from ..mascara.watching.snapshot_json import snapshot_json

        print(json.dumps(snapshot_json(verbs.snapshot_of(args.folder))))
    else:
        print(verbs.status_of(args.folder).to_text())
    return 0


def _report(args: argparse.Namespace) -> int:
    from ..mascara.night import verbs

    if args.format == "text":
        print(verbs.report_text(args.folder))
    else:
        print(verbs.write_report(args.folder))
    return 0


def _overview(args: argparse.Namespace) -> int:
    from ..mascara.night import verbs

    for path in verbs.write_overviews(args.folder):
        print(path)
    return 0


def _export(args: argparse.Namespace) -> int:
    from ..mascara.night import verbs

    for path in verbs.export(args.folder):
        print(path)
    return 0


def _config(_: argparse.Namespace) -> int:
    from ..mascara.settings import ReductionSettings

    print(ReductionSettings().model_dump_json(indent=2))
    return 0


_VERBS: dict[str, Callable[[argparse.Namespace], int]] = {
    "check": _check,
    "reduce": _reduce,
    "stop": _order,
    "pause": _order,
    "resume": _resume,
    "retry": _retry,
    "mark": _mark,
    "status": _status,
    "report": _report,
    "overview": _overview,
    "export": _export,
    "config": _config,
    **night_compare.VERBS,
    **night_stars.VERBS,
}
