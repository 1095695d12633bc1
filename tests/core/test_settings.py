"""The settings survive whatever stands in their file."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from nightglass.core import settings as module
from nightglass.core.problems import ProblemList
from nightglass.core.settings import (
    Settings,
    SiteEntry,
    TimingConstant,
    load_settings,
    save_settings,
    settings_path,
)
from pydantic import ValidationError

if TYPE_CHECKING:
    from pathlib import Path

CLAY = {"itrf_x_m": 1845655.5, "itrf_y_m": -5270856.3, "itrf_z_m": -3075330.8}


def write(content: object) -> Path:
    path = settings_path()
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")
    return path


def on_disk() -> dict[str, Any]:
    return dict(json.loads(settings_path().read_text(encoding="utf-8")))


def test_without_a_file_the_defaults_hold_and_nothing_is_said(problems: ProblemList) -> None:
    loaded = load_settings(problems)
    assert loaded == Settings()
    assert loaded.adu_per_electron == 8.5
    assert loaded.timing_constant == TimingConstant(
        readout_fraction=0.5, exposure_fraction=0.5, offset_s=0.0
    )
    assert problems.entries() == ()
    assert not settings_path().exists()


def test_saved_settings_come_back_equal(problems: ProblemList, tmp_path: Path) -> None:
    saved = Settings(
        site="Home",
        sites={"Home": SiteEntry(**CLAY)},
        adu_per_electron=8.65,
        data_folder=tmp_path,
        keys={"frame.next": "Ctrl+N"},
        recent=["/a", "/b"],
        window_state="AAAA",
        timing_constant=TimingConstant(offset_s=1e-4),
    )
    save_settings(saved)
    assert load_settings(problems) == saved
    assert problems.entries() == ()


def test_only_what_differs_from_the_defaults_is_written() -> None:
    save_settings(Settings(theme="red"))
    assert on_disk() == {"schema_version": 1, "theme": "red"}


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("adu_per_electron", -3),
        ("adu_per_electron", "many"),
        ("adu_offset", float("nan")),
        ("saturation_adu", 70000),
        ("theme", "pink"),
        ("use_header_gain", "perhaps"),
        ("site", ""),
        ("data_folder", 12),
        ("recent", "one"),
        ("keys", ["a"]),
        ("sites", None),
        ("timing_constant", 0.5),
        ("schema_version", 0),
    ],
)
def test_a_bad_entry_falls_back_alone(
    entry: str, value: object, problems: ProblemList, expected_log: object
) -> None:
    path = write({entry: value, "colour_map": "heat"})
    before = path.read_bytes()
    loaded = load_settings(problems)
    assert getattr(loaded, entry) == getattr(Settings(), entry)
    assert loaded.colour_map == "heat"
    (told,) = problems.entries()
    assert told.severity == "warning"
    assert told.text.startswith(f"{entry} in {path}")
    assert told.path == str(path)
    assert path.with_name("settings.json.bak").read_bytes() == before
    assert path.read_bytes() == before


def test_the_smallest_bad_part_is_left_out(problems: ProblemList, expected_log: object) -> None:
    write(
        {
            "sites": {"bad": {"itrf_x_m": 1}, "good": CLAY, "worse": 3},
            "timing_constant": {"offset_s": "late", "exposure_fraction": 0.25},
            "recent": ["a", 4, "b", None, "c"],
            "keys": {"one": "1", "two": 2},
        }
    )
    loaded = load_settings(problems)
    assert loaded.sites == {"good": SiteEntry(**CLAY)}
    assert loaded.timing_constant == TimingConstant(exposure_fraction=0.25)
    assert loaded.recent == ["a", "b", "c"]
    assert loaded.keys == {"one": "1"}


def test_unknown_entries_are_kept(problems: ProblemList) -> None:
    write({"of_tomorrow": {"a": [1, 2]}, "sites": {"x": {**CLAY, "note": "hill"}}})
    save_settings(load_settings(problems).changed(theme="light"))
    assert on_disk() == {
        "schema_version": 1,
        "of_tomorrow": {"a": [1, 2]},
        "sites": {"x": {**CLAY, "note": "hill"}},
        "theme": "light",
    }
    assert problems.entries() == ()


@pytest.mark.parametrize(
    "content", ["", "{", "[1]", "null", '"text"', "\x00", "[" * 100_000, '{"theme": "red"'],
    ids=["empty", "open", "list", "null", "text", "zero", "deep", "cut"],
)  # fmt: skip
def test_an_unreadable_file_gives_defaults_a_message_and_a_backup(
    content: str, problems: ProblemList, expected_log: object
) -> None:
    path = write(content)
    assert load_settings(problems) == Settings()
    (told,) = problems.entries()
    assert (told.severity, told.title) == ("warning", "The settings could not be read")
    assert str(path) in told.text
    assert path.with_name("settings.json.bak").read_text() == content


def test_bytes_that_are_no_text_give_defaults(problems: ProblemList, expected_log: object) -> None:
    settings_path().write_bytes(b"\xff\xfe\x00{")
    assert load_settings(problems) == Settings()
    assert len(problems.entries()) == 1


def test_a_folder_in_place_of_the_file_gives_defaults_and_a_message(
    problems: ProblemList, expected_log: object
) -> None:
    settings_path().mkdir()
    assert load_settings(problems) == Settings()
    (told,) = problems.entries()
    assert "is a folder" in told.text


def test_a_backup_that_cannot_be_made_is_told(
    problems: ProblemList, expected_log: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    write("{")
    monkeypatch.setattr(module.atomic, "write_bytes", full)
    assert load_settings(problems) == Settings()
    assert "could not be copied" in problems.entries()[0].hint


def test_the_environment_wins_and_does_not_get_into_the_file(
    problems: ProblemList, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"theme": "light"})
    monkeypatch.setenv("NIGHTGLASS_THEME", "red")
    monkeypatch.setenv("NIGHTGLASS_ADU_PER_ELECTRON", "9.35")
    monkeypatch.setenv("NIGHTGLASS_SITES", json.dumps({"x": CLAY}))
    loaded = load_settings(problems)
    assert (loaded.theme, loaded.adu_per_electron) == ("red", 9.35)
    assert loaded.sites == {"x": SiteEntry(**CLAY)}
    save_settings(loaded.changed(colour_map="heat"))
    assert on_disk() == {"schema_version": 1, "theme": "light", "colour_map": "heat"}


def test_a_field_changed_by_the_observer_is_saved_although_the_environment_set_it(
    problems: ProblemList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIGHTGLASS_THEME", "red")
    save_settings(load_settings(problems).changed(theme="light"))
    assert on_disk()["theme"] == "light"


@pytest.mark.parametrize(
    ("variable", "text"), [("THEME", "pink"), ("SITES", "{"), ("SATURATION_ADU", "lots")]
)
def test_a_bad_variable_is_told_and_ignored(
    variable: str,
    text: str,
    problems: ProblemList,
    monkeypatch: pytest.MonkeyPatch,
    expected_log: object,
) -> None:
    monkeypatch.setenv(f"NIGHTGLASS_{variable}", text)
    assert load_settings(problems) == Settings()
    (told,) = problems.entries()
    assert f"NIGHTGLASS_{variable}={text}" in told.text


def test_a_change_is_validated_and_leaves_the_original_alone() -> None:
    before = Settings()
    assert before.changed(theme="light").theme == "light"
    assert before.theme == "dark"
    with pytest.raises(ValidationError):
        before.changed(adu_per_electron=0)
    with pytest.raises(ValidationError):
        before.theme = "red"


def test_every_field_says_what_it_is_for_the_dialog() -> None:
    for name, field in Settings.model_fields.items():
        assert field.title, name
        extra = field.json_schema_extra
        assert isinstance(extra, dict)
        assert set(extra) == {"unit", "group", "hidden"}
        assert extra["hidden"] or (extra["group"] and field.description), name


@pytest.mark.skipif(os.name == "nt", reason="file modes of POSIX")
def test_the_saved_file_has_the_mode_of_an_ordinary_file() -> None:
    save_settings(Settings())
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(settings_path().stat().st_mode) == 0o666 & ~mask


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = st.sampled_from([*Settings.model_fields, "unknown"])


@hypothesis_settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(entries=st.dictionaries(FIELDS, ANYTHING, max_size=6))
def test_no_content_of_the_file_stops_the_start(
    entries: dict[str, object], expected_log: object
) -> None:
    write(entries)
    problems = ProblemList()
    loaded = load_settings(problems)
    faults = {problem.text.split(" in ")[0].split(".")[0] for problem in problems.entries()}
    for name in set(entries) - faults - {"unknown"}:
        expected = Settings.model_validate({name: entries[name]})
        assert getattr(loaded, name) == getattr(expected, name)
    save_settings(loaded)
    again = ProblemList()
    assert load_settings(again) == loaded
    assert again.entries() == ()
