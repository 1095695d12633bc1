"""The session as a file: captures, view, regions, ephemeris and what was last measured.

Plain JSON. Keys that this version does not know are kept; a value that is not allowed is
refused with its place.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
)
from pydantic_core import PydanticSerializationError

from .. import atomic
from ..errors import NightglassError, translate
from ..picture.limits import Limits
from ..picture.stretch import Stretch
from .migrations import MINOR, VERSION, migrated
from .view import Layout, Stack

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".nightglass.json"
TITLE = "Could not open the session"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("it should be text")  # noqa: TRY004 - the file is at fault
    return value


# Names of files and words of region files may hold bytes that are no UTF-8; Python carries them
# as lone surrogates, which the usual check of a text refuses.
AnyText = Annotated[str, PlainValidator(_text)]


class Part(BaseModel):
    """Frozen, so that working threads may hold it; keeps what it does not know."""

    # A centre that nobody could find may be no number; JSON of Python writes and reads that.
    model_config = ConfigDict(
        defer_build=True, frozen=True, extra="allow", ser_json_inf_nan="constants"
    )


def _known_fields(kind: type) -> BeforeValidator:
    """What a newer version has added to a part of the view is passed over."""
    names = {field.name for field in fields(kind)}

    def keep(value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {name: part for name, part in value.items() if name in names}

    return BeforeValidator(keep)


class FileRecord(Part):
    """Where a file is: seen from the session's folder, where that is of use, and in full."""

    absolute: AnyText
    relative: AnyText | None = None


class CaptureRecord(Part):
    """One open capture, with what its files were like.

    Attributes
    ----------
    name : str
        For people.
    file : FileRecord
        The image, or the first cube.
    files : int
        How many there were; `size_bytes` is their sum, `modified_ns` the newest time.
    frame : int
        Frame seen last, from 0.
    """

    name: AnyText
    file: FileRecord
    files: int = 1
    size_bytes: int = 0
    modified_ns: int = 0
    frame: int = 0


class ViewRecord(Part):
    """As `View`, with captures by their place in the session; None for none."""

    capture: int | None = None
    other: int | None = None
    layout: Layout = "single"
    frame: int = 0
    live: bool = False
    limits: Annotated[Limits, _known_fields(Limits)] = Field(default_factory=Limits)
    limits_locked: bool = False
    stretch: Annotated[Stretch, _known_fields(Stretch)] = Field(default_factory=Stretch)
    colour_map: AnyText = "grey"
    inverted: bool = False
    contrast: float = 1.0
    bias: float = 0.5
    stack: Annotated[Stack, _known_fields(Stack)] = Field(default_factory=Stack)
    use_bias: bool = True
    use_dark: bool = True
    use_flat: bool = True
    show_saturation: bool = False
    play_range: tuple[int, int] | None = None


class CameraRecord(Part):
    """Where the view looks: 0-based image coordinates of its middle, screen pixels a pixel."""

    x: float
    y: float
    zoom: float = Field(gt=0)
    flip_x: bool = False
    flip_y: bool = False
    is_fitted: bool = False


class RegionRecord(Part):
    """As `RegionEntry`; a shape has its kind and its numbers."""

    kind: AnyText
    shape: dict[str, Any] | None = None
    include: bool = True
    background: bool = False
    properties: dict[AnyText, AnyText] = Field(default_factory=dict)
    tags: tuple[AnyText, ...] = ()
    system: AnyText = "image"
    line: int = 0
    raw: AnyText = ""
    piece: int | None = None


class RegionFileRecord(Part):
    """The region file as it was read, so that saving it later still changes only what changed.

    Attributes
    ----------
    regions : tuple of RegionRecord or None
        By piece; None where the region of the session that has this piece is still the same.
    """

    text: AnyText
    file: FileRecord | None = None
    regions: tuple[RegionRecord | None, ...] = ()


class EphemerisRecord(Part):
    """A par file; its text is kept, should it go away."""

    file: FileRecord
    text: AnyText | None = None


