"""What the observer prefers: one validated model, kept in one file.

A bad entry in the file falls back alone; the rest of the file holds. Entries this version does
not know are kept. `NIGHTGLASS_<FIELD>` in the environment wins over the file for one run.
"""

from __future__ import annotations

import copy
import json
import os
import reprlib
from pathlib import Path  # noqa: TC003 - the model needs it at run time
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from . import atomic
from .errors import translate
from .paths import config_dir

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from .problems import ProblemList

SCHEMA_VERSION = 1
FILE_NAME = "settings.json"
ENVIRONMENT_PREFIX = "NIGHTGLASS_"

Theme = Literal["light", "dark", "red"]
StretchName = Literal["linear", "log", "sqrt", "squared", "asinh", "sinh", "power", "histogram"]
LimitsName = Literal["zscale", "minmax", "percentile", "manual"]

_Place = tuple[int | str, ...]


def _about(
    title: str,
    description: str = "",
    *,
    unit: str = "",
    group: str = "",
    hidden: bool = False,
    **bounds: Any,
) -> Any:
    """What the settings dialog shows of a field, and its bounds (ge, gt, le, min_length)."""
    extra: dict[str, Any] = {"unit": unit, "group": group, "hidden": hidden}
    return Field(title=title, description=description, json_schema_extra=extra, **bounds)


