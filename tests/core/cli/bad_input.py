"""One night of tiny files, good and bad, and a watch over what a command does to them."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from astropy.io import fits
from nightglass.core import cli
from nightglass.core.lightspeed import DataSet, PixelProperties

from ..lightspeed.writer import CubeSpec, hdus, write_capture

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SKY = CubeSpec(rows=12, columns=16, bundles=20, per_bundle=2)
BIAS = SKY.with_(object_name="bias", start="20251209_230000")
UNDATED = {"gps": None, "cards": {"DATEOBS": None, "TELUT": None}}

LONG_NAME = "M 1 äöü (x) " + "n" * 180

GOOD_WORDS = {
    "image": "--input {sky} --output {out}/made.fits",
    "onoff": "--input {sky} --output {out}/made.fits --eph {par} --range 0.1:0.4,0.5:0.9",
    "lc": "--input {sky} --output {out}/made.fits --eph {par} --roi {roi} --bins 4",
    "lc add": "--output {out}/made.fits --inputs {curve} {curve}",
    "photo": "--input {sky} --output {out}/made.fits --roi {roi}",
    "fft": "--input {sky} --output {out}/made.fits --roi {roi}",
    "search": "--input {sky} --output {out}/made.fits --eph {par} --roi {roi}",
    "events": "--input {sky} --output {out}/made.fits --eph {par} --roi {roi}",
    "bias": "--input {bias} --output {out}/made.fits",
    "psf": "--input {star} --roi {roi}",
    "cube split": "--input {sky} --output {out}",
    "cube cube": "--input {sky} --output {out}/made.fits",
    "cube shift": "--input {sky} --output {out} --roi {circle}",
    "regions convert": "{many} {out}/made.fits",
    "regions stats": "{sky} --roi {roi}",
}
"""Of commands that are missing here all words have to be given."""

PAR_LINES = {
    "PSR": "J0534+2200", "RAJ": "05:34:31.973", "DECJ": "22:00:52.06", "F0": "29.946923",
    "F1": "-3.77535E-10", "PEPOCH": "61000", "DM": "56.77", "EPHEM": "DE421", "UNITS": "TDB",
    "TZRMJD": "61000.0000002", "TZRSITE": "@", "TZRFRQ": "0",
}  # fmt: skip


class Said(NamedTuple):
    """Exit code and words of a command."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Night:
    """The files of a night.

    Attributes
    ----------
    folder : Path
        Holds all of them; ``out`` in it is for results and empty.
    names : dict of str to Path
        What the words in braces of a command line stand for.
    """

    folder: Path
    names: dict[str, Path]

    def run(self, capfd: pytest.CaptureFixture[str], command: str, words: str) -> Said:
        """Run a command with good words, of which `words` replace or follow some."""
        names = {name: shlex.quote(str(path)) for name, path in self.names.items()}
        line = f"{command} {GOOD_WORDS.get(command, '')} {words}".format(**names)
        capfd.readouterr()
        try:
            code: Any = cli.main(shlex.split(line))
        except SystemExit as end:
            code = end.code
        return Said(code, *capfd.readouterr())

    def content(self) -> set[tuple[str, int, int, int]]:
        """All files and folders, so that any of them that is touched shows."""
        found = set()
        for path in self.folder.rglob("*"):
            status = path.stat()
            # A temporary file that came and went changes the time of its folder.
            changed_ns = 0 if path.is_dir() else status.st_mtime_ns
            found.add((str(path), status.st_ino, status.st_size, changed_ns))
        return found

    def tidy(self) -> None:
        """Empty the folder for results."""
        for path in self.names["out"].iterdir():
            path.unlink()

    @classmethod
    def make(cls, folder: Path) -> Night:
        """Write all files."""
        names = {"here": folder, "out": folder / "out", "bad": folder / "bad"}
        for name in ("out", "bad"):
            names[name].mkdir()
        names |= _captures(folder) | _texts(folder) | _products(folder)
        for path in names.values():
            assert path.exists()
        night = cls(folder, names)
        _write_curve(night)
        return night


