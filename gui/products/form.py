"""What a dialog asks for one command, as data; and the words of the command line it makes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["open", "save", "number", "whole", "choice", "flag", "ranges"]

FILES, MEASUREMENT, CALIBRATION, MORE = "Files", "Measurement", "Calibration", "More options"
YES = "yes"
OUTPUT, CLOBBER, INPUT = "--output", "--clobber", "--input"


@dataclass(frozen=True)
class Field:
    """One line of a dialog.

    Values are texts as on a command line: "" is not given, a flag is "yes" or "".

    Parameters
    ----------
    option : str
        Of the command line.
    label : str
        In front of the line.
    kind : str
        "open" and "save" are files, "ranges" the on and off phases.
    tip : str
        What it does, as a phrase.
    group : str
        Heading it stands under.
    unit : str
        Behind a number.
    default : str
        What holds at first. A flag whose default is "yes" is written as ``--no-...`` when off.
    empty : str
        What holds when nothing is given, shown in the empty line.
    choices : tuple of tuple of str
        Word of the command line and its label.
    files : str
        Filter of the file dialog.
    is_required : bool
        Whether the command cannot do without.
    least, most : float
        Bounds of a number, both allowed.
    hint : str
        A muted line below.
    asked : str
        What is asked for while a required line is empty, as a sentence.
    """

    option: str
    label: str
    kind: Kind
    tip: str
    group: str = MEASUREMENT
    unit: str = ""
    default: str = ""
    empty: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    files: str = ""
    is_required: bool = False
    least: float = float("-inf")
    most: float = float("inf")
    hint: str = ""
    asked: str = ""


@dataclass(frozen=True)
class Form:
    """The dialog of one command.

    Parameters
    ----------
    key : str
        Name of the command; also the end of the output's name.
    title : str
        Of the dialog.
    about : str
        What comes out, as a sentence.
    fields : tuple of Field
    product : str
        "image" or "table".
    """

    key: str
    title: str
    about: str
    fields: tuple[Field, ...]
    product: Literal["image", "table"]

    @property
    def groups(self) -> tuple[str, ...]:
        """Headings, in order."""
        return tuple(dict.fromkeys(field.group for field in self.fields))

    def field(self, option: str) -> Field:
        """Line of that option."""
        return next(field for field in self.fields if field.option == option)

    def defaults(self) -> dict[str, str]:
        """What holds at first."""
        return {field.option: field.default for field in self.fields}

    def words(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """Command and options; what is left at its default is left out."""
        made = [self.key]
        for field in self.fields:
            made += _words(field, values.get(field.option, field.default).strip())
        return tuple(made)


def _words(field: Field, value: str) -> list[str]:
    if field.kind == "flag":
        if value == field.default:
            return []
        return [field.option if value else f"--no-{field.option.removeprefix('--')}"]
    if not value or (field.kind == "choice" and value == field.default):
        return []
    if field.kind in ("open", "save"):
        value = str(Path(value).expanduser())
    # A value that looks like an option is tied to its own.
    return [f"{field.option}={value}"] if value.startswith("-") else [field.option, value]