class SessionDocument(Part):
    """Everything an observer wants to find again.

    Attributes
    ----------
    version, minor : int
        See `migrations`.
    saved_at : datetime
        UTC.
    session : FileRecord or None
        In an autosave: the file the session belongs to.
    follow : FileRecord or None
        Folder that was followed.
    selection : tuple of int
        Places in `regions`.
    regions_saved : bool
        Whether nothing differed from what was saved or loaded last.
    region_path : FileRecord or None
        The region file they belong to.
    measure : dict
        What was filled into the dialogs of the commands: texts by option, by command.
    """

    format: Literal["nightglass session"] = "nightglass session"
    version: int = VERSION
    minor: int = MINOR
    saved_at: datetime
    session: FileRecord | None = None
    captures: tuple[CaptureRecord, ...] = ()
    follow: FileRecord | None = None
    view: ViewRecord = Field(default_factory=ViewRecord)
    camera: CameraRecord | None = None
    regions: tuple[RegionRecord, ...] = ()
    selection: tuple[int, ...] = ()
    regions_saved: bool = True
    region_path: FileRecord | None = None
    region_file: RegionFileRecord | None = None
    ephemeris: EphemerisRecord | None = None
    measure: dict[AnyText, dict[AnyText, AnyText]] = Field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nobody would miss it."""
        return not (self.captures or self.regions or self.follow)

    def keeping(self, before: SessionDocument) -> SessionDocument:
        """A copy with the keys of `before` that this version does not know."""
        known = {record.file.absolute: record.model_extra or {} for record in before.captures}
        captures = tuple(
            record.model_copy(update=known.get(record.file.absolute, {}))
            for record in self.captures
        )
        view = self.view.model_copy(update=before.view.model_extra or {})
        minor = max(self.minor, before.minor)
        kept = before.model_extra or {}
        return self.model_copy(update={**kept, "captures": captures, "view": view, "minor": minor})


def is_session(path: Path) -> bool:
    """Whether a file is called as sessions are."""
    return path.name.lower().endswith(SUFFIX)


def with_suffix(path: Path) -> Path:
    """The path, called as sessions are."""
    return path if is_session(path) else path.with_name(path.name.removesuffix(".json") + SUFFIX)


def session_name(path: Path) -> str:
    """Name of a session file, for people."""
    return path.name[: -len(SUFFIX)] if is_session(path) else path.name


def read_session(path: Path) -> SessionDocument:
    """Read a session file of this version or an older one.

    Raises
    ------
    NightglassError
        If it cannot be read, is no session, is damaged (line or place is named) or newer.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise translate(error, path) from error
    entries = migrated(_parsed(content, path), path)
    try:
        return SessionDocument.model_validate(entries)
    except ValidationError as error:
        raise refused(error, path) from error


def write_session(path: Path, document: SessionDocument) -> None:
    """Write a session file, whole or not at all.

    Raises
    ------
    NightglassError
        If it cannot be written.
    """
    try:
        atomic.write_text(path, _written(document) + "\n")
    except OSError as error:
        raise translate(error, path) from error


def _written(document: SessionDocument) -> str:
    try:
        return document.model_dump_json(indent=1)
    except PydanticSerializationError:
        # Lone surrogates: only Python's own writer takes them, ten times slower.
        return json.dumps(document.model_dump(), default=datetime.isoformat, indent=1)


def refused(error: ValidationError, path: Path, part: str = "") -> NightglassError:
    """Say what the first thing is that a session file, or a part of it, may not hold."""
    fault = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(word) for word in (part, *fault["loc"]) if word != "") or "the file"
    told = fault["msg"][:1].lower() + fault["msg"][1:]
    return NightglassError(
        TITLE,
        f"{path}: {place} is not as it should be ({told}).",
        "Correct it there, or open another session.",
        path,
    )


def _parsed(content: bytes, path: Path) -> dict[str, Any]:
    hint = "Open another session; a copy of this one may be kept elsewhere."
    try:
        entries = json.loads(content.decode())
    except json.JSONDecodeError as error:
        text = f"{path} is damaged in line {error.lineno}: {error.msg}."
        raise NightglassError(TITLE, text, hint, path) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise NightglassError(TITLE, f"{path} is not text of a session.", hint, path) from error
    if not isinstance(entries, dict):
        raise NightglassError(TITLE, f"{path} holds no session.", hint, path)
    return entries
