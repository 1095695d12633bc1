"""The frame view on screens at 100, 150 and 200 %, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

PROGRAM = """
import json
import numpy as np
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QApplication
app = QApplication([])
from nightglass.core.picture.colour import colour_table
from nightglass.core.picture.render import Picture
from nightglass.gui.frame.view import FrameView
view = FrameView()
view.resize(400, 300)
view.show()
view.set_frame_shape((900, 1200))
seen = view.projection.viewport()
codes = np.random.default_rng(6).integers(0, 16384, (seen.height, seen.width), dtype=np.uint16)
covered = (seen.left, seen.bottom, seen.right, seen.top)
view.set_picture(Picture(codes, covered, False, 0.0, 1.0, np.zeros(0)))
image = view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
raw = image.constBits().asarray(image.sizeInBytes())
pixels = np.frombuffer(raw, np.uint32).reshape(image.height(), -1)[:, : image.width()]
inner = (slice(1, -1), slice(1, -1))
view.set_zoom(1.0)
print(json.dumps({
    "ratio": view.device_ratio,
    "device": [seen.width, seen.height],
    "equal": bool(np.array_equal(pixels[inner], colour_table()[codes][inner])),
    "one_to_one_columns": view.projection.viewport().right - view.projection.viewport().left,
}))
"""


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_picture_fills_device_pixels_one_to_one(ratio: float) -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(ratio)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=environment,
    )
    answer = json.loads(done.stdout)
    assert answer == {
        "ratio": ratio,
        "device": [400 * ratio, 300 * ratio],
        "equal": True,
        "one_to_one_columns": 400 * ratio,
    }
