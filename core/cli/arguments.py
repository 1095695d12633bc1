"""A parser of command lines that complains in one sentence."""

from __future__ import annotations

import argparse
import math
import re
from typing import NoReturn

COULD_NOT_RUN = 2
# What argparse says in a programmer's words, and what an observer says.
_PLAINER = (
    (r"^argument ", ""),
    (r"invalid int value: (.*)", r"\1 is not a whole number"),
    (r"invalid float value: (.*)", r"\1 is not a number"),
    (r"invalid choice: (.*) \(choose from (.*)\)", r"\1 is none of \2"),
    (r"^unrecognized arguments:", "not understood:"),
    (r"^the following arguments are required:", "missing:"),
)


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` without the page of usage in front of its complaint.

    Options must be spelt out: a shortened one would change its meaning when another is added.
    """

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **{"allow_abbrev": False, **options})  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """Complain and end the program."""
        for pattern, plain in _PLAINER:
            message = re.sub(pattern, plain, message)
        self.exit(COULD_NOT_RUN, f"nightglass: {message}; '{self.prog} --help' tells more.\n")


def seconds(text: str) -> float:
    """Read a duration in seconds: finite, not negative."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds")
    return value
