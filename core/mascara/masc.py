"""The documented functions of the station's reduction, under their documented names.

Each is thin over the rooms where the work is done; `nightglass.core.mascara` tells where they
differ from the published ones.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import NightglassError
from .site_reference import LSTSEQ, SiteReference, lstseq2date

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from .report.mail import Delivery

__all__ = [
    "LSTSEQ",
    "CombineH5",
    "CombinePkl",
    "IndexArray",
    "LCtable",
    "SiteReference",
    "buildTransmissionMap",
    "getDarkFilename",
    "indexArray",
    "light_curve_overview",
    "lstseq2date",
    "reduction_summary",
    "send_summary",
    "tmpdbSave",
    "updateDarkFilename",
]


def index_array(
    cnx: Mapping[str, ArrayLike],
    naper: int = 2,
    mode: str = "data",
    minobs: int = 1,
    reject: Collection[str] = (),
) -> np.recarray[Any, Any]:
    """Transform a dictionary of arrays into a record array.

    Parameters
    ----------
    cnx : mapping of str to array_like
        Arrays of one length by name, fluxes as ``flux0``, ... or ``flux`` of shape (n, naper).
    naper : int
        Apertures.
    mode : {"data", "header"}
        Points of light curves, or facts of stars.
    minobs : int
        With fewer points the array is empty.
    reject : collection of str
        Entries to skip.

    Returns
    -------
    recarray

    Raises
    ------
    NightglassError
        If an entry is missing, lengths differ or there is no such mode.
    """
    from .products import rows

    return rows.index_array(cnx, naper, mode, minobs, reject)


def tmpdb_save(
    dico: Mapping[str, Any], qlog: Any = None, path: str | Path = "", ndb: int = 0
) -> Path:
    """Save a dictionary as a temporary data frame in HDF5.

    Parameters
    ----------
    dico : mapping
        A dictionary of stars: identifier to dictionary of arrays.
    qlog : queue, optional
        Hears one line about it.
    path : path-like
        Folder of the file.
    ndb : int
        Number of the database, part of its name.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    NightglassError
        If columns are missing or it cannot be written.
    """
    from .products.dictionaries import save_dictionary

    written = save_dictionary(dico, Path(path), ndb)
    if qlog is not None:
        qlog.put(f"saved {written.name}")
    return written


def combine_h5(
    savepath: str | Path,
    listdb: Sequence[str | Path],
    globdic: Mapping[str, Any],
    name: str = "LPC",
    minobs: int = 51,
) -> None:
    """Combine several temporary files into one night file.

    Parameters
    ----------
    savepath : path-like
        Folder of the night file.
    listdb : sequence of path-like
        Files of `tmpdbSave` or of the reduction. They stay.
    globdic : mapping
        What holds for all stars: site, camera, CCD temperature and the like.
    name : str
        Name of the night file; ``.hdf5`` is added where it has no such end.
    minobs : int
        Stars with fewer points are left out.

    Raises
    ------
    NightglassError
        If there is no file, one cannot be read, or the night file cannot be written.
    """
    from .products.night_file import write_night_file

    folder = Path(savepath)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / (name if name.endswith((".hdf5", ".h5")) else f"{name}.hdf5")
    write_night_file(target, [Path(path) for path in listdb], globdic, minobs)


def combine_pkl(path: str | Path, savepath: str | Path, stid: int | str) -> None:
    """Combine the pickle files of one star into a FITS file.

    Parameters
    ----------
    path : path-like
        Folder of the pickles.
    savepath : path-like
        Folder of the FITS file.
    stid : int or str
        Identifier of the star; only files of exactly this star are taken.

    Raises
    ------
    NightglassError
        If there is no pickle of that star, or the FITS file cannot be written.
    """
    from .products.pickles import combine_pickles

    combine_pickles(Path(path), Path(savepath), stid)


def lc_table(
    saving_path: str | Path, ident: int | str, dat: Any, header: Mapping[str, Any]
) -> None:
    """Save a light curve as a FITS binary table ``<ident>.fits``.

    Parameters
    ----------
    saving_path : path-like
        Folder of the file.
    ident : int or str
        Identifier of the star.
    dat : mapping of arrays or structured array
        The light curve.
    header : mapping
        Cards of the primary header.
    """
    from .products.dictionaries import points_of_star
    from .products.star_fits import write_star

    write_star(Path(saving_path) / f"{ident}.fits", ident, points_of_star(dat), header)


def light_curve_overview(
    path: str | Path,
    night: str,
    filename: str = "LCoverview",
    mrange: Sequence[float] = (4.75, 4.8),
) -> Path:
    """Plot the observed stars of a magnitude range.

    Parameters
    ----------
    path : path-like
        A night file or the folder of the light curves.
    night : str
        Evening date, YYYYMMDD.
    filename : str
        Name of the picture; ``.png`` is added.
    mrange : sequence of two floats
        Magnitudes V.

    Returns
    -------
    Path
        The picture.
    """
    from .report.overview_picture import light_curve_overview as overview

    return overview(Path(path), night, filename, mrange)


def reduction_summary(
    logpath: str | Path,
    site: str,
    camera: str,
    night: str,
    date: object,
    format: str = "html",  # noqa: A002 - documented
) -> str:
    """Prepare a summary of the reduction from its log.

    Parameters
    ----------
    logpath : path-like
        The log, or its folder.
    site, camera, night : str
    date : object
        Printed as the date of the summary.
    format : {"html", "text"}
    """
    from .report.summary import reduction_summary as summary

    return summary(logpath, site, camera, night, date, format)


def send_summary(
    logpath: str | Path, message: str, alternate: str, camera: str, site: str, night: str
) -> Delivery:
    """Send the summary as an e-mail with the night's picture embedded; never raises.

    Parameters
    ----------
    logpath : path-like
        The log, or its folder: a mail that cannot go is kept there as ``.eml``.
    message, alternate : str
        The summary as HTML and as text.
    camera, site, night : str
    """
    from .report.send_summary import send_summary as send

    return send(logpath, message, alternate, camera, site, night)


def get_dark_filename(camname: str, path: str | Path = "") -> str:
    """Path of the last valid master dark of a camera.

    Parameters
    ----------
    camname : str
        Camera id such as LPC.
    path : path-like
        Folder of the look-up table; the working directory by default.

    Raises
    ------
    NightglassError
        If there is no table, or its dark is gone.
    """
    from .calibration.table import DarkTable

    table = DarkTable(Path(path), camname)
    dark = table.current()
    if dark is None:
        raise NightglassError(
            "There is no master dark",
            f"No dark of {camname} is named in {table.path.absolute()} and there.",
            "Reduce a sequence of darks, or name one with updateDarkFilename.",
            table.path,
        )
    return str(dark)


def update_dark_filename(camname: str, filename: str | Path, path: str | Path = "") -> None:
    """Make a master dark the current one of a camera.

    Parameters
    ----------
    camname : str
    filename : path-like
        The new valid dark.
    path : path-like
        Folder of the look-up table; the working directory by default.

    Raises
    ------
    NightglassError
        If the dark is not there or the table cannot be written.
    """
    from .calibration.table import DarkTable

    dark = Path(filename)
    if not dark.is_file():
        raise NightglassError(
            "There is no such master dark", f"{dark} is not there.", "Check its name.", dark
        )
    DarkTable(Path(path), camname).add(dark)


def build_transmission_map(
    residuals: Mapping[Any, Any],
    nulx: int,
    nuly: int,
    dimensions: int = 1,
    writetofile: bool | str | Path = False,
) -> NDArray[np.float64]:
    """Make an image of the transmission from residuals of stars.

    Parameters
    ----------
    residuals : mapping
        Cell (flat index ``i + nulx * j`` or ``(i, j)``) to one list per aperture of observed
        minus apparent magnitudes.
    nulx, nuly : int
        Cells along x and y.
    dimensions : int
        Maps, one per aperture.
    writetofile : bool or path-like
        Write the maps as FITS, into the working directory or to a path.

    Returns
    -------
    ndarray, shape (nuly, nulx) or (dimensions, nuly, nulx)
        Medians, magnitudes; NaN where there is no star.
    """
    from .report.transmission import transmission_map, write_transmission

    image = transmission_map(residuals, nulx, nuly, dimensions)
    if writetofile:
        write_transmission(Path("transmission.fits" if writetofile is True else writetofile), image)
    return image


CombineH5 = combine_h5
CombinePkl = combine_pkl
IndexArray = indexArray = index_array  # noqa: N816 - documented
LCtable = lc_table
buildTransmissionMap = build_transmission_map  # noqa: N816 - documented
getDarkFilename = get_dark_filename  # noqa: N816 - documented
tmpdbSave = tmpdb_save  # noqa: N816 - documented
updateDarkFilename = update_dark_filename  # noqa: N816 - documented
