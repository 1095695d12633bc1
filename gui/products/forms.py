"""The dialogs of all commands: one description each, options as on the command line."""

from __future__ import annotations

from dataclasses import replace

from .form import CALIBRATION, CLOBBER, FILES, INPUT, MORE, OUTPUT, YES, Field, Form

CUBES = "Cubes (*.fits *.fit *.fits.gz);;All files (*)"
FITS = "FITS files (*.fits *.fit);;All files (*)"
REGIONS = "Regions (*.reg);;All files (*)"
PAR_FILES = "Ephemerides (*.par);;All files (*)"
ELECTRON = "e\u207b"

INPUT_FIELD = Field(
    INPUT, "Input", "open", "Any cube of the capture; all of them are used", FILES, files=CUBES,
    empty="any cube of the capture", is_required=True,
    asked="Open a capture, or choose any cube of one.",
)  # fmt: skip
OUTPUT_FIELD = Field(
    OUTPUT, "Output", "save", "The file to write", FILES, files=FITS, is_required=True,
    asked="Name the file to write.",
)  # fmt: skip
CLOBBER_FIELD = Field(
    CLOBBER, "Replace existing file", "flag", "Write over a file of the output’s name", FILES
)
_FILES = (INPUT_FIELD, OUTPUT_FIELD, CLOBBER_FIELD)

_MASTERS = (
    Field(
        "--bias", "Bias", "open", "A cube of a bias capture, or a file made by “nightglass bias”",
        CALIBRATION, files=CUBES, empty="none: the offset alone is subtracted",
    ),
    Field(
        "--dark", "Dark", "open", "A cube of a dark capture", CALIBRATION, files=CUBES,
        empty="none",
    ),
    Field(
        "--flat", "Flat", "open", "A cube of a flat capture", CALIBRATION, files=CUBES,
        empty="none",
    ),
)  # fmt: skip

_MORE = (
    Field(
        "--self-bias", "Bias from the frames themselves", "flag",
        "Estimate the bias from the frames: for fast frames of a faint source only", MORE,
    ),
    Field(
        "--allow-cr", "Keep cosmic rays", "flag", "Do not cut cosmic rays", MORE,
    ),
    Field(
        "--row-delay", "Time each row by itself", "flag",
        "The rolling shutter reads row after row", MORE,
    ),
    Field(
        "--cr-ceil", "Cosmic-ray ceiling", "number",
        "Cut every pixel above so many electrons instead of using the filter", MORE, ELECTRON,
        empty="the filter", least=0.0,
    ),
    Field(
        "--gain", "Gain", "number", "Counts for one electron", MORE, f"ADU/{ELECTRON}",
        empty="the header’s", least=0.001, most=1000.0,
    ),
    Field(
        "--frames", "First frames only", "whole", "Use so many frames from the start", MORE,
        "frames", empty="all", least=1,
    ),
    Field(
        "--min-index", "First cube", "whole", "Lowest cube number to use", MORE, empty="all",
        least=0,
    ),
    Field(
        "--max-index", "Last cube", "whole", "Highest cube number to use", MORE, empty="all",
        least=0,
    ),
    Field(
        "--timing-offset", "Timing offset", "number", "Seconds taken off all times", MORE, "s",
        empty="0",
    ),
    Field(
        "--bbox", "Crop to box", "open", "Region file with an upright box to crop to", MORE,
        files=REGIONS, empty="the whole frame",
    ),
    Field(
        "--compat", "Numbers as in", "choice",
        "Give the numbers of the published library instead of the right ones", MORE,
        choices=(("", "Nightglass"), ("v1", "published, March 2026"),
                 ("v3", "published, August 2026")),
    ),
)  # fmt: skip

