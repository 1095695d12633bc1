"""Verbs of `nightglass night`: nights side by side, and the report as a mail."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


def add_verbs(verbs: Any) -> None:
    """Declare both verbs.

    Parameters
    ----------
    verbs : argparse action
        Of `add_subparsers`.
    """
    compare = verbs.add_parser("compare", help="figures and stars of nights side by side")
    compare.add_argument("folder", metavar="DIR", type=Path, help="output folder of a night")
    compare.add_argument(
        "others", metavar="OTHER", type=Path, nargs="+", help="nights to compare with it"
    )
    compare.add_argument("--json", action="store_true", help="print a JSON report")
    mail = verbs.add_parser("mail", help="send the report of a night, see NIGHTGLASS_SMTP_HOST")
    mail.add_argument("folder", metavar="DIR", type=Path, help="output folder of the night")
    mail.add_argument("--json", action="store_true", help="print a JSON report")


def _compare(args: argparse.Namespace) -> int:
    from ..engine.jobs import JobContext
    from ..mascara.browsing.compare import compare_nights
    from ..mascara.browsing.compare_tables import to_text
    from .printing import printable

    comparison = compare_nights((args.folder, *args.others), JobContext())
    if args.json:
        print(json.dumps(comparison.to_json()))
    else:
        print(printable(to_text(comparison)), end="")
    return 0


def _mail(args: argparse.Namespace) -> int:
    from dataclasses import asdict

    from ..mascara.night.mailing import in_words, mail_report

    delivery = mail_report(args.folder)
    if args.json:
        print(json.dumps(asdict(delivery)))
    print(f"nightglass: {in_words(delivery)}", file=sys.stderr)
    return 0 if delivery.sent else 1


VERBS: dict[str, Callable[[argparse.Namespace], int]] = {"compare": _compare, "mail": _mail}
