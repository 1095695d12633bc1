"""World coordinates of an image, and where its pixels lie in the uncropped frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import NightglassError
from ..pointing import PLATE_SCALE_ARCSEC, Pointing

if TYPE_CHECKING:
    from astropy.io.fits import Header

    from ..box import Box
    from ..data_set import DataSet

_J2000 = 2000.0


def pointing_of(data_set: DataSet, plate_scale_arcsec: float = PLATE_SCALE_ARCSEC) -> Pointing:
    """Read where the telescope pointed.

    Parameters
    ----------
    data_set : DataSet
        Whose first cube is read.
    plate_scale_arcsec : float
        Arcseconds an unbinned pixel.

    Raises
    ------
    NightglassError
        If the header does not tell.
    """
    header = data_set.header
    pointing = Pointing.from_cards(
        header.cards, header.shape, binning=header.binning, plate_scale_arcsec=plate_scale_arcsec
    )
    if pointing is None:
        raise NightglassError(
            "No world coordinates",
            f"{header.path.name} has no readable TELRA and TELDEC.",
            "Leave out --wcs.",
            header.path,
        )
    return pointing


def add_frame_cards(header: Header, box: Box | None) -> None:
    """Tell where a cropped image lies: physical coordinates are those of the whole frame.

    Nothing is written for a whole frame, whose physical coordinates are its image coordinates.
    """
    if box is None:
        return
    header["LTV1"] = (-float(box.left), "image = LTM x physical (whole frame) + LTV")
    header["LTV2"] = (-float(box.bottom), "the same, rows")
    header["LTM1_1"] = (1.0, "scale of columns")
    header["LTM2_2"] = (1.0, "scale of rows")


def add_sky_cards(header: Header, pointing: Pointing, box: Box | None) -> None:
    """Write the projection: TAN, the rotation as a CD matrix, pixels as they were read.

    Parameters
    ----------
    header : astropy Header
        Filled in place.
    pointing : Pointing
        Of the whole frame.
    box : Box or None
        What the image was cropped to.
    """
    left, bottom = (0, 0) if box is None else (box.left, box.bottom)
    matrix = pointing.cd_matrix()
    header["WCSAXES"] = 2
    for axis, (kind, value, centre, corner) in enumerate(
        (
            ("RA---TAN", pointing.ra_deg, pointing.centre_px[0], left),
            ("DEC--TAN", pointing.dec_deg, pointing.centre_px[1], bottom),
        ),
        start=1,
    ):
        header[f"CTYPE{axis}"] = (kind, "gnomonic projection")
        header[f"CUNIT{axis}"] = "deg"
        header[f"CRVAL{axis}"] = (value, "[deg] pointing of the telescope")
        header[f"CRPIX{axis}"] = (centre + 1.0 - corner, "centre of the whole frame")
        for other in (1, 2):
            header[f"CD{axis}_{other}"] = (matrix[axis - 1, other - 1], "[deg] per pixel")
    _add_equinox(header, pointing.equinox)


def _add_equinox(header: Header, equinox: float | None) -> None:
    """FK5 for any other equinox than J2000, for which ICRS is as good as a telescope points."""
    of_date = equinox is not None and equinox != _J2000
    header["RADESYS"] = ("FK5" if of_date else "ICRS", "frame of the coordinates")
    header["EQUINOX"] = (equinox if equinox is not None and of_date else _J2000, "[yr]")