_MODE = Field(
    "--mode", "Mode", "choice", "How electrons are added up", default="sum",
    choices=(("sum", "sum of electrons"), ("clip", "whole electrons"),
             ("weight", "most likely flux")),
)  # fmt: skip
_PLAIN_MODE = replace(_MODE, choices=_MODE.choices[:2])
_WEIGHT = (
    Field(
        "--n-electrons", "Weight: most electrons", "whole",
        "Electrons the likelihood goes up to", MORE, empty="as needed", least=1,
    ),
    Field(
        "--n-iterations", "Weight: most steps", "whole", "Steps of the likelihood fit", MORE,
        empty="25", least=1,
    ),
)  # fmt: skip
_PSF = Field(
    "--psf", "Weight pixels by the star’s light", "flag",
    "For the most likely flux: the region is the half maximum of a star", MORE,
)  # fmt: skip
_EPHEMERIS = Field(
    "--eph", "Par file", "open", "Ephemeris of the pulsar", files=PAR_FILES, is_required=True,
    asked="Choose the par file of the pulsar.",
)  # fmt: skip
_SITE = Field("--observatory", "Site", "choice", "Where the camera stood", default="LCO")
_REGION = Field(
    "--roi", "Region file", "open", "Regions of the sources, and of the sky, as DS9 writes them",
    files=REGIONS, is_required=True, asked="Choose a region file.",
    hint="Each region is a source; those marked “background” are sky.",
)  # fmt: skip
_ONE_SOURCE = replace(
    _REGION,
    tip="Region of the source, and of the sky, as DS9 writes them",
    hint="The first region is the source; those marked “background” are sky.",
)
_BACKGROUND = Field(
    "--background", "Sky region file", "open", "Regions of sky, all of them", files=REGIONS,
    empty="none beside those of the region file",
)  # fmt: skip
_ELECTRONS_OR_PHOTONS = Field(
    "--qe", "Photons instead of electrons", "flag", "Undo the quantum efficiency"
)
_PICTURE = (
    Field("--wcs", "World coordinates", "flag", "Write where on the sky the image lies"),
    Field(
        "--smooth", "Smoothing", "number", "Sigma of a Gaussian", unit="px", empty="none",
        least=0.01, most=1000.0,
    ),
)  # fmt: skip
_MORE_PICTURE = (
    Field("--fill", "Paint over pixels without a value", "flag",
          "Pixels without a value get the mean of their neighbours", MORE),
    Field(
        "--plate-scale", "Plate scale", "number", "Sky across one pixel of the sensor", MORE,
        "arcsec/pixel", empty="the settings’", least=1e-6, most=3600.0,
    ),
)  # fmt: skip

IMAGE = Form(
    "image",
    "Image",
    "The mean rate of every pixel, as a FITS image with errors.",
    (
        *_FILES,
        _MODE,
        replace(_ELECTRONS_OR_PHOTONS, default=YES),
        *_PICTURE,
        *_MASTERS,
        *_MORE,
        *_MORE_PICTURE,
        *_WEIGHT,
    ),
    "image",
)  # fmt: skip

ONOFF = Form(
    "onoff",
    "On-pulse minus off-pulse",
    "The mean image while the pulse is on minus that while it is off.",
    (
        *_FILES,
        _EPHEMERIS,
        Field(
            "--range", "On and off phases", "ranges",
            "In turns; a range may go through 0, and | joins several", unit="turns",
            is_required=True, asked="Give the on and the off phases.",
        ),
        _SITE,
        _MODE,
        _ELECTRONS_OR_PHOTONS,
        *_PICTURE,
        *_MASTERS,
        *_MORE,
        *_MORE_PICTURE,
        *_WEIGHT,
    ),
    "image",
)  # fmt: skip

LIGHT_CURVE = Form(
    "lc",
    "Light curve",
    "The pulse profile: flux against phase, folded with a par file.",
    (
        *_FILES,
        _REGION,
        _BACKGROUND,
        _EPHEMERIS,
        Field("--bins", "Phase bins", "whole", "Bins in one turn", default="32",
              unit="bins", is_required=True, least=1, most=100_000,
              asked="Give the number of phase bins."),
        _SITE,
        _MODE,
        _ELECTRONS_OR_PHOTONS,
        Field("--errors", "Errors from the scatter", "flag",
              "Resample blocks of time instead of the noise expected"),
        *_MASTERS,
        *_MORE,
        _PSF,
        *_WEIGHT,
    ),
    "table",
)  # fmt: skip

