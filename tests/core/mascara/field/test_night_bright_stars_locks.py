"""Two readers of a file at once: HDF5 refuses that in one process when only one of them locks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nightglass.core.mascara.browsing.merged import read_stars
from nightglass.core.mascara.field.bright_stars import BrightStars
from nightglass.core.mascara.settings import ReductionSettings

from ..browsing.made_stars import write_night

if TYPE_CHECKING:
    from pathlib import Path

    import h5py
    import pytest

SHAPE = (2672, 4008)


def test_the_list_of_stars_is_read_while_the_sky_reads_the_same_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = write_night(tmp_path / "night", "C", stars=20, exposures=100)
    place, listed = made.place("LPC"), []
    of_night = BrightStars._night

    def read_meanwhile(self: BrightStars, file: h5py.File) -> object:
        listed.append(read_stars(place.slow_file).ascc.size)
        return of_night(self, file)

    monkeypatch.setattr(BrightStars, "_night", read_meanwhile)
    stars = BrightStars(made.stars.ascc, ReductionSettings())
    found, _ = stars.transparency(place, made.batches[0], SHAPE)
    assert listed[0] > 0
    assert found.size > 0
