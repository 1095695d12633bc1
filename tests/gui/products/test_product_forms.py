"""What the dialogs ask for, the words they make, and what they find wrong."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nightglass.core.cli.arguments import Parser
from nightglass.core.workbench.products import command_line
from nightglass.gui.controllers.products import COMMANDS
from nightglass.gui.products.checks import EXISTS, Fault, find_faults, paths_of
from nightglass.gui.products.forms import FORMS, IMAGE, LIGHT_CURVE, ONOFF

if TYPE_CHECKING:
    from nightglass.gui.products.form import Form

HERE = str(Path("/data/night"))


def filled(form: Form, **values: str) -> dict[str, str]:
    """Values of a form: its defaults, files for what it needs, and those named."""
    made = form.defaults() | {"--input": "/data/a.fits", "--output": "/data/b.fits"}
    needed = {"--roi": "/data/a.reg", "--src": "/data/a.reg", "--eph": "/data/a.par",
              "--range": "0.9:0.1,0.3:0.6"}  # fmt: skip
    for option, value in needed.items():
        if any(field.option == option and field.is_required for field in form.fields):
            made[option] = value
    return made | {f"--{name.replace('_', '-')}": value for name, value in values.items()}


def parser_of(form: Form) -> Parser:
    name = f"nightglass.core.cli.{form.key}"
    if find_spec(name) is None:
        pytest.skip(f"there is no command {form.key} yet")
    parser = Parser(prog=form.key)
    import_module(name).add_arguments(parser)
    return parser


def test_every_row_of_the_menu_has_its_form():
    assert tuple(FORMS) == COMMANDS


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_line_is_complete(form: Form):
    for field in form.fields:
        assert field.option.startswith("--")
        assert field.label
        assert field.tip
        assert not field.tip.endswith(".")
        assert bool(field.asked) == field.is_required
        assert field.asked == "" or field.asked.endswith(".")
    assert len({field.option for field in form.fields}) == len(form.fields)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_command_knows_every_option_of_its_form(form: Form):
    known = {name for action in parser_of(form)._actions for name in action.option_strings}
    assert {field.option for field in form.fields} <= known


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_command_takes_the_words_and_means_the_same(form: Form):
    parser = parser_of(form)
    plain = parser.parse_args(form.words(filled(form))[1:])
    assert (plain.input, plain.output, plain.clobber) == ("/data/a.fits", "/data/b.fits", False)
    required = {action.dest for action in parser._actions if action.required}
    asked = {field.option[2:].replace("-", "_") for field in form.fields if field.is_required}
    assert required <= asked
    for field in form.fields:
        if field.is_required and not field.choices:
            continue
        offered = [word for word, _ in field.choices] or [field.default]
        for word in offered:
            name = field.option[2:].replace("-", "_")
            args = parser.parse_args(form.words(filled(form) | {field.option: word})[1:])
            if field.kind == "choice" and field.choices:
                assert (getattr(args, name) or "") == word
            if field.kind == "flag":
                assert bool(getattr(args, name)) == bool(field.default)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_flags_are_switched(form: Form):
    parser = parser_of(form)
    for field in (one for one in form.fields if one.kind == "flag"):
        other = "" if field.default else "yes"
        args = parser.parse_args(form.words(filled(form) | {field.option: other})[1:])
        assert bool(getattr(args, field.option[2:].replace("-", "_"))) == bool(other)


def test_what_is_left_alone_is_left_out():
    words = IMAGE.words(filled(IMAGE))
    assert words == ("image", "--input", "/data/a.fits", "--output", "/data/b.fits")
    words = IMAGE.words(filled(IMAGE, qe="", mode="clip", smooth=" 1.5 ", clobber="yes"))
    assert words[5:] == ("--clobber", "--mode", "clip", "--no-qe", "--smooth", "1.5")


def test_a_value_that_looks_like_an_option_is_tied_to_its_own():
    assert "--timing-offset=-0.5" in IMAGE.words(filled(IMAGE, timing_offset="-0.5"))


def test_the_command_line_is_the_one_of_the_shell():
    line = command_line(ONOFF.words(filled(ONOFF, observatory="Magellan Clay")))
    assert line.startswith("nightglass onoff --input /data/a.fits --output /data/b.fits")
    assert "--range 0.9:0.1,0.3:0.6 --observatory 'Magellan Clay'" in line


def faults_of(form: Form, seen: dict[str, str], **values: str) -> dict[str, Fault]:
    return {fault.option: fault for fault in find_faults(form, filled(form, **values), seen)}


def test_a_filled_form_has_no_faults():
    assert faults_of(LIGHT_CURVE, {}) == {}
    assert faults_of(ONOFF, {}) == {}


def test_what_is_missing_is_asked_for():
    found = faults_of(LIGHT_CURVE, {}, input="", roi=" ", bins="")
    assert {option: fault.is_missing for option, fault in found.items()} == {
        "--input": True, "--roi": True, "--bins": True,
    }  # fmt: skip
    assert found["--roi"].text == "Choose a region file."


@pytest.mark.parametrize(
    ("option", "value", "text"),
    [
        ("bins", "12.5", "A whole number, please."),
        ("bins", "0", "At least 1."),
        ("bins", "1000000", "At most 100000."),
        ("gain", "nan", "This is not a number."),
        ("gain", "8,5", "This is not a number."),
        ("timing_offset", "1e400", "This is not a number."),
        ("bins", "9" * 5000, "A whole number, please."),
    ],
)
def test_numbers_are_checked(option: str, value: str, text: str):
    (fault,) = faults_of(LIGHT_CURVE, {}, **{option: value}).values()
    assert fault.text == text
    assert not fault.is_missing


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.2:0.4,0.3:0.6", "On 0.2:0.4 and off 0.3:0.6 overlap."),
        ("0.2-0.4,0.5:0.6", "'0.2-0.4' is not low:high."),
        ("0.2:1.4,0.5:0.6", "'0.2:1.4' does not lie between 0 and 1 turns."),
    ],
)
def test_phase_ranges_are_checked(value: str, text: str):
    (fault,) = faults_of(ONOFF, {}, range=value).values()
    assert fault.text == text


@pytest.mark.parametrize("value", ["0.2:0.4,", ",0.2:0.4"])
def test_one_side_of_the_phases_is_still_to_come(value: str):
    (fault,) = faults_of(ONOFF, {}, range=value).values()
    assert fault.is_missing


def test_files_are_told_by_what_is_there():
    seen = {"/data/a.fits": "absent", "/data/a.reg": "folder", "/data/b.fits": "file"}
    found = faults_of(LIGHT_CURVE, seen)
    assert found["--input"].text == "This file is not there."
    assert found["--roi"].text == "This is a folder; choose a file in it."
    assert found["--output"].text == EXISTS
    assert found["--output"].is_question
    assert "--output" not in faults_of(LIGHT_CURVE, seen, clobber="yes")
    folder = faults_of(LIGHT_CURVE, {"/data/b.fits": "folder"})
    assert folder["--output"].text == "This is a folder; name a file in it."
    gone = faults_of(LIGHT_CURVE, {"/data/b.fits": "absent", "/data": "absent"})
    assert gone["--output"].text == "Its folder is not there."


def test_a_home_folder_is_spelt_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", HERE)
    monkeypatch.setenv("USERPROFILE", HERE)
    values = filled(IMAGE, input="~/a.fits")
    assert str(Path(HERE, "a.fits")) in IMAGE.words(values)
    assert str(Path(HERE, "a.fits")) in paths_of(IMAGE, values)
    assert "/data" in paths_of(IMAGE, values)
