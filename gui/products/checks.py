"""What is wrong with the lines of a dialog, in plain words, while they are typed."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...core.errors import NightglassError
from .form import CLOBBER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...core.workbench.products import Seen
    from .form import Field, Form

EXISTS = "This file exists: tick “Replace existing file”, or choose another name."


class Fault(NamedTuple):
    """One thing that keeps the command from running.

    Attributes
    ----------
    option : str
        Line it belongs to.
    text : str
        A sentence.
    is_missing : bool
        Whether something has only not been given yet.
    is_question : bool
        Whether nothing is wrong and only the observer has to decide.
    """

    option: str
    text: str
    is_missing: bool = False
    is_question: bool = False


def find_faults(
    form: Form, values: Mapping[str, str], seen: Mapping[str, Seen]
) -> tuple[Fault, ...]:
    """Look through the lines of a form.

    Parameters
    ----------
    form : Form
    values : mapping
        From option to text.
    seen : mapping
        What is known of the files, by path; what is not known yet is not held against them.
    """
    found = (_fault(field, values, seen) for field in form.fields)
    return tuple(fault for fault in found if fault is not None)


def paths_of(form: Form, values: Mapping[str, str]) -> set[str]:
    """Paths of which it matters whether they exist."""
    found = set()
    for field in form.fields:
        path = path_of(field, values)
        if path:
            found.add(path)
            if field.kind == "save":
                found.add(str(Path(path).absolute().parent))
    return found


def path_of(field: Field, values: Mapping[str, str]) -> str:
    """The file a line names; "" for none, and for lines of another kind."""
    value = values.get(field.option, "").strip()
    return str(Path(value).expanduser()) if value and field.kind in ("open", "save") else ""


def _fault(field: Field, values: Mapping[str, str], seen: Mapping[str, Seen]) -> Fault | None:
    value = values.get(field.option, "").strip()
    if not value:
        return Fault(field.option, field.asked, True) if field.is_required else None
    if field.kind in ("number", "whole"):
        text = _number_fault(field, value)
    elif field.kind == "ranges":
        return _ranges_fault(field, value)
    elif field.kind == "open":
        text = _input_fault(seen.get(path_of(field, values)))
    elif field.kind == "save":
        text = _output_fault(path_of(field, values), bool(values.get(CLOBBER)), seen)
        return Fault(field.option, text, is_question=text == EXISTS) if text else None
    else:
        text = ""
    return Fault(field.option, text) if text else None


def _number_fault(field: Field, value: str) -> str:
    try:
        number = int(value) if field.kind == "whole" else float(value)
    except ValueError:
        return "A whole number, please." if field.kind == "whole" else "This is not a number."
    if not math.isfinite(number):
        return "This is not a number."
    if number < field.least:
        return f"At least {field.least:g}."
    return f"At most {field.most:g}." if number > field.most else ""


def _ranges_fault(field: Field, value: str) -> Fault | None:
    from ...core.lightspeed.image.ranges import PhaseRanges

    if value.startswith(",") or value.endswith(","):
        return Fault(field.option, field.asked, True)
    try:
        PhaseRanges.parse(value)
    except NightglassError as error:
        reason = error.text.partition("can not be used: ")[2] or error.text
        return Fault(field.option, reason[0].upper() + reason[1:])
    return None


def _input_fault(seen: Seen | None) -> str:
    if seen == "absent":
        return "This file is not there."
    return "This is a folder; choose a file in it." if seen == "folder" else ""


def _output_fault(path: str, replaces: bool, seen: Mapping[str, Seen]) -> str:
    kind = seen.get(path)
    if kind == "folder":
        return "This is a folder; name a file in it."
    if kind == "file" and not replaces:
        return EXISTS
    if seen.get(str(Path(path).absolute().parent)) in ("absent", "file"):
        return "Its folder is not there."
    return ""
