"""A capture of 100 GB opens without filling the memory."""

import json
import subprocess
import sys

import numpy as np
import pytest
from nightglass.core.lightspeed.open_capture import open_capture

from .writer import CubeSpec, old, write_sparse_cube

FULL = CubeSpec(rows=2304, columns=4096, bundles=100, interval_s=0.0051)
CUBES = 53

PROBE = """
import json, re, sys, time
def anonymous_mb():
    text = open("/proc/self/status").read()
    return int(re.search(r"RssAnon:\\s+(\\d+)", text)[1]) / 1024
import numpy
empty = anonymous_mb()
started = time.perf_counter()
from nightglass.core.lightspeed.open_capture import open_capture
capture = open_capture(sys.argv[1])
first = capture.read(0)
opened = time.perf_counter() - started
after_first = anonymous_mb()
frames = capture.n_frames
for index in range(0, frames, 97):
    capture.read_raw(index)[::50].sum()
capture.frame_times()
capture.accounting()
print(json.dumps({
    "first_s": opened, "first_mb": after_first - empty, "later_mb": anonymous_mb() - empty,
    "frames": frames, "mapped": capture.mapped, "value": int(first[0, 0]),
    "astropy": "astropy" in sys.modules,
}))
"""


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    folder = tmp_path_factory.mktemp("big")
    for number in range(1, CUBES + 1):
        old(write_sparse_cube(folder, FULL, number))
    return folder


def test_sparse_cubes_are_what_they_seem(big):
    sizes = [path.stat().st_size for path in big.iterdir()]
    assert sum(sizes) > 100e9
    assert sum(path.stat().st_blocks for path in big.iterdir()) * 512 < 10e6
    capture = open_capture(big)
    assert capture.frame_times().iso(100, 4) == "2025-12-10T03:15:00.5146"
    np.testing.assert_array_equal(capture.read(5299, slice(0, 2)), 32_768)


@pytest.mark.parametrize("mapping", ["None", "False"], ids=["mapped", "positioned"])
def test_a_100_gb_capture_opens_in_little_memory_and_without_astropy(big, mapping):
    probe = PROBE.replace(
        "open_capture(sys.argv[1])", f"open_capture(sys.argv[1], mapping={mapping})"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe, str(big)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["frames"] == 5300
    assert figures["value"] == 32_768
    assert figures["mapped"] is (mapping == "None")
    assert figures["first_mb"] < 150
    assert figures["later_mb"] < 150
    assert figures["astropy"] is False
    print(figures)
