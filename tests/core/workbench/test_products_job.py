"""Commands run behind the window."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.cli.science import Outcome
from nightglass.core.errors import NightglassError
from nightglass.core.workbench.product_tables import read_table
from nightglass.core.workbench.products import Product, Products, command_line

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.engine import Engine, InlineEngine
    from nightglass.core.problems import ProblemList

    from .night import Waiter

N_BINS = 8
EDGES = np.linspace(0.0, 1.0, N_BINS + 1)


def table_of(**columns: tuple[np.ndarray, str]) -> fits.BinTableHDU:
    return fits.BinTableHDU.from_columns(
        [fits.Column(name, "D" if values.ndim == 1 else f"{values.shape[1]}D", unit or None,
                     array=values) for name, (values, unit) in columns.items()]
    )  # fmt: skip


def written(path: Path, **columns: tuple[np.ndarray, str]) -> Path:
    fits.HDUList([fits.PrimaryHDU(), table_of(**columns)]).writeto(path)
    return path


def profile(path: Path) -> Path:
    return written(
        path,
        PHASEHI=(EDGES[1:], "turn"),
        PHASELO=(EDGES[:-1], "turn"),
        FLUX=(np.arange(8.0), "electron/s"),
        ERROR=(np.full(8, 0.5), "electron/s"),
        EXPOSURE=(np.ones(8), "s"),
    )


def test_a_command_becomes_a_product(
    inline_engine: InlineEngine, problems: ProblemList, tmp_path: Path
) -> None:
    asked, got = [], []

    def execute(words, ctx) -> Outcome:
        asked.append(tuple(words))
        ctx.progress(1, 2, "half")
        path = profile(tmp_path / "a_lc.fits")
        return Outcome((path,), {"frames": 3}, ("3 frames",), ("One was lost.",))

    made = Products(inline_engine, problems)
    made.run(["lc", "--bins", "8"], execute, title="Light curve", on_done=got.append)
    (product,) = got
    assert asked == [("lc", "--bins", "8")]
    assert product.words == ("lc", "--bins", "8")
    assert product.path == tmp_path / "a_lc.fits"
    assert product.summary == {"frames": 3}
    assert product.notices == ("One was lost.",)
    assert product.table is not None
    assert problems.entries() == ()


@pytest.mark.expected_log
def test_a_failure_is_one_problem_and_is_told(
    inline_engine: InlineEngine, problems: ProblemList
) -> None:
    def fail(words, ctx) -> Outcome:
        raise NightglassError("No region", "a.reg holds no region.", "Draw a circle.")

    told: list[NightglassError] = []
    Products(inline_engine, problems).run(
        ["photo"], fail, title="Photometry", on_done=told.append, on_failed=told.append
    )
    (problem,) = problems.entries()
    assert (problem.title, problem.hint) == ("No region", "Draw a circle.")
    assert [error.title for error in told] == ["No region"]


def test_nothing_comes_after_a_cancel(
    engine: Engine, problems: ProblemList, until: Waiter, settle
) -> None:
    begun, got = threading.Event(), []

    def wait_for_cancel(words, ctx) -> Outcome:
        begun.set()
        stopped = threading.Event()
        ctx.on_cancel(stopped.set)
        assert stopped.wait(10.0)
        ctx.check()
        return Outcome()

    job = Products(engine, problems).run(
        ["image"], wait_for_cancel, title="Image", on_done=got.append, on_failed=got.append
    )
    until(begun.is_set)
    job.cancel()
    settle(engine)
    assert got == []
    assert problems.entries() == ()


def test_files_are_looked_at_behind(
    engine: Engine, problems: ProblemList, until: Waiter, tmp_path: Path
) -> None:
    file, told = tmp_path / "a.fits", []
    file.touch()
    absent = tmp_path / "none" / "b.fits"
    Products(engine, problems).look([str(file), str(tmp_path), str(absent)], told.append)
    until(lambda: told)
    assert told == [{str(file): "file", str(tmp_path): "folder", str(absent): "absent"}]


def test_a_command_line_can_be_pasted_into_a_shell() -> None:
    assert command_line(["lc", "--roi", "my star.reg"]) == "nightglass lc --roi 'my star.reg'"


def test_a_product_without_output_has_no_path() -> None:
    assert Product(("psf",)).path is None


def test_a_profile_is_shown_for_two_turns(tmp_path: Path) -> None:
    table = read_table(profile(tmp_path / "lc.fits"))
    (curve,) = table.curves
    np.testing.assert_allclose(curve.edges, np.linspace(0.0, 2.0, 17), atol=1e-12)
    np.testing.assert_allclose(curve.x, (np.arange(16) + 0.5) / 8)
    np.testing.assert_array_equal(curve.y, np.tile(np.arange(8.0), 2))
    np.testing.assert_array_equal(curve.error, 0.5)
    assert (table.x_title, table.y_title) == ("Phase (turns)", "Flux (e\u207b/s)")


def test_several_sources_are_several_curves(tmp_path: Path) -> None:
    tables = []
    for name, level in (("CRAB", 2.0), ("STAR", 1.0)):
        unit = table_of(PHASELO=(EDGES[:-1], ""), PHASEHI=(EDGES[1:], ""),
                        FLUX=(np.full(8, level), "ph/s"), ERROR=(np.full(8, 0.1), ""))  # fmt: skip
        unit.header["EXTNAME"] = name
        tables.append(unit)
    fits.HDUList([fits.PrimaryHDU(), *tables]).writeto(tmp_path / "two.fits")
    table = read_table(tmp_path / "two.fits")
    assert [curve.name for curve in table.curves] == ["CRAB", "STAR"]
    assert [curve.y[0] for curve in table.curves] == [2.0, 1.0]
    assert table.y_title == "Flux (ph/s)"
    time = np.arange(5.0)
    both = {
        "TIMELO": (time, "s"), "TIMEHI": (time + 1.0, "s"), "FLUX": (time, "electron/s"),
        "ERROR": (np.ones(5), ""), "COMP": (time + 7.0, "electron/s"),
        "COMP_ERROR": (np.full(5, 0.2), ""),
    }  # fmt: skip
    table = read_table(written(tmp_path / "photo.fits", **both))
    assert [curve.name for curve in table.curves] == ["", "comparison"]
    np.testing.assert_array_equal(table.curves[1].y, time + 7.0)
    np.testing.assert_array_equal(table.curves[1].error, 0.2)
    np.testing.assert_array_equal(table.curves[0].edges, np.arange(6.0))


def test_events_go_on_after_midnight(tmp_path: Path) -> None:
    path = written(
        tmp_path / "events.fits",
        UTC_DAY=(np.array([61019.0, 61020.0]), "d"),
        UTC_SEC=(np.array([86399.0, 1.0]), "s"),
        PHASE=(np.array([0.1, 0.2]), "turn"),
    )
    table = read_table(path)
    np.testing.assert_array_equal(table.curves[0].x, [86399.0, 86401.0])
    assert table.x_title == "Time since 2025-12-10 00:00 UTC (s)"
    assert table.y_title == "Phase (turns)"
    assert table.is_points


def test_a_long_table_is_thinned_to_what_a_screen_shows(tmp_path: Path) -> None:
    times = np.arange(50_000.0)
    path = written(tmp_path / "events.fits", UTC_SEC=(times, "s"), PHASE=(times % 1.0, ""))
    (curve,) = read_table(path).curves
    np.testing.assert_array_equal(curve.x, times[::3])
    path = written(tmp_path / "long.fits", TIMELO=(times, "s"), TIMEHI=(times + 1.0, "s"),
                   FLUX=(times, ""), ERROR=(times, ""))  # fmt: skip
    (curve,) = read_table(path).curves
    assert len(curve.x) == 50_000
    assert curve.edges is None


def test_a_text_table_is_not_plotted(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("FREQ,POWER\n1,2\n")
    assert read_table(tmp_path / "a.csv") is None


def test_bins_with_gaps_have_no_common_edges(tmp_path: Path) -> None:
    low = np.array([0.0, 1.0, 5.0])
    path = written(tmp_path / "gap.fits", TIMELO=(low, "s"), TIMEHI=(low + 1.0, "s"),
                   FLUX=(low, ""), ERROR=(low, ""))  # fmt: skip
    (curve,) = read_table(path).curves
    assert curve.edges is None
    np.testing.assert_array_equal(curve.x, low + 0.5)


def test_times_tell_the_day_they_count_from(tmp_path: Path) -> None:
    unit = table_of(TIMELO=(np.arange(3.0), "s"), TIMEHI=(np.arange(3.0) + 1.0, "s"),
                    FLUX=(np.ones(3), "electron/s"), ERROR=(np.ones(3), ""))  # fmt: skip
    unit.header["MJDREFI"] = 61019
    fits.HDUList([fits.PrimaryHDU(), unit]).writeto(tmp_path / "photo.fits")
    assert read_table(tmp_path / "photo.fits").x_title == "Time since 2025-12-10 00:00 UTC (s)"


def test_a_spectrum_is_a_line_and_a_file_without_a_curve_is_none(tmp_path: Path) -> None:
    path = written(tmp_path / "fft.fits", FREQ=(np.arange(4.0), "Hz"), POWER=(np.ones(4), ""))
    table = read_table(path)
    assert (table.x_title, table.y_title) == ("Frequency (Hz)", "Power")
    image = tmp_path / "image.fits"
    fits.HDUList([fits.PrimaryHDU(np.zeros((4, 4))), fits.ImageHDU(np.zeros((4, 4)))]).writeto(
        image
    )
    assert read_table(image) is None
    other = written(tmp_path / "other.fits", NAME=(np.arange(3.0), ""))
    assert read_table(other) is None


def test_a_table_that_is_gone_is_told_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="is not there"):
        read_table(tmp_path / "gone.fits")