PHOTOMETRY = Form(
    "photo",
    "Photometry",
    "Flux of a source against time, alone or against a comparison star.",
    (
        *_FILES,
        replace(_ONE_SOURCE, option="--src"),
        replace(_BACKGROUND, option="--bkg"),
        Field("--comp", "Comparison region", "open", "Region file of a star to compare with",
              files=REGIONS, empty="none"),
        Field("--rebin", "Frames in a point", "whole", "Frames added up to one point",
              default="1", unit="frames", is_required=True, least=1,
              asked="Give the number of frames in a point."),
        _MODE,
        *_MASTERS,
        *_MORE,
        _PSF,
        *_WEIGHT,
    ),
    "table",
)  # fmt: skip

SPECTRUM = Form(
    "fft",
    "Power spectrum",
    "Leahy power of a source’s light against frequency; noise alone has 2.",
    (
        *_FILES,
        _ONE_SOURCE,
        _BACKGROUND,
        Field("--segment", "Segment", "number", "Length of the segments that are averaged",
              unit="s", empty="a 16th of all", least=1e-6),
        Field("--max-freq", "Highest frequency", "number", "Frequencies above are left out",
              unit="Hz", empty="all", least=1e-9),
        Field("--rebin", "Average frequencies", "whole", "Neighbouring frequencies averaged",
              empty="1", least=1),
        _PLAIN_MODE,
        *_MASTERS,
        *_MORE,
    ),
    "table",
)  # fmt: skip

SEARCH = Form(
    "search",
    "Period search",
    "The frequency of a source near that of a par file, or any; the best candidates are listed.",
    (
        *_FILES,
        _ONE_SOURCE,
        _BACKGROUND,
        replace(_EPHEMERIS, is_required=False, asked="", empty="none: see below"),
        _SITE,
        Field("--f0", "Frequency", "number", "Instead of a par file: as seen at the telescope",
              unit="Hz", empty="that of the par file", least=1e-9),
        Field("--span", "Search to each side", "number", "How far from the frequency to search",
              unit="Hz", empty="50 / T", least=1e-12),
        Field("--statistic", "Statistic", "choice", "What is made of the light of each trial",
              choices=(("", "H"), ("z2", "Z²"), ("ef", "chi-square of the profile"))),
        Field("--blind", "Search all frequencies", "flag",
              "Without par file and frequency: harmonic sums of the power spectrum"),
        _PLAIN_MODE,
        *_MASTERS,
        Field("--f-min", "Lowest frequency", "number", "Of a search of all frequencies", MORE,
              "Hz", empty="10 / T", least=1e-9),
        Field("--f-max", "Highest frequency", "number", "Of a search of all frequencies", MORE,
              "Hz", empty="half the frame rate", least=1e-9),
        Field("--top", "Candidates", "whole", "How many are listed", MORE, empty="10", least=1),
        Field("--f1", "Derivative of the frequency", "number", "Where no par file tells it", MORE,
              "Hz/s", empty="0"),
        Field("--f1-span", "Search of it to each side", "number",
              "How far from the derivative to search", MORE, "Hz/s", empty="it is kept",
              least=1e-25),
        Field("--trials", "Frequencies", "whole", "Frequencies to try", MORE,
              empty="as many as needed", least=1),
        Field("--harmonics", "Harmonics", "whole", "Of Z², or most of H", MORE,
              empty="2 of Z², 20 of H", least=1, most=20),
        Field("--bins", "Phase bins", "whole", "Of the profile whose chi-square is taken", MORE,
              "bins", empty="32", least=3, most=1024),
        Field("--stretches", "Spectra averaged", "whole",
              "In a search of all frequencies, for a period that drifts", MORE, empty="1", least=1),
        *_MORE,
    ),
    "table",
)  # fmt: skip

EVENTS = Form(
    "events",
    "Event times",
    "The time of every frame; at the barycentre and with its phase where a par file is given.",
    (
        *_FILES,
        replace(_EPHEMERIS, is_required=False, asked="", empty="none: times at the telescope"),
        _SITE,
        replace(_ONE_SOURCE, is_required=False, asked="", empty="none: times without light"),
        _BACKGROUND,
        _PLAIN_MODE,
        *_MASTERS,
        *_MORE,
    ),
    "table",
)

FORMS: dict[str, Form] = {
    form.key: form for form in (IMAGE, ONOFF, LIGHT_CURVE, PHOTOMETRY, SPECTRUM, SEARCH, EVENTS)
}
"""All dialogs by the name of their command."""