def _captures(folder: Path) -> dict[str, Path]:
    """First cube of each capture, by name."""
    wide = SKY.with_(columns=24)
    specs = {
        "sky": SKY,
        "bias": BIAS,
        "narrow_bias": BIAS.with_(columns=8),
        "binned": BIAS.with_(object_name="binned", cards={"BINNING": "2X2"}),
        "elsewhere": BIAS.with_(object_name="elsewhere", cards={"SUBARRAY HPOS": 2000.0}),
        "wide_bias": wide.with_(object_name="bias", start="20251209_231500"),
        "no_exposure": SKY.with_(cards={"EXPOSURE TIME": None}),
        "zero_exposure": SKY.with_(cards={"EXPOSURE TIME": 0.0}),
        "silly_exposure": SKY.with_(cards={"EXPOSURE TIME": "fast"}),
        "no_gps": SKY.with_(gps="N/A"),
        "undated": SKY.with_(start="20001301_000000", **UNDATED),
        "no_pointing": SKY.with_(cards={"TELRA": None, "TELDEC": "soon"}),
        "silly_cards": SKY.with_(
            cards={
                "CONVERSION FACTOR COEFF": "none", "BINNING": "?", "SUBARRAY HPOS": "left",
                "SENSOR TEMPERATURE": "cold", "FILTER": 3, "INTERNAL FRAME INTERVAL": -1.0,
            }
        ),
        "short": SKY.with_(bundles=1, per_bundle=1),
    }  # fmt: skip
    paths = {}
    for name, spec in specs.items():
        (folder / name).mkdir()
        paths[name] = write_capture(folder / name, spec, (1,) if name == "short" else (1, 2))[0]
    return paths | _broken_captures(folder)


def _broken_captures(folder: Path) -> dict[str, Path]:
    """Captures one of whose cubes is damaged."""
    (folder / "cut").mkdir()
    first, middle, _ = write_capture(folder / "cut", SKY)
    middle.write_bytes(middle.read_bytes()[:9_000])
    (folder / "all_cut").mkdir()
    (only,) = write_capture(folder / "all_cut", SKY, (1,))
    only.write_bytes(only.read_bytes()[:9_000])
    (folder / "dark_flat").mkdir()
    unlit = write_capture(folder / "dark_flat", SKY.with_(object_name="flat"), (1,))[0]
    with fits.open(unlit, mode="update") as units:
        units[1].data[:] = 199
    (folder / "two").mkdir()
    write_capture(folder / "two", SKY, (1,))
    write_capture(folder / "two", BIAS, (1,))
    (folder / "nothing").mkdir()
    os.mkfifo(folder / "pipe")
    (folder / LONG_NAME).mkdir()
    for number, path in enumerate(write_capture(folder / LONG_NAME, SKY, (1, 2)), start=1):
        named = path.rename(path.with_name(f"{LONG_NAME}_{SKY.start}_cube{number:03d}.fits"))
    return {
        "named": named, "cut": first, "all_cut": only, "unlit": unlit, "two": folder / "two",
        "nothing": folder / "nothing", "pipe": folder / "pipe",
    }  # fmt: skip


def _texts(folder: Path) -> dict[str, Path]:
    """Region files and par files."""
    demo = resources.files("nightglass.resources.data") / "crab_demo.par"
    texts = {
        "par": ("crab.par", demo.read_text(encoding="utf-8")),
        "roi": ("star.reg", "image\ncircle(8,6,3)\nannulus(8,6,4,5) # background\n"),
        "circle": ("circle.reg", "image\ncircle(8,6,4)\n"),
        "many": ("many.reg", "image\n" + "circle(8,6,3)\n" * 500),
        "box": ("box.reg", "image\nbox(8,6,10,8,0)\n"),
    }
    bad = {
        "empty.reg": "", "comments.reg": "# Region file format: DS9\n", "word.reg": "circle(a,2)\n",
        "far.reg": "image\ncircle(500,500,3)\n", "open.reg": "image\ncircle(8,6\n",
        "negative.reg": "image\ncircle(8,6,-3)\n", "nan.reg": "image\ncircle(nan,6,3)\n",
        "zero.reg": "image\ncircle(8,6,0)\n", "out.reg": "image\n-circle(8,6,3)\n",
        "sky.reg": "fk5\ncircle(83.6,22.0,1\")\n", "kind.reg": "image\nspiral(8,6,3)\n",
        "sky_only.reg": "image\ncircle(8,6,3) # background\n", "far_box.reg": "box(50,50,4,4,0)\n",
        "tilted.reg": "image\nbox(8,6,6,4,30)\n", "corner.reg": "image\nbox(2,2,2,2,0)\n",
        "covered.reg": "image\ncircle(8,6,3)\n-circle(8,6,5)\n",
        "two_corners.reg": "polygon(1,2,3,4)\n",
        "beyond.reg": "circle(8,6,1e400)\n", "vast.reg": "circle(8,6,1e200)\n",
        "vast_place.reg": "detector\ncircle(1e308,6,3)\n", "nul.reg": "circle(8,6,3)\n\x00\n",
        "escape.reg": "circle(8,6,3)\n\x1b[31m\x0c\u2028(\n", "garbage.reg": "\x00\x01\x02(",
        "empty.par": "", "prose.par": "Dear observer,\nthe pulsar is fine.\n",
    }  # fmt: skip
    texts |= {f"bad_{name}": (f"bad/{name}", text) for name, text in bad.items()}
    texts |= {f"bad_{name}": (f"bad/{name}", text) for name, text in _pars().items()}
    for name, text in texts.values():
        (folder / name).write_text(text, encoding="utf-8")
    noise = np.random.default_rng(1).bytes(5_000)
    for name in ("noise.par", "noise.reg", "noise.fits"):
        (folder / "bad" / name).write_bytes(noise)
    with (folder / "bad" / "vast_file.reg").open("wb") as file:
        file.truncate(64 << 20)
    (folder / "bad" / "text.fits").write_text("This is no FITS file.\n")
    (folder / "bad" / "zero.fits").write_bytes(b"")
    return {name: folder / path for name, (path, _) in texts.items() if not name.startswith("bad")}


