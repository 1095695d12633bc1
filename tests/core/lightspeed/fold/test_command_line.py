"""The line that gives the same fold without a window."""

from __future__ import annotations

import argparse
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from nightglass.core.cli import fold as command
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.fold.files.command_line import command_of, words_of
from nightglass.core.lightspeed.fold.settings import FoldSettings
from nightglass.core.timing.pulse.ranges import PhaseRange

from .pulsar import OTHER_PATH, PAR_PATH, emptied, folded, several

REGIONS = "# Region file format: DS9\nimage\ncircle(10,20,3) # text={the 'star'}\n-box(1,2,3,4)\n"
ODD = FoldSettings(
    n_bins=20, f0_hz=29.946923000000001, f1_hz_s=-3.7712345678901e-10, phase_offset=-0.1,
    timing_offset_s=-1.5e-7, stamp="end", row_delay=True, on=PhaseRange(1e-5, 1 / 3),
    off=PhaseRange(0.9, 0.1),
)  # fmt: skip


def parsed(line: str) -> argparse.Namespace:
    program, name, *words = shlex.split(line)
    assert (program, name) == ("nightglass", "fold")
    parser = argparse.ArgumentParser(allow_abbrev=False)
    command.add_arguments(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize("settings", [FoldSettings(), ODD])
def test_the_command_reads_the_very_same_settings(settings: FoldSettings) -> None:
    result = replace(folded().result, settings=settings)
    args = parsed(command_of(result, REGIONS))
    assert command.settings_of(args) == settings
    assert (args.capture, args.eph) == (str(result.path), [str(PAR_PATH)])
    assert (args.roi, args.background) == (REGIONS, None)


def test_text_of_regions_and_odd_names_survive_the_shell() -> None:
    result = folded(several()).result
    line = command_of(
        result, Path("/data/my regions.reg"), "-circle(1,2,3)", capture="/data/a night's crab",
        observatory="La Silla",
    )  # fmt: skip
    args = parsed(line)
    assert args.eph == [str(PAR_PATH), str(OTHER_PATH)]
    assert (args.roi, args.background) == ("/data/my regions.reg", "-circle(1,2,3)")
    assert args.capture == "/data/a night's crab"
    assert args.observatory == "La Silla"


def test_only_what_was_chosen_is_said() -> None:
    words = words_of(folded().result, "a.reg")
    assert words == (
        "nightglass", "fold", "/data/crab 1/crab_cube001.fits", "--eph", str(PAR_PATH),
        "--roi", "a.reg", "--bins", "32",
    )  # fmt: skip


def test_what_has_no_command_is_told() -> None:
    result = folded().result
    with pytest.raises(NightglassError, match="Nothing is folded"):
        command_of(emptied(result), "a.reg")
    with pytest.raises(NightglassError, match="not exact yet"):
        command_of(replace(result, is_preview=True), "a.reg")
    without = replace(result, folds=(replace(result.folds[0], par_path=None),))
    with pytest.raises(NightglassError, match="is not in a file"):
        command_of(without, "a.reg")