class _Part(BaseModel):
    """Frozen, so that working threads may hold it; keeps what it does not know."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)


class SiteEntry(_Part):
    """A place on Earth, in the ITRF (geocentric, towards Greenwich, 90 degrees east, north)."""

    itrf_x_m: Annotated[float, _about("X", "Towards the Greenwich meridian", unit="m")]
    itrf_y_m: Annotated[float, _about("Y", "Towards 90 degrees east", unit="m")]
    itrf_z_m: Annotated[float, _about("Z", "Towards the north pole", unit="m")]


class TimingConstant(_Part):
    """What is added to GPSSTART + TIMESTAMP to reach the middle of an exposure."""

    readout_fraction: Annotated[
        float, _about("Readout part", "This part of the readout time is added")
    ] = 0.5
    exposure_fraction: Annotated[
        float, _about("Exposure part", "This part of the exposure time is added")
    ] = 0.5
    offset_s: Annotated[float, _about("Offset", "A fixed time is added", unit="s")] = 0.0


class Settings(_Part):
    """All preferences. Frozen: `changed` gives a new one."""

    schema_version: Annotated[int, _about("Version", hidden=True, ge=1)] = SCHEMA_VERSION

    site: Annotated[
        str, _about("Site", "Where the camera stands", group="Observatory", min_length=1)
    ] = "Magellan Clay"
    sites: Annotated[
        dict[str, SiteEntry],
        _about("Own sites", "Sites added or corrected by you", group="Observatory"),
    ] = Field(default_factory=dict)

    adu_per_electron: Annotated[
        float,
        _about("Gain", "Counts for one electron", unit="ADU/e\u207b", group="Camera", gt=0),
    ] = 8.5
    use_header_gain: Annotated[
        bool,
        _about("Gain from header", "Take the header's gain when it is there", group="Camera"),
    ] = True
    adu_offset: Annotated[
        float, _about("Offset", "Counts without light", unit="ADU", group="Camera")
    ] = 199.5
    saturation_adu: Annotated[
        int,
        _about(
            "Saturation", "Counts from here on are marked", unit="ADU", group="Camera",
            ge=1, le=65535,
        ),
    ] = 60000  # fmt: skip
    read_noise_e: Annotated[
        float,
        _about(
            "Read noise", "Of one pixel in one frame; enters the errors of fluxes", unit="e\u207b",
            group="Camera", ge=0,
        ),
    ] = 0.3  # fmt: skip
    plate_scale_arcsec: Annotated[
        float,
        _about("Plate scale", "Sky across one pixel", unit="arcsec/pixel", group="Camera", gt=0),
    ] = 0.05
    timing_constant: Annotated[
        TimingConstant,
        _about("Timing constant", "From time stamp to middle of exposure", group="Timing"),
    ] = TimingConstant()

    data_folder: Annotated[
        Path | None, _about("Data folder", "Where “Open” and “Follow” begin", group="Folders")
    ] = None
    par_folder: Annotated[
        Path | None, _about("Par folder", "Where par files are chosen from", group="Folders")
    ] = None
    export_folder: Annotated[
        Path | None,
        _about("Export folder", "Where pictures and films are saved", group="Folders"),
    ] = None
    max_recent: Annotated[
        int,
        _about("Menu length", "How many captures the menu recalls", group="Folders", ge=0, le=100),
    ] = 10

    theme: Annotated[
        Theme, _about("Theme", "Red keeps your eyes used to the dark", group="Look")
    ] = "dark"
    stretch: Annotated[
        StretchName, _about("Stretch", "How counts become brightness", group="Look")
    ] = "linear"
    limits: Annotated[
        LimitsName, _about("Limits", "Which counts are black and white", group="Look")
    ] = "zscale"
    limits_percent: Annotated[
        float,
        _about("Percentile", "Part of the pixels between the limits", unit="%", group="Look",
               ge=50, le=100),
    ] = 99.5  # fmt: skip
    colour_map: Annotated[
        str, _about("Colour map", "Named as in DS9", group="Look", min_length=1)
    ] = "grey"

    keys: Annotated[dict[str, str], _about("Keys", "Shortcuts changed by you", group="Keys")] = (
        Field(default_factory=dict)
    )

    recent: Annotated[list[str], _about("Recent captures", hidden=True)] = Field(
        default_factory=list
    )
    recent_pars: Annotated[list[str], _about("Recent par files", hidden=True)] = Field(
        default_factory=list
    )
    recent_nights: Annotated[list[str], _about("Recent nights", hidden=True)] = Field(
        default_factory=list
    )
    window_geometry: Annotated[str, _about("Window place, base64", hidden=True)] = ""
    window_state: Annotated[str, _about("Dock places, base64", hidden=True)] = ""
    night_state: Annotated[
        str, _about("Dock places in the MASCARA workspace, base64", hidden=True)
    ] = ""
    hidden_plots: Annotated[
        list[str], _about("Plots of a night that are not wanted", hidden=True)
    ] = Field(default_factory=list)
    workspace: Annotated[
        Literal["lightspeed", "mascara"], _about("Workspace shown last", hidden=True)
    ] = "lightspeed"

    # Names of the fields that the environment set: these values must not get into the file.
    _from_environment: frozenset[str] = PrivateAttr(default_factory=frozenset)

    def changed(self, **values: object) -> Settings:
        """A copy with some fields replaced and validated.

        Raises
        ------
        pydantic.ValidationError
            If a value is not allowed.
        """
        return self._remade(values, self._from_environment - values.keys())

    def _remade(self, values: dict[str, Any], from_environment: frozenset[str]) -> Settings:
        fresh = type(self).model_validate({**vars(self), **(self.model_extra or {}), **values})
        fresh._from_environment = from_environment  # noqa: SLF001 - a copy of itself
        return fresh

    def overridden(self, name: str, text: str) -> Settings:
        """A copy with one field taken from text of the environment; never gets into the file.

        Raises
        ------
        ValueError
            If the text does not make an allowed value; tables are written as JSON.
        """
        is_table = isinstance(getattr(self, name), dict | list | BaseModel)
        value = json.loads(text) if is_table else text
        return self._remade({name: value}, self._from_environment | {name})

    def file_entries(self, before: dict[str, Any]) -> dict[str, Any]:
        """What belongs into the file, given the entries that it has now."""
        entries = self.model_dump(mode="json", exclude_defaults=True)
        entries["schema_version"] = self.schema_version
        for name in self._from_environment:
            entries.pop(name, None)
        kept = {name: before[name] for name in self._from_environment if name in before}
        return entries | kept


def settings_path() -> Path:
    """The file of the settings."""
    return config_dir() / FILE_NAME


def load_settings(problems: ProblemList) -> Settings:
    """Defaults, then the file, then the environment; trouble becomes warnings in `problems`.

    Never raises: what cannot be read or understood falls back to its default alone, and a
    file with such entries is copied to ``settings.json.bak`` first.
    """
    path = settings_path()
    settings = _from_entries(_read_file(path, problems), path, problems)
    return _with_environment(settings, problems)


def save_settings(settings: Settings) -> None:
    """Write what differs from the defaults; the file is whole or as it was.

    A field set by the environment keeps what the file says, unless it was changed since.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    path = settings_path()
    entries = settings.file_entries(_entries_on_disk(path))
    text = json.dumps(entries, indent=2, ensure_ascii=False, sort_keys=True)
    atomic.write_text(path, text + "\n")


