"""Frames handed over to a live reduction at the pace of the sky, and how it keeps up."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from mascara_measured import children_s, row
from nightglass.core.engine.journal import read_journal
from nightglass.core.mascara.night.layout import NightLayout
from nightglass.core.mascara.night.plan import CameraPlan, plan
from nightglass.core.mascara.raw.names import RawFolders
from nightglass.core.timing.sidereal import BATCH, SOLAR_SLOT_S

if TYPE_CHECKING:
    from pathlib import Path

WORKERS = 2


def live(raw: Path, folder: Path, pace: float) -> None:
    """Five cameras at the pace of the sky: the frames are linked into a folder one by one."""
    watched, output = folder / "live", folder / "products"
    watched.mkdir()
    cameras = plan(RawFolders([raw]).scan()).cameras
    link_all([raw / "catalogue.csv", *(
        file.path for camera in cameras for one in camera.sequences for file in one.files
    )], watched)  # fmt: skip
    before, loads = children_s(), [os.getloadavg()[0]]
    words = ["night", "reduce", str(watched), "--output", str(output), "--live"]
    with subprocess.Popen(
        [sys.executable, "-m", "nightglass", *words, "--workers", str(WORKERS)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as driver:
        wait_for(output, "dark", len(cameras))
        began = time.perf_counter()
        closed = hand_over(cameras, watched, pace)
        wait_for(output, "unit", sum(len(camera.batches) for camera in cameras))
        clock_s = time.perf_counter() - began
        subprocess.run([sys.executable, "-m", "nightglass", "night", "stop", str(output)],
                       check=True, stdout=subprocess.DEVNULL)  # fmt: skip
        driver.wait()
    cpu_s = children_s() - before
    loads.append(os.getloadavg()[0])
    tell_live(output, closed, pace, cpu_s, clock_s)
    print(f"   load of the machine at begin and end: {loads[0]:.1f}, {loads[1]:.1f}", flush=True)


def link_all(paths: list[Path], folder: Path) -> None:
    """Give files a second name in a folder."""
    for path in paths:
        (folder / path.name).hardlink_to(path)


def hand_over(cameras: tuple[CameraPlan, ...], watched: Path, pace: float) -> dict[str, float]:
    """Link the frames at their times; when the last one of each batch came, by unit."""
    files = sorted(
        (file.lstseq, batch.unit, file.path)
        for camera in cameras for batch in camera.batches for file in batch.files
    )  # fmt: skip
    began, closed = time.time(), {}
    for lstseq, unit_name, path in files:
        due = began + (lstseq - files[0][0]) * SOLAR_SLOT_S / pace
        time.sleep(max(0.0, due - time.time()))
        link_all([path], watched)
        closed[unit_name] = time.time()
    return closed


def records(output: Path, kind: str) -> list[dict[str, Any]]:
    """Lines of one kind in the journal."""
    return [
        record for record in read_journal(NightLayout(output).journal) if record["kind"] == kind
    ]


def wait_for(output: Path, kind: str, count: int) -> None:
    """Wait until so many units of a kind are done."""
    while len(records(output, kind)) < count:
        time.sleep(0.5)


def tell_live(
    output: Path, closed: dict[str, float], pace: float, cpu_s: float, clock_s: float
) -> None:
    """Lag and processor time of a live run."""
    batch_s = BATCH * SOLAR_SLOT_S / pace
    units = records(output, "unit")
    lag_s = max(record["at"] - closed[record["unit"]] for record in units)
    states = {record["state"] for record in units}
    slots = sum(record["received"] for record in units) / len(
        {record["camera"] for record in units}
    )
    share = cpu_s / (WORKERS * slots * SOLAR_SLOT_S)
    row(f"five cameras live at {pace:g} times the pace, lag", "1 batch",
        f"{lag_s / batch_s:.2f} batches, {lag_s:.0f} s ({', '.join(sorted(states))})",
        f"the sky {BATCH * SOLAR_SLOT_S:.0f} s; {len(units)} units in {clock_s:.0f} s")  # fmt: skip
    row("five cameras live, of two cores", "60 %", f"{share:.0%} at the pace of the sky",
        f"{cpu_s / len(units):.1f} s of a core a unit, all included")  # fmt: skip
