"""Measuring from the window: dialogs filled in from it, commands run behind it, results shown."""

from __future__ import annotations

import shlex
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.cli import science
from nightglass.core.cli.science import Outcome
from nightglass.core.errors import NightglassError
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QFileDialog

if TYPE_CHECKING:
    from nightglass.gui.products.dialog import ProductDialog
    from nightglass.gui.products.result import ResultView

    from ..desktop import Desktop

LEFT = Qt.MouseButton.LeftButton
PAR = """PSR SIMULATED
RAJ 05:34:31.97
DECJ +22:00:52.1
PEPOCH 61000
EPHEM DE421
CLOCK TT(TAI)
UNITS TDB
F0 29.946
"""
REGION = "# Region file format: DS9\nimage\ncircle(32.5,32.5,6)\n"


@pytest.fixture
def products(crab: Desktop, tmp_path: Path) -> Path:
    """Folder where products are saved."""
    folder = tmp_path / "products"
    folder.mkdir()
    crab.bench.use_settings(crab.bench.settings.changed(export_folder=folder))
    return folder


@pytest.fixture
def region(tmp_path: Path) -> Path:
    path = tmp_path / "crab.reg"
    path.write_text(REGION)
    return path


@pytest.fixture
def par(tmp_path: Path) -> Path:
    path = tmp_path / "crab.par"
    path.write_text(PAR)
    return path