def _pars() -> dict[str, str]:
    """Par files with one thing wrong each."""
    changes: dict[str, dict[str, str | None]] = {
        "no_f0.par": {"F0": None}, "f0_zero.par": {"F0": "0"}, "f0_word.par": {"F0": "fast"},
        "f0_nan.par": {"F0": "nan"}, "f0_negative.par": {"F0": "-29.9"},
        "no_pepoch.par": {"PEPOCH": None}, "pepoch_word.par": {"PEPOCH": "today"},
        "no_ephem.par": {"EPHEM": None}, "no_place.par": {"RAJ": None},
        "silly_place.par": {"RAJ": "99:99:99"}, "dec_word.par": {"DECJ": "north"},
        "silly_binary.par": {"BINARY": "XYZ"}, "half_binary.par": {"BINARY": "ELL1"},
        "silly_tzr.par": {"TZRMJD": "never"},
    }  # fmt: skip
    pars = {name: par_text(change) for name, change in changes.items()}
    pars["repeated.par"] = par_text({}) + "F0 29.946924\n"
    pars["unknown_line.par"] = par_text({"GLITTER": "1"})
    return pars | {"no_values.par": "F0\nPEPOCH\nEPHEM\nRAJ\nDECJ\n"}


def par_text(changes: dict[str, str | None]) -> str:
    """A par file with some lines changed, or left out for None."""
    lines = PAR_LINES | changes
    return "".join(f"{key} {value}\n" for key, value in lines.items() if value is not None)


def _products(folder: Path) -> dict[str, Path]:
    """A star to measure, pixel properties, and FITS files that are no cubes."""
    y, x = np.mgrid[1:13, 1:17]
    star = 3 + 500 * np.exp(-((x - 8.2) ** 2 + (y - 6.1) ** 2) / 5)
    bad = {
        "flat.fits": np.full((12, 16), 7.0), "nan.fits": np.full((12, 16), np.nan),
        "line.fits": np.zeros(16), "plane.fits": np.zeros((12, 16), np.uint16),
    }  # fmt: skip
    for name, data in bad.items():
        fits.PrimaryHDU(data).writeto(folder / "bad" / name)
    fits.PrimaryHDU().writeto(folder / "bad" / "no_data.fits")
    units = hdus(SKY, 1)
    units[:2].writeto(folder / "bad" / "no_stamps.fits")
    units[2].columns.change_name("TIMESTAMP", "TIME")
    units.writeto(folder / "bad" / "no_stamp_column.fits")
    fits.PrimaryHDU(star).writeto(folder / "star.fits")
    properties = PixelProperties.from_bias(DataSet.from_first(folder / "bias", cut_cr=False))
    properties.save(folder / "properties.fits")
    narrow = PixelProperties.from_bias(DataSet.from_first(folder / "narrow_bias", cut_cr=False))
    narrow.save(folder / "narrow.fits")
    return {
        "star": folder / "star.fits", "properties": folder / "properties.fits",
        "narrow": folder / "narrow.fits",
    }  # fmt: skip


def _write_curve(night: Night) -> None:
    """Folded light curves: one to add, and some that cannot be added to it."""
    for name, words in (
        ("curve", ""), ("more_bins", "--bins 8"), ("two_sources", "--roi {bad}/pair.reg"),
        ("photons", "--qe"),
    ):  # fmt: skip
        night.names[name] = night.folder / f"{name}.fits"
        (night.names["bad"] / "pair.reg").write_text("image\ncircle(5,6,2)\ncircle(11,6,2)\n")
        line = f"lc {GOOD_WORDS['lc']} {words} --output {{{name}}}".format(**night.names)
        assert cli.main(shlex.split(line)) == 0
