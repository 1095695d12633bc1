"""Orders, the lock of the driver and what a journal says is done."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.night import control
from nightglass.core.mascara.night.ledger import Ledger
from nightglass.core.mascara.night.lock import DriverLock, is_driven

if TYPE_CHECKING:
    from pathlib import Path


def test_orders_wait_in_their_order(tmp_path: Path) -> None:
    control.give(tmp_path / "control", control.Order("mark", "a.fits"))
    control.give(tmp_path / "control", control.Order("stop"))
    found = [order for _, order in control.orders(tmp_path / "control")]
    assert found == [control.Order("mark", "a.fits"), control.Order("stop")]


def test_orders_given_in_the_same_moment_all_stay(tmp_path: Path) -> None:
    folder = tmp_path / "control"
    wanted = [control.Order("mark", f"{number}.fits") for number in range(24)]
    with ThreadPoolExecutor(8) as several:
        list(several.map(lambda order: control.give(folder, order), wanted))
    found = [order for _, order in control.orders(folder)]
    assert sorted(found, key=str) == sorted(wanted, key=str)


@pytest.mark.parametrize("content", ["", "[]", '{"what": "explode"}', "{", '{"subject": "x"}'])
def test_what_is_no_order_is_told_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "000001.json").write_text(content)
    assert [order for _, order in control.orders(tmp_path)] == [None]


def test_there_are_no_orders_without_a_folder(tmp_path: Path) -> None:
    assert control.orders(tmp_path / "absent") == []


def test_a_second_driver_is_refused_in_a_sentence(tmp_path: Path) -> None:
    lock = DriverLock(tmp_path / "driver.lock")
    assert is_driven(tmp_path / "driver.lock")
    with pytest.raises(NightglassError, match="being reduced already"):
        DriverLock(tmp_path / "driver.lock")
    lock.close()
    assert not is_driven(tmp_path / "driver.lock")
    DriverLock(tmp_path / "driver.lock").close()


def test_a_process_that_the_driver_started_does_not_hold_its_lock(tmp_path: Path) -> None:
    lock = DriverLock(tmp_path / "driver.lock")
    script = "import sys; sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE) as child:
        lock.close()
        assert not is_driven(tmp_path / "driver.lock")
        child.communicate()


def test_a_folder_without_a_lock_is_not_driven(tmp_path: Path) -> None:
    assert not is_driven(tmp_path / "driver.lock")


def unit(name: str, key: str, **more: object) -> dict[str, object]:
    return {"kind": "unit", "unit": name, "key": key, "state": "done", **more}


def test_only_the_record_of_the_present_inputs_counts_as_finished() -> None:
    ledger = Ledger([unit("LPC-1", "old"), unit("LPC-1", "new")])
    assert ledger.finished("LPC-1", "new") is not None
    assert ledger.finished("LPC-1", "old") is None
    assert ledger.finished("LPC-2", "new") is None


def test_a_retried_unit_is_not_finished_and_loses_its_suspects() -> None:
    ledger = Ledger([unit("LPC-1", "k")])
    ledger.take({"kind": "suspect", "unit": "LPC-1", "file": "a", "reason": "r"})
    ledger.take({"kind": "control", "what": "retry", "subject": "LPC-1"})
    assert ledger.newest("LPC-1") is None
    assert ledger.suspects == {}


def test_marks_are_kept_until_they_are_taken_back() -> None:
    ledger = Ledger([{"kind": "control", "what": "mark", "subject": "a"}])
    assert ledger.marked == {"a"}
    ledger.take({"kind": "control", "what": "unmark", "subject": "a"})
    assert ledger.marked == set()
