"""An image as a product, and the mean image of a data set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError, translate
from ..pointing import PLATE_SCALE_ARCSEC
from ..products import write_fits

if TYPE_CHECKING:
    from astropy.io.fits import Header
    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ...frames.positioned import PathLike
    from ..data_set import DataSet
    from ..modes import Mode

    Numbers = NDArray[np.float64]

# Cards that place the pixels; the other units of the file need them as well.
_PLACES = (
    "WCSAXES", "CTYPE1", "CTYPE2", "CUNIT1", "CUNIT2", "CRVAL1", "CRVAL2", "CRPIX1", "CRPIX2",
    "CD1_1", "CD1_2", "CD2_1", "CD2_2", "RADESYS", "EQUINOX", "LTV1", "LTV2", "LTM1_1", "LTM2_2",
)  # fmt: skip


class Image:
    """Rates of pixels, with their errors and exposures.

    Parameters
    ----------
    data : ndarray of float64, shape (rows, columns)
        Rates in the unit of `unit`; NaN where nothing is known.
    error : ndarray of float64, same shape, or None
        Standard deviations; None for unknown.
    exposure_s : ndarray of float64, same shape, or None
        Seconds each pixel contributed; None for unknown.
    header : astropy Header or None
        What else is known.
    saturated : ndarray of bool, same shape, or None
        Pixels that reached the full well in some frame; None where nobody looked.
    """

    def __init__(
        self,
        data: Numbers,
        error: Numbers | None = None,
        exposure_s: Numbers | None = None,
        header: Header | None = None,
        saturated: NDArray[np.bool_] | None = None,
    ) -> None:
        from astropy.io import fits

        self.data = np.asarray(data, np.float64)
        unknown = np.full(self.data.shape, np.nan)
        self.error = unknown if error is None else np.asarray(error, np.float64)
        self.exposure_s = unknown if exposure_s is None else np.asarray(exposure_s, np.float64)
        self.saturated = saturated
        self.header = fits.Header() if header is None else header

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.data.shape
        return rows, columns

    @property
    def unit(self) -> str:
        """Unit of the rates; empty where none is told."""
        return str(self.header.get("BUNIT", ""))

    @classmethod
    def load(cls, filename: PathLike) -> Image:
        """Read an image of ours, of a published version, or any other FITS image.

        Parameters
        ----------
        filename : path-like
            A FITS file with a two-dimensional primary image.

        Raises
        ------
        NightglassError
            If it cannot be read or holds no such image.
        """
        from astropy.io import fits

        path = Path(filename)
        try:
            with fits.open(path, memmap=False) as units:
                return cls._of_units(units, path)
        except OSError as error:
            if error.errno:
                raise translate(error, path) from error
            raise _no_image(path, "is no sound FITS file") from error

    @classmethod
    def _of_units(cls, units: Any, path: Path) -> Image:
        data = units[0].data
        if data is None or data.ndim != 2:
            raise _no_image(path, "has no image in its first unit")
        found = {unit.name: unit.data for unit in units[1:] if unit.is_image}
        fitting = {
            name: image for name, image in found.items()
            if image is not None and image.shape == data.shape
        }  # fmt: skip
        exposure = fitting.get("EXPOSURE")
        if exposure is None and isinstance(units[0].header.get("EXPTIME"), float):
            exposure = np.full(data.shape, units[0].header["EXPTIME"])
        saturated = fitting.get("SATURATED")
        return cls(
            data, fitting.get("ERROR"), exposure, units[0].header.copy(),
            None if saturated is None else saturated > 0,
        )  # fmt: skip

    def save(self, filename: PathLike, clobber: bool = False) -> Path:
        """Write a FITS file: the rates first, then ERROR, EXPOSURE and SATURATED.

        Parameters
        ----------
        filename : path-like
            The file.
        clobber : bool
            Whether a file of this name may be replaced.

        Raises
        ------
        NightglassError
            If it exists and `clobber` is not set, or it cannot be written; nothing is left then.
        """
        from astropy.io import fits

        units = [
            fits.PrimaryHDU(self.data, self.header),
            self._extension("ERROR", self.error, self.unit, "standard deviation"),
            self._extension("EXPOSURE", self.exposure_s, "s", "time each pixel contributed"),
        ]
        if self.saturated is not None:
            flags = self.saturated.astype(np.uint8)
            units.append(self._extension("SATURATED", flags, "", "1: full well in some frame"))
        return write_fits(units, Path(filename), clobber=clobber)

    def _extension(self, name: str, image: NDArray[Any], unit: str, what: str) -> Any:
        from astropy.io import fits

        made = fits.ImageHDU(image, name=name)
        made.header["COMMENT"] = what
        if unit:
            made.header["BUNIT"] = unit
        for card in _PLACES:
            if card in self.header:
                made.header[card] = self.header[card]
        return made


def mean_image(
    data_set: DataSet,
    *,
    mode: Mode = "sum",
    wcs: bool = False,
    smooth: float | None = None,
    n_electrons: int | None = None,
    n_iterations: int = 25,
    qe: bool = True,
    fill: bool | None = None,
    plate_scale_arcsec: float = PLATE_SCALE_ARCSEC,
    ctx: JobContext | None = None,
) -> Image:
    """Average all frames of a data set.

    Parameters
    ----------
    data_set : DataSet
        The frames.
    mode : str
        "sum" adds electrons, "clip" adds them rounded to whole numbers, "weight" finds the most
        likely flux of each pixel.
    wcs : bool
        Whether world coordinates are written; the pixels are not touched.
    smooth : float or None
        Sigma in pixels of a Gaussian to smooth with.
    n_electrons, n_iterations : int
        Of weight mode: electrons the likelihood goes up to (None: as many as needed), most steps.
    qe : bool
        Whether the internal quantum efficiency is undone: photons natively from the mean of each
        pixel per frame. Weight mode always gives photons.
    fill : bool or None
        Whether pixels without a value get the mean of their neighbours; None does so where
        published conventions are followed.
    plate_scale_arcsec : float
        Of an unbinned pixel.
    ctx : JobContext or None
        Told of the progress; checked.

    Returns
    -------
    Image
        Photons (electrons without `qe`) per second and pixel, divided by the flat.

    Raises
    ------
    NightglassError
        If a frame cannot be read, or something asked for is not possible with these frames.
    Cancelled
        If the job was cancelled.
    """
    from .look import Look, image_of
    from .measure import Style, measure

    style = Style(mode, qe or mode == "weight", n_electrons, n_iterations)
    look = Look(wcs, smooth, fill, plate_scale_arcsec)
    look.check(data_set)
    measured = measure(data_set, style, ctx=ctx)
    return image_of(data_set, style, look, measured.maps[0], measured.saturated)


def _no_image(path: Path, why: str) -> NightglassError:
    return NightglassError("No image", f"{path.name} {why}.", "Choose a FITS image.", path)