def _entries_on_disk(path: Path) -> dict[str, Any]:
    try:
        return _parse(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}


def _parse(content: bytes) -> dict[str, Any]:
    entries = json.loads(content.decode())
    if not isinstance(entries, dict):
        raise ValueError("it holds no table of entries")  # noqa: TRY004 - the file is at fault
    return entries


def _read_file(path: Path, problems: ProblemList) -> dict[str, Any]:
    try:
        return _parse(path.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        told = translate(error, path)
        problems.note("warning", "The settings could not be read", told.text, told.hint, path)
    except (ValueError, RecursionError) as error:
        problems.note(
            "warning",
            "The settings could not be read",
            f"{path} is not valid JSON ({error}); the defaults are used.",
            _back_up(path),
            path,
        )
    return {}


def _from_entries(entries: dict[str, Any], path: Path, problems: ProblemList) -> Settings:
    """Validate; each entry that is not allowed is taken out, told, and the rest tried again."""
    hint = ""
    while True:
        try:
            return Settings.model_validate(entries)
        except ValidationError as error:
            hint = hint or _back_up(path)
            faults = error.errors(include_url=False, include_context=False)
        for fault in faults:
            _tell_fault(fault, path, hint, problems)
        entries = _without(entries, [fault["loc"] for fault in faults])


def _tell_fault(fault: ErrorDetails, path: Path, hint: str, problems: ProblemList) -> None:
    name = ".".join(str(word) for word in fault["loc"])
    problems.note(
        "warning",
        "A setting was not understood",
        f"{name} in {path}: {fault['msg']} (found {reprlib.repr(fault['input'])});"
        " this entry is ignored.",
        hint,
        path,
    )


def _without(entries: dict[str, Any], places: list[_Place]) -> dict[str, Any]:
    """A copy of `entries` without the smallest parts that hold `places`."""
    left = copy.deepcopy(entries)
    parts = dict.fromkeys(_smallest_part(left, place) for place in places)
    parts.pop((), None)
    # Backwards, so that taking out one item of a list does not move the others.
    for part in reversed(parts):
        inside_another = any(part[:depth] in parts for depth in range(1, len(part)))
        if not inside_another:
            _remove(left, part)
    return left if parts else {}


def _remove(entries: dict[str, Any], part: _Place) -> None:
    container: Any = entries
    for word in part[:-1]:
        container = container[word]
    del container[part[-1]]


def _smallest_part(entries: dict[str, Any], place: _Place) -> _Place:
    """The longest beginning of `place` that exists: a missing field blames its table."""
    node: Any = entries
    for depth, word in enumerate(place):
        is_there = word in node if isinstance(node, dict) else isinstance(node, list)
        if not is_there:
            return place[:depth]
        node = node[word]
    return place


def _back_up(path: Path) -> str:
    """Copy the file beside itself; returns the sentence that says so."""
    backup = path.with_name(path.name + ".bak")
    try:
        atomic.write_bytes(backup, path.read_bytes())
    except OSError as error:
        return f"It could not be copied to {backup} ({error.strerror})."
    return f"The file as it was is kept as {backup}."


def _with_environment(settings: Settings, problems: ProblemList) -> Settings:
    for name in Settings.model_fields:
        variable = ENVIRONMENT_PREFIX + name.upper()
        text = os.environ.get(variable, "")
        if not text:
            continue
        try:
            settings = settings.overridden(name, text)
        except ValueError as error:
            reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
            problems.note(
                "warning",
                "A setting was not understood",
                f"{variable}={text} in the environment: {reason}; it is ignored.",
                "Correct the variable or remove it.",
            )
    return settings
