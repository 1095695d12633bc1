"""What the tests of commands on light share: a capture, a par file, regions."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from ..lightspeed.writer import CubeSpec
from .pictures import capture

if TYPE_CHECKING:
    from pathlib import Path

SPEC = CubeSpec(rows=12, columns=16, bundles=40, per_bundle=2)


@dataclass(frozen=True)
class Field:
    """Files of a capture of 160 frames."""

    cube: Path
    par: Path
    roi: Path
    folder: Path

    @classmethod
    def make(cls, folder: Path) -> Field:
        par, roi = folder / "crab.par", folder / "star.reg"
        source = resources.files("nightglass.resources.data") / "crab_demo.par"
        par.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
        roi.write_text(
            "image\ncircle(8,6,2.5)\nannulus(8,6,3.5,5) # background\n", encoding="utf-8"
        )
        return cls(capture(folder / "sky", SPEC), par, roi, folder)

    def region(self, text: str) -> Path:
        """Write another region file."""
        path = self.folder / "other.reg"
        path.write_text(text, encoding="utf-8")
        return path

    def left(self) -> list[str]:
        """Names of what lies in the folder, to see that nothing was left behind."""
        return sorted(path.name for path in self.folder.iterdir() if path.name != "nightglass-home")
