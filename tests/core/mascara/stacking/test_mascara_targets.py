"""Lists of targets in all the forms they are kept in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.stacking.targets import read_targets

if TYPE_CHECKING:
    from pathlib import Path


def listed(folder: Path, text: str) -> dict[str, tuple[int, ...]]:
    path = folder / "targets.dat"
    path.write_text(text, encoding="utf-8")
    return read_targets(path)


@pytest.mark.parametrize(
    "text",
    [
        "hot: 11, 22, 33\ncool: 44\n",
        "# targets\nhot: 11,22,\n  33   # the last one\n\ncool : 44",
        "hot: [11, 22, 33]\ncool: [44]\n",
        "hot:\n  - 11\n  - 22\n  - '33'\ncool:\n- 44\n",
        "hot: 11 22 33 22\ncool: 44\n",
    ],
)
def test_all_forms_tell_the_same(tmp_path: Path, text: str) -> None:
    assert listed(tmp_path, text) == {"hot": (11, 22, 33), "cool": (44,)}


def test_an_empty_list_has_no_groups(tmp_path: Path) -> None:
    assert listed(tmp_path, "# nothing\n") == {}
    assert listed(tmp_path, "hot:\n") == {"hot": ()}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("11, 22\n", "line 1 is neither"),
        ("hot: 11\nHD 189733\n", "line 2 is neither"),
        ("hot: -11\n", "line 1 is neither"),
        ("hot: 11\nhot: 12\n", "line 2 begins the group hot again"),
    ],
)
def test_what_is_no_list_is_named(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(NightglassError, match=reason):
        listed(tmp_path, text)


def test_a_file_that_is_absent_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="is not there"):
        read_targets(tmp_path / "targets.dat")
    (tmp_path / "targets.dat").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(NightglassError, match="not a text"):
        read_targets(tmp_path / "targets.dat")


def test_the_list_of_the_station_is_read(shared: Path) -> None:
    groups = read_targets(shared / "data/mascara/targets.dat")
    assert list(groups) == ["bpic"]
    assert len(groups["bpic"]) == 23
    assert groups["bpic"][0] == 2110269
