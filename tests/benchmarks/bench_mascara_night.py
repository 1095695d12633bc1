"""A frame, a batch and a night of full-size frames, and the simulator that makes them.

Run as ``python tests/benchmarks/bench_mascara_night.py FOLDER [PART ...] [--pace P]``. Parts:
simulator, frame, verify, batch, live; all without. FOLDER keeps the raw frames of five cameras,
two batches each (12 GB; made when they are not there, which takes some minutes).

The bars of one core are for processor time, beside which the time on the clock is told: on a busy
machine that is longer. Live, the frames are handed over at P times the pace of the sky, one
camera's like the other's; a unit late by one batch is late by its 319 s divided by P.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from mascara_live import live
from mascara_measured import anonymous_kb, children_s, row, spent, told
from mascara_per_star import measure_one
from nightglass.core.engine import JobContext
from nightglass.core.mascara.astrometry.solve import verify
from nightglass.core.mascara.calibration.masters import make_master, write_master
from nightglass.core.mascara.night.batch_request import BatchRequest, Stopwatch
from nightglass.core.mascara.night.batch_unit import reduce_batch
from nightglass.core.mascara.night.exposures import Exposures
from nightglass.core.mascara.night.fast import FastPhotometry
from nightglass.core.mascara.night.following import Following
from nightglass.core.mascara.night.layout import NightLayout
from nightglass.core.mascara.night.plan import CameraPlan, plan
from nightglass.core.mascara.night.request import NightRequest, prepared_catalogue
from nightglass.core.mascara.night.sky_of_batch import BatchSky, pixels_on_chip
from nightglass.core.mascara.night.slow import BinnedImage
from nightglass.core.mascara.night.solving import astrometry_settings, axis_of, solve
from nightglass.core.mascara.raw.names import RawFolders
from nightglass.core.mascara.settings import ReductionSettings
from nightglass.core.simulate.mascara.night import simulate_night
from nightglass.core.simulate.mascara.settings import NightSettings
from nightglass.core.timing.sidereal import BATCH, SOLAR_SLOT_S

PARTS = ("simulator", "frame", "verify", "batch", "live")
START, FRAMES, DARKS, CAMERAS = "10548700", 2 * BATCH, 12, "NESWC"
STARS_FAST, STARS_SLOW, FAINTEST_VMAG = 6_500, 25_000, 10.2
SAMPLE = 650


def settings_of(cameras: str, frames: int) -> NightSettings:
    """A moonless night at La Palma."""
    return NightSettings(
        site="LaPalma", cameras=tuple(cameras), start=START, frames=frames, darks=DARKS,
        biases=0, flats=0, faintest_vmag=FAINTEST_VMAG,
    )  # fmt: skip


def raw_of(folder: Path) -> Path:
    """The raw frames, made when they are not there."""
    raw = folder / "raw"
    if not raw.exists():
        print(f"making {len(CAMERAS) * (FRAMES + DARKS)} frames in {raw}", flush=True)
        simulate_night(settings_of(CAMERAS, FRAMES), raw)
    return raw


def simulator() -> None:
    """Frames a second that the simulator writes."""
    with tempfile.TemporaryDirectory() as name:
        settings = replace(settings_of("C", 24), darks=0)
        reports = []
        cpu_s, _ = spent(lambda: reports.append(simulate_night(settings, Path(name) / "raw")))
    files = len(reports[0].files)
    row("simulator, full-size frames", ">= 1.5 /s", f"{reports[0].frames_per_s:.2f} /s by the "
        f"clock, {cpu_s / files:.2f} s of a core each")  # fmt: skip


class OneBatch:
    """The first batch of the camera in the zenith, all a unit needs, and limits for the stars.

    Parameters
    ----------
    raw, folder : Path
        Raw frames; where products go.
    """

    def __init__(self, raw: Path, folder: Path) -> None:
        found = plan(RawFolders([raw]).scan())
        camera = next(one for one in found.cameras if one.camera == "LPC")
        request = NightRequest((raw,), folder)
        rules = ReductionSettings(slow_limit_vmag=11.0)
        catalogue, _ = prepared_catalogue(request, rules, NightLayout(folder))
        self.job = request_of(camera, folder, catalogue, _dark_of(camera, folder), rules)
        self.exposures = Exposures(self.job, JobContext(), Stopwatch())
        sky = BatchSky.near(self.job, axis_of(self.job))
        solution = solve(self.job, sky, self.exposures)
        assert solution is not None
        self.solution, self.near = solution, sky
        self.job = self._with_limits(rules)

    def _with_limits(self, rules: ReductionSettings) -> BatchRequest:
        """Let as many stars be measured as the bars are for."""
        shape = self.first().image.shape
        vectors = self.near.vectors(self.job.middle_jd)
        chip = pixels_on_chip(self.solution.model, vectors, shape, rules.edge_px)
        vmag = np.sort(self.near.stars.vmag[chip.on_chip])
        fast, slow = (float(vmag[min(n, vmag.size) - 1]) for n in (STARS_FAST, STARS_SLOW))
        limits = rules.model_copy(update={"fast_limit_vmag": fast, "slow_limit_vmag": slow})
        return replace(
            self.job, settings=limits.model_dump(mode="json"),
            model=self.solution.model.as_json(), first_model=self.solution.model.as_json(),
        )  # fmt: skip

    def first(self) -> Any:
        """The frame in the middle, dark taken off."""
        return next(self.exposures.from_the_middle())

    def sky(self) -> BatchSky:
        """Stars on the chip."""
        near = BatchSky(self.job, self.near.stars)
        shape, rules = self.first().image.shape, self.job.rules
        on_chip = near.touching(self.solution.model, shape, rules.edge_px)
        return on_chip.select(on_chip.stars.vmag <= rules.slow_limit_vmag)


def request_of(
    camera: CameraPlan, folder: Path, catalogue: Path, dark: Path, rules: ReductionSettings
) -> BatchRequest:
    """What the process of the first batch is told."""
    batch = camera.batches[0]
    return BatchRequest(
        unit=batch.unit, camera=batch.camera, night=batch.night, number=batch.number,
        folder=str(folder / f"{batch.night}{batch.camera}"),
        files=tuple(str(file.path) for file in batch.files),
        slots=tuple(file.lstseq for file in batch.files),
        suspects={}, dark=str(dark), flat=None, model=None, first_model=None,
        catalogue=str(catalogue), settings=rules.model_dump(mode="json"),
    )  # fmt: skip


def _dark_of(camera: CameraPlan, folder: Path) -> Path:
    path = folder / "dark.fits"
    files = [file.path for file in camera.sequences[0].files]
    write_master(path, make_master("dark", files, min_frames=DARKS - 2, announce=lambda _: None))
    return path


def frame(one: OneBatch) -> None:
    """One frame with its stars, beside a loop over some of them."""
    sky, job, solution = one.sky(), one.job, one.solution
    exposure = one.first()
    fast = FastPhotometry(job, sky.select(sky.fast()))
    binned = BinnedImage(job, solution, exposure.image.shape)
    following = Following(job, sky, solution)

    def reduce_frame() -> None:
        exposure = one.first()
        own = following.solution_of(exposure)
        fast.add(exposure, own, 0)
        binned.add(exposure, own)

    reduce_frame()
    stars = len(fast.rows)
    cpu_s, clock_s = spent(reduce_frame, 7)
    chip = pixels_on_chip(
        solution.model, sky.vectors(exposure.header.jd), exposure.image.shape, job.rules.edge_px
    )
    x, y = chip.x[chip.on_chip][:SAMPLE], chip.y[chip.on_chip][:SAMPLE]
    radii, rules = np.array(job.rules.fast_radii_px), job.rules
    loop_s, _ = spent(lambda: [
        measure_one(exposure.image, *place, radii, rules.gain_e_adu, rules.bad_level_adu)
        for place in zip(x, y, strict=True)
    ])  # fmt: skip
    row(f"one frame, {stars:,} fast stars", "0.35 s", told(cpu_s, clock_s),
        f"loop over the stars alone {loop_s * stars / SAMPLE:.2f} s")  # fmt: skip


def astrometry(one: OneBatch) -> None:
    """Verification on a frame, from the solution of the batch before."""
    exposure, near = one.first(), one.near
    stars = near.select(near.astrometric())
    vectors = stars.vectors(exposure.header.jd)
    settings = astrometry_settings(one.job, exposure.image.shape)

    def work() -> Any:
        return verify(exposure.image, vectors, stars.stars.vmag, one.solution.model, settings)

    solution = work()
    row(f"verification of a batch, {solution.stars_used:,} stars", "1.5 s", told(*spent(work, 5)),
        f"rms {solution.dr:.2f} px")  # fmt: skip


def batch(one: OneBatch) -> None:
    """A whole unit in a process of its own, as the driver starts it."""
    job = one.job
    told_job = Path(job.folder).with_suffix(".json")
    told_job.write_text(json.dumps(asdict(job)))
    before = children_s()
    began = time.perf_counter()
    command = [sys.executable, __file__, "--unit", str(told_job)]
    with subprocess.Popen(command, env=one_thread(), stdout=subprocess.PIPE) as process:
        peak_kb = 0
        while process.poll() is None:
            peak_kb = max(peak_kb, anonymous_kb(process.pid))
            time.sleep(0.02)
        assert process.stdout is not None
        record = json.loads(process.stdout.read())
    cpu_s, clock_s = children_s() - before, time.perf_counter() - began
    what = (
        f"{record['reduced']} frames, {record['stars_fast']:,} and {record['stars_slow']:,} stars"
    )
    row(f"batch, {what}", "25 s", told(cpu_s, clock_s), f"the sky {BATCH * SOLAR_SLOT_S:.0f} s")
    row("batch, memory", "1536 MB", f"{peak_kb / 1024:.0f} MB")
    print("   stages, s by the clock: " + json.dumps(record["seconds"]), flush=True)


def unit(told_job: Path) -> None:
    """Be the process of a unit: print its record."""
    record = reduce_batch(JobContext(), **json.loads(told_job.read_text()))
    print(json.dumps(record))


def one_thread() -> dict[str, str]:
    """Environment of a unit."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return {**os.environ, **dict.fromkeys(names, "1")}


def main(folder: Path, parts: list[str], pace: float) -> None:
    """Print the table."""
    folder.mkdir(parents=True, exist_ok=True)
    row("figure", "bar", "measured", "reference")
    if "simulator" in parts:
        simulator()
    raw = raw_of(folder)
    work = Path(tempfile.mkdtemp(dir=folder))
    try:
        if {"frame", "verify", "batch"} & set(parts):
            one = OneBatch(raw, work)
            for name, part in (("frame", frame), ("verify", astrometry), ("batch", batch)):
                if name in parts:
                    part(one)
        if "live" in parts:
            live(raw, work, pace)
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("parts", nargs="*", default=PARTS)
    parser.add_argument("--pace", type=float, default=1.0)
    parser.add_argument("--unit", action="store_true", help="used by the benchmark itself")
    words = parser.parse_args()
    if words.unit:
        unit(words.folder)
    else:
        main(words.folder, list(words.parts), words.pace)