class Stub:
    """A command whose end the test decides."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.may_end = threading.Event()
        self.error: Exception | None = None

    def __call__(self, words, ctx) -> Outcome:
        self.asked.append(tuple(words))
        ctx.progress(1, 2, "frames")
        ctx.on_cancel(self.may_end.set)
        assert self.may_end.wait(20.0)
        ctx.check()
        if self.error is not None:
            raise self.error
        path = Path(words[words.index("--output") + 1])
        write_product(words[0], path)
        return Outcome((path,), {"frames": 300}, (), ("One frame was lost.",))


def write_product(command: str, path: Path) -> None:
    image = fits.PrimaryHDU(np.arange(12.0).reshape(3, 4))
    image.header["BUNIT"] = "ph/s"
    units = [image]
    if command not in ("image", "onoff"):
        edges = np.linspace(0.0, 1.0, 9)
        columns = {"PHASELO": edges[:-1], "PHASEHI": edges[1:], "FLUX": edges[1:],
                   "ERROR": np.full(8, 0.1)}  # fmt: skip
        made = [fits.Column(name, "D", array=values) for name, values in columns.items()]
        units = [fits.PrimaryHDU(), fits.BinTableHDU.from_columns(made)]
    fits.HDUList(units).writeto(path, overwrite=True)


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Stub:
    made = Stub()
    monkeypatch.setattr(science, "execute", made)
    return made


def opened(desktop: Desktop, key: str) -> ProductDialog:
    """Bring up a dialog by its menu, and wait until it knows its files."""
    desktop.act(f"measure.{key}")
    dialog = desktop.running.products._dialogs[key]
    desktop.wait(lambda: dialog.isVisible() and not dialog._look_soon.isActive())
    desktop.wait(lambda: dialog._asked <= set(dialog._seen))
    return dialog


def type_into(dialog: ProductDialog, option: str, text: str) -> None:
    line = dialog.editor(option).line
    line.selectAll()
    QTest.keyClicks(line, text)


def run(desktop: Desktop, dialog: ProductDialog) -> None:
    desktop.wait(dialog.run_button.isEnabled)
    QTest.mouseClick(dialog.run_button, LEFT)


def finished(desktop: Desktop, dialog: ProductDialog) -> str:
    desktop.wait(lambda: dialog.run_button.text() == "Run", 60_000)
    return dialog.state.whole


def toast_of(desktop: Desktop):
    desktop.wait(lambda: desktop.window.toasts.toasts)
    return desktop.window.toasts.toasts[-1]


# Filling in


def test_a_dialog_is_filled_in_from_the_window(crab: Desktop, products: Path) -> None:
    dialog = opened(crab, "image")
    first = crab.capture.lightspeed.path
    assert not dialog.isModal()
    assert shlex.split(dialog.command.text())[:6] == [
        "nightglass", "image", "--input", str(first), "--output",
        str(products / f"{crab.capture.source.name}_image.fits"),
    ]  # fmt: skip
    assert dialog.run_button.isEnabled()


def test_without_a_capture_the_dialog_asks_for_one(desktop: Desktop) -> None:
    dialog = opened(desktop, "lc")
    assert dialog.lines.values()["--input"] == ""
    assert dialog.state.whole == "Open a capture, or choose any cube of one."
    assert not dialog.run_button.isEnabled()
    assert dialog.lines.values()["--observatory"] == desktop.bench.settings.site


def test_masters_in_use_are_given_and_others_are_not(
    crab: Desktop, products: Path, night: Path
) -> None:
    bias = min((night / "bias").glob("*.fits"))
    crab.bench.calibrations.load("bias", bias)
    crab.wait(lambda: "bias" in crab.bench.calibrations.masters)
    dialog = opened(crab, "image")
    assert dialog.lines.values()["--bias"] == str(bias)
    dialog.close()
    crab.bench.session.change(use_bias=False)
    assert opened(crab, "image").lines.values()["--bias"] == ""


def test_the_gain_of_the_settings_is_given_unless_the_header_has_one(
    crab: Desktop, products: Path
) -> None:
    crab.bench.use_settings(crab.bench.settings.changed(use_header_gain=False, adu_per_electron=9))
    words = opened(crab, "image").words
    assert words[words.index("--gain") + 1] == "9"
    header = crab.capture.lightspeed.header
    if header.gain_adu_per_e is not None:
        crab.running.products._dialogs["image"].close()
        crab.bench.use_settings(crab.bench.settings.changed(use_header_gain=True))
        assert "--gain" not in opened(crab, "image").words


def test_another_input_names_another_output(crab: Desktop, products: Path, night: Path) -> None:
    dialog = opened(crab, "image")
    vela = min((night / "vela").glob("*.fits"))
    type_into(dialog, "--input", str(vela))
    name = vela.name.partition("_cube")[0]
    assert dialog.lines.values()["--output"] == str(products / f"{name}_image.fits")
    type_into(dialog, "--output", str(products / "mine.fits"))
    type_into(dialog, "--input", str(products / "strange name.txt"))
    assert dialog.lines.values()["--output"] == str(products / "mine.fits")
    crab.wait(lambda: dialog.fault("--input") == "This file is not there.")


def test_values_survive_between_openings_and_reset_forgets_them(
    crab: Desktop, products: Path
) -> None:
    dialog = opened(crab, "image")
    type_into(dialog, "--smooth", "1.5")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    again = opened(crab, "image")
    assert again is dialog
    assert dialog.lines.values()["--smooth"] == "1.5"
    QTest.mouseClick(dialog.reset_button, LEFT)
    assert dialog.lines.values()["--smooth"] == ""
    assert dialog.lines.values()["--input"] == str(crab.capture.lightspeed.path)


def test_keys_open_the_dialogs(crab: Desktop, products: Path) -> None:
    crab.look_at_picture()
    crab.press(Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    crab.wait(crab.running.products._dialogs["image"].isVisible)


# Running, with a command of the test's own


def test_the_window_stays_free_while_a_command_runs(
    crab: Desktop, products: Path, stub: Stub
) -> None:
    dialog = opened(crab, "image")
    run(crab, dialog)
    crab.wait(lambda: stub.asked)
    assert stub.asked == [dialog.words]
    assert dialog.run_button.text() == "Stop"
    crab.act("frame.last")
    crab.wait(lambda: crab.picture.frame == 299)
    jobs = crab.window.problems.jobs
    crab.wait(lambda: any("Image" in text for text in jobs.texts))
    crab.wait(lambda: "Image" in crab.window.status._job.text())
    stub.may_end.set()
    name = f"{crab.capture.source.name}_image.fits"
    assert finished(crab, dialog) == f"✓ {name} is written."
    toast = toast_of(crab)
    assert toast.problem.text == f"{name} is written."
    assert "One frame was lost." in toast.problem.hint
    assert crab.problems == ()


def test_an_image_opens_in_the_frame_view(crab: Desktop, products: Path, stub: Stub) -> None:
    stub.may_end.set()
    dialog = opened(crab, "image")
    run(crab, dialog)
    finished(crab, dialog)
    dialog.close()
    QTest.mouseClick(toast_of(crab).buttons["open"], LEFT)
    crab.wait(lambda: crab.capture.source.shape == (3, 4))
    crab.wait_for_picture()
    np.testing.assert_array_equal(crab.picture.values(), np.arange(12.0).reshape(3, 4))
    crab.wait(lambda: crab.window.cuts._unit.text() == "ph/s")
    crab.point_at(1.0, 1.0)
    crab.wait(lambda: crab.window.readout.text_of("adu") != "–")
    assert crab.window.readout._units["adu"].text() == "ph/s"
    assert " ph/s " in crab.running.frames.sentence()
    assert len(crab.bench.desk.order) == 2
    assert crab.window.toasts.toasts == ()


def test_a_table_opens_as_a_curve_and_can_be_had_again(
    crab: Desktop, products: Path, stub: Stub, region: Path, par: Path
) -> None:
    assert not crab.window.actions_set.action("measure.result").isEnabled()
    stub.may_end.set()
    dialog = opened(crab, "lc")
    type_into(dialog, "--roi", str(region))
    type_into(dialog, "--eph", str(par))
    run(crab, dialog)
    finished(crab, dialog)
    QTest.mouseClick(toast_of(crab).buttons["open"], LEFT)
    (view,) = results(crab)
    assert view.plot is not None
    assert len(view.plot._table.curves[0].x) == 16
    QTest.mouseClick(view.buttons["close"], LEFT)
    assert results(crab) == []
    crab.act("measure.result")
    (view,) = results(crab)
    crab.act("theme.light")
    assert (
        view.plot._lines[0].opts["pen"].color().name() == crab.running.shell._roles.lines[0].color
    )


def results(desktop: Desktop) -> list[ResultView]:
    return desktop.running.products._results


def test_the_folder_is_shown(
    crab: Desktop, products: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    stub.may_end.set()
    dialog = opened(crab, "onoff")
    for line, text in (
        (dialog.editor("--range").on, "0:0.2"),
        (dialog.editor("--range").off, "0.5:1"),
    ):
        QTest.keyClicks(line, text)
    type_into(dialog, "--eph", str(products.parent / "any.par"))
    (products.parent / "any.par").touch()
    dialog.look_again()
    run(crab, dialog)
    finished(crab, dialog)
    QTest.mouseClick(toast_of(crab).buttons["folder"], LEFT)
    assert [Path(path) for path in shown] == [products]


@pytest.mark.expected_log
def test_a_failure_is_one_problem_and_is_told_in_the_dialog(
    crab: Desktop, products: Path, stub: Stub
) -> None:
    stub.error = NightglassError(
        "The disk is full", "a.fits cannot be written.", "Free some space."
    )
    stub.may_end.set()
    dialog = opened(crab, "image")
    run(crab, dialog)
    assert finished(crab, dialog) == "a.fits cannot be written. Free some space."
    (problem,) = crab.problems
    assert (problem.title, problem.hint) == ("The disk is full", "Free some space.")
    assert toast_of(crab).problem.title == "The disk is full"
    assert dialog.run_button.isEnabled()


@pytest.mark.parametrize("where", ["dialog", "jobs"])
def test_a_command_is_stopped(crab: Desktop, products: Path, stub: Stub, where: str) -> None:
    dialog = opened(crab, "image")
    run(crab, dialog)
    crab.wait(lambda: stub.asked)
    if where == "dialog":
        QTest.mouseClick(dialog.run_button, LEFT)
    else:
        (number,) = [job.id for job in crab.bench.engine.jobs() if "Image" in job.title]
        crab.wait(lambda: number in crab.window.problems.jobs._rows)
        crab.window.problems.jobs.row(number).cancel.click()
    assert finished(crab, dialog) == "Stopped."
    crab.wait(crab.is_idle)
    assert list(products.iterdir()) == []
    assert crab.problems == ()
    assert crab.window.toasts.toasts == ()


def test_an_existing_output_is_replaced_only_when_told_so(
    crab: Desktop, products: Path, stub: Stub
) -> None:
    stub.may_end.set()
    dialog = opened(crab, "image")
    run(crab, dialog)
    finished(crab, dialog)
    crab.wait(lambda: dialog.fault("--output").startswith("This file exists"))
    assert not dialog.run_button.isEnabled()
    QTest.mouseClick(dialog.editor("--clobber").box, LEFT)
    run(crab, dialog)
    crab.wait(lambda: len(stub.asked) == 2)
    assert "--clobber" in stub.asked[1]
    finished(crab, dialog)


def test_the_window_closes_while_a_command_runs(crab: Desktop, products: Path, stub: Stub) -> None:
    dialog = opened(crab, "image")
    run(crab, dialog)
    crab.wait(lambda: stub.asked)
    crab.window.close()
    assert not dialog.isVisible()
    assert QApplication.activeModalWidget() is None


# Calibration


def test_a_master_is_made_from_a_chosen_capture_and_given_to_commands(
    crab: Desktop, products: Path, night: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bias = min((night / "bias").glob("*.fits"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(bias), ""))
    panel = crab.window.calibration
    menu = panel.menus["bias"]
    menu.aboutToShow.emit()
    entries = {entry.text(): entry for entry in menu.actions()}
    entries["Keep it in a file"].trigger()
    entries["Choose a capture…"].trigger()
    crab.wait(lambda: "bias" in crab.bench.calibrations.masters)
    assert panel.names["bias"].whole == f"made from {bias.name}"
    assert opened(crab, "image").lines.values()["--bias"] == str(bias)


def test_what_the_bias_command_wrote_is_a_bias(
    crab: Desktop, products: Path, night: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nightglass.core.lightspeed import DataSet, PixelProperties

    path = products / "pixels.fits"
    cube = min((night / "bias").glob("*.fits"))
    PixelProperties.from_bias(DataSet.from_first(cube)).save(path)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    crab.window.calibration.buttons["choose bias"].click()
    crab.wait(lambda: "bias" in crab.bench.calibrations.masters)
    crab.wait(crab.is_idle)
    assert abs(float(np.median(crab.picture.calibrated()))) < 3.0
    assert opened(crab, "image").lines.values()["--bias"] == str(path)


# The commands themselves


def needs(command: str) -> None:
    if find_spec(f"nightglass.core.cli.{command}") is None:
        pytest.skip(f"there is no command {command} yet")


def measured(
    desktop: Desktop, key: str, region: Path, par: Path, ranges: str = "0.9:0.1,0.4:0.7"
) -> Path:
    """Fill in what is missing, run, and give the product."""
    needs(key)
    dialog = opened(desktop, key)
    for option, path in (("--roi", region), ("--src", region), ("--eph", par)):
        if option in dialog.lines.editors:
            type_into(dialog, option, str(path))
    if "--range" in dialog.lines.editors:
        editor = dialog.editor("--range")
        for line, text in zip((editor.on, editor.off), ranges.split(","), strict=True):
            QTest.keyClicks(line, text)
    run(desktop, dialog)
    assert finished(desktop, dialog).startswith("✓"), dialog.state.whole
    assert desktop.problems == ()
    product = desktop.running.products._last
    assert product.path == Path(dialog.lines.values()["--output"])
    return product.path


def test_the_image_is_the_one_of_the_command(
    crab: Desktop, products: Path, region: Path, par: Path
) -> None:
    from nightglass.core.lightspeed import DataSet
    from nightglass.core.lightspeed.image import mean_image

    path = measured(crab, "image", region, par)
    expected = mean_image(DataSet.from_first(crab.capture.lightspeed.path))
    np.testing.assert_array_equal(fits.getdata(path), expected.data)


def test_on_minus_off_is_measured(crab: Desktop, products: Path, region: Path, par: Path) -> None:
    path = measured(crab, "onoff", region, par)
    assert fits.getdata(path).shape == (64, 64)


@pytest.mark.parametrize("key", ["lc", "photo", "fft", "search", "events"])
def test_tables_are_measured_and_shown(
    crab: Desktop, products: Path, region: Path, par: Path, key: str
) -> None:
    measured(crab, key, region, par)
    assert crab.running.products._last.table is not None
    QTest.mouseClick(toast_of(crab).buttons["open"], LEFT)
    (view,) = results(crab)
    assert all(np.isfinite(curve.x).any() for curve in view.plot._table.curves)
    assert view.numbers
